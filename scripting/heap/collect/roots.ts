/**
 * Roots: where live objects are found from. There are five kinds: the shadow stack, ranges of static memory that programs
 * register (their globals), handles, everything in arenas that are open, and dead objects that wait for their drop code.
 * Nothing else keeps an object alive.
 */
import { HANDLE_TABLES, ROOT_TABLES } from '../cells.ts';
import { BLOCK_DATA, REGION_FRAME, SHADOW_STACK, SHADOW_TOP, UNWIND } from '../layout.ts';
import { fillOf } from '../spaces/arena-space.ts';
import { nextBlock } from '../spaces/blocks.ts';
import { holdsAddresses, sizeOf } from '../spaces/object.ts';
import { arenaOf, RECORD_PREVIOUS } from '../spaces/records.ts';
import { RANGE_SIZE, RANGES_START, RANGES_USED } from '../spaces/root-ranges.ts';
import { REGION_NEWEST, REGION_NEWEST_RUN } from '../spaces/window.ts';
import { shadeHandles } from '../trace/handles.ts';
import { drain, pushArenaObject, shade } from '../trace/mark.ts';
import { shadeQueues } from '../trace/weak-phase.ts';

/** Shades everything that roots hold. What that leads to is left on the mark stack, unless an arena is open. */
export function shadeRoots(): void {
  shadeFewRoots();
  for (let table = load<usize>(HANDLE_TABLES); table !== 0; table = load<usize>(table)) shadeHandles(table);
}

/**
 * The same without handles, of which there can be many. What remains is bounded: the shadow stack is a megabyte at most, and
 * empty in a gap; globals are as many as a program has; and in a gap no arena is open, the frame's having been reset.
 */
export function shadeFewRoots(): void {
  for (let slot: usize = SHADOW_STACK; slot < load<usize>(SHADOW_TOP); slot += 4) shade(load<usize>(slot));
  for (let table = load<usize>(ROOT_TABLES); table !== 0; table = load<usize>(table)) shadeRanges(table);
  shadeQueues();
  shadeArena(REGION_FRAME);
  for (let record = load<usize>(UNWIND); record !== 0; record = load<usize>(record, RECORD_PREVIOUS)) {
    const region = arenaOf(record);
    if (region !== 0) shadeArena(region);
  }
}

function shadeRanges(table: usize): void {
  const end = table + RANGES_START + (load<u32>(table, RANGES_USED) as usize) * RANGE_SIZE;
  for (let entry = table + RANGES_START; entry < end; entry += RANGE_SIZE) {
    let cell = load<usize>(entry);
    const stride = load<u32>(entry, 8);
    for (let left = load<u32>(entry, 4); left > 0; left--) {
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
  if (load<usize>(region, REGION_NEWEST) === 0 && load<usize>(region, REGION_NEWEST_RUN) === 0) return;
  drain();
  shadeArenaBlocks(region, load<usize>(region, REGION_NEWEST));
  shadeArenaBlocks(region, load<usize>(region, REGION_NEWEST_RUN));
}

function shadeArenaBlocks(region: usize, first: usize): void {
  for (let block = first; block !== 0; block = nextBlock(block)) {
    const end = fillOf(region, block);
    for (let object = block + BLOCK_DATA; object < end; object += sizeOf(object)) {
      if (!holdsAddresses(load<usize>(object))) continue;
      pushArenaObject(object);
      drain();
    }
  }
}
