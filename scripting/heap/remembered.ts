/**
 * The remembered set: the old objects that may hold the address of a young one. An object comes into it by a store
 * (`barrier.ts`) or as it is promoted while it holds an object that ages, and stays in it as long as a young collection
 * finds that it holds one which stays young.
 *
 *     table: run of work blocks, [block header][object][object] ...; grows by moving to one twice as long
 *     BY_CARDS is added to a large object's: of it only some cards are remembered, and it stays clean (`cards.ts`)
 *     STAYS is added, while a young collection runs, where it has found that something young is held
 *
 * Invariant: an old object that is not clean is in the table, or REMEMBERED_LOST is set; no clean one is, but by cards.
 */
import { BLOCK_RUN, blockOf, freeBlocks, takeBlocks } from './blocks.ts';
import { cardBytes, cleanCards, traceCards } from './cards.ts';
import {
  AHEAD_END,
  AHEAD_NEXT,
  REMEMBERED_BASE,
  REMEMBERED_BYTES,
  REMEMBERED_LIMIT,
  REMEMBERED_LOST,
  REMEMBERED_TOP,
  TRACE,
} from './cells.ts';
import { FAULT, FAULT_AGED_EDGE, FAULT_AHEAD, FAULT_AHEAD_STALE, FAULT_CLEAN } from './fault.ts';
import { BLOCK_SHIFT, BLOCK_WORK, STATE_CLEAN, STATE_LOGGED, STATS_REMEMBERED } from './layout.ts';
import { drain, shadeWhole, TRACE_CYCLE } from './mark.ts';
import { sizeOf, stateOf } from './object.ts';
import { countWork } from './statistics.ts';

/** Room for the header that `takeBlocks` writes. */
export const TABLE_START: usize = 16;
const ENTRY_SIZE: usize = 4;
export const STAYS: usize = 1;
/** Work of cleaning all cards of an object, in the units of marking. */
const CLEANING_WORK: u32 = 16;
/** Going through so many bytes of what is remembered, eight elements, is a unit of work: a logarithm. */
const BYTES_SHIFT: u32 = 5;
export const BY_CARDS: usize = 2;

/** Adds an object that is not clean any more, or one of which a card is not. */
export function addRemembered(object: usize): void {
  if (!(object & BY_CARDS)) countRemembered(sizeOf(object));
  store<u32>(STATS_REMEMBERED, load<u32>(STATS_REMEMBERED) + 1);
  if (load<usize>(REMEMBERED_TOP) === load<usize>(REMEMBERED_LIMIT) && !enlarge()) {
    store<u32>(REMEMBERED_LOST, 1);
    return;
  }
  const top = load<usize>(REMEMBERED_TOP);
  store<usize>(top, object);
  store<usize>(REMEMBERED_TOP, top + ENTRY_SIZE);
}

/** Counts bytes that the next young collection goes through. */
export function countRemembered(bytes: u32): void {
  store<u32>(REMEMBERED_BYTES, load<u32>(REMEMBERED_BYTES) + bytes);
}

/** Adds a clean object that a young collection has made old, and that holds one which stays young. */
export function rememberPromoted(object: usize): void {
  const state = stateOf(object);
  store<u8>(state, load<u8>(state) & ~(STATE_CLEAN as u8));
  addRemembered(object);
}

/**
 * Traces from everything that is remembered; gives how many entries that were, for `cleanRemembered`. What tracing adds
 * lies behind them. The mark stack is drained.
 */
export function traceRemembered(): u32 {
  const count = ((load<usize>(REMEMBERED_TOP) - start()) / ENTRY_SIZE) as u32;
  countWork(count + (load<u32>(REMEMBERED_BYTES) >>> BYTES_SHIFT));
  for (let i: u32 = 0; i < count; i++) {
    const entry = load<usize>(entryAt(i));
    let stays = false;
    if (entry & BY_CARDS) stays = traceCards(entry & ~BY_CARDS);
    else stays = shadeWhole(entry) && FAULT !== FAULT_AGED_EDGE;
    if (stays) store<usize>(entryAt(i), entry | STAYS);
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
  const end = load<usize>(REMEMBERED_TOP);
  const behind = entryAt(count);
  let kept = start();
  store<u32>(REMEMBERED_BYTES, 0);
  for (let entry = start(); entry < end; entry += ENTRY_SIZE) {
    const object = load<usize>(entry) & ~STAYS;
    if (entry >= behind || load<usize>(entry) !== object) {
      store<usize>(kept, object);
      kept += ENTRY_SIZE;
      countRemembered(object & BY_CARDS ? cardBytes(object & ~BY_CARDS) : sizeOf(object));
    } else {
      clean(object);
    }
  }
  store<usize>(REMEMBERED_TOP, kept);
  store<u32>(STATS_REMEMBERED, ((kept - start()) / ENTRY_SIZE) as u32);
}

/** Takes entries out and makes them clean, since nothing young will be left: for about `work` units; gives those done. */
export function cleanSome(work: u32): u32 {
  let done: u32 = 0;
  let top = load<usize>(REMEMBERED_TOP);
  while (done < work && top > start()) {
    top -= ENTRY_SIZE;
    const entry = load<usize>(top) & ~STAYS;
    clean(entry);
    done += entry & BY_CARDS ? CLEANING_WORK : 1;
  }
  store<usize>(REMEMBERED_TOP, top);
  store<u32>(STATS_REMEMBERED, ((top - start()) / ENTRY_SIZE) as u32);
  if (top === start()) store<u32>(REMEMBERED_BYTES, 0);
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

/** Keeps in mind what is remembered now, for `logAhead`. */
export function noteAhead(): void {
  store<usize>(AHEAD_NEXT, start());
  store<usize>(AHEAD_END, load<usize>(REMEMBERED_TOP));
}

/** Nothing is to be logged ahead: the objects are about to be freed or to move, or the table is. */
export function forgetAhead(): void {
  if (FAULT === FAULT_AHEAD_STALE) return;
  store<usize>(AHEAD_NEXT, 0);
  store<usize>(AHEAD_END, 0);
}

/**
 * Shades, for about `work` units, what those objects hold that were remembered last: games store into the same objects frame
 * after frame, and the barrier need not do it in a frame then. Gives the units done. The entries lie in a part of the table
 * that is in use anew, so an object may be a later one; either is old, and not freed before the cycle sweeps. What has died
 * before the cycle began is freed by it all the same, but what that holds only by the next.
 */
export function logAhead(work: u32): u32 {
  let done: u32 = 0;
  let entry = load<usize>(AHEAD_NEXT);
  const end = load<usize>(AHEAD_END);
  for (; done < work && entry < end; entry += ENTRY_SIZE) {
    const object = load<usize>(entry) & ~STAYS;
    done++;
    if (object & BY_CARDS || load<u8>(stateOf(object)) & STATE_LOGGED) continue;
    done += sizeOf(object) >>> BYTES_SHIFT;
    if (FAULT === FAULT_AHEAD) store<u8>(stateOf(object), load<u8>(stateOf(object)) | (STATE_LOGGED as u8));
    logWhole(object);
  }
  store<usize>(AHEAD_NEXT, entry);
  return done;
}

/** Shades all that an object holds, at most once in a cycle. */
export function logWhole(object: usize): void {
  const state = stateOf(object);
  if (load<u8>(state) & STATE_LOGGED) return;
  store<u8>(state, load<u8>(state) | (STATE_LOGGED as u8));
  store<u32>(TRACE, TRACE_CYCLE);
  shadeWhole(object);
}

/** Empties the set, when a full collection has made every survivor clean; its sweeping cleans the cards. */
export function forgetRemembered(): void {
  store<usize>(REMEMBERED_TOP, start());
  store<u32>(REMEMBERED_LOST, 0);
  store<u32>(REMEMBERED_BYTES, 0);
  store<u32>(STATS_REMEMBERED, 0);
  forgetAhead();
}

/** Where the table's entries begin; 0 where there is none. */
function start(): usize {
  const base = load<usize>(REMEMBERED_BASE);
  return base === 0 ? 0 : base + TABLE_START;
}

function entryAt(index: u32): usize {
  return start() + (index as usize) * ENTRY_SIZE;
}

/** Gives the table's memory back; the set must be empty. */
export function releaseRemembered(): void {
  const base = load<usize>(REMEMBERED_BASE);
  if (base === 0) return;
  forgetAhead();
  freeBlocks(base, load<u32>(base, BLOCK_RUN));
  store<usize>(REMEMBERED_BASE, 0);
  store<usize>(REMEMBERED_TOP, 0);
  store<usize>(REMEMBERED_LIMIT, 0);
}

function enlarge(): bool {
  const base = load<usize>(REMEMBERED_BASE);
  const blocks = base === 0 ? 0 : load<u32>(base, BLOCK_RUN);
  const run = takeBlocks(max(blocks << 1, 1), BLOCK_WORK, BLOCK_WORK);
  if (run === 0) return false;
  const bytes = base === 0 ? 0 : load<usize>(REMEMBERED_TOP) - (base + TABLE_START);
  if (base !== 0) {
    memory.copy(run + TABLE_START, base + TABLE_START, bytes);
    freeBlocks(base, blocks);
    forgetAhead();
  }
  store<usize>(REMEMBERED_BASE, run);
  store<usize>(REMEMBERED_TOP, run + TABLE_START + bytes);
  store<usize>(REMEMBERED_LIMIT, run + ((load<u32>(run, BLOCK_RUN) as usize) << BLOCK_SHIFT));
  return true;
}
