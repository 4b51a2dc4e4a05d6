/**
 * The gap scheduler: hands the time between the end of one frame and the start of the next to the collector, in slices.
 *
 *     frame      | input reload script stage |        | input reload ...
 *     paint                                  | paint |
 *     gap                                             [young][mark][mark] not needed    margin |
 *                                                      <- share of the cycle ->       deadline is before the margin
 *                                                     <- a turn: at most 4 ms ->
 *
 * A slice is bounded by work, because clocks are coarse and because reading them costs; between slices the clock is read.
 * How much work fits a slice, and how large the margin before the next frame has to be, are learned from what slices
 * took. A turn ends after 4 ms at the latest, so that the browser can serve timers and input; the page then asks for
 * the next turn. Of a gap's time a cycle takes the share that `pacer.ts` finds it needs, and no more.
 *
 * A late frame leaves no gap, and the collector gets nothing, until the heap is in debt: then every frame is charged with a
 * guaranteed share, which is recorded as such. So it is with a turn a frame while a full collection is due that a script
 * has asked for.
 */
import {
  FORCED_STAGE,
  NEXT_FULL,
  NEXT_YOUNG,
  PHASE_IDLE,
  PHASE_SWEEP,
  STATS_COLLECTIONS,
  STATS_GIVEN_UP,
  STATS_HOLE_BYTES,
  STATS_LIVE_BYTES,
  STATS_NEXT,
  STATS_PHASE,
  STATS_REMEMBERED,
  STATS_SLICE_WORK,
  STATS_TRACING,
  STATS_YOUNG_SEEN,
  STATS_YOUNG_SURVIVED,
} from '../../scripting/heap/index.ts';
import type { Clock } from '../clock.ts';
import { type FrameRecorder, Measure, type SliceKind } from '../profile/index.ts';
import type { Collector } from './collector.ts';
import { CycleWork } from './cycle-work.ts';
import { type LimitOptions, resolveLimits } from './limits.ts';
import { Margin } from './margin.ts';
import { SlicePace } from './pace.ts';
import { Pacer, type Plan, type Reading } from './pacer.ts';
import { blocksInUse, emptyReading, nursery, quotaOf, readHeap } from './reading.ts';
import { SliceObserver } from './slices.ts';
import { Stretches } from './stretches.ts';
import { YoungPace } from './young-pace.ts';
import { YoungTrigger } from './young-trigger.ts';

export interface GapOptions extends LimitOptions {
  /** Whether the browser has input waiting; such input ends a turn. */
  readonly inputPending?: () => boolean;
  /** Hears of each slice: what it was, and when it began and ended, by the clock. */
  readonly onSlice?: (kind: SliceKind, begun: number, ended: number) => void;
}

/** Longest stretch, in milliseconds, that the browser is kept from its other work. */
const TURN = 4;

export class GapScheduler {
  readonly #clock: Clock;
  readonly #recorder: FrameRecorder;
  readonly #options: GapOptions;
  readonly #inputPending: () => boolean;
  readonly #mark = new SlicePace();
  readonly #sweep = new SlicePace();
  readonly #portion = new SlicePace();
  readonly #young = new YoungPace();
  readonly #margin = new Margin();
  readonly #slice: SliceObserver;
  readonly #stretches = new Stretches();
  readonly #reading = emptyReading();
  #work = new CycleWork();
  #pacer: Pacer | undefined;
  #trigger: YoungTrigger | undefined;
  #adopted: Collector | undefined;
  /** The collector while a gap is open. */
  #collector: Collector | undefined;
  #deadline = 0;
  #more = false;
  /** Whether anything was due when the gap was opened. */
  #wanted = false;
  /** Milliseconds of a cycle's slices in this gap so far. */
  #spent = 0;
  /** Whether a cycle has begun in this gap. */
  #begun = false;
  #overran = 0;
  #ran = false;
  #ended = 0;
  /** Milliseconds of the young collection in progress so far. */
  #youngTime = 0;
  /** How many young collections had given up when the last one was over, and when the gap was opened. */
  #givenUp = 0;
  #heard = 0;
  /** Collections that the pacer knows of. */
  #collections = 0;
  /** Bytes ever promoted when the cycle began. */
  #promoted = 0;

  constructor(clock: Clock, recorder: FrameRecorder, options: GapOptions = {}) {
    this.#clock = clock;
    this.#recorder = recorder;
    this.#options = options;
    this.#inputPending = options.inputPending ?? (() => false);
    this.#slice = new SliceObserver(recorder);
  }

  /** Milliseconds kept free before the next frame's expected start. */
  get margin(): number {
    return this.#margin.width;
  }

  /** What is planned for the gap opened last; undefined before the first. */
  get plan(): Plan | undefined {
    return this.#pacer?.plan;
  }

  /** When the newest slice ended, by the clock. */
  get ended(): number {
    return this.#ended;
  }

  /** Milliseconds that slices of the newest gaps have run after a moment, by the clock. */
  collectedAfter(moment: number): number {
    return this.#stretches.after(moment);
  }

  /**
   * A heap is there that nothing is known of yet. Throws a `RangeError` where the options do not go with its hard
   * limit. `open` does it where nobody has.
   */
  adopt(collector: Collector): void {
    this.#work = new CycleWork();
    const limits = resolveLimits(this.#options, collector.hardLimit);
    this.#pacer = new Pacer(limits, this.#work);
    this.#trigger = new YoungTrigger(this.#young, limits.softLimit);
    this.#adopted = collector;
    this.#promoted = collector.promotedBytes;
    this.#collections = collector.statistic(STATS_COLLECTIONS);
    this.#givenUp = collector.statistic(STATS_GIVEN_UP);
    this.#heard = this.#givenUp;
  }

  /**
   * The frame is done. Until `nextFrame`, by the clock, less the margin, turns may run; `interval` is a frame's length,
   * of which the margin never takes more than a part. While nobody plays (`idle`) whole cycles are done.
   */
  open(collector: Collector, nextFrame: number, interval: number, idle = false): void {
    if (collector !== this.#adopted) this.adopt(collector);
    this.#margin.limit(interval);
    this.#collector = collector;
    this.#deadline = nextFrame - this.#margin.width;
    this.#spent = 0;
    this.#begun = false;
    this.#overran = 0;
    this.#ran = false;
    if (collector.statistic(STATS_COLLECTIONS) !== this.#collections) this.#cycleEnded(collector, false);
    const givenUp = collector.statistic(STATS_GIVEN_UP);
    if (givenUp !== this.#heard) {
      this.#young.gaveUp();
      this.#trigger?.gaveUp();
    }
    this.#heard = givenUp;
    const reading = this.#read(collector);
    const now = this.#clock.now();
    this.#stretches.forgetAfter(now);
    reading.gap = Math.max(0, this.#deadline - now);
    reading.interval = interval;
    reading.idle = idle;
    this.#pacer?.observe(reading);
    if (!idle) this.#trigger?.observe(reading.gap, reading.oldBytes, (this.plan?.debt ?? 0) > 0);
    this.#planned();
    this.#more = collector.gapSlice(0);
    this.#wanted = this.#more;
  }

  /** The next frame begins: what debt has been promised is given now at the latest, and then nothing until `open`. */
  close(): void {
    const collector = this.#collector;
    if (collector === undefined) return;
    this.#deadline = Math.min(this.#deadline, this.#clock.now());
    this.turn();
    // A gap that had no room for what was due counts as well: otherwise a margin as wide as the gap would stay so for good.
    if (this.#ran || this.#wanted) this.#margin.learn(this.#overran);
    this.#recorder.set(Measure.PHASE, collector.statistic(STATS_PHASE));
    this.#collector = undefined;
  }

  /**
   * The browser says that it will be idle for so many milliseconds. It knows of its own work: where that is less than
   * was expected, the deadline moves forward.
   */
  idle(remaining: number): void {
    // In a page that nobody sees there is no frame to be in time for.
    if (this.#deadline === Number.POSITIVE_INFINITY) return;
    this.#deadline = Math.min(this.#deadline, this.#clock.now() + remaining);
  }

  /** Runs slices for one turn. True where another turn in this gap would have something to do. */
  turn(): boolean {
    const collector = this.#collector;
    if (collector === undefined) return false;
    let now = this.#clock.now();
    const end = now + TURN;
    while (this.#more) {
      const left = this.#deadline - now;
      const room = left > 0 ? left : this.#owed(collector);
      if (room <= 0) break;
      if (left > 0 && this.#inputPending()) return true;
      if (now >= end) return true;
      const work = this.#next(collector, left > 0, Math.min(room, end - now));
      if (work === 0) {
        // There is no room for it in time. What is owed is given in any case, when the gap is closed.
        this.#more = left > 0 && this.#owed(collector) > 0;
        return false;
      }
      now = this.#run(collector, work, now);
    }
    this.#more = false;
    return false;
  }

  /** Milliseconds of slices that are due in this frame whatever it leaves: what debt has promised, and a turn if a script asked. */
  #owed(collector: Collector): number {
    const asked = isAsked(collector) ? TURN : 0;
    return Math.max(this.plan?.guaranteedBudget ?? 0, asked) - this.#spent;
  }

  /** Units for the next slice; 0 where it has to wait for another gap. */
  #next(collector: Collector, inTime: boolean, room: number): number {
    const next = collector.statistic(STATS_NEXT);
    if (next === NEXT_FULL) return 1;
    // What is half traced has to be finished in this gap, or it was for nothing.
    if (collector.statistic(STATS_TRACING) !== 0) return this.#portion.fit(room);
    if (isAsked(collector)) {
      const pace = next === NEXT_YOUNG ? this.#portion : this.#paceOf(collector.statistic(STATS_PHASE));
      return pace.fit(room);
    }
    if (next === NEXT_YOUNG) {
      const expected = this.#young.expected(nursery(collector), quotaOf(collector));
      const inRoom = expected <= this.#deadline - this.#clock.now();
      if (!inTime || this.#reading.idle || inRoom || this.#hasGivenUp(collector))
        return this.#portion.fit(room);
      this.#young.doubt();
      return 0;
    }
    const budget = this.#cycleBudget - this.#spent;
    return budget > 0 ? this.#paceOf(collector.statistic(STATS_PHASE)).fit(Math.min(room, budget)) : 0;
  }

  /** Whether what is young becomes old as it stands since the last young collection gave up: that is divided among gaps, and fits. */
  #hasGivenUp(collector: Collector): boolean {
    return collector.statistic(STATS_GIVEN_UP) !== this.#givenUp;
  }

  /** Milliseconds that the slices of a cycle may take in this gap. */
  get #cycleBudget(): number {
    const { cycleBudget = 0, firstBudget = 0 } = this.plan ?? {};
    return this.#begun ? Math.max(cycleBudget, firstBudget) : cycleBudget;
  }

  #run(collector: Collector, work: number, begun: number): number {
    const slice = this.#slice;
    slice.before(collector);
    this.#more = collector.gapSlice(work);
    const now = this.#clock.now();
    const elapsed = now - begun;
    const kind = slice.after(collector, elapsed);
    if (kind === undefined) return now;
    this.#ended = now;
    this.#stretches.add(begun, now);
    this.#options.onSlice?.(kind, begun, now);
    if (begun < this.#deadline) {
      this.#ran = true;
      this.#overran = Math.max(this.#overran, now - this.#deadline);
    } else {
      this.#recorder.add(Measure.GUARANTEED, elapsed);
    }
    if (kind === 'young') this.#collectedYoung(collector, elapsed);
    else this.#cycled(collector, kind, elapsed);
    return now;
  }

  /** A portion of a young collection, or of a nursery that becomes old as it stands, has run. */
  #collectedYoung(collector: Collector, elapsed: number): void {
    const slice = this.#slice;
    this.#youngTime = elapsed + (slice.continued ? this.#youngTime : 0);
    if (slice.traced) this.#portion.learn(collector.statistic(STATS_SLICE_WORK), elapsed);
    const givenUp = collector.statistic(STATS_GIVEN_UP);
    if (slice.completed) {
      const seen = collector.statistic(STATS_YOUNG_SEEN);
      if (givenUp === this.#givenUp && seen <= quotaOf(collector)) {
        this.#young.learn(seen, collector.statistic(STATS_YOUNG_SURVIVED), this.#youngTime);
        this.#trigger?.completed();
      }
      this.#givenUp = givenUp;
    } else if (!slice.traced) {
      // A part of a nursery that becomes old as it stands is paid for like a part of a cycle.
      this.#spent += elapsed;
    }
  }

  /** A slice of a cycle, or a whole collection, has run. */
  #cycled(collector: Collector, kind: SliceKind, elapsed: number): void {
    this.#spent += elapsed;
    const phase = collector.statistic(STATS_PHASE);
    const units = collector.statistic(STATS_SLICE_WORK);
    if (this.#slice.phase === PHASE_IDLE && phase !== PHASE_IDLE) {
      this.#work.begin(collector.statistic(STATS_LIVE_BYTES), blocksInUse(collector));
      this.#promoted = collector.promotedBytes;
      this.#begun = true;
    }
    if (kind === 'mark' || kind === 'sweep') {
      this.#work.add(this.#slice.phase, units);
      this.#paceOf(this.#slice.phase).learn(units, elapsed);
    }
    if (phase !== PHASE_IDLE) return;
    if (kind === 'sweep') this.#work.end();
    this.#cycleEnded(collector, kind === 'sweep');
    // What is due after this cycle is decided anew: by the old plan the next would begin at once.
    this.#pacer?.decide(this.#read(collector));
    collector.startCycleAt(this.plan?.cycleStart ?? 0);
    this.#more = collector.gapSlice(0);
  }

  /** A collection is over, this scheduler's or another: a forced one, or one in a frame because memory had run out. */
  #cycleEnded(collector: Collector, inCycle: boolean): void {
    this.#collections = collector.statistic(STATS_COLLECTIONS);
    // Nothing is left of a young collection that gave up.
    this.#givenUp = collector.statistic(STATS_GIVEN_UP);
    this.#pacer?.cycleEnded(
      collector.statistic(STATS_LIVE_BYTES),
      inCycle ? collector.promotedBytes - this.#promoted : 0,
    );
  }

  #paceOf(phase: number): SlicePace {
    return phase === PHASE_SWEEP ? this.#sweep : this.#mark;
  }

  #read(collector: Collector): Reading {
    const reading = this.#reading;
    readHeap(collector, reading);
    reading.youngTime = this.#young.usual;
    reading.markRate = this.#mark.rate;
    reading.sweepRate = this.#sweep.rate;
    return reading;
  }

  /** Tells the heap and the profile what is planned. */
  #planned(): void {
    const { plan } = this;
    if (plan === undefined || this.#collector === undefined) return;
    const reading = this.#reading;
    const recorder = this.#recorder;
    this.#collector.startCycleAt(plan.cycleStart);
    this.#collector.startYoungAt(this.#trigger?.bytes ?? 0);
    const gap = Math.min(reading.gap, reading.interval);
    recorder.set(Measure.GAP_LENGTH, gap);
    if (plan.framesToFinish > 0)
      recorder.set(Measure.GRANTED, Math.min(plan.cycleBudget, Math.max(gap, plan.guaranteedBudget)));
    recorder.set(Measure.GOAL, plan.goal);
    recorder.set(Measure.DEBT, plan.debt);
    recorder.set(Measure.FINISH, plan.framesToFinish);
    recorder.set(Measure.REMEMBERED, this.#collector.statistic(STATS_REMEMBERED));
    recorder.set(Measure.HOLES, this.#collector.statistic(STATS_HOLE_BYTES));
    recorder.set(Measure.SUPPRESSED, reading.suppressed);
    recorder.set(Measure.SUPPRESSED_BYTES, reading.suppressed > 0 ? reading.youngBytes : 0);
  }
}

/** Whether a script or the host has asked for a collection that is not over: all of each gap, and a turn after late frames. */
function isAsked(collector: Collector): boolean {
  return collector.statistic(FORCED_STAGE) !== 0;
}
