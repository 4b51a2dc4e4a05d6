import type { Clock } from '../../../engine/clock.ts';
import type { Column, ForcedMachine, ScriptMachine } from '../../../engine/script.ts';
import {
  NEXT_CYCLE,
  NEXT_NOTHING,
  NEXT_YOUNG,
  NURSERY_QUOTA,
  PHASE_IDLE,
  PHASE_MARK,
  PHASE_MOVE,
  STATS_ARENA_BYTES,
  STATS_COLLECTIONS,
  STATS_LIVE_BYTES,
  STATS_NEXT,
  STATS_PHASE,
  STATS_SLICE_WORK,
  STATS_SLICES,
  STATS_TRACING,
  STATS_YOUNG_BYTES,
  STATS_YOUNG_COLLECTIONS,
  STATS_YOUNG_SEEN,
} from '../../../scripting/heap/index.ts';
import type { ForceOptions, ForceOutcome } from '../../../scripting/machine/index.ts';

/** A clock that stands still unless it is told to go on. */
export class ManualClock implements Clock {
  time = 0;

  now(): number {
    return this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

/** A machine without a script: its steps and slices take as long as they are told to, and it notes what is done to it. */
export class FakeMachine implements ScriptMachine, ForcedMachine {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: 16 });
  /** What was called, in order. */
  readonly calls: string[] = [];
  readonly steps: number[] = [];
  readonly slices: number[] = [];
  readonly forced: ForceOptions[] = [];
  /** Whether the move phase is in progress. */
  moving = false;
  allocatedBytes = 0;
  promotedBytes = 0;
  hardLimit = 1 << 30;
  /** What the scheduler asked for last. */
  cycleStart = 0;
  youngStart = 0;
  readonly layers = [];
  stepTime = 0;
  /** Milliseconds that each step collects besides, because memory has run out, and that emptying the arena takes. */
  midRunTime = 0;
  resetTime = 0;
  collectorTime = 0;
  stepErrors = 0;
  bytesPerStep = 0;
  /** Units of collection that are due, and what a thousand of them take in ms. */
  due = 0;
  timePerThousand = 0;
  readonly statistics = new Map<number, number>([
    [STATS_ARENA_BYTES, 0],
    [STATS_COLLECTIONS, 0],
    [STATS_LIVE_BYTES, 0],
    [STATS_YOUNG_BYTES, 0],
    [NURSERY_QUOTA, 1 << 22],
  ]);
  readonly #clock: ManualClock;
  #youngTime = 0;
  #portions = 1;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  step(dt: number): number {
    this.calls.push('step');
    this.steps.push(dt);
    this.#clock.advance(this.stepTime);
    this.collect(this.midRunTime);
    this.allocatedBytes += this.bytesPerStep;
    return this.stepErrors;
  }

  resetFrame(): void {
    this.calls.push('resetFrame');
    this.#clock.advance(this.resetTime);
  }

  /** A collection, or a slice of one, that takes so many milliseconds. */
  collect(milliseconds: number): void {
    this.collectorTime += milliseconds;
    this.#clock.advance(milliseconds);
  }

  /** What slices say they did, where that is not what they did. */
  reported: number | undefined;

  startCycleAt(bytes: number): void {
    this.cycleStart = bytes;
  }

  startYoungAt(bytes: number): void {
    this.youngStart = bytes;
  }

  /** So many bytes are young, and their collection takes so long, in so many portions. */
  nursery(bytes: number, takes: number, portions = 1): void {
    this.statistics.set(STATS_YOUNG_BYTES, bytes);
    this.#youngTime = takes / portions;
    this.#portions = portions;
  }

  gapSlice(work: number): boolean {
    const young = this.statistic(STATS_YOUNG_BYTES) > 0;
    if (work === 0) return young || this.due > 0;
    if (young) {
      this.collect(this.#youngTime);
      this.#portions -= 1;
      this.statistics.set(STATS_TRACING, this.#portions > 0 ? 1 : 0);
      if (this.#portions > 0) return true;
      this.statistics.set(STATS_YOUNG_SEEN, this.statistic(STATS_YOUNG_BYTES));
      this.statistics.set(STATS_YOUNG_BYTES, 0);
      this.statistics.set(STATS_YOUNG_COLLECTIONS, this.statistic(STATS_YOUNG_COLLECTIONS) + 1);
      return this.due > 0;
    }
    if (this.due === 0) return false;
    const done = Math.min(work, this.due);
    this.slices.push(work);
    this.due -= done;
    this.statistics.set(STATS_SLICES, this.statistic(STATS_SLICES) + 1);
    this.statistics.set(STATS_SLICE_WORK, this.reported ?? done);
    this.collect((done / 1000) * this.timePerThousand);
    if (this.due === 0) this.statistics.set(STATS_COLLECTIONS, this.statistic(STATS_COLLECTIONS) + 1);
    return this.due > 0;
  }

  /** The heap has grown so much that a cycle needs all it can get; call it when the scheduler knows the heap. */
  grow(): void {
    this.statistics.set(STATS_LIVE_BYTES, 1 << 26);
  }

  keep(): void {
    this.calls.push('keep');
  }

  draw(): void {
    this.calls.push('draw');
  }

  suppress(): void {
    this.calls.push('suppress');
  }

  resume(): void {
    this.calls.push('resume');
  }

  requestCollection(): void {
    this.calls.push('requestCollection');
  }

  async force(options: ForceOptions): Promise<ForceOutcome> {
    this.calls.push('force');
    this.forced.push(options);
    options.onProgress?.('mark', 0.5);
    options.onProgress?.('move', 1);
    return { kind: 'done', before: 0, after: 0 };
  }

  column(): Column {
    return { address: 0, length: 0, capacity: 0, stride: 0, locate: () => undefined };
  }

  statistic(address: number): number {
    if (address === STATS_NEXT) {
      if (this.statistic(STATS_YOUNG_BYTES) > 0) return NEXT_YOUNG;
      return this.due > 0 ? NEXT_CYCLE : NEXT_NOTHING;
    }
    if (address === STATS_PHASE) return this.moving ? PHASE_MOVE : this.due > 0 ? PHASE_MARK : PHASE_IDLE;
    return this.statistics.get(address) ?? 0;
  }
}
