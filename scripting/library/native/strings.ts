/**
 * Strings: UTF-8 bytes that also know how many code points they are. Where both counts agree, a string is ASCII and its
 * indices are offsets; in other strings an index is found by walking from where the string was read last, or from an end
 * where that is nearer.
 */

import { fail } from '../../heap/host.ts';
import {
  FAIL_INDEX,
  INDEX_LOW_BITS,
  LETTER_COUNT,
  STRING_BYTES,
  STRING_DATA,
  STRING_DESCRIPTOR,
  STRING_POINTS,
} from '../../heap/layout.ts';
import { newArray } from '../../heap/mutator/allocate.ts';
import { letterOf, toGranules } from '../../heap/spaces/object.ts';
import { textPlace } from '../../heap/spaces/text-place.ts';

/** Up to here a loop is quicker than an instruction that engines call a function for. */
const FEW_BYTES: u32 = 64;

/** 1 where two strings are the same text, else 0. */
export function stringEqual(left: usize, right: usize): u32 {
  if (left === right) return 1;
  const bytes = load<u32>(left, STRING_BYTES);
  if (bytes !== load<u32>(right, STRING_BYTES)) return 0;
  return memory.compare(left + STRING_DATA, right + STRING_DATA, bytes) === 0 ? 1 : 0;
}

/** Negative, 0 or positive, by code points. UTF-8 is made so that its bytes order the same way. */
export function stringCompare(left: usize, right: usize): i32 {
  const ours = load<u32>(left, STRING_BYTES);
  const theirs = load<u32>(right, STRING_BYTES);
  const order = memory.compare(left + STRING_DATA, right + STRING_DATA, min(ours, theirs));
  return order !== 0 ? order : (ours > theirs ? 1 : 0) - (ours < theirs ? 1 : 0);
}

/** How many code points a string has. */
export function stringLength(string: usize): i64 {
  return load<u32>(string, STRING_POINTS) as i64;
}

/** How many code points `bytes` bytes of UTF-8 are: all bytes but those that continue one, 0b10xxxxxx. */
export function countPoints(text: usize, bytes: u32): u32 {
  let points: u32 = 0;
  const end = text + bytes;
  for (let at = text; at < end; at++) points += (load<u8>(at) & 0xc0) !== 0x80 ? 1 : 0;
  return points;
}

/**
 * A string of bytes that lie where a collection leaves them: in the text buffer, or in a string the caller keeps.
 * They are well-formed UTF-8.
 */
export function newString(text: usize, bytes: u32): usize {
  if (bytes === 1) {
    const code = load<u8>(text);
    if (code < (LETTER_COUNT as u8)) return letterOf(code);
  }
  return makeString(text, bytes, countPoints(text, bytes));
}

function makeString(text: usize, bytes: u32, points: u32): usize {
  const string = newArray(STRING_DESCRIPTOR, bytes as i64);
  const start = string + STRING_DATA;
  const end = string + toGranules(STRING_DATA + bytes);
  // What is behind the text is zero, up to the end of its granule.
  for (let at = start + (bytes & ~3); at < end; at += 4) store<u32>(at, 0);
  if (bytes > FEW_BYTES) {
    memory.copy(start, text, bytes);
  } else {
    let done: u32 = 0;
    for (; done + 4 <= bytes; done += 4) store<u32>(start + done, load<u32>(text + done));
    for (; done < bytes; done++) store<u8>(start + done, load<u8>(text + done));
  }
  store<u32>(string, points, STRING_POINTS);
  return string;
}

/** Whether two indices in order are offsets: where the string is ASCII and has both. Short, so that it stands where it is asked. */
export function stringPlain(string: usize, from: i64, to: i64): u32 {
  const points = load<u32>(string, STRING_POINTS);
  if (points !== load<u32>(string, STRING_BYTES)) return 0;
  return ((from as u64) <= (to as u64) ? 1 : 0) & ((to as u64) <= (points as u64) ? 1 : 0);
}

/** The byte at which code point `index` begins; for the string's length, its end. Fails for what is no index. */
export function stringOffset(string: usize, index: i64): i64 {
  const points = load<u32>(string, STRING_POINTS);
  if (index < 0 || index > (points as i64)) failIndex(index, points);
  if (points === load<u32>(string, STRING_BYTES)) return index;
  return walk(string, index as u32) as i64;
}

/** Walks to a code point from the nearest place that is known. */
function walk(string: usize, index: u32): u32 {
  const points = load<u32>(string, STRING_POINTS);
  let from: u32 = 0;
  let byte: u32 = 0;
  if (points - index < index) {
    from = points;
    byte = load<u32>(string, STRING_BYTES);
  }
  if (textPlace.text === string && distance(textPlace.index, index) < distance(from, index)) {
    from = textPlace.index;
    byte = textPlace.byte;
  }
  const start = string + STRING_DATA;
  let at = start + byte;
  for (; from < index; from++) at += widthOf(load<u8>(at));
  for (; from > index; from--) at = before(at);
  byte = (at - start) as u32;
  readAt(string, index, byte);
  return byte;
}

function distance(left: u32, right: u32): u32 {
  return left < right ? right - left : left - right;
}

function readAt(string: usize, index: u32, byte: u32): void {
  textPlace.text = string;
  textPlace.index = index;
  textPlace.byte = byte;
}

function failIndex(index: i64, length: u32): void {
  const low = index & ((1 << INDEX_LOW_BITS) - 1);
  fail(FAIL_INDEX, -1, (index >> INDEX_LOW_BITS) as f64, (((length as i64) << INDEX_LOW_BITS) | low) as f64);
}

/** How many bytes of UTF-8 a string has. */
export function stringBytes(string: usize): i64 {
  return load<u32>(string, STRING_BYTES) as i64;
}

/** Where the code point ends that begins at a byte. */
export function stringNext(string: usize, offset: i64): i64 {
  return offset + (widthOf(load<u8>(string + STRING_DATA + (offset as usize))) as i64);
}

/** The code point at an index. Fails for what is no index. */
export function stringPoint(string: usize, index: i64): i64 {
  const points = load<u32>(string, STRING_POINTS);
  if (index < 0 || index >= (points as i64)) failIndex(index, points);
  return decode(string + STRING_DATA + (stringOffset(string, index) as usize)) as i64;
}

/** The index of the code point that begins at a byte. */
export function stringIndex(string: usize, offset: i64): i64 {
  if (load<u32>(string, STRING_POINTS) === load<u32>(string, STRING_BYTES)) return offset;
  const start = string + STRING_DATA;
  const byte = offset as u32;
  let index: u32 = 0;
  if (textPlace.text !== string || byte < distance(textPlace.byte, byte)) index = countPoints(start, byte);
  else if (textPlace.byte <= byte)
    index = textPlace.index + countPoints(start + textPlace.byte, byte - textPlace.byte);
  else index = textPlace.index - countPoints(start + byte, textPlace.byte - byte);
  readAt(string, index, byte);
  return index as i64;
}

/** The first byte at or after `from` where `part` begins, or -1. */
export function stringFind(string: usize, part: usize, from: i64): i64 {
  const bytes = load<u32>(part, STRING_BYTES);
  const start = string + STRING_DATA;
  const last = (load<u32>(string, STRING_BYTES) as i64) - (bytes as i64);
  for (let at = from; at <= last; at++)
    if (memory.compare(start + (at as usize), part + STRING_DATA, bytes) === 0) return at;
  return -1;
}

/** A new string of the bytes from `from` up to, not including, `to`: both begin a code point or end the string. */
export function stringCut(string: usize, from: i64, to: i64): usize {
  const text = string + STRING_DATA + (from as usize);
  const bytes = (to - from) as u32;
  if (load<u32>(string, STRING_POINTS) !== load<u32>(string, STRING_BYTES)) return newString(text, bytes);
  return bytes === 1 ? letterOf(load<u8>(text)) : makeString(text, bytes, bytes);
}

/** A copy without the white space (Unicode's White_Space) at both ends. */
export function stringTrim(string: usize): usize {
  let start = string + STRING_DATA;
  let end = start + load<u32>(string, STRING_BYTES);
  while (start < end && isSpace(decode(start))) start += widthOf(load<u8>(start));
  while (start < end) {
    const last = before(end);
    if (!isSpace(decode(last))) break;
    end = last;
  }
  return newString(start, (end - start) as u32);
}

/** Where the next code point begins that is white space, or is none where `wanted` is 0; the end where there is none. */
export function stringSpace(string: usize, from: i64, wanted: i32): i64 {
  const start = string + STRING_DATA;
  const end = start + load<u32>(string, STRING_BYTES);
  let at = start + (from as usize);
  while (at < end && isSpace(decode(at)) !== (wanted !== 0)) at += widthOf(load<u8>(at));
  return (at - start) as i64;
}

/** How many bytes the code point has that begins with this byte. */
export function widthOf(first: u32): u32 {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The code point that begins at an address. */
export function decode(at: usize): u32 {
  const first: u32 = load<u8>(at);
  if (first < 0x80) return first;
  const second: u32 = load<u8>(at, 1) & 0x3f;
  if (first < 0xe0) return ((first & 0x1f) << 6) | second;
  const third: u32 = load<u8>(at, 2) & 0x3f;
  if (first < 0xf0) return ((first & 0x0f) << 12) | (second << 6) | third;
  return ((first & 0x07) << 18) | (second << 12) | (third << 6) | (load<u8>(at, 3) & 0x3f);
}

/** Where the code point begins that ends at an address. */
export function before(end: usize): usize {
  let at = end - 1;
  while ((load<u8>(at) & 0xc0) === 0x80) at--;
  return at;
}

/** Unicode's White_Space. */
function isSpace(point: u32): bool {
  if (point <= 0x20) return point === 0x20 || (point >= 0x09 && point <= 0x0d);
  if (point < 0x1680) return point === 0x85 || point === 0xa0;
  return (
    point === 0x1680 ||
    (point >= 0x2000 && point <= 0x200a) ||
    point === 0x2028 ||
    point === 0x2029 ||
    point === 0x202f ||
    point === 0x205f ||
    point === 0x3000
  );
}
