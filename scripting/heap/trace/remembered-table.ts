/**
 * The table of the remembered set: which old objects may hold the address of a young one.
 *
 *     table: run of work blocks, [block header][object][object] ...; grows by moving to one twice as long
 *     BY_CARDS is added to a large object's: of it only some cards are remembered, and it stays clean (`cards.ts`)
 *     between two portions of a young collection there is a gap in it: the entries that it has gone through and taken out
 *
 * Invariant: an old object that is not clean is in the table; no clean one is, but by cards.
 *
 * Where the table cannot grow that does not hold: `rememberedLost` is set. The next young collection then lets what is young become
 * old as it stands and goes through all blocks to make what is old clean (`cleanNext`), in slices. No edge can have been missed
 * by that: nothing is traced meanwhile, and at its end nothing is young. What a script stores into in between is remembered as
 * ever; where there is no room for that either, it stays clean, since what it holds is becoming old as well.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_AHEAD_STALE, FAULT_LOST_ROOM } from '../fault.ts';
import { BLOCK_SHIFT, BLOCK_WORK, STATE_CLEAN, STRESS_OVERFLOW } from '../layout.ts';
import { shared, statistics } from '../shared-cells.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { freeBlocks, takeBlocks } from '../spaces/blocks.ts';
import { sizeOf, stateOf } from '../spaces/object.ts';

/** Room for the header that `takeBlocks` writes. */
export const TABLE_START: usize = 16;
export const REMEMBERED_ENTRY: usize = 4;
export const BY_CARDS: usize = 2;
/** Entries that the table has under STRESS_OVERFLOW. */
const STRESSED_ENTRIES: usize = 12;

/**
 * Adds an object that is not to be clean any more, or one of which a card is not. False where there is no room for it and it has to
 * stay clean.
 */
export function addRemembered(object: usize): bool {
  const top = cells.rememberedTop;
  const isLost = top === cells.rememberedLimit && (!isRememberedWhole() || !enlarge());
  if (isLost && cells.cleanNext !== 0) return FAULT === FAULT_LOST_ROOM;
  if (!(object & BY_CARDS)) countRemembered(sizeOf(object));
  statistics.remembered++;
  if (isLost) {
    cells.rememberedLost = 1;
  } else {
    // It may lie elsewhere now.
    const entry = cells.rememberedTop;
    store<usize>(entry, object);
    cells.rememberedTop = entry + REMEMBERED_ENTRY;
  }
  return true;
}

/** Whether all that is not clean is in the table. */
export function isRememberedWhole(): bool {
  return cells.rememberedLost === 0 && cells.cleanNext === 0;
}

/** Counts bytes that the next young collection goes through. */
export function countRemembered(bytes: u32): void {
  cells.rememberedBytes += bytes;
}

/** It goes through so many less. */
export function uncountRemembered(bytes: u32): void {
  cells.rememberedBytes -= bytes;
}

/** Adds a clean object that a young collection has made old, and that holds one which stays young. */
export function rememberPromoted(object: usize): void {
  const state = stateOf(object);
  if (addRemembered(object)) store<u8>(state, load<u8>(state) & ~(STATE_CLEAN as u8));
}

/** Keeps in mind what is remembered now, for `logAhead`. */
export function noteAhead(): void {
  cells.aheadNext = firstRemembered();
  cells.aheadEnd = cells.rememberedTop;
}

/** Nothing is to be logged ahead: the objects are about to be freed or to move, or the table is. */
export function forgetAhead(): void {
  if (FAULT === FAULT_AHEAD_STALE) return;
  cells.aheadNext = 0;
  cells.aheadEnd = 0;
}

/** Empties the set, when a full collection has made every survivor clean; its sweeping cleans the cards. */
export function forgetRemembered(): void {
  cells.rememberedTop = firstRemembered();
  cells.rememberedLost = 0;
  cells.cleanNext = 0;
  cells.rememberedBytes = 0;
  statistics.remembered = 0;
  forgetAhead();
}

/** Gives the table's memory back; the set must be empty. */
export function releaseRemembered(): void {
  const base = cells.rememberedBase;
  if (base === 0) return;
  forgetAhead();
  freeBlocks(base, BlockHeader.at(base).run);
  cells.rememberedBase = 0;
  cells.rememberedTop = 0;
  cells.rememberedLimit = 0;
}

/** Where the table's entries begin; 0 where there is none. */
export function firstRemembered(): usize {
  const base = cells.rememberedBase;
  return base === 0 ? 0 : base + TABLE_START;
}

export function rememberedAt(index: u32): usize {
  return firstRemembered() + (index as usize) * REMEMBERED_ENTRY;
}

function enlarge(): bool {
  const base = cells.rememberedBase;
  const stressed = (shared.stress & STRESS_OVERFLOW) !== 0;
  if (stressed && base !== 0) return false;
  const blocks = base === 0 ? 0 : BlockHeader.at(base).run;
  const run = takeBlocks(max(blocks << 1, 1), BLOCK_WORK, BLOCK_WORK);
  if (run === 0) return false;
  const bytes = base === 0 ? 0 : cells.rememberedTop - (base + TABLE_START);
  if (base !== 0) {
    memory.copy(run + TABLE_START, base + TABLE_START, bytes);
    freeBlocks(base, blocks);
    forgetAhead();
  }
  cells.rememberedBase = run;
  cells.rememberedTop = run + TABLE_START + bytes;
  const room = (BlockHeader.at(run).run as usize) << BLOCK_SHIFT;
  cells.rememberedLimit = run + (stressed ? TABLE_START + STRESSED_ENTRIES * REMEMBERED_ENTRY : room);
  return true;
}
