/**
 * A mean that forgets, kept at two speeds: one follows within a few frames, one remembers half a second. Who must not
 * be surprised takes the worse of the two: the higher for what costs, the lower for what is hoped for.
 */
const FAST = 1 / 4;
const SLOW = 1 / 32;

export class Average {
  #fast = 0;
  #slow = 0;
  #fresh = true;

  add(value: number): void {
    if (this.#fresh) {
      this.#fast = value;
      this.#slow = value;
      this.#fresh = false;
    }
    this.#fast += (value - this.#fast) * FAST;
    this.#slow += (value - this.#slow) * SLOW;
  }

  get high(): number {
    return Math.max(this.#fast, this.#slow);
  }

  get low(): number {
    return Math.min(this.#fast, this.#slow);
  }
}
