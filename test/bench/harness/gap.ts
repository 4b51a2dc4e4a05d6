/**
 * The gap behind a frame, in virtual time: the collector gets slices until the gap is used up or there is nothing left
 * to do, and the rest of the wait is skipped. The clock is read after every portion of work, as a game's loop does.
 */
import type { Machine } from '../../../scripting/machine/index.ts';

/** Units of work between two readings of the clock: objects marked. */
const PORTION = 250;

export class Gaps {
  /** Milliseconds of each portion, and by how many each gap that was used up was exceeded. */
  readonly portions: number[] = [];
  readonly overshoots: number[] = [];
  /** Milliseconds in all gaps together. */
  total = 0;

  /** Gives the collector a gap of so many milliseconds. */
  give(machine: Machine, budget: number): void {
    const begin = performance.now();
    const end = begin + budget;
    let now = begin;
    while (now < end && machine.gapSlice(0)) {
      machine.gapSlice(PORTION);
      const after = performance.now();
      this.portions.push(after - now);
      now = after;
    }
    this.total += now - begin;
    if (now >= end) this.overshoots.push(now - end);
  }

  get longest(): number {
    return this.portions.reduce((a, b) => Math.max(a, b), 0);
  }
}
