/**
 * The verifier's part for references: every list and queue is sound, what is in a new or old list is old with its subject, and what
 * a script or the host can still get at through one is as sound as what roots lead to. While a cycle is in its weak
 * phase, weak references to what is doomed give nothing.
 */
import {
  cells,
  DROP_NEW,
  DROP_OLD,
  DROP_YOUNG,
  DROPS_FOUND,
  DROPS_FOUND_YOUNG,
  DROPS_READY,
  PROXIES_DEAD,
  PROXY_NEW,
  PROXY_OLD,
  PROXY_YOUNG,
  WEAK_NEW,
  WEAK_OLD,
  WEAK_YOUNG,
} from '../cells.ts';
import {
  BLOCK_SHIFT,
  DROP_DESCRIPTOR,
  GRANULE_MASK,
  GRANULE_SHIFT,
  PHASE_WEAK,
  PROXY_DESCRIPTOR,
  STATE_MARKED,
  STATE_OLD,
  VERIFY_REFERENCE,
  WEAK_DESCRIPTOR,
} from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { ObjectHeader } from '../spaces/object.ts';
import { Queue, REFERENCE_NEXT, Reference, WeakReference } from '../trace/reference.ts';
import { broken } from './verdict.ts';
import { isCollected, RANK_HEAP, stateAt, visit } from './verify-visiting.ts';

/** Checks all lists of references, and visits them with what they lead to. */
export function visitReferences(): bool {
  return (
    visitList(WEAK_YOUNG, WEAK_DESCRIPTOR, false) &&
    visitQueue(WEAK_NEW, WEAK_DESCRIPTOR, true) &&
    visitList(WEAK_OLD, WEAK_DESCRIPTOR, true) &&
    visitList(DROP_YOUNG, DROP_DESCRIPTOR, false) &&
    visitQueue(DROP_NEW, DROP_DESCRIPTOR, true) &&
    visitList(DROP_OLD, DROP_DESCRIPTOR, true) &&
    visitList(PROXY_YOUNG, PROXY_DESCRIPTOR, false) &&
    visitQueue(PROXY_NEW, PROXY_DESCRIPTOR, true) &&
    visitList(PROXY_OLD, PROXY_DESCRIPTOR, true) &&
    visitQueue(DROPS_FOUND, DROP_DESCRIPTOR, false) &&
    visitQueue(DROPS_FOUND_YOUNG, DROP_DESCRIPTOR, false) &&
    visitQueue(DROPS_READY, DROP_DESCRIPTOR, false) &&
    visitQueue(PROXIES_DEAD, PROXY_DESCRIPTOR, false)
  );
}

function visitQueue(queue: usize, descriptor: usize, old: bool): bool {
  let last: usize = 0;
  for (let link = queue; load<usize>(link) !== 0; link = last + REFERENCE_NEXT) {
    if (!isReference(load<usize>(link), descriptor)) return broken(VERIFY_REFERENCE, link, load<usize>(link));
    if (load<usize>(link) === Queue.at(queue).last && Reference.at(load<usize>(link)).next !== 0)
      return broken(VERIFY_REFERENCE, queue, load<usize>(link));
    last = load<usize>(link);
  }
  if (last !== Queue.at(queue).last) return broken(VERIFY_REFERENCE, queue, last);
  return visitList(queue, descriptor, old);
}

function visitList(list: usize, descriptor: usize, old: bool): bool {
  // More than there are granules: the list goes in circles.
  let left = cells.blocksEnd << (BLOCK_SHIFT - GRANULE_SHIFT);
  for (let link = list; load<usize>(link) !== 0; link = load<usize>(link) + REFERENCE_NEXT) {
    const reference = load<usize>(link);
    if (!isReference(reference, descriptor) || left-- === 0) return broken(VERIFY_REFERENCE, link, reference);
    if (old && !isOld(reference)) return broken(VERIFY_REFERENCE, list, reference);
    if (!visit(link, reference, RANK_HEAP)) return false;
    if (descriptor !== PROXY_DESCRIPTOR && !visitSubject(reference, old)) return false;
  }
  return true;
}

function visitSubject(reference: usize, old: bool): bool {
  const subject = Reference.at(reference).subject;
  if (subject === 0) return true;
  if (old && !isOld(subject)) return broken(VERIFY_REFERENCE, reference, subject);
  return isDoomed(reference, subject) || visit(reference, subject, RANK_HEAP);
}

/** Whether a weak reference leads to what the cycle in progress is about to free. */
function isDoomed(reference: usize, subject: usize): bool {
  if (statistics.phase !== PHASE_WEAK || ObjectHeader.at(reference).descriptor !== WEAK_DESCRIPTOR)
    return false;
  if (WeakReference.at(reference).cycle === cells.cycle) return false;
  return isCollected(subject) && (load<u8>(stateAt(subject)) & (STATE_MARKED | STATE_OLD)) === STATE_OLD;
}

function isReference(address: usize, descriptor: usize): bool {
  if (address >>> BLOCK_SHIFT >= (cells.blocksEnd as usize) || (address & GRANULE_MASK) !== 0) return false;
  return isCollected(address) && ObjectHeader.at(address).descriptor === descriptor;
}

function isOld(object: usize): bool {
  return isCollected(object) && (load<u8>(stateAt(object)) & STATE_OLD) !== 0;
}
