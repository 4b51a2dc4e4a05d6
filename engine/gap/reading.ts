/** What the heap says of itself, for plans. */
import {
  NURSERY_QUOTA,
  PHASE_IDLE,
  STATS_AGED_BYTES,
  STATS_ARENA_BYTES,
  STATS_BLOCKS,
  STATS_BLOCKS_FREE,
  STATS_LIVE_BYTES,
  STATS_PHASE,
  STATS_YOUNG_BYTES,
  SUPPRESSED,
} from '../../scripting/heap/index.ts';
import type { Collector } from './collector.ts';
import type { Reading } from './pacer.ts';

/** Brings what the heap knows up to date; the rest is the scheduler's. */
export function readHeap(collector: Collector, reading: Reading): void {
  reading.oldBytes = collector.statistic(STATS_LIVE_BYTES);
  reading.youngBytes = nursery(collector);
  reading.arenaBytes = collector.statistic(STATS_ARENA_BYTES);
  reading.promoted = collector.promotedBytes;
  reading.quota = quotaOf(collector);
  reading.blocks = blocksInUse(collector);
  reading.phase = collector.statistic(STATS_PHASE);
  reading.suppressed = collector.statistic(SUPPRESSED);
}

/** Bytes of objects that are young. */
export function nursery(collector: Collector): number {
  return collector.statistic(STATS_YOUNG_BYTES) + collector.statistic(STATS_AGED_BYTES);
}

/** Bytes beyond which it becomes old as it stands. */
export function quotaOf(collector: Collector): number {
  return collector.statistic(NURSERY_QUOTA);
}

export function blocksInUse(collector: Collector): number {
  return collector.statistic(STATS_BLOCKS) - collector.statistic(STATS_BLOCKS_FREE);
}

export function emptyReading(): Reading {
  return {
    oldBytes: 0,
    youngBytes: 0,
    arenaBytes: 0,
    promoted: 0,
    quota: 0,
    blocks: 0,
    phase: PHASE_IDLE,
    suppressed: 0,
    gap: 0,
    youngTime: 0,
    interval: 0,
    idle: false,
    markRate: 1,
    sweepRate: 1,
  };
}
