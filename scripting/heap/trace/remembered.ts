/**
 * The remembered set: the old objects that may hold the address of a young one. An object comes into it by a store
 * (`barrier.ts`) or as it is promoted while it holds an object that ages, and stays in it as long as a young collection
 * finds that it holds one which stays young. Here is what is done with them; `remembered-table.ts` and `cards.ts` say how they
 * are written down.
 */
import { cells } from '../cells.ts';
import {
  FAULT,
  FAULT_AGED_EDGE,
  FAULT_AHEAD,
  FAULT_CARD_AGED,
  FAULT_CARD_SNAPSHOT,
  FAULT_CLEAN,
} from '../fault.ts';
import { PHASE_MARK, STATE_CLEAN, STATE_LOGGED } from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { blockOf } from '../spaces/blocks.ts';
import { sizeOf, stateOf } from '../spaces/object.ts';
import { countWork } from '../spaces/statistics.ts';
import {
  addCard,
  CARDS_END,
  CARDS_START,
  cardBit,
  cardBytes,
  cardShift,
  cardWord,
  cleanCards,
  clearCard,
} from './cards.ts';
import { drain, shadeRange, shadeWhole, TRACE_CYCLE } from './mark.ts';
import {
  BY_CARDS,
  countRemembered,
  firstRemembered,
  forgetRemembered,
  REMEMBERED_ENTRY,
  rememberedAt,
  STAYS,
} from './remembered-table.ts';

/** Work of cleaning all cards of an object, in the units of marking. */
const CLEANING_WORK: u32 = 16;

/** Going through so many bytes of what is remembered, eight elements, is a unit of work: a logarithm. */
const BYTES_SHIFT: u32 = 5;

/**
 * Traces from everything that is remembered; returns how many entries that were, for `cleanRemembered`. What tracing adds
 * lies after them. The mark stack is drained.
 */
export function traceRemembered(): u32 {
  const count = ((cells.rememberedTop - firstRemembered()) / REMEMBERED_ENTRY) as u32;
  countWork(count + (cells.rememberedBytes >>> BYTES_SHIFT));
  for (let i: u32 = 0; i < count; i++) {
    const entry = load<usize>(rememberedAt(i));
    let stays = false;
    if (entry & BY_CARDS) stays = traceCards(entry & ~BY_CARDS);
    else stays = shadeWhole(entry) && FAULT !== FAULT_AGED_EDGE;
    if (stays) store<usize>(rememberedAt(i), entry | STAYS);
    drain();
  }
  return count;
}

/** Takes those of the first `count` entries out that hold nothing young, and makes them clean. */
export function cleanRemembered(count: u32): void {
  if (FAULT === FAULT_CLEAN) {
    forgetRemembered();
    return;
  }
  const end = cells.rememberedTop;
  const after = rememberedAt(count);
  let kept = firstRemembered();
  cells.rememberedBytes = 0;
  for (let entry = firstRemembered(); entry < end; entry += REMEMBERED_ENTRY) {
    const object = load<usize>(entry) & ~STAYS;
    if (entry >= after || load<usize>(entry) !== object) {
      store<usize>(kept, object);
      kept += REMEMBERED_ENTRY;
      countRemembered(object & BY_CARDS ? cardBytes(object & ~BY_CARDS) : sizeOf(object));
    } else {
      clean(object);
    }
  }
  cells.rememberedTop = kept;
  statistics.remembered = ((kept - firstRemembered()) / REMEMBERED_ENTRY) as u32;
}

/** Takes entries out and makes them clean, since nothing young will be left: for about `work` units; returns those done. */
export function cleanSome(work: u32): u32 {
  let done: u32 = 0;
  let top = cells.rememberedTop;
  while (done < work && top > firstRemembered()) {
    top -= REMEMBERED_ENTRY;
    const entry = load<usize>(top) & ~STAYS;
    clean(entry);
    done += entry & BY_CARDS ? CLEANING_WORK : 1;
  }
  cells.rememberedTop = top;
  statistics.remembered = ((top - firstRemembered()) / REMEMBERED_ENTRY) as u32;
  if (top === firstRemembered()) cells.rememberedBytes = 0;
  return done;
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
    const object = load<usize>(entry) & ~STAYS;
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

/** Traces from the cards of an object that were stored into, and says whether any of them stays remembered. */
function traceCards(object: usize): bool {
  const block = blockOf(object);
  const shift = cardShift(block);
  for (let at: usize = CARDS_START; at < CARDS_END; at += 8) {
    let found = load<u64>(block + at);
    while (found !== 0) {
      const card = (((at - CARDS_START) << 3) + (ctz(found) as usize)) as u32;
      const young = shadeRange(object, card << shift, (card + 1) << shift);
      drain();
      if (!young || FAULT === FAULT_CARD_AGED) clearCard(block, block + at, cardBit(card));
      found &= found - 1;
    }
  }
  return BlockHeader.at(block).cards !== 0;
}
