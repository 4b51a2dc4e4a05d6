/**
 * Whole numbers of any length: words of 32 bits, the lowest first. They lie in room that their users reserve in the text buffer.
 */

/** The largest power of ten in a word, and the power. */
export const CHUNK = 9;
const CHUNK_POWER: u64 = 1_000_000_000;

/** Multiplies the lowest `words` words by a word and adds another. */
export function scale(number: usize, words: u32, factor: u64, addend: u64): void {
  let carry = addend;
  const end = number + ((words as usize) << 2);
  for (let at = number; at < end; at += 4) {
    carry += (load<u32>(at) as u64) * factor;
    store<u32>(at, carry as u32);
    carry >>>= 32;
  }
}

/** Multiplies by a power of ten. */
export function multiply(number: usize, words: u32, power: i32): void {
  let left = power;
  for (; left >= CHUNK; left -= CHUNK) scale(number, words, CHUNK_POWER, 0);
  for (; left > 0; left--) scale(number, words, 10, 0);
}

/** Divides by a power of ten; returns not 0 where something is left over. */
export function divide(number: usize, words: u32, power: i32): u32 {
  let rest: u32 = 0;
  let left = power;
  for (; left >= CHUNK; left -= CHUNK) rest |= divideBy(number, words, CHUNK_POWER);
  for (; left > 0; left--) rest |= divideBy(number, words, 10);
  return rest;
}

/** Divides by a word; returns what is left over. */
export function divideBy(number: usize, words: u32, divisor: u64): u32 {
  let rest: u64 = 0;
  for (let at = number + ((words as usize) << 2) - 4; at >= number; at -= 4) {
    rest = (rest << 32) | (load<u32>(at) as u64);
    store<u32>(at, (rest / divisor) as u32);
    rest %= divisor;
  }
  return rest as u32;
}
