/** Loops over fixed arrays: which are written out, and that what they do is the same. */
import { describe, expect, test } from 'vitest';
import { type Func, visit } from '../../../scripting/ir/index.ts';
import { unrollLoops } from '../../../scripting/optimise/unrolled-loops.ts';
import { lowered, named } from '../lower/lowered.ts';
import { imageOf, MODES, start } from '../tools/script.ts';

function counted(func: Func): { loops: number; checks: number; branches: number } {
  const count = { loops: 0, checks: 0, branches: 0 };
  visit(
    func.body,
    (s) => {
      if (s.kind === 'loop') count.loops += 1;
    },
    (e) => {
      if (e.kind === 'check-index') count.checks += 1;
      if (e.kind === 'if-expression') count.branches += 1;
    },
  );
  return count;
}

const run = (body: string): Func =>
  unrollLoops(
    named(
      lowered(`(pub defn run ((mut a : (Array 4 i64)) (n : i64)) : i64 (let ((mut s 0)) ${body} s))`),
      'run',
    ),
  );

const NOTHING_LEFT = { loops: 0, checks: 0, branches: 0 };

describe('nothing is left to be looked for', () => {
  test.each([
    ['a loop over all', '(for (i 0 (< i 4)) (+= s (nth a i)))'],
    ['a loop by its length', '(for (i 0 (< i (len a))) (+= s (nth a i)))'],
    ['one that counts down', '(for (i 3 (>= i 0) (- i 1)) (+= s (nth a i)))'],
    ['one with a step', '(for (i 0 (< i 4) (+ i 2)) (+= s (nth a (+ i 1))))'],
    ['one in another', '(for (i 0 (< i 2)) (for (j 0 (< j 2)) (+= s (nth a (+ (* 2 i) j)))))'],
    ['one that sets elements', '(for (i 0 (< i 4)) (set! (nth a (- 3 i)) i)) (+= s (nth a 0))'],
    ['one with an index that has a name', '(for (i 0 (< i 4)) (let ((j (mod (+ i 1) 4))) (+= s (nth a j))))'],
    ['for-each', '(for-each (x a) (+= s x))'],
    ['an index alone', '(let ((i 2)) (+= s (nth a i)))'],
  ])('%s', (_, body) => {
    expect(counted(run(body))).toEqual(NOTHING_LEFT);
  });
});

describe('a loop stays', () => {
  test.each([
    ['that ends at what is given', '(for (i 0 (< i n)) (+= s (nth a i)))'],
    ['that begins at what is given', '(for (i n (< i 4)) (+= s (nth a i)))'],
    ['of many rounds', '(for (i 0 (< i 17)) (+= s (nth a (mod i 4))))'],
    ['that picks no element', '(for (i 0 (< i 4)) (+= s (* i n)))'],
  ])('%s', (_, body) => {
    expect(counted(run(body)).loops).toBe(1);
  });

  test('whose rounds are large, and one inside is written out', () => {
    const sums = Array.from({ length: 12 }, () => '(+= s (* n (nth a i)))').join(' ');
    expect(counted(run(`(for (k 0 (< k n)) (for (i 0 (< i 4)) ${sums}))`))).toMatchObject({
      loops: 1,
      checks: 0,
    });
    const large = Array.from({ length: 60 }, () => '(+= s (nth a (mod (+ n i) 4)))').join(' ');
    expect(counted(run(`(for (i 0 (< i 4)) ${large})`)).loops).toBe(1);
  });
});

const SAME = `
(defn leaves ((mut a : (Array 4 i64)) (n : i64)) : i64
  (let ((mut s 0) (mut x 100))
    (for (i 0 (< i 4))
      (when (= i n) (continue))
      (+= s x)
      (when (= (nth a i) 9) (break))
      (set! x 7)
      (for (j 0 (< j 3)) (when (= j 1) (continue)) (when (= (+ i j) 5) (break)) (+= s (nth a j)))
      (set! (nth a i) (+ s i)))
    (+ s (* 1000 (nth a 3)))))
(defn returns ((a : (Array 4 i64)) (n : i64)) : i64
  (for (i 0 (< i 4)) (when (= (nth a i) n) (return i)))
  -1)
(defn last-counter ((a : (Array 4 i64))) : i64
  (letrec ((count (fn ((i : i64)) : i64 (if (< i 4) (count (+ i (nth a 0))) i)))) (count 0)))
(pub defn arms ((a : (Array 4 i64))) : i64
  (let ((mut s 0) (mut x 1))
    (for (i 0 (< i 4)) (if (= (nth a i) 3) (set! x 50) (+= s x)))
    (for (i 0 (< i 2))
      (for (j 0 (< j 9) (+ j x)) (when (= (nth a i) 1) (set! x 4) (continue)) (+= s 100) (set! x 3)))
    (+ s x)))
(defn wraps () : (Array 3 i32)
  (build-array 3 (fn (i) (let ((j (i32 i))) (+ (* j 2000000000) (* 2000000000 j))))))
(pub defn run () : String
  (str (leaves (array 1 2 3 4) 2) " " (leaves (array 1 9 3 4) 0) " " (leaves (array 1 2 3 4) 7) " "
       (returns (array 5 6 7 8) 7) " " (returns (array 5 6 7 8) 1) " " (last-counter (array 3 0 0 0)) " " (wraps) " " (arms (array 1 2 3 4))))`;

test.each(MODES)('what it does is the same, in %s', async (mode) => {
  const { machine } = await start(await imageOf(SAME, { mode }));
  expect(machine.call('arms', [1, 2, 3, 4])).toBe(355);
  expect(machine.call('run')).toBe('332329 4100 446443 2 -1 6 (array 0 -294967296 -589934592) 355');
});
