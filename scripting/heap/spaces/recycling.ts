/**
 * Recycling: the list of blocks whose holes are to be filled again, in the order in which they were found, and those that are
 * left aside until the next cycle.
 *
 * Invariants: BLOCK_LISTED is RECYCLE_NUMBER in the blocks of the list, and its complement in those left aside; BLOCK_HOLES of
 * both is their free bytes, and STATS_HOLE_BYTES the sum.
 */
import {
  ASIDE_BYTES,
  ASIDE_LIMIT,
  BLOCKS_END,
  LEAVING,
  RECYCLE_FIRST,
  RECYCLE_LAST,
  RECYCLE_NUMBER,
} from '../cells.ts';
import { FAULT, FAULT_ASIDE } from '../fault.ts';
import {
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  FIRST_BLOCK,
  LINE_SHIFT,
  STATS_HOLE_BYTES,
  STRESS,
  STRESS_EAGER,
} from '../layout.ts';
import { BLOCK_HOLES, BLOCK_LISTED, BLOCK_NEXT, kindOf } from './blocks.ts';
import { FIRST_LINE, freeLines, LINES } from './lines.ts';

/** A block with fewer free lines than nine in ten is not refilled before the next cycle: see `recycleOrLeave`. */
const REFILLED: u32 = ((LINES - FIRST_LINE) * 9) / 10;

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
