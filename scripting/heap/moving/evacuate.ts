/**
 * The first step of the move phase: live objects of the chosen blocks are copied elsewhere, and their old places say where.
 * As in Immix (Blackburn and McKinley, PLDI 2008) they go into the holes of the blocks that were not chosen, and into
 * free blocks; nothing is copied twice, and an object for which there is no place stays where it is. Memory never grows
 * for this, except under STRESS_MOVE.
 *
 *     small objects (a line at most)   window through the holes in the order of memory, then free blocks
 *     others                           window of their own: a free block, then holes that are long enough
 *     large objects                    only to a free run below their own; copied in portions
 *
 * Invariants: of a window's hole all line bits are set, and those not used are cleared when the window is given up, so that
 * the two windows never hand out a line twice. A forwarded object has no other state bit.
 */
import {
  BLOCKS_END,
  EVACUATE_BIG,
  EVACUATE_SMALL,
  MOVE_FLOOR,
  MOVE_INDEX,
  MOVE_KIND,
  MOVE_TARGET,
} from '../cells.ts';
import { FAULT, FAULT_MOVE_STATES } from '../fault.ts';
import {
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_LARGE_REST,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  BLOCK_TABLE,
  FIRST_BLOCK,
  GRANULE_SHIFT,
  LINE_SHIFT,
  LINE_SIZE,
  STATE_CLEAN,
  STATE_FORWARDED,
  STATE_OLD,
  STATS_BLOCKS_FREE,
  STATS_LARGE_BYTES,
  STATS_MOVED,
} from '../layout.ts';
import { BLOCK_RUN, BLOCK_SOURCE, findRun, takeBlocks } from '../spaces/blocks.ts';
import { clearLines, FIRST_LINE, findLine, LINES, useLines } from '../spaces/lines.ts';
import { EACH_GRANULE, sizeOf, stateOf } from '../spaces/object.ts';

/** What is moved where: sparse blocks together; everything towards low memory; everything, for tests. */
export const MOVE_SPARSE: u32 = 0;
export const MOVE_LOW: u32 = 1;
export const MOVE_ALL: u32 = 2;

/**
 *     window, 16 bytes:  [top][limit][block index where the search for a hole goes on][line]
 */
const WINDOW_TOP = 0;
const WINDOW_LIMIT = 4;
const WINDOW_BLOCK = 8;
const WINDOW_LINE = 12;

/** Bytes of a large object that are copied at a time: a fifth of a millisecond or less. */
const PORTION: u32 = 1 << 20;

export function beginEvacuating(): void {
  clearWindow(EVACUATE_SMALL);
  clearWindow(EVACUATE_BIG);
  store<u32>(MOVE_TARGET, 0);
}

/** Gives the windows up: what they have left is free again. */
export function endEvacuating(): void {
  closeTarget(EVACUATE_SMALL);
  closeTarget(EVACUATE_BIG);
}

/** Moves what it can of a chosen block of objects. Gives the work. */
export function evacuateBlock(block: usize): u32 {
  let done: u32 = 1;
  for (let states = block + BLOCK_HEADER_SIZE; states < block + BLOCK_DATA; states += 8) {
    let starts = load<u64>(states) & (EACH_GRANULE * STATE_OLD);
    while (starts !== 0) {
      const object = block + ((states - block + ((ctz(starts) as usize) >>> 3)) << GRANULE_SHIFT);
      const size = sizeOf(object);
      const target = place(size);
      if (target !== 0) {
        memory.copy(target, object, size);
        forward(object, target, size);
      }
      done += 1 + (size >>> 8);
      starts &= starts - 1;
    }
  }
  return done;
}

/**
 * Begins to move a large object, or goes on with one: a portion of it. Gives the work; MOVE_TARGET is 0 when there is no more
 * to do here.
 */
export function evacuateLarge(block: usize): u32 {
  const object = block + BLOCK_DATA;
  let target = load<usize>(MOVE_TARGET);
  if (target === 0) {
    target = takeLowerRun(block);
    if (target === 0) return 1;
    store<u32>(MOVE_INDEX, 0);
    store<usize>(MOVE_TARGET, target);
  }
  const size = sizeOf(object);
  const from = load<u32>(MOVE_INDEX);
  const bytes = min(PORTION, size - from);
  memory.copy(target + BLOCK_DATA + from, object + from, bytes);
  store<u32>(MOVE_INDEX, from + bytes);
  if (from + bytes === size) {
    forward(object, target + BLOCK_DATA, size);
    store<usize>(MOVE_TARGET, 0);
    store<u32>(MOVE_INDEX, 0);
  }
  return bytes >>> 8;
}

/** The old place of an object that has just been copied says where. */
function forward(object: usize, target: usize, size: u32): void {
  store<u8>(stateOf(target), FAULT === FAULT_MOVE_STATES ? STATE_OLD : STATE_OLD | STATE_CLEAN);
  store<u8>(stateOf(object), STATE_FORWARDED);
  store<usize>(object, target);
  store<u32>(STATS_MOVED, load<u32>(STATS_MOVED) + size);
}

/** A free run for a large object, below its own except when everything is to be moved; 0 where there is none. */
function takeLowerRun(block: usize): usize {
  const count = load<u32>(block, BLOCK_RUN);
  const run = findRun(count);
  if (run === 0) return 0;
  if (load<u32>(MOVE_KIND) === MOVE_LOW && run > ((block >>> BLOCK_SHIFT) as u32)) return 0;
  store<u32>(STATS_LARGE_BYTES, load<u32>(STATS_LARGE_BYTES) + (count << BLOCK_SHIFT));
  const target = takeBlocks(count, BLOCK_LARGE, BLOCK_LARGE_REST);
  store<u32>(target, 1, BLOCK_SOURCE);
  return target;
}

/** Finds a place for an object of `size` bytes; 0 where there is none. */
function place(size: u32): usize {
  if (size <= (LINE_SIZE as u32)) {
    let object = take(EVACUATE_SMALL, size);
    while (object === 0) {
      if (!nextHole(EVACUATE_SMALL, 1) && !freshTarget(EVACUATE_SMALL)) return 0;
      object = take(EVACUATE_SMALL, size);
    }
    return object;
  }
  const object = take(EVACUATE_BIG, size);
  if (object !== 0) return object;
  const lines = (size + (LINE_SIZE - 1)) >>> LINE_SHIFT;
  if (!freshTarget(EVACUATE_BIG) && !nextHole(EVACUATE_BIG, lines)) return 0;
  return take(EVACUATE_BIG, size);
}

function take(target: usize, size: u32): usize {
  const top = load<usize>(target, WINDOW_TOP);
  if (size > load<usize>(target, WINDOW_LIMIT) - top) return 0;
  store<usize>(target, top + size, WINDOW_TOP);
  return top;
}

/** Moves a window to the next hole of at least so many lines in a block that was not chosen. */
function nextHole(target: usize, lines: u32): bool {
  const end = min(load<u32>(BLOCKS_END), load<u32>(MOVE_FLOOR));
  let index = load<u32>(target, WINDOW_BLOCK);
  let line = load<u32>(target, WINDOW_LINE);
  for (; index < end; index++) {
    const block = (index as usize) << BLOCK_SHIFT;
    if (load<u8>(BLOCK_TABLE + (index as usize)) === BLOCK_OBJECTS && load<u32>(block, BLOCK_SOURCE) === 0) {
      let start = findLine(block, line, false);
      while (start < LINES) {
        const behind = findLine(block, start, true);
        if (behind - start >= lines) {
          store<u32>(target, index, WINDOW_BLOCK);
          store<u32>(target, behind, WINDOW_LINE);
          useHole(target, block, start, behind);
          return true;
        }
        start = findLine(block, behind, false);
      }
    }
    line = FIRST_LINE;
  }
  store<u32>(target, index, WINDOW_BLOCK);
  store<u32>(target, FIRST_LINE, WINDOW_LINE);
  return false;
}

/** Makes a free block a window. */
function freshTarget(target: usize): bool {
  if (load<u32>(MOVE_KIND) !== MOVE_ALL) {
    if (load<u32>(STATS_BLOCKS_FREE) === 0) return false;
    if (findRun(1) >= load<u32>(MOVE_FLOOR)) return false;
  }
  const block = takeBlocks(1, BLOCK_OBJECTS, BLOCK_OBJECTS);
  if (block === 0) return false;
  useLines(block, 0, FIRST_LINE);
  useHole(target, block, FIRST_LINE, LINES);
  return true;
}

function useHole(target: usize, block: usize, start: u32, end: u32): void {
  closeTarget(target);
  useLines(block, start, end);
  // States of what lay here before.
  memory.fill(block + ((start as usize) << 3), 0, ((end - start) as usize) << 3);
  store<usize>(target, block + ((start as usize) << LINE_SHIFT), WINDOW_TOP);
  store<usize>(target, block + ((end as usize) << LINE_SHIFT), WINDOW_LIMIT);
}

/** What a window has left is a hole again. */
function closeTarget(target: usize): void {
  const top = load<usize>(target, WINDOW_TOP);
  const limit = load<usize>(target, WINDOW_LIMIT);
  if (top < limit) {
    const block = (limit - 1) & ~(BLOCK_SIZE - 1);
    const from = ((top - block + (LINE_SIZE - 1)) >>> LINE_SHIFT) as u32;
    clearLines(block, from, ((limit - block) >>> LINE_SHIFT) as u32);
  }
  store<usize>(target, 0, WINDOW_TOP);
  store<usize>(target, 0, WINDOW_LIMIT);
}

function clearWindow(target: usize): void {
  store<usize>(target, 0, WINDOW_TOP);
  store<usize>(target, 0, WINDOW_LIMIT);
  store<u32>(target, FIRST_BLOCK, WINDOW_BLOCK);
  store<u32>(target, FIRST_LINE, WINDOW_LINE);
}
