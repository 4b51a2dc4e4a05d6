/**
 * How values are written as text, into the text buffer (`text-buffer.ts`).
 *
 * Floats are written with the fewest digits that read back as the same number, always with a point: `4.0`, `-0.0`,
 * `0.1`. From 1e21 on, and below 1e-6, with an exponent: `1.0e21`, `2.5e-7`; the bounds are JavaScript's. The others
 * are `nan`, `inf` and `-inf`.
 */

import { cells } from '../../heap/cells.ts';
import { STRING_BYTES, STRING_DATA } from '../../heap/layout.ts';
import { shortestF32, shortestF64 } from './decimal.ts';
import { reserve, writeByte, writeBytes } from './text-buffer.ts';

/** The longest number has 20 digits. */
const MOST_DIGITS: u32 = 20;

/** Numbers of at least 10 to this are written with an exponent, and those below 10 to the other. */
const PLAIN_END = 21;
const PLAIN_START = -6;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const LETTER_A = 0x61;
const LETTER_E = 0x65;
const LETTER_N = 0x6e;
const LETTER_R = 0x72;
const LETTER_T = 0x74;
const LETTER_U = 0x75;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const DELETE = 0x7f;

/** A string as it stands. */
export function textString(string: usize): void {
  writeBytes(string + STRING_DATA, load<u32>(string, STRING_BYTES));
}

/** A string in quotes, with what could not stand in a literal escaped, so that reading it returns the same string. */
export function textQuoted(string: usize): void {
  writeByte(QUOTE);
  const end = string + STRING_DATA + load<u32>(string, STRING_BYTES);
  for (let at = string + STRING_DATA; at < end; at++) writeEscaped(load<u8>(at));
  writeByte(QUOTE);
}

export function textBool(value: i32): void {
  if (value !== 0) writeWord('true');
  else writeWord('false');
}

export function textI64(value: i64): void {
  if (value < 0) writeByte(MINUS);
  // Negated as an unsigned number: the least i64 has no positive counterpart.
  writeDigits((value < 0 ? 0 - value : value) as u64);
}

export function textU64(value: u64): void {
  writeDigits(value);
}

export function textF64(value: f64): void {
  if (writeSpecial(value)) return;
  writeDecimal(shortestF64(abs(value)));
}

export function textF32(value: f32): void {
  if (writeSpecial(value as f64)) return;
  writeDecimal(shortestF32(abs(value)));
}

/** Writes what is not a finite number, and a finite one's sign; true where nothing is left to write. */
export function writeSpecial(value: f64): bool {
  if (Number.isNaN(value)) {
    writeWord('nan');
    return true;
  }
  if (reinterpret<i64>(value) < 0) writeByte(MINUS);
  if (abs(value) !== Infinity) return false;
  writeWord('inf');
  return true;
}

/** Writes a number that `decimal.ts` took apart: its digits, and the exponent from its cell. */
function writeDecimal(shortest: u64): void {
  let digits = shortest;
  let exponent = cells.decimalExponent;
  while (digits !== 0 && digits % 10 === 0) {
    digits /= 10;
    exponent++;
  }
  const count = countDigits(digits);
  // Where the point stands: so many digits come before it.
  const point = digits === 0 ? 1 : (count as i32) + exponent;
  if (point > PLAIN_END || point <= PLAIN_START) {
    writePointed(digits, count, 1);
    writeByte(LETTER_E);
    textI64((point - 1) as i64);
  } else {
    writePointed(digits, count, point);
  }
}

/** Writes digits with a point after the first `point` of them, and zeros where there are no digits. */
function writePointed(digits: u64, count: u32, point: i32): void {
  if (point <= 0) {
    writeByte(ZERO);
    writeByte(POINT);
    writeZeros(-point);
    writeDigits(digits);
    return;
  }
  if (point >= (count as i32)) {
    writeDigits(digits);
    writeZeros(point - (count as i32));
    writeByte(POINT);
    writeByte(ZERO);
    return;
  }
  // Written as one number, then the digits after the point are moved to make room for it.
  writeDigits(digits);
  const after = count - (point as u32);
  const end = reserve(1);
  memory.copy(end - after + 1, end - after, after);
  store<u8>(end - after, POINT);
}

function writeDigits(value: u64): void {
  const count = countDigits(value);
  let at = reserve(count) + count;
  let left = value;
  for (let i: u32 = 0; i < count; i++) {
    store<u8>(--at, (ZERO + (left % 10)) as u8);
    left /= 10;
  }
}

function countDigits(value: u64): u32 {
  let count: u32 = 1;
  for (let bound: u64 = 10; count < MOST_DIGITS && value >= bound; bound *= 10) count++;
  return count;
}

function writeZeros(count: i32): void {
  for (let i = 0; i < count; i++) writeByte(ZERO);
}

function writeEscaped(byte: u32): void {
  if (byte === QUOTE || byte === BACKSLASH) writePair(byte);
  else if (byte === 0x0a) writePair(LETTER_N);
  else if (byte === 0x0d) writePair(LETTER_R);
  else if (byte === 0x09) writePair(LETTER_T);
  else if (byte < 0x20 || byte === DELETE) writeCode(byte);
  else writeByte(byte);
}

function writePair(letter: u32): void {
  writeByte(BACKSLASH);
  writeByte(letter);
}

/** Writes a control character as `\u{7f}`. */
function writeCode(byte: u32): void {
  writePair(LETTER_U);
  writeByte(OPENING_BRACE);
  if (byte >= 16) writeByte(hexDigit(byte >>> 4));
  writeByte(hexDigit(byte & 15));
  writeByte(CLOSING_BRACE);
}

function hexDigit(value: u32): u32 {
  return value < 10 ? ZERO + value : LETTER_A + value - 10;
}

function writeWord(word: string): void {
  for (let i = 0; i < word.length; i++) writeByte(word.charCodeAt(i) as u32);
}
