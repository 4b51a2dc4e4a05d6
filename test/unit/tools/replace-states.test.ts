/** A migration whatever the heap is about, and whatever became of the frame: what lives is as before. */
import { describe, expect, it, vi } from 'vitest';
import {
  PHASE_MARK,
  PHASE_MOVE,
  PHASE_SWEEP,
  PHASE_WEAK,
  STATS_PHASE,
} from '../../../scripting/heap/index.ts';
import type { Machine, PreparedImage } from '../../../scripting/machine/index.ts';
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

/** Takes slices until the heap is in a phase. */
function until(machine: Machine, phase: number): void {
  machine.requestCollection();
  for (let i = 0; i < 100_000; i += 1) {
    if (machine.statistic(STATS_PHASE) === phase) return;
    machine.gapSlice(1);
  }
  throw new Error('the phase did not come');
}

/** Forces a collection, and calls `meanwhile` once while objects move. */
async function whileMoving(machine: Machine, meanwhile: () => void): Promise<void> {
  let now = 0;
  // Each look at the clock ends a slice.
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 10));
  let isCalled = false;
  const onProgress = (): void => {
    if (isCalled || machine.statistic(STATS_PHASE) !== PHASE_MOVE) return;
    isCalled = true;
    meanwhile();
  };
  try {
    await machine.force({ shrink: true, budget: 1, onProgress });
  } finally {
    clock.mockRestore();
  }
  expect(isCalled).toBe(true);
}

/** Brings about a state, and replaces in it. */
const STATES: Readonly<Record<string, (machine: Machine, replace: () => void) => void | Promise<void>>> = {
  idle: (_, replace) => replace(),
  marking: (machine, replace) => {
    until(machine, PHASE_MARK);
    replace();
  },
  'looking for what is weak': (machine, replace) => {
    until(machine, PHASE_WEAK);
    replace();
  },
  sweeping: (machine, replace) => {
    until(machine, PHASE_SWEEP);
    replace();
  },
  'looking through what is young': (machine, replace) => {
    machine.startYoungAt(1);
    machine.gapSlice(1);
    replace();
  },
  moving: whileMoving,
  'in another memory': async (machine, replace) => {
    await machine.force({ move: true, shrink: true });
    replace();
    await machine.force({ move: true, shrink: true });
  },
  suppressed: (machine, replace) => {
    machine.suppress();
    replace();
    machine.resume();
  },
  'asked to collect': (machine, replace) => {
    machine.requestCollection();
    replace();
  },
  'within a frame that has not ended': (machine, replace) => {
    machine.step(0.01);
    replace();
    machine.resetFrame();
  },
};

const states = Object.entries(STATES);

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
