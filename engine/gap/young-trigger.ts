/**
 * How many bytes are allocated before a young collection is begun. Numbers go in and numbers come out, as in `pacer.ts`.
 *
 * A larger nursery has fewer collections, each of which pays for roots and for what is remembered, and lets more die: what lives for
 * ten frames is still alive when each frame is followed by a collection, and promoted for nothing. The price is that what does
 * survive has to be traced in one gap. So the trigger rises while the gap has room for what is expected to survive, up to 8 MiB
 * or a small part of the soft limit or of what is old, and falls where it has not, or where a collection had to give up. Where it is
 * the fixed part that is dear, as in a game that stores into everything, a smaller nursery would only pay it more often.
 */
import { Average } from './average.ts';

/** What is asked of the price of a young collection: `YoungPace` has it. */
export interface YoungPrice {
  /** Milliseconds expected for so many bytes. */
  expected(bytes: number, quota: number): number;
}

const KIB = 1 << 10;
const LEAST = 256 * KIB;
const MOST = 8192 * KIB;
/** And no more than a part of what is old, from here on: what a small game takes stays in proportion. */
const SMALL = 2048 * KIB;
const OLD_PART = 1 / 4;
/** Part of the soft limit that may be young before anything is collected. */
const LIMIT_PART = 1 / 32;
/** Part of the usual gap that a young collection is to take at most. */
const ROOM = 1 / 2;
/** By how much it goes up or down after a collection, and after one that gave up. */
const RAISE = 1.25;
const LOWER = 0.8;
const GAVE_UP = 0.5;
/** Collections that cost so little more are worth being rarer, whatever they cost. */
const SAME = 1.05;

export class YoungTrigger {
  readonly #price: YoungPrice;
  /** The most that it may ever be, and the most that goes with what is old now. */
  readonly #limit: number;
  #most = LEAST;
  readonly #gap = new Average();
  #bytes = LEAST;
  #inDebt = false;

  constructor(price: YoungPrice, softLimit: number) {
    this.#price = price;
    this.#limit = Math.max(LEAST, Math.min(MOST, softLimit * LIMIT_PART));
  }

  /** Bytes for the heap; 0 for its own trigger, which is the least. */
  get bytes(): number {
    return this.#bytes === LEAST || this.#inDebt ? 0 : this.#bytes;
  }

  /** A frame is done, after which the gap has so many milliseconds; so many bytes are old; the heap is beyond the soft limit or not. */
  observe(gap: number, oldBytes: number, inDebt: boolean): void {
    this.#gap.add(gap);
    this.#most = Math.min(this.#limit, Math.max(SMALL, oldBytes * OLD_PART));
    this.#bytes = Math.min(this.#bytes, this.#most);
    this.#inDebt = inDebt;
  }

  /** A young collection is over. */
  completed(): void {
    const now = this.#expected(this.#bytes);
    const room = this.#gap.low * ROOM;
    const larger = Math.min(this.#most, this.#bytes * RAISE);
    if (this.#expected(larger) <= Math.max(room, now * SAME)) this.#bytes = larger;
    else if (now > room) this.#lower(LOWER);
  }

  /** One was begun, and did not come to its end. */
  gaveUp(): void {
    this.#lower(GAVE_UP);
  }

  #lower(part: number): void {
    const smaller = Math.max(LEAST, this.#bytes * part);
    if (this.#expected(smaller) * SAME < this.#expected(this.#bytes)) this.#bytes = Math.floor(smaller);
  }

  #expected(bytes: number): number {
    return this.#price.expected(bytes, Number.POSITIVE_INFINITY);
  }
}
