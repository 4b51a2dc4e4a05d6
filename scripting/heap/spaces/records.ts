/**
 * Unwinding records as they lie in memory: a stack of what is open. `mutator/unwind.ts` pushes and pops them; roots and the
 * verifier read them.
 *
 *     record, 32 bytes (an arena's is followed by its region descriptor)
 *     +0   u32  the record below, or 0
 *     +4   u32  kind
 *     +8   u32  the region that was current
 *     +12  u32  CALL: shadow stack height
 *     +16  u32  CALL: depth
 *     +20  u32  CALL: length of the text buffer
 *
 * Invariant: UNWIND is the innermost record, or 0; records lie without gaps in UNWIND_STACK.
 */
import { REGION_FRAME, UNWIND, UNWIND_STACK } from '../layout.ts';
import { REGION_SIZE } from './window.ts';

export const RECORD_PREVIOUS = 0;
export const RECORD_KIND = 4;
export const RECORD_REGION = 8;
export const RECORD_SHADOW = 12;
export const RECORD_DEPTH = 16;
export const RECORD_TEXT = 20;
export const RECORD_SIZE = 32;

/** What a record stands for: a call by the host, an open arena, another region, `without-collection`. */
export const RECORD_CALL = 1;
export const RECORD_ARENA = 2;
export const RECORD_SWITCH = 3;
export const RECORD_SUPPRESS = 4;

/** The region that a record opened and holds, or 0. */
export function arenaOf(record: usize): usize {
  return load<u32>(record, RECORD_KIND) === RECORD_ARENA ? record + RECORD_SIZE : 0;
}

/** Where the record above `record` begins, `record` being 0 for the first. */
export function recordAbove(record: usize): usize {
  if (record === 0) return UNWIND_STACK;
  return record + RECORD_SIZE + (arenaOf(record) === 0 ? 0 : REGION_SIZE);
}

/** Whether an arena is open that has this region, or it is the frame's: what a script calls an arena may outlive it. */
export function isOpen(region: usize): bool {
  if (region === REGION_FRAME) return true;
  for (let record = load<usize>(UNWIND); record !== 0; record = load<usize>(record, RECORD_PREVIOUS)) {
    if (arenaOf(record) === region) return true;
  }
  return false;
}
