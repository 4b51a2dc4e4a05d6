/**
 * Regions and the allocation window. A region is what allocation goes to: the heap, the frame's arena, or an arena of
 * its own. Each has a descriptor; the current one's window is copied into the cells TOP and LIMIT, where the inlined
 * allocation finds it without knowing which region is current.
 *
 *     region descriptor, 64 bytes
 *     +0   u32  top      the window, while the region is not current
 *     +4   u32  limit
 *     +8   u32  current  arena: the block that the window lies in, or 0
 *     +12  u32  newest   arena: first of its list of blocks, the newest taken
 *     +16  u32  oldest   arena: last of that list
 *     +20  u32  newest   arena: its list of runs for objects that fit no block
 *     +24  u32  oldest
 *     +28  u32  limit    arena: most bytes of objects it may hold, 0 for no limit
 *     +32  u32  used     arena: bytes of objects outside the current block
 *     +36  u32  capacity arena: bytes of its blocks that objects can have
 *     +40  u32  peak     arena: most bytes used before the last reset
 *     +44  u32  chunk    arena: how many blocks it takes when it next needs new ones
 *     +48  u32  text     arena: what it is called, in checked builds (REGION_TEXT)
 *
 * Invariant: outside the functions of this folder the current region's window is in the cells; its descriptor's copy is
 * stale. Under STRESS_COLLECT it is the other way round: the cells stay 0, so that every allocation takes the slow path.
 */
import { LIMIT, REGION, STRESS, STRESS_COLLECT, TOP } from '../layout.ts';

export const REGION_TOP = 0;
export const REGION_LIMIT = 4;
export const REGION_CURRENT = 8;
export const REGION_NEWEST = 12;
export const REGION_OLDEST = 16;
export const REGION_NEWEST_RUN = 20;
export const REGION_OLDEST_RUN = 24;
export const REGION_BYTE_LIMIT = 28;
export const REGION_USED = 32;
export const REGION_CAPACITY = 36;
export const REGION_PEAK = 40;
export const REGION_CHUNK = 44;
export const REGION_SIZE = 64;

/** Writes the window back to the current region's descriptor, where the slow paths work on it. */
export function closeWindow(): void {
  if (load<u32>(STRESS) & STRESS_COLLECT) return;
  const region = load<usize>(REGION);
  store<usize>(region, load<usize>(TOP), REGION_TOP);
  store<usize>(region, load<usize>(LIMIT), REGION_LIMIT);
}

/** Puts the current region's window into the cells. */
export function openWindow(): void {
  const shut = (load<u32>(STRESS) & STRESS_COLLECT) !== 0;
  const region = load<usize>(REGION);
  store<usize>(TOP, shut ? 0 : load<usize>(region, REGION_TOP));
  store<usize>(LIMIT, shut ? 0 : load<usize>(region, REGION_LIMIT));
}

/** Makes another region current and gives the one that was. */
export function switchRegion(region: usize): usize {
  const previous = load<usize>(REGION);
  if (region !== previous) {
    closeWindow();
    store<usize>(REGION, region);
    openWindow();
  }
  return previous;
}

/** Takes `size` bytes off a region's window, which must be closed; 0 where they do not fit. */
export function bump(region: usize, size: u32): usize {
  const top = load<usize>(region, REGION_TOP);
  if (size > load<usize>(region, REGION_LIMIT) - top) return 0;
  store<usize>(region, top + size, REGION_TOP);
  return top;
}
