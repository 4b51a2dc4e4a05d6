/**
 * The mark phase: finds every collected object that roots lead to, with a stack of its own in linear memory.
 *
 * An entry of the stack is an object and the index of the element to go on with: long vectors are scanned in portions, so
 * that the stack's height depends on the depth of the data, not on the length of vectors, and so that a slice can end
 * anywhere. A stack that is full moves to twice as many blocks. Where there are none to be had, the
 * object stays marked but is not scanned, and a flag is raised; `recover` then scans all marked objects again, until
 * a pass ends without the flag (each pass that raises it has marked something new, so this ends).
 *
 * The same code serves full collections, cycles and young collections; the cell `trace` says what to do with an address. A
 * young collection that interrupts a cycle uses the stack above `markFloor` and leaves what is below alone.
 *
 * An object that a young collection has made old, and that holds one which stays young, is remembered as it is scanned.
 *
 * Invariant between entries: a marked object's addresses have been shaded, or the object is on the stack, or the flag is up. In a
 * cycle that is not so of objects born marked (`nursery.ts`), nor need it be: what those hold is the snapshot's, and found by
 * another way, or was made since.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_AGED_PROMOTED, FAULT_TRACE_FLOOR, FAULT_TRACE_OVERFLOW } from '../fault.ts';
import {
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  BLOCK_WORK,
  DESCRIPTOR_OFFSETS_AT,
  FIRST_BLOCK,
  GRANULE_SHIFT,
  MARK_STACK,
  MARK_STACK_SIZE,
  STATE_CLEAN,
  STATE_MARKED,
  STATE_OLD,
  STRESS_OVERFLOW,
} from '../layout.ts';
import { shared } from '../shared-cells.ts';
import { blockOf, freeBlocks, kindOf, takeBlocks } from '../spaces/blocks.ts';
import { ageOrPromote, isBeforeSweep } from '../spaces/nursery.ts';
import { ArrayHeader, Descriptor, descriptorOf, holdsAddresses, stateOf } from '../spaces/object.ts';
import { countWork } from '../spaces/statistics.ts';
import { rememberPromotedCards } from './cards.ts';
import { rememberPromoted } from './remembered-table.ts';

/** What tracing does with an address that it finds, in the cell `trace`. */
export const TRACE_FULL = 0; // marks every collected object
export const TRACE_CYCLE = 1; // marks old objects only: young ones are not in the snapshot
export const TRACE_YOUNG = 2; // keeps young objects, and stops at old ones

/** An entry of the stack. */
@unmanaged
class MarkEntry {
  object: usize;
  /** Index of the element to go on with. */
  element: u32;

  static at(entry: usize): MarkEntry {
    return changetype<MarkEntry>(entry);
  }
}

const ENTRY_SIZE: usize = offsetof<MarkEntry>();
/** How many elements of a vector are scanned at a time. */
const PORTION: u32 = 128;
/** Entries that the stack has under STRESS_OVERFLOW. */
const STRESSED_ENTRIES = 3;
/** Work of looking for marks in a block, in the units of marking. */
const RECOVERY_WORK: u32 = 32;

/** Makes the mark stack empty and ready. */
export function beginMarking(): void {
  cells.markBase = MARK_STACK;
  cells.markTop = MARK_STACK;
  cells.markFloor = 0;
  const stressed = (shared.stress & STRESS_OVERFLOW) !== 0;
  cells.markLimit = MARK_STACK + (stressed ? STRESSED_ENTRIES * ENTRY_SIZE : MARK_STACK_SIZE);
  cells.markOverflowed = 0;
  cells.recoverNext = 0;
}

/** A young collection begins to trace: what is on the stack of a cycle that it interrupts lies below the floor. */
export function beginYoungMarking(): void {
  if (isBeforeSweep()) {
    cells.markFloor = (cells.markTop - cells.markBase) as u32;
    cells.cycleOverflowed = cells.markOverflowed;
    cells.markOverflowed = 0;
  } else {
    beginMarking();
  }
  cells.trace = TRACE_YOUNG;
}

/** It has ended, or gives up, whatever is left: the stack and its flag are the cycle's again. */
export function endYoungMarking(): void {
  if (isBeforeSweep()) {
    if (FAULT === FAULT_TRACE_FLOOR && !isStackEmpty()) return;
    cells.markTop = cells.markBase + cells.markFloor;
    cells.markFloor = 0;
    if (FAULT !== FAULT_TRACE_OVERFLOW) cells.markOverflowed = cells.cycleOverflowed;
  } else {
    endMarking();
  }
}

/** Gives the stack's own blocks back, where it has any. */
export function endMarking(): void {
  const base = cells.markBase;
  if (base !== MARK_STACK) freeBlocks(base, ((cells.markLimit - base) >>> BLOCK_SHIFT) as u32);
}

/**
 * Marks the object at an address that was found, and sees to it that it is scanned. Any address will do. In a young
 * collection it says whether the object is still young after it; otherwise false.
 */
export function shade(address: usize): bool {
  if (address === 0) return false;
  if (!isCollected(address)) return false;
  const cell = stateOf(address);
  const state = load<u8>(cell);
  const trace = cells.trace;
  let young = false;
  if (trace === TRACE_YOUNG) {
    if (state & STATE_OLD) return false;
    cells.reachedYoung = 1;
    if (state & STATE_MARKED) return true;
    young = ageOrPromote(address, cell);
  } else {
    if (state & STATE_MARKED || (trace === TRACE_CYCLE && !(state & STATE_OLD))) return false;
    store<u8>(cell, state | (STATE_MARKED as u8));
  }
  if (holdsAddresses(descriptorOf(address))) push(address, 0);
  return young;
}

/** Whether an address leads to an object that collections free; 0, literals and what arenas hold do not. */
export function isCollected(address: usize): bool {
  const kind = kindOf(address);
  return kind === BLOCK_OBJECTS || kind === BLOCK_LARGE;
}

/** Whether the tracing in progress, which has come to its end, keeps the object at an address. Any address will do. */
export function isReached(address: usize): bool {
  if (!isCollected(address)) return true;
  const state = load<u8>(stateOf(address));
  const trace = cells.trace;
  if (trace === TRACE_YOUNG) return (state & (STATE_OLD | STATE_MARKED)) !== 0;
  return (state & STATE_MARKED) !== 0 || (trace === TRACE_CYCLE && !(state & STATE_OLD));
}

/** Puts an object on the stack that is scanned without being marked. The stack must be empty. */
export function pushArenaObject(object: usize): void {
  push(object, 0);
}

/** Scans what is on the stack above the floor, and all that it leads to. */
export function drain(): void {
  let done: u32 = 0;
  while (!isStackEmpty()) done += 1 + (scanTop() >>> 3);
  countWork(done);
}

/** The same, but for about so many units of work: an object each, and eight elements of a vector. Returns those done. */
export function drainSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work && !isStackEmpty()) done += 1 + (scanTop() >>> 3);
  return done;
}

/** Whether nothing is on the stack above the floor. */
export function isStackEmpty(): bool {
  return cells.markTop === cells.markBase + cells.markFloor;
}

/** Scans the entry on top of the stack, and returns how many elements that were. */
function scanTop(): u32 {
  const entry = cells.markTop - ENTRY_SIZE;
  cells.markTop = entry;
  return scan(MarkEntry.at(entry).object, MarkEntry.at(entry).element);
}

/** Shades all that an object holds, at once. In a young collection it says whether any of that stays young. */
export function shadeWhole(object: usize): bool {
  const descriptor = descriptorOf(object);
  const type = Descriptor.at(descriptor);
  const fixed = type.fixed as usize;
  const elements = descriptor + DESCRIPTOR_OFFSETS_AT + (fixed << 1);
  let young = shadeFields(object, descriptor + DESCRIPTOR_OFFSETS_AT, elements);
  const each = type.element as usize;
  if (each === 0) return young;
  const stride = type.stride;
  let element = object + type.size;
  for (let left = ArrayHeader.at(object).length; left > 0; left--) {
    if (shadeFields(element, elements, elements + (each << 1))) young = true;
    element += stride;
  }
  return young;
}

/**
 * Shades what an object's bytes `from` up to `to` hold, and what else is held by elements that they cut, or by the fixed
 * part. In a young collection it says whether any of that stays young.
 */
export function shadeRange(object: usize, from: u32, to: u32): bool {
  const descriptor = descriptorOf(object);
  const type = Descriptor.at(descriptor);
  const fixed = type.fixed as usize;
  const elements = descriptor + DESCRIPTOR_OFFSETS_AT + (fixed << 1);
  const start = type.size;
  let young = from < start && shadeFields(object, descriptor + DESCRIPTOR_OFFSETS_AT, elements);
  const each = type.element as usize;
  if (each === 0 || to <= start) return young;
  const stride = type.stride;
  const first = from > start ? (from - start) / stride : 0;
  const end = min((to - start + stride - 1) / stride, ArrayHeader.at(object).length);
  let element = object + start + (first as usize) * stride;
  for (let i = first; i < end; i++) {
    if (shadeFields(element, elements, elements + (each << 1))) young = true;
    element += stride;
  }
  return young;
}

/** Whether an object was marked that did not get scanned. Lowers the flag. */
export function takeOverflow(): bool {
  const overflowed = cells.markOverflowed !== 0;
  cells.markOverflowed = 0;
  return overflowed;
}

/** Scans all marked objects once more. */
export function recover(): void {
  beginRecovery();
  while (cells.recoverNext !== 0) recoverSome(u32.MAX_VALUE);
}

/** Begins to scan all marked objects once more. */
export function beginRecovery(): void {
  cells.recoverNext = (FIRST_BLOCK as usize) << BLOCK_SHIFT;
}

/** Goes on with that, the stack being empty, for about `work` units; returns those done. `recoverNext` is 0 at the end. */
export function recoverSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work) {
    const at = cells.recoverNext;
    const block = blockOf(at);
    if (((block >>> BLOCK_SHIFT) as u32) >= cells.blocksEnd) {
      cells.recoverNext = 0;
      break;
    }
    const granule = nextMarked(block, at - block);
    if (granule === 0) {
      cells.recoverNext = block + BLOCK_SIZE;
      done += RECOVERY_WORK;
      continue;
    }
    cells.recoverNext = block + granule + 1;
    const object = block + (granule << GRANULE_SHIFT);
    done++;
    if (!holdsAddresses(descriptorOf(object))) continue;
    push(object, 0);
    done += drainSome(work > done ? work - done : 1);
    if (cells.markTop > cells.markBase) break;
  }
  return done;
}

/** The first granule of a block, from `granule` on, whose object is marked; 0 where there is none. */
function nextMarked(block: usize, granule: usize): usize {
  const kind = kindOf(block);
  if (kind !== BLOCK_OBJECTS && kind !== BLOCK_LARGE) return 0;
  // After a large object's own state lie its cards.
  const end: usize = kind === BLOCK_LARGE ? BLOCK_HEADER_SIZE + 1 : BLOCK_DATA;
  for (let at = max(granule, BLOCK_HEADER_SIZE as usize); at < end; at++) {
    if (load<u8>(block + at) & STATE_MARKED) return at;
  }
  return 0;
}

/** Shades the fixed addresses of an object, at its first visit, and a portion of its elements' from `index` on: so many. */
function scan(object: usize, index: u32): u32 {
  const descriptor = descriptorOf(object);
  const type = Descriptor.at(descriptor);
  const fixed = type.fixed as usize;
  const elements = descriptor + DESCRIPTOR_OFFSETS_AT + (fixed << 1);
  let young = index === 0 && shadeFields(object, descriptor + DESCRIPTOR_OFFSETS_AT, elements);
  const each = type.element as usize;
  if (each === 0) {
    if (young) keepRemembered(object, 0, 0);
    return 0;
  }
  const length = ArrayHeader.at(object).length;
  let end = length;
  if (length - index > PORTION) {
    end = index + PORTION;
    push(object, end);
  }
  const stride = type.stride;
  const first = object + type.size;
  if (each === 1) {
    const offset = load<u16>(elements) as usize;
    let cell = first + (index as usize) * stride + offset;
    for (let left = end - index; left > 0; left--) {
      if (shade(load<usize>(cell))) young = true;
      cell += stride;
    }
  } else {
    for (let i = index; i < end; i++) {
      if (shadeFields(first + (i as usize) * stride, elements, elements + (each << 1))) young = true;
    }
  }
  if (young) keepRemembered(object, index, end);
  return end - index;
}

/**
 * What holds an object that stays young must be found again by the next young collection, if it is old itself: the object,
 * or of a large one the cards with its fixed part and these elements.
 */
function keepRemembered(object: usize, index: u32, end: u32): void {
  if (FAULT === FAULT_AGED_PROMOTED || !(load<u8>(stateOf(object)) & STATE_CLEAN)) return;
  if (kindOf(object) !== BLOCK_LARGE) {
    rememberPromoted(object);
    return;
  }
  const descriptor = descriptorOf(object);
  const start = Descriptor.at(descriptor).size;
  const stride = Descriptor.at(descriptor).stride;
  const from = index === 0 ? 0 : start + index * stride;
  rememberPromotedCards(object, from, start + end * stride - from);
}

/** Shades the addresses at the offsets listed from `offset` to `end`, and says whether any of them stays young. */
function shadeFields(base: usize, offset: usize, end: usize): bool {
  let young = false;
  for (; offset < end; offset += 2) {
    if (shade(load<usize>(base + (load<u16>(offset) as usize)))) young = true;
  }
  return young;
}

function push(object: usize, index: u32): void {
  if (cells.markTop === cells.markLimit && !enlarge()) {
    cells.markOverflowed = 1;
    return;
  }
  const entry = cells.markTop;
  MarkEntry.at(entry).object = object;
  MarkEntry.at(entry).element = index;
  cells.markTop = entry + ENTRY_SIZE;
}

/** Moves the stack to twice as many blocks; false where there are none. */
function enlarge(): bool {
  if (shared.stress & STRESS_OVERFLOW) return false;
  const base = cells.markBase;
  const bytes = cells.markLimit - base;
  const run = takeBlocks((bytes >>> (BLOCK_SHIFT - 1)) as u32, BLOCK_WORK, BLOCK_WORK);
  if (run === 0) return false;
  memory.copy(run, base, bytes);
  endMarking();
  cells.markBase = run;
  cells.markTop = run + bytes;
  cells.markLimit = run + (bytes << 1);
  return true;
}
