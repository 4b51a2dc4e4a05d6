/** Which copies of a generic function are one in a release. */
import { describe, expect, test } from 'vitest';
import type { Expression, Func, Program } from '../../../scripting/ir/index.ts';
import { mergeCopies } from '../../../scripting/optimise/merge-copies.ts';
import { lowered } from '../lower/lowered.ts';

const copiesOf = (program: Program, name: string): Func[] =>
  [...program.functions.values()].filter((f) => f.name === name);

/** How many copies of `second` are left, which is made of two types. */
function copiesLeft(types: string, uses: readonly [string, string]): number {
  const text = `${types}
    (defn second ((x : 'a) (y : 'a)) : 'a y)
    (pub defn run () : i64 (do (second ${uses[0]} ${uses[0]}) (second ${uses[1]} ${uses[1]}) 0))`;
  const program = lowered(text);
  expect(copiesOf(program, 'second').length).toBe(2);
  return copiesOf(mergeCopies(program), 'second').length;
}

describe('of two copies', () => {
  const TYPES = '(defstruct A (mut n : i64)) (defstruct B (mut x : f64))';

  test('of addresses one is left', () => {
    expect(copiesLeft(TYPES, ['(A 1)', '(B 2.0)'])).toBe(1);
  });

  test('of an address and a number both stay', () => {
    expect(copiesLeft(TYPES, ['(A 1)', '2'])).toBe(2);
  });
});

/** A program of two copies of a function of a number, which return constants. */
function returning(...values: readonly number[]): Program {
  const program = lowered('(pub defn run ((x : f64)) : f64 (+ x 1.0))');
  const [run] = copiesOf(program, 'run');
  if (run === undefined) throw new Error('there is no function');
  const copies = values.map((value, i): [string, Func] => {
    const constant: Expression = { kind: 'constant', rep: 'f64', value };
    const body: Func['body'] = [{ kind: 'return', values: [constant], span: run.span }];
    return [`copy ${i}`, { ...run, key: `copy ${i}`, body }];
  });
  return { ...program, functions: new Map(copies), exports: [] };
}

test('copies with numbers that JSON does not tell apart stay', () => {
  const numbers = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  expect(mergeCopies(returning(...numbers)).functions.size).toBe(numbers.length);
  expect(mergeCopies(returning(...numbers, ...numbers)).functions.size).toBe(numbers.length);
});
