/**
 * Hashes of 64 bits. The mixer is that of splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014) with Stafford's 13th set of constants: each bit of the word changes each bit of the hash
 * with a probability near one half, so that any of its bits may choose a place in a table. Hashes are the same on every
 * machine and in every run.
 */
import { STRING_BYTES, STRING_DATA } from '../../heap/layout.ts';

/** 2^64 over the golden ratio: the step of splitmix64. It keeps 0 from being its own hash. */
const STEP: u64 = ((0x9e3779b9 as u64) << 32) | 0x7f4a7c15;
const FIRST_FACTOR: u64 = ((0xbf58476d as u64) << 32) | 0x1ce4e5b9;
const SECOND_FACTOR: u64 = ((0x94d049bb as u64) << 32) | 0x133111eb;

/** The hash of 64 bits. */
export function hashWord(word: i64): i64 {
  let z: u64 = (word as u64) + STEP;
  z = (z ^ (z >> 30)) * FIRST_FACTOR;
  z = (z ^ (z >> 27)) * SECOND_FACTOR;
  return (z ^ (z >> 31)) as i64;
}

/** The hash of several things, given that of those before and that of the next; their order counts. */
export function hashPart(before: i64, part: i64): i64 {
  return hashWord(rotl<i64>(before, 5) ^ part);
}

/** The hash of a string's bytes, eight at a time, and of how many there are. */
export function hashString(string: usize): i64 {
  const bytes = load<u32>(string, STRING_BYTES);
  const start = string + STRING_DATA;
  let hash: u64 = bytes;
  let at: u32 = 0;
  for (; at + 8 <= bytes; at += 8) hash = (rotl<u64>(hash, 5) ^ load<u64>(start + at)) * STEP;
  let last: u64 = 0;
  for (let shift: u64 = 0; at < bytes; at++, shift += 8) last |= (load<u8>(start + at) as u64) << shift;
  return hashWord(((rotl<u64>(hash, 5) ^ last) * STEP) as i64);
}
