/**
 * The verifier's fourth step: the nursery and the remembered set. Each trusts that blocks and objects are sane.
 */
import { AHEAD_NEXT, cells, MARK_FLOOR, REMEMBERED_BYTES, YOUNG_BLOCKS } from '../cells.ts';
import {
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_MASK,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  FIRST_BLOCK,
  GRANULE_SHIFT,
  LINE_SHIFT,
  PHASE_SWEEP,
  STATE_AGED,
  STATE_CLEAN,
  STATE_MARKED,
  STATE_OLD,
  STATS_CARDS,
  STATS_REMEMBERED,
  VERIFY_REMEMBERED,
  VERIFY_YOUNG,
} from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BLOCK_AGED_LINES, BLOCK_YOUNG_LINES, BlockHeader } from '../spaces/block-header.ts';
import { CARDS_END, CARDS_START, cardShift } from '../trace/cards.ts';
import { BY_CARDS, TABLE_START } from '../trace/remembered-table.ts';
import { broken } from './verdict.ts';
import { extentOf, stateAt } from './verify-visiting.ts';

/** The lowest bits of eight states, and their AGED bits. */
const EACH_STATE: u64 = u64.MAX_VALUE / 0xff;
const AGED: u64 = EACH_STATE * STATE_AGED;
const SET_SIZE: usize = 64;
/** The step of `collect/young-trace.ts` that goes through the remembered set. */
const STEP_REMEMBERED: u32 = 4;

export function verifyYoung(): bool {
  return verifyMarkStack() && verifyYoungBlocks() && verifyRemembered() && verifyAhead();
}

function kindAt(address: usize): u32 {
  return load<u8>(BLOCK_TABLE + (address >>> BLOCK_SHIFT));
}

/** A floor is in the mark stack only while a young collection traces beside a cycle; it lies in what is used of it. */
function verifyMarkStack(): bool {
  const floor = cells.markFloor;
  const sound =
    floor === 0 || (statistics.tracing !== 0 && floor <= ((cells.markTop - cells.markBase) as u32));
  return sound || broken(VERIFY_YOUNG, MARK_FLOOR, floor);
}

/** Exactly the blocks with young lines are listed, and what is aged lies in such lines and is nothing else. */
function verifyYoungBlocks(): bool {
  let listed: u32 = 0;
  const reclaimed = statistics.tracing === 0 ? 0 : cells.reclaimNext;
  for (let list = 0; list < 2; list++) {
    let block = list === 0 ? cells.youngBlocks : reclaimed;
    for (; block !== 0; block = BlockHeader.at(block).youngNext) {
      if (kindAt(block) !== BLOCK_OBJECTS || ++listed > cells.blocksEnd)
        return broken(VERIFY_YOUNG, YOUNG_BLOCKS, block);
    }
  }
  for (let index: u32 = FIRST_BLOCK; index < cells.blocksEnd; index++) {
    const block = (index as usize) << BLOCK_SHIFT;
    if (kindAt(block) !== BLOCK_OBJECTS) continue;
    const young = !isEmptySet(block + BLOCK_YOUNG_LINES);
    if (young !== (BlockHeader.at(block).young !== 0)) return broken(VERIFY_YOUNG, block, 0);
    if (!isEmptySet(block + BLOCK_AGED_LINES)) return broken(VERIFY_YOUNG, block, BLOCK_AGED_LINES);
    if (young) listed--;
    if (!verifyAged(block)) return false;
  }
  return listed === 0 || broken(VERIFY_YOUNG, YOUNG_BLOCKS, listed);
}

function isEmptySet(lines: usize): bool {
  let all: u64 = 0;
  for (let at: usize = 0; at < SET_SIZE; at += 8) all |= load<u64>(lines + at);
  return all === 0;
}

function verifyAged(block: usize): bool {
  // What a young collection has reached that traces, or has given up.
  const marks = (statistics.tracing !== 0 || cells.promoting !== 0 ? STATE_MARKED : 0) as u8;
  for (let word = block + BLOCK_HEADER_SIZE; word < block + BLOCK_DATA; word += 8) {
    if ((load<u64>(word) & AGED) === 0) continue;
    for (let state = word; state < word + 8; state++) {
      if (!(load<u8>(state) & STATE_AGED)) continue;
      const line = ((state - block) >>> (LINE_SHIFT - GRANULE_SHIFT)) as u32;
      const young = (load<u32>(block + BLOCK_YOUNG_LINES + ((line >>> 5) << 2)) >>> (line & 31)) & 1;
      const found = load<u8>(state) & ~marks;
      if (found !== STATE_AGED || young === 0) return broken(VERIFY_YOUNG, block, state);
    }
  }
  return true;
}

/**
 * What is remembered is an old object that is not clean, or a large one that is clean but for some cards; as many of each as
 * the statistics and the blocks say, and no other object is not clean, and of as many bytes as the next young collection is reckoned to go through.
 */
function verifyRemembered(): bool {
  const base = cells.rememberedBase;
  if (base === 0) return statistics.cards === 0 || broken(VERIFY_REMEMBERED, STATS_CARDS, 0);
  let entries: u32 = 0;
  let whole: u32 = 0;
  let cards: u32 = 0;
  let bytes: u64 = 0;
  const first = base + TABLE_START;
  for (let entry = first; entry < cells.rememberedTop; entry += 4) {
    if (isTakenOut(((entry - first) >>> 2) as u32)) continue;
    const object = load<usize>(entry) & ~BY_CARDS;
    const kind = kindAt(object);
    if (kind !== BLOCK_OBJECTS && kind !== BLOCK_LARGE) return broken(VERIFY_REMEMBERED, entry, object);
    const state = load<u8>(stateAt(object));
    const wanted = object === load<usize>(entry) ? STATE_OLD : STATE_OLD | STATE_CLEAN;
    if ((state & (STATE_OLD | STATE_CLEAN)) !== wanted) return broken(VERIFY_REMEMBERED, entry, object);
    if (wanted === STATE_OLD) {
      whole++;
      bytes += extentOf(object);
    } else {
      const block = object & ~BLOCK_MASK;
      cards += BlockHeader.at(block).cards;
      bytes += (BlockHeader.at(block).cards as u64) << cardShift(block);
    }
    entries++;
  }
  const counted = statistics.remembered;
  if (cells.rememberedLost !== 0 || cells.cleanNext !== 0) return true;
  if (cards !== statistics.cards || cards !== countCards())
    return broken(VERIFY_REMEMBERED, STATS_CARDS, cards);
  if (cells.promoting === 0 && bytes !== (cells.rememberedBytes as u64))
    return broken(VERIFY_REMEMBERED, REMEMBERED_BYTES, bytes as u32);
  if (whole !== countNotClean()) return broken(VERIFY_REMEMBERED, STATS_REMEMBERED, whole);
  return entries === counted || broken(VERIFY_REMEMBERED, STATS_REMEMBERED, entries);
}

/** Whether a young collection that traces has gone through an entry, and taken it out or moved it. */
function isTakenOut(index: u32): bool {
  return statistics.tracing === STEP_REMEMBERED && index >= cells.traceKept && index < cells.traceIndex;
}

/**
 * What the cycle logs ahead are entries of the table, or of the part of it that was in use before: old objects, whether or not
 * they are alive. While a cycle frees some there are none.
 */
function verifyAhead(): bool {
  const base = cells.rememberedBase;
  const end = cells.aheadEnd;
  let entry = cells.aheadNext;
  if (entry === end) return true;
  const inTable = base !== 0 && entry >= base + TABLE_START && end <= cells.rememberedLimit;
  if (!inTable || entry > end || statistics.phase === PHASE_SWEEP)
    return broken(VERIFY_REMEMBERED, AHEAD_NEXT, entry);
  for (; entry < end; entry += 4) {
    const object = load<usize>(entry) & ~BY_CARDS;
    const kind = kindAt(object);
    const collected = kind === BLOCK_OBJECTS || kind === BLOCK_LARGE;
    if (!collected || !(load<u8>(stateAt(object)) & STATE_OLD))
      return broken(VERIFY_REMEMBERED, entry, object);
  }
  return true;
}

/** Old objects that are not clean, in all blocks. */
function countNotClean(): u32 {
  let count: u32 = 0;
  for (let index: u32 = FIRST_BLOCK; index < cells.blocksEnd; index++) {
    const block = (index as usize) << BLOCK_SHIFT;
    if (kindAt(block) !== BLOCK_OBJECTS) continue;
    for (let word = block + BLOCK_HEADER_SIZE; word < block + BLOCK_DATA; word += 8) {
      const states = load<u64>(word);
      count += popcnt((states / STATE_OLD) & ~(states / STATE_CLEAN) & EACH_STATE) as u32;
    }
  }
  return count;
}

/** Cards that are marked, in all large objects. */
function countCards(): u32 {
  let count: u32 = 0;
  for (let index: u32 = FIRST_BLOCK; index < cells.blocksEnd; index++) {
    const block = (index as usize) << BLOCK_SHIFT;
    if (kindAt(block) !== BLOCK_LARGE) continue;
    for (let at: usize = CARDS_START; at < CARDS_END; at += 8) count += popcnt(load<u64>(block + at)) as u32;
  }
  return count;
}
