/**
 * The frame function: what happens in a frame, in which order, whoever drives it. Drivers decide when a frame begins
 * and when the gap after it gets its turns; see `page.ts` and `headless.ts`.
 *
 *     input -> reload -> script (one call into WebAssembly) -> stage -> reset of the `frame` arena | gap
 *
 * Per frame the loop allocates no JavaScript objects.
 */
import {
  PHASE_MOVE,
  STATS_AGED_BYTES,
  STATS_ARENA_BYTES,
  STATS_COLLECTIONS,
  STATS_LIVE_BYTES,
  STATS_PHASE,
  STATS_YOUNG_BYTES,
} from '../../scripting/heap/index.ts';
import type { Clock } from '../clock.ts';
import type { GapScheduler } from '../gap/index.ts';
import { type FrameRecorder, findCulprit, Measure } from '../profile/index.ts';
import type { ScriptMachine } from '../script.ts';
import { FrameInterval } from './interval.ts';

/** Something that has its turn in each frame. */
export interface FramePart {
  run(): void;
}

export interface LoopOptions {
  readonly machine: ScriptMachine;
  readonly clock: Clock;
  readonly recorder: FrameRecorder;
  readonly gap: GapScheduler;
  readonly interval?: FrameInterval;
  /** Seconds: a script never sees a longer step, however long the page slept. Default 0.1. */
  readonly longestStep?: number;
  /** Seconds: every step is this long, whatever the clock says. */
  readonly fixedStep?: number;
}

export class Loop {
  /** The program that is run. A reload that restarts the scene puts another in its place. */
  machine: ScriptMachine;
  /** While true, frames draw and the gap goes on, but the script stands still. */
  paused = false;
  /** While true, a load is in progress: the script stands still as well. Set by `Loading`. */
  loading = false;
  /** Events since the last frame are brought to the script. */
  input: FramePart | undefined;
  /** New code is swapped in; nothing of the script is on the stack. */
  reload: FramePart | undefined;
  /** What the script made of the world is drawn. */
  stage: FramePart | undefined;
  /** Sees the finished row of the recorder: panels. */
  observer: FramePart | undefined;

  readonly recorder: FrameRecorder;
  readonly gap: GapScheduler;
  readonly interval: FrameInterval;
  readonly #clock: Clock;
  readonly #longestStep: number;
  readonly #fixedStep: number | undefined;

  constructor(options: LoopOptions) {
    this.machine = options.machine;
    this.#clock = options.clock;
    this.recorder = options.recorder;
    this.gap = options.gap;
    this.interval = options.interval ?? new FrameInterval();
    this.#longestStep = options.longestStep ?? 0.1;
    this.#fixedStep = options.fixedStep;
  }

  /**
   * Runs one frame that begins at `time`, in milliseconds by the clock, and opens the gap after it. While objects move
   * nothing can be run or drawn: such a frame is left out.
   */
  frame(time: number): void {
    const { recorder, interval } = this;
    this.gap.close();
    if (this.machine.statistic(STATS_PHASE) === PHASE_MOVE) {
      interval.interrupt();
      return;
    }
    const elapsed = interval.add(time);
    // The frame before is late by what it delayed: this one comes when the one after it should have come.
    if (elapsed > 1.5 * interval.estimate && recorder.frames > 0) this.missed();
    this.observer?.run();
    recorder.begin(time, elapsed);

    const start = this.#clock.now();
    this.input?.run();
    this.reload?.run();
    const machine = this.machine;
    const collections = machine.statistic(STATS_COLLECTIONS);
    const allocated = machine.allocatedBytes;
    const script = this.#clock.now();
    let errors = 0;
    const still = this.paused || this.loading;
    if (!still) errors = machine.step(this.#step(elapsed));
    const stage = this.#clock.now();
    this.stage?.run();
    const end = this.#clock.now();
    recorder.set(Measure.ARENA, machine.statistic(STATS_ARENA_BYTES));
    machine.resetFrame();

    const inFrame = machine.statistic(STATS_COLLECTIONS) - collections;
    recorder.set(Measure.INPUT, script - start);
    recorder.set(Measure.SCRIPT, stage - script);
    recorder.set(Measure.STAGE, end - stage);
    recorder.set(Measure.ALLOCATED, machine.allocatedBytes - allocated);
    recorder.set(Measure.YOUNG, machine.statistic(STATS_YOUNG_BYTES));
    recorder.set(Measure.LIVE, machine.statistic(STATS_LIVE_BYTES) + machine.statistic(STATS_AGED_BYTES));
    recorder.set(Measure.MEMORY, machine.memory.buffer.byteLength);
    recorder.set(Measure.COLLECTIONS, inFrame);
    recorder.set(Measure.COLLECTIONS_IN_FRAME, inFrame);
    recorder.set(Measure.ERRORS, errors);
    this.gap.open(machine, time + interval.estimate, interval.estimate, still);
  }

  /** Notes in the profile that the newest frame missed its deadline, and by whose doing. */
  missed(): void {
    const { recorder } = this;
    const input = recorder.read(Measure.INPUT);
    const script = recorder.read(Measure.SCRIPT);
    const stage = recorder.read(Measure.STAGE);
    const sliceEnd = this.gap.ended - recorder.read(Measure.TIME);
    recorder.set(Measure.LATE, 1);
    recorder.set(Measure.MISSED_BY, findCulprit(input, script, stage, sliceEnd, this.interval.estimate));
  }

  /** Seconds for the script. The first frame after a pause or an interruption lasts as long as any other. */
  #step(elapsed: number): number {
    if (this.#fixedStep !== undefined) return this.#fixedStep;
    const milliseconds = elapsed > 0 ? elapsed : this.interval.estimate;
    return Math.min(milliseconds / 1000, this.#longestStep);
  }
}
