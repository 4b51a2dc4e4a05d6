/**
 * Regions and the allocation window. A region is what allocation goes to: the heap, the frame's arena, or an arena of
 * its own. Each has a descriptor; the current one's window is copied into the cells TOP and LIMIT, where the inlined
 * allocation finds it without knowing which region is current.
 *
 * Invariant: outside the functions of this folder the current region's window is in the cells; its descriptor's copy is
 * stale. Under STRESS_COLLECT it is the other way round: the cells stay 0, so that every allocation takes the slow path.
 */
import { REGION_FRAME, REGION_HEAP, STRESS_COLLECT } from '../layout.ts';
import { shared } from '../shared-cells.ts';

/** The descriptor of a region. Of the heap's only the window is used. */
@unmanaged
export class Region {
  /** The window, while the region is not current: the next free byte, and the first after the window. */
  top: usize;
  limit: usize;
  /** The block that the window lies in, or 0. */
  current: usize;
  /** Its list of blocks: the newest taken, and the oldest, which is the last. */
  newest: usize;
  oldest: usize;
  /** Its list of runs for objects that fit no block. */
  newestRun: usize;
  oldestRun: usize;
  /** Most bytes of objects that it may hold, 0 for no limit. */
  byteLimit: u32;
  /** Bytes of objects outside the current block. */
  used: u32;
  /** Bytes of its blocks that objects can have. */
  capacity: u32;
  /** Most bytes used before the last reset. */
  peak: u32;
  /** How many blocks it takes when it next needs new ones. */
  chunk: u32;
  /** In checked builds, the address of a text that says what it is called (REGION_TEXT). */
  text: usize;

  static at(region: usize): Region {
    return changetype<Region>(region);
  }
}

/** Bytes that a descriptor is given. */
export const REGION_SIZE = REGION_FRAME - REGION_HEAP;

// A region's lists, by where they begin and end in it.
export const REGION_NEWEST: usize = offsetof<Region>('newest');
export const REGION_OLDEST: usize = offsetof<Region>('oldest');
export const REGION_NEWEST_RUN: usize = offsetof<Region>('newestRun');
export const REGION_OLDEST_RUN: usize = offsetof<Region>('oldestRun');

/** Writes the window back to the current region's descriptor, where the slow paths work on it. */
export function closeWindow(): void {
  if (shared.stress & STRESS_COLLECT) return;
  const region = shared.region;
  Region.at(region).top = shared.top;
  Region.at(region).limit = shared.limit;
}

/** Puts the current region's window into the cells. */
export function openWindow(): void {
  const shut = (shared.stress & STRESS_COLLECT) !== 0;
  const region = shared.region;
  shared.top = shut ? 0 : Region.at(region).top;
  shared.limit = shut ? 0 : Region.at(region).limit;
}

/** Makes another region current and returns the one that was. */
export function switchRegion(region: usize): usize {
  const previous = shared.region;
  if (region !== previous) {
    closeWindow();
    shared.region = region;
    openWindow();
  }
  return previous;
}

/** Takes `size` bytes off a region's window, which must be closed; 0 where they do not fit. */
export function bump(region: usize, size: u32): usize {
  const window = Region.at(region);
  const top = window.top;
  if (size > window.limit - top) return 0;
  window.top = top + size;
  return top;
}
