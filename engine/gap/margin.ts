/**
 * How long before the next frame's expected start the collector has to stop. A gap that ran over its deadline widens
 * the margin at once by as much; gaps that kept it, or had no room for what was due, let it shrink slowly. So one slow slice costs some collection time
 * for a while, and never a second late frame.
 */
const NARROWEST = 0.5;
/** What is left of the part above the narrowest after each gap that kept its deadline: half of it in 35 gaps. */
const DECAY = 0.98;
/** The margin takes at most this part of a frame, or nothing would ever be collected. */
const LARGEST_PART = 1 / 3;

export class Margin {
  #width = 1;
  #widest = Number.POSITIVE_INFINITY;

  /** Milliseconds. */
  get width(): number {
    return this.#width;
  }

  /** Says how long a frame is, in milliseconds. */
  limit(interval: number): void {
    this.#widest = Math.max(NARROWEST, interval * LARGEST_PART);
    this.#width = Math.min(this.#width, this.#widest);
  }

  /** Takes how far after the deadline a gap's last slice ended, in milliseconds; 0 or less where it kept it. */
  learn(overrun: number): void {
    this.#width =
      overrun > 0
        ? Math.min(this.#widest, this.#width + overrun)
        : NARROWEST + (this.#width - NARROWEST) * DECAY;
  }
}
