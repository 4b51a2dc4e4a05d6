/**
 * The gap: what the heap does when the host has time for it, between two frames. Each call is a slice, and the host reads the
 * clock between two of them.
 *
 * A full collection that a script has asked for is a forced one (`forced.ts`) that goes on from gap to gap.
 */
import { cells } from '../cells.ts';
import { NEXT_NOTHING } from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { sliceBegun, sliceEnded, updateStatistics } from '../spaces/statistics.ts';
import { forgetTextPlace } from '../spaces/text-place.ts';
import { closeWindow, openWindow } from '../spaces/window.ts';
import { take } from './collect.ts';
import { forceAsked, forceSome } from './forced.ts';
import { inGap, isForcedInPlace, isRequestDue, isSuppressed, toNext } from './schedule.ts';

/**
 * Does some of the collector's work if there is any to do, and says whether there is more (1). A slice is `work`
 * units of a young collection, of a cycle or of promotion: objects marked, eight elements of a vector, or the 128th part of a
 * block reclaimed or swept. No script may run while STATS_TRACING says that a young collection is in the midst of tracing: it gives up
 * when one is entered (`young-trace.ts`). STATS_SLICE_WORK counts what was done, whatever it was. With a
 * `work` of 0 it only says whether there is any.
 */
export function gapSlice(work: u32): u32 {
  updateStatistics();
  if (isRequestDue()) {
    cells.requested = 0;
    forceAsked();
  }
  if (work !== 0 && !isSuppressed()) {
    statistics.sliceWork = 0;
    const begun = sliceBegun();
    forgetTextPlace();
    closeWindow();
    if (isForcedInPlace()) forceSome(work);
    else take(inGap(), work);
    openWindow();
    sliceEnded(begun);
  }
  statistics.next = toNext(inGap());
  return statistics.next === NEXT_NOTHING ? 0 : 1;
}
