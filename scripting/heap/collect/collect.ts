/**
 * Collections: which one runs when. Young collections come first in a gap, then the cycle in progress goes on in slices;
 * programs without frames are collected in mid-run by the same young collection and, when a cycle would be due, by a full
 * one; a full collection can be asked for, and is the last attempt before memory runs out.
 *
 * In a frame (IN_FRAME) everything waits for the gap, unless memory runs out; while suppressed everything waits.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_AGED_START, FAULT_AGED_SWEEP } from '../fault.ts';
import {
  NEXT_CYCLE,
  NEXT_FULL,
  NEXT_YOUNG,
  PHASE_IDLE,
  PHASE_MARK,
  PHASE_MOVE,
  STRESS_COLLECT,
  STRESS_EAGER,
} from '../layout.ts';
import { finishMove, moveSome } from '../moving/move.ts';
import { forced, shared, statistics } from '../shared-cells.ts';
import { forgetYoung } from '../spaces/nursery.ts';
import { retireWindows } from '../spaces/object-space.ts';
import { forgetHoles } from '../spaces/recycling.ts';
import { sliceBegun, sliceEnded } from '../spaces/statistics.ts';
import { closeWindow, openWindow } from '../spaces/window.ts';
import { beginMarking, drain, endMarking, recover, TRACE_FULL, takeOverflow } from '../trace/mark.ts';
import { forgetRemembered } from '../trace/remembered-table.ts';
import { sweep } from '../trace/sweep.ts';
import { settleReferences } from '../trace/weak-phase.ts';
import {
  abandonCycle,
  continueCycle,
  isCycleDue,
  isCycleWanted,
  isMarked,
  settleCycle,
  startCycle,
} from './cycle.ts';
import { shadeRoots } from './roots.ts';
import { canCollectYoung, collectYoung, DEFAULT_QUOTA, isPromoting, isSettled } from './young.ts';

/** In a gap, less than this is not worth a young collection by itself: 256 KiB. */
const YOUNG_WORTH: u32 = 256 << 10;

/**
 * In mid-run the nursery is collected whenever this much was allocated: about what a processor core caches, so that
 * allocation finds its memory there. 2 MiB.
 */
const YOUNG_MID_RUN: u32 = 2 << 20;

/**
 * In mid-run a cycle in progress does a unit of work for so many bytes allocated: few objects are smaller, so that it ends
 * before as much was allocated as is alive.
 */
const MID_RUN_BYTES: u32 = 16;

/** Bytes that are traced at most under STRESS_EAGER; more are promoted as they stand. */
const EAGER_QUOTA: u32 = 48 << 10;

/** Under STRESS_COLLECT one collection of so many is a full one. */
const FULL_EVERY: u32 = 4;
/** Under STRESS_EAGER one young collection of so many promotes everything, for a cycle to begin. */
const CYCLE_EVERY: u32 = 3;

export function initialiseCollector(): void {
  cells.requested = 0;
  forgetHoles();
  shared.nurseryQuota = DEFAULT_QUOTA;
}

/** Asks for a full collection in the next gap. */
export function requestCollection(): void {
  cells.requested = 1;
}

/** A full collection now. While suppressed it is only noted, for the first gap in which it may run. */
export function collect(): void {
  if (shared.suppressed !== 0) {
    requestCollection();
    return;
  }
  const begun = sliceBegun();
  closeWindow();
  finishMove();
  collectInPlace();
  openWindow();
  sliceEnded(begun);
}

/** Called by every slow path of allocation, with the window closed: collects in mid-run where that is due and allowed. */
export function collectIfDue(): void {
  if (shared.suppressed !== 0) return;
  if (shared.stress & STRESS_COLLECT) {
    const turn = cells.stressTurn;
    cells.stressTurn = turn + 1;
    collectMidRun(turn % FULL_EVERY === 0);
  } else if (statistics.youngBytes > YOUNG_MID_RUN && shared.inFrame === 0) {
    collectMidRun(false);
  }
}

/** When memory has run out: a collection in place, in a frame too. False while suppressed. The window must be closed. */
export function collectAtLimit(): bool {
  if (shared.suppressed !== 0) return false;
  collectMidRun(true);
  return true;
}

/** What comes next, due or not: a NEXT_ number. */
export function upcoming(): u32 {
  const phase = statistics.phase;
  if (phase === PHASE_MOVE) return NEXT_CYCLE;
  if (!canCollectYoung()) return NEXT_FULL;
  if (isPromoting()) return NEXT_YOUNG;
  // Marking goes on beside young objects.
  if (isMarking()) return isYoungWorth() ? NEXT_YOUNG : NEXT_CYCLE;
  const started = FAULT === FAULT_AGED_SWEEP && phase !== PHASE_IDLE;
  const starts = FAULT === FAULT_AGED_START && phase === PHASE_IDLE;
  const aged = (started || starts) && !isYoungWorth();
  return isSettled() || aged ? NEXT_CYCLE : NEXT_YOUNG;
}

/** Does a slice of whatever comes next, due or not. The heap's window must be closed, and collections allowed. */
export function advance(work: u32): void {
  const phase = statistics.phase;
  const next = upcoming();
  if (next === NEXT_FULL) collectInPlace();
  else if (next === NEXT_YOUNG)
    collectYoung(promotionQuota(), !isMarking() && (phase !== PHASE_IDLE || isCycleNext()), work);
  else if (phase === PHASE_MOVE) statistics.sliceWork = moveSome(work);
  else if (phase !== PHASE_IDLE) continueCycle(work);
  else startCycle();
}

/** Whether a cycle has something left to mark. */
function isMarking(): bool {
  return statistics.phase === PHASE_MARK && !isMarked();
}

/** Whether so much was allocated that a young collection is worth its fixed costs. */
export function isYoungWorth(): bool {
  return statistics.youngBytes > (isEager() ? 0 : YOUNG_WORTH);
}

export function isEager(): bool {
  return (shared.stress & STRESS_EAGER) !== 0;
}

function promotionQuota(): u32 {
  return isEager() ? EAGER_QUOTA : shared.nurseryQuota;
}

/** Whether the young collection that comes next prepares for a cycle. Under STRESS_EAGER every third does. */
function isCycleNext(): bool {
  if (forced.stage !== 0) return true;
  if (!isEager()) return isCycleWanted();
  const turn = cells.stressTurn;
  cells.stressTurn = turn + 1;
  return turn % CYCLE_EVERY === 0;
}

function collectMidRun(full: bool): void {
  const begun = sliceBegun();
  if (!full && canCollectYoung()) {
    const allocated = statistics.youngBytes;
    cells.leaving = 1;
    collectYoung(u32.MAX_VALUE, true, u32.MAX_VALUE);
    cells.leaving = 0;
    // A cycle that a gap began goes on, or what dies would wait for the hard limit.
    if (statistics.phase !== PHASE_IDLE) continueCycle(max(allocated / MID_RUN_BYTES, 1));
  }
  if (full || !canCollectYoung() || (isCycleDue() && statistics.phase === PHASE_IDLE)) {
    collectInPlace();
    statistics.collectionsMidRun++;
  }
  sliceEnded(begun);
}

/** Everything at once, without moving anything; whatever is alive is old and clean then. */
function collectInPlace(): void {
  abandonCycle();
  cells.inexact = 0;
  retireWindows();
  forgetYoung();
  forgetHoles();
  beginMarking();
  cells.trace = TRACE_FULL;
  shadeRoots();
  drain();
  while (takeOverflow()) recover();
  settleReferences();
  endMarking();
  cells.promoting = 0;
  settleCycle(sweep());
  forgetRemembered();
  statistics.youngBytes = 0;
  cells.requested = 0;
  statistics.collections++;
}
