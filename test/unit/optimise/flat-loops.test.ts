/** Which loops are printed once more for flat vectors. */
import { describe, expect, test } from 'vitest';
import { type Statement, visit } from '../../../scripting/ir/index.ts';
import { versionLoops } from '../../../scripting/optimise/flat-loops.ts';
import { lowered, named } from '../lower/lowered.ts';

/** For each loop of `run`, in order: how many calls are left in it. A loop with another inside counts that one's too. */
function callsInLoops(body: string, params = '(xs : (Vector i64)) (n : i64)'): number[] {
  const text = `(pub defn run (${params}) : i64 (let ((mut sum 0)) ${body} sum))`;
  const counts: number[] = [];
  visit(
    versionLoops(named(lowered(text), 'run')).body,
    (s) => {
      if (s.kind === 'loop') counts.push(calls([...s.body, ...s.step]));
    },
    () => {},
  );
  return counts;
}

function calls(body: readonly Statement[]): number {
  let count = 0;
  visit(
    body,
    (s) => {
      if (s.kind === 'set-call' || s.kind === 'tail-call') count += 1;
    },
    (e) => {
      if (e.kind === 'call') count += 1;
    },
  );
  return count;
}

describe('twice, and once without calls', () => {
  test.each([
    ['up to the length', '(for (i 0 (< i (len xs))) (set! sum (+ sum (nth xs i))))'],
    ['up to anything else', '(for (i 0 (< i n)) (set! sum (+ sum (nth xs i))))'],
    ['in other steps', '(for (i n (> i 0) (- i 2)) (set! sum (+ sum (nth xs (* 2 i)))))'],
    ['while', '(while (< sum n) (set! sum (+ sum (nth xs sum))))'],
    ['what a let holds', '(let ((ys xs)) (while (< sum n) (set! sum (+ sum (nth ys sum)))))'],
  ])('%s', (_, body) => {
    expect(callsInLoops(body)).toEqual([0, 1]);
  });

  test('for several vectors', () => {
    const params = '(xs : (Vector i64)) (ys : (Vector i64)) (n : i64)';
    const body = '(for (i 0 (< i n)) (set! sum (+ sum (* (nth xs i) (nth ys i)))))';
    expect(callsInLoops(body, params)).toEqual([0, 2]);
  });

  test('the innermost loop', () => {
    const body = '(for (i 0 (< i n)) (for (j 0 (< j n)) (set! sum (+ sum (nth xs (+ i j))))))';
    expect(callsInLoops(body)).toEqual([1, 0, 1]);
  });
});

describe('once', () => {
  test('where the loop sets the name that holds the vector', () => {
    const body = '(let ((mut ys xs)) (for (i 0 (< i n)) (set! sum (+ sum (nth ys i))) (set! ys [i])))';
    expect(callsInLoops(body)).toHaveLength(1);
  });

  test('where the loop gets its vector from something else', () => {
    const body = '(for (i 0 (< i n)) (set! sum (+ sum (nth (nth xs i) i))))';
    // The outer one is held by a name.
    expect(callsInLoops(body, '(xs : (Vector (Vector i64))) (n : i64)')).toEqual([1, 2]);
  });

  test('over mutable vectors, which are flat', () => {
    expect(
      callsInLoops('(for (i 0 (< i n)) (set! sum (+ sum (nth xs i))))', '(xs : (MutVec i64)) (n : i64)'),
    ).toEqual([0]);
  });

  test('where it is very long', () => {
    const body = `(for (i 0 (< i n)) ${'(set! sum (+ sum (nth xs i)))'.repeat(60)})`;
    expect(callsInLoops(body)).toHaveLength(1);
  });
});
