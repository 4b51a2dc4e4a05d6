/**
 * What the next young collection will take. It is one slice that ends when it is done, so it is begun only where it fits.
 * Its price follows from what was allocated; that of a nursery which becomes old as it stands is learned apart, being
 * far lower a byte.
 *
 * One that was slow for reasons of its own (the process was stopped) must not keep all others out: each time a young
 * collection does not fit, the price is believed a little less. Meanwhile the nursery grows, and beyond its quota it is
 * cheap; so this ends.
 */
const FRESH = 0.2;
const DOUBT = 0.9;

export class YoungPace {
  /** Milliseconds a byte: traced, and as they stand. */
  #traced = 0;
  #whole = 0;
  #last = 0;

  /** Milliseconds that the newest one took. */
  get last(): number {
    return this.#last;
  }

  /** Milliseconds expected for a nursery of so many bytes. */
  expected(bytes: number, quota: number): number {
    return bytes * (bytes > quota ? this.#whole : this.#traced);
  }

  learn(bytes: number, quota: number, elapsed: number): void {
    this.#last = elapsed;
    const measured = elapsed / Math.max(bytes, 1);
    if (bytes > quota) this.#whole += (measured - this.#whole) * FRESH;
    else this.#traced += (measured - this.#traced) * FRESH;
  }

  /** There was no room for one. */
  doubt(): void {
    this.#traced *= DOUBT;
    this.#whole *= DOUBT;
  }
}
