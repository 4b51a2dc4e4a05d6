/**
 * The table of the remembered set: which old objects may hold the address of a young one.
 *
 *     table: run of work blocks, [block header][object][object] ...; grows by moving to one twice as long
 *     BY_CARDS is added to a large object's: of it only some cards are remembered, and it stays clean (`cards.ts`)
 *     STAYS is added, while a young collection runs, where it has found that something young is held
 *
 * Invariant: an old object that is not clean is in the table, or REMEMBERED_LOST is set; no clean one is, but by cards.
 */
import {
  AHEAD_END,
  AHEAD_NEXT,
  REMEMBERED_BASE,
  REMEMBERED_BYTES,
  REMEMBERED_LIMIT,
  REMEMBERED_LOST,
  REMEMBERED_TOP,
} from '../cells.ts';
import { FAULT, FAULT_AHEAD_STALE } from '../fault.ts';
import { BLOCK_SHIFT, BLOCK_WORK, STATE_CLEAN, STATS_REMEMBERED } from '../layout.ts';
import { BLOCK_RUN, freeBlocks, takeBlocks } from '../spaces/blocks.ts';
import { sizeOf, stateOf } from '../spaces/object.ts';

/** Room for the header that `takeBlocks` writes. */
export const TABLE_START: usize = 16;
export const REMEMBERED_ENTRY: usize = 4;
export const STAYS: usize = 1;
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
  store<usize>(REMEMBERED_TOP, top + REMEMBERED_ENTRY);
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

/** Keeps in mind what is remembered now, for `logAhead`. */
export function noteAhead(): void {
  store<usize>(AHEAD_NEXT, firstRemembered());
  store<usize>(AHEAD_END, load<usize>(REMEMBERED_TOP));
}

/** Nothing is to be logged ahead: the objects are about to be freed or to move, or the table is. */
export function forgetAhead(): void {
  if (FAULT === FAULT_AHEAD_STALE) return;
  store<usize>(AHEAD_NEXT, 0);
  store<usize>(AHEAD_END, 0);
}

/** Empties the set, when a full collection has made every survivor clean; its sweeping cleans the cards. */
export function forgetRemembered(): void {
  store<usize>(REMEMBERED_TOP, firstRemembered());
  store<u32>(REMEMBERED_LOST, 0);
  store<u32>(REMEMBERED_BYTES, 0);
  store<u32>(STATS_REMEMBERED, 0);
  forgetAhead();
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

/** Where the table's entries begin; 0 where there is none. */
export function firstRemembered(): usize {
  const base = load<usize>(REMEMBERED_BASE);
  return base === 0 ? 0 : base + TABLE_START;
}

export function rememberedAt(index: u32): usize {
  return firstRemembered() + (index as usize) * REMEMBERED_ENTRY;
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
