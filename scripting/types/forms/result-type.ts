/** What follows the parameters of a function: the type of its result, and its body. */

import { type Form, print, symbolName } from '../../syntax/index.ts';
import { NUMBER_NAMES } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** Longer lists of parameters are not repeated in a hint. */
const LENGTH_LIMIT = 60;

/** A type without its `:` is reported, and taken for what it means. `head` is how the function begins: `fn`, `defn f`. */
export function resultAndBody(
  cx: Inference,
  head: string,
  params: readonly Form[],
  rest: readonly Form[],
): { readonly result: Form | undefined; readonly body: readonly Form[] } {
  const [first, second] = rest;
  if (symbolName(first) === ':' && second !== undefined) return { result: second, body: rest.slice(2) };
  const isArrow = symbolName(first) === '->';
  const type = isArrow ? second : first;
  if (first === undefined || type === undefined || rest.length < (isArrow ? 3 : 2) || !looksLikeType(type))
    return { result: undefined, body: rest };
  const list = print({ kind: 'list', items: params, span: first.span });
  cx.error('bad-form', first, 'the type of a result stands after a `:`', {
    hint: `it is written \`(${head} ${list.length <= LENGTH_LIMIT ? list : '(...)'} : ${print(type)} ...)\``,
  });
  return { result: type, body: rest.slice(isArrow ? 2 : 1) };
}

/** True for what can hardly be meant as a statement: a name of a type, or several that make one. */
function looksLikeType(form: Form): boolean {
  if (form.kind === 'type-variable') return true;
  if (form.kind === 'symbol') return /^\p{Lu}/u.test(form.name) || NUMBER_NAMES.some((n) => n === form.name);
  if (form.kind === 'vector') return form.items.every(looksLikeType);
  if (form.kind !== 'list' || form.items.length < 2) return false;
  return /^\p{Lu}/u.test(symbolName(form.items[0]) ?? '') && form.items.every(looksLikeType);
}
