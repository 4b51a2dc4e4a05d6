/**
 * References: the three kinds of small objects whose subject does not live because of them, and which therefore need
 * the collector's attention when it dies: weak references (`weak.ts`), drop records (`drops.ts`) and proxies of host
 * objects (`proxies.ts`). They are ordinary objects of the heap, one granule long, and lie in lists that are threaded
 * through them, so that noticing one needs no memory that could run out. Descriptors do not mention their words.
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
  DROP_DESCRIPTOR,
  GRANULE_SIZE,
  PROXY_DESCRIPTOR,
  STATE_OLD,
  WEAK_DESCRIPTOR,
} from '../layout.ts';
import { Descriptor, descriptorOf, ObjectHeader, stateOf } from '../spaces/object.ts';
import { isCollected } from './mark.ts';

/** What all three kinds begin with. */
@unmanaged
export class Reference extends ObjectHeader {
  /** An address, which does not keep alive, or 0 when that is gone; a proxy's index in the host's table. */
  subject: usize;
  /** The next in its list, or 0. */
  next: usize;

  static at(reference: usize): Reference {
    return changetype<Reference>(reference);
  }
}

@unmanaged
export class WeakReference extends Reference {
  /** Number of the cycle that was in progress, or was the last, when it was made. */
  cycle: u32;

  static at(weak: usize): WeakReference {
    return changetype<WeakReference>(weak);
  }
}

@unmanaged
export class DropRecord extends Reference {
  /** What the machine calls with the object: an index into the function table. */
  code: u32;

  static at(record: usize): DropRecord {
    return changetype<DropRecord>(record);
  }
}

@unmanaged
export class HostProxy extends Reference {
  /** Which of those that had the index it stands for. */
  generation: u32;

  static at(proxy: usize): HostProxy {
    return changetype<HostProxy>(proxy);
  }
}

/** Two cells: where references wait in line. */
@unmanaged
export class Queue {
  first: usize;
  last: usize;

  static at(queue: usize): Queue {
    return changetype<Queue>(queue);
  }
}

/** Where the link to the next reference is. */
export const REFERENCE_NEXT: usize = offsetof<Reference>('next');
export const REFERENCE_SIZE = GRANULE_SIZE;

/** Lays down the descriptors of the three kinds. */
export function initialiseReferences(): void {
  describe(WEAK_DESCRIPTOR);
  describe(DROP_DESCRIPTOR);
  describe(PROXY_DESCRIPTOR);
}

function describe(descriptor: usize): void {
  Descriptor.at(descriptor).kind = DESCRIPTOR_MAGIC;
  Descriptor.at(descriptor).size = REFERENCE_SIZE;
}

/** Puts a new reference into a list of young ones. */
export function listReference(list: usize, reference: usize): void {
  Reference.at(reference).next = load<usize>(list);
  store<usize>(list, reference);
}

/** Takes the reference that `link`, a list's cell or the `next` of the reference before, leads to out of its list. */
export function unlink(link: usize): void {
  const reference = load<usize>(link);
  store<usize>(link, Reference.at(reference).next);
  Reference.at(reference).next = 0;
}

/** Adds a reference to the end of a queue: two cells, its first and its last. */
export function enqueue(queue: usize, reference: usize): void {
  const last = Queue.at(queue).last;
  if (last === 0) Queue.at(queue).first = reference;
  else Reference.at(last).next = reference;
  Queue.at(queue).last = reference;
  Reference.at(reference).next = 0;
}

/** Takes the first reference out of a queue; 0 where there is none. */
export function dequeue(queue: usize): usize {
  const first = Queue.at(queue).first;
  if (first === 0) return 0;
  const next = Reference.at(first).next;
  Queue.at(queue).first = next;
  Reference.at(first).next = 0;
  if (next === 0) Queue.at(queue).last = 0;
  return first;
}

/** Moves all of a queue to the end of another. */
export function concatenate(queue: usize, target: usize): void {
  const first = Queue.at(queue).first;
  if (first === 0) return;
  const last = Queue.at(target).last;
  if (last === 0) Queue.at(target).first = first;
  else Reference.at(last).next = first;
  Queue.at(target).last = Queue.at(queue).last;
  Queue.at(queue).first = 0;
  Queue.at(queue).last = 0;
}

/** Whether a descriptor is that of one of the three kinds. */
export function isReference(descriptor: usize): bool {
  return descriptor === WEAK_DESCRIPTOR || descriptor === DROP_DESCRIPTOR || descriptor === PROXY_DESCRIPTOR;
}

/** Lists of young references, and where each goes when it has become old. */
export const KINDS: u32 = 3;

export function youngList(kind: u32): usize {
  return kind === 0 ? DROP_YOUNG : kind === 1 ? WEAK_YOUNG : PROXY_YOUNG;
}

function newQueue(kind: u32): usize {
  return kind === 0 ? DROP_NEW : kind === 1 ? WEAK_NEW : PROXY_NEW;
}

/**
 * After a young collection: the reference that `link` leads to, in a list of young ones, goes to the new ones, after `last` (0: as
 * their first), unless it is young or leads to what is. Returns whether it went.
 */
export function joinIfOld(kind: u32, link: usize, last: usize): bool {
  const reference = load<usize>(link);
  if (isYoung(reference) || leadsToYoung(reference)) return false;
  unlink(link);
  insert(newQueue(kind), reference, last);
  return true;
}

/** Puts a reference into a queue after another, or first. */
function insert(queue: usize, reference: usize, last: usize): void {
  const next = last === 0 ? Queue.at(queue).first : Reference.at(last).next;
  Reference.at(reference).next = next;
  if (last === 0) Queue.at(queue).first = reference;
  else Reference.at(last).next = reference;
  if (next === 0) Queue.at(queue).last = reference;
}

/** When a cycle begins: all that there is will be looked at by it. */
export function joinNewToOld(): void {
  joinOld(WEAK_NEW, WEAK_OLD);
  joinOld(DROP_NEW, DROP_OLD);
  joinOld(PROXY_NEW, PROXY_OLD);
}

/** Before a full collection, which makes everything old and looks at all of it. */
export function joinAll(): void {
  for (let kind: u32 = 0; kind < KINDS; kind++) joinYoung(kind);
  joinNewToOld();
}

function joinOld(fresh: usize, old: usize): void {
  const last = Queue.at(fresh).last;
  if (last === 0) return;
  Reference.at(last).next = load<usize>(old);
  store<usize>(old, Queue.at(fresh).first);
  Queue.at(fresh).first = 0;
  Queue.at(fresh).last = 0;
}

/** Puts a list of young ones before the new ones. */
function joinYoung(kind: u32): void {
  const list = youngList(kind);
  let last: usize = 0;
  while (load<usize>(list) !== 0) {
    const reference = load<usize>(list);
    unlink(list);
    insert(newQueue(kind), reference, last);
    last = reference;
  }
}

function leadsToYoung(reference: usize): bool {
  return descriptorOf(reference) !== PROXY_DESCRIPTOR && isYoung(Reference.at(reference).subject);
}

function isYoung(object: usize): bool {
  return isCollected(object) && !(load<u8>(stateOf(object)) & STATE_OLD);
}
