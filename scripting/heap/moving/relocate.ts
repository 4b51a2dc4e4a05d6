/**
 * The second step of the move phase: every cell that may hold the address of an object that was moved gets the new one. It
 * goes through all that is alive, not only through what was moved: the shadow stack (empty between frames but in tests),
 * registered ranges, the frame's arena, handles, lists of references, and the fields and elements of every collected object. The remembered
 * set and the nursery are empty then, and static memory holds addresses only in registered ranges.
 *
 * A moved object's old place keeps its state byte FORWARDED and, in place of the descriptor, the new address; so an address
 * is brought up to date by looking at the block table and one byte, and a second time changes nothing.
 */

import { cells, DROPS_FOUND, PROXIES_DEAD, PROXY_OLD, WEAK_YOUNG } from '../cells.ts';
import {
  FAULT,
  FAULT_MOVE_ARENA,
  FAULT_MOVE_ELEMENTS,
  FAULT_MOVE_FIELDS,
  FAULT_MOVE_HANDLES,
  FAULT_MOVE_LARGE,
  FAULT_MOVE_RANGES,
  FAULT_MOVE_REFERENCES,
} from '../fault.ts';
import {
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  DESCRIPTOR_OFFSETS_AT,
  GRANULE_SHIFT,
  PROXY_DESCRIPTOR,
  REFERENCE_SUBJECT,
  REGION_FRAME,
  SHADOW_STACK,
  STATE_FORWARDED,
  STATE_OLD,
} from '../layout.ts';
import { shared } from '../shared-cells.ts';
import { fillOf } from '../spaces/arena-space.ts';
import { kindOf, nextBlock } from '../spaces/blocks.ts';
import {
  ArrayHeader,
  Descriptor,
  descriptorOf,
  EACH_GRANULE,
  holdsAddresses,
  sizeOf,
  stateOf,
} from '../spaces/object.ts';
import { RANGE_SIZE, RANGES_START, RangeTable, RootRange } from '../spaces/root-ranges.ts';
import { Region } from '../spaces/window.ts';
import { HANDLES_END, HANDLES_START, HandleTable, isFreeHandle } from '../trace/handles.ts';
import { isReference, REFERENCE_NEXT } from '../trace/reference.ts';
import { Forwarded } from './evacuate.ts';

/** Elements of a large object that are gone through at a time. */
const PORTION: u32 = 4096;

/** Starts the step over. */
export function beginRelocating(): void {
  cells.moveTable = cells.handleTables;
  relocateFixedRoots();
}

/** Goes through one handle table, if one is left: its work, or 0. */
export function relocateHandles(): u32 {
  const table = cells.moveTable;
  if (table === 0) return 0;
  cells.moveTable = HandleTable.at(table).next;
  if (FAULT === FAULT_MOVE_HANDLES) return 1;
  for (let cell = table + HANDLES_START; cell < table + HANDLES_END; cell += 4) {
    if (!isFreeHandle(cell)) relocate(cell);
  }
  return ((HANDLES_END - HANDLES_START) >>> 5) as u32;
}

/** Goes through the objects of a block of objects. Returns the work. */
export function relocateBlock(block: usize): u32 {
  let done: u32 = 1;
  for (let states = block + BLOCK_HEADER_SIZE; states < block + BLOCK_DATA; states += 8) {
    let starts = load<u64>(states) & (EACH_GRANULE * STATE_OLD);
    while (starts !== 0) {
      const object = block + ((states - block + ((ctz(starts) as usize) >>> 3)) << GRANULE_SHIFT);
      const descriptor = descriptorOf(object);
      if (holdsAddresses(descriptor)) done += 1 + (relocateObject(object) >>> 3);
      else if (isReference(descriptor)) relocateReference(object, descriptor);
      starts &= starts - 1;
    }
  }
  return done;
}

/** Goes through a portion of a large object's elements; moves on to the next block when that was the last. */
export function relocateLarge(block: usize, after: u32): u32 {
  const object = block + BLOCK_DATA;
  const from = cells.moveIndex;
  cells.moveIndex = 0;
  if (FAULT !== FAULT_MOVE_LARGE && load<u8>(stateOf(object)) & STATE_OLD) {
    const descriptor = descriptorOf(object);
    if (holdsAddresses(descriptor)) {
      if (from === 0) relocateFixed(object, descriptor);
      const length = ArrayHeader.at(object).length;
      const each = Descriptor.at(descriptor).element as u32;
      const to = each === 0 ? length : min(from + PORTION, length);
      if (each !== 0) relocateElements(object, descriptor, from, to);
      if (to < length) {
        cells.moveIndex = to;
        return PORTION >>> 3;
      }
    }
  }
  cells.moveNext = after;
  return PORTION >>> 3;
}

/** The words of references that descriptors do not tell of: what it leads to, and the next in its list. */
function relocateReference(reference: usize, descriptor: usize): void {
  if (FAULT === FAULT_MOVE_REFERENCES) return;
  if (descriptor !== PROXY_DESCRIPTOR) relocate(reference + REFERENCE_SUBJECT);
  relocate(reference + REFERENCE_NEXT);
}

/** Brings one address up to date. */
function relocate(cell: usize): void {
  const address = load<usize>(cell);
  if (address === 0) return;
  const kind = kindOf(address);
  if (kind !== BLOCK_OBJECTS && kind !== BLOCK_LARGE) return;
  if (load<u8>(stateOf(address)) & STATE_FORWARDED) store<usize>(cell, Forwarded.at(address).target);
}

function relocateFixedRoots(): void {
  for (let slot: usize = SHADOW_STACK; slot < shared.shadowTop; slot += 4) relocate(slot);
  for (let table = cells.rootTables; table !== 0; table = RangeTable.at(table).next) relocateRanges(table);
  for (let list = WEAK_YOUNG; list <= PROXY_OLD; list += 4) relocate(list);
  for (let queue = DROPS_FOUND; queue < PROXIES_DEAD + 8; queue += 4) relocate(queue);
  if (FAULT === FAULT_MOVE_ARENA) return;
  relocateArena(Region.at(REGION_FRAME).newest);
  relocateArena(Region.at(REGION_FRAME).newestRun);
}

function relocateRanges(table: usize): void {
  if (FAULT === FAULT_MOVE_RANGES) return;
  const end = table + RANGES_START + (RangeTable.at(table).used as usize) * RANGE_SIZE;
  for (let entry = table + RANGES_START; entry < end; entry += RANGE_SIZE) {
    let cell = RootRange.at(entry).address;
    const stride = RootRange.at(entry).stride;
    for (let left = RootRange.at(entry).count; left > 0; left--) {
      relocate(cell);
      cell += stride;
    }
  }
}

function relocateArena(first: usize): void {
  for (let block = first; block !== 0; block = nextBlock(block)) {
    const end = fillOf(REGION_FRAME, block);
    for (let object = block + BLOCK_DATA; object < end; object += sizeOf(object)) {
      if (holdsAddresses(descriptorOf(object))) relocateObject(object);
    }
  }
}

/** Brings all addresses of an object up to date, and returns how many elements it has. */
export function relocateObject(object: usize): u32 {
  const descriptor = descriptorOf(object);
  relocateFixed(object, descriptor);
  if (Descriptor.at(descriptor).element === 0) return 0;
  const length = ArrayHeader.at(object).length;
  relocateElements(object, descriptor, 0, length);
  return length;
}

function relocateFixed(object: usize, descriptor: usize): void {
  if (FAULT === FAULT_MOVE_FIELDS) return;
  const offsets = descriptor + DESCRIPTOR_OFFSETS_AT;
  relocateAt(object, offsets, offsets + ((Descriptor.at(descriptor).fixed as usize) << 1));
}

function relocateElements(object: usize, descriptor: usize, from: u32, to: u32): void {
  if (FAULT === FAULT_MOVE_ELEMENTS) return;
  const type = Descriptor.at(descriptor);
  const fixed = type.fixed as usize;
  const offsets = descriptor + DESCRIPTOR_OFFSETS_AT + (fixed << 1);
  const end = offsets + ((type.element as usize) << 1);
  const stride = type.stride as usize;
  let element = object + type.size + (from as usize) * stride;
  for (let left = to - from; left > 0; left--) {
    relocateAt(element, offsets, end);
    element += stride;
  }
}

/** The addresses at the offsets listed from `offset` to `end`. */
function relocateAt(base: usize, offset: usize, end: usize): void {
  for (; offset < end; offset += 2) relocate(base + (load<u16>(offset) as usize));
}
