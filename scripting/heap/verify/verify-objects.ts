/**
 * The verifier's third step: objects. Arenas are parsed from end to end; then everything that can be reached is visited, by
 * a search of its own (`verify-visiting.ts`).
 */
import { cells } from '../cells.ts';
import {
  BLOCK_DATA,
  BLOCK_LARGE,
  BLOCK_MASK,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  REGION_FRAME,
  SHADOW_STACK,
  STATE_CLEAN,
  STATE_OLD,
  VERIFY_ARENA,
  VERIFY_ROOM,
  VERIFY_SNAPSHOT,
  VERIFY_UNREMEMBERED,
} from '../layout.ts';
import { shared, statistics } from '../shared-cells.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { ArrayHeader, Descriptor, ObjectHeader } from '../spaces/object.ts';
import { RECORD_ARENA, RECORD_SIZE, UnwindRecord } from '../spaces/records.ts';
import { RANGE_SIZE, RANGES_START, RangeTable, RootRange } from '../spaces/root-ranges.ts';
import { Region } from '../spaces/window.ts';
import { CARDS_START, cardShift } from '../trace/cards.ts';
import { HANDLE_CARDS, HANDLES_END, HANDLES_START, HandleTable } from '../trace/handles.ts';
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
  noteUse,
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
  cells.verifyQueue = LAST;
  // What a drop will bring back is doomed still, so it comes after what scripts can get at.
  return verifyArenas() && visitRoots() && visitQueue(true) && visitReferences() && visitQueue(false);
}

// ------------------------------------------------------------------------------------------------ arenas

/** Ranks the blocks of open arenas, then parses them: all their objects go into the queue. */
function verifyArenas(): bool {
  let arenas: u32 = RANK_FRAME;
  for (let record = shared.unwind; record !== 0; record = UnwindRecord.at(record).previous) {
    if (UnwindRecord.at(record).kind === RECORD_ARENA) arenas++;
  }
  for (let record = shared.unwind; record !== 0; record = UnwindRecord.at(record).previous) {
    if (UnwindRecord.at(record).kind === RECORD_ARENA) rankArena(record + RECORD_SIZE, arenas--);
  }
  rankArena(REGION_FRAME, RANK_FRAME);
  for (let record = shared.unwind; record !== 0; record = UnwindRecord.at(record).previous) {
    const region = record + RECORD_SIZE;
    if (UnwindRecord.at(record).kind === RECORD_ARENA && !parseArena(region)) return false;
  }
  return parseArena(REGION_FRAME);
}

function rankArena(region: usize, rank: u32): void {
  rankList(Region.at(region).newest, rank);
  rankList(Region.at(region).newestRun, rank);
}

function rankList(first: usize, rank: u32): void {
  for (let block = first; block !== 0; block = BlockHeader.at(block).next) {
    store<u16>(cells.verifyRanks + ((block >>> BLOCK_SHIFT) << 1), rank as u16);
  }
}

function parseArena(region: usize): bool {
  return parseList(region, Region.at(region).newest) && parseList(region, Region.at(region).newestRun);
}

function parseList(region: usize, first: usize): bool {
  for (let block = first; block !== 0; block = BlockHeader.at(block).next) {
    if (!parseBlock(region, block)) return false;
  }
  return true;
}

function parseBlock(region: usize, block: usize): bool {
  const isCurrent = block === Region.at(region).current;
  const fill = isCurrent ? Region.at(region).top : BlockHeader.at(block).fill;
  const room = block + (BlockHeader.at(block).run << BLOCK_SHIFT);
  if (fill < block + BLOCK_DATA || fill > room) return broken(VERIFY_ARENA, block, fill);
  let object = block + BLOCK_DATA;
  while (object < fill) {
    if (!isSaneDescriptor(ObjectHeader.at(object).descriptor))
      return broken(VERIFY_ARENA, object, ObjectHeader.at(object).descriptor);
    const size = extentOf(object);
    if (size > ((fill - object) as u64)) return broken(VERIFY_ARENA, object, fill);
    enqueueVisit(object);
    object += size as usize;
  }
  return true;
}

// ------------------------------------------------------------------------------------------------ reaching

function visitRoots(): bool {
  for (let slot: usize = SHADOW_STACK; slot < shared.shadowTop; slot += 4) {
    if (!visit(slot, load<usize>(slot), RANK_ANY)) return false;
  }
  for (let table = cells.rootTables; table !== 0; table = RangeTable.at(table).next) {
    for (let i: u32 = 0; i < RangeTable.at(table).used; i++) {
      if (!visitRange(table + RANGES_START + (i as usize) * RANGE_SIZE)) return false;
    }
  }
  for (let table = cells.handleTables; table !== 0; table = HandleTable.at(table).next) {
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
  if (cells.promoting !== 0 || object === 0 || !isCollected(object)) return true;
  if (load<u8>(stateAt(object)) & STATE_OLD) return true;
  const card = ((cell - table) as u32) >>> 9;
  const marked = ((load<u8>(table + HANDLE_CARDS + (card >>> 3)) >>> ((card & 7) as u8)) & 1) !== 0;
  return marked || broken(VERIFY_UNREMEMBERED, cell, object);
}

function visitRange(entry: usize): bool {
  const count = RootRange.at(entry).count;
  for (let i: u32 = 0; i < count; i++) {
    const cell = RootRange.at(entry).address + i * RootRange.at(entry).stride;
    if (!visit(cell, load<usize>(cell), RANK_FRAME)) return false;
  }
  return true;
}

/** Visits all that is in the queue, and what it leads to; with `living`, no cycle may be about to free any of that. */
function visitQueue(living: bool): bool {
  while (cells.verifyQueue !== LAST) {
    const object = cells.verifyQueue;
    cells.verifyQueue = load<u32>(linkOf(object));
    if (living && isDoomed(object)) return broken(VERIFY_SNAPSHOT, object, load<usize>(stateAt(object)));
    if (!visitFields(object)) return false;
  }
  return true;
}

/** Visits every address that an object holds. */
function visitFields(object: usize): bool {
  const descriptor = ObjectHeader.at(object).descriptor;
  const rank = rankOf(object);
  const clean = isClean(object);
  noteUse(descriptor);
  const fixed = Descriptor.at(descriptor).fixed as u32;
  for (let i: u32 = 0; i < fixed; i++) {
    const slot = object + offsetAt(descriptor, i);
    if (!visit(object, load<usize>(slot), rank) || !isRemembered(object, clean, slot)) return false;
  }
  const each = Descriptor.at(descriptor).element as u32;
  if (each === 0) return true;
  const stride = Descriptor.at(descriptor).stride;
  let element = object + Descriptor.at(descriptor).size;
  for (let left = ArrayHeader.at(object).length; left > 0; left--) {
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

/**
 * A clean object must not hold the address of a young one: no young collection would find that. It may while the nursery becomes old,
 * and while it is traced.
 */
function isRemembered(holder: usize, clean: bool, slot: usize): bool {
  const address = load<usize>(slot);
  const loose = cells.promoting !== 0 || statistics.tracing !== 0;
  if (!clean || loose || address === 0 || !isCollected(address)) return true;
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
