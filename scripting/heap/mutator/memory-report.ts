/** What a script can ask of its memory: `(memory-stats)`. */
import { shared, statistics } from '../shared-cells.ts';
import { updateStatistics } from '../spaces/statistics.ts';

/** Bytes of collected objects that have survived a collection. */
export function memoryLive(): i64 {
  return (statistics.liveBytes as i64) + (statistics.agedBytes as i64);
}

/** Bytes allocated in the heap since the last collection of any kind. */
export function memoryYoung(): i64 {
  updateStatistics();
  return statistics.youngBytes as i64;
}

/** Bytes of the blocks that arenas hold. */
export function memoryArenas(): i64 {
  return statistics.arenaBytes as i64;
}

/** Cycles and full collections finished. */
export function memoryCollections(): i64 {
  return statistics.collections as i64;
}

/** Milliseconds that the longest collection, or slice of one, took. */
export function memoryLongestSlice(): f64 {
  return statistics.longestSlice;
}

/** How many suppressions are open. */
export function memorySuppressed(): i64 {
  return shared.suppressed as i64;
}
