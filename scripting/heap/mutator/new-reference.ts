/** Making references: weak references, drop records and proxies (`trace/reference.ts`). */
import { fail } from '../host.ts';
import { FAIL_DEPTH, REGION_HEAP, SHADOW_STACK, SHADOW_STACK_SIZE } from '../layout.ts';
import { shared } from '../shared-cells.ts';
import { ObjectHeader } from '../spaces/object.ts';
import { switchRegion } from '../spaces/window.ts';
import { REFERENCE_SIZE, Reference } from '../trace/reference.ts';
import { allocate } from './allocate.ts';

/** A new reference to an object (or 0) in the heap, whatever region is current: no arena's end would take it off its list. */
export function newReference(descriptor: usize, subject: usize): usize {
  // Allocating may collect, and the caller need not hold the subject any more: it is kept here.
  const slot = shared.shadowTop;
  if (slot === SHADOW_STACK + SHADOW_STACK_SIZE) fail(FAIL_DEPTH, -1, 0, 0);
  store<usize>(slot, subject);
  shared.shadowTop = slot + 4;
  const region = switchRegion(REGION_HEAP);
  const reference = allocate(REFERENCE_SIZE);
  switchRegion(region);
  shared.shadowTop = slot;
  ObjectHeader.at(reference).descriptor = descriptor;
  Reference.at(reference).subject = subject;
  Reference.at(reference).next = 0;
  return reference;
}
