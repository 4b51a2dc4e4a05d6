/**
 * What the next young collection will take. It lies in one gap, however many portions it has, so it is begun only where all of it is
 * expected to fit. Its price is a fixed part, for roots and what is remembered, and one for what survives; what dies
 * costs next to nothing. How much survives is learned as well. A nursery that becomes old as it stands does so in slices like
 * a cycle's, and always fits.
 *
 * One that was slow for reasons of its own (the process was stopped) must not keep all others out: no measurement counts for more
 * than twice what was believed, and each time a young collection does not fit, the price is believed less. Meanwhile the
 * nursery grows, and beyond its quota it is divided among gaps; so this ends. One that had to give up is believed to be dearer.
 */
import { Average } from './average.ts';

const FRESH = 0.2;
const OUTLIER = 2;
const DOUBT = 0.7;
const GAVE_UP = 1.5;
const LARGEST_BELIEF = 4;
/** Before anything was measured, in milliseconds, and milliseconds a megabyte that survives: a slow phone's. */
const PRESUMED_FIXED = 0.1;
const PRESUMED = 2;
const PRESUMED_USUAL = 1;
const MEGABYTE = 1 << 20;

export class YoungPace {
  /** Milliseconds of one in which nothing survives, and for each megabyte that does. */
  #fixed = PRESUMED_FIXED;
  #price = PRESUMED;
  /** What is added to that by experience, as a factor. */
  #belief = 1;
  #usual = PRESUMED_USUAL;
  readonly #survival = new Average();
  #learned = false;

  /** Milliseconds that one usually takes. */
  get usual(): number {
    return this.#usual;
  }

  /** Part of the nursery that is expected to survive. */
  get survival(): number {
    return this.#learned ? this.#survival.high : 1;
  }

  /** Milliseconds expected for a nursery of so many bytes, where nothing is promoted unseen beyond `quota` bytes. */
  expected(bytes: number, quota: number): number {
    return bytes > quota ? 0 : this.#belief * this.#of(bytes * this.survival);
  }

  /** One is over that has looked through so many bytes, of which some survived, in so many milliseconds. */
  learn(bytes: number, survived: number, elapsed: number): void {
    const believed = this.#of(survived);
    const measured = Math.min(elapsed, believed * OUTLIER);
    this.#usual += (Math.min(elapsed, this.#usual * OUTLIER) - this.#usual) * FRESH;
    // The step that takes the estimate a part of the way, shared between both prices as they took part in it.
    const megabytes = survived / MEGABYTE;
    const step = ((measured - believed) * FRESH) / (1 + megabytes * megabytes);
    this.#fixed = Math.max(0, this.#fixed + step);
    this.#price = Math.max(0, this.#price + step * megabytes);
    this.#belief += (1 - this.#belief) * FRESH;
    this.#survival.add(survived / Math.max(bytes, 1));
    this.#learned = true;
  }

  /** There was no room for one. */
  doubt(): void {
    this.#belief *= DOUBT;
  }

  /** One was begun, and a script came before its end. */
  gaveUp(): void {
    this.#belief = Math.min(LARGEST_BELIEF, this.#belief * GAVE_UP);
  }

  #of(survived: number): number {
    return this.#fixed + (this.#price * survived) / MEGABYTE;
  }
}
