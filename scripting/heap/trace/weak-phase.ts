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
 * collection takes them at once over the young lists, a full one over all.
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
} from '../fault.ts';
import { beginRecovery, drain, drainSome, isReached, recoverSome, shade, takeOverflow } from './mark.ts';
import {
  concatenate,
  enqueue,
  joinAll,
  joinPromoted,
  REFERENCE_NEXT,
  Reference,
  unlink,
} from './reference.ts';

const STEP_DROPS = 0;
const STEP_CLEAR = 1;
const STEP_KEEP = 2;
const STEP_PURGE = 3;
const STEP_PROXIES = 4;
const STEP_DONE = 5;

/** Begins the phase of a cycle whose marking has come to its end; its mark stack is still there, and empty. */
export function beginWeakPhase(): void {
  cells.weakStep = STEP_DROPS;
  cells.weakLink = DROP_OLD;
}

/** Goes on with the phase for about `work` units: a reference visited, or an object marked. Returns those done. */
export function weakSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work && !isWeakPhaseOver()) {
    if (cells.weakStep === STEP_KEEP && load<usize>(cells.weakLink) === 0) {
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

/**
 * All steps of a young collection, whose tracing is complete. False where the mark stack did not hold what drops keep: then
 * the nursery must be promoted as it stands.
 */
export function decideYoungReferences(): bool {
  visitAll(STEP_DROPS, DROP_YOUNG, DROPS_FOUND_YOUNG);
  visitAll(STEP_CLEAR, WEAK_YOUNG, 0);
  visitAll(STEP_KEEP, DROPS_FOUND_YOUNG, 0);
  concatenate(DROPS_FOUND_YOUNG, DROPS_READY);
  drain();
  if (takeOverflow()) return false;
  visitAll(STEP_PURGE, WEAK_YOUNG, 0);
  visitAll(STEP_PROXIES, PROXY_YOUNG, 0);
  joinPromoted();
  return true;
}

/** Before a collection: whatever waits for the host is alive. */
export function shadeQueues(): void {
  for (let record = cells.dropsReady; record !== 0; record = Reference.at(record).next) {
    shade(record);
    shade(Reference.at(record).subject);
  }
  if (FAULT === FAULT_PROXY_QUEUE) return;
  for (let proxy = cells.proxiesDead; proxy !== 0; proxy = Reference.at(proxy).next) shade(proxy);
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

/** Takes a step for all references of a list at once. */
function visitAll(step: u32, list: usize, found: usize): void {
  let link = list;
  while (load<usize>(link) !== 0) link = visit(step, link, found);
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
