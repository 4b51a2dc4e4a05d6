import { expect, test } from 'vitest';
import { visit } from '../../../scripting/ir/index.ts';
import { replaceScalars } from '../../../scripting/optimise/scalars.ts';
import { lowered, named } from '../lower/lowered.ts';

/** How many objects the text of a function makes. */
function allocations(text: string, name: string): number {
  let count = 0;
  visit(
    replaceScalars(named(lowered(text), name)).body,
    () => {},
    (e) => {
      if (e.kind === 'allocate') count += 1;
    },
  );
  return count;
}

const PAIR = '(defstruct Pair (mut a : i64) (mut b : i8))';

test('a struct that is only read and changed in place is not made', () => {
  const text = `${PAIR} (pub defn run ((n : i64)) : i64
    (let ((p (Pair n 1))) (set! (.a p) (+ (.a p) 1)) (+ (.a p) (i64 (.b p)))))`;
  expect(allocations(text, 'run')).toBe(0);
});

test('a variant that is matched where it is made is not made', () => {
  const text = `(deftype Shape (Circle f64 String) (Square f64 f64 String))
    (pub defn run ((r : f64)) : f64
      (let ((s (Circle r "round"))) (match s ((Circle r _) r) ((Square a b _) (* a b)))))`;
  expect(allocations(text, 'run')).toBe(0);
});

test('an object that is passed, kept, compared or given back is made', () => {
  for (const body of ['(keep p)', '(do (push! *kept* p) 1)', '(if (same? p q) 1 2)', '(+ (.a p) (keep p))']) {
    const text = `${PAIR} (defglobal mut *kept* : (MutVec Pair) (mut-vec))
      (defn keep ((p : Pair)) : i64 (.a p))
      (pub defn run ((q : Pair)) : i64 (let ((p (Pair 1 2))) ${body}))`;
    expect(allocations(text, 'run'), body).toBe(1);
  }
});

test('each round of a loop has fields of its own', () => {
  const text = `${PAIR} (pub defn run ((n : i64)) : i64
    (let ((mut sum 0))
      (for (i 0 (< i n)) (let ((p (Pair i 0))) (set! (.a p) (* 2 (.a p))) (set! sum (+ sum (.a p)))))
      sum))`;
  expect(allocations(text, 'run')).toBe(0);
});
