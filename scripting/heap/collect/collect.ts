/**
 * Collections: what the schedule (`schedule.ts`) has decided is done here, in mid-run and for a slice in a gap; and the full
 * collection, everything at once.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_TRACE_MARKED } from '../fault.ts';
import { STRESS_COLLECT } from '../layout.ts';
import { finishMove, moveSome } from '../moving/move.ts';
import { shared, statistics } from '../shared-cells.ts';
import { forgetYoung, promoteBlocks } from '../spaces/nursery.ts';
import { retireWindows } from '../spaces/object-space.ts';
import { forgetHoles } from '../spaces/recycling.ts';
import { sliceBegun, sliceEnded } from '../spaces/statistics.ts';
import { forgetTextPlace } from '../spaces/text-place.ts';
import { closeWindow, openWindow } from '../spaces/window.ts';
import { beginMarking, drain, endMarking, recover, TRACE_FULL, takeOverflow } from '../trace/mark.ts';
import { forgetRemembered } from '../trace/remembered-table.ts';
import { sweep } from '../trace/sweep.ts';
import { decideReferences } from '../trace/weak-phase.ts';
import { abandonCycle, continueCycle, cycleEnded, startCycle } from './cycle.ts';
import { shadeRoots } from './roots.ts';
import {
  after,
  atOnce,
  atSlowPath,
  countsTurn,
  isEager,
  isPromoting,
  isSuppressed,
  STEP_BEGIN_CYCLE,
  STEP_CYCLE,
  STEP_FULL,
  STEP_MOVE,
  STEP_NOTHING,
  STEP_YOUNG_ALL,
} from './schedule.ts';
import { collectYoung, DEFAULT_QUOTA } from './young.ts';
import { giveUpTrace } from './young-trace.ts';

/**
 * In mid-run a cycle in progress does a unit of work for so many bytes allocated: few objects are smaller, so that it ends
 * before as much was allocated as is alive.
 */
const MID_RUN_BYTES: u32 = 16;

/** Bytes that are traced at most under STRESS_EAGER; more are promoted as they stand. */
const EAGER_QUOTA: u32 = 48 << 10;

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
  if (atOnce() === STEP_NOTHING) {
    requestCollection();
    return;
  }
  const begun = sliceBegun();
  forgetTextPlace();
  closeWindow();
  finishMove();
  collectInPlace();
  openWindow();
  sliceEnded(begun);
}

/** Called by every slow path of allocation, with the window closed: collects in mid-run where that is due and allowed. */
export function collectIfDue(): void {
  const step = atSlowPath();
  if (shared.stress & STRESS_COLLECT && !isSuppressed()) cells.stressTurn++;
  if (step !== STEP_NOTHING) collectMidRun(step);
}

/** When memory has run out: a collection in place, in a frame too. False while suppressed. The window must be closed. */
export function collectAtLimit(): bool {
  const step = atOnce();
  if (step === STEP_NOTHING) return false;
  collectMidRun(step);
  return true;
}

/** Does a slice of what the schedule has said. The heap's window must be closed, and collections allowed. */
export function take(step: u32, work: u32): void {
  if (step === STEP_FULL) collectInPlace();
  else if (step === STEP_MOVE) statistics.sliceWork = moveSome(work);
  else if (step === STEP_CYCLE) continueCycle(work);
  else if (step === STEP_BEGIN_CYCLE) startCycle();
  else if (step !== STEP_NOTHING) {
    if (countsTurn()) cells.stressTurn++;
    collectYoung(isEager() ? EAGER_QUOTA : shared.nurseryQuota, step === STEP_YOUNG_ALL, work);
  }
}

/** In mid-run a step is taken whole, and what is due after it follows at once. */
function collectMidRun(first: u32): void {
  const begun = sliceBegun();
  forgetTextPlace();
  const allocated = statistics.youngBytes;
  for (let step = first; step !== STEP_NOTHING; step = after(step)) {
    if (step === STEP_FULL) {
      collectInPlace();
      statistics.collectionsMidRun++;
    } else if (step === STEP_CYCLE) {
      continueCycle(max(allocated / MID_RUN_BYTES, 1));
    } else {
      cells.leaving = 1;
      collectYoung(u32.MAX_VALUE, true, u32.MAX_VALUE);
      cells.leaving = 0;
    }
  }
  sliceEnded(begun);
}

/** Everything at once, without moving anything; whatever is alive is old and clean then. */
function collectInPlace(): void {
  giveUpTrace();
  // What had been reached must not count as marked; giving a cycle up unmarks it as well.
  if (isPromoting() && FAULT !== FAULT_TRACE_MARKED) promoteBlocks(u32.MAX_VALUE);
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
  decideReferences();
  endMarking();
  cells.promoting = 0;
  cycleEnded(sweep());
  forgetRemembered();
  statistics.youngBytes = 0;
  cells.requested = 0;
  statistics.collections++;
}
