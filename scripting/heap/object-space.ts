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
 * Invariant: a line whose bit is clear, in a block of kind BLOCK_OBJECTS, holds nothing live, and no window includes it.
 * Lines of a window are set from the moment it is handed out.
 *
 *     line bits of a block, 512 from `block + 64` on:   bit i: the line at `block + 128 * i`
 *     bits 0 .. 31 belong to the side table and are set
 */
import {
  BLOCK_BORN,
  BLOCK_HOLES,
  BLOCK_LINES,
  BLOCK_LISTED,
  BLOCK_NEXT,
  kindOf,
  nextBlock,
  takeBlocks,
} from './blocks.ts';
import {
  ASIDE_BYTES,
  ASIDE_LIMIT,
  BLOCKS_END,
  CYCLE,
  LEAVING,
  OVERFLOW_LIMIT,
  OVERFLOW_TOP,
  RECYCLE_BLOCK,
  RECYCLE_FIRST,
  RECYCLE_LAST,
  RECYCLE_LINE,
  RECYCLE_NUMBER,
} from './cells.ts';
import { FAULT, FAULT_ASIDE } from './fault.ts';
import {
  BLOCK_DATA,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  FIRST_BLOCK,
  LINE_SHIFT,
  LINE_SIZE,
  PHASE_SWEEP,
  REGION_HEAP,
  STATS_HOLE_BYTES,
  STATS_PHASE,
  STRESS,
  STRESS_EAGER,
} from './layout.ts';
import { noteYoung } from './nursery.ts';
import { countBytes, countWindow, restartCount } from './statistics.ts';
import { bump, REGION_LIMIT, REGION_TOP } from './window.ts';

export const LINES: u32 = BLOCK_SIZE >> LINE_SHIFT;
export const FIRST_LINE: u32 = BLOCK_DATA >> LINE_SHIFT;

/** A block with fewer free lines than nine in ten is not refilled before the next cycle: see `recycleOrLeave`. */
const REFILLED: u32 = ((LINES - FIRST_LINE) * 9) / 10;

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

/** Forgets all holes, before sweeping finds them anew. */
export function forgetHoles(): void {
  store<u32>(RECYCLE_NUMBER, load<u32>(RECYCLE_NUMBER) + 1);
  store<u32>(STATS_HOLE_BYTES, 0);
  store<u32>(ASIDE_BYTES, 0);
  store<usize>(RECYCLE_FIRST, 0);
  store<usize>(RECYCLE_LAST, 0);
}

/** Whether a block waits in the list of those whose holes are still to be filled. */
export function isListed(block: usize): bool {
  return load<u32>(block, BLOCK_LISTED) === load<u32>(RECYCLE_NUMBER);
}

/** Whether a block's holes are left as they are. */
function isAside(block: usize): bool {
  return load<u32>(block, BLOCK_LISTED) === ~load<u32>(RECYCLE_NUMBER);
}

/**
 * Lists a block with `holes` clear lines in which survivors of a young collection lie. In mid-run (LEAVING) it leaves one
 * aside that they have cut up, since each hole would cost a slow path for a few objects. What is left aside waits for the
 * next cycle, which comes the earlier for it (ASIDE_BYTES), and is bounded (ASIDE_LIMIT). In a game the cycles that this costs
 * would be dearer.
 */
export function recycleOrLeave(block: usize, holes: u32): void {
  takeBack(block);
  const aside = load<u32>(ASIDE_BYTES) + (holes << LINE_SHIFT);
  // Under stress it happens in gaps as well, to half of the blocks.
  const stressed = (load<u32>(STRESS) & STRESS_EAGER) !== 0 && holes % 2 !== 0;
  const leaves = (stressed || load<u32>(LEAVING) !== 0) && holes < REFILLED;
  if (!leaves || isListed(block) || aside > load<u32>(ASIDE_LIMIT)) {
    recycle(block);
    return;
  }
  countHoles(block, 0);
  store<u32>(block, ~load<u32>(RECYCLE_NUMBER), BLOCK_LISTED);
  store<u32>(ASIDE_BYTES, aside);
}

/** A block is not left aside any longer, if it was. Gives the block. */
export function takeBack(block: usize): usize {
  if (FAULT === FAULT_ASIDE || !isAside(block)) return block;
  const bytes = load<u32>(block, BLOCK_HOLES);
  store<u32>(block, 0, BLOCK_LISTED);
  store<u32>(ASIDE_BYTES, load<u32>(ASIDE_BYTES) - bytes);
  store<u32>(STATS_HOLE_BYTES, load<u32>(STATS_HOLE_BYTES) - bytes);
  return block;
}

/** Lists all blocks that were left aside, since memory has run out. */
export function recycleAside(): void {
  if (load<u32>(ASIDE_BYTES) === 0) return;
  const end = load<u32>(BLOCKS_END);
  for (let index: u32 = FIRST_BLOCK; index < end; index++) {
    const block = (index as usize) << BLOCK_SHIFT;
    if (kindOf(block) === BLOCK_OBJECTS && isAside(block)) recycle(takeBack(block));
  }
}

/** How many lines of a block are free. */
export function freeLines(block: usize): u32 {
  let used: u32 = 0;
  for (let at: usize = 0; at < LINES >>> 3; at += 8) {
    used += popcnt(load<u64>(block + BLOCK_LINES + at)) as u32;
  }
  return LINES - used;
}

/** Puts a block with clear lines last in that list, unless it is there already. */
export function recycle(block: usize): void {
  const listed = isListed(block);
  countHoles(block, listed ? load<u32>(block, BLOCK_HOLES) : 0);
  if (listed) return;
  store<u32>(block, load<u32>(RECYCLE_NUMBER), BLOCK_LISTED);
  store<usize>(block, 0, BLOCK_NEXT);
  const last = load<usize>(RECYCLE_LAST);
  if (last === 0) store<usize>(RECYCLE_FIRST, block);
  else store<usize>(last, block, BLOCK_NEXT);
  store<usize>(RECYCLE_LAST, block);
}

/** Brings the count of free bytes in blocks up to date for one that had `before` of them. */
function countHoles(block: usize, before: u32): void {
  const holes = freeLines(block) << LINE_SHIFT;
  store<u32>(block, holes, BLOCK_HOLES);
  store<u32>(STATS_HOLE_BYTES, load<u32>(STATS_HOLE_BYTES) + holes - before);
}

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

/** Sets a stretch of a block's 512 line bits, whichever of the two sets they belong to. */
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

function bits(first: u32, count: u32): u64 {
  return (u64.MAX_VALUE >>> (64 - count)) << first;
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
