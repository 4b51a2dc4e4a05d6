/**
 * Statistics that follow allocation. What bump allocation takes is counted when its window is left, or when somebody is
 * about to read the cells; the inlined allocation itself counts nothing.
 */
import { WINDOW_COUNTED } from '../cells.ts';
import { now } from '../host.ts';
import {
  REGION,
  REGION_HEAP,
  STATS,
  STATS_ALLOCATED,
  STATS_LONGEST_SLICE,
  STATS_SLICE_WORK,
  STATS_YOUNG_BYTES,
  STRESS,
  STRESS_COLLECT,
  TOP,
} from '../layout.ts';
import { REGION_TOP } from './window.ts';

const STATS_SIZE = 0x80;

export function initialiseStatistics(): void {
  memory.fill(STATS, 0, STATS_SIZE);
}

/** Counts bytes that were allocated in the heap beside its window. */
export function countBytes(bytes: u32): void {
  store<u32>(STATS_YOUNG_BYTES, load<u32>(STATS_YOUNG_BYTES) + bytes);
  store<f64>(STATS_ALLOCATED, load<f64>(STATS_ALLOCATED) + (bytes as f64));
}

/** Counts units of work that a slice does. */
export function countWork(units: u32): void {
  store<u32>(STATS_SLICE_WORK, load<u32>(STATS_SLICE_WORK) + units);
}

/** Counts what the heap's window gave since it was last counted. The window must be closed. */
export function countWindow(): void {
  countTo(load<usize>(REGION_HEAP, REGION_TOP));
}

/** The same at any time: brings the cells up to date for a reader. */
export function settleStatistics(): void {
  const inCells = load<usize>(REGION) === REGION_HEAP && !(load<u32>(STRESS) & STRESS_COLLECT);
  countTo(inCells ? load<usize>(TOP) : load<usize>(REGION_HEAP, REGION_TOP));
}

/** A new window begins at `top`, with nothing to count yet. */
export function restartCount(top: usize): void {
  store<usize>(WINDOW_COUNTED, top);
}

function countTo(top: usize): void {
  const bytes = (top - load<usize>(WINDOW_COUNTED)) as u32;
  if (bytes === 0) return;
  countBytes(bytes);
  store<usize>(WINDOW_COUNTED, top);
}

/** The time at the beginning of a collection or slice, for `sliceEnded`. */
export function sliceBegun(): f64 {
  return now();
}

export function sliceEnded(begun: f64): void {
  store<f64>(STATS_LONGEST_SLICE, max(load<f64>(STATS_LONGEST_SLICE), now() - begun));
}
