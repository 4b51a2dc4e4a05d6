/**
 * References: the three kinds of small objects whose subject does not live because of them, and which therefore need
 * the collector's attention when it dies: weak references (`weak.ts`), drop records (`drops.ts`) and proxies of host
 * objects (`proxies.ts`). They are ordinary objects of the heap, one granule long, and lie in lists that are threaded
 * through them, so that noticing one needs no memory that could run out. Descriptors do not mention their words.
 *
 *     reference, 16 bytes:  [descriptor][subject][next in its list][detail]
 *                  weak:                address, or 0 when gone   the cycle's number when it was made
 *                  drop:                address                    the code's table slot
 *                  proxy:               index in the host's table  its generation
 *
 * Each kind has three lists, the newest first:
 *
 *     young ──promoted──▶ new ──a cycle begins──▶ old
 *
 * A young collection looks at the young ones: what is young or leads to something young. A cycle looks at the old ones: those
 * that were there when it began. What is made later leads to something that was alive then or made since, and so stays.
 *
 * Invariants: a reference in a new or old list is old, and so is its subject; one in no list has no next.
 */
import {
  DROP_NEW,
  DROP_OLD,
  DROP_YOUNG,
  PROXY_NEW,
  PROXY_OLD,
  PROXY_YOUNG,
  WEAK_NEW,
  WEAK_OLD,
  WEAK_YOUNG,
} from '../cells.ts';
import {
  DESCRIPTOR_MAGIC,
  DESCRIPTOR_SIZE_AT,
  DROP_DESCRIPTOR,
  GRANULE_SIZE,
  PROXY_DESCRIPTOR,
  REFERENCE_SUBJECT,
  STATE_OLD,
  WEAK_DESCRIPTOR,
} from '../layout.ts';
import { stateOf } from '../spaces/object.ts';
import { isCollected } from './mark.ts';

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

/** Behind a young collection: what has become old goes to the new ones. */
export function joinPromoted(): void {
  joinNew(WEAK_YOUNG, WEAK_NEW, false);
  joinNew(DROP_YOUNG, DROP_NEW, false);
  joinNew(PROXY_YOUNG, PROXY_NEW, false);
}

/** When a cycle begins: all that there is will be looked at by it. */
export function joinSettled(): void {
  joinOld(WEAK_NEW, WEAK_OLD);
  joinOld(DROP_NEW, DROP_OLD);
  joinOld(PROXY_NEW, PROXY_OLD);
}

/** Before a full collection, which makes everything old and looks at all of it. */
export function joinAll(): void {
  joinNew(WEAK_YOUNG, WEAK_NEW, true);
  joinNew(DROP_YOUNG, DROP_NEW, true);
  joinNew(PROXY_YOUNG, PROXY_NEW, true);
  joinSettled();
}

function joinOld(fresh: usize, old: usize): void {
  const last = load<usize>(fresh, 4);
  if (last === 0) return;
  store<usize>(last, load<usize>(old), REFERENCE_NEXT);
  store<usize>(old, load<usize>(fresh));
  store<usize>(fresh, 0);
  store<usize>(fresh, 0, 4);
}

/** Puts what is not young of a list before a queue's first. */
function joinNew(young: usize, fresh: usize, all: bool): void {
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
  store<usize>(end, load<usize>(fresh), REFERENCE_NEXT);
  store<usize>(fresh, joined);
  if (load<usize>(fresh, 4) === 0) store<usize>(fresh, end, 4);
}

function leadsToYoung(reference: usize): bool {
  return load<usize>(reference) !== PROXY_DESCRIPTOR && isYoung(load<usize>(reference, REFERENCE_SUBJECT));
}

function isYoung(object: usize): bool {
  return isCollected(object) && !(load<u8>(stateOf(object)) & STATE_OLD);
}
