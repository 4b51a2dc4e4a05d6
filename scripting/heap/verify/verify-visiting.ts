/**
 * How the verifier visits objects: its queue is threaded through a table with a word for each granule of memory, so that it can
 * neither overflow nor recurse. The tables lie after the heap's blocks, in memory that the heap does not know of.
 *
 *     links     u32 a granule    0 = not reached; else the next object in the queue, or LAST
 *     occupied  u8 a granule     1 = an object that was visited lies here; in static memory: one leads to what lies here, or is of
 *                                the descriptor that begins here
 *     ranks     u16 a block      arenas: how short-lived, 1 = the frame, 2.. = others from outer to inner; 0 = ended
 */
import { cells } from '../cells.ts';
import {
  BLOCK_ARENA,
  BLOCK_DATA,
  BLOCK_LARGE,
  BLOCK_MASK,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  BLOCK_STATIC,
  BLOCK_TABLE,
  DESCRIPTOR_MAGIC,
  DESCRIPTOR_OFFSETS_AT,
  DROP_DESCRIPTOR,
  FIRST_BLOCK,
  GRANULE_MASK,
  GRANULE_SHIFT,
  HEADER_SIZE,
  KIND_ARRAY,
  KIND_OBJECT,
  LINE_SHIFT,
  PROXY_DESCRIPTOR,
  REGION_HEAP,
  STRING_DESCRIPTOR,
  VERIFY_ADDRESS_KIND,
  VERIFY_DANGLING,
  VERIFY_DESCRIPTOR,
  VERIFY_ESCAPE,
  VERIFY_EXTENT,
  VERIFY_FREE_LINE,
  VERIFY_OVERLAP,
  WEAK_DESCRIPTOR,
} from '../layout.ts';
import { BLOCK_LINES, BlockHeader } from '../spaces/block-header.ts';
import { ArrayHeader, Descriptor, isLetter, ObjectHeader } from '../spaces/object.ts';
import { Region } from '../spaces/window.ts';
import { broken } from './verdict.ts';

export const LAST: u32 = 1;
export const RANK_HEAP: u32 = 0;

export function makeTables(): bool {
  const end = cells.blocksEnd as u64;
  const granules = (end << BLOCK_SHIFT) >>> GRANULE_SHIFT;
  const links = end << BLOCK_SHIFT;
  const occupied = links + granules * 4;
  const ranks = occupied + granules;
  const bottom = ranks + end * 2;
  const pages = (bottom + BLOCK_MASK) >>> BLOCK_SHIFT;
  if (pages > 0xffff) return false;
  const missing = (pages as i32) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return false;
  memory.fill(links as usize, 0, (bottom - links) as usize);
  cells.verifyLinks = links as u32;
  cells.verifyOccupied = occupied as u32;
  cells.verifyRanks = ranks as u32;
  return true;
}

export function isCollected(address: usize): bool {
  const kind = load<u8>(BLOCK_TABLE + (address >>> BLOCK_SHIFT)) as u32;
  return kind === BLOCK_OBJECTS || kind === BLOCK_LARGE;
}

export function stateAt(object: usize): usize {
  return (object & ~BLOCK_MASK) | ((object & BLOCK_MASK) >>> GRANULE_SHIFT);
}

/** Checks an address that was found in `holder`, and the object there when it is seen for the first time. */
export function visit(holder: usize, address: usize, rank: u32): bool {
  if (address === 0) return true;
  const index = (address >>> BLOCK_SHIFT) as u32;
  if (isLetter(address) && (address & GRANULE_MASK) === 0) return true;
  if ((address & GRANULE_MASK) !== 0 || index < (FIRST_BLOCK as u32) || index >= cells.blocksEnd) {
    return broken(VERIFY_ADDRESS_KIND, holder, address);
  }
  const kind = load<u8>(BLOCK_TABLE + (index as usize)) as u32;
  if (kind === BLOCK_STATIC) {
    const descriptor = ObjectHeader.at(address).descriptor;
    if (!isSaneDescriptor(descriptor)) return broken(VERIFY_DESCRIPTOR, holder, address);
    noteUse(address);
    noteUse(descriptor);
    return true;
  }
  if (kind === BLOCK_ARENA) return visitArenaObject(holder, address, rank);
  if ((kind !== BLOCK_OBJECTS && kind !== BLOCK_LARGE) || (address & BLOCK_MASK) < (BLOCK_DATA as usize)) {
    return broken(VERIFY_ADDRESS_KIND, holder, address);
  }
  if (load<u32>(linkOf(address)) !== 0) return true;
  if (!isSaneDescriptor(ObjectHeader.at(address).descriptor))
    return broken(VERIFY_DESCRIPTOR, holder, address);
  if (!occupy(address, kind)) return false;
  enqueueVisit(address);
  return true;
}

/** Arenas were parsed before, so that all starts of their objects are known. */
function visitArenaObject(holder: usize, address: usize, rank: u32): bool {
  const own = rankOf(address);
  if (own === 0) return broken(VERIFY_DANGLING, holder, address);
  if (own > rank) return broken(VERIFY_ESCAPE, holder, address);
  return load<u32>(linkOf(address)) !== 0 || broken(VERIFY_DESCRIPTOR, holder, address);
}

/** Claims the granules of an object in its block: none may be free space, or claimed before. */
function occupy(object: usize, kind: u32): bool {
  const block = object & ~BLOCK_MASK;
  const room = kind === BLOCK_LARGE ? BlockHeader.at(block).run << BLOCK_SHIFT : BLOCK_SIZE;
  const size = extentOf(object);
  if (size > ((block + room - object) as u64)) return broken(VERIFY_EXTENT, object, block + room);
  const end = object + (size as usize);
  if (kind === BLOCK_LARGE && object !== block + BLOCK_DATA)
    return broken(VERIFY_ADDRESS_KIND, object, block);
  if (kind === BLOCK_OBJECTS && !isOutsideFreeSpace(object, end))
    return broken(VERIFY_FREE_LINE, object, end);
  const flags = cells.verifyOccupied;
  for (let granule = object >>> GRANULE_SHIFT; granule < end >>> GRANULE_SHIFT; granule++) {
    if (load<u8>(flags + granule) !== 0) return broken(VERIFY_OVERLAP, object, granule << GRANULE_SHIFT);
    store<u8>(flags + granule, 1);
  }
  return true;
}

/** Something that was visited needs what lies at an address of static memory. No two descriptors begin in one granule. */
export function noteUse(address: usize): void {
  store<u8>(cells.verifyOccupied + (address >>> GRANULE_SHIFT), 1);
}

function isOutsideFreeSpace(object: usize, end: usize): bool {
  const block = object & ~BLOCK_MASK;
  for (let line = (object - block) >>> LINE_SHIFT; line <= (end - 1 - block) >>> LINE_SHIFT; line++) {
    if (((load<u8>(block + BLOCK_LINES + (line >>> 3)) >>> (line & 7)) & 1) === 0) return false;
  }
  return (
    isOutside(object, end, Region.at(REGION_HEAP).top, Region.at(REGION_HEAP).limit) &&
    isOutside(object, end, cells.overflowTop, cells.overflowLimit)
  );
}

function isOutside(object: usize, end: usize, top: usize, limit: usize): bool {
  return end <= top || object >= limit;
}

// ------------------------------------------------------------------------------------------------ objects

export function linkOf(object: usize): usize {
  return cells.verifyLinks + ((object >>> GRANULE_SHIFT) << 2);
}

export function enqueueVisit(object: usize): void {
  store<u32>(linkOf(object), cells.verifyQueue);
  cells.verifyQueue = object;
}

/** How short-lived an object is: 0 is the heap. */
export function rankOf(object: usize): u32 {
  return load<u16>(cells.verifyRanks + ((object >>> BLOCK_SHIFT) << 1));
}

export function offsetAt(descriptor: usize, i: u32): usize {
  return load<u16>(descriptor + DESCRIPTOR_OFFSETS_AT + ((i as usize) << 1));
}

/** Bytes of an object in whole granules, in 64 bits: a length may be anything. */
export function extentOf(object: usize): u64 {
  const descriptor = ObjectHeader.at(object).descriptor;
  let size = Descriptor.at(descriptor).size as u64;
  if ((Descriptor.at(descriptor).kind & 0xffff) === KIND_ARRAY) {
    size += (ArrayHeader.at(object).length as u64) * (Descriptor.at(descriptor).stride as u64);
  }
  return (size + GRANULE_MASK) & ~(GRANULE_MASK as u64);
}

/** Whether it is one of those that the heap itself lays down. */
function isOwnDescriptor(descriptor: usize): bool {
  return (
    descriptor === STRING_DESCRIPTOR ||
    descriptor === WEAK_DESCRIPTOR ||
    descriptor === DROP_DESCRIPTOR ||
    descriptor === PROXY_DESCRIPTOR
  );
}

/** Whether a descriptor lies where descriptors lie, and its offsets inside the object or element. */
export function isSaneDescriptor(descriptor: usize): bool {
  if (!isOwnDescriptor(descriptor)) {
    const index = (descriptor >>> BLOCK_SHIFT) as u32;
    if ((descriptor & 3) !== 0 || index >= cells.blocksEnd || index < (FIRST_BLOCK as u32)) return false;
    if (load<u8>(BLOCK_TABLE + (index as usize)) !== BLOCK_STATIC) return false;
  }
  const kind = Descriptor.at(descriptor).kind - (DESCRIPTOR_MAGIC as u32);
  if (kind !== KIND_OBJECT && kind !== KIND_ARRAY) return false;
  const size = Descriptor.at(descriptor).size;
  const stride = Descriptor.at(descriptor).stride;
  if (size < (HEADER_SIZE as u32) || (kind === KIND_OBJECT && stride !== 0)) return false;
  const fixed = Descriptor.at(descriptor).fixed as u32;
  const all = fixed + (Descriptor.at(descriptor).element as u32);
  for (let i: u32 = 0; i < all; i++) {
    const offset = offsetAt(descriptor, i);
    if ((offset & 3) !== 0 || offset + 4 > (i < fixed ? size : stride)) return false;
  }
  return true;
}
