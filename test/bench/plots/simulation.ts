/**
 * A game on the real heap in simulated time: scripts allocate, the collector collects, and only the clock is made up. Every
 * unit of the collector's work has a fixed price, so that a run is the same on every machine, to the last slice.
 */
import type { Clock } from '../../../engine/clock.ts';
import { HeadlessDriver, type HeadlessOptions } from '../../../engine/loop/index.ts';
import type { FrameRecorder } from '../../../engine/profile/index.ts';
import type { Column, ScriptMachine } from '../../../engine/script.ts';
import {
  STATS_PHASE,
  STATS_SLICE_WORK,
  STATS_TRACING,
  STATS_YOUNG_COLLECTIONS,
} from '../../../scripting/heap/index.ts';
import type { Machine } from '../../../scripting/machine/index.ts';

/** Prices in milliseconds, near to what one of today's laptops takes. */
const UNIT = 1 / 30_000;
/** A unit of a young collection is cheaper, as what is new is in the cache; each one has a price of its own. */
const YOUNG_UNIT = 1 / 40_000;
const YOUNG = 0.1;
const CYCLE_START = 0.05;

/** What a frame does. Chains are 3 KiB. */
export interface FrameLoad {
  /** Milliseconds that the script takes. */
  readonly script: number;
  /** Chains that it makes: dropped at once, in the place of others, in addition, and as a leak. */
  readonly temporary?: number;
  readonly replaced?: number;
  readonly added?: number;
  readonly leaked?: number;
}

class SimulatedClock implements Clock {
  time = 0;

  now(): number {
    return this.time;
  }
}

/** The real machine, whose steps and slices take the time that they are said to take. */
class SimulatedMachine implements ScriptMachine {
  readonly layers = [];
  readonly #machine: Machine;
  readonly #clock: SimulatedClock;
  readonly #prepare: (frame: number) => number;
  #frame = 0;

  constructor(machine: Machine, clock: SimulatedClock, prepare: (frame: number) => number) {
    this.#machine = machine;
    this.#clock = clock;
    this.#prepare = prepare;
  }

  get memory(): WebAssembly.Memory {
    return this.#machine.memory;
  }

  get allocatedBytes(): number {
    return this.#machine.allocatedBytes;
  }

  get promotedBytes(): number {
    return this.#machine.promotedBytes;
  }

  /** In mid-run a collection costs nothing here: prices are for slices. */
  readonly collectorTime = 0;

  get hardLimit(): number {
    return this.#machine.hardLimit;
  }

  step(dt: number): number {
    const script = this.#prepare(this.#frame);
    this.#frame += 1;
    const failed = this.#machine.step(dt);
    this.#clock.time += script;
    return failed;
  }

  gapSlice(work: number): boolean {
    const machine = this.#machine;
    const young = machine.statistic(STATS_YOUNG_COLLECTIONS);
    const phase = machine.statistic(STATS_PHASE);
    const more = machine.gapSlice(work);
    if (work === 0) return more;
    const isOver = machine.statistic(STATS_YOUNG_COLLECTIONS) !== young;
    if (isOver) this.#clock.time += YOUNG;
    else if (machine.statistic(STATS_PHASE) !== phase) this.#clock.time += CYCLE_START;
    const isYoung = isOver || machine.statistic(STATS_TRACING) !== 0;
    this.#clock.time += machine.statistic(STATS_SLICE_WORK) * (isYoung ? YOUNG_UNIT : UNIT);
    return more;
  }

  resetFrame(): void {
    this.#machine.resetFrame();
  }

  startCycleAt(bytes: number): void {
    this.#machine.startCycleAt(bytes);
  }

  startYoungAt(bytes: number): void {
    this.#machine.startYoungAt(bytes);
  }

  keep(): void {}

  draw(): void {}

  suppress(): void {
    this.#machine.suppress();
  }

  resume(): void {
    this.#machine.resume();
  }

  requestCollection(): void {
    this.#machine.requestCollection();
  }

  column(global: string): Column {
    return this.#machine.column(global);
  }

  statistic(address: number): number {
    return this.#machine.statistic(address);
  }
}

type SimulationOptions = Omit<HeadlessOptions, 'clock' | 'capacity'>;

/** Plays so many frames of `pacing.slu`. */
export function simulate(
  machine: Machine,
  frames: number,
  load: (frame: number) => FrameLoad,
  options: SimulationOptions = {},
): FrameRecorder {
  const prepare = (frame: number): number => {
    const { script, temporary = 0, replaced = 0, added = 0, leaked = 0 } = load(frame);
    machine.call('plan', temporary, replaced, added, leaked);
    return script;
  };
  return simulatedDriver(machine, prepare, { ...options, capacity: frames }).run(frames);
}

/** Plays a machine's program in simulated time. `prepare` is called before each frame, and returns the milliseconds its script takes. */
export function simulatedDriver(
  machine: Machine,
  prepare: (frame: number) => number,
  options: Omit<HeadlessOptions, 'clock'> = {},
): HeadlessDriver {
  const clock = new SimulatedClock();
  return new HeadlessDriver(new SimulatedMachine(machine, clock, prepare), { ...options, clock });
}
