import { expect, test } from 'vitest';
import { findEffects } from '../../../scripting/emit/effects.ts';
import { findRoots, type Roots } from '../../../scripting/emit/roots.ts';
import { lowered, named } from '../lower/lowered.ts';

function rootsOf(text: string, name: string): Roots {
  const program = lowered(text);
  return findRoots(named(program, name), findEffects(program, false));
}

/** Names of the locals of a function that have a slot for the whole call. */
function slots(text: string, name: string): string[] {
  return [...rootsOf(text, name).slots.keys()].map((l) => l.name);
}

/** Names of the locals that are pushed in front of safepoints instead. */
function spills(text: string, name: string): string[] {
  return [...new Set([...rootsOf(text, name).spills.values()].flat())].map((l) => l.name);
}

/** Names of all the locals that the collector is told of. */
function kept(text: string, name: string): string[] {
  return [...slots(text, name), ...spills(text, name)];
}

const STRUCT = '(defstruct S (mut n : i64) (name : String))';

test('an address that is used after a call that allocates is kept', () => {
  const text = `${STRUCT}
    (defn make ((n : i64)) : S (S n "made"))
    (pub defn run ((a : S) (b : S)) : i64 (let ((c (make 1))) (+ (.n a) (.n c))))`;
  expect(kept(text, 'run')).toEqual(['a']);
});

test('a function that cannot reach an allocation stores nothing', () => {
  const text = `${STRUCT}
    (defn read ((s : S)) : i64 (.n s))
    (pub defn run ((a : S) (b : S)) : i64 (+ (read a) (read b)))`;
  expect(kept(text, 'run')).toEqual([]);
});

test('an address that a loop carries around an allocation is kept', () => {
  const text = `${STRUCT}
    (pub defn run ((a : S)) : S
      (let ((mut last a))
        (for (i 0 (< i 10)) (set! last (S (+ i (.n last)) "next")))
        last))`;
  expect(kept(text, 'run')).toContain('last');
});

test('a closure that may allocate counts as allocating', () => {
  const text = `${STRUCT}
    (pub defn run ((a : S) (f : (Fn [i64] i64))) : i64 (+ (f 1) (.n a)))
    (pub defn go () : i64 (run (S 1 "a") (fn (n) (.n (S n "b")))))`;
  expect(kept(text, 'run')).toContain('a');
});

test('an address has a slot where safepoints are many, and is pushed in front of rare ones', () => {
  const make = '(defn make ((n : i64)) : S (S n "made"))';
  const often = `${STRUCT} ${make}
    (pub defn run ((a : S)) : i64
      (let ((mut sum 0)) (for (i 0 (< i 10)) (set! sum (+ sum (.n (make i))))) (+ sum (.n a))))`;
  expect(slots(often, 'run')).toEqual(['a']);
  const rarely = `${STRUCT} ${make}
    (pub defn run ((n : i64)) : i64
      (let ((mut sum 0))
        (for (i 0 (< i n))
          (let ((b (S i "b"))) (when (= i 5) (set! sum (.n (make i)))) (set! sum (+ sum (.n b)))))
        sum))`;
  expect(slots(rarely, 'run')).toEqual([]);
  expect(spills(rarely, 'run')).toEqual(['b']);
});

test('the slots of what an arena held are cleared when it ends, those of what stays are not', () => {
  const text = `${STRUCT}
    (defn use ((s : S)) : i64 (.n (S (.n s) "used")))
    (pub defn run ((a : S)) : i64
      (let ((n (with-arena work
                 (let ((inner (S 1 "inner")) (mut sum 0))
                   (for (i 0 (< i 10)) (set! sum (+ sum (use inner) (use a))))
                   sum)))
            (after (S n "after")))
        (+ n (.n a) (.n after))))`;
  const roots = rootsOf(text, 'run');
  const [cleared] = roots.cleared.values();
  expect(cleared?.map((l) => l.name)).toContain('inner');
  expect(cleared?.map((l) => l.name)).not.toContain('a');
});

test('a way out of arenas clears the slots that are not needed where it leads, and no others', () => {
  const text = `${STRUCT}
    (defn make ((n : i64)) : S (S n "made"))
    (pub defn run ((n : i64)) : i64
      (let ((mut found (make 0)) (mut sum 0))
        (for (i 0 true)
          (with-arena outer
            (let ((above (make i)))
              (with-arena inner
                (let ((step (make i)))
                  (when (> (.n (make i)) n) (set! found (outside outer (make n))) (break))
                  (set! sum (+ sum (.n step) (.n (make i)) (.n step)))))
              (set! sum (+ sum (.n (make i)) (.n above)))))
          (set! found (make i)))
        (for (k 0 (< k n)) (set! sum (+ sum (.n (make k)))))
        (+ sum (.n found))))`;
  const { cleared, slots: numbers } = rootsOf(text, 'run');
  const names = (kind: string) =>
    [...cleared].filter(([way]) => way.kind === kind).map(([, locals]) => locals.map((l) => l.name));
  expect([...numbers.keys()].map((l) => l.name)).toEqual(expect.arrayContaining(['found', 'above', 'step']));
  const [onBreak] = names('break');
  expect(onBreak).toEqual(expect.arrayContaining(['above', 'step']));
  expect(onBreak).not.toContain('found');
  const arenas = names('arena');
  expect(arenas).toHaveLength(2);
  expect(arenas.filter((locals) => locals.includes('found'))).toHaveLength(2);
  expect(arenas.filter((locals) => locals.includes('above'))).toHaveLength(1);
});
