/**
 * The verifier: is the heap what the other files of this folder say it is? It reads their data structures but calls none of
 * their functions, so that a mistake in one of them cannot hide itself. It may run at any time between two operations,
 * also in mid-run, and changes nothing but the VERIFY_ cells (and the size of the memory, for its own tables); only a
 * move phase in progress is completed first, since no rule holds in the middle of it.
 *
 * Checked, in this order, since each step trusts the ones before:
 *   1. the unwinding records, and that the current region is one that is open      verify-records.ts
 *   2. the block table, its counts, every list of blocks, windows, state bytes     verify-blocks.ts
 *   3. that arenas parse; then, from all roots, that every address leads to the     verify-objects.ts
 *      start of a sane object, no two of which overlap, none in free space, none
 *      shorter-lived than what holds it, and none that scripts can get at            verify-snapshot.ts
 *      about to be freed by the cycle in progress; lists of references               verify-references.ts
 *   4. young lines, aged objects, and the remembered set                           verify-young.ts
 *   5. the roots that a cycle has written down                                     verify-snapshot.ts
 */
import { cells } from '../cells.ts';
import { finishMove } from '../moving/move.ts';
import { verdict } from '../shared-cells.ts';
import { closeWindow, openWindow } from '../spaces/window.ts';
import { verifyBlocks } from './verify-blocks.ts';
import { verifyObjects } from './verify-objects.ts';
import { verifyRecords } from './verify-records.ts';
import { verifySnapshot } from './verify-snapshot.ts';
import { verifyYoung } from './verify-young.ts';

/** 0, or the VERIFY_ code of the first broken rule; the cells VERIFY_OBJECT and VERIFY_ADDRESS then say where. */
export function verify(): u32 {
  finishMove();
  verdict.code = 0;
  verdict.object = 0;
  verdict.address = 0;
  closeWindow();
  if (verifyRecords() && verifyBlocks() && verifyObjects() && verifyYoung()) verifySnapshot();
  openWindow();
  return verdict.code;
}

/**
 * What of static memory is needed by what roots lead to: the address of a table with a byte for each granule of memory, not 0
 * where something that was visited needs what lies there; 0 where there is no room for the table, or a rule is broken. The table is there until the heap takes memory again.
 */
export function findUsedStatics(): usize {
  finishMove();
  verdict.code = 0;
  closeWindow();
  const whole = verifyRecords() && verifyBlocks() && verifyObjects();
  openWindow();
  return whole ? cells.verifyOccupied : 0;
}
