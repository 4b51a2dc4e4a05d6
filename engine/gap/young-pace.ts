/**
 * What the next young collection will take. It is one slice that ends when it is done, so it is begun only where it fits.
 * Its price follows from what was allocated; that of a nursery which becomes old as it stands is learned apart, being
 * far lower a byte.
 *
 * One that was slow for reasons of its own (the process was stopped) must not keep all others out: no measurement counts for more
 * than twice what was believed, and each time a young collection does not fit, the price is believed less. Meanwhile the
 * nursery grows, and beyond its quota it is cheap; so this ends.
 */
const FRESH = 0.2;
const OUTLIER = 2;
const DOUBT = 0.7;

export class YoungPace {
  /** Milliseconds a byte: traced, and as they stand. */
  #traced = 0;
  #whole = 0;
  #usual = 0;

  /** Milliseconds that one usually takes. */
  get usual(): number {
    return this.#usual;
  }

  /** Milliseconds expected for a nursery of so many bytes. */
  expected(bytes: number, quota: number): number {
    return bytes * (bytes > quota ? this.#whole : this.#traced);
  }

  learn(bytes: number, quota: number, elapsed: number): void {
    const measured = elapsed / Math.max(bytes, 1);
    this.#usual = towards(this.#usual, elapsed);
    if (bytes > quota) this.#whole = towards(this.#whole, measured);
    else this.#traced = towards(this.#traced, measured);
  }

  /** There was no room for one. */
  doubt(): void {
    this.#traced *= DOUBT;
    this.#whole *= DOUBT;
  }
}

function towards(believed: number, measured: number): number {
  if (believed === 0) return measured;
  return believed + (Math.min(measured, believed * OUTLIER) - believed) * FRESH;
}
