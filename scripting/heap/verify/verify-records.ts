/**
 * The verifier's first step: the unwinding records, from the first to the innermost, and the regions they name.
 */
import {
  REGION,
  REGION_FRAME,
  REGION_HEAP,
  SHADOW_STACK,
  SHADOW_STACK_SIZE,
  SHADOW_TOP,
  UNWIND_STACK,
  UNWIND_STACK_SIZE,
  VERIFY_UNWIND,
} from '../layout.ts';
import { shared } from '../shared-cells.ts';
import { RECORD_ARENA, RECORD_CALL, RECORD_SIZE, RECORD_SUPPRESS, UnwindRecord } from '../spaces/records.ts';
import { REGION_SIZE } from '../spaces/window.ts';
import { broken } from './verdict.ts';

const UNWIND_END: usize = UNWIND_STACK + UNWIND_STACK_SIZE;
const SHADOW_START: usize = SHADOW_STACK;
const SHADOW_END: usize = SHADOW_STACK + SHADOW_STACK_SIZE;

export function verifyRecords(): bool {
  const innermost = shared.unwind;
  let previous: usize = 0;
  let record: usize = UNWIND_STACK;
  while (previous !== innermost) {
    if (record > innermost || record >= UNWIND_END) return broken(VERIFY_UNWIND, record, 0);
    const kind = UnwindRecord.at(record).kind as i32;
    if (kind < RECORD_CALL || kind > RECORD_SUPPRESS) return broken(VERIFY_UNWIND, record, kind);
    if (UnwindRecord.at(record).previous !== previous) return broken(VERIFY_UNWIND, record, previous);
    const region = UnwindRecord.at(record).region;
    if (!isOpen(region, previous)) return broken(VERIFY_UNWIND, record, region);
    previous = record;
    record += RECORD_SIZE + (kind === RECORD_ARENA ? REGION_SIZE : 0);
  }
  const region = shared.region;
  if (!isOpen(region, innermost)) return broken(VERIFY_UNWIND, REGION, region);
  const shadow = shared.shadowTop;
  const inside = shadow >= SHADOW_START && shadow <= SHADOW_END && (shadow & 3) === 0;
  return inside || broken(VERIFY_UNWIND, SHADOW_TOP, shadow);
}

/** Whether a region always exists or was opened by `innermost` or a record below it. */
function isOpen(region: usize, innermost: usize): bool {
  if (region === REGION_HEAP || region === REGION_FRAME) return true;
  for (let record = innermost; record !== 0; record = UnwindRecord.at(record).previous) {
    if (region === record + RECORD_SIZE) return UnwindRecord.at(record).kind === RECORD_ARENA;
  }
  return false;
}
