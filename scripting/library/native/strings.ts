/**
 * Strings: UTF-8 bytes that also know how many code points they are.
 */
import { STRING_BYTES, STRING_DATA, STRING_POINTS } from '../../heap/layout.ts';

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
