import { expect, test } from 'vitest';
import { findEffects } from '../../../scripting/emit/effects.ts';
import type { Call } from '../../../scripting/ir/index.ts';
import { lowered } from '../lower/lowered.ts';

const recursive = (text: string): string[] => {
  const program = lowered(text);
  const names = [...findEffects(program, false).recursive].map((key) => program.functions.get(key)?.name);
  return names.filter((n) => n !== undefined).sort();
};

test('functions that call themselves or each other can be on the stack more than once', () => {
  const text = `
    (defn even ((n : i64)) : Bool (if (= n 0) true (odd (- n 1))))
    (defn odd ((n : i64)) : Bool (if (= n 0) false (even (- n 1))))
    (defn fib ((n : i64)) : i64 (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
    (pub defn run () : i64 (if (even 4) (fib 5) 0))`;
  expect(recursive(text)).toEqual(['even', 'fib', 'odd']);
});

test('a function value that calls whatever it is given may come back to itself', () => {
  const text = `
    (defn apply ((f : (Fn [i64] i64)) (n : i64)) : i64 (+ 1 (f n)))
    (pub defn run () : i64 (apply (fn (n) (apply (fn (m) m) n)) 1))`;
  expect(recursive(text)).toContain('apply');
});

test('a call of the host counts as allocating, one of a closure where code in the table does', () => {
  const text = `
    (extern "host" (defn double ((n : i64)) : i64))
    (defn apply ((f : (Fn [i64] i64)) (n : i64)) : i64 (f n))
    (pub defn run () : i64 (+ (double 1) (apply (fn (n) n) 1)))`;
  const program = lowered(text);
  const call = (to: object) => ({ args: [], reps: [], ...to }) as unknown as Call;
  const allocates = (others: boolean) =>
    [{ to: 'extern', index: 0 }, { to: 'closure' }].map((to) =>
      findEffects(program, others).allocates(call(to)),
    );
  expect(allocates(false)).toEqual([true, false]);
  // Code of another generation of the program may be in the closure.
  expect(allocates(true)).toEqual([true, true]);
});

test('a straight line of calls is not recursive', () => {
  expect(recursive('(defn a () : i64 1) (defn b () : i64 (a)) (pub defn c () : i64 (b))')).toEqual([]);
});
