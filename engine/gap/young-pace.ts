/**
 * What the next young collection will take. Where it traces, it is one slice that ends when it is done, so it is begun only
 * where it fits. Its price follows from what is young. A nursery that becomes old as it stands does so in slices like
 * a cycle's, and always fits.
 *
 * One that was slow for reasons of its own (the process was stopped) must not keep all others out: no measurement counts for more
 * than twice what was believed, and each time a young collection does not fit, the price is believed less. Meanwhile the
 * nursery grows, and beyond its quota it is divided; so this ends.
 */
const FRESH = 0.2;
const OUTLIER = 2;
const DOUBT = 0.7;
/** Before anything was measured, in milliseconds a byte and milliseconds: a slow phone's. */
const PRESUMED = 2e-6;
const PRESUMED_USUAL = 1;

export class YoungPace {
  /** Milliseconds a byte. */
  #price = PRESUMED;
  #usual = PRESUMED_USUAL;

  /** Milliseconds that one usually takes. */
  get usual(): number {
    return this.#usual;
  }

  /** Milliseconds expected for a nursery of so many bytes, where nothing is promoted unseen beyond `quota` bytes. */
  expected(bytes: number, quota: number): number {
    return bytes > quota ? 0 : bytes * this.#price;
  }

  learn(bytes: number, quota: number, elapsed: number): void {
    if (bytes > quota) return;
    this.#usual = towards(this.#usual, elapsed);
    this.#price = towards(this.#price, elapsed / Math.max(bytes, 1));
  }

  /** There was no room for one. */
  doubt(): void {
    this.#price *= DOUBT;
  }
}

function towards(believed: number, measured: number): number {
  return believed + (Math.min(measured, believed * OUTLIER) - believed) * FRESH;
}
