/**
 * Blocks: memory in pieces of 64 KiB, and the table that says what each is.
 *
 * Everything in memory above STATIC_BASE is handed out here, as runs of whole blocks. The table has one byte a block,
 * so a free run is found by looking at the table alone; there is no list of free blocks to keep in step with it, and
 * neighbours join by themselves. Growth happens here and nowhere else, in steps of an eighth of the memory, so that it is
 * rare: growing replaces the host's view of the memory, and its cost is not ours to bound.
 *
 * Invariants: blocks below `freeHint` are not free; blocks from `blocksEnd` on do not exist; `blocksEnd` never passes
 * `blocksLimit`. A run that is handed out begins with a zeroed header and side table.
 */
import { cells } from '../cells.ts';
import { poisons } from '../checked.ts';
import {
  BLOCK_ARENA,
  BLOCK_ARENA_REST,
  BLOCK_DATA,
  BLOCK_FREE,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  BLOCK_STATIC,
  BLOCK_TABLE,
  FIRST_BLOCK,
  POISON,
} from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BlockHeader } from './block-header.ts';

/** Memory grows by at least 1 MiB and at most 16 MiB at a time, except where one object needs more. */
const SMALLEST_STEP: u32 = 16;
const LARGEST_STEP: u32 = 256;
const STEP_SHIFT = 3;

/** The last block of a 4 GiB memory is never used, so that the end of every object is an address. */
const MOST_BLOCKS: u32 = 0xffff;

export function initialiseBlocks(hardLimitBytes: u32): void {
  const asked = hardLimitBytes === 0 ? MOST_BLOCKS : hardLimitBytes >>> BLOCK_SHIFT;
  const limit = min(max(asked, FIRST_BLOCK + 1), MOST_BLOCKS);
  const end = min(memory.size() as u32, limit);
  memory.fill(BLOCK_TABLE, BLOCK_STATIC as u8, FIRST_BLOCK);
  memory.fill(BLOCK_TABLE + FIRST_BLOCK, BLOCK_FREE as u8, MOST_BLOCKS - FIRST_BLOCK);
  cells.blocksLimit = limit;
  cells.blocksEnd = end;
  cells.freeHint = FIRST_BLOCK;
  statistics.blocks = end;
  statistics.blocksFree = end - FIRST_BLOCK;
}

/** What the block that holds an address is. Addresses are never beyond `blocksEnd`. */
export function kindOf(address: usize): u32 {
  return load<u8>(BLOCK_TABLE + (address >>> BLOCK_SHIFT));
}

/** The block that an address lies in. */
export function blockOf(address: usize): usize {
  return (address >>> BLOCK_SHIFT) << BLOCK_SHIFT;
}

export function nextBlock(block: usize): usize {
  return BlockHeader.at(block).next;
}

/**
 * Hands out `count` neighbouring blocks: the first becomes `kind`, the others `rest`. Returns 0 where neither a free run
 * nor growth within the hard limit can serve. The first block's header and side table are zero, all else is not.
 */
export function takeBlocks(count: u32, kind: u32, rest: u32): usize {
  let index = findRun(count);
  if (index === 0) {
    if (!grow(count)) return 0;
    index = findRun(count);
  }
  const entry = BLOCK_TABLE + (index as usize);
  store<u8>(entry, kind as u8);
  if (count > 1) memory.fill(entry + 1, rest as u8, count - 1);
  if (index === cells.freeHint) cells.freeHint = index + count;
  statistics.blocksFree -= count;
  if (isArena(kind)) statistics.arenaBytes += count << BLOCK_SHIFT;
  const block = (index as usize) << BLOCK_SHIFT;
  memory.fill(block, 0, BLOCK_DATA);
  BlockHeader.at(block).run = count;
  return block;
}

/** Takes a run back. It must have been handed out by `takeBlocks` with this length. */
export function freeBlocks(block: usize, count: u32): void {
  const index = (block >>> BLOCK_SHIFT) as u32;
  const kind = kindOf(block);
  if (poisons()) memory.fill(block, POISON as u8, (count as usize) << BLOCK_SHIFT);
  memory.fill(BLOCK_TABLE + (index as usize), BLOCK_FREE as u8, count);
  cells.freeHint = min(cells.freeHint, index);
  statistics.blocksFree += count;
  if (isArena(kind)) statistics.arenaBytes -= count << BLOCK_SHIFT;
}

/** How many blocks a run needs whose first block holds one object after its header. */
export function blocksFor(size: u32): u32 {
  return (size + (BLOCK_DATA + BLOCK_SIZE - 1)) >>> BLOCK_SHIFT;
}

/** The hard limit in bytes. */
export function hardLimit(): f64 {
  return (cells.blocksLimit as f64) * BLOCK_SIZE;
}

/** Whether no block is free, and the hard limit allows no more. */
export function isFull(): bool {
  return statistics.blocksFree === 0 && cells.blocksEnd === cells.blocksLimit;
}

function isArena(kind: u32): bool {
  return kind === BLOCK_ARENA || kind === BLOCK_ARENA_REST;
}

/** Index of the first of `count` free blocks in a row, or 0. First fit keeps low memory dense. */
export function findRun(count: u32): u32 {
  const end = cells.blocksEnd;
  let index = cells.freeHint;
  while (index < end && load<u8>(BLOCK_TABLE + (index as usize)) !== BLOCK_FREE) index++;
  cells.freeHint = index;
  let length: u32 = 0;
  for (; index < end; index++) {
    if (load<u8>(BLOCK_TABLE + (index as usize)) !== BLOCK_FREE) length = 0;
    else if (++length === count) return index + 1 - count;
  }
  return 0;
}

/** Index of the first block after the last that is not free. */
export function endOfUse(): u32 {
  let index = cells.blocksEnd;
  while (index > (FIRST_BLOCK as u32) && load<u8>(BLOCK_TABLE + (index as usize) - 1) === BLOCK_FREE) index--;
  return index;
}

/** Gives up the free blocks at the end, but for SMALLEST_STEP of them. Returns how many blocks there are then. */
export function trimBlocks(): u32 {
  const end = cells.blocksEnd;
  const kept = min(end, endOfUse() + SMALLEST_STEP);
  cells.blocksEnd = kept;
  statistics.blocks = kept;
  statistics.blocksFree -= end - kept;
  cells.freeHint = min(cells.freeHint, kept);
  return kept;
}

/** Makes memory end in a free run of at least `count` blocks; false where the limit or the host forbids it. */
function grow(count: u32): bool {
  const end = cells.blocksEnd;
  const limit = cells.blocksLimit;
  const needed = count - (end - endOfUse());
  if (needed > limit - end) return false;
  const step = min(max(end >>> STEP_SHIFT, SMALLEST_STEP), LARGEST_STEP);
  const wished = min(max(needed, step), limit - end);
  return extend(end, wished) || extend(end, needed);
}

function extend(end: u32, count: u32): bool {
  const present = memory.size() as u32;
  // The verifier may have grown the memory for its own tables before; what lies after `blocksEnd` is then used first.
  if (end + count > present && memory.grow((end + count - present) as i32) < 0) return false;
  cells.blocksEnd = end + count;
  statistics.blocks = end + count;
  statistics.blocksFree += count;
  return true;
}
