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
import { cells, EVACUATE_BIG, EVACUATE_SMALL } from '../cells.ts';
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
} from '../layout.ts';
import { forced, statistics } from '../shared-cells.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { findRun, takeBlocks } from '../spaces/blocks.ts';
import { clearLines, FIRST_LINE, findLine, LINES, useLines } from '../spaces/lines.ts';
import { EACH_GRANULE, sizeOf, stateOf } from '../spaces/object.ts';

/** What is moved where: sparse blocks together; everything towards low memory; everything, for tests. */
export const MOVE_SPARSE: u32 = 0;
export const MOVE_LOW: u32 = 1;
export const MOVE_ALL: u32 = 2;

/** A window that objects move to: two groups of four cells. */
@unmanaged
export class EvacuationWindow {
  top: usize;
  limit: usize;
  /** Index of the block where the search for its next hole goes on, and the line there. */
  block: u32;
  line: u32;

  static at(target: usize): EvacuationWindow {
    return changetype<EvacuationWindow>(target);
  }
}

/** The old place of an object that was moved. */
@unmanaged
export class Forwarded {
  /** Where it is now. */
  target: usize;

  static at(object: usize): Forwarded {
    return changetype<Forwarded>(object);
  }
}

/** Bytes of a large object that are copied at a time: a fifth of a millisecond or less. */
const PORTION: u32 = 1 << 20;

export function beginEvacuating(): void {
  clearWindow(EVACUATE_SMALL);
  clearWindow(EVACUATE_BIG);
  cells.moveTarget = 0;
}

/** Gives the windows up: what they have left is free again. */
export function endEvacuating(): void {
  closeTarget(EVACUATE_SMALL);
  closeTarget(EVACUATE_BIG);
}

/** Moves what it can of a chosen block of objects. Returns the work. */
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
 * Begins to move a large object, or goes on with one: a portion of it. Returns the work; `moveTarget` is 0 when there is no more
 * to do here.
 */
export function evacuateLarge(block: usize): u32 {
  const object = block + BLOCK_DATA;
  let target = cells.moveTarget;
  if (target === 0) {
    target = takeLowerRun(block);
    if (target === 0) return 1;
    cells.moveIndex = 0;
    cells.moveTarget = target;
  }
  const size = sizeOf(object);
  const from = cells.moveIndex;
  const bytes = min(PORTION, size - from);
  memory.copy(target + BLOCK_DATA + from, object + from, bytes);
  cells.moveIndex = from + bytes;
  if (from + bytes === size) {
    forward(object, target + BLOCK_DATA, size);
    cells.moveTarget = 0;
    cells.moveIndex = 0;
  }
  return bytes >>> 8;
}

/** The old place of an object that has just been copied says where. */
function forward(object: usize, target: usize, size: u32): void {
  store<u8>(stateOf(target), FAULT === FAULT_MOVE_STATES ? STATE_OLD : STATE_OLD | STATE_CLEAN);
  store<u8>(stateOf(object), STATE_FORWARDED);
  Forwarded.at(object).target = target;
  forced.moved += size;
}

/** A free run for a large object, below its own except when everything is to be moved; 0 where there is none. */
function takeLowerRun(block: usize): usize {
  const count = BlockHeader.at(block).run;
  const run = findRun(count);
  if (run === 0) return 0;
  if (cells.moveKind === MOVE_LOW && run > ((block >>> BLOCK_SHIFT) as u32)) return 0;
  statistics.largeBytes += count << BLOCK_SHIFT;
  const target = takeBlocks(count, BLOCK_LARGE, BLOCK_LARGE_REST);
  BlockHeader.at(target).source = 1;
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
  const window = EvacuationWindow.at(target);
  const top = window.top;
  if (size > window.limit - top) return 0;
  window.top = top + size;
  return top;
}

/** Moves a window to the next hole of at least so many lines in a block that was not chosen. */
function nextHole(target: usize, lines: u32): bool {
  const window = EvacuationWindow.at(target);
  const end = min(cells.blocksEnd, cells.moveFloor);
  let index = window.block;
  let line = window.line;
  for (; index < end; index++) {
    const block = (index as usize) << BLOCK_SHIFT;
    if (load<u8>(BLOCK_TABLE + (index as usize)) === BLOCK_OBJECTS && BlockHeader.at(block).source === 0) {
      let start = findLine(block, line, false);
      while (start < LINES) {
        const after = findLine(block, start, true);
        if (after - start >= lines) {
          window.block = index;
          window.line = after;
          useHole(target, block, start, after);
          return true;
        }
        start = findLine(block, after, false);
      }
    }
    line = FIRST_LINE;
  }
  window.block = index;
  window.line = FIRST_LINE;
  return false;
}

/** Makes a free block a window. */
function freshTarget(target: usize): bool {
  if (cells.moveKind !== MOVE_ALL) {
    if (statistics.blocksFree === 0) return false;
    if (findRun(1) >= cells.moveFloor) return false;
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
  EvacuationWindow.at(target).top = block + ((start as usize) << LINE_SHIFT);
  EvacuationWindow.at(target).limit = block + ((end as usize) << LINE_SHIFT);
}

/** What a window has left is a hole again. */
function closeTarget(target: usize): void {
  const window = EvacuationWindow.at(target);
  const top = window.top;
  const limit = window.limit;
  if (top < limit) {
    const block = (limit - 1) & ~(BLOCK_SIZE - 1);
    const from = ((top - block + (LINE_SIZE - 1)) >>> LINE_SHIFT) as u32;
    clearLines(block, from, ((limit - block) >>> LINE_SHIFT) as u32);
  }
  window.top = 0;
  window.limit = 0;
}

function clearWindow(target: usize): void {
  const window = EvacuationWindow.at(target);
  window.top = 0;
  window.limit = 0;
  window.block = FIRST_BLOCK;
  window.line = FIRST_LINE;
}
