/**
 * Loading, and collections on command: when it does not matter how long the collector works, as long as the page stays
 * alive and shows how far things are.
 *
 *     loading(load)    | load: collection is suppressed, the script's frames stand still | full, moving collection | frames
 *     onProgress       0 ─────────────── what load reports ───────────────────────── 0.8 ─────────────────────── 1
 *
 * A level that is built without the collector allocates at full speed and leaves its garbage in between; the collection
 * after it lays what stays close together, so that the first frame finds a dense heap and nothing to collect.
 */
import type { ForceOptions, ForceOutcome, ForcePhase } from '../../scripting/machine/index.ts';
import type { Loop } from '../loop/index.ts';
import type { ForcedMachine } from '../script.ts';

/** Options of `collect`, all of them `ForceOptions`. `shrink` may be asked for while loading only. */
export type CollectOptions = ForceOptions;
export type CollectOutcome = ForceOutcome;

/** What a load is at: the callback's own work, or the collection after it. */
export type LoadPhase = 'load' | ForcePhase;

/** Says how much of the load is done: 0 to 1. Throws a `RangeError` for anything else. */
export type Report = (fraction: number) => void;

export interface LoadOptions {
  /** Memory that is not needed goes back to the browser: see `ForceOptions`. Default false. */
  readonly shrink?: boolean;
  /** Hears what is being done and how far the whole is: 0 to 1, never less than before. */
  readonly onProgress?: (phase: LoadPhase, fraction: number) => void;
}

/** How much of the progress is the load's own; the rest is the collection's. */
const LOAD_SHARE = 0.8;

const KNOWN: readonly string[] = ['shrink', 'onProgress'];

export class Loading {
  readonly #loop: Loop;
  readonly #machine: () => ForcedMachine;
  /** Loads in progress: they may overlap, and the last to end collects for all. */
  #open = 0;
  #shrink = false;

  /** `machine` returns the program that runs now: a reload may put another in its place. */
  constructor(loop: Loop, machine: () => ForcedMachine) {
    this.#loop = loop;
    this.#machine = machine;
  }

  /**
   * A forced collection in slices, between which the browser draws. Frames go on in between, but wait while objects move.
   * While collection is suppressed it is noted: inside a load for the end of the load, otherwise as a full one for the first
   * gap in which it may run. Rejects with a `TypeError` or `RangeError` for options that do not fit, and with an `Error`
   * for `shrink` outside of a load.
   */
  async collect(options: CollectOptions = {}): Promise<CollectOutcome> {
    if (this.#open > 0) {
      this.#shrink ||= options.shrink === true;
      return { kind: 'noted' };
    }
    if (options?.shrink === true)
      throw new Error('memory can be given back while loading only: ask for `shrink` inside loading()');
    return this.#machine().force(options);
  }

  /**
   * Runs `load` with collection suppressed, then forces a full moving collection before the next frame of the script. Returns
   * what `load` gives. What it throws is passed on, without a collection; suppression ends in either case. Where somebody
   * else has suppressed collection as well, it is noted for later.
   */
  async run<T>(load: (report: Report) => T | Promise<T>, options: LoadOptions = {}): Promise<T> {
    checkOptions(load, options);
    const loop = this.#loop;
    const progress = new Progress(options.onProgress);
    this.#open += 1;
    this.#shrink ||= options.shrink === true;
    loop.loading = true;
    const machine = this.#machine();
    machine.suppress();
    let resumed = false;
    try {
      const result = await load((fraction) => progress.report('load', LOAD_SHARE * checkFraction(fraction)));
      progress.report('load', LOAD_SHARE);
      machine.resume();
      resumed = true;
      if (this.#open === 1) await this.#finish(progress);
      return result;
    } finally {
      if (!resumed) machine.resume();
      this.#open -= 1;
      if (this.#open === 0) {
        this.#shrink = false;
        loop.loading = false;
        loop.interval.interrupt();
      }
    }
  }

  async #finish(progress: Progress): Promise<void> {
    await this.#machine().force({
      move: true,
      shrink: this.#shrink,
      onProgress: (phase, fraction) => progress.report(phase, LOAD_SHARE + (1 - LOAD_SHARE) * fraction),
    });
  }
}

/** Passes progress on that never falls. */
class Progress {
  readonly #listener: LoadOptions['onProgress'];
  #reached = 0;

  constructor(listener: LoadOptions['onProgress']) {
    this.#listener = listener;
  }

  report(phase: LoadPhase, fraction: number): void {
    this.#reached = Math.max(this.#reached, fraction);
    this.#listener?.(phase, this.#reached);
  }
}

function checkFraction(fraction: number): number {
  if (fraction >= 0 && fraction <= 1) return fraction;
  throw new RangeError(`the part of a load that is done is 0 to 1, not ${fraction}`);
}

function checkOptions(load: unknown, options: LoadOptions): void {
  if (typeof load !== 'function') throw new TypeError('loading needs a function that loads');
  for (const name of Object.keys(options))
    if (!KNOWN.includes(name))
      throw new TypeError(`loading has no option \`${name}\`; it has ${KNOWN.join(' and ')}`);
  if (options.shrink !== undefined && typeof options.shrink !== 'boolean')
    throw new TypeError(`the option \`shrink\` of loading is true or false, not ${String(options.shrink)}`);
  if (options.onProgress !== undefined && typeof options.onProgress !== 'function')
    throw new TypeError(
      `the option \`onProgress\` of loading is a function, not ${String(options.onProgress)}`,
    );
}
