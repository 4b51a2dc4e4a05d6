/**
 * Recycling: the list of blocks whose holes are to be filled again, in the order in which they were found, and those that are
 * left aside until the next cycle.
 *
 * Invariants: `listed` is `recycleNumber` in the blocks of the list, and its complement in those left aside; `holes` of
 * both is their free bytes, and STATS_HOLE_BYTES the sum; `longest` is the lines of their longest hole.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_ASIDE } from '../fault.ts';
import { BLOCK_OBJECTS, BLOCK_SHIFT, FIRST_BLOCK, LINE_SHIFT, STRESS_EAGER } from '../layout.ts';
import { shared, statistics } from '../shared-cells.ts';
import { BlockHeader } from './block-header.ts';
import { kindOf } from './blocks.ts';
import { FIRST_LINE, freeLines, LINES, longestHole } from './lines.ts';

/** A block with fewer free lines than nine in ten is not refilled before the next cycle: see `recycleOrLeave`. */
const REFILLED: u32 = ((LINES - FIRST_LINE) * 9) / 10;

/** How many blocks are asked for a long hole before a fresh block is taken. */
const ASKED: u32 = 64;

/** Forgets all holes, before sweeping finds them anew. */
export function forgetHoles(): void {
  cells.recycleNumber++;
  statistics.holeBytes = 0;
  cells.asideBytes = 0;
  cells.recycleFirst = 0;
  cells.recycleLast = 0;
}

/** Whether a block waits in the list of those whose holes are still to be filled. */
export function isListed(block: usize): bool {
  return BlockHeader.at(block).listed === cells.recycleNumber;
}

/** Whether a block's holes are left as they are. */
function isAside(block: usize): bool {
  return BlockHeader.at(block).listed === ~cells.recycleNumber;
}

/**
 * Lists a block with `holes` clear lines in which survivors of a young collection lie. In mid-run (`leaving`) it leaves one
 * aside that they have cut up, since each hole would cost a slow path for a few objects. What is left aside waits for the
 * next cycle, which comes the earlier for it (`asideBytes`), and is bounded (`asideLimit`). In a game the cycles that this costs
 * would be dearer.
 */
export function recycleOrLeave(block: usize, holes: u32): void {
  takeBack(block);
  const aside = cells.asideBytes + (holes << LINE_SHIFT);
  // Under stress it happens in gaps as well, to half of the blocks.
  const stressed = (shared.stress & STRESS_EAGER) !== 0 && holes % 2 !== 0;
  const leaves = (stressed || cells.leaving !== 0) && holes < REFILLED;
  if (!leaves || isListed(block) || aside > cells.asideLimit) {
    recycle(block);
    return;
  }
  countHoles(block, 0);
  BlockHeader.at(block).listed = ~cells.recycleNumber;
  cells.asideBytes = aside;
}

/** A block is not left aside any longer, if it was. Returns the block. */
export function takeBack(block: usize): usize {
  if (FAULT === FAULT_ASIDE || !isAside(block)) return block;
  const bytes = BlockHeader.at(block).holes;
  BlockHeader.at(block).listed = 0;
  cells.asideBytes -= bytes;
  statistics.holeBytes -= bytes;
  return block;
}

/** Lists all blocks that were left aside, since memory has run out. */
export function recycleAside(): void {
  if (cells.asideBytes === 0) return;
  const end = cells.blocksEnd;
  for (let index: u32 = FIRST_BLOCK; index < end; index++) {
    const block = (index as usize) << BLOCK_SHIFT;
    if (kindOf(block) === BLOCK_OBJECTS && isAside(block)) recycle(takeBack(block));
  }
}

/** Puts a block with clear lines last in that list, unless it is there already. */
export function recycle(block: usize): void {
  const listed = isListed(block);
  countHoles(block, listed ? BlockHeader.at(block).holes : 0);
  if (listed) return;
  BlockHeader.at(block).listed = cells.recycleNumber;
  BlockHeader.at(block).next = 0;
  const last = cells.recycleLast;
  if (last === 0) cells.recycleFirst = block;
  else BlockHeader.at(last).next = block;
  cells.recycleLast = block;
}

/**
 * A block of the list that has a hole of so many lines, or 0. It stays there; whoever fills the hole tells (`recount`). Of a long list
 * only the next few blocks are asked, and where none has one they become the last: each search sees others.
 */
export function findLongHole(lines: u32): usize {
  let block = cells.recycleFirst;
  let asked: usize = 0;
  for (let i: u32 = 0; i < ASKED && block !== 0; i++) {
    if (BlockHeader.at(block).longest >= lines) return block;
    asked = block;
    block = BlockHeader.at(block).next;
  }
  if (block === 0) return 0;
  BlockHeader.at(cells.recycleLast).next = cells.recycleFirst;
  cells.recycleFirst = block;
  cells.recycleLast = asked;
  BlockHeader.at(asked).next = 0;
  return 0;
}

/** A hole of a block of the list has been handed out. */
export function recount(block: usize): void {
  countHoles(block, BlockHeader.at(block).holes);
}

/** Brings the count of free bytes in blocks up to date for one that had `before` of them. */
function countHoles(block: usize, before: u32): void {
  const holes = freeLines(block) << LINE_SHIFT;
  BlockHeader.at(block).holes = holes;
  BlockHeader.at(block).longest = longestHole(block);
  statistics.holeBytes = statistics.holeBytes + holes - before;
}
