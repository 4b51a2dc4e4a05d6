/**
 * The remembered set: the old objects that may hold the address of a young one. An object comes into it by a store
 * (`barrier.ts`) or as it is promoted while it holds an object that ages, and stays in it as long as each young collection
 * comes through it to one that was young, whether or not that is promoted: games store into the same objects frame after frame,
 * and those do not take the barrier's slow path again each time. Here is what is done with them; `remembered-table.ts` and
 * `cards.ts` say how they are written down.
 *
 * Invariant: a cycle begins, and sweeps, beside an empty set, since the young collection before makes all of it clean. So what
 * is in the set while one marks came into it since, and was logged then: its further stores need not come to the barrier. What
 * has died in the set is not freed before it has left it.
 */
import { cells } from '../cells.ts';
import {
  FAULT,
  FAULT_AGED_EDGE,
  FAULT_AHEAD,
  FAULT_CARD_AGED,
  FAULT_CARD_SNAPSHOT,
  FAULT_CLEAN,
  FAULT_LOST_CARDS,
  FAULT_LOST_CLEAN,
  FAULT_TRACE_REMEMBERED,
} from '../fault.ts';
import {
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  FIRST_BLOCK,
  PHASE_MARK,
  STATE_CLEAN,
  STATE_LOGGED,
  STATE_OLD,
} from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { blockOf } from '../spaces/blocks.ts';
import { EACH_GRANULE, sizeOf, stateOf } from '../spaces/object.ts';
import {
  addCard,
  CARDS_END,
  CARDS_START,
  cardBit,
  cardShift,
  cardWord,
  cleanCards,
  clearCard,
} from './cards.ts';
import { shadeRange, shadeWhole, TRACE_CYCLE } from './mark.ts';
import {
  BY_CARDS,
  firstRemembered,
  isRememberedWhole,
  REMEMBERED_ENTRY,
  rememberedAt,
  uncountRemembered,
} from './remembered-table.ts';

/** Work of cleaning all cards of an object, in the units of marking. */
const CLEANING_WORK: u32 = 16;
/** Work of making all of a block clean. */
const BLOCK_CLEANING_WORK: u32 = 32;

/** Going through so many bytes of what is remembered, eight elements, is a unit of work: a logarithm. */
const BYTES_SHIFT: u32 = 5;

const NO_CARD: u32 = u32.MAX_VALUE;

/** A young collection begins to trace from what is remembered. What tracing adds lies after that, and needs no visit. */
export function beginRemembered(): void {
  cells.traceCount = ((cells.rememberedTop - firstRemembered()) / REMEMBERED_ENTRY) as u32;
  cells.traceIndex = 0;
  cells.traceInner = 0;
  cells.traceKept = 0;
}

/** Whether it has come to the last entry. */
export function isRememberedTraced(): bool {
  return cells.traceIndex === cells.traceCount;
}

/**
 * Traces from the next entry, or the next card of one, the mark stack being empty; returns the units of work. Where nothing stays
 * young that it holds, it becomes clean at once: if the collection gives up, all that is young becomes old.
 */
export function traceNextRemembered(): u32 {
  const entry = load<usize>(rememberedAt(cells.traceIndex));
  let stays = false;
  let done: u32 = 1;
  if (entry & BY_CARDS) {
    const object = entry & ~BY_CARDS;
    const card = nextCard(object, cells.traceInner);
    if (card !== NO_CARD) {
      cells.traceInner = card + 1;
      return done + traceCard(object, card);
    }
    cells.traceInner = 0;
    stays = BlockHeader.at(blockOf(object)).cards !== 0;
  } else {
    done += sizeOf(entry) >>> BYTES_SHIFT;
    cells.reachedYoung = 0;
    const young = shadeWhole(entry);
    stays = (young || staysForNext()) && FAULT !== FAULT_AGED_EDGE;
  }
  cells.traceIndex++;
  if (stays) {
    store<usize>(rememberedAt(cells.traceKept), entry);
    cells.traceKept++;
  } else {
    uncountRemembered(entry & BY_CARDS ? 0 : sizeOf(entry));
    statistics.remembered--;
    if (FAULT !== FAULT_CLEAN) clean(entry);
  }
  return done;
}

/** Whether what was just shaded stays remembered although nothing in it stays young, because something in it was young. */
function staysForNext(): bool {
  return cells.staying !== 0 && cells.reachedYoung !== 0;
}

/**
 * All entries have been gone through, or the collection gives up: those that stay, those that it did not come to and those that
 * tracing has added follow one another again.
 */
export function closeRemembered(): void {
  const index = cells.traceIndex;
  const isCut = index < cells.traceCount && (load<usize>(rememberedAt(index)) & BY_CARDS) !== 0;
  // The object whose cards it is in the midst of may have none left.
  if (isCut && BlockHeader.at(blockOf(load<usize>(rememberedAt(index)))).cards === 0) {
    cells.traceIndex = index + 1;
    statistics.remembered--;
  }
  const left = rememberedAt(FAULT === FAULT_TRACE_REMEMBERED ? cells.traceCount : cells.traceIndex);
  const kept = rememberedAt(cells.traceKept);
  const bytes = cells.rememberedTop - left;
  memory.copy(kept, left, bytes);
  cells.rememberedTop = kept + bytes;
}

/** Takes entries out and makes them clean, since nothing young will be left: for about `work` units; returns those done. */
export function cleanSome(work: u32): u32 {
  let done: u32 = 0;
  let top = cells.rememberedTop;
  while (done < work && top > firstRemembered()) {
    top -= REMEMBERED_ENTRY;
    const entry = load<usize>(top);
    clean(entry);
    done += entry & BY_CARDS ? CLEANING_WORK : 1;
  }
  cells.rememberedTop = top;
  statistics.remembered = ((top - firstRemembered()) / REMEMBERED_ENTRY) as u32;
  if (top === firstRemembered()) cells.rememberedBytes = 0;
  return done;
}

/**
 * Where remembered objects found no place, and the table is empty: makes all that is old clean, for about `work` units; returns those
 * done. `isRememberedWhole` holds at the end.
 */
export function cleanLostSome(work: u32): u32 {
  if (isRememberedWhole()) return 0;
  if (cells.cleanNext === 0) {
    cells.rememberedLost = 0;
    cells.cleanNext = FIRST_BLOCK;
  }
  const end: u32 = FAULT === FAULT_LOST_CLEAN ? 0 : cells.blocksEnd;
  let done: u32 = 0;
  let index = cells.cleanNext;
  while (index < end && done < work) {
    const kind = load<u8>(BLOCK_TABLE + (index as usize));
    const block = (index as usize) << BLOCK_SHIFT;
    if (kind === BLOCK_OBJECTS) cleanBlock(block);
    else if (kind === BLOCK_LARGE && FAULT !== FAULT_LOST_CARDS) cleanCards(block);
    done += kind === BLOCK_OBJECTS || kind === BLOCK_LARGE ? BLOCK_CLEANING_WORK : 1;
    index++;
  }
  cells.cleanNext = index < end ? index : 0;
  return done;
}

function cleanBlock(block: usize): void {
  for (let states = block + BLOCK_HEADER_SIZE; states < block + BLOCK_DATA; states += 8) {
    const found = load<u64>(states);
    store<u64>(states, found | (((found / STATE_OLD) & EACH_GRANULE) * STATE_CLEAN));
  }
}

/** Makes what an entry stands for clean. */
function clean(entry: usize): void {
  if (entry & BY_CARDS) {
    cleanCards(blockOf(entry));
  } else {
    const state = stateOf(entry);
    store<u8>(state, load<u8>(state) | (STATE_CLEAN as u8));
  }
}

/**
 * Shades, for about `work` units, what those objects hold that were remembered last: games store into the same objects frame
 * after frame, and the barrier need not do it in a frame then. Returns the units done. The entries lie in a part of the table
 * that is in use anew, so an object may be a later one; either is old, and not freed before the cycle sweeps. What has died
 * before the cycle began is freed by it all the same, but what that holds only by the next.
 */
export function logAhead(work: u32): u32 {
  let done: u32 = 0;
  let entry = cells.aheadNext;
  const end = cells.aheadEnd;
  for (; done < work && entry < end; entry += REMEMBERED_ENTRY) {
    const object = load<usize>(entry);
    done++;
    if (object & BY_CARDS || load<u8>(stateOf(object)) & STATE_LOGGED) continue;
    done += sizeOf(object) >>> BYTES_SHIFT;
    if (FAULT === FAULT_AHEAD) store<u8>(stateOf(object), load<u8>(stateOf(object)) | (STATE_LOGGED as u8));
    logWhole(object);
  }
  cells.aheadNext = entry;
  return done;
}

/** Logs an object: shades all that it holds, at most once in a cycle. Young objects in it are none of the snapshot's. */
export function logWhole(object: usize): void {
  const state = stateOf(object);
  if (load<u8>(state) & STATE_LOGGED) return;
  store<u8>(state, load<u8>(state) | (STATE_LOGGED as u8));
  cells.trace = TRACE_CYCLE;
  shadeWhole(object);
}

/**
 * Remembers cards, and shades what they hold while a cycle marks: before stores of addresses into `bytes` bytes of an old large
 * object, from `offset` on.
 */
export function rememberCards(object: usize, offset: u32, bytes: u32): void {
  const block = blockOf(object);
  const shift = cardShift(block);
  const last = (offset + bytes - 1) >>> shift;
  for (let card = offset >>> shift; card <= last; card++) {
    const word = cardWord(block, card);
    const bit = cardBit(card);
    if (load<u64>(word) & bit) continue;
    if (FAULT !== FAULT_CARD_SNAPSHOT && statistics.phase === PHASE_MARK) {
      cells.trace = TRACE_CYCLE;
      shadeRange(object, card << shift, (card + 1) << shift);
    }
    addCard(block, word, bit);
  }
}

/** The first card of an object, from `from` on, that was stored into; NO_CARD where there is none. */
function nextCard(object: usize, from: u32): u32 {
  const block = blockOf(object);
  let mask: u64 = u64.MAX_VALUE << ((from & 63) as u64);
  for (let at = cardWord(block, from); at < block + CARDS_END; at += 8) {
    const found = load<u64>(at) & mask;
    if (found !== 0) return (((at - block - CARDS_START) << 3) + (ctz(found) as usize)) as u32;
    mask = u64.MAX_VALUE;
  }
  return NO_CARD;
}

/** Traces from a card, which becomes clean where nothing stays young that it holds; returns the units of work. */
function traceCard(object: usize, card: u32): u32 {
  const block = blockOf(object);
  const shift = cardShift(block);
  cells.reachedYoung = 0;
  const young = shadeRange(object, card << shift, (card + 1) << shift);
  if (!(young || staysForNext()) || FAULT === FAULT_CARD_AGED) {
    clearCard(block, cardWord(block, card), cardBit(card));
    uncountRemembered(1 << shift);
  }
  return (1 << shift) >>> BYTES_SHIFT;
}
