/**
 * Numbers read from text. A whole number is an optional sign and decimal digits; a number with a point is an optional
 * sign, then digits with a point among them or at either end, or none, and an optional exponent; or `inf` or `nan`, as
 * `str` writes them. Nothing else, no white space: whoever expects it trims it first.
 *
 * A decimal becomes the nearest f64, on a tie the even one, whatever its length. Where its digits and the power of ten are both
 * exact as f64s, one operation rounds correctly (William Clinger, "How to read floating point numbers accurately", PLDI
 * 1990). For the others `longDecimal` figures with a long number.
 */
import { STRING_BYTES, STRING_DATA } from '../../heap/layout.ts';
import { longDecimal } from './long-decimal.ts';

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const LETTER_E = 0x65;

/** The greatest i64 and the magnitude of the least. */
// biome-ignore lint/correctness/noPrecisionLoss: a u64, not a JavaScript number
const GREATEST: u64 = 0x7fffffffffffffff;
const LEAST: u64 = 0x8000000000000000;

/** Up to these an f64 leaves out no whole number, and no power of ten. */
const EXACT_WHOLE: u64 = (1 as u64) << 53;
const EXACT_POWER = 22;

/** Far beyond what any number of digits that fits a string can make up for. */
const FARTHEST_EXPONENT: i64 = 1_000_000_000_000;

/** 1 where the text is a whole number that an i64 can hold, else 0. */
export function isInteger(string: usize): i32 {
  const end = endOf(string);
  const start = afterSign(string);
  const bound = isNegative(string) ? LEAST : GREATEST;
  let value: u64 = 0;
  for (let at = start; at < end; at++) {
    const digit = digitAt(at);
    if (digit > 9 || value > bound / 10) return 0;
    value = value * 10 + digit;
    if (value > bound) return 0;
  }
  return start < end ? 1 : 0;
}

/** The value of a text of which `isInteger` holds. */
export function readInteger(string: usize): i64 {
  const end = endOf(string);
  let value: u64 = 0;
  for (let at = afterSign(string); at < end; at++) value = value * 10 + digitAt(at);
  return (isNegative(string) ? 0 - value : value) as i64;
}

/** 1 where the text is a number, else 0. */
export function isDecimal(string: usize): i32 {
  const end = endOf(string);
  let at = afterSign(string);
  if (isWord(at, end, 'inf') || isWord(at, end, 'nan')) return 1;
  const whole = at;
  at = afterDigits(at, end);
  let digits = at - whole;
  if (at < end && load<u8>(at) === POINT) {
    const after = at + 1;
    at = afterDigits(after, end);
    digits += at - after;
  }
  if (digits === 0) return 0;
  if (at < end && (load<u8>(at) | 0x20) === LETTER_E) {
    at = afterSignAt(at + 1, end);
    const exponent = at;
    at = afterDigits(at, end);
    if (at === exponent) return 0;
  }
  return at === end ? 1 : 0;
}

/** The value of a text of which `isDecimal` holds. */
export function readDecimal(string: usize): f64 {
  const end = endOf(string);
  const at = afterSign(string);
  let value: f64 = 0;
  if (isWord(at, end, 'inf')) value = Infinity;
  else if (isWord(at, end, 'nan')) value = NaN;
  else value = magnitude(at, end);
  return isNegative(string) ? -value : value;
}

function magnitude(start: usize, end: usize): f64 {
  let digits: u64 = 0;
  let count: u32 = 0;
  // The power of ten that the digits are to be multiplied by.
  let exponent: i64 = 0;
  let at = start;
  let pointed = false;
  let first: usize = 0;
  for (; at < end; at++) {
    if (load<u8>(at) === POINT) {
      pointed = true;
      continue;
    }
    const digit = digitAt(at);
    if (digit > 9) break;
    if (pointed) exponent--;
    if (digit === 0 && count === 0) continue;
    if (count === 0) first = at;
    if (++count <= 19) digits = digits * 10 + digit;
  }
  if (count === 0) return 0;
  if (at < end) exponent += readExponent(at + 1, end);
  const isExact = count <= 19 && digits <= EXACT_WHOLE && exponent >= -EXACT_POWER && exponent <= EXACT_POWER;
  return isExact ? scaled(digits as f64, exponent as i32) : longDecimal(first, count, exponent);
}

/** Both are exact, so that there is one rounding. */
function scaled(digits: f64, exponent: i32): f64 {
  let power: f64 = 1;
  for (let i = abs(exponent); i > 0; i--) power *= 10;
  return exponent < 0 ? digits / power : digits * power;
}

/** An exponent's value, held within bounds beyond which nothing changes any more. */
function readExponent(start: usize, end: usize): i64 {
  let value: i64 = 0;
  for (let at = afterSignAt(start, end); at < end; at++)
    if (value < FARTHEST_EXPONENT) value = value * 10 + (digitAt(at) as i64);
  return load<u8>(start) === MINUS ? -value : value;
}

function endOf(string: usize): usize {
  return string + STRING_DATA + load<u32>(string, STRING_BYTES);
}

function isNegative(string: usize): bool {
  return load<u32>(string, STRING_BYTES) > 0 && load<u8>(string, STRING_DATA) === MINUS;
}

function afterSign(string: usize): usize {
  return afterSignAt(string + STRING_DATA, endOf(string));
}

function afterSignAt(at: usize, end: usize): usize {
  if (at === end) return at;
  const sign: u32 = load<u8>(at);
  return sign === PLUS || sign === MINUS ? at + 1 : at;
}

function afterDigits(start: usize, end: usize): usize {
  let at = start;
  while (at < end && digitAt(at) <= 9) at++;
  return at;
}

/** The digit at an address; more than 9 where there is none. */
function digitAt(at: usize): u32 {
  return (load<u8>(at) as u32) - ZERO;
}

function isWord(at: usize, end: usize, word: string): bool {
  if (end - at !== (word.length as usize)) return false;
  for (let i = 0; i < word.length; i++)
    if (load<u8>(at + (i as usize)) !== (word.charCodeAt(i) as u8)) return false;
  return true;
}
