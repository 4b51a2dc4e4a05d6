/**
 * The object space: collected objects that fit a block. Blocks are divided into lines of 128 bytes as in Immix
 * (Blackburn and McKinley, PLDI 2008): sweeping finds the lines without a live object, and allocation bumps through the
 * holes that they form. Like Whippet's nofl space it keeps the granules' states beside the objects; unlike both it does
 * not skip the line behind a hole's start conservatively, since sweeping knows every live object's exact end.
 *
 * Objects of at most a line are bumped through the window, hole by hole, and through fresh blocks when the holes are used
 * up. A longer object that does not fit the window goes to a fresh block beside it (Immix's overflow block), so
 * that a hole is not given up for one object. All lines that are handed out are young until the next young collection
 * (`nursery.ts`), which turns what was not used of them into holes again.
 *
 * `lines.ts` has the lines' bits, `recycling.ts` the list of blocks with holes. Lines of a window are set from the moment it is
 * handed out.
 */
import {
  CYCLE,
  OVERFLOW_LIMIT,
  OVERFLOW_TOP,
  RECYCLE_BLOCK,
  RECYCLE_FIRST,
  RECYCLE_LAST,
  RECYCLE_LINE,
} from '../cells.ts';
import {
  BLOCK_DATA,
  BLOCK_OBJECTS,
  BLOCK_SIZE,
  LINE_SHIFT,
  LINE_SIZE,
  PHASE_SWEEP,
  REGION_HEAP,
  STATS_HOLE_BYTES,
  STATS_PHASE,
} from '../layout.ts';
import { BLOCK_BORN, BLOCK_HOLES, BLOCK_LISTED, nextBlock, takeBlocks } from './blocks.ts';
import { FIRST_LINE, findLine, LINES, useLines } from './lines.ts';
import { countBytes, countWindow, restartCount } from './statistics.ts';
import { bump, REGION_LIMIT, REGION_TOP } from './window.ts';
import { noteYoung } from './young-lists.ts';

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
  store<usize>(OVERFLOW_TOP, 0);
  store<usize>(OVERFLOW_LIMIT, 0);
  store<usize>(RECYCLE_BLOCK, 0);
}

/** Moves the window to the next hole of the swept blocks. */
function nextHole(): bool {
  let block = load<usize>(RECYCLE_BLOCK);
  let line = load<u32>(RECYCLE_LINE);
  while (true) {
    if (block === 0) {
      block = load<usize>(RECYCLE_FIRST);
      if (block === 0) return false;
      const next = nextBlock(block);
      store<usize>(RECYCLE_FIRST, next);
      if (next === 0) store<usize>(RECYCLE_LAST, 0);
      store<u32>(block, 0, BLOCK_LISTED);
      store<u32>(STATS_HOLE_BYTES, load<u32>(STATS_HOLE_BYTES) - load<u32>(block, BLOCK_HOLES));
      store<usize>(RECYCLE_BLOCK, block);
      line = FIRST_LINE;
    }
    const start = findLine(block, line, false);
    if (start < LINES) {
      const end = findLine(block, start, true);
      useLines(block, start, end);
      // What was swept here has left states behind, if the block was promoted as it stood before.
      memory.fill(block + ((start as usize) << 3), 0, ((end - start) as usize) << 3);
      noteYoung(block, start, end);
      store<u32>(RECYCLE_LINE, end);
      countWindow();
      setWindow(block + (start << LINE_SHIFT), block + (end << LINE_SHIFT));
      return true;
    }
    block = 0;
    store<usize>(RECYCLE_BLOCK, 0);
  }
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
  if (load<u32>(STATS_PHASE) === PHASE_SWEEP) store<u32>(block, load<u32>(CYCLE), BLOCK_BORN);
  return block;
}

function allocateInOverflow(size: u32): usize {
  let top = load<usize>(OVERFLOW_TOP);
  if (size > load<usize>(OVERFLOW_LIMIT) - top) {
    const block = freshBlock();
    if (block === 0) return 0;
    top = block + BLOCK_DATA;
    store<usize>(OVERFLOW_LIMIT, block + BLOCK_SIZE);
  }
  store<usize>(OVERFLOW_TOP, top + size);
  countBytes(size);
  return top;
}

function setWindow(top: usize, limit: usize): void {
  store<usize>(REGION_HEAP, top, REGION_TOP);
  store<usize>(REGION_HEAP, limit, REGION_LIMIT);
  restartCount(top);
}
