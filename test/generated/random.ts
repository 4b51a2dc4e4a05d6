/** Choices by chance, the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** From 0 up to, not including, `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new Error('there is nothing to pick from');
    return from[this.below(from.length)] as T;
  }

  /** `count` different ones, in order, or all where there are fewer. */
  some<T>(from: readonly T[], count: number): T[] {
    const left = from.map((_, i) => i);
    while (left.length > count) left.splice(this.below(left.length), 1);
    return left.map((i) => from[i] as T);
  }

  /** One of several, each as likely as its weight says. */
  weighted<T>(from: readonly (readonly [weight: number, item: T])[]): T {
    const total = from.reduce((sum, [weight]) => sum + weight, 0);
    let at = this.next() * total;
    for (const [weight, item] of from) {
      at -= weight;
      if (at < 0) return item;
    }
    return (from.at(-1) as readonly [number, T])[1];
  }
}
