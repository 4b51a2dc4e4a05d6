/**
 * The gap scheduler: hands the time between the end of one frame and the start of the next to the collector, in slices.
 *
 *     frame      | input reload script stage |        | input reload ...
 *     paint                                  | paint |
 *     gap                                             [slice slice slice] margin |
 *                                                      <- a turn: 4 ms ->       deadline is before the margin
 *
 * A slice is bounded by work, because clocks are coarse and because reading them costs; between slices the clock is read.
 * How much work fits a slice, and how large the margin before the next frame has to be, are learned from what slices
 * took. A turn ends after 4 ms at the latest, so that the browser can serve timers and input; the page then asks for
 * the next turn.
 */
import {
  STATS_COLLECTIONS,
  STATS_LIVE_BYTES,
  STATS_SLICE_WORK,
  STATS_YOUNG_BYTES,
  STATS_YOUNG_COLLECTIONS,
} from '../../scripting/heap/index.ts';
import type { Clock } from '../clock.ts';
import { type FrameRecorder, Measure } from '../profile/index.ts';
import type { ScriptMachine } from '../script.ts';
import { Margin } from './margin.ts';
import { SlicePace } from './pace.ts';

/** What the scheduler drives; a `ScriptMachine` is one. */
export type Collector = Pick<ScriptMachine, 'gapSlice' | 'statistic'>;

export interface GapOptions {
  /** Whether the browser has input waiting; such input ends a turn. */
  readonly inputPending?: () => boolean;
  /** Bytes in the heap from which on a gap that has no time left still gets one small slice. */
  readonly softLimit?: number;
}

/** Longest stretch, in milliseconds, that the browser is kept from its other work. */
const TURN = 4;
const SOFT_LIMIT = 256 * 1024 * 1024;

export class GapScheduler {
  readonly #clock: Clock;
  readonly #recorder: FrameRecorder;
  readonly #inputPending: () => boolean;
  readonly #softLimit: number;
  readonly #pace = new SlicePace();
  readonly #margin = new Margin();
  #collector: Collector | undefined;
  #deadline = 0;
  #starved = false;
  #overran = 0;
  #ran = false;

  constructor(clock: Clock, recorder: FrameRecorder, options: GapOptions = {}) {
    this.#clock = clock;
    this.#recorder = recorder;
    this.#inputPending = options.inputPending ?? (() => false);
    this.#softLimit = options.softLimit ?? SOFT_LIMIT;
  }

  /** Milliseconds kept free before the next frame's expected start. */
  get margin(): number {
    return this.#margin.width;
  }

  /**
   * The frame is done. Until `nextFrame`, by the clock, less the margin, turns may run; `interval` is a frame's length,
   * of which the margin never takes more than a part.
   */
  open(collector: Collector, nextFrame: number, interval: number): void {
    this.#margin.limit(interval);
    this.#collector = collector;
    this.#deadline = nextFrame - this.#margin.width;
    this.#overran = 0;
    this.#ran = false;
    this.#starved =
      this.#clock.now() >= this.#deadline &&
      collector.statistic(STATS_LIVE_BYTES) + collector.statistic(STATS_YOUNG_BYTES) > this.#softLimit;
  }

  /** The next frame begins: no turn does anything until the next `open`. */
  close(): void {
    if (this.#collector !== undefined && this.#ran) this.#margin.learn(this.#overran);
    this.#collector = undefined;
  }

  /**
   * The browser says that it will be idle for so many milliseconds. It knows of its own work: where that is less than
   * was expected, the deadline moves forward.
   */
  idle(remaining: number): void {
    this.#deadline = Math.min(this.#deadline, this.#clock.now() + remaining);
  }

  /** Runs slices for one turn. True where another turn in this gap would have something to do. */
  turn(): boolean {
    const collector = this.#collector;
    if (collector === undefined) return false;
    let now = this.#clock.now();
    const end = Math.min(now + TURN, this.#deadline);
    let more = true;
    while (more && (this.#starved || (now < end && !this.#inputPending()))) {
      const work = this.#starved ? this.#pace.least : this.#pace.fit(end - now);
      this.#starved = false;
      const collections = collector.statistic(STATS_COLLECTIONS);
      const young = collector.statistic(STATS_YOUNG_COLLECTIONS);
      more = collector.gapSlice(work);
      const after = this.#clock.now();
      const finished = collector.statistic(STATS_COLLECTIONS) - collections;
      // A call that found nothing due is not a slice.
      const worked = more || finished > 0 || collector.statistic(STATS_YOUNG_COLLECTIONS) > young;
      if (worked) this.#record(after - now, finished);
      this.#pace.learn(collector.statistic(STATS_SLICE_WORK), after - now);
      now = after;
    }
    if (this.#ran) this.#overran = Math.max(this.#overran, now - this.#deadline);
    if (!more) this.#deadline = Math.min(this.#deadline, now);
    return more && now < this.#deadline;
  }

  #record(elapsed: number, finished: number): void {
    const recorder = this.#recorder;
    this.#ran = true;
    recorder.add(Measure.GAP, elapsed);
    recorder.add(Measure.SLICES, 1);
    recorder.add(Measure.COLLECTIONS, finished);
    if (elapsed > recorder.read(Measure.LONGEST)) recorder.set(Measure.LONGEST, elapsed);
  }
}
