/**
 * The verifier's third step: objects. Arenas are parsed from end to end; then everything that can be reached is visited, by
 * a search of its own (`verify-visiting.ts`).
 */
import { HANDLE_TABLES, PROMOTING, ROOT_TABLES, VERIFY_QUEUE, VERIFY_RANKS } from '../cells.ts';
import {
  ARRAY_LENGTH,
  BLOCK_DATA,
  BLOCK_LARGE,
  BLOCK_MASK,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  DESCRIPTOR_ELEMENT_AT,
  DESCRIPTOR_FIXED_AT,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
  REGION_FRAME,
  SHADOW_STACK,
  SHADOW_TOP,
  STATE_CLEAN,
  STATE_OLD,
  UNWIND,
  VERIFY_ARENA,
  VERIFY_ROOM,
  VERIFY_SNAPSHOT,
  VERIFY_UNREMEMBERED,
} from '../layout.ts';
import { BLOCK_FILL, BLOCK_NEXT, BLOCK_RUN } from '../spaces/blocks.ts';
import { RECORD_ARENA, RECORD_KIND, RECORD_PREVIOUS, RECORD_SIZE } from '../spaces/records.ts';
import { RANGE_SIZE, RANGES_START, RANGES_USED } from '../spaces/root-ranges.ts';
import { REGION_CURRENT, REGION_NEWEST, REGION_NEWEST_RUN, REGION_TOP } from '../spaces/window.ts';
import { CARDS_START, cardShift } from '../trace/cards.ts';
import { HANDLE_CARDS, HANDLES_END, HANDLES_START } from '../trace/handles.ts';
import { broken } from './verdict.ts';
import { visitReferences } from './verify-references.ts';
import { isDoomed } from './verify-snapshot.ts';
import {
  enqueueVisit,
  extentOf,
  isCollected,
  isSaneDescriptor,
  LAST,
  linkOf,
  makeTables,
  offsetAt,
  rankOf,
  stateAt,
  visit,
} from './verify-visiting.ts';

/** What a root may hold: a handle or a shadow slot anything that is open, a global what lives at least as long as a frame. */
const RANK_ANY: u32 = 0xffff;
const RANK_FRAME: u32 = 1;

export function verifyObjects(): bool {
  if (!makeTables()) return broken(VERIFY_ROOM, 0, 0);
  store<usize>(VERIFY_QUEUE, LAST);
  // What a drop will bring back is doomed still, so it comes behind what scripts can get at.
  return verifyArenas() && visitRoots() && visitQueue(true) && visitReferences() && visitQueue(false);
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
    enqueueVisit(object);
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
