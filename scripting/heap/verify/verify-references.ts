/**
 * The verifier's part for references: every list and queue is sound, what is in a new or old list is old with its subject, and what
 * a script or the host can still get at through one is as sound as what roots lead to. While a cycle is in its weak
 * phase, weak references to what is doomed give nothing.
 */
import {
  BLOCKS_END,
  CYCLE,
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
  REFERENCE_SUBJECT,
  STATE_MARKED,
  STATE_OLD,
  STATS_PHASE,
  VERIFY_REFERENCE,
  WEAK_CYCLE,
  WEAK_DESCRIPTOR,
} from '../layout.ts';
import { REFERENCE_NEXT } from '../trace/reference.ts';
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
    if (load<usize>(link) === load<usize>(queue, 4) && load<usize>(load<usize>(link), REFERENCE_NEXT) !== 0)
      return broken(VERIFY_REFERENCE, queue, load<usize>(link));
    last = load<usize>(link);
  }
  if (last !== load<usize>(queue, 4)) return broken(VERIFY_REFERENCE, queue, last);
  return visitList(queue, descriptor, old);
}

function visitList(list: usize, descriptor: usize, old: bool): bool {
  // More than there are granules: the list goes in circles.
  let left = load<u32>(BLOCKS_END) << (BLOCK_SHIFT - GRANULE_SHIFT);
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
  const subject = load<usize>(reference, REFERENCE_SUBJECT);
  if (subject === 0) return true;
  if (old && !isOld(subject)) return broken(VERIFY_REFERENCE, reference, subject);
  return isDoomed(reference, subject) || visit(reference, subject, RANK_HEAP);
}

/** Whether a weak reference leads to what the cycle in progress is about to free. */
function isDoomed(reference: usize, subject: usize): bool {
  if (load<u32>(STATS_PHASE) !== PHASE_WEAK || load<usize>(reference) !== WEAK_DESCRIPTOR) return false;
  if (load<u32>(reference, WEAK_CYCLE) === load<u32>(CYCLE)) return false;
  return isCollected(subject) && (load<u8>(stateAt(subject)) & (STATE_MARKED | STATE_OLD)) === STATE_OLD;
}

function isReference(address: usize, descriptor: usize): bool {
  if (address >>> BLOCK_SHIFT >= (load<u32>(BLOCKS_END) as usize) || (address & GRANULE_MASK) !== 0)
    return false;
  return isCollected(address) && load<usize>(address) === descriptor;
}

function isOld(object: usize): bool {
  return isCollected(object) && (load<u8>(stateAt(object)) & STATE_OLD) !== 0;
}
