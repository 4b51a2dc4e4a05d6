/**
 * References: the three kinds of small objects whose subject does not live because of them, and which therefore need
 * the collector's attention when it dies: weak references (`weak.ts`), drop records (`drops.ts`) and proxies of host
 * objects (`proxies.ts`). They are ordinary objects of the heap, one granule long, and lie in lists that are threaded
 * through them, so that noticing one needs no memory that could run out. Descriptors do not mention their words.
 *
 *     reference, 16 bytes:  [descriptor][subject][next in its list][detail]
 *                  weak:                address, or 0 when gone
 *                  drop:                address                    the code's table slot
 *                  proxy:               index in the host's table  its generation
 *
 * Each kind has a list of those that are young or lead to something young, which is all that a young collection looks at,
 * and a list of the others. The newest is first; a young collection puts what it promotes before the old ones.
 *
 * Invariants: a reference in an old list is old, and so is its subject; one in no list has no next.
 */
import { allocate } from './allocate.ts';
import { DROP_OLD, DROP_YOUNG, PROXY_OLD, PROXY_YOUNG, WEAK_OLD, WEAK_YOUNG } from './cells.ts';
import { fail } from './host.ts';
import {
  DESCRIPTOR_MAGIC,
  DESCRIPTOR_SIZE_AT,
  DROP_DESCRIPTOR,
  FAIL_DEPTH,
  GRANULE_SIZE,
  PROXY_DESCRIPTOR,
  REFERENCE_SUBJECT,
  REGION_HEAP,
  SHADOW_STACK,
  SHADOW_STACK_SIZE,
  SHADOW_TOP,
  STATE_OLD,
  WEAK_DESCRIPTOR,
} from './layout.ts';
import { isCollected } from './mark.ts';
import { stateOf } from './object.ts';
import { switchRegion } from './window.ts';

export const REFERENCE_NEXT = 8;
export const REFERENCE_SIZE = GRANULE_SIZE;

/** Lays down the descriptors of the three kinds. */
export function initialiseReferences(): void {
  describe(WEAK_DESCRIPTOR);
  describe(DROP_DESCRIPTOR);
  describe(PROXY_DESCRIPTOR);
}

function describe(descriptor: usize): void {
  store<u32>(descriptor, DESCRIPTOR_MAGIC);
  store<u32>(descriptor, REFERENCE_SIZE, DESCRIPTOR_SIZE_AT);
}

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

/** Puts a new reference into a list of young ones. */
export function listReference(list: usize, reference: usize): void {
  store<usize>(reference, load<usize>(list), REFERENCE_NEXT);
  store<usize>(list, reference);
}

/** Takes the reference that `link`, a list's cell or the `next` of the reference before, leads to out of its list. */
export function unlink(link: usize): void {
  const reference = load<usize>(link);
  store<usize>(link, load<usize>(reference, REFERENCE_NEXT));
  store<usize>(reference, 0, REFERENCE_NEXT);
}

/** Adds a reference to the end of a queue: two cells, its first and its last. */
export function enqueue(queue: usize, reference: usize): void {
  const last = load<usize>(queue, 4);
  if (last === 0) store<usize>(queue, reference);
  else store<usize>(last, reference, REFERENCE_NEXT);
  store<usize>(queue, reference, 4);
  store<usize>(reference, 0, REFERENCE_NEXT);
}

/** Takes the first reference out of a queue; 0 where there is none. */
export function dequeue(queue: usize): usize {
  const first = load<usize>(queue);
  if (first === 0) return 0;
  const next = load<usize>(first, REFERENCE_NEXT);
  store<usize>(queue, next);
  store<usize>(first, 0, REFERENCE_NEXT);
  if (next === 0) store<usize>(queue, 0, 4);
  return first;
}

/** Moves all of a queue to the end of another. */
export function concatenate(queue: usize, target: usize): void {
  const first = load<usize>(queue);
  if (first === 0) return;
  const last = load<usize>(target, 4);
  if (last === 0) store<usize>(target, first);
  else store<usize>(last, first, REFERENCE_NEXT);
  store<usize>(target, load<usize>(queue, 4), 4);
  store<usize>(queue, 0);
  store<usize>(queue, 0, 4);
}

/** Whether a descriptor is that of one of the three kinds. */
export function isReference(descriptor: usize): bool {
  return descriptor === WEAK_DESCRIPTOR || descriptor === DROP_DESCRIPTOR || descriptor === PROXY_DESCRIPTOR;
}

/** Puts what has become old before the old lists; `all` where the rest is about to. */
export function joinLists(all: bool): void {
  joinList(WEAK_YOUNG, WEAK_OLD, all);
  joinList(DROP_YOUNG, DROP_OLD, all);
  joinList(PROXY_YOUNG, PROXY_OLD, all);
}

function joinList(young: usize, old: usize, all: bool): void {
  let link = young;
  let joined: usize = 0;
  let end: usize = 0;
  while (load<usize>(link) !== 0) {
    const reference = load<usize>(link);
    if (!all && (isYoung(reference) || leadsToYoung(reference))) {
      link = reference + REFERENCE_NEXT;
    } else {
      unlink(link);
      if (end === 0) joined = reference;
      else store<usize>(end, reference, REFERENCE_NEXT);
      end = reference;
    }
  }
  if (end === 0) return;
  store<usize>(end, load<usize>(old), REFERENCE_NEXT);
  store<usize>(old, joined);
}

function leadsToYoung(reference: usize): bool {
  return load<usize>(reference) !== PROXY_DESCRIPTOR && isYoung(load<usize>(reference, REFERENCE_SUBJECT));
}

function isYoung(object: usize): bool {
  return isCollected(object) && !(load<u8>(stateOf(object)) & STATE_OLD);
}
