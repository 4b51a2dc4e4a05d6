/** Making references: weak references, drop records and proxies (`trace/reference.ts`). */
import { fail } from '../host.ts';
import {
  FAIL_DEPTH,
  REFERENCE_SUBJECT,
  REGION_HEAP,
  SHADOW_STACK,
  SHADOW_STACK_SIZE,
  SHADOW_TOP,
} from '../layout.ts';
import { switchRegion } from '../spaces/window.ts';
import { REFERENCE_NEXT, REFERENCE_SIZE } from '../trace/reference.ts';
import { allocate } from './allocate.ts';

/** A new reference to an object (or 0) in the heap, whatever region is current: no arena's end would take it off its list. */
export function newReference(descriptor: usize, subject: usize): usize {
  // Allocating may collect, and the caller need not hold the subject any more: it is kept here.
  const slot = load<usize>(SHADOW_TOP);
  if (slot === SHADOW_STACK + SHADOW_STACK_SIZE) fail(FAIL_DEPTH, -1, 0, 0);
  store<usize>(slot, subject);
  store<usize>(SHADOW_TOP, slot + 4);
  const region = switchRegion(REGION_HEAP);
  const reference = allocate(REFERENCE_SIZE);
  switchRegion(region);
  store<usize>(SHADOW_TOP, slot);
  store<usize>(reference, descriptor);
  store<usize>(reference, subject, REFERENCE_SUBJECT);
  store<usize>(reference, 0, REFERENCE_NEXT);
  return reference;
}
