/**
 * The object space: collected objects that fit a block. Blocks are divided into lines of 128 bytes as in Immix
 * (Blackburn and McKinley, PLDI 2008): sweeping finds the lines without a live object, and allocation bumps through the
 * holes that they form. Like Whippet's nofl space it keeps the granules' states beside the objects; unlike both it does
 * not skip the line after a hole's start conservatively, since sweeping knows every live object's exact end.
 *
 * Objects of at most a line are bumped through the window, hole by hole, and through fresh blocks when the holes are used
 * up. A longer object that does not fit the window has a window of its own (Immix's overflow block), so that a hole is not
 * given up for one object: in a hole that is long enough, where a short search finds one, or else in a fresh block. Without the search
 * memory would fill up with holes that longer objects left, and that small ones are too few to fill. All lines that are handed out
 * are young until the next young collection (`nursery.ts`), which turns what was not used of them into holes again.
 *
 * `lines.ts` has the lines' bits, `recycling.ts` the list of blocks with holes. Lines of a window are set from the moment it is
 * handed out.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_HOLE_COUNT, FAULT_HOLE_FIT, FAULT_HOLE_LINES, FAULT_HOLE_YOUNG } from '../fault.ts';
import {
  BLOCK_DATA,
  BLOCK_OBJECTS,
  BLOCK_SIZE,
  LINE_SHIFT,
  LINE_SIZE,
  PHASE_SWEEP,
  REGION_HEAP,
} from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BlockHeader } from './block-header.ts';
import { isFull, nextBlock, takeBlocks } from './blocks.ts';
import { FIRST_LINE, findHole, findLine, LINES, useLines } from './lines.ts';
import { findLongHole, recount } from './recycling.ts';
import { countBytes, countWindow, restartCount } from './statistics.ts';
import { bump, Region } from './window.ts';
import { noteYoung } from './young-lists.ts';

/**
 * Lines of a hole that longer objects are put in: with fewer, the search would cost more than the memory is worth. At the hard limit they
 * go into any: if shorter holes stayed empty there, the long ones would be cut up first, and a seventh less would fit.
 */
const SHORTEST: u32 = 8;

/** Allocates at most SMALL_OBJECT_LIMIT bytes; the heap's window must be closed. 0 where no memory can be had. */
export function allocateInBlocks(size: u32): usize {
  const object = bump(REGION_HEAP, size);
  if (object !== 0) return object;
  if (size > (LINE_SIZE as u32)) return allocateInOverflow(size);
  if (!nextHole() && !freshWindow()) return 0;
  return bump(REGION_HEAP, size);
}

/** The last attempt when no block is to be had: looks for a hole that is long enough, whatever it skips. */
export function allocateInAnyHole(size: u32): usize {
  let object = bump(REGION_HEAP, size);
  while (object === 0 && nextHole()) object = bump(REGION_HEAP, size);
  return object;
}

/** Gives up the windows: what they have left is found again as holes. The heap's window must be closed. */
export function retireWindows(): void {
  countWindow();
  setWindow(0, 0);
  cells.overflowTop = 0;
  cells.overflowLimit = 0;
  cells.recycleBlock = 0;
}

/** Moves the window to the next hole of the swept blocks. */
function nextHole(): bool {
  let block = cells.recycleBlock;
  let line = cells.recycleLine;
  while (true) {
    if (block === 0) {
      block = cells.recycleFirst;
      if (block === 0) return false;
      const next = nextBlock(block);
      cells.recycleFirst = next;
      if (next === 0) cells.recycleLast = 0;
      BlockHeader.at(block).listed = 0;
      statistics.holeBytes -= BlockHeader.at(block).holes;
      cells.recycleBlock = block;
      line = FIRST_LINE;
    }
    const start = findLine(block, line, false);
    if (start < LINES) {
      const end = handOut(block, start);
      cells.recycleLine = end;
      countWindow();
      setWindow(block + (start << LINE_SHIFT), block + (end << LINE_SHIFT));
      return true;
    }
    block = 0;
    cells.recycleBlock = 0;
  }
}

/** Hands out the hole that begins at a line of a block. Returns the line after it. */
function handOut(block: usize, start: u32): u32 {
  const end = findLine(block, start, true);
  if (FAULT !== FAULT_HOLE_LINES) useLines(block, start, end);
  if (FAULT !== FAULT_HOLE_YOUNG) noteYoung(block, start, end);
  return end;
}

function freshWindow(): bool {
  const block = freshBlock();
  if (block === 0) return false;
  countWindow();
  setWindow(block + BLOCK_DATA, block + BLOCK_SIZE);
  return true;
}

function freshBlock(): usize {
  const block = takeBlocks(1, BLOCK_OBJECTS, BLOCK_OBJECTS);
  if (block === 0) return 0;
  useLines(block, 0, LINES);
  noteYoung(block, FIRST_LINE, LINES);
  if (statistics.phase === PHASE_SWEEP) BlockHeader.at(block).born = cells.cycle;
  return block;
}

function allocateInOverflow(size: u32): usize {
  if (size > cells.overflowLimit - cells.overflowTop && !longHole(size) && !freshOverflow()) return 0;
  const object = cells.overflowTop;
  cells.overflowTop = object + size;
  countBytes(size);
  return object;
}

/** Moves the window of longer objects to a hole that has room for one of `size` bytes. */
function longHole(size: u32): bool {
  const lines = max((size + (LINE_SIZE - 1)) >>> LINE_SHIFT, isFull() ? 1 : SHORTEST);
  const block = findLongHole(lines);
  if (block === 0) return false;
  const start = FAULT === FAULT_HOLE_FIT ? findLine(block, FIRST_LINE, false) : findHole(block, lines);
  const end = handOut(block, start);
  if (FAULT !== FAULT_HOLE_COUNT) recount(block);
  cells.overflowTop = block + (start << LINE_SHIFT);
  cells.overflowLimit = block + (end << LINE_SHIFT);
  return true;
}

function freshOverflow(): bool {
  const block = freshBlock();
  if (block === 0) return false;
  cells.overflowTop = block + BLOCK_DATA;
  cells.overflowLimit = block + BLOCK_SIZE;
  return true;
}

function setWindow(top: usize, limit: usize): void {
  Region.at(REGION_HEAP).top = top;
  Region.at(REGION_HEAP).limit = limit;
  restartCount(top);
}
