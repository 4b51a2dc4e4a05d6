/**
 * A young collection that traces, in portions:
 *
 *     queues ─▶ globals ─▶ handles ─▶ remembered ─▶ references ─▶ reclaim ─▶ over
 *        └─────────┴───────────┴───────────┴─────────────┴───────────┴─ a script is about to run: gives up, `promoting`
 *
 * **No script runs between two portions.** Young objects pass the barrier, so a store could hide an object that is not reached behind
 * one that is. All portions lie in one gap; whatever lets a script run, or changes roots or the heap from outside, calls `giveUpTrace`
 * first: `enter`, through which all calls of the host go, the slow path of allocation, new handles (and freed ones beside a cycle that
 * marks), new globals, the end of the frame, suppression, a full collection.
 *
 * Giving up costs next to nothing, whatever is left: the nursery becomes old as it stands, in slices, as if nothing had been traced
 * (`promoting`). That holds for what is half traced:
 *
 * - What was reached is AGED+MARKED, or OLD, with all that comes with that beside a cycle (`promotedState`). Becoming old with its
 *   block takes the AGED from it, and the MARKED where no cycle marks; where one does, it is kept by it like the rest of its block.
 * - Remembered objects that became clean, or did not age with what they hold: until all is old, clean ones may hold young ones.
 *   What was remembered in tracing stays so until then.
 * - The mark stack falls back to the cycle's part of it, below the floor, and the flag of its overflow is the cycle's again.
 * - No weak reference is cleared, and no line reclaimed, before everything reachable has been reached. Once clearing has begun it is
 *   done to the end, at once; a script must not find one of two references to an object cleared. It takes ten
 *   nanoseconds a young reference.
 * - Blocks that were reclaimed are, and the others become old. What is dead in those may hold addresses of what is gone, as what
 *   is dead does while a cycle sweeps: nothing looks at it. Large objects, which would become old marked, are reclaimed at once.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_QUEUE_TRACED, FAULT_TRACE_PROMOTING } from '../fault.ts';
import { TRACING_RECLAIM } from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { beginReclaim, giveUpReclaim, isReclaimed, reclaimSome } from '../spaces/nursery.ts';
import { countWork } from '../spaces/statistics.ts';
import { beginHandles, traceHandlesSome } from '../trace/handles.ts';
import { beginYoungMarking, drainSome, endYoungMarking, isStackEmpty, TRACE_YOUNG } from '../trace/mark.ts';
import {
  beginRemembered,
  closeRemembered,
  isRememberedTraced,
  traceNextRemembered,
} from '../trace/remembered.ts';
import {
  areYoungDecided,
  beginQueues,
  beginYoungDecisions,
  decideSome,
  giveUpDeciding,
  shadeQueuesSome,
} from '../trace/weak-phase.ts';
import { beginRanges, shadeOpenRoots, shadeRangesSome } from './roots.ts';
import { isTracing } from './schedule.ts';

/** What it goes on with: `statistics.tracing`. */
const STEP_OVER: u32 = 0;
const STEP_QUEUES: u32 = 1;
const STEP_GLOBALS: u32 = 2;
const STEP_HANDLES: u32 = 3;
const STEP_REMEMBERED: u32 = 4;
const STEP_REFERENCES: u32 = 5;
const STEP_RECLAIM: u32 = TRACING_RECLAIM;

/** Begins with what is open; in a gap that is nothing. The windows must have been retired. */
export function beginTrace(): void {
  cells.traceAged = statistics.agedBytes;
  beginYoungMarking();
  shadeOpenRoots();
  beginQueues();
  statistics.tracing = STEP_QUEUES;
}

/** Goes on for about `work` units. Gives up where the mark stack finds no memory. */
export function traceSome(work: u32): void {
  cells.trace = TRACE_YOUNG;
  let done: u32 = 0;
  while (done < work && isTracing()) {
    if (hasOverflowed()) giveUpTrace();
    else done += takeStep(work - done);
  }
  countWork(done);
}

/** Whether a young collection traces, and the mark stack does not hold all that it has reached. */
function hasOverflowed(): bool {
  return statistics.tracing < STEP_RECLAIM && cells.markOverflowed !== 0;
}

/** A script is about to run: what is young becomes old as it stands, if a young collection is tracing it. */
export function giveUpTrace(): void {
  const step = statistics.tracing;
  if (step === STEP_OVER) return;
  cells.trace = TRACE_YOUNG;
  if (step === STEP_REMEMBERED) closeRemembered();
  else if (step === STEP_REFERENCES) giveUpDeciding();
  if (step !== STEP_RECLAIM) {
    endYoungMarking();
  } else {
    // What was promoted in blocks that are left counts twice, until the next cycle.
    statistics.liveBytes += cells.promotedBytes;
    statistics.promoted += cells.promotedBytes as f64;
    statistics.youngBytes = giveUpReclaim();
  }
  statistics.tracing = STEP_OVER;
  statistics.givenUp++;
  if (FAULT !== FAULT_TRACE_PROMOTING) cells.promoting = 1;
}

/** The host is about to take from a queue: if a young collection is in the midst of them, it would lose its way. */
export function giveUpQueues(): void {
  if (FAULT !== FAULT_QUEUE_TRACED && statistics.tracing === STEP_QUEUES) giveUpTrace();
}

/** Does about `work` units of the step that it is at, or goes on to the next. Returns the units done. */
function takeStep(work: u32): u32 {
  const step = statistics.tracing;
  if (step === STEP_RECLAIM) {
    const done = reclaimSome(work);
    if (isReclaimed()) statistics.tracing = STEP_OVER;
    return done;
  }
  if (step === STEP_REFERENCES) {
    const done = decideSome(work);
    if (areYoungDecided() && !hasOverflowed()) {
      endYoungMarking();
      beginReclaim();
      statistics.tracing = STEP_RECLAIM;
    }
    return done;
  }
  if (!isStackEmpty()) return drainSome(work);
  if (step === STEP_REMEMBERED) {
    if (!isRememberedTraced()) return traceNextRemembered();
    closeRemembered();
    beginYoungDecisions();
    statistics.tracing = STEP_REFERENCES;
    return 0;
  }
  const done = shadeSome(step, work);
  if (cells.traceAt !== 0) return done;
  if (step === STEP_QUEUES) beginRanges();
  else if (step === STEP_GLOBALS) beginHandles();
  else beginRemembered();
  statistics.tracing = step + 1;
  return done;
}

function shadeSome(step: u32, work: u32): u32 {
  if (step === STEP_HANDLES) return traceHandlesSome(work);
  return step === STEP_QUEUES ? shadeQueuesSome(work) : shadeRangesSome(work);
}
