/**
 * Collections: when one is due, and the phases in their order. In this version a collection is always a whole one: mark,
 * sweep, without moving anything, so the same code serves the gap, a command-line program in mid-run, and the hard limit.
 *
 * A collection is due when more was allocated since the last one than the larger of SMALLEST_TRIGGER and what then was
 * alive: the heap is at most about twice what is alive, and collecting costs a bounded share of allocating. In a
 * frame (IN_FRAME) a due collection waits for the gap; while suppressed every collection waits.
 */
import { REQUESTED, TRIGGER } from './cells.ts';
import {
  IN_FRAME,
  STATS_COLLECTIONS,
  STATS_COLLECTIONS_MID_RUN,
  STATS_LIVE_BYTES,
  STATS_YOUNG_BYTES,
  STRESS,
  STRESS_COLLECT,
  SUPPRESSED,
} from './layout.ts';
import { beginMarking, drain, endMarking, recover, takeOverflow } from './mark.ts';
import { retireWindows } from './object-space.ts';
import { shadeRoots } from './roots.ts';
import { settleStatistics } from './statistics.ts';
import { sweep } from './sweep.ts';
import { closeWindow, openWindow } from './window.ts';

const SMALLEST_TRIGGER: u32 = 8 << 20;

export function initialiseCollector(): void {
  store<u32>(TRIGGER, SMALLEST_TRIGGER);
  store<u32>(REQUESTED, 0);
}

/** Asks for a full collection in the next gap. */
export function requestCollection(): void {
  store<u32>(REQUESTED, 1);
}

/** A full collection now. While suppressed it is only noted, for the first gap in which it may run. */
export function collect(): void {
  if (load<u32>(SUPPRESSED) !== 0) {
    requestCollection();
    return;
  }
  closeWindow();
  collectInPlace();
  openWindow();
}

/**
 * Does some of the collector's work if there is any to do, and says whether there is more (1). `work` is an upper bound in
 * units of about a microsecond; in this version a slice is a whole collection, whatever the bound, if that is not 0.
 */
export function gapSlice(work: u32): u32 {
  settleStatistics();
  if (load<u32>(SUPPRESSED) !== 0) return 0;
  if (load<u32>(REQUESTED) === 0 && load<u32>(STATS_YOUNG_BYTES) <= load<u32>(TRIGGER)) return 0;
  if (work === 0) return 1;
  collect();
  return 0;
}

/** Called by every slow path of allocation, with the window closed: collects in mid-run where that is due and allowed. */
export function collectIfDue(): void {
  if (load<u32>(SUPPRESSED) !== 0) return;
  const stressed = (load<u32>(STRESS) & STRESS_COLLECT) !== 0;
  const due = load<u32>(STATS_YOUNG_BYTES) > load<u32>(TRIGGER) && load<u32>(IN_FRAME) === 0;
  if (stressed || due) collectMidRun();
}

/** When memory has run out: a collection in place, in a frame too. False while suppressed. The window must be closed. */
export function collectAtLimit(): bool {
  if (load<u32>(SUPPRESSED) !== 0) return false;
  collectMidRun();
  return true;
}

function collectMidRun(): void {
  collectInPlace();
  store<u32>(STATS_COLLECTIONS_MID_RUN, load<u32>(STATS_COLLECTIONS_MID_RUN) + 1);
}

function collectInPlace(): void {
  retireWindows();
  beginMarking();
  shadeRoots();
  drain();
  while (takeOverflow()) recover();
  endMarking();
  const live = sweep();
  store<u32>(STATS_LIVE_BYTES, live);
  store<u32>(STATS_YOUNG_BYTES, 0);
  store<u32>(TRIGGER, max(SMALLEST_TRIGGER, live));
  store<u32>(REQUESTED, 0);
  store<u32>(STATS_COLLECTIONS, load<u32>(STATS_COLLECTIONS) + 1);
}
