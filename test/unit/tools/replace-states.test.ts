/** A migration whatever the heap is about, and whatever became of the frame: what lives is as before. */
import { describe, expect, it } from 'vitest';
import type { PreparedImage } from '../../../scripting/machine/index.ts';
import { HEAP_STATES } from './heap-states.ts';
import { imageOf, start } from './script.ts';

/** An edit of each kind, and what is shown before and after it. */
const EDITS = {
  'an object that no longer fits where it lies': [
    '(defstruct T (a : i64) (b : String))',
    '(defstruct T (c : (Vector i64) [7]) (b : String) (d : f64 0.5) (e : f64 1.5) (a : i64))',
    '(T :a I :b "bI")',
    '(T :c [7] :b "bI" :d 0.5 :e 1.5 :a I)',
  ],
  'a value that lies flat': [
    '(defvalue T (a : i64) (b : String))',
    '(defvalue T (b : String) (c : i64 7) (a : i64))',
    '(T :a I :b "bI")',
    '(T :b "bI" :c 7 :a I)',
  ],
  'a variant': [
    '(deftype T Off (T2 (a : i64) (b : String)))',
    '(deftype T (T2 (b : String) (c : i64 7) (a : i64)) Off)',
    '(T2 I "bI")',
    '(T2 "bI" 7 I)',
  ],
} as const;

const game = (type: string, made: string, bad = ''): string => `${type}
(defstruct Filler (a : i64) (b : i64) (c : i64))
(defglobal mut *fillers* : (MutVec Filler) (mut-vec))
(defglobal mut *all* : (MutVec T) (mut-vec))
(defglobal mut *map* : (Map i64 T) {})
(defglobal mut *f* : (Fn [] String) (fn () ""))
(defglobal mut *frames* : i64 0)
(defn frame ((dt : f64)) : Unit (set! *frames* (+ *frames* 1)) ${bad})
(pub defn fill () : Unit
  (for (i 0 (< i 40000)) (let ((f (Filler i i i))) (when (= 0 (mod i 50)) (push! *fillers* f))))
  (for (i 0 (< i 200)) (push! *all* ${made}) (set! *map* (assoc *map* i ${made})))
  (let ((t (nth *all* 5))) (set! *f* (fn () (show t)))))
(pub defn look () : String (str (nth *all* 3) (map-get *map* 4) (*f*) (len *all*) (len *map*)))
(pub defn count () : i64 (fold + 0 (map .a *fillers*)))`;

const made = (shown: string): string => shown.replaceAll('"bI"', '(str "b" i)').replaceAll(/\bI\b/g, 'i');
const seen = (shown: string): string =>
  `${[3, 4, 5].map((n) => shown.replaceAll('bI', `b${n}`).replaceAll(/\bI\b/g, String(n))).join('')}200200`;

const states = Object.entries(HEAP_STATES);

describe.each(Object.entries(EDITS))('%s', (_, edit) => {
  const [old, next, before, after] = edit;

  it.each(states)('is migrated: %s', async (__, state) => {
    const { machine } = await start(await imageOf(game(old, made(before))));
    machine.call('fill');
    expect(machine.call('look')).toBe(seen(before));
    const count = machine.call('count');
    const prepared: PreparedImage = await machine.prepare(await imageOf(game(next, made(after))));
    await state(machine, () => {
      expect(machine.replace(prepared)).toMatchObject({ kind: 'replaced' });
      expect(machine.verify()).toBeUndefined();
      expect(machine.call('look')).toBe(seen(after));
    });
    for (let i = 0; i < 50; i += 1) machine.gapSlice(2000);
    machine.collect();
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('look')).toBe(seen(after));
    expect(machine.call('count')).toBe(count);
  });

  it('is migrated while frames fail, which the new code mends', async () => {
    const failing = '(set! *frames* (nth [1] (+ 5 *frames*)))';
    const { machine } = await start(await imageOf(game(old, made(before), failing)));
    machine.call('fill');
    for (let i = 0; i < 3; i += 1) {
      expect(machine.step(0.01)).toBe(1);
      machine.resetFrame();
    }
    const prepared = await machine.prepare(await imageOf(game(next, made(after))));
    expect(machine.replace(prepared)).toMatchObject({ kind: 'replaced' });
    expect(machine.step(0.01)).toBe(0);
    machine.resetFrame();
    expect(machine.call('look')).toBe(seen(after));
    expect(machine.verify()).toBeUndefined();
  });
});
