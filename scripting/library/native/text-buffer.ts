/**
 * The text buffer: where `str`, `show` and `println` put text together before it becomes a string or is printed. One
 * buffer serves all, as a stack: `textMark` notes where a piece begins, and taking or printing the piece cuts the buffer
 * back to the mark, so pieces nest when showing a value calls back into a script. Unwinding cuts it back as well.
 *
 * It is working memory of its own, outside collected objects and arenas: writing never collects, so nobody needs to keep the
 * value that is being written alive. When it is full it moves to twice as many blocks; where there are none, the call
 * fails as for any other lack of memory.
 */

import { cells } from '../../heap/cells.ts';
import { fail, print } from '../../heap/host.ts';
import { BLOCK_SHIFT, BLOCK_SIZE, BLOCK_WORK, FAIL_MEMORY, FAIL_SIZE } from '../../heap/layout.ts';
import { releasePool } from '../../heap/spaces/arena-space.ts';
import { freeBlocks, hardLimit, takeBlocks } from '../../heap/spaces/blocks.ts';
import { LONGEST_OBJECT } from '../../heap/spaces/object.ts';
import { newString } from './strings.ts';

const NEW_LINE = 0x0a;

/** Where the next piece begins. */
export function textMark(): u32 {
  return cells.textLength;
}

/** Takes what was written since the mark out of the buffer, as a new string. */
export function textTake(mark: u32): usize {
  const string = newString(cells.textBase + mark, cells.textLength - mark);
  cells.textLength = mark;
  return string;
}

/** Prints what was written since the mark, and a line's end where `line` is not 0, and takes it out. */
export function textPrint(mark: u32, line: u32): void {
  if (line !== 0) writeByte(NEW_LINE);
  const bytes = cells.textLength - mark;
  // Cut back first: the host may throw. It reads the bytes before anything can write over them.
  cells.textLength = mark;
  print(cells.textBase + mark, bytes);
}

/** Cuts the buffer back to the mark: what was written since, or reserved for figuring, is gone. */
export function cutBack(mark: u32): void {
  cells.textLength = mark;
}

/** Writes a code point, as a number that is one. */
export function textPoint(point: i64): void {
  writePoint(point as u32);
}

/** Writes a code point as UTF-8. */
export function writePoint(point: u32): void {
  if (point < 0x80) {
    writeByte(point);
    return;
  }
  if (point < 0x800) writeByte(0xc0 | (point >>> 6));
  else {
    if (point < 0x10000) writeByte(0xe0 | (point >>> 12));
    else {
      writeByte(0xf0 | (point >>> 18));
      writeByte(0x80 | ((point >>> 12) & 0x3f));
    }
    writeByte(0x80 | ((point >>> 6) & 0x3f));
  }
  writeByte(0x80 | (point & 0x3f));
}

export function writeByte(byte: u32): void {
  const place = reserve(1);
  store<u8>(place, byte as u8);
}

/** Copies bytes from memory outside the buffer to its end. */
export function writeBytes(from: usize, bytes: u32): void {
  memory.copy(reserve(bytes), from, bytes);
}

/** Adds `bytes` bytes to the buffer and returns the address of the first, for the caller to fill. */
export function reserve(bytes: u32): usize {
  const length = cells.textLength;
  if (bytes > cells.textCapacity - length) enlarge(length, bytes);
  cells.textLength = length + bytes;
  return cells.textBase + length;
}

function enlarge(length: u32, bytes: u32): void {
  if (bytes > LONGEST_OBJECT - length) fail(FAIL_SIZE, -1, 0, (length as f64) + (bytes as f64));
  const old = cells.textCapacity;
  const needed = (length + bytes + (BLOCK_SIZE - 1)) >>> BLOCK_SHIFT;
  const count = max(needed, (old >>> BLOCK_SHIFT) << 1);
  let base = takeBlocks(count, BLOCK_WORK, BLOCK_WORK);
  if (base === 0 && releasePool()) base = takeBlocks(count, BLOCK_WORK, BLOCK_WORK);
  if (base === 0) fail(FAIL_MEMORY, -1, (count as f64) * BLOCK_SIZE, hardLimit());
  if (old !== 0) {
    memory.copy(base, cells.textBase, length);
    freeBlocks(cells.textBase, old >>> BLOCK_SHIFT);
  }
  cells.textBase = base;
  cells.textCapacity = count << BLOCK_SHIFT;
}
