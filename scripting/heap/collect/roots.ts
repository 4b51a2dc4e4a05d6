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

/** Shades everything that roots hold. What that leads to is left on the mark stack, unless an arena is open. */
export function shadeRoots(): void {
  shadeFewRoots();
  for (let table = cells.handleTables; table !== 0; table = HandleTable.at(table).next) shadeHandles(table);
}

/**
 * The same without handles, of which there can be many. What remains is bounded: the shadow stack is a megabyte at most, and
 * empty in a gap; globals are as many as a program has; and in a gap no arena is open, the frame's having been reset.
 */
export function shadeFewRoots(): void {
  for (let slot: usize = SHADOW_STACK; slot < shared.shadowTop; slot += 4) shade(load<usize>(slot));
  for (let table = cells.rootTables; table !== 0; table = RangeTable.at(table).next) shadeRanges(table);
  shadeQueues();
  shadeArena(REGION_FRAME);
  for (let record = shared.unwind; record !== 0; record = UnwindRecord.at(record).previous) {
    const region = arenaOf(record);
    if (region !== 0) shadeArena(region);
  }
}

function shadeRanges(table: usize): void {
  const end = table + RANGES_START + (RangeTable.at(table).used as usize) * RANGE_SIZE;
  for (let entry = table + RANGES_START; entry < end; entry += RANGE_SIZE) {
    let cell = RootRange.at(entry).address;
    const stride = RootRange.at(entry).stride;
    for (let left = RootRange.at(entry).count; left > 0; left--) {
      shade(load<usize>(cell));
      cell += stride;
    }
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
