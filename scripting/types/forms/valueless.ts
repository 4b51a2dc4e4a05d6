/** Forms that have no value, where one is asked for. */

import { type Form, headName, print } from '../../syntax/index.ts';
import { describe, type Scope, type Type } from '../model/index.ts';

/** What is said of a result of another type than a `return` before it. */
export function returnedHint({ result, returned }: Scope['body'], expected: Type): string | undefined {
  if (returned === undefined || expected !== result) return undefined;
  const { source, start, end } = returned;
  const { line } = source.position(start);
  const text = source.text.slice(start, end);
  return `\`(return ${text.length > 30 ? '...' : text})\` in line ${line} returns ${describe(expected)}`;
}

/** How to come to a value where a form stands that has none. */
export function valuelessHint(form: Form): string | undefined {
  const head = headName(form);
  const place = form.kind === 'list' ? form.items[1] : undefined;
  switch (head) {
    case 'when':
    case 'unless':
      return `\`${head}\` has no value: \`(if c a b)\` has one either way`;
    case 'when-let':
      return '`when-let` has no value: `(if-let (p e) a b)` has one either way';
    case 'for':
    case 'dotimes':
    case 'for-each':
    case 'for-entities':
    case 'while':
      return 'a loop has no value: `map`, `filter` and `fold` make one of a collection, or what it sets stands after it';
    case 'set!':
    case 'inc!':
    case 'dec!':
    case '+=':
    case '-=':
    case '*=':
    case '/=':
      return place === undefined ? undefined : `\`${head}\` has no value: \`${print(place)}\` after it does`;
    case 'println':
    case 'print':
      return `\`${head}\` has no value: the last expression of a body is its value`;
    default:
      return undefined;
  }
}
