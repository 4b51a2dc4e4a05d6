/** What a script can ask of its memory: `(memory-stats)`. */
import {
  STATS_ARENA_BYTES,
  STATS_COLLECTIONS,
  STATS_LIVE_BYTES,
  STATS_LONGEST_SLICE,
  STATS_YOUNG_BYTES,
  SUPPRESSED,
} from '../layout.ts';
import { settleStatistics } from '../spaces/statistics.ts';

/** Bytes of collected objects that are old. */
export function memoryLive(): i64 {
  return load<u32>(STATS_LIVE_BYTES) as i64;
}

/** Bytes allocated in the heap since the last collection of any kind. */
export function memoryYoung(): i64 {
  settleStatistics();
  return load<u32>(STATS_YOUNG_BYTES) as i64;
}

/** Bytes of the blocks that arenas hold. */
export function memoryArenas(): i64 {
  return load<u32>(STATS_ARENA_BYTES) as i64;
}

/** Cycles and full collections finished. */
export function memoryCollections(): i64 {
  return load<u32>(STATS_COLLECTIONS) as i64;
}

/** Milliseconds that the longest collection, or slice of one, took. */
export function memoryLongestSlice(): f64 {
  return load<f64>(STATS_LONGEST_SLICE);
}

/** How many suppressions are open. */
export function memorySuppressed(): i64 {
  return load<u32>(SUPPRESSED) as i64;
}
