/**
 * Floats with a given number of decimals, rounded exactly: what the number is in binary, times ten to the decimals, is a whole number
 * and some bits below it, which say whether it goes up. From the middle it goes away from 0, as `round` does.
 *
 *     words of 32 bits, the lowest first, behind the text in the text buffer:   [digits, from their end][number]
 */
import { divideBy, multiply } from './long-number.ts';
import { writeSpecial } from './text.ts';
import { cutBack, reserve, textMark } from './text-buffer.ts';

/** As many as anything in the language asks for. */
const MOST_DECIMALS: i32 = 100;
/** The greatest number has 1024 bits, 10^100 has 333. */
const WORDS: u32 = 44;
const BYTES: u32 = WORDS << 2;
/** Digits of the greatest number, the decimals and the point, and some. */
const TEXT: u32 = 309 + 100 + 3;

const POINT = 0x2e;
const ZERO = 0x30;
const FRACTION_BITS = 52;
const BIAS = 1075;

export function textFixed(value: f64, decimals: i32): void {
  if (writeSpecial(value)) return;
  const places = max(0, min(decimals, MOST_DECIMALS));
  const mark = textMark();
  const text = reserve(TEXT + BYTES);
  const number = text + TEXT;
  memory.fill(number, 0, BYTES);
  const exponent = takeApart(number, abs(value));
  multiply(number, WORDS, places);
  if (exponent < 0) shiftDown(number, -exponent);
  const end = text + TEXT;
  const start = writeDigits(number, end, places);
  memory.copy(text, start, end - start);
  cutBack(mark + ((end - start) as u32));
}

/** Puts a number's bits where they belong; returns the power of two that they are still to be multiplied by, 0 or less. */
function takeApart(number: usize, value: f64): i32 {
  const bits = reinterpret<u64>(value);
  const biased = (bits >>> FRACTION_BITS) as i32;
  const fraction = bits & (((1 as u64) << FRACTION_BITS) - 1);
  const whole = biased === 0 ? fraction : fraction | ((1 as u64) << FRACTION_BITS);
  const exponent = max(biased, 1) - BIAS;
  const up = max(exponent, 0);
  const at = number + (((up >>> 5) as usize) << 2);
  const shift: u64 = (up & 31) as u64;
  store<u64>(at, whole << shift);
  if (shift !== 0) store<u32>(at, (whole >>> (64 - shift)) as u32, 8);
  return min(exponent, 0);
}

/** Divides by a power of two and rounds, up from the middle. */
function shiftDown(number: usize, by: i32): void {
  const half = by - 1;
  const isUp = half < ((BYTES << 3) as i32) && bitAt(number, half);
  const words = by >>> 5;
  const bits: u32 = by & 31;
  for (let i: i32 = 0; i < (WORDS as i32); i++) {
    const low: u64 = wordAt(number, i + words);
    const high: u64 = wordAt(number, i + words + 1);
    store<u32>(number + ((i as usize) << 2), (((high << 32) | low) >>> (bits as u64)) as u32);
  }
  if (isUp) increment(number);
}

function wordAt(number: usize, index: i32): u64 {
  return index < (WORDS as i32) ? (load<u32>(number + ((index as usize) << 2)) as u64) : 0;
}

function bitAt(number: usize, index: i32): bool {
  return ((wordAt(number, index >>> 5) >>> ((index & 31) as u64)) & 1) !== 0;
}

function increment(number: usize): void {
  let at = number;
  while (load<u32>(at) === 0xffffffff) {
    store<u32>(at, 0);
    at += 4;
  }
  store<u32>(at, load<u32>(at) + 1);
}

/** Writes the digits so that they end at `end`, with a point before the last `places` of them; returns where they begin. */
function writeDigits(number: usize, end: usize, places: i32): usize {
  let at = end;
  let words = WORDS;
  let count = 0;
  while (true) {
    while (words > 0 && load<u32>(number + ((words as usize) << 2) - 4) === 0) words--;
    // One digit stands before the point at least.
    if (words === 0 && count > places) return at;
    store<u8>(--at, (ZERO + (words === 0 ? 0 : divideBy(number, words, 10))) as u8);
    count++;
    if (count === places) store<u8>(--at, POINT);
  }
}
