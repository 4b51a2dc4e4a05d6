/** What is wrong with the names of an instance's methods. */

import { nearest, type Span, type SymbolForm } from '../../syntax/index.ts';
import type { ClassEntry } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

interface Methods {
  /** Names of functions that are no methods of the class. */
  readonly unknown: readonly SymbolForm[];
  /** Methods that neither the instance has nor the class. */
  readonly missing: readonly string[];
  /** Where the instance stands. */
  readonly at: Span;
}

/** A method under another name is told as that, and not as one that lacks besides. */
export function reportMethods(cx: Inference, entry: ClassEntry, { unknown, missing, at }: Methods): void {
  const others = entry.methods.size > 0 ? `it has ${quoted(entry.methods.keys())}` : 'it has none';
  const hint = missing.length > 0 ? `this instance lacks ${quoted(missing)}` : others;
  for (const name of unknown) {
    const near = nearest(name.name, missing) ?? nearest(name.name, entry.methods.keys());
    cx.error('unknown-method', name, `\`${entry.name}\` has no method \`${name.name}\``, {
      hint: near === undefined ? hint : `did you mean \`${near}\`?`,
    });
  }
  if (missing.length > 0 && unknown.length === 0)
    cx.error('missing-method', at, `this instance of \`${entry.name}\` lacks ${quoted(missing)}`, {
      hint: `\`(defn ${missing[0]} ...)\` belongs between its parentheses`,
    });
}

function quoted(names: Iterable<string>): string {
  return [...names].map((name) => `\`${name}\``).join(', ');
}

/** What is said of a method's body in a class that does not say the method's type. */
export function noMethod(owner: string, method: string): [message: string, extra: { hint: string }] {
  const hint = `\`(${method} : (Fn [...] ...))\` says that it has one; a \`defn\` beside that is for instances that leave it out`;
  return [`\`${owner}\` has no method \`${method}\``, { hint }];
}
