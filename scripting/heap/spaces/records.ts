/**
 * Unwinding records as they lie in memory: a stack of what is open. `mutator/unwind.ts` pushes and pops them; roots and the
 * verifier read them.
 *
 * Invariant: UNWIND is the innermost record, or 0; records lie without gaps in UNWIND_STACK.
 */
import { GRANULE_MASK, REGION_FRAME, UNWIND_STACK } from '../layout.ts';
import { shared } from '../shared-cells.ts';
import { REGION_SIZE } from './window.ts';

/** A record; that of an arena is followed by its region's descriptor. */
@unmanaged
export class UnwindRecord {
  /** The record below, or 0. */
  previous: usize;
  /** What it stands for: a RECORD_ number. */
  kind: u32;
  /** The region that was current. */
  region: usize;
  /** Call: where the shadow stack ended. */
  shadow: usize;
  /** Call: the depth of the native stack. */
  depth: u32;
  /** Call: the length of the text buffer. */
  text: u32;

  static at(record: usize): UnwindRecord {
    return changetype<UnwindRecord>(record);
  }
}

/** Bytes from a record to what follows it. */
export const RECORD_SIZE: usize = (offsetof<UnwindRecord>() + GRANULE_MASK) & ~GRANULE_MASK;

/** What a record stands for: a call by the host, an open arena, another region, `without-collection`. */
export const RECORD_CALL = 1;
export const RECORD_ARENA = 2;
export const RECORD_SWITCH = 3;
export const RECORD_SUPPRESS = 4;

/** The region that a record opened and holds, or 0. */
export function arenaOf(record: usize): usize {
  return UnwindRecord.at(record).kind === RECORD_ARENA ? record + RECORD_SIZE : 0;
}

/** Where the record above `record` begins, `record` being 0 for the first. */
export function recordAbove(record: usize): usize {
  if (record === 0) return UNWIND_STACK;
  return record + RECORD_SIZE + (arenaOf(record) === 0 ? 0 : REGION_SIZE);
}

/** Whether an arena is open that has this region, or it is the frame's: what a script calls an arena may outlive it. */
export function isOpen(region: usize): bool {
  if (region === REGION_FRAME) return true;
  for (let record = shared.unwind; record !== 0; record = UnwindRecord.at(record).previous) {
    if (arenaOf(record) === region) return true;
  }
  return false;
}
