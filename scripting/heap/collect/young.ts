/**
 * The young phase: a collection of the nursery alone. It traces from the roots and the remembered objects through young
 * objects only, each of which stays where it lies, and then reclaims the young lines. Its cost follows from what was
 * allocated and survived since the last one, from the roots and the remembered objects; not from the size of the heap.
 *
 * Tracing goes on in portions, in one gap: `young-trace.ts`. Beyond NURSERY_QUOTA bytes, what is remembered counted in, nothing is
 * traced: the nursery becomes old as it stands. So does one of which tracing was given up, and any where the remembered set lacks
 * objects. Becoming old goes on in slices, with frames in between: `promoting` is set then, nothing is traced, and clean objects may
 * hold young ones until all of them are old.
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
import { promoteBlocks } from '../spaces/nursery.ts';
import { retireWindows } from '../spaces/object-space.ts';
import { countWork } from '../spaces/statistics.ts';
import { cleanLostSome, cleanSome } from '../trace/remembered.ts';
import { noteAhead } from '../trace/remembered-table.ts';
import { areAllJoined, joinSome } from '../trace/weak-phase.ts';
import { isFaultyStay, isNothingYoung, isPromoting, isTraced, isTracing } from './schedule.ts';
import { beginTrace, traceSome } from './young-trace.ts';

/** NURSERY_QUOTA at first: as many bytes can be traced in about 2 ms even if all of them survive. */
export const DEFAULT_QUOTA: u32 = 4 << 20;

/** Ageing does not pay where more of the aged bytes than this are promoted in the end: three quarters. */
const AGEING_WORTH: f64 = 0.75;
/** How many young collections it rests for then; and fewer aged bytes than 4 KiB say nothing. */
const AGEING_PAUSE: u32 = 32;
const AGEING_TELLING: u32 = 4 << 10;

/**
 * Goes on with the young collection in progress for about `work` units, or begins one, which promotes the nursery as it stands where
 * that has more than `quota` bytes. With `promote` nothing ages, and the nursery is empty after it. The heap's window must be closed.
 */
export function collectYoung(quota: u32, promote: bool, work: u32): void {
  if (!isTracing() && !begin(quota, promote)) {
    promoteRest(work);
    return;
  }
  traceSome(work);
  if (isTracing()) return;
  // Memory had run out for the mark stack.
  if (isPromoting()) promoteRest(work);
  else endTraced();
}

/** Whether it traces. */
function begin(quota: u32, promote: bool): bool {
  retireWindows();
  const seen = statistics.youngBytes + statistics.agedBytes;
  const rest = cells.ageingRest;
  if (statistics.phase === PHASE_IDLE && !isPromoting()) noteAhead();
  if (rest > 0) cells.ageingRest = rest - 1;
  cells.ageing = promote || rest > 0 ? 0 : 1;
  cells.staying = promote && !isFaultyStay() ? 0 : 1;
  cells.promotedBytes = 0;
  cells.promotedLines = 0;
  if (!isTraced(seen, quota)) return false;
  beginTrace();
  return true;
}

/** Everything that could be reached has been, and the rest is free. */
function endTraced(): void {
  const promoted = cells.promotedBytes;
  const aged = cells.traceAged;
  const footprint = cells.promotedLines << LINE_SHIFT;
  if (footprint > promoted) {
    cells.promotedSlack += footprint - promoted;
  }
  if (cells.ageing !== 0 && aged >= AGEING_TELLING && (promoted as f64) > (aged as f64) * AGEING_WORTH) {
    cells.ageingRest = AGEING_PAUSE;
  }
  end(statistics.youngBytes + aged, promoted);
}

/**
 * Makes what is young old as it stands, what is remembered clean, and references new ones, for `work` units: until all of it is,
 * clean objects may hold young ones.
 */
function promoteRest(work: u32): void {
  const seen = statistics.youngBytes + statistics.agedBytes;
  let done = promoteBlocks(work);
  if (done < work) done += cleanSome(work - done);
  if (done < work) done += cleanLostSome(work - done);
  if (done < work && isNothingYoung()) done += joinSome(work - done);
  countWork(done);
  const finished = isNothingYoung() && areAllJoined();
  cells.promoting = finished || FAULT === FAULT_PROMOTING ? 0 : 1;
  if (FAULT === FAULT_PROMOTING) statistics.youngBytes = 0;
  if (!finished) return;
  // Not before: the bytes of what had aged are among those that become old.
  statistics.agedBytes = 0;
  end(seen, seen);
}

function end(seen: u32, promoted: u32): void {
  statistics.liveBytes += promoted;
  statistics.promoted += promoted as f64;
  statistics.youngSeen = seen;
  statistics.youngSurvived = promoted + statistics.agedBytes;
  statistics.youngBytes = 0;
  statistics.youngCollections++;
}
