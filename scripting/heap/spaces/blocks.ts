/**
 * Blocks: memory in pieces of 64 KiB, and the table that says what each is.
 *
 * Everything in memory above STATIC_BASE is handed out here, as runs of whole blocks. The table has one byte a block,
 * so a free run is found by looking at the table alone; there is no list of free blocks to keep in step with it, and
 * neighbours join by themselves. Growth happens here and nowhere else, in steps of an eighth of the memory, so that it is
 * rare: growing replaces the host's view of the memory, and its cost is not ours to bound.
 *
 * Invariants: blocks below FREE_HINT are not free; blocks from BLOCKS_END on do not exist; BLOCKS_END never passes
 * BLOCKS_LIMIT. A run that is handed out begins with a zeroed header and side table.
 *
 * The header of a block of objects or of an arena (the side table's first 256 bytes, see `layout.ts`):
 *
 *     +0   u32  next block in the list this one is in, or 0
 *     +4   u32  how many blocks the run has that begins here
 *     +8   u32  arena: address of the region that owns it
 *     +12  u32  arena: where its objects end, valid while it is not the region's current block
 *     +16  u32  objects and large: next block with young lines, or next young large object's block
 *     +20  u32  objects: 1 while in that list
 *     +24  u32  objects and large: the cycle during whose sweeping the block was taken
 *     +28  u32  objects: 1 when it was promoted as it stood while a cycle was marking
 *     +32  u32  objects: number of the list of holes that it is in, or was last; its complement: left aside
 *               (`object-space.ts`)
 *     +36  u32  large: cards that were stored into (`cards.ts`)
 *     +40  u32  objects: bytes of its holes, while it is in that list or left aside
 *     +60  u32  objects: 1 while the move phase empties it; large: 1 when that phase has put it here
 *     +64  512 bits  objects: lines in use, or given to an allocation window (`lines.ts`)
 *     +128 512 bits  objects: those of them that are young (`nursery.ts`)
 *     +192 512 bits  objects: those that stay young, while a young collection finds them; 0 otherwise
 */
import { BLOCKS_END, BLOCKS_LIMIT, FREE_HINT } from '../cells.ts';
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
  STATS_ARENA_BYTES,
  STATS_BLOCKS,
  STATS_BLOCKS_FREE,
} from '../layout.ts';

export const BLOCK_NEXT = 0;
export const BLOCK_RUN = 4;
export const BLOCK_FILL = 12;
export const BLOCK_YOUNG_NEXT = 16;
export const BLOCK_YOUNG = 20;
export const BLOCK_BORN = 24;
export const BLOCK_KEPT = 28;
export const BLOCK_LISTED = 32;
export const BLOCK_CARDS = 36;
export const BLOCK_HOLES = 40;
export const BLOCK_SOURCE = 60;
export const BLOCK_LINES = 64;
export const BLOCK_YOUNG_LINES = 128;
export const BLOCK_AGED_LINES = 192;

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
  store<u32>(BLOCKS_LIMIT, limit);
  store<u32>(BLOCKS_END, end);
  store<u32>(FREE_HINT, FIRST_BLOCK);
  store<u32>(STATS_BLOCKS, end);
  store<u32>(STATS_BLOCKS_FREE, end - FIRST_BLOCK);
}

/** What the block that holds an address is. Addresses are never beyond BLOCKS_END. */
export function kindOf(address: usize): u32 {
  return load<u8>(BLOCK_TABLE + (address >>> BLOCK_SHIFT));
}

/** The block that an address lies in. */
export function blockOf(address: usize): usize {
  return (address >>> BLOCK_SHIFT) << BLOCK_SHIFT;
}

export function nextBlock(block: usize): usize {
  return load<usize>(block, BLOCK_NEXT);
}

/**
 * Hands out `count` neighbouring blocks: the first becomes `kind`, the others `rest`. Gives 0 where neither a free run
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
  if (index === load<u32>(FREE_HINT)) store<u32>(FREE_HINT, index + count);
  store<u32>(STATS_BLOCKS_FREE, load<u32>(STATS_BLOCKS_FREE) - count);
  if (isArena(kind)) store<u32>(STATS_ARENA_BYTES, load<u32>(STATS_ARENA_BYTES) + (count << BLOCK_SHIFT));
  const block = (index as usize) << BLOCK_SHIFT;
  memory.fill(block, 0, BLOCK_DATA);
  store<u32>(block, count, BLOCK_RUN);
  return block;
}

/** Takes a run back. It must have been handed out by `takeBlocks` with this length. */
export function freeBlocks(block: usize, count: u32): void {
  const index = (block >>> BLOCK_SHIFT) as u32;
  const kind = kindOf(block);
  if (poisons()) memory.fill(block, POISON as u8, (count as usize) << BLOCK_SHIFT);
  memory.fill(BLOCK_TABLE + (index as usize), BLOCK_FREE as u8, count);
  store<u32>(FREE_HINT, min(load<u32>(FREE_HINT), index));
  store<u32>(STATS_BLOCKS_FREE, load<u32>(STATS_BLOCKS_FREE) + count);
  if (isArena(kind)) store<u32>(STATS_ARENA_BYTES, load<u32>(STATS_ARENA_BYTES) - (count << BLOCK_SHIFT));
}

/** How many blocks a run needs whose first block holds one object behind its header. */
export function blocksFor(size: u32): u32 {
  return (size + (BLOCK_DATA + BLOCK_SIZE - 1)) >>> BLOCK_SHIFT;
}

/** The hard limit in bytes. */
export function hardLimit(): f64 {
  return (load<u32>(BLOCKS_LIMIT) as f64) * BLOCK_SIZE;
}

function isArena(kind: u32): bool {
  return kind === BLOCK_ARENA || kind === BLOCK_ARENA_REST;
}

/** Index of the first of `count` free blocks in a row, or 0. First fit keeps low memory dense. */
export function findRun(count: u32): u32 {
  const end = load<u32>(BLOCKS_END);
  let index = load<u32>(FREE_HINT);
  while (index < end && load<u8>(BLOCK_TABLE + (index as usize)) !== BLOCK_FREE) index++;
  store<u32>(FREE_HINT, index);
  let length: u32 = 0;
  for (; index < end; index++) {
    if (load<u8>(BLOCK_TABLE + (index as usize)) !== BLOCK_FREE) length = 0;
    else if (++length === count) return index + 1 - count;
  }
  return 0;
}

/** Index of the first block behind the last that is not free. */
export function endOfUse(): u32 {
  let index = load<u32>(BLOCKS_END);
  while (index > (FIRST_BLOCK as u32) && load<u8>(BLOCK_TABLE + (index as usize) - 1) === BLOCK_FREE) index--;
  return index;
}

/** Gives up the free blocks at the end, but for SMALLEST_STEP of them. Gives how many blocks there are then. */
export function trimBlocks(): u32 {
  const end = load<u32>(BLOCKS_END);
  const kept = min(end, endOfUse() + SMALLEST_STEP);
  store<u32>(BLOCKS_END, kept);
  store<u32>(STATS_BLOCKS, kept);
  store<u32>(STATS_BLOCKS_FREE, load<u32>(STATS_BLOCKS_FREE) - (end - kept));
  store<u32>(FREE_HINT, min(load<u32>(FREE_HINT), kept));
  return kept;
}

/** Makes memory end in a free run of at least `count` blocks; false where the limit or the host forbids it. */
function grow(count: u32): bool {
  const end = load<u32>(BLOCKS_END);
  const limit = load<u32>(BLOCKS_LIMIT);
  const needed = count - (end - endOfUse());
  if (needed > limit - end) return false;
  const step = min(max(end >>> STEP_SHIFT, SMALLEST_STEP), LARGEST_STEP);
  const wished = min(max(needed, step), limit - end);
  return extend(end, wished) || extend(end, needed);
}

function extend(end: u32, count: u32): bool {
  const present = memory.size() as u32;
  // The verifier may have grown the memory for its own tables before; what lies behind BLOCKS_END is then used first.
  if (end + count > present && memory.grow((end + count - present) as i32) < 0) return false;
  store<u32>(BLOCKS_END, end + count);
  store<u32>(STATS_BLOCKS, end + count);
  store<u32>(STATS_BLOCKS_FREE, load<u32>(STATS_BLOCKS_FREE) + count);
  return true;
}
