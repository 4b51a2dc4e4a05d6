/**
 * The gap after a frame, in virtual time: the collector works until the gap is used up or there is nothing left to do, and
 * the rest of the wait is skipped. `Gaps` hands out portions of a fixed size; `PacedGaps` is what a game has: the scheduler.
 */
import { pageClock } from '../../../engine/clock.ts';
import { GapScheduler } from '../../../engine/gap/index.ts';
import { FrameRecorder, Measure } from '../../../engine/profile/index.ts';
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

export class PacedGaps {
  readonly #machine: Machine;
  readonly #recorder = new FrameRecorder(1);
  readonly #scheduler = new GapScheduler(pageClock, this.#recorder);
  slices = 0;
  /** Milliseconds of the longest slice, and of all of them. */
  longest = 0;
  total = 0;
  /** Gaps whose last slice ended after the next frame should have begun. */
  over = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The gap after a frame that began at `begin` and should have been followed by another after `interval` ms. */
  give(begin: number, interval: number): void {
    const recorder = this.#recorder;
    recorder.begin(begin, interval);
    this.#scheduler.open(this.#machine, begin + interval, interval);
    while (this.#scheduler.turn()) {
      // A browser would get its chance here.
    }
    this.#scheduler.close();
    const slices = recorder.read(Measure.SLICES);
    this.slices += slices;
    this.longest = Math.max(this.longest, recorder.read(Measure.LONGEST));
    this.total += recorder.read(Measure.GAP);
    if (slices > 0 && this.#scheduler.ended > begin + interval) this.over += 1;
  }
}
