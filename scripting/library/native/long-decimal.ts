/**
 * Decimals that need more than a word, as f64s: exactly, with one long number. The digits are read into it, shifted left far
 * enough that dividing leaves more bits than count, multiplied by or divided by the power of ten, and rounded once. What a
 * division drops, and digits beyond the 800th, are remembered as "a little more" (a floor of a floor is the floor of
 * the whole): no halfway point between two f64s has more than 767 digits, so that is all that rounding needs to know.
 *
 *     words of 32 bits, the lowest first, at the end of the text buffer
 */
import { CHUNK, divide, multiply, scale } from './long-number.ts';
import { cutBack, reserve, textMark } from './text-buffer.ts';

const MOST_DIGITS: u32 = 800;
/** Digits before the point (or, negative, zeros after it) from which on everything is infinite, or nothing. */
const INFINITE_POINT: i64 = 310;
const NOTHING_POINT: i64 = -326;

/** 800 digits are less than 90 words; the largest divisor, 10^1126, is 117, and its quotient is to have two words and more. */
const WORDS: u32 = 216;
const BYTES: u32 = WORDS << 2;

const POINT = 0x2e;
const ZERO = 0x30;

const FRACTION_BITS = 52;
const BIAS = 1023;
const LEAST_EXPONENT = -1022;

/**
 * The nearest f64 to `count` digits, the first of them not zero, times ten to `exponent`. A point may stand among the digits;
 * `exponent` accounts for it.
 */
export function longDecimal(first: usize, count: u32, exponent: i64): f64 {
  const point = (count as i64) + exponent;
  if (point > INFINITE_POINT) return Infinity;
  if (point < NOTHING_POINT) return 0;
  const mark = textMark();
  const number = reserve(BYTES);
  memory.fill(number, 0, BYTES);

  const taken = min(count, MOST_DIGITS);
  const power = (exponent + ((count - taken) as i64)) as i32;
  // Bits below the point: enough for the quotient to keep 64. log2(10) is a little less than 3.33.
  const below = (((power < 0 ? (-power * 333) / 100 : 0) + 95) >>> 5) + 1;
  const cut = readDigits(number + ((below as usize) << 2), first, taken, count);
  const rest = power < 0 ? divide(number, WORDS, -power) : 0;
  if (power > 0) multiply(number, WORDS, power);
  const value = round(number, below << 5, (cut | rest) !== 0);
  cutBack(mark);
  return value;
}

/** Reads the first `taken` of `count` digits; returns not 0 where one of the others is not zero. */
function readDigits(number: usize, first: usize, taken: u32, count: u32): u32 {
  let at = first;
  let dropped: u32 = 0;
  const words = taken / CHUNK + 1;
  for (let i: u32 = 0; i < count; at++) {
    if (load<u8>(at) === POINT) continue;
    const digit = (load<u8>(at) as u32) - ZERO;
    if (i < taken) scale(number, words, 10, digit);
    else dropped |= digit;
    i++;
  }
  return dropped;
}

/** The long number times 2^-below, and a little more where `more` says so, as the nearest f64. */
function round(number: usize, below: i32, more: bool): f64 {
  let top = number + BYTES - 4;
  while (load<u32>(top) === 0) top -= 4;
  const shift = clz(load<u32>(top));
  let bits = ((load<u32>(top) as u64) << 32) | (load<u32>(top - 4) as u64);
  const third = load<u32>(top - 8);
  if (shift !== 0) bits = (bits << shift) | (third >>> (32 - shift));
  let sticky = more || third << shift !== 0;
  for (let at = number; at < top - 8; at += 4) if (load<u32>(at) !== 0) sticky = true;

  // 2 to this is the leading bit's value.
  const leading = (((top - number) as i32) << 3) + 31 - (shift as i32) - below;
  if (leading > BIAS) return Infinity;
  const kept = min(FRACTION_BITS + 1, leading - LEAST_EXPONENT + FRACTION_BITS + 1);
  if (kept < 0) return 0;
  const dropped: u64 = 64 - (kept as u64);
  let fraction: u64 = kept === 0 ? 0 : bits >>> dropped;
  const half = (1 as u64) << (dropped - 1);
  const cut = kept === 0 ? bits : bits & ((half << 1) - 1);
  if (cut > half || (cut === half && (sticky || (fraction & 1) !== 0))) fraction++;
  // What rounding carries over goes into the exponent, and from the greatest number to infinity.
  const biased = max(leading + BIAS - 1, 0) as u64;
  return reinterpret<f64>((biased << FRACTION_BITS) + fraction);
}
