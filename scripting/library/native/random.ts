/**
 * Random numbers: xoroshiro128++ 1.0 (David Blackman and Sebastiano Vigna, "Scrambled linear pseudorandom number
 * generators", ACM TOMS 2021), seeded by SplitMix64 as its authors advise. 128 bits of state in the cells at
 * RANDOM_STATE, one 64-bit number a step; the sequence of a seed is part of the language and never changes.
 */
import { RANDOM_STATE } from '../../heap/layout.ts';

/** 2^-53: the distance of neighbouring results of `random`. */
const STEP: f64 = 1.1102230246251565e-16;

// SplitMix64's constants. AssemblyScript reads them as the 64-bit numbers they are.
// biome-ignore lint/correctness/noPrecisionLoss: a u64, not a JavaScript number
const GOLDEN: u64 = 0x9e3779b97f4a7c15;
// biome-ignore lint/correctness/noPrecisionLoss: a u64, not a JavaScript number
const FIRST_MIX: u64 = 0xbf58476d1ce4e5b9;
// biome-ignore lint/correctness/noPrecisionLoss: a u64, not a JavaScript number
const SECOND_MIX: u64 = 0x94d049bb133111eb;

/** A number in [0, 1), one of 2^53 that are equally likely. */
export function random(): f64 {
  return ((next() >>> 11) as f64) * STEP;
}

/** A whole number from `from` up to, not including, `to`, which is larger; all equally likely. */
export function randomInt(from: i64, to: i64): i64 {
  const count = (to - from) as u64;
  // The lowest numbers are thrown away until what is left is a multiple of `count`.
  const surplus = (0 - count) % count;
  let number = next();
  while (number < surplus) number = next();
  return from + ((number % count) as i64);
}

/** Starts the sequence that belongs to a seed. */
export function randomSeed(seed: i64): void {
  store<u64>(RANDOM_STATE, split((seed as u64) + GOLDEN));
  store<u64>(RANDOM_STATE, split((seed as u64) + 2 * GOLDEN), 8);
}

function next(): u64 {
  const a = load<u64>(RANDOM_STATE);
  const b = load<u64>(RANDOM_STATE, 8);
  if ((a | b) === 0) {
    // Nobody gave a seed: no seed leads to a state of zeros.
    randomSeed(0);
    return next();
  }
  const mixed = a ^ b;
  store<u64>(RANDOM_STATE, rotl<u64>(a, 49) ^ mixed ^ (mixed << 21));
  store<u64>(RANDOM_STATE, rotl<u64>(mixed, 28), 8);
  return rotl<u64>(a + b, 17) + a;
}

/** SplitMix64's output function. */
function split(state: u64): u64 {
  let z = state;
  z = (z ^ (z >>> 30)) * FIRST_MIX;
  z = (z ^ (z >>> 27)) * SECOND_MIX;
  return z ^ (z >>> 31);
}
