/**
 * Roots: where live objects are found from. There are five kinds: the shadow stack, ranges of static memory that programs
 * register (their globals), handles, everything in arenas that are open, and dead objects that wait for their drop code.
 * Nothing else keeps an object alive.
 */
import { cells } from '../cells.ts';
import { BLOCK_DATA, REGION_FRAME, SHADOW_STACK } from '../layout.ts';
import { shared } from '../shared-cells.ts';
import { fillOf } from '../spaces/arena-space.ts';
import { nextBlock } from '../spaces/blocks.ts';
import { descriptorOf, holdsAddresses, sizeOf } from '../spaces/object.ts';
import { arenaOf, UnwindRecord } from '../spaces/records.ts';
import { RANGE_SIZE, RANGES_START, RangeTable, RootRange } from '../spaces/root-ranges.ts';
import { Region } from '../spaces/window.ts';
import { HandleTable, shadeHandles } from '../trace/handles.ts';
import { drain, pushArenaObject, shade } from '../trace/mark.ts';
import { shadeQueues } from '../trace/weak-phase.ts';

/** How many cells of a range are shaded at a time. */
const RANGE_PORTION: u32 = 256;

/** Shades everything that roots hold. What that leads to is left on the mark stack, unless an arena is open. */
export function shadeRoots(): void {
  shadeRanges();
  shadeQueues();
  shadeOpenRoots();
  for (let table = cells.handleTables; table !== 0; table = HandleTable.at(table).next) shadeHandles(table);
}

/**
 * Shades what is held by what is open: the shadow stack, which is a megabyte at most, and empty in a gap; and arenas, of which none is
 * open in a gap, the frame's having been reset.
 */
export function shadeOpenRoots(): void {
  for (let slot: usize = SHADOW_STACK; slot < shared.shadowTop; slot += 4) shade(load<usize>(slot));
  shadeArena(REGION_FRAME);
  for (let record = shared.unwind; record !== 0; record = UnwindRecord.at(record).previous) {
    const region = arenaOf(record);
    if (region !== 0) shadeArena(region);
  }
}

/** Begins to shade the ranges that programs have registered, for `shadeRangesSome`. */
export function beginRanges(): void {
  cells.traceAt = cells.rootTables;
  cells.traceIndex = 0;
  cells.traceInner = 0;
}

/** Goes on with that for about `work` units, eight cells each; returns those done. `traceAt` is 0 at the end. */
export function shadeRangesSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work) {
    const table = cells.traceAt;
    if (table === 0) break;
    const index = cells.traceIndex;
    if (index === RangeTable.at(table).used) {
      cells.traceAt = RangeTable.at(table).next;
      cells.traceIndex = 0;
      continue;
    }
    const range = RootRange.at(rangeIn(table, index));
    const first = cells.traceInner;
    const count = min(range.count - first, RANGE_PORTION);
    shadeStretch(range, first, count);
    done += 1 + (count >>> 3);
    const isOver = first + count === range.count;
    cells.traceIndex = index + (isOver ? 1 : 0);
    cells.traceInner = isOver ? 0 : first + count;
  }
  return done;
}

/** Shades all that programs have registered, at once. */
export function shadeRanges(): void {
  for (let table = cells.rootTables; table !== 0; table = RangeTable.at(table).next) {
    for (let index: u32 = 0; index < RangeTable.at(table).used; index++) {
      const range = RootRange.at(rangeIn(table, index));
      shadeStretch(range, 0, range.count);
    }
  }
}

function rangeIn(table: usize, index: u32): usize {
  return table + RANGES_START + (index as usize) * RANGE_SIZE;
}

/** Shades what `count` cells of a range hold. */
function shadeStretch(range: RootRange, first: u32, count: u32): void {
  const stride = range.stride;
  let cell = range.address + first * stride;
  for (let left = count; left > 0; left--) {
    shade(load<usize>(cell));
    cell += stride;
  }
}

/**
 * Shades what an arena's objects hold, whether or not anything still uses them: an arena's garbage is not told apart
 * from the rest. Its own objects are not marked. Each is drained before the next, so that an arena's object never waits
 * on the mark stack while it can overflow.
 */
function shadeArena(region: usize): void {
  const arena = Region.at(region);
  if (arena.newest === 0 && arena.newestRun === 0) return;
  drain();
  shadeArenaBlocks(region, arena.newest);
  shadeArenaBlocks(region, arena.newestRun);
}

function shadeArenaBlocks(region: usize, first: usize): void {
  for (let block = first; block !== 0; block = nextBlock(block)) {
    const end = fillOf(region, block);
    for (let object = block + BLOCK_DATA; object < end; object += sizeOf(object)) {
      if (!holdsAddresses(descriptorOf(object))) continue;
      pushArenaObject(object);
      drain();
    }
  }
}
