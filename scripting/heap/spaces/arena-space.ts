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
import { cells, POOL, POOL_RUNS, RUN_BIN_COUNT, RUN_BINS } from '../cells.ts';
import { CHECKED, poisons } from '../checked.ts';
import {
  BLOCK_ARENA,
  BLOCK_ARENA_REST,
  BLOCK_DATA,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  POISON,
  SMALL_OBJECT_LIMIT,
} from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BLOCK_NEXT, BlockHeader } from './block-header.ts';
import { blocksFor, freeBlocks, nextBlock, takeBlocks } from './blocks.ts';
import { fitsBlock } from './object.ts';
import { forgetTextPlace } from './text-place.ts';
import {
  bump,
  REGION_NEWEST,
  REGION_NEWEST_RUN,
  REGION_OLDEST,
  REGION_OLDEST_RUN,
  REGION_SIZE,
  Region,
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
  Region.at(region).chunk = min(max(chunk, DEFAULT_CHUNK), LARGEST_CHUNK);
  Region.at(region).byteLimit = limitBytes;
}

/** Whether `size` more bytes stay within the arena's own limit. Its window must be closed. */
export function withinArenaLimit(region: usize, size: u32): bool {
  const limit = Region.at(region).byteLimit;
  if (limit === 0) return true;
  const used = usedBytes(region, Region.at(region).top);
  return used <= limit && size <= limit - used;
}

/** Allocates in an arena whose window is closed; 0 where no memory can be had. */
export function allocateInArena(region: usize, size: u32): usize {
  const arena = Region.at(region);
  if (!fitsBlock(size)) return allocateRun(region, size);
  const object = bump(region, size);
  if (object !== 0) return object;
  const block = takeArenaBlock(region);
  if (block === 0) return 0;
  const start = block + BLOCK_DATA;
  const top = arena.top;
  const left = arena.limit - top;
  if (left > ((SMALL_OBJECT_LIMIT - size) as usize)) {
    // The window has more room than the new block will have left: it stays, and the new block is done with.
    BlockHeader.at(block).fill = start + size;
    addUsed(region, size);
  } else {
    leaveCurrentBlock(region, top);
    arena.current = block;
    arena.top = start + size;
    arena.limit = block + BLOCK_SIZE;
  }
  narrowToLimit(region);
  return start;
}

/** Ends an arena whose window is closed, or empties the frame's: all its memory is kept for the next. O(1). */
export function emptyArena(region: usize): void {
  const arena = Region.at(region);
  const used = usedBytes(region, arena.top);
  forgetTextPlace();
  arena.peak = max(used, arena.peak);
  if (poisons()) poisonArena(region);
  if (CHECKED) disown(region);
  splice(region, REGION_NEWEST, REGION_OLDEST, CHECKED ? endOf(POOL) : POOL);
  splice(region, REGION_NEWEST_RUN, REGION_OLDEST_RUN, POOL_RUNS);
  arena.top = 0;
  arena.limit = 0;
  arena.current = 0;
  arena.used = 0;
  arena.capacity = 0;
}

/** Bytes of the objects in an arena whose window's top is `top`. */
export function usedBytes(region: usize, top: usize): u32 {
  const current = Region.at(region).current;
  const inCurrent = current === 0 ? 0 : ((top - current - BLOCK_DATA) as u32);
  return Region.at(region).used + inCurrent;
}

/** Where the objects end in a block or run of an arena whose window is closed. */
export function fillOf(region: usize, block: usize): usize {
  if (block === Region.at(region).current) return Region.at(region).top;
  return BlockHeader.at(block).fill;
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
    freeBlocks(block, BlockHeader.at(block).run);
    block = next;
  }
  store<usize>(cell, 0);
  return true;
}

function addUsed(region: usize, bytes: u32): void {
  Region.at(region).used += bytes;
}

/** Notes where the current block's objects end, before another block becomes current. */
function leaveCurrentBlock(region: usize, top: usize): void {
  const current = Region.at(region).current;
  if (current === 0) return;
  BlockHeader.at(current).fill = top;
  addUsed(region, (top - current - BLOCK_DATA) as u32);
}

/** Draws the window's end in where the arena's own limit lies within it. */
function narrowToLimit(region: usize): void {
  const arena = Region.at(region);
  const limit = arena.byteLimit;
  if (limit === 0) return;
  const top = arena.top;
  const used = usedBytes(region, top);
  const left = limit > used ? limit - used : 0;
  if (left < arena.limit - top) arena.limit = top + left;
}

/** Adds a block to an arena's list, from those that are kept or from the block table. */
function takeArenaBlock(region: usize): usize {
  if (CHECKED && !isLong(POOL)) takeChunk(region);
  if (cells.pool === 0 && !takeChunk(region)) return 0;
  const block = cells.pool;
  cells.pool = nextBlock(block);
  link(region, block, REGION_NEWEST, REGION_OLDEST);
  Region.at(region).capacity += SMALL_OBJECT_LIMIT;
  return block;
}

/** Takes a chunk's blocks from the block table, or as many of them as there are; false where there is none. */
function takeChunk(region: usize): bool {
  const count = Region.at(region).chunk;
  for (let i: u32 = 0; i < count; i++) {
    const block = takeBlocks(1, BLOCK_ARENA, BLOCK_ARENA);
    if (block === 0) break;
    BlockHeader.at(block).next = cells.pool;
    cells.pool = block;
  }
  if (cells.pool === 0) return false;
  Region.at(region).chunk = min(count << 1, LARGEST_CHUNK);
  statistics.arenaChunks++;
  return true;
}

function allocateRun(region: usize, size: u32): usize {
  const count = blocksFor(size);
  let run = takeKeptRun(count);
  if (run === 0) {
    run = takeBlocks(count, BLOCK_ARENA, BLOCK_ARENA_REST);
    if (run === 0) return 0;
    statistics.arenaChunks++;
  }
  link(region, run, REGION_NEWEST_RUN, REGION_OLDEST_RUN);
  BlockHeader.at(run).fill = run + BLOCK_DATA + size;
  addUsed(region, size);
  const room = (BlockHeader.at(run).run << BLOCK_SHIFT) - BLOCK_DATA;
  Region.at(region).capacity += room;
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
    if (BlockHeader.at(run).run >= count) {
      store<usize>(cell, nextBlock(run));
      return run;
    }
    cell = run + BLOCK_NEXT;
  }
  return 0;
}

/** Sorts the runs of ended arenas into bins: work that ending them left to the next that needs a run. */
function sortRuns(): void {
  let run = cells.poolRuns;
  while (run !== 0) {
    const next = nextBlock(run);
    const bin = RUN_BINS + ((binOf(BlockHeader.at(run).run) as usize) << 2);
    BlockHeader.at(run).next = load<usize>(bin);
    store<usize>(bin, run);
    run = next;
  }
  cells.poolRuns = 0;
}

function binOf(count: u32): u32 {
  return 31 - (clz(count) as u32);
}

/** Puts a block first in one of a region's lists. */
function link(region: usize, block: usize, newest: usize, oldest: usize): void {
  const next = load<usize>(region + newest);
  BlockHeader.at(block).next = next;
  BlockHeader.at(block).owner = region;
  store<usize>(region + newest, block);
  if (next === 0) store<usize>(region + oldest, block);
}

/** Moves the whole of one of a region's lists to the front of the list at `cell`. */
function splice(region: usize, newest: usize, oldest: usize, cell: usize): void {
  const first = load<usize>(region + newest);
  if (first === 0) return;
  BlockHeader.at(load<usize>(region + oldest)).next = load<usize>(cell);
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
  disownList(Region.at(region).newest);
  disownList(Region.at(region).newestRun);
}

function disownList(first: usize): void {
  for (let block = first; block !== 0; block = nextBlock(block)) BlockHeader.at(block).owner = 0;
}

function poisonArena(region: usize): void {
  poisonList(region, Region.at(region).newest);
  poisonList(region, Region.at(region).newestRun);
}

function poisonList(region: usize, first: usize): void {
  for (let block = first; block !== 0; block = nextBlock(block)) {
    const start = block + BLOCK_DATA;
    memory.fill(start, POISON as u8, fillOf(region, block) - start);
  }
}
