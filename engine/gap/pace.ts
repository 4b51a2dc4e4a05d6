/**
 * How much work makes a slice: enough that reading the clock is nothing beside it, little enough that a slice which
 * turns out slow still ends near the deadline. The collector's units are its own; their price is learned, for marking
 * and for sweeping apart.
 */
/** Milliseconds a slice should take: five ticks of the coarsest clock that pages without isolation get. */
const SLICE = 0.5;
/** Shorter measurements are mostly the clock's grain. */
const GRAIN = 0.05;
/** Fewer units than this say little about the price of one: the fixed cost of a slice would be most of it. */
const TELLING = 64;
const LEAST = 256;
const MOST = 1 << 22;
/** Weight of the newest measurement. */
const FRESH = 0.2;
/** Units a millisecond that plans count on before anything was measured: a slow phone's. */
const PRESUMED = 10_000;

export class SlicePace {
  /** Units a millisecond. Begins with what makes the first slices small. */
  #rate = LEAST / SLICE;
  #learned = false;

  /** Units a millisecond, for plans. */
  get rate(): number {
    return this.#learned ? this.#rate : PRESUMED;
  }

  /** Units for a slice when so many milliseconds are left. */
  fit(remaining: number): number {
    const units = this.#rate * Math.min(SLICE, remaining);
    return Math.max(LEAST, Math.min(MOST, Math.floor(units)));
  }

  /** Takes how many units a slice did in so many milliseconds. */
  learn(units: number, elapsed: number): void {
    if (units < TELLING) return;
    this.#learned = true;
    const measured = units / Math.max(elapsed, GRAIN);
    this.#rate += (measured - this.#rate) * FRESH;
  }
}
