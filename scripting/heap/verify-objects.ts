/**
 * The verifier's third step: objects. Arenas are parsed from end to end; then everything that can be reached is visited, by
 * a search of its own: its queue is threaded through a table with a word for each granule of memory, so that it can
 * neither overflow nor recurse. The tables lie behind the heap's blocks, in memory that the heap does not know of.
 *
 *     links     u32 a granule    0 = not reached; else the next object in the queue, or LAST
 *     occupied  u8 a granule     1 = an object that was visited lies here
 *     ranks     u16 a block      arenas: how short-lived, 1 = the frame, 2.. = others from outer to inner; 0 = ended
 */
import { BLOCK_FILL, BLOCK_LINES, BLOCK_NEXT, BLOCK_RUN } from './blocks.ts';
import { CARDS_START, cardShift } from './cards.ts';
import {
  BLOCKS_END,
  HANDLE_TABLES,
  OVERFLOW_LIMIT,
  OVERFLOW_TOP,
  PROMOTING,
  ROOT_TABLES,
  VERIFY_LINKS,
  VERIFY_OCCUPIED,
  VERIFY_QUEUE,
  VERIFY_RANKS,
} from './cells.ts';
import { HANDLE_CARDS, HANDLES_END, HANDLES_START } from './handles.ts';
import {
  ARRAY_LENGTH,
  BLOCK_ARENA,
  BLOCK_DATA,
  BLOCK_LARGE,
  BLOCK_MASK,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  BLOCK_STATIC,
  BLOCK_TABLE,
  DESCRIPTOR_ELEMENT_AT,
  DESCRIPTOR_FIXED_AT,
  DESCRIPTOR_MAGIC,
  DESCRIPTOR_OFFSETS_AT,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
  DROP_DESCRIPTOR,
  FIRST_BLOCK,
  GRANULE_MASK,
  GRANULE_SHIFT,
  HEADER_SIZE,
  KIND_ARRAY,
  KIND_OBJECT,
  LINE_SHIFT,
  PROXY_DESCRIPTOR,
  REGION_FRAME,
  REGION_HEAP,
  SHADOW_STACK,
  SHADOW_TOP,
  STATE_CLEAN,
  STATE_OLD,
  STRING_DESCRIPTOR,
  UNWIND,
  VERIFY_ADDRESS_KIND,
  VERIFY_ARENA,
  VERIFY_DANGLING,
  VERIFY_DESCRIPTOR,
  VERIFY_ESCAPE,
  VERIFY_EXTENT,
  VERIFY_FREE_LINE,
  VERIFY_OVERLAP,
  VERIFY_ROOM,
  VERIFY_SNAPSHOT,
  VERIFY_UNREMEMBERED,
  WEAK_DESCRIPTOR,
} from './layout.ts';
import { RANGE_SIZE, RANGES_START, RANGES_USED } from './roots.ts';
import { RECORD_ARENA, RECORD_KIND, RECORD_PREVIOUS, RECORD_SIZE } from './unwind.ts';
import { broken } from './verdict.ts';
import { visitReferences } from './verify-references.ts';
import { isDoomed } from './verify-snapshot.ts';
import { REGION_CURRENT, REGION_LIMIT, REGION_NEWEST, REGION_NEWEST_RUN, REGION_TOP } from './window.ts';

const LAST: u32 = 1;

/** What a root may hold: a handle or a shadow slot anything that is open, a global what lives at least as long as a frame. */
const RANK_ANY: u32 = 0xffff;
const RANK_FRAME: u32 = 1;
export const RANK_HEAP: u32 = 0;

export function verifyObjects(): bool {
  if (!makeTables()) return broken(VERIFY_ROOM, 0, 0);
  store<usize>(VERIFY_QUEUE, LAST);
  // What a drop will bring back is doomed still, so it comes behind what scripts can get at.
  return verifyArenas() && visitRoots() && visitQueue(true) && visitReferences() && visitQueue(false);
}

function makeTables(): bool {
  const end = load<u32>(BLOCKS_END) as u64;
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
  store<u32>(VERIFY_LINKS, links as u32);
  store<u32>(VERIFY_OCCUPIED, occupied as u32);
  store<u32>(VERIFY_RANKS, ranks as u32);
  return true;
}

// ------------------------------------------------------------------------------------------------ arenas

/** Ranks the blocks of open arenas, then parses them: all their objects go into the queue. */
function verifyArenas(): bool {
  let arenas: u32 = RANK_FRAME;
  for (let record = load<usize>(UNWIND); record !== 0; record = load<usize>(record, RECORD_PREVIOUS)) {
    if (load<u32>(record, RECORD_KIND) === RECORD_ARENA) arenas++;
  }
  for (let record = load<usize>(UNWIND); record !== 0; record = load<usize>(record, RECORD_PREVIOUS)) {
    if (load<u32>(record, RECORD_KIND) === RECORD_ARENA) rankArena(record + RECORD_SIZE, arenas--);
  }
  rankArena(REGION_FRAME, RANK_FRAME);
  for (let record = load<usize>(UNWIND); record !== 0; record = load<usize>(record, RECORD_PREVIOUS)) {
    const region = record + RECORD_SIZE;
    if (load<u32>(record, RECORD_KIND) === RECORD_ARENA && !parseArena(region)) return false;
  }
  return parseArena(REGION_FRAME);
}

function rankArena(region: usize, rank: u32): void {
  rankList(load<usize>(region, REGION_NEWEST), rank);
  rankList(load<usize>(region, REGION_NEWEST_RUN), rank);
}

function rankList(first: usize, rank: u32): void {
  for (let block = first; block !== 0; block = load<usize>(block, BLOCK_NEXT)) {
    store<u16>(load<usize>(VERIFY_RANKS) + ((block >>> BLOCK_SHIFT) << 1), rank as u16);
  }
}

function parseArena(region: usize): bool {
  return (
    parseList(region, load<usize>(region, REGION_NEWEST)) &&
    parseList(region, load<usize>(region, REGION_NEWEST_RUN))
  );
}

function parseList(region: usize, first: usize): bool {
  for (let block = first; block !== 0; block = load<usize>(block, BLOCK_NEXT)) {
    if (!parseBlock(region, block)) return false;
  }
  return true;
}

function parseBlock(region: usize, block: usize): bool {
  const isCurrent = block === load<usize>(region, REGION_CURRENT);
  const fill = isCurrent ? load<usize>(region, REGION_TOP) : load<usize>(block, BLOCK_FILL);
  const room = block + (load<u32>(block, BLOCK_RUN) << BLOCK_SHIFT);
  if (fill < block + BLOCK_DATA || fill > room) return broken(VERIFY_ARENA, block, fill);
  let object = block + BLOCK_DATA;
  while (object < fill) {
    if (!isSaneDescriptor(load<usize>(object))) return broken(VERIFY_ARENA, object, load<usize>(object));
    const size = extentOf(object);
    if (size > ((fill - object) as u64)) return broken(VERIFY_ARENA, object, fill);
    enqueue(object);
    object += size as usize;
  }
  return true;
}

// ------------------------------------------------------------------------------------------------ reaching

function visitRoots(): bool {
  for (let slot: usize = SHADOW_STACK; slot < load<usize>(SHADOW_TOP); slot += 4) {
    if (!visit(slot, load<usize>(slot), RANK_ANY)) return false;
  }
  for (let table = load<usize>(ROOT_TABLES); table !== 0; table = load<usize>(table)) {
    for (let i: u32 = 0; i < load<u32>(table, RANGES_USED); i++) {
      if (!visitRange(table + RANGES_START + (i as usize) * RANGE_SIZE)) return false;
    }
  }
  for (let table = load<usize>(HANDLE_TABLES); table !== 0; table = load<usize>(table)) {
    for (let cell = table + HANDLES_START; cell < table + HANDLES_END; cell += 4) {
      const object = load<usize>(cell);
      if ((object & 1) !== 0) continue;
      if (!visit(cell, object, RANK_ANY) || !isHandleSeen(table, cell)) return false;
    }
  }
  return true;
}

/** A handle of a young object must lie in a card that the next young collection visits. */
function isHandleSeen(table: usize, cell: usize): bool {
  const object = load<usize>(cell);
  if (load<u32>(PROMOTING) !== 0 || object === 0 || !isCollected(object)) return true;
  if (load<u8>(stateAt(object)) & STATE_OLD) return true;
  const card = ((cell - table) as u32) >>> 9;
  const marked = ((load<u8>(table + HANDLE_CARDS + (card >>> 3)) >>> ((card & 7) as u8)) & 1) !== 0;
  return marked || broken(VERIFY_UNREMEMBERED, cell, object);
}

function visitRange(entry: usize): bool {
  const count = load<u32>(entry, 4);
  for (let i: u32 = 0; i < count; i++) {
    const cell = load<usize>(entry) + i * load<u32>(entry, 8);
    if (!visit(cell, load<usize>(cell), RANK_FRAME)) return false;
  }
  return true;
}

/** Visits all that is in the queue, and what it leads to; with `living`, no cycle may be about to free any of that. */
function visitQueue(living: bool): bool {
  while (load<u32>(VERIFY_QUEUE) !== LAST) {
    const object = load<usize>(VERIFY_QUEUE);
    store<u32>(VERIFY_QUEUE, load<u32>(linkOf(object)));
    if (living && isDoomed(object)) return broken(VERIFY_SNAPSHOT, object, load<usize>(stateAt(object)));
    if (!visitFields(object)) return false;
  }
  return true;
}

/** Visits every address that an object holds. */
function visitFields(object: usize): bool {
  const descriptor = load<usize>(object);
  const rank = rankOf(object);
  const clean = isClean(object);
  const fixed = load<u16>(descriptor, DESCRIPTOR_FIXED_AT) as u32;
  for (let i: u32 = 0; i < fixed; i++) {
    const slot = object + offsetAt(descriptor, i);
    if (!visit(object, load<usize>(slot), rank) || !isRemembered(object, clean, slot)) return false;
  }
  const each = load<u16>(descriptor, DESCRIPTOR_ELEMENT_AT) as u32;
  if (each === 0) return true;
  const stride = load<u32>(descriptor, DESCRIPTOR_STRIDE_AT);
  let element = object + load<u32>(descriptor, DESCRIPTOR_SIZE_AT);
  for (let left = load<u32>(object, ARRAY_LENGTH); left > 0; left--) {
    for (let i: u32 = 0; i < each; i++) {
      const slot = element + offsetAt(descriptor, fixed + i);
      if (!visit(object, load<usize>(slot), rank) || !isRemembered(object, clean, slot)) return false;
    }
    element += stride;
  }
  return true;
}

/** Whether a collected object is old and has not been stored into. */
function isClean(object: usize): bool {
  return isCollected(object) && (load<u8>(stateAt(object)) & STATE_CLEAN) !== 0;
}

/** A clean object must not hold the address of a young one: no young collection would find that. */
function isRemembered(holder: usize, clean: bool, slot: usize): bool {
  const address = load<usize>(slot);
  if (!clean || load<u32>(PROMOTING) !== 0 || address === 0 || !isCollected(address)) return true;
  if ((load<u8>(stateAt(address)) & STATE_OLD) !== 0 || isCardMarked(holder, slot)) return true;
  return broken(VERIFY_UNREMEMBERED, holder, address);
}

/** Whether the holder is a large object and its card with the slot was stored into. */
function isCardMarked(holder: usize, slot: usize): bool {
  const block = holder & ~BLOCK_MASK;
  if (load<u8>(BLOCK_TABLE + (block >>> BLOCK_SHIFT)) !== BLOCK_LARGE) return false;
  const card = ((slot - holder) as u32) >>> cardShift(block);
  return ((load<u8>(block + CARDS_START + (card >>> 3)) >>> ((card & 7) as u8)) & 1) !== 0;
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
  if ((address & GRANULE_MASK) !== 0 || index < (FIRST_BLOCK as u32) || index >= load<u32>(BLOCKS_END)) {
    return broken(VERIFY_ADDRESS_KIND, holder, address);
  }
  const kind = load<u8>(BLOCK_TABLE + (index as usize)) as u32;
  if (kind === BLOCK_STATIC) {
    return isSaneDescriptor(load<usize>(address)) || broken(VERIFY_DESCRIPTOR, holder, address);
  }
  if (kind === BLOCK_ARENA) return visitArenaObject(holder, address, rank);
  if ((kind !== BLOCK_OBJECTS && kind !== BLOCK_LARGE) || (address & BLOCK_MASK) < (BLOCK_DATA as usize)) {
    return broken(VERIFY_ADDRESS_KIND, holder, address);
  }
  if (load<u32>(linkOf(address)) !== 0) return true;
  if (!isSaneDescriptor(load<usize>(address))) return broken(VERIFY_DESCRIPTOR, holder, address);
  if (!occupy(address, kind)) return false;
  enqueue(address);
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
  const room = kind === BLOCK_LARGE ? load<u32>(block, BLOCK_RUN) << BLOCK_SHIFT : BLOCK_SIZE;
  const size = extentOf(object);
  if (size > ((block + room - object) as u64)) return broken(VERIFY_EXTENT, object, block + room);
  const end = object + (size as usize);
  if (kind === BLOCK_LARGE && object !== block + BLOCK_DATA)
    return broken(VERIFY_ADDRESS_KIND, object, block);
  if (kind === BLOCK_OBJECTS && !isOutsideFreeSpace(object, end))
    return broken(VERIFY_FREE_LINE, object, end);
  const flags = load<usize>(VERIFY_OCCUPIED);
  for (let granule = object >>> GRANULE_SHIFT; granule < end >>> GRANULE_SHIFT; granule++) {
    if (load<u8>(flags + granule) !== 0) return broken(VERIFY_OVERLAP, object, granule << GRANULE_SHIFT);
    store<u8>(flags + granule, 1);
  }
  return true;
}

function isOutsideFreeSpace(object: usize, end: usize): bool {
  const block = object & ~BLOCK_MASK;
  for (let line = (object - block) >>> LINE_SHIFT; line <= (end - 1 - block) >>> LINE_SHIFT; line++) {
    if (((load<u8>(block + BLOCK_LINES + (line >>> 3)) >>> (line & 7)) & 1) === 0) return false;
  }
  return (
    isOutside(object, end, load<usize>(REGION_HEAP, REGION_TOP), load<usize>(REGION_HEAP, REGION_LIMIT)) &&
    isOutside(object, end, load<usize>(OVERFLOW_TOP), load<usize>(OVERFLOW_LIMIT))
  );
}

function isOutside(object: usize, end: usize, top: usize, limit: usize): bool {
  return end <= top || object >= limit;
}

// ------------------------------------------------------------------------------------------------ objects

function linkOf(object: usize): usize {
  return load<usize>(VERIFY_LINKS) + ((object >>> GRANULE_SHIFT) << 2);
}

function enqueue(object: usize): void {
  store<u32>(linkOf(object), load<u32>(VERIFY_QUEUE));
  store<usize>(VERIFY_QUEUE, object);
}

/** How short-lived an object is: 0 is the heap. */
function rankOf(object: usize): u32 {
  return load<u16>(load<usize>(VERIFY_RANKS) + ((object >>> BLOCK_SHIFT) << 1));
}

function offsetAt(descriptor: usize, i: u32): usize {
  return load<u16>(descriptor + DESCRIPTOR_OFFSETS_AT + ((i as usize) << 1));
}

/** Bytes of an object in whole granules, in 64 bits: a length may be anything. */
export function extentOf(object: usize): u64 {
  const descriptor = load<usize>(object);
  let size = load<u32>(descriptor, DESCRIPTOR_SIZE_AT) as u64;
  if ((load<u32>(descriptor) & 0xffff) === KIND_ARRAY) {
    size += (load<u32>(object, ARRAY_LENGTH) as u64) * (load<u32>(descriptor, DESCRIPTOR_STRIDE_AT) as u64);
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
function isSaneDescriptor(descriptor: usize): bool {
  if (!isOwnDescriptor(descriptor)) {
    const index = (descriptor >>> BLOCK_SHIFT) as u32;
    if ((descriptor & 3) !== 0 || index >= load<u32>(BLOCKS_END) || index < (FIRST_BLOCK as u32))
      return false;
    if (load<u8>(BLOCK_TABLE + (index as usize)) !== BLOCK_STATIC) return false;
  }
  const kind = load<u32>(descriptor) - (DESCRIPTOR_MAGIC as u32);
  if (kind !== KIND_OBJECT && kind !== KIND_ARRAY) return false;
  const size = load<u32>(descriptor, DESCRIPTOR_SIZE_AT);
  const stride = load<u32>(descriptor, DESCRIPTOR_STRIDE_AT);
  if (size < (HEADER_SIZE as u32) || (kind === KIND_OBJECT && stride !== 0)) return false;
  const fixed = load<u16>(descriptor, DESCRIPTOR_FIXED_AT) as u32;
  const all = fixed + (load<u16>(descriptor, DESCRIPTOR_ELEMENT_AT) as u32);
  for (let i: u32 = 0; i < all; i++) {
    const offset = offsetAt(descriptor, i);
    if ((offset & 3) !== 0 || offset + 4 > (i < fixed ? size : stride)) return false;
  }
  return true;
}
