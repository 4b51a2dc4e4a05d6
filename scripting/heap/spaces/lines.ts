/**
 * Lines: a block of objects is divided into stretches of 128 bytes, as in Immix (Blackburn and McKinley, PLDI 2008), each with
 * a bit that is clear where it may be handed out.
 *
 *     line bits of a block, 512 from `block + 64` on:   bit i: the line at `block + 128 * i`
 *     bits 0 .. 31 belong to the side table and are set
 *
 * Invariant: a line whose bit is clear, in a block of kind BLOCK_OBJECTS, holds nothing live, no window includes it, and its states
 * are 0.
 */
import { BLOCK_DATA, BLOCK_SIZE, LINE_SHIFT } from '../layout.ts';
import { BLOCK_LINES } from './block-header.ts';

export const LINES: u32 = BLOCK_SIZE >> LINE_SHIFT;
export const FIRST_LINE: u32 = BLOCK_DATA >> LINE_SHIFT;

/** Sets the bits of lines `from` up to, not including, `to`. */
export function useLines(block: usize, from: u32, to: u32): void {
  setBits(block + BLOCK_LINES, from, to);
}

/** Clears the bits of lines `from` up to, not including, `to`. */
export function clearLines(block: usize, from: u32, to: u32): void {
  for (let line = from; line < to; ) {
    const word = block + BLOCK_LINES + ((line >>> 6) << 3);
    const first = line & 63;
    const count = min(64 - first, to - line);
    store<u64>(word, load<u64>(word) & ~bits(first, count));
    line += count;
  }
}

/** Sets a stretch of a set of 512 line bits that begins at `base`: one of the three in a block's header (`block-header.ts`). */
export function setBits(base: usize, from: u32, to: u32): void {
  for (let line = from; line < to; ) {
    const word = base + ((line >>> 6) << 3);
    const first = line & 63;
    const count = min(64 - first, to - line);
    store<u64>(word, load<u64>(word) | bits(first, count));
    line += count;
  }
}

/** The first line from `line` on whose bit is set (`used`) or clear, or LINES. */
export function findLine(block: usize, line: u32, used: bool): u32 {
  const flip: u64 = used ? 0 : u64.MAX_VALUE;
  while (line < LINES) {
    const word = (load<u64>(block + BLOCK_LINES + ((line >>> 6) << 3)) ^ flip) >>> (line & 63);
    if (word !== 0) return min(line + (ctz(word) as u32), LINES);
    line = (line | 63) + 1;
  }
  return LINES;
}

/** How many lines of a block are free. */
export function freeLines(block: usize): u32 {
  let used: u32 = 0;
  for (let at: usize = 0; at < LINES >>> 3; at += 8) {
    used += popcnt(load<u64>(block + BLOCK_LINES + at)) as u32;
  }
  return LINES - used;
}

/** The first line of the first `count` clear ones in a row, or LINES. */
export function findHole(block: usize, count: u32): u32 {
  for (let line = findLine(block, FIRST_LINE, false); line < LINES; ) {
    const end = findLine(block, line, true);
    if (end - line >= count) return line;
    line = findLine(block, end, false);
  }
  return LINES;
}

/** How many lines the longest hole of a block has. */
export function longestHole(block: usize): u32 {
  let longest: u32 = 0;
  for (let line = findLine(block, FIRST_LINE, false); line < LINES; ) {
    const end = findLine(block, line, true);
    longest = max(longest, end - line);
    line = findLine(block, end, false);
  }
  return longest;
}

function bits(first: u32, count: u32): u64 {
  return (u64.MAX_VALUE >>> (64 - count)) << first;
}
