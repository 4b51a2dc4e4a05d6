/** Which loops are printed once more without range checks, and that a range error still arises where it should. */
import { describe, expect, test } from 'vitest';
import { type Statement, visit } from '../../../scripting/ir/index.ts';
import { hoistChecks } from '../../../scripting/optimise/counted-loops.ts';
import { versionLoops } from '../../../scripting/optimise/flat-loops.ts';
import { lowered, named } from '../lower/lowered.ts';

/** For each loop of `run`, in order: how many range checks are left in it. */
function checksInLoops(body: string, params: string, before = ''): number[] {
  const text = `${before} (pub defn run (${params}) : i64 (let ((mut sum 0)) ${body} sum))`;
  const counts: number[] = [];
  visit(
    hoistChecks(versionLoops(named(lowered(text), 'run'))).body,
    (s) => {
      if (s.kind === 'loop') counts.push(checks([...s.body, ...s.step]));
    },
    () => {},
  );
  return counts;
}

function checks(body: readonly Statement[]): number {
  let count = 0;
  visit(
    body,
    (s) => {
      if (s.kind === 'if' && s.condition.kind === 'binary' && s.condition.op === 'lt_u') count += 1;
    },
    (e) => {
      if (e.kind === 'check-index') count += 1;
    },
  );
  return count;
}

const MUTABLE = '(xs : (MutVec i64)) (n : i64)';
const IMMUTABLE = '(xs : (Vector i64)) (n : i64)';

describe('once without checks', () => {
  test.each([
    ['up to the length', '(for (i 0 (< i (len xs))) (set! sum (+ sum (nth xs i))))'],
    ['up to a name', '(for (i 0 (< i n)) (set! sum (+ sum (nth xs i))))'],
    ['from a name, in longer steps', '(for (i n (< i (len xs)) (+ i 3)) (set! sum (+ sum (nth xs i))))'],
    ['in steps that a name holds', '(for (i 0 (< i (len xs)) (+ i n)) (set! sum (+ sum (nth xs i))))'],
    ['up to what is computed', '(for (i 0 (< i (- (len xs) 1))) (set! sum (+ sum (nth xs i))))'],
    ['with another name for the index', '(for (i 0 (< i n)) (let ((j i)) (set! sum (+ sum (nth xs j)))))'],
    ['under a condition', '(for (i 0 (< i n)) (when (> sum i) (set! sum (nth xs i))))'],
  ])('%s', (_, body) => {
    expect(checksInLoops(body, MUTABLE)).toEqual([0, 1]);
    // Of a vector that may be a tree: without checks, flat, and as it is.
    expect(checksInLoops(body, IMMUTABLE)).toEqual([0, 1, 1]);
  });

  test('what is stored as well as what is read', () => {
    const body = '(for (i 0 (< i n)) (set! (nth xs i) (+ 1 (nth ys i))))';
    expect(checksInLoops(body, '(xs : (MutVec i64)) (ys : (MutVec i64)) (n : i64)')).toEqual([0, 2]);
  });

  test('with other checks left as they are', () => {
    const body = '(for (i 0 (< i n)) (set! sum (+ (nth xs i) (nth xs (+ i 1)))))';
    expect(checksInLoops(body, MUTABLE)).toEqual([1, 2]);
  });

  test('the innermost loop', () => {
    const body = '(for (i 0 (< i n)) (for (j 0 (< j n)) (set! sum (+ (nth xs i) (nth xs j)))))';
    expect(checksInLoops(body, MUTABLE)).toEqual([3, 1, 2]);
  });
});

describe('as it is', () => {
  test.each([
    ['where the index is another', '(for (i 0 (< i n)) (set! sum (nth xs (* 2 i))))'],
    ['where the step changes', '(let ((mut by n)) (for (i 0 (< i n) (+ i by)) (set! by (nth xs i))))'],
    ['where it counts down', '(for (i n (> i 0) (- i 1)) (set! sum (nth xs i)))'],
    [
      'where the body moves the counter',
      '(let ((mut i 0)) (while (< i n) (set! sum (nth xs i)) (set! i (+ i 1)) (set! i (+ i sum))))',
    ],
    ['where the bound changes', '(let ((mut m n)) (for (i 0 (< i m)) (set! m (+ m (nth xs i)))))'],
    [
      'where the vector changes',
      '(let ((mut ys xs)) (for (i 0 (< i n)) (set! sum (nth ys i)) (set! ys (mut-vec))))',
    ],
    ['where it is made shorter', '(for (i 0 (< i n)) (set! sum (nth xs i)) (pop! xs))'],
    ['where something is called', '(for (i 0 (< i n)) (set! sum (+ (nth xs i) (other xs))))'],
    [
      'where the name is what the index was',
      '(let ((mut last 0)) (for (i 0 (< i n)) (set! sum (nth xs last)) (set! last i)))',
    ],
  ])('%s', (_, body) => {
    const before = '(defn other ((xs : (MutVec i64))) : i64 (clear! xs) 1)';
    const counts = checksInLoops(body, MUTABLE, before);
    expect(counts).toHaveLength(1);
    expect(counts[0]).toBeGreaterThan(0);
  });
});
