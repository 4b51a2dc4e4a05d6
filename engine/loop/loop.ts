/**
 * The frame function: what happens in a frame, in which order, whoever drives it. Drivers decide when a frame begins
 * and when the gap after it gets its turns; see `page.ts` and `headless.ts`.
 *
 *     input -> reload -> script (one call into WebAssembly) -> stage -> reset of the `frame` arena | gap
 *
 * With a fixed step, a frame has as many calls as steps are due; input that came since the last step is the first one's.
 * Whatever a part throws, the parts after it have their turn, and the frame is ended as any other.
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
import type { Failures } from '../failures.ts';
import type { GapScheduler } from '../gap/index.ts';
import { type FrameRecorder, Lateness, Measure } from '../profile/index.ts';
import type { ScriptMachine } from '../script.ts';
import { FrameInterval } from './interval.ts';
import { type StepOptions, Steps } from './steps.ts';

/** Something that has its turn in each frame. */
export interface FramePart {
  /** `time` is when the frame began, in milliseconds by the loop's clock. */
  run(time: number): void;
}

/** New code is swapped in; `coming` tells whether some is on its way. */
export interface ReloadPart extends FramePart {
  readonly coming?: boolean;
}

/** Draws. */
export interface StagePart {
  /** `between` says how far what is drawn is on its way to where the last step has taken it: 0 to 1. */
  run(time: number, between: number): void;
}

export interface LoopOptions extends StepOptions {
  readonly machine: ScriptMachine;
  readonly clock: Clock;
  readonly recorder: FrameRecorder;
  readonly gap: GapScheduler;
  readonly interval?: FrameInterval;
  /** Notes what parts of a frame throw. Without it, the first of a frame is thrown when the frame is over. */
  readonly failures?: Failures;
  /**
   * Milliseconds: where the script took so long and failed, it rests as long, so that the page, and new code, have their turn. Default:
   * never.
   */
  readonly longCall?: number;
}

export class Loop {
  /** The program that is run. A reload that restarts the scene puts another in its place. */
  machine: ScriptMachine;
  /** While true, frames draw and the gap goes on, but the script stands still. */
  paused = false;
  /** While true, the player is elsewhere: the script stands still as well. Set by `PageDriver`. */
  away = false;
  /** While true, a load is in progress: the script stands still as well. Set by `Loading`. */
  loading = false;
  /** Events since the last frame are brought to the script. */
  input: FramePart | undefined;
  /** New code is swapped in; nothing of the script is on the stack. */
  reload: ReloadPart | undefined;
  /** What the script made of the world is drawn. */
  stage: StagePart | undefined;
  /** Sees the finished row of the recorder: panels. */
  observer: FramePart | undefined;

  readonly recorder: FrameRecorder;
  readonly gap: GapScheduler;
  readonly interval: FrameInterval;
  readonly #clock: Clock;
  readonly #failures: Failures | undefined;
  readonly #steps: Steps;
  readonly #longCall: number;
  /** Until when the script rests. */
  #rest = Number.NEGATIVE_INFINITY;
  /** Steps that were asked for while the script stands still. */
  #single = 0;
  readonly #lateness: Lateness;
  #running = false;
  /** When the frame in progress began. */
  #time = 0;
  /** What a part of this frame threw, where nobody notes it. */
  #thrown: { readonly error: unknown } | undefined;
  /** What waits for the end of the frame in progress. */
  #after: (() => void)[] = [];
  /** What has kept where all was before the last step. */
  #kept: ScriptMachine | undefined;
  /** What ran in the newest frame, and its collector's milliseconds and collections when that frame ended. */
  #ran: ScriptMachine | undefined;
  #collectorTime = 0;
  #collections = 0;

  constructor(options: LoopOptions) {
    this.machine = options.machine;
    this.#clock = options.clock;
    this.recorder = options.recorder;
    this.#lateness = new Lateness(options.recorder);
    this.gap = options.gap;
    this.interval = options.interval ?? new FrameInterval();
    this.#failures = options.failures;
    this.#steps = new Steps(options);
    this.#longCall = options.longCall ?? Number.POSITIVE_INFINITY;
  }

  /** How fast time goes in the game: 0 to 100. */
  get timeScale(): number {
    return this.#steps.scale;
  }

  set timeScale(scale: number) {
    this.#steps.scale = scale;
  }

  /** The script rests no longer: other code runs. */
  wake(): void {
    this.#rest = Number.NEGATIVE_INFINITY;
  }

  /** Has one step run in the next frame, though the script stands still. */
  singleStep(): void {
    this.#single += 1;
  }

  /** Runs `action` now, or when the frame in progress is over. */
  afterFrame(action: () => void): void {
    if (this.#running) this.#after.push(action);
    else action();
  }

  /**
   * Runs one frame that is to begin at `time`, in milliseconds by the clock, and opens the gap after it. While objects move
   * nothing can be run or drawn: such a frame is left out.
   */
  frame(time: number): void {
    if (this.#running) throw new Error('a frame is running: the next begins when it is over');
    this.#running = true;
    this.#time = time;
    try {
      this.#frame(time);
    } finally {
      this.#running = false;
      for (let action = this.#after.shift(); action !== undefined; action = this.#after.shift()) action();
    }
    this.#throw();
  }

  #frame(time: number): void {
    const { recorder, interval } = this;
    this.#closeGap();
    if (this.machine.statistic(STATS_PHASE) === PHASE_MOVE) {
      interval.interrupt();
      return;
    }
    const elapsed = interval.add(time);
    this.#lateness.begin(time, this.#clock.now(), this.gap.collectedAfter(time), this.#collectedBeside());
    this.#countCollections();
    this.#run('the panels', this.observer);
    recorder.begin(time, elapsed);

    const last = this.machine;
    const lastTime = last.collectorTime;
    const start = this.#clock.now();
    const still = this.paused || this.away || this.loading || this.#rests(start);
    const steps = this.#due(elapsed, still);
    // What came is kept for the next step where none is due.
    if (still || steps > 0) this.#run('input', this.input);
    this.#run('reload', this.reload);
    const machine = this.machine;
    const collectorTime = machine === last ? lastTime : machine.collectorTime;
    const collections = machine.statistic(STATS_COLLECTIONS);
    const allocated = machine.allocatedBytes;
    const script = this.#clock.now();
    const errors = this.#script(machine, steps);
    const stage = this.#clock.now();
    const took = stage - script;
    if (errors > 0 && took >= this.#longCall) this.#rest = stage + took;
    this.#draw();
    const drawn = this.#clock.now();
    recorder.set(Measure.ARENA, machine.statistic(STATS_ARENA_BYTES));
    this.#reset(machine);
    const end = this.#clock.now();

    const inFrame = machine.statistic(STATS_COLLECTIONS) - collections;
    recorder.set(Measure.INPUT, script - start);
    recorder.set(Measure.SCRIPT, took);
    recorder.set(Measure.STAGE, drawn - stage);
    recorder.set(Measure.ALLOCATED, machine.allocatedBytes - allocated);
    recorder.set(Measure.YOUNG, machine.statistic(STATS_YOUNG_BYTES));
    recorder.set(Measure.LIVE, machine.statistic(STATS_LIVE_BYTES) + machine.statistic(STATS_AGED_BYTES));
    recorder.set(Measure.MEMORY, machine.memory.buffer.byteLength);
    recorder.set(Measure.COLLECTIONS, inFrame);
    recorder.set(Measure.COLLECTIONS_IN_FRAME, inFrame);
    recorder.set(Measure.ERRORS, errors);
    if (this.loading) recorder.set(Measure.LOADING, 1);
    this.#ran = machine;
    this.#collectorTime = machine.collectorTime;
    this.#collections = collections + inFrame;
    const deadline = interval.known ? interval.estimate : Number.POSITIVE_INFINITY;
    this.#lateness.end(end, end - drawn, this.#collectorTime - collectorTime, deadline);
    this.#openGap(machine, time, still);
  }

  /** Where new code is on its way, a script that rests is not begun again. */
  #rests(now: number): boolean {
    if (now < this.#rest) return true;
    if (this.#rest > 0 && this.reload?.coming === true) return true;
    this.wake();
    return false;
  }

  /** What the browser knows of the time that is left: see `GapScheduler.idle`. */
  idle(remaining: number): void {
    this.gap.idle(remaining);
  }

  /** A turn of the gap: see `GapScheduler.turn`. */
  turn(): boolean {
    let more = false;
    try {
      more = this.gap.turn();
    } catch (error) {
      this.#fail('the collector', error);
    }
    this.#throw();
    return more;
  }

  /** Milliseconds of collections since the frame before that were no slices of its gap: somebody has forced them. */
  #collectedBeside(): number {
    if (this.machine !== this.#ran) return 0;
    return Math.max(0, this.machine.collectorTime - this.#collectorTime - this.recorder.read(Measure.GAP));
  }

  /** A collection that somebody has forced since the frame before is that frame's, as those of its gap are. */
  #countCollections(): void {
    const { machine, recorder } = this;
    if (machine !== this.#ran) return;
    const since = machine.statistic(STATS_COLLECTIONS) - this.#collections;
    recorder.set(Measure.COLLECTIONS, recorder.read(Measure.COLLECTIONS_IN_FRAME) + since);
  }

  /**
   * How many steps this frame has. The first frame after a pause or an interruption lasts as long as any other.
   */
  #due(elapsed: number, still: boolean): number {
    const { estimate } = this.interval;
    if (!still) {
      this.#single = 0;
      return this.#steps.take((elapsed > 0 ? elapsed : estimate) / 1000);
    }
    if (this.#single === 0 || this.loading) return 0;
    this.#single -= 1;
    return this.#steps.takeOne(estimate / 1000);
  }

  /** Runs the script's steps. Each has the `frame` arena to itself; the stage draws after the last. */
  #script(machine: ScriptMachine, steps: number): number {
    let errors = 0;
    for (let i = 0; i < steps; i += 1) {
      if (i > 0) {
        this.#reset(machine);
        this.#run('input', this.input);
      }
      if (i === steps - 1 && this.#steps.interpolate) this.#keep(machine);
      try {
        errors += machine.step(this.#steps.length);
      } catch (error) {
        errors += 1;
        this.#fail('script', error);
      }
    }
    return errors;
  }

  /** Where there is no room for it, what is drawn is where it is. */
  #keep(machine: ScriptMachine): void {
    this.#kept = undefined;
    try {
      machine.keep();
      this.#kept = machine;
    } catch (error) {
      this.#fail('script', error);
    }
  }

  #draw(): void {
    try {
      this.stage?.run(this.#time, this.#kept === this.machine ? this.#steps.part : 1);
    } catch (error) {
      this.#fail('stage', error);
    }
  }

  #run(where: string, part: FramePart | undefined): void {
    try {
      part?.run(this.#time);
    } catch (error) {
      this.#fail(where, error);
    }
  }

  #reset(machine: ScriptMachine): void {
    try {
      machine.resetFrame();
    } catch (error) {
      this.#fail('the end of the frame', error);
    }
  }

  #closeGap(): void {
    try {
      this.gap.close();
    } catch (error) {
      this.#fail('the collector', error);
    }
  }

  #openGap(machine: ScriptMachine, time: number, still: boolean): void {
    const { estimate } = this.interval;
    try {
      this.gap.open(machine, time + estimate, estimate, still);
    } catch (error) {
      this.#fail('the collector', error);
    }
  }

  #throw(): void {
    const thrown = this.#thrown;
    if (thrown === undefined) return;
    this.#thrown = undefined;
    throw thrown.error;
  }

  #fail(where: string, error: unknown): void {
    if (this.#failures !== undefined) this.#failures.note(where, error);
    else this.#thrown ??= { error };
  }
}
