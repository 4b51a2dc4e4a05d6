import type { Clock } from '../../../engine/clock.ts';
import type { Column, ScriptMachine } from '../../../engine/script.ts';
import {
  STATS_ARENA_BYTES,
  STATS_COLLECTIONS,
  STATS_LIVE_BYTES,
  STATS_SLICE_WORK,
  STATS_YOUNG_BYTES,
} from '../../../scripting/heap/index.ts';

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
export class FakeMachine implements ScriptMachine {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: 16 });
  /** What was called, in order. */
  readonly calls: string[] = [];
  readonly steps: number[] = [];
  readonly slices: number[] = [];
  allocatedBytes = 0;
  stepTime = 0;
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
  ]);
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  step(dt: number): number {
    this.calls.push('step');
    this.steps.push(dt);
    this.#clock.advance(this.stepTime);
    this.allocatedBytes += this.bytesPerStep;
    return this.stepErrors;
  }

  resetFrame(): void {
    this.calls.push('resetFrame');
  }

  /** What slices say they did, where that is not what they did. */
  reported: number | undefined;

  gapSlice(work: number): boolean {
    if (this.due === 0) return false;
    const done = Math.min(work, this.due);
    this.slices.push(work);
    this.due -= done;
    this.statistics.set(STATS_SLICE_WORK, this.reported ?? done);
    this.#clock.advance((done / 1000) * this.timePerThousand);
    if (this.due === 0) this.statistics.set(STATS_COLLECTIONS, this.statistic(STATS_COLLECTIONS) + 1);
    return this.due > 0;
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

  column(): Column {
    return { address: 0, length: 0, capacity: 0, stride: 0, locate: () => undefined };
  }

  statistic(address: number): number {
    return this.statistics.get(address) ?? 0;
  }
}
