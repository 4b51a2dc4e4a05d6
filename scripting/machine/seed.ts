/**
 * Where the random numbers of a run begin: `(random-seed n)` for the host, before any of the script runs. The sequence of a
 * seed is defined in `library/native/random.ts`; this is what its `randomSeed` stores.
 */
import { RANDOM_STATE } from '../heap/index.ts';
import type { MemoryViews } from './views.ts';

const GOLDEN = 0x9e3779b97f4a7c15n;

/** Throws a `RangeError` for what is no integer of 64 bits with a sign. */
export function seedRandom(views: MemoryViews, seed: bigint): void {
  if (BigInt.asIntN(64, seed) !== seed)
    throw new RangeError(`seed is ${seed}, and has to be a number from ${-(2n ** 63n)} to ${2n ** 63n - 1n}`);
  for (const word of [0, 1]) {
    const state = split(seed + BigInt(word + 1) * GOLDEN);
    views.setWord(RANDOM_STATE + 8 * word, Number(BigInt.asUintN(32, state)));
    views.setWord(RANDOM_STATE + 8 * word + 4, Number(state >> 32n));
  }
}

/** SplitMix64's output function. */
function split(state: bigint): bigint {
  let z = BigInt.asUintN(64, state);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}
