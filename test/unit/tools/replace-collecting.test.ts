/** What is done to code and globals while objects move: addresses that were read before mean nothing afterwards. */
import { describe, expect, it, vi } from 'vitest';
import { PHASE_MOVE, STATS_PHASE } from '../../../scripting/heap/index.ts';
import type { Machine } from '../../../scripting/machine/index.ts';
import { imageOf, start } from './script.ts';

/** Many blocks with a few objects each, which a move brings together. */
const sparse = `(defstruct Filler (a : i64) (b : i64) (c : i64))
(defglobal mut *fillers* : (MutVec Filler) (mut-vec))
(pub defn fill () : Unit
  (for (i 0 (< i 200000)) (let ((f (Filler i i i))) (when (= 0 (mod i 50)) (push! *fillers* f)))))
`;

/** Forces a collection, and calls `meanwhile` once while objects move. */
async function whileMoving(machine: Machine, meanwhile: () => void): Promise<void> {
  let now = 0;
  // Each look at the clock ends a slice.
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 10));
  let called = false;
  const onProgress = (): void => {
    if (called || machine.statistic(STATS_PHASE) !== PHASE_MOVE) return;
    called = true;
    meanwhile();
  };
  try {
    await machine.force({ shrink: true, budget: 1, onProgress });
  } finally {
    clock.mockRestore();
  }
  expect(called).toBe(true);
}

const replace = async (machine: Machine, text: string) =>
  machine.replace(await machine.prepare(await imageOf(text)));

describe('while objects move', () => {
  it('earlier code is looked for, and finds its constants where they are', async () => {
    const text = (n: number): string => `${sparse}(defglobal mut *f* : (Fn [] String) (fn () ""))
(defglobal *texts* : (Vector String) (map (fn (i) (str "text " (+ i ${n}))) (range 0 4)))
(pub defn keep-${n} () : Unit (let ((m ${n})) (set! *f* (fn () (str *texts* m)))))
(pub defn run () : String (*f*))`;
    const { machine } = await start(await imageOf(text(0)));
    machine.call('fill');
    await replace(machine, text(1));
    machine.call('keep-1');
    const before = machine.call('run');
    await replace(machine, text(2));
    await whileMoving(machine, () => machine.tidy());
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('run')).toBe(before);
  });

  it('a global takes the value of another', async () => {
    const text = (name: string): string => `${sparse}(defglobal mut ${name} : (Vector String) [])
(pub defn set () : Unit (set! ${name} (map (fn (i) (str "text " i)) (range 0 4))))
(pub defn look () : String (str ${name}))`;
    const { machine } = await start(await imageOf(text('*a*')));
    machine.call('fill');
    machine.call('set');
    const before = machine.call('look');
    await replace(machine, text('*b*'));
    await whileMoving(machine, () => machine.rename({ from: '*a*', to: '*b*' }));
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('look')).toBe(before);
  });
});
