import { expect, test } from 'vitest';
import { findEffects } from '../../../scripting/emit/effects.ts';
import { findRoots } from '../../../scripting/emit/roots.ts';
import { lowered, named } from '../lower/lowered.ts';

/** Names of the locals of a function that get a slot on the shadow stack. */
function slots(text: string, name: string): string[] {
  const program = lowered(text);
  const roots = findRoots(named(program, name), findEffects(program));
  return [...roots.slots.keys()].map((l) => l.name);
}

const STRUCT = '(defstruct S (mut n : i64) (name : String))';

test('an address that is used behind a call that allocates has a slot', () => {
  const text = `${STRUCT}
    (defn make ((n : i64)) : S (S n "made"))
    (pub defn run ((a : S) (b : S)) : i64 (let ((c (make 1))) (+ (.n a) (.n c))))`;
  expect(slots(text, 'run')).toEqual(['a']);
});

test('a function that cannot reach an allocation stores nothing', () => {
  const text = `${STRUCT}
    (defn read ((s : S)) : i64 (.n s))
    (pub defn run ((a : S) (b : S)) : i64 (+ (read a) (read b)))`;
  expect(slots(text, 'run')).toEqual([]);
});

test('an address that a loop carries around an allocation has a slot', () => {
  const text = `${STRUCT}
    (pub defn run ((a : S)) : S
      (let ((mut last a))
        (for (i 0 (< i 10)) (set! last (S (+ i (.n last)) "next")))
        last))`;
  expect(slots(text, 'run')).toContain('last');
});

test('a closure that may allocate counts as allocating', () => {
  const text = `${STRUCT}
    (pub defn run ((a : S) (f : (Fn [i64] i64))) : i64 (+ (f 1) (.n a)))
    (pub defn go () : i64 (run (S 1 "a") (fn (n) (.n (S n "b")))))`;
  expect(slots(text, 'run')).toContain('a');
});

test('the slots of what an arena held are cleared when it ends, those of what stays are not', () => {
  const text = `${STRUCT}
    (defn use ((s : S)) : i64 (.n s))
    (pub defn run ((a : S)) : i64
      (let ((n (with-arena work
                 (let ((inner (S 1 "inner")) (other (S 2 "other")))
                   (+ (use inner) (use other)))))
            (after (S n "after")))
        (+ n (.n a) (.n after))))`;
  const program = lowered(text);
  const roots = findRoots(named(program, 'run'), findEffects(program));
  const [cleared] = roots.cleared.values();
  expect(cleared?.map((l) => l.name)).toContain('inner');
  expect(cleared?.map((l) => l.name)).not.toContain('a');
});
