/**
 * The mark phase: finds every collected object that roots lead to, with a stack of its own in linear memory.
 *
 * An entry of the stack is an object and the index of the element to go on with: long vectors are scanned in portions, so
 * that the stack's height depends on the depth of the data, not on the length of vectors, and so that a slice can end
 * anywhere. A stack that is full moves to twice as many blocks. Where there are none to be had, the
 * object stays marked but is not scanned, and a flag is raised; `recover` then scans all marked objects again, until
 * a pass ends without the flag (each pass that raises it has marked something new, so this ends).
 *
 *     entry, 8 bytes:  [object][next element]
 *
 * The same code serves full collections, cycles and young collections; the cell TRACE says what to do with an address. A
 * young collection that interrupts a cycle uses the stack above MARK_FLOOR and leaves what is below alone.
 *
 * An object that a young collection has made old, and that holds one which stays young, is remembered as it is scanned.
 *
 * Invariant between entries: a marked object's addresses have been shaded, or the object is on the stack, or the flag is up.
 */
import {
  BLOCKS_END,
  MARK_BASE,
  MARK_FLOOR,
  MARK_LIMIT,
  MARK_OVERFLOWED,
  MARK_TOP,
  RECOVER_NEXT,
  TRACE,
} from '../cells.ts';
import { FAULT, FAULT_AGED_PROMOTED } from '../fault.ts';
import {
  ARRAY_LENGTH,
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  BLOCK_WORK,
  DESCRIPTOR_ELEMENT_AT,
  DESCRIPTOR_FIXED_AT,
  DESCRIPTOR_OFFSETS_AT,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
  FIRST_BLOCK,
  GRANULE_SHIFT,
  MARK_STACK,
  MARK_STACK_SIZE,
  STATE_CLEAN,
  STATE_MARKED,
  STATE_OLD,
  STRESS,
  STRESS_OVERFLOW,
} from '../layout.ts';
import { blockOf, freeBlocks, kindOf, takeBlocks } from '../spaces/blocks.ts';
import { keepYoung } from '../spaces/nursery.ts';
import { holdsAddresses, stateOf } from '../spaces/object.ts';
import { countWork } from '../spaces/statistics.ts';
import { keepCards } from './cards.ts';
import { rememberPromoted } from './remembered-table.ts';

/** What tracing does with an address that it finds, in the cell TRACE. */
export const TRACE_FULL = 0; // marks every collected object
export const TRACE_CYCLE = 1; // marks old objects only: young ones are not in the snapshot
export const TRACE_YOUNG = 2; // keeps young objects, and stops at old ones

const ENTRY_SIZE = 8;
/** How many elements of a vector are scanned at a time. */
const PORTION: u32 = 128;
/** Entries that the stack has under STRESS_OVERFLOW. */
const STRESSED_ENTRIES = 3;
/** Work of looking for marks in a block, in the units of marking. */
const RECOVERY_WORK: u32 = 32;

/** Makes the mark stack empty and ready. */
export function beginMarking(): void {
  store<usize>(MARK_BASE, MARK_STACK);
  store<usize>(MARK_TOP, MARK_STACK);
  store<u32>(MARK_FLOOR, 0);
  const stressed = (load<u32>(STRESS) & STRESS_OVERFLOW) !== 0;
  store<usize>(MARK_LIMIT, MARK_STACK + (stressed ? STRESSED_ENTRIES * ENTRY_SIZE : MARK_STACK_SIZE));
  store<u32>(MARK_OVERFLOWED, 0);
  store<usize>(RECOVER_NEXT, 0);
}

/** Gives the stack's own blocks back, where it has any. */
export function endMarking(): void {
  const base = load<usize>(MARK_BASE);
  if (base !== MARK_STACK) freeBlocks(base, ((load<usize>(MARK_LIMIT) - base) >>> BLOCK_SHIFT) as u32);
}

/**
 * Marks the object at an address that was found, and sees to it that it is scanned. Any address will do. In a young
 * collection it says whether the object is still young behind it; otherwise false.
 */
export function shade(address: usize): bool {
  if (address === 0) return false;
  if (!isCollected(address)) return false;
  const cell = stateOf(address);
  const state = load<u8>(cell);
  const trace = load<u32>(TRACE);
  let young = false;
  if (trace === TRACE_YOUNG) {
    if (state & STATE_OLD) return false;
    if (state & STATE_MARKED) return true;
    young = keepYoung(address, cell);
  } else {
    if (state & STATE_MARKED || (trace === TRACE_CYCLE && !(state & STATE_OLD))) return false;
    store<u8>(cell, state | (STATE_MARKED as u8));
  }
  if (holdsAddresses(load<usize>(address))) push(address, 0);
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
  const trace = load<u32>(TRACE);
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
  while (load<usize>(MARK_TOP) > load<usize>(MARK_BASE) + load<u32>(MARK_FLOOR))
    done += 1 + (scanTop() >>> 3);
  countWork(done);
}

/** The same, but for about so many units of work: an object each, and eight elements of a vector. Gives those done. */
export function drainSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work && load<usize>(MARK_TOP) > load<usize>(MARK_BASE)) done += 1 + (scanTop() >>> 3);
  return done;
}

/** Scans the entry on top of the stack, and gives how many elements that were. */
function scanTop(): u32 {
  const entry = load<usize>(MARK_TOP) - ENTRY_SIZE;
  store<usize>(MARK_TOP, entry);
  return scan(load<usize>(entry), load<u32>(entry, 4));
}

/** Shades all that an object holds, at once. In a young collection it says whether any of that stays young. */
export function shadeWhole(object: usize): bool {
  const descriptor = load<usize>(object);
  const fixed = load<u16>(descriptor, DESCRIPTOR_FIXED_AT) as usize;
  const elements = descriptor + DESCRIPTOR_OFFSETS_AT + (fixed << 1);
  let young = shadeFields(object, descriptor + DESCRIPTOR_OFFSETS_AT, elements);
  const each = load<u16>(descriptor, DESCRIPTOR_ELEMENT_AT) as usize;
  if (each === 0) return young;
  const stride = load<u32>(descriptor, DESCRIPTOR_STRIDE_AT);
  let element = object + load<u32>(descriptor, DESCRIPTOR_SIZE_AT);
  for (let left = load<u32>(object, ARRAY_LENGTH); left > 0; left--) {
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
  const descriptor = load<usize>(object);
  const fixed = load<u16>(descriptor, DESCRIPTOR_FIXED_AT) as usize;
  const elements = descriptor + DESCRIPTOR_OFFSETS_AT + (fixed << 1);
  const start = load<u32>(descriptor, DESCRIPTOR_SIZE_AT);
  let young = from < start && shadeFields(object, descriptor + DESCRIPTOR_OFFSETS_AT, elements);
  const each = load<u16>(descriptor, DESCRIPTOR_ELEMENT_AT) as usize;
  if (each === 0 || to <= start) return young;
  const stride = load<u32>(descriptor, DESCRIPTOR_STRIDE_AT);
  const first = from > start ? (from - start) / stride : 0;
  const end = min((to - start + stride - 1) / stride, load<u32>(object, ARRAY_LENGTH));
  let element = object + start + (first as usize) * stride;
  for (let i = first; i < end; i++) {
    if (shadeFields(element, elements, elements + (each << 1))) young = true;
    element += stride;
  }
  return young;
}

/** Whether an object was marked that did not get scanned. Lowers the flag. */
export function takeOverflow(): bool {
  const overflowed = load<u32>(MARK_OVERFLOWED) !== 0;
  store<u32>(MARK_OVERFLOWED, 0);
  return overflowed;
}

/** Scans all marked objects once more. */
export function recover(): void {
  beginRecovery();
  while (load<usize>(RECOVER_NEXT) !== 0) recoverSome(u32.MAX_VALUE);
}

/** Begins to scan all marked objects once more. */
export function beginRecovery(): void {
  store<usize>(RECOVER_NEXT, (FIRST_BLOCK as usize) << BLOCK_SHIFT);
}

/** Goes on with that, the stack being empty, for about `work` units; gives those done. RECOVER_NEXT is 0 at the end. */
export function recoverSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work) {
    const at = load<usize>(RECOVER_NEXT);
    const block = blockOf(at);
    if (((block >>> BLOCK_SHIFT) as u32) >= load<u32>(BLOCKS_END)) {
      store<usize>(RECOVER_NEXT, 0);
      break;
    }
    const granule = nextMarked(block, at - block);
    if (granule === 0) {
      store<usize>(RECOVER_NEXT, block + BLOCK_SIZE);
      done += RECOVERY_WORK;
      continue;
    }
    store<usize>(RECOVER_NEXT, block + granule + 1);
    const object = block + (granule << GRANULE_SHIFT);
    done++;
    if (!holdsAddresses(load<usize>(object))) continue;
    push(object, 0);
    done += drainSome(work > done ? work - done : 1);
    if (load<usize>(MARK_TOP) > load<usize>(MARK_BASE)) break;
  }
  return done;
}

/** The first granule of a block, from `granule` on, whose object is marked; 0 where there is none. */
function nextMarked(block: usize, granule: usize): usize {
  const kind = kindOf(block);
  if (kind !== BLOCK_OBJECTS && kind !== BLOCK_LARGE) return 0;
  // Behind a large object's own state lie its cards.
  const end: usize = kind === BLOCK_LARGE ? BLOCK_HEADER_SIZE + 1 : BLOCK_DATA;
  for (let at = max(granule, BLOCK_HEADER_SIZE as usize); at < end; at++) {
    if (load<u8>(block + at) & STATE_MARKED) return at;
  }
  return 0;
}

/** Shades the fixed addresses of an object, at its first visit, and a portion of its elements' from `index` on: so many. */
function scan(object: usize, index: u32): u32 {
  const descriptor = load<usize>(object);
  const fixed = load<u16>(descriptor, DESCRIPTOR_FIXED_AT) as usize;
  const elements = descriptor + DESCRIPTOR_OFFSETS_AT + (fixed << 1);
  let young = index === 0 && shadeFields(object, descriptor + DESCRIPTOR_OFFSETS_AT, elements);
  const each = load<u16>(descriptor, DESCRIPTOR_ELEMENT_AT) as usize;
  if (each === 0) {
    if (young) keepRemembered(object, 0, 0);
    return 0;
  }
  const length = load<u32>(object, ARRAY_LENGTH);
  let end = length;
  if (length - index > PORTION) {
    end = index + PORTION;
    push(object, end);
  }
  const stride = load<u32>(descriptor, DESCRIPTOR_STRIDE_AT);
  const first = object + load<u32>(descriptor, DESCRIPTOR_SIZE_AT);
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
  const descriptor = load<usize>(object);
  const start = load<u32>(descriptor, DESCRIPTOR_SIZE_AT);
  const stride = load<u32>(descriptor, DESCRIPTOR_STRIDE_AT);
  const from = index === 0 ? 0 : start + index * stride;
  keepCards(object, from, start + end * stride - from);
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
  if (load<usize>(MARK_TOP) === load<usize>(MARK_LIMIT) && !enlarge()) {
    store<u32>(MARK_OVERFLOWED, 1);
    return;
  }
  const entry = load<usize>(MARK_TOP);
  store<usize>(entry, object);
  store<u32>(entry, index, 4);
  store<usize>(MARK_TOP, entry + ENTRY_SIZE);
}

/** Moves the stack to twice as many blocks; false where there are none. */
function enlarge(): bool {
  if (load<u32>(STRESS) & STRESS_OVERFLOW) return false;
  const base = load<usize>(MARK_BASE);
  const bytes = load<usize>(MARK_LIMIT) - base;
  const run = takeBlocks((bytes >>> (BLOCK_SHIFT - 1)) as u32, BLOCK_WORK, BLOCK_WORK);
  if (run === 0) return false;
  memory.copy(run, base, bytes);
  endMarking();
  store<usize>(MARK_BASE, run);
  store<usize>(MARK_TOP, run + bytes);
  store<usize>(MARK_LIMIT, run + (bytes << 1));
  return true;
}
