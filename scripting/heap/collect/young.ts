/**
 * The young phase: a collection of the nursery alone. It traces from the roots and the remembered objects through young
 * objects only, each of which stays where it lies, and then reclaims the young lines. Its cost follows from what was
 * allocated and survived since the last one, from the roots and the remembered objects; not from the size of the heap.
 *
 * Beyond NURSERY_QUOTA bytes nothing is traced: the nursery becomes old as it stands. What is remembered counts as bytes, so
 * that a young collection has a bound. Becoming old goes on in slices, with frames in between: `promoting` is set then, nothing
 * is traced, and clean objects may hold young ones until all of them are old.
 *
 * Survivors age once before they are promoted, since much of what a frame hands to the next dies there. Where measuring
 * shows that most of what has aged is promoted all the same, ageing only doubles the visits, so it rests for a while and is
 * then tried again. A cycle begins, and sweeps, only beside an empty nursery: the collection before promotes everything.
 *
 * It may run at any point: a cycle that has yet to sweep keeps its part of the mark stack below `markFloor`, and what is
 * promoted beside one is born marked.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_PROMOTING } from '../fault.ts';
import { LINE_SHIFT, PHASE_IDLE } from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { isBeforeSweep, promoteBlocks, reclaim } from '../spaces/nursery.ts';
import { retireWindows } from '../spaces/object-space.ts';
import { countWork } from '../spaces/statistics.ts';
import { traceHandles } from '../trace/handles.ts';
import { beginMarking, drain, endMarking, TRACE_YOUNG, takeOverflow } from '../trace/mark.ts';
import { joinPromoted } from '../trace/reference.ts';
import { cleanRemembered, cleanSome, traceRemembered } from '../trace/remembered.ts';
import { noteAhead } from '../trace/remembered-table.ts';
import { decideYoungReferences } from '../trace/weak-phase.ts';
import { shadeFewRoots } from './roots.ts';
import { isAllOldAndClean, isPromoting, isTraced } from './schedule.ts';

/** NURSERY_QUOTA at first: as many bytes can be traced in about 2 ms even if all of them survive. */
export const DEFAULT_QUOTA: u32 = 4 << 20;

/** Ageing does not pay where more of the aged bytes than this are promoted in the end: three quarters. */
const AGEING_WORTH: f64 = 0.75;
/** How many young collections it rests for then; and fewer aged bytes than 4 KiB say nothing. */
const AGEING_PAUSE: u32 = 32;
const AGEING_TELLING: u32 = 4 << 10;

/**
 * Collects the nursery, or promotes it as it stands where it has more than `quota` bytes. With `promote` nothing ages, and
 * the nursery is empty after it, unless becoming old takes more than `work` units: then it goes on at the next call. The
 * heap's window must be closed.
 */
export function collectYoung(quota: u32, promote: bool, work: u32): void {
  retireWindows();
  const aged = statistics.agedBytes;
  const seen = statistics.youngBytes + aged;
  const rest = cells.ageingRest;
  if (statistics.phase === PHASE_IDLE && !isPromoting()) noteAhead();
  const ageing = !promote && rest === 0;
  if (rest > 0) cells.ageingRest = rest - 1;
  cells.ageing = ageing ? 1 : 0;
  cells.promotedBytes = 0;
  cells.promotedLines = 0;
  let promoted = seen;
  if (!isTraced(seen, quota)) {
    if (!promoteSome(work)) return;
  } else if (!traceYoung()) {
    // Whatever is half done must not be seen by scripts.
    promoteSome(u32.MAX_VALUE);
  } else {
    reclaim();
    promoted = cells.promotedBytes;
    const footprint = cells.promotedLines << LINE_SHIFT;
    if (footprint > promoted) {
      cells.promotedSlack += footprint - promoted;
    }
    if (ageing && aged >= AGEING_TELLING && (promoted as f64) > (aged as f64) * AGEING_WORTH) {
      cells.ageingRest = AGEING_PAUSE;
    }
  }
  statistics.liveBytes += promoted;
  statistics.promoted += promoted as f64;
  statistics.youngSeen = seen;
  statistics.youngSurvived = promoted + statistics.agedBytes;
  statistics.youngBytes = 0;
  statistics.youngCollections++;
}

/** Makes what is young old as it stands, and what is remembered clean, for `work` units; true when all of it is. */
function promoteSome(work: u32): bool {
  let done = promoteBlocks(work);
  if (done < work) done += cleanSome(work - done);
  countWork(done);
  const finished = isAllOldAndClean();
  if (finished) joinPromoted();
  cells.promoting = finished || FAULT === FAULT_PROMOTING ? 0 : 1;
  if (FAULT === FAULT_PROMOTING) statistics.youngBytes = 0;
  return finished;
}

/** Keeps every young object that can be reached; false where the mark stack did not hold them all. */
function traceYoung(): bool {
  const interrupts = isBeforeSweep();
  const cycleOverflowed = cells.markOverflowed;
  if (interrupts) {
    cells.markFloor = (cells.markTop - cells.markBase) as u32;
    cells.markOverflowed = 0;
  } else {
    beginMarking();
  }
  cells.trace = TRACE_YOUNG;
  shadeFewRoots();
  traceHandles();
  drain();
  const traced = traceRemembered();
  const complete = !takeOverflow() && decideYoungReferences();
  if (complete) cleanRemembered(traced);
  if (interrupts) {
    cells.markFloor = 0;
    cells.markOverflowed = cycleOverflowed;
  } else {
    endMarking();
  }
  return complete;
}
