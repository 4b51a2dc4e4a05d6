/**
 * Roots: where live objects are found from. There are five kinds: the shadow stack, ranges of static memory that programs
 * register (their globals), handles, everything in arenas that are open, and dead objects that wait for their drop code.
 * Nothing else keeps an object alive.
 *
 *     table of ranges, one static block:  [next table][entries used][8 unused bytes] then 16 bytes an entry:
 *                                         [address][count][stride in bytes][unused]
 */
import { fillOf } from './arena-space.ts';
import { nextBlock, takeBlocks } from './blocks.ts';
import { HANDLE_TABLES, ROOT_TABLES } from './cells.ts';
import { shadeHandles } from './handles.ts';
import {
  BLOCK_DATA,
  BLOCK_SIZE,
  BLOCK_STATIC,
  REGION_FRAME,
  SHADOW_STACK,
  SHADOW_TOP,
  UNWIND,
} from './layout.ts';
import { drain, pushArenaObject, shade } from './mark.ts';
import { holdsAddresses, sizeOf } from './object.ts';
import { arenaOf, RECORD_PREVIOUS } from './unwind.ts';
import { shadeQueues } from './weak-phase.ts';
import { REGION_NEWEST, REGION_NEWEST_RUN } from './window.ts';

export const RANGES_USED = 4;
export const RANGES_START = 16;
export const RANGE_SIZE = 16;
const RANGES_MOST = (BLOCK_SIZE - RANGES_START) / RANGE_SIZE;

/** Registers `count` address cells, `stride` bytes apart; false where there is no memory to note them. */
export function noteRange(address: usize, count: u32, stride: u32): bool {
  let table = load<usize>(ROOT_TABLES);
  if (table === 0 || load<u32>(table, RANGES_USED) === RANGES_MOST) {
    const previous = table;
    table = takeBlocks(1, BLOCK_STATIC, BLOCK_STATIC);
    if (table === 0) return false;
    store<usize>(table, previous);
    store<u32>(table, 0, RANGES_USED);
    store<usize>(ROOT_TABLES, table);
  }
  const used = load<u32>(table, RANGES_USED);
  const entry = table + RANGES_START + (used as usize) * RANGE_SIZE;
  store<usize>(entry, address);
  store<u32>(entry, count, 4);
  store<u32>(entry, stride, 8);
  store<u32>(table, used + 1, RANGES_USED);
  return true;
}

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
