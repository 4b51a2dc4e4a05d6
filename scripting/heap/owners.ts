/**
 * Owned values: objects of the heap with a place in one of two registers, so that none is dropped twice and none is missed. A share of what is
 * shared is one too, with a place of its own: who retains gets another, and what is shared is dropped with the last of them (`shares.ts`).
 *
 *     made, or taken out of an object ──▶ on the stack ──stored in an object of the heap──▶ known to the collector
 *                                          ▲   │                                                      │
 *                                          └───┼──────────────────taken out───────────────────────────┘
 *                                              └──stored in an object of an arena──▶ on the stack, with the arena's region
 *
 * The stack has what locals of running calls own, in the order in which they came to it. What a scope drops at its end is taken
 * off it; what is left above a call's floor after the call has failed is what the call left behind. What arenas hold ends with them, and
 * so stays on the stack, marked with its region. What objects of the heap hold may be forgotten with them: a drop record
 * (`mutator/drops.ts`) has the next collection that finds it dead tell of it.
 *
 * The machine gives the stack its memory, static cells that are roots, and after those the open loans theirs.
 *
 * A loan of what an object holds, which others may drop meanwhile, is written down: dropping waits for its end.
 *
 * Invariants: an owned value that is not dropped is on the stack, or has a record, or both; `slot` is its entry's index + 1, or 0; entries
 * between are 0; the topmost entry above the floor is not.
 */
import { cells, DROP_OLD, DROPS_READY } from './cells.ts';
import { fail } from './host.ts';
import { BLOCK_ARENA, FAIL_DEPTH, LOANS_ROOM, OWNERS_ROOM } from './layout.ts';
import { newDropRecord, takeDrop } from './mutator/drops.ts';
import { shared } from './shared-cells.ts';
import { BlockHeader } from './spaces/block-header.ts';
import { blockOf, kindOf } from './spaces/blocks.ts';
import { ObjectHeader } from './spaces/object.ts';
import { isOpen } from './spaces/records.ts';
import { enqueue, Reference, unlink } from './trace/reference.ts';

/** As drawn in `layout.ts`. */
@unmanaged
export class Owned extends ObjectHeader {
  /** What is owned. It keeps it when it is dropped, so that no field with an address is ever set. */
  subject: usize;
  type: usize;
  place: usize;
  /** Of a share: what counts the shares. 0 of what is owned, and of what counts. */
  shares: usize;
  /** Of what counts shares: how many there are. */
  slot: u32;
  /** How many loans are open, times LOAN; and RECORDED, DROP_LATER, or DROPPED. */
  loans: u32;
  /** Of the arena whose object holds it, or 0. */
  region: usize;

  static at(owned: usize): Owned {
    return changetype<Owned>(owned);
  }
}

/** It is to be dropped when the last loan ends. */
const DROP_LATER: u32 = 1;
export const DROPPED: u32 = 2;
/** It has a drop record: since an object of the heap has held it. */
const RECORDED: u32 = 4;
/** An object of an arena has held it. */
const KEPT: u32 = 8;
const LOAN: u32 = 16;
const ENTRY: usize = 4;
/** With fewer than a sixteenth free, gaps would have to be closed too often. */
const MOST_OWNERS: u32 = OWNERS_ROOM - (OWNERS_ROOM >>> 4);

/** Puts an owned value that is nowhere, or in an object of the heap, on the stack: some local owns it. */
export function ownerTake(owned: usize): void {
  if (owned === 0 || isDropped(owned)) return;
  Owned.at(owned).region = 0;
  if (Owned.at(owned).slot === 0) enter(owned);
}

/** An object, or for 0 a global, is about to hold it: an arena's lies on the stack, marked; others are the collector's to find. */
export function ownerKeep(owned: usize, holder: usize): void {
  if (owned === 0 || isDropped(owned)) return;
  if (holder !== 0 && kindOf(holder) === BLOCK_ARENA) {
    leaveStack(owned);
    enter(owned);
    Owned.at(owned).loans |= KEPT;
    Owned.at(owned).region = BlockHeader.at(blockOf(holder)).owner;
    return;
  }
  if ((Owned.at(owned).loans & RECORDED) === 0) {
    newDropRecord(owned);
    Owned.at(owned).loans |= RECORDED;
  }
  Owned.at(owned).region = 0;
  leaveStack(owned);
}

/**
 * Whoever owns it drops it. Returns what was owned, whose drop code is to run now, or 0: it is lent, and the last loan's end drops it; or
 * others have shares. It is dropped from here on, whatever becomes of that code.
 */
export function ownerDrop(owned: usize): usize {
  if (isDropped(owned)) return 0;
  if (Owned.at(owned).loans >= LOAN) {
    Owned.at(owned).loans |= DROP_LATER;
    // What is in no object any more, and in no local, has to be found should the loan's call fail.
    ownerTake(owned);
    return 0;
  }
  leaveStack(owned);
  // A share that only locals have had is nowhere now, and can be had again.
  if (Owned.at(owned).shares !== 0 && Owned.at(owned).loans === 0) store<usize>(spareCell(), owned);
  Owned.at(owned).loans = DROPPED;
  return release(owned) ? Owned.at(owned).subject : 0;
}

/** What some object holds is lent until `loanEnd`. */
export function loanBegin(owned: usize): void {
  const top = shared.loansTop;
  if (top === LOANS_ROOM) fail(FAIL_DEPTH, -1, 0, 0);
  store<usize>(shared.owners + ((OWNERS_ROOM + top) as usize) * ENTRY, owned);
  shared.loansTop = top + 1;
  Owned.at(owned).loans += LOAN;
}

/** Ends the loan that began last. Returns the owned value where it is to be dropped now, or 0. */
export function loanEnd(): usize {
  const top = shared.loansTop - 1;
  const cell = shared.owners + ((OWNERS_ROOM + top) as usize) * ENTRY;
  const owned = load<usize>(cell);
  store<usize>(cell, 0);
  shared.loansTop = top;
  const loans = Owned.at(owned).loans - LOAN;
  const isLast = loans < LOAN && (loans & DROP_LATER) !== 0;
  Owned.at(owned).loans = isLast ? loans & ~DROP_LATER : loans;
  return isLast ? owned : 0;
}

/** After a call has failed: its loans are over. What was to be dropped then is on the stack. */
export function loansUnwind(): void {
  while (shared.loansTop > shared.loansFloor) loanEnd();
}

/** The last of those that objects of an arena hold, or 0: at the arena's end, before its memory is given back. */
export function ownerInArena(region: usize): usize {
  for (let index = shared.ownersTop; index > 0; index--) {
    const owned = load<usize>(cellOf(index));
    if (owned !== 0 && Owned.at(owned).region === region) return owned;
  }
  return 0;
}

/**
 * After a call has failed, of what it has left behind the last, or 0. Its arenas are closed; what those hold that are open, as the frame's, stays.
 */
export function ownerLeft(): usize {
  for (let index = shared.ownersTop; index > shared.ownersFloor; index--) {
    const owned = load<usize>(cellOf(index));
    if (owned === 0) continue;
    const region = Owned.at(owned).region;
    if (region !== 0 && isOpen(region)) continue;
    // A call around that one has lent it, and drops it when the loan ends.
    if (Owned.at(owned).loans < LOAN) return owned;
    Owned.at(owned).loans |= DROP_LATER;
  }
  return 0;
}

/**
 * The next that a collection has found forgotten, with the object that held it; 0 where there is none. Of what others have shares, one that
 * was forgotten is let go without a word.
 */
export function ownerForgotten(): usize {
  for (;;) {
    const record = takeDrop();
    if (record === 0) return 0;
    const owned = Reference.at(record).subject;
    if (isDropped(owned)) continue;
    Owned.at(owned).loans &= ~RECORDED;
    if (isSharedStill(owned)) {
      leaveStack(owned);
      Owned.at(owned).loans = DROPPED;
      release(owned);
      continue;
    }
    ownerTake(owned);
    return owned;
  }
}

/**
 * The program ends: all that have a record count as found by a collection, which has just been. What was registered last comes first, so that an
 * owner comes before what it owns.
 */
export function ownersEnd(): void {
  while (cells.dropOld !== 0) {
    const record = cells.dropOld;
    unlink(DROP_OLD);
    enqueue(DROPS_READY, record);
  }
}

/** Drop code can still reach itself through what held it, where that was forgotten: it is in neither register from then on. */
export function isDropped(owned: usize): bool {
  return (Owned.at(owned).loans & DROPPED) !== 0;
}

/** One owner less. Whether what it owned is nobody's now. */
function release(owned: usize): bool {
  const shares = Owned.at(owned).shares;
  if (shares === 0) return true;
  const left = Owned.at(shares).slot - 1;
  Owned.at(shares).slot = left;
  if (left > 0) return false;
  Owned.at(shares).loans = DROPPED;
  return true;
}

/** Whether others than this share's owner have some. */
function isSharedStill(owned: usize): bool {
  const shares = Owned.at(owned).shares;
  return shares !== 0 && Owned.at(shares).slot > 1;
}

export function enter(owned: usize): void {
  const top = shared.ownersTop;
  if (top === OWNERS_ROOM) makeRoom();
  const index = shared.ownersTop + 1;
  store<usize>(cellOf(index), owned);
  Owned.at(owned).slot = index;
  shared.ownersTop = index;
}

function leaveStack(owned: usize): void {
  const index = Owned.at(owned).slot;
  if (index === 0) return;
  Owned.at(owned).slot = 0;
  store<usize>(cellOf(index), 0);
  let top = shared.ownersTop;
  const floor = shared.ownersFloor;
  while (top > floor && load<usize>(cellOf(top)) === 0) top--;
  shared.ownersTop = top;
}

/** Where a share lies that was let go last: a root as well, which the machine empties when a call ends. */
export function spareCell(): usize {
  return shared.owners + ((OWNERS_ROOM + LOANS_ROOM) as usize) * ENTRY;
}

function cellOf(index: u32): usize {
  return shared.owners + ((index - 1) as usize) * ENTRY;
}

/** Closes the gaps above the floor. Where there are few, the stack is full. */
function makeRoom(): void {
  const top = shared.ownersTop;
  let to = shared.ownersFloor;
  for (let from = to + 1; from <= top; from++) {
    const owned = load<usize>(cellOf(from));
    if (owned === 0) continue;
    to++;
    store<usize>(cellOf(from), 0);
    store<usize>(cellOf(to), owned);
    Owned.at(owned).slot = to;
  }
  shared.ownersTop = to;
  if (to > MOST_OWNERS) fail(FAIL_DEPTH, -1, 0, 0);
}
