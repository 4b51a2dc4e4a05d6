/**
 * When the collector has worked lately. Whom a slice kept waiting shows only when the next frame says when it should have
 * begun; until then it is kept here. Slices that follow one another at once are one stretch.
 */

/** Turns that end after a frame's timestamp are few: the frame comes next. Each of these may be 4 ms long and more. */
const KEPT = 16;

export class Stretches {
  readonly #begun = new Float64Array(KEPT).fill(Number.NEGATIVE_INFINITY);
  readonly #ended = new Float64Array(KEPT).fill(Number.NEGATIVE_INFINITY);
  #newest = 0;

  /** A slice has run from `begun` to `ended`. */
  add(begun: number, ended: number): void {
    if (this.#ended[this.#newest] !== begun) {
      this.#newest = (this.#newest + 1) % KEPT;
      this.#begun[this.#newest] = begun;
    }
    this.#ended[this.#newest] = ended;
  }

  /** Milliseconds that slices have run after a moment. */
  after(moment: number): number {
    let sum = 0;
    for (let i = 0; i < KEPT; i += 1)
      sum += Math.max(0, (this.#ended[i] as number) - Math.max(this.#begun[i] as number, moment));
    return sum;
  }

  /** It is `now`: what ended later is of a time that the clock was set back from. */
  forgetAfter(now: number): void {
    for (let i = 0; i < KEPT; i += 1) {
      if ((this.#ended[i] as number) <= now) continue;
      this.#begun[i] = Number.NEGATIVE_INFINITY;
      this.#ended[i] = Number.NEGATIVE_INFINITY;
    }
  }
}
