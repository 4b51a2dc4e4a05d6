/**
 * The weak phase: what a collection does between the end of tracing and the moment when memory is used again, for
 * everything that is told of deaths. Its steps:
 *
 *     drops    records of registered objects that were not reached leave the list; nothing is kept yet
 *     clear    weak references to what was not reached are cleared: also to what drops will keep, and in objects that they
 *              will keep, so that drop code finds its owner gone and the living alive
 *     keep     the found objects are traced, with all that they lead to, and are ready to be dropped
 *     purge    weak references that were not reached or lead nowhere leave their list
 *     proxies  those that were not reached leave their list for the queue of the dead
 *
 * A cycle takes these steps in slices (`weakSome`), over the old lists, while the nursery is empty. What a slice has seen
 * stays true: scripts cannot get at anything doomed, and whatever they make meanwhile is not looked at. A young
 * collection takes them over the young lists, in portions between which no script runs (`collect/young-trace.ts`), a full one over
 * all.
 *
 * Invariant: while the cell `weakStep` is not STEP_DONE, `weakLink` is the link (a list's cell, or the `next` of a reference
 * that stays) that the step goes on with.
 */
import {
  cells,
  DROP_OLD,
  DROP_YOUNG,
  DROPS_FOUND,
  DROPS_FOUND_YOUNG,
  DROPS_READY,
  PROXIES_DEAD,
  PROXY_OLD,
  PROXY_YOUNG,
  WEAK_OLD,
  WEAK_YOUNG,
} from '../cells.ts';
import {
  FAULT,
  FAULT_CLEAR,
  FAULT_DROPS,
  FAULT_PROXY_LOST,
  FAULT_PROXY_QUEUE,
  FAULT_PROXY_TOLD,
  FAULT_TRACE_CLEAR,
} from '../fault.ts';
import {
  beginRecovery,
  drainSome,
  isReached,
  isStackEmpty,
  recoverSome,
  shade,
  takeOverflow,
} from './mark.ts';
import {
  concatenate,
  enqueue,
  joinAll,
  joinIfOld,
  KINDS,
  REFERENCE_NEXT,
  Reference,
  unlink,
  youngList,
} from './reference.ts';

const STEP_DROPS: u32 = 0;
const STEP_CLEAR: u32 = 1;
const STEP_KEEP: u32 = 2;
const STEP_PURGE: u32 = 3;
const STEP_PROXIES: u32 = 4;
const STEP_DONE: u32 = 5;

/** Begins the phase of a cycle whose marking has come to its end; its mark stack is still there, and empty. */
export function beginWeakPhase(): void {
  cells.weakStep = STEP_DROPS;
  cells.weakLink = DROP_OLD;
}

/** Goes on with the phase for about `work` units: a reference visited, or an object marked. Returns those done. */
export function weakSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work && !isWeakPhaseOver()) {
    // What one drop keeps is traced before the next is looked at, so that the stack stays low.
    if (cells.weakStep === STEP_KEEP && !isStackEmpty()) {
      done += drainSome(work - done);
    } else if (cells.weakStep === STEP_KEEP && load<usize>(cells.weakLink) === 0) {
      done += keepSome(work - done);
    } else {
      visitNext();
      done++;
    }
  }
  return done;
}

export function isWeakPhaseOver(): bool {
  return cells.weakStep === STEP_DONE;
}

/** All steps of a full collection, whose tracing is complete. Everything is old from then on. */
export function decideReferences(): void {
  joinAll();
  beginWeakPhase();
  while (!isWeakPhaseOver()) weakSome(u32.MAX_VALUE);
}

/** The same steps in a young collection, whose tracing is complete, and one more: what has become old leaves the young lists. */
export function beginYoungDecisions(): void {
  cells.traceIndex = STEP_DROPS;
  cells.traceAt = DROP_YOUNG;
}

/** Goes on with them for about `work` units: a reference visited, or an object marked that drops keep. Returns those done. */
export function decideSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work && !areYoungDecided()) {
    if (!isStackEmpty()) {
      done += drainSome(work - done);
    } else {
      visitNextYoung();
      done++;
    }
  }
  return done;
}

export function areYoungDecided(): bool {
  return cells.traceIndex === STEP_DONE + KINDS;
}

/**
 * The young collection gives up. What has begun to be cleared is cleared to the end, or a script could get at an object through one
 * weak reference and find another to it empty; the rest is not needed where all becomes old.
 */
export function giveUpDeciding(): void {
  if (FAULT === FAULT_TRACE_CLEAR) cells.traceIndex = STEP_DONE;
  while (cells.traceIndex <= STEP_KEEP && cells.markOverflowed === 0) decideSome(1);
  concatenate(DROPS_FOUND_YOUNG, DROPS_READY);
}

/** Once nothing is young or remembered: the young lists go to the new ones, for about `work` units. Returns those done. */
export function joinSome(work: u32): u32 {
  let done: u32 = 0;
  for (let kind: u32 = 0; kind < KINDS; kind++) {
    const list = youngList(kind);
    let last: usize = 0;
    // Drops are few, and keep their order.
    while (load<usize>(list) !== 0 && (done < work || kind === 0)) {
      const reference = load<usize>(list);
      if (!joinIfOld(kind, list, last)) break;
      last = reference;
      done++;
    }
  }
  return done;
}

/** Whether no reference is in a list of young ones. */
export function areAllJoined(): bool {
  return load<usize>(DROP_YOUNG) === 0 && load<usize>(WEAK_YOUNG) === 0 && load<usize>(PROXY_YOUNG) === 0;
}

function visitNextYoung(): void {
  const step = cells.traceIndex;
  const link = cells.traceAt;
  if (load<usize>(link) !== 0) {
    if (step >= STEP_DONE) joinNext(step - STEP_DONE, link);
    else cells.traceAt = visit(step, link, DROPS_FOUND_YOUNG);
    return;
  }
  if (step === STEP_KEEP) concatenate(DROPS_FOUND_YOUNG, DROPS_READY);
  cells.traceIndex = step + 1;
  cells.traceAt = youngStartOf(step + 1);
  cells.traceInner = 0;
}

/** Of what has joined the last one is in `traceInner`. */
function joinNext(kind: u32, link: usize): void {
  const reference = load<usize>(link);
  if (joinIfOld(kind, link, cells.traceInner)) cells.traceInner = reference as u32;
  else cells.traceAt = reference + REFERENCE_NEXT;
}

function youngStartOf(step: u32): usize {
  if (step === STEP_KEEP) return DROPS_FOUND_YOUNG;
  if (step === STEP_PROXIES) return PROXY_YOUNG;
  return step < STEP_DONE ? WEAK_YOUNG : youngList(step - STEP_DONE);
}

/** Before a full collection: whatever waits for the host is alive. */
export function shadeQueues(): void {
  for (let record = cells.dropsReady; record !== 0; record = Reference.at(record).next) {
    shade(record);
    shade(Reference.at(record).subject);
  }
  if (FAULT === FAULT_PROXY_QUEUE) return;
  for (let proxy = cells.proxiesDead; proxy !== 0; proxy = Reference.at(proxy).next) shade(proxy);
}

/** A young collection begins to shade what waits for the host, for `shadeQueuesSome`. The host takes nothing meanwhile. */
export function beginQueues(): void {
  cells.traceAt = cells.dropsReady;
  cells.traceIndex = 0;
  if (cells.traceAt === 0) goToProxies();
}

/** Goes on with that for about `work` units; returns those done. `traceAt` is 0 at the end. */
export function shadeQueuesSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work && cells.traceAt !== 0) {
    const reference = cells.traceAt;
    const isDrop = cells.traceIndex === 0;
    shade(reference);
    if (isDrop) shade(Reference.at(reference).subject);
    cells.traceAt = Reference.at(reference).next;
    if (isDrop && cells.traceAt === 0) goToProxies();
    done += isDrop ? 2 : 1;
  }
  return done;
}

/** After the records come the proxies. */
function goToProxies(): void {
  cells.traceAt = FAULT === FAULT_PROXY_QUEUE ? 0 : cells.proxiesDead;
  cells.traceIndex = 1;
}

/** Visits the next reference of the cycle's step, or goes on to the step after it. */
function visitNext(): void {
  const step = cells.weakStep;
  const link = cells.weakLink;
  if (load<usize>(link) !== 0) {
    cells.weakLink = visit(step, link, DROPS_FOUND);
  } else if (step !== STEP_KEEP) {
    cells.weakStep = step + 1;
    cells.weakLink = startOf(step + 1);
  }
}

function startOf(step: u32): usize {
  if (step === STEP_KEEP) return DROPS_FOUND;
  return step === STEP_PROXIES ? PROXY_OLD : WEAK_OLD;
}

/** Traces what drops keep; ends the step when there is no more. */
function keepSome(work: u32): u32 {
  const done = drainSome(work);
  if (cells.markTop > cells.markBase) return done;
  if (cells.recoverNext !== 0) return done + recoverSome(max(work, done + 1) - done);
  if (takeOverflow()) {
    beginRecovery();
    return done;
  }
  concatenate(DROPS_FOUND, DROPS_READY);
  cells.weakStep = STEP_PURGE;
  cells.weakLink = WEAK_OLD;
  return done + 1;
}

/** Takes a step for the reference that a link leads to. Returns the link to go on with. */
function visit(step: u32, link: usize, found: usize): usize {
  const reference = load<usize>(link);
  const next = reference + REFERENCE_NEXT;
  if (step === STEP_DROPS) {
    if (isReached(Reference.at(reference).subject)) {
      shade(reference);
      return next;
    }
    unlink(link);
    enqueue(found, reference);
    return link;
  }
  if (step === STEP_CLEAR) {
    if (FAULT !== FAULT_CLEAR && !isReached(Reference.at(reference).subject))
      Reference.at(reference).subject = 0;
    return next;
  }
  if (step === STEP_KEEP) {
    shade(reference);
    if (FAULT !== FAULT_DROPS) shade(Reference.at(reference).subject);
    return next;
  }
  const keeps = step === STEP_PROXIES ? FAULT !== FAULT_PROXY_TOLD : Reference.at(reference).subject !== 0;
  if (isReached(reference) && keeps) return next;
  unlink(link);
  if (step === STEP_PROXIES && FAULT !== FAULT_PROXY_LOST) {
    if (FAULT !== FAULT_PROXY_QUEUE) shade(reference);
    enqueue(PROXIES_DEAD, reference);
  }
  return link;
}
