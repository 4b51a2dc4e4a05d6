/**
 * Drives the loop without a browser: frames begin at virtual times of any rate, and the wait for the next frame is
 * skipped once the gap has done its work. The steps a script sees are all equal, so that a run is the same each time.
 */

import { type Clock, VirtualClock } from '../clock.ts';
import { type GapOptions, GapScheduler } from '../gap/index.ts';
import { FrameRecorder } from '../profile/index.ts';
import type { ScriptMachine } from '../script.ts';
import { FrameInterval } from './interval.ts';
import { Loop } from './loop.ts';

export interface HeadlessOptions {
  /** Frames a virtual second. Default 60. */
  readonly rate?: number;
  /** Frames the recorder keeps; the whole run unless it is longer. Default 10,000. */
  readonly capacity?: number;
  /** Measures how long work takes. Default: the real clock; tests give their own. */
  readonly clock?: Clock;
  /** How the collector is paced. */
  readonly gap?: GapOptions;
}

export class HeadlessDriver {
  readonly loop: Loop;
  readonly #clock: VirtualClock;
  readonly #interval: number;
  #frames = 0;

  /**
   * The machine's scene has been started: whoever made the machine has called the script's `start`. Throws a `RangeError`
   * where the gap's options do not go with the machine's hard limit.
   */
  constructor(machine: ScriptMachine, options: HeadlessOptions = {}) {
    this.#interval = 1000 / (options.rate ?? 60);
    this.#clock = new VirtualClock(options.clock);
    const recorder = new FrameRecorder(options.capacity ?? 10_000);
    const gap = new GapScheduler(this.#clock, recorder, options.gap);
    gap.adopt(machine);
    this.loop = new Loop({
      machine,
      clock: this.#clock,
      recorder,
      gap,
      interval: new FrameInterval(this.#interval),
      fixedStep: this.#interval / 1000,
    });
  }

  /** Runs so many further frames, each with its gap. Returns the recorder that saw them. */
  run(frames: number): FrameRecorder {
    for (let i = 0; i < frames; i += 1) {
      const time = this.#frames * this.#interval;
      // A slice that ran beyond this moment delays the frame, as in a page; a frame that took too long does not.
      this.#clock.jump(time + this.loop.gap.collectedAfter(time));
      this.loop.frame(time);
      while (this.loop.gap.turn()) {
        // Each turn ends where a browser would get its chance; there is nobody here to take it.
      }
      this.#frames += 1;
    }
    return this.loop.recorder;
  }
}
