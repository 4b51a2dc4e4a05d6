/**
 * The gap: what the heap does when the host has time for it, between two frames. Each call is a slice, and the host reads the
 * clock between two of them.
 *
 * A full collection that a script has asked for is a forced one (`forced.ts`) that goes on from gap to gap.
 */
import { cells } from '../cells.ts';
import { NEXT_NOTHING, PHASE_IDLE } from '../layout.ts';
import { forced, shared, statistics } from '../shared-cells.ts';
import { settleStatistics, sliceBegun, sliceEnded } from '../spaces/statistics.ts';
import { closeWindow, openWindow } from '../spaces/window.ts';
import { advance, isEager, isYoungWorth, upcoming } from './collect.ts';
import { isCycleWanted } from './cycle.ts';
import { forceAsked, forceSome, isForcedInPlace } from './forced.ts';
import { isPromoting } from './young.ts';

/**
 * Does some of the collector's work if there is any to do, and says whether there is more (1). A slice is a young
 * collection, which is bounded by its quota (`young.ts`), or `work` units of a cycle or of promotion: objects marked, eight
 * elements of a vector, or the 128th part of a block swept. STATS_SLICE_WORK counts what was done, whatever it was. With a
 * `work` of 0 it only says whether there is any.
 */
export function gapSlice(work: u32): u32 {
  settleStatistics();
  if (shared.suppressed !== 0) {
    statistics.next = NEXT_NOTHING;
    return 0;
  }
  // One that is in progress comes to its end first, or a script that asks in every frame would begin it anew in every gap.
  if (cells.requested !== 0 && forced.stage === 0) {
    cells.requested = 0;
    forceAsked();
  }
  if (work !== 0) {
    statistics.sliceWork = 0;
    const begun = sliceBegun();
    closeWindow();
    if (isForcedInPlace()) forceSome(work);
    else if (hasWork()) advance(work);
    openWindow();
    sliceEnded(begun);
  }
  const next = isForcedInPlace() || hasWork() ? upcoming() : NEXT_NOTHING;
  statistics.next = next;
  return next === NEXT_NOTHING ? 0 : 1;
}

function hasWork(): bool {
  if (isEager()) return true;
  if (statistics.phase !== PHASE_IDLE || isPromoting() || isCycleWanted()) return true;
  return isYoungWorth();
}
