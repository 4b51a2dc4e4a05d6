/**
 * Statistics that follow allocation. What bump allocation takes is counted when its window is left, or when somebody is
 * about to read the cells; the inlined allocation itself counts nothing.
 */
import { cells } from '../cells.ts';
import { now } from '../host.ts';
import { REGION_HEAP, STATS, STRESS_COLLECT } from '../layout.ts';
import { shared, statistics } from '../shared-cells.ts';
import { Region } from './window.ts';

const STATS_SIZE = 0x80;

export function initialiseStatistics(): void {
  memory.fill(STATS, 0, STATS_SIZE);
}

/** Counts bytes that were allocated in the heap beside its window. */
export function countBytes(bytes: u32): void {
  statistics.youngBytes += bytes;
  statistics.allocated += bytes as f64;
}

/** Counts units of work that a slice does. */
export function countWork(units: u32): void {
  statistics.sliceWork += units;
}

/** Counts what the heap's window gave since it was last counted. The window must be closed. */
export function countWindow(): void {
  countTo(Region.at(REGION_HEAP).top);
}

/** The same at any time: brings the cells up to date for a reader. */
export function updateStatistics(): void {
  const inCells = shared.region === REGION_HEAP && !(shared.stress & STRESS_COLLECT);
  countTo(inCells ? shared.top : Region.at(REGION_HEAP).top);
}

/** A new window begins at `top`, with nothing to count yet. */
export function restartCount(top: usize): void {
  cells.windowCounted = top;
}

function countTo(top: usize): void {
  const bytes = (top - cells.windowCounted) as u32;
  if (bytes === 0) return;
  countBytes(bytes);
  cells.windowCounted = top;
}

/** The time at the beginning of a collection or slice, for `sliceEnded`. */
export function sliceBegun(): f64 {
  return now();
}

export function sliceEnded(begun: f64): void {
  const took = now() - begun;
  statistics.longestSlice = max(statistics.longestSlice, took);
  statistics.collectorTime += took;
}
