/**
 * The young phase: a collection of the nursery alone. It traces from the roots and the remembered objects through young
 * objects only, each of which becomes old where it lies, and then reclaims the young lines. Its cost follows from what
 * was allocated and survived since the last one, from the roots and the remembered objects; not from the size of the heap.
 *
 * Beyond NURSERY_QUOTA bytes nothing is traced: the nursery becomes old as it stands. So a young collection has a bound.
 *
 * It may run at any point: a cycle that is marking keeps its part of the mark stack below MARK_FLOOR, and survivors are
 * born marked.
 */
import {
  MARK_BASE,
  MARK_FLOOR,
  MARK_OVERFLOWED,
  MARK_TOP,
  REMEMBERED_LOST,
  REMEMBERED_TOP,
  TRACE,
} from './cells.ts';
import {
  PHASE_MARK,
  STATS_LIVE_BYTES,
  STATS_PHASE,
  STATS_PROMOTED,
  STATS_YOUNG_BYTES,
  STATS_YOUNG_COLLECTIONS,
} from './layout.ts';
import { beginMarking, drain, endMarking, shadeWhole, TRACE_YOUNG, takeOverflow } from './mark.ts';
import { promoteAll, reclaim } from './nursery.ts';
import { retireWindows } from './object-space.ts';
import { cleanRemembered, rememberedStart } from './remembered.ts';
import { shadeRoots } from './roots.ts';

/** NURSERY_QUOTA at first: as many bytes can be traced in about 2 ms even if all of them survive. */
export const DEFAULT_QUOTA: u32 = 4 << 20;

/** Whether a young collection can do without a full one. */
export function canCollectYoung(): bool {
  return load<u32>(REMEMBERED_LOST) === 0;
}

/** Collects the nursery, or promotes it where more than `quota` bytes were allocated. The heap's window must be closed. */
export function collectYoung(quota: u32): void {
  retireWindows();
  const allocated = load<u32>(STATS_YOUNG_BYTES);
  let survived = allocated;
  if (allocated > quota || !traceYoung()) promoteAll();
  else survived = reclaim();
  cleanRemembered();
  store<u32>(STATS_LIVE_BYTES, load<u32>(STATS_LIVE_BYTES) + survived);
  store<f64>(STATS_PROMOTED, load<f64>(STATS_PROMOTED) + (survived as f64));
  store<u32>(STATS_YOUNG_BYTES, 0);
  store<u32>(STATS_YOUNG_COLLECTIONS, load<u32>(STATS_YOUNG_COLLECTIONS) + 1);
}

/** Makes every young object old that can be reached; false where the mark stack did not hold them all. */
function traceYoung(): bool {
  const marking = load<u32>(STATS_PHASE) === PHASE_MARK;
  const cycleOverflowed = load<u32>(MARK_OVERFLOWED);
  if (marking) {
    store<u32>(MARK_FLOOR, (load<usize>(MARK_TOP) - load<usize>(MARK_BASE)) as u32);
    store<u32>(MARK_OVERFLOWED, 0);
  } else {
    beginMarking();
  }
  store<u32>(TRACE, TRACE_YOUNG);
  shadeRoots();
  for (let entry = rememberedStart(); entry < load<usize>(REMEMBERED_TOP); entry += 4) {
    shadeWhole(load<usize>(entry));
    drain();
  }
  drain();
  const complete = !takeOverflow();
  if (marking) {
    store<u32>(MARK_FLOOR, 0);
    store<u32>(MARK_OVERFLOWED, cycleOverflowed);
  } else {
    endMarking();
  }
  return complete;
}
