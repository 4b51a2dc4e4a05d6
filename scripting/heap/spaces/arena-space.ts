/**
 * The arena space: memory that is freed all at once. An arena is a list of blocks that fills up one after the other, and
 * a list of runs for objects that fit no block. When it ends, both lists are spliced whole to the lists kept here, by
 * their tails, so that the cost of ending does not depend on what was allocated. The next arena takes its blocks from
 * there: an arena that is opened again allocates nothing.
 *
 * When there is none to take, an arena takes a chunk from the block table: as many blocks as its `:chunk` says, and
 * twice as many each further time. A chunk's blocks need not be neighbours, since each has a side table of its own that
 * stays zero: a store into an arena object passes the write barrier like one into a young object. Blocks go back to the
 * block table only when memory runs out.
 *
 *     region ─newest→ [block] → [block] → ... → [block] ←oldest─ region          POOL → [block] → ... → 0
 *                                                  └── on ending: next = POOL; POOL = newest
 *
 * Invariants: a block in one of the lists is BLOCK_ARENA, its owner is the region while the arena is open; objects lie
 * without gaps from BLOCK_DATA to the block's fill mark, the current block's being the region's top.
 *
 * In a checked build a block that an arena has left rests: it goes to the end of the list, and is taken only where others
 * are after it. So what still leads into it finds that it was overwritten, and not another arena's objects.
 */
import { POOL, POOL_RUNS, RUN_BIN_COUNT, RUN_BINS } from '../cells.ts';
import { CHECKED, poisons } from '../checked.ts';
import {
  BLOCK_ARENA,
  BLOCK_ARENA_REST,
  BLOCK_DATA,
  BLOCK_OWNER,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  POISON,
  SMALL_OBJECT_LIMIT,
  STATS_ARENA_CHUNKS,
} from '../layout.ts';
import { BLOCK_FILL, BLOCK_NEXT, BLOCK_RUN, blocksFor, freeBlocks, nextBlock, takeBlocks } from './blocks.ts';
import { fitsBlock } from './object.ts';
import {
  bump,
  REGION_BYTE_LIMIT,
  REGION_CAPACITY,
  REGION_CHUNK,
  REGION_CURRENT,
  REGION_LIMIT,
  REGION_NEWEST,
  REGION_NEWEST_RUN,
  REGION_OLDEST,
  REGION_OLDEST_RUN,
  REGION_PEAK,
  REGION_SIZE,
  REGION_TOP,
  REGION_USED,
} from './window.ts';

/** A chunk is at most 4 MiB. */
const LARGEST_CHUNK: u32 = 64;
const DEFAULT_CHUNK: u32 = 1;

/** How many blocks rest in a checked build: 4 MiB. */
const RESTING = 64;

/** How many runs of one bin are looked at for one that is long enough. */
const BIN_SEARCH = 16;

/** Lays down the descriptor of an arena without blocks. `chunkBytes` and `limitBytes` may be 0: the default, no limit. */
export function initialiseArena(region: usize, chunkBytes: u32, limitBytes: u32): void {
  memory.fill(region, 0, REGION_SIZE);
  const chunk = (chunkBytes + (BLOCK_SIZE - 1)) >>> BLOCK_SHIFT;
  store<u32>(region, min(max(chunk, DEFAULT_CHUNK), LARGEST_CHUNK), REGION_CHUNK);
  store<u32>(region, limitBytes, REGION_BYTE_LIMIT);
}

/** Whether `size` more bytes stay within the arena's own limit. Its window must be closed. */
export function withinArenaLimit(region: usize, size: u32): bool {
  const limit = load<u32>(region, REGION_BYTE_LIMIT);
  if (limit === 0) return true;
  const used = usedBytes(region, load<usize>(region, REGION_TOP));
  return used <= limit && size <= limit - used;
}

/** Allocates in an arena whose window is closed; 0 where no memory can be had. */
export function allocateInArena(region: usize, size: u32): usize {
  if (!fitsBlock(size)) return allocateRun(region, size);
  const object = bump(region, size);
  if (object !== 0) return object;
  const block = takeArenaBlock(region);
  if (block === 0) return 0;
  const start = block + BLOCK_DATA;
  const top = load<usize>(region, REGION_TOP);
  const left = load<usize>(region, REGION_LIMIT) - top;
  if (left > ((SMALL_OBJECT_LIMIT - size) as usize)) {
    // The window has more room than the new block will have left: it stays, and the new block is done with.
    store<usize>(block, start + size, BLOCK_FILL);
    addUsed(region, size);
  } else {
    leaveCurrentBlock(region, top);
    store<usize>(region, block, REGION_CURRENT);
    store<usize>(region, start + size, REGION_TOP);
    store<usize>(region, block + BLOCK_SIZE, REGION_LIMIT);
  }
  narrowToLimit(region);
  return start;
}

/** Ends an arena whose window is closed, or empties the frame's: all its memory is kept for the next. O(1). */
export function emptyArena(region: usize): void {
  const used = usedBytes(region, load<usize>(region, REGION_TOP));
  store<u32>(region, max(used, load<u32>(region, REGION_PEAK)), REGION_PEAK);
  if (poisons()) poisonArena(region);
  if (CHECKED) disown(region);
  splice(region, REGION_NEWEST, REGION_OLDEST, CHECKED ? endOf(POOL) : POOL);
  splice(region, REGION_NEWEST_RUN, REGION_OLDEST_RUN, POOL_RUNS);
  store<usize>(region, 0, REGION_TOP);
  store<usize>(region, 0, REGION_LIMIT);
  store<usize>(region, 0, REGION_CURRENT);
  store<u32>(region, 0, REGION_USED);
  store<u32>(region, 0, REGION_CAPACITY);
}

/** Bytes of the objects in an arena whose window's top is `top`. */
export function usedBytes(region: usize, top: usize): u32 {
  const current = load<usize>(region, REGION_CURRENT);
  const inCurrent = current === 0 ? 0 : ((top - current - BLOCK_DATA) as u32);
  return load<u32>(region, REGION_USED) + inCurrent;
}

/** Where the objects end in a block or run of an arena whose window is closed. */
export function fillOf(region: usize, block: usize): usize {
  if (block === load<usize>(region, REGION_CURRENT)) return load<usize>(region, REGION_TOP);
  return load<usize>(block, BLOCK_FILL);
}

/** Gives all blocks that no open arena holds back to the block table; false where there are none. */
export function releasePool(): bool {
  sortRuns();
  let released = releaseList(POOL);
  for (let bin = 0; bin < RUN_BIN_COUNT; bin++) released = releaseList(RUN_BINS + (bin << 2)) || released;
  return released;
}

function releaseList(cell: usize): bool {
  let block = load<usize>(cell);
  if (block === 0) return false;
  while (block !== 0) {
    const next = nextBlock(block);
    freeBlocks(block, load<u32>(block, BLOCK_RUN));
    block = next;
  }
  store<usize>(cell, 0);
  return true;
}

function addUsed(region: usize, bytes: u32): void {
  store<u32>(region, load<u32>(region, REGION_USED) + bytes, REGION_USED);
}

/** Notes where the current block's objects end, before another block becomes current. */
function leaveCurrentBlock(region: usize, top: usize): void {
  const current = load<usize>(region, REGION_CURRENT);
  if (current === 0) return;
  store<usize>(current, top, BLOCK_FILL);
  addUsed(region, (top - current - BLOCK_DATA) as u32);
}

/** Draws the window's end in where the arena's own limit lies within it. */
function narrowToLimit(region: usize): void {
  const limit = load<u32>(region, REGION_BYTE_LIMIT);
  if (limit === 0) return;
  const top = load<usize>(region, REGION_TOP);
  const used = usedBytes(region, top);
  const left = limit > used ? limit - used : 0;
  if (left < load<usize>(region, REGION_LIMIT) - top) store<usize>(region, top + left, REGION_LIMIT);
}

/** Adds a block to an arena's list, from those that are kept or from the block table. */
function takeArenaBlock(region: usize): usize {
  if (CHECKED && !isLong(POOL)) takeChunk(region);
  if (load<usize>(POOL) === 0 && !takeChunk(region)) return 0;
  const block = load<usize>(POOL);
  store<usize>(POOL, nextBlock(block));
  link(region, block, REGION_NEWEST, REGION_OLDEST);
  store<u32>(region, load<u32>(region, REGION_CAPACITY) + SMALL_OBJECT_LIMIT, REGION_CAPACITY);
  return block;
}

/** Takes a chunk's blocks from the block table, or as many of them as there are; false where there is none. */
function takeChunk(region: usize): bool {
  const count = load<u32>(region, REGION_CHUNK);
  for (let i: u32 = 0; i < count; i++) {
    const block = takeBlocks(1, BLOCK_ARENA, BLOCK_ARENA);
    if (block === 0) break;
    store<usize>(block, load<usize>(POOL), BLOCK_NEXT);
    store<usize>(POOL, block);
  }
  if (load<usize>(POOL) === 0) return false;
  store<u32>(region, min(count << 1, LARGEST_CHUNK), REGION_CHUNK);
  store<u32>(STATS_ARENA_CHUNKS, load<u32>(STATS_ARENA_CHUNKS) + 1);
  return true;
}

function allocateRun(region: usize, size: u32): usize {
  const count = blocksFor(size);
  let run = takeKeptRun(count);
  if (run === 0) {
    run = takeBlocks(count, BLOCK_ARENA, BLOCK_ARENA_REST);
    if (run === 0) return 0;
    store<u32>(STATS_ARENA_CHUNKS, load<u32>(STATS_ARENA_CHUNKS) + 1);
  }
  link(region, run, REGION_NEWEST_RUN, REGION_OLDEST_RUN);
  store<usize>(run, run + BLOCK_DATA + size, BLOCK_FILL);
  addUsed(region, size);
  const room = (load<u32>(run, BLOCK_RUN) << BLOCK_SHIFT) - BLOCK_DATA;
  store<u32>(region, load<u32>(region, REGION_CAPACITY) + room, REGION_CAPACITY);
  narrowToLimit(region);
  return run + BLOCK_DATA;
}

/** A kept run of at least `count` blocks and less than four times as many, or 0. */
function takeKeptRun(count: u32): usize {
  sortRuns();
  const bin = binOf(count);
  const run = takeFromBin(bin, count);
  return run !== 0 || bin + 1 === RUN_BIN_COUNT ? run : takeFromBin(bin + 1, count);
}

function takeFromBin(bin: u32, count: u32): usize {
  let cell: usize = RUN_BINS + ((bin as usize) << 2);
  for (let i = 0; i < BIN_SEARCH; i++) {
    const run = load<usize>(cell);
    if (run === 0) return 0;
    if (load<u32>(run, BLOCK_RUN) >= count) {
      store<usize>(cell, nextBlock(run));
      return run;
    }
    cell = run + BLOCK_NEXT;
  }
  return 0;
}

/** Sorts the runs of ended arenas into bins: work that ending them left to the next that needs a run. */
function sortRuns(): void {
  let run = load<usize>(POOL_RUNS);
  while (run !== 0) {
    const next = nextBlock(run);
    const bin = RUN_BINS + ((binOf(load<u32>(run, BLOCK_RUN)) as usize) << 2);
    store<usize>(run, load<usize>(bin), BLOCK_NEXT);
    store<usize>(bin, run);
    run = next;
  }
  store<usize>(POOL_RUNS, 0);
}

function binOf(count: u32): u32 {
  return 31 - (clz(count) as u32);
}

/** Puts a block first in one of a region's lists. */
function link(region: usize, block: usize, newest: usize, oldest: usize): void {
  const next = load<usize>(region + newest);
  store<usize>(block, next, BLOCK_NEXT);
  store<usize>(block, region, BLOCK_OWNER);
  store<usize>(region + newest, block);
  if (next === 0) store<usize>(region + oldest, block);
}

/** Moves the whole of one of a region's lists to the front of the list at `cell`. */
function splice(region: usize, newest: usize, oldest: usize, cell: usize): void {
  const first = load<usize>(region + newest);
  if (first === 0) return;
  store<usize>(load<usize>(region + oldest), load<usize>(cell), BLOCK_NEXT);
  store<usize>(cell, first);
  store<usize>(region + newest, 0);
  store<usize>(region + oldest, 0);
}

/** The cell in which a list ends. */
function endOf(list: usize): usize {
  let cell = list;
  while (load<usize>(cell) !== 0) cell = load<usize>(cell) + BLOCK_NEXT;
  return cell;
}

/** Whether more blocks are in a list than are to rest. */
function isLong(list: usize): bool {
  let block = load<usize>(list);
  for (let i = 0; i < RESTING; i++) {
    if (block === 0) return false;
    block = nextBlock(block);
  }
  return block !== 0;
}

/** Takes the region's name off its blocks, so that no address leads to an object in them. */
function disown(region: usize): void {
  disownList(load<usize>(region, REGION_NEWEST));
  disownList(load<usize>(region, REGION_NEWEST_RUN));
}

function disownList(first: usize): void {
  for (let block = first; block !== 0; block = nextBlock(block)) store<usize>(block, 0, BLOCK_OWNER);
}

function poisonArena(region: usize): void {
  poisonList(region, load<usize>(region, REGION_NEWEST));
  poisonList(region, load<usize>(region, REGION_NEWEST_RUN));
}

function poisonList(region: usize, first: usize): void {
  for (let block = first; block !== 0; block = nextBlock(block)) {
    const start = block + BLOCK_DATA;
    memory.fill(start, POISON as u8, fillOf(region, block) - start);
  }
}
