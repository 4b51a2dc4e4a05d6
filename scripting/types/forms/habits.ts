/** What people write by habit where Sluice has no such thing: one argument more, and conditions beside patterns. */

import { type Form, type ListForm, print, symbolName } from '../../syntax/index.ts';
import { brief } from './argument-order.ts';

const SORTED =
  '`(sort-by (fn (x) (- x)) xs)` sorts by what a function returns for each, `(reverse (sort xs))` from the greatest';

const COUNTS: Readonly<Record<string, string>> = {
  sort: SORTED,
  'sort-by': SORTED,
  'sort!': '`(sort-by! xs (fn (x) (- x)))` sorts by what a function returns for each',
  random: '`(random-int 1 7)` is a whole number from 1 to 6, `(* 10.0 (random))` a number below 10',
  'push!':
    '`(enqueue! q item priority)` puts into a `PriorityQueue`, `(insert! xs i x)` into the middle of a `MutVec`',
  'add-entity!': '`(add-entity! (Ball 1.0))` takes an entity that is made in it',
  range: '`(for (i 0 (< i 10) (+ i 2)) ...)` counts in other steps',
  'map-get': '`(unwrap-or (map-find m key) value)` says what stands for a key that is not there',
  unwrap: '`(unwrap-or e value)` says what stands for what is missing',
  nth: '`(nth (nth grid y) x)` is an element of an element; `(if (< i (len xs)) (nth xs i) value)` says what stands for an element that is not there',
};

/** What to do instead of calling a function of the language with more arguments than it takes. */
export function countHabit(name: string): string | undefined {
  return Object.hasOwn(COUNTS, name) ? COUNTS[name] : undefined;
}

const CONDITIONS = ['or', 'and', 'not', '<', '>', '<=', '>=', '=', '!=', '?', 'when', 'if'];

/** The hint for a pattern that is a condition; undefined for all others. */
export function conditionHint(form: ListForm): string | undefined {
  const [head, ...rest] = form.items;
  const name = symbolName(head) ?? '';
  if (!CONDITIONS.includes(name)) return undefined;
  const arms = rest.map((pattern) => `\`(${print(pattern)} e ...)\``).join(' ');
  return name === 'or' && rest.length > 0
    ? `each has an arm of its own: ${arms}`
    : '`cond` asks conditions; in an arm stands `(n (if (> n 3) a b))`';
}

/** The hint for an arm with a word between its pattern and what it does; undefined for all others. */
export function guardHint(afterPattern: Form | undefined): string | undefined {
  const name = afterPattern?.kind === 'keyword' ? afterPattern.name : symbolName(afterPattern);
  switch (name) {
    case 'when':
    case 'if':
    case 'where':
    case 'unless':
      return 'an arm has no condition beside its pattern: `(n (if (> n 3) a b))` asks in it, or `cond` in place of the `match`';
    case '->':
    case '=>':
      return 'an arm is `(pattern e ...)`, with nothing between';
    default:
      return undefined;
  }
}

/** What is said of `'a` where a value is asked for. */
export function quotedName(name: string): [message: string, extra: { hint: string }] {
  const hint = `\`"${name}"\` is a string, \`:${name}\` a name as a value`;
  return [`\`'${name}\` is a type variable, which has no value`, { hint }];
}

/** `(match n 1 "one" _ "many")`, as it is meant. */
export function flatShape({ items: [, subject, ...arms] }: ListForm): string | undefined {
  if (subject === undefined || arms.length < 2 || arms.length % 2 === 1) return undefined;
  const pairs = arms.flatMap((arm, i) =>
    i % 2 === 0 ? [`(${brief(arm)} ${brief(arms[i + 1] as Form)})`] : [],
  );
  return `(match ${brief(subject)} ${pairs.length > 3 ? `${pairs[0]} ...` : pairs.join(' ')})`;
}
