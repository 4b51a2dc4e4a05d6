/**
 * The language's own random numbers, xoroshiro128++ seeded by SplitMix64, so that a program in TypeScript starts from
 * the same world as its twin in Sluice. Slow, because 64-bit arithmetic in JavaScript is: not for use in what is timed.
 */
const MASK = (1n << 64n) - 1n;

export class SeededRandom {
  #a: bigint;
  #b: bigint;

  constructor(seed: bigint) {
    this.#a = split((seed + 0x9e3779b97f4a7c15n) & MASK);
    this.#b = split((seed + 2n * 0x9e3779b97f4a7c15n) & MASK);
  }

  /** In [0, 1). */
  next(): number {
    const a = this.#a;
    const b = this.#b;
    const mixed = a ^ b;
    this.#a = rotate(a, 49n) ^ mixed ^ ((mixed << 21n) & MASK);
    this.#b = rotate(mixed, 28n);
    const drawn = (rotate((a + b) & MASK, 17n) + a) & MASK;
    return Number(drawn >> 11n) * 2 ** -53;
  }
}

function rotate(x: bigint, by: bigint): bigint {
  return ((x << by) | (x >> (64n - by))) & MASK;
}

/** SplitMix64's output function. */
function split(state: bigint): bigint {
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}
