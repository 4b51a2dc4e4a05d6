/** What the heap may be about when code is replaced. */
import { expect, vi } from 'vitest';
import {
  PHASE_MARK,
  PHASE_MOVE,
  PHASE_SWEEP,
  PHASE_WEAK,
  STATS_PHASE,
} from '../../../scripting/heap/index.ts';
import type { Machine } from '../../../scripting/machine/index.ts';

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
export type HeapState = (machine: Machine, replace: () => void) => void | Promise<void>;

export const HEAP_STATES: Readonly<Record<string, HeapState>> = {
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
