/**
 * Handles: cells in static memory that keep an object alive for JavaScript. A handle is its cell's address; the cell holds
 * the object's address, so that the host reads where the object is straight from memory.
 *
 *     cell in use:              address of an object (a multiple of 16), or 0
 *     free cell:                address of the next free cell, or 0, plus the tag 1
 *
 * There can be many thousands, so that a young collection visits only cards of 512 bytes in which a handle was made since
 * the last one, or that held something young then: their bits are set. A cycle goes through the tables while it marks, one at
 * a time; what a handle held that is freed meanwhile is shaded, as it belongs to the snapshot.
 *
 * Invariant: a cell whose card's bit is clear holds no address of a young object.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_HANDLE_CARD, FAULT_HANDLE_FREED } from '../fault.ts';
import { BLOCK_MASK, BLOCK_SIZE, BLOCK_STATIC, GRANULE_MASK, PHASE_MARK } from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { blockOf, takeBlocks } from '../spaces/blocks.ts';
import { shade, TRACE_CYCLE } from './mark.ts';

/** What a table of handles begins with: a static block. A bit a card follows, then cells to the block's end. */
@unmanaged
export class HandleTable {
  /** The table before it, or 0. */
  next: usize;

  static at(table: usize): HandleTable {
    return changetype<HandleTable>(table);
  }
}

/** The bits of a table's cards. */
export const HANDLE_CARDS: usize = (offsetof<HandleTable>() + GRANULE_MASK) & ~GRANULE_MASK;
export const HANDLES_END: usize = BLOCK_SIZE;
const CELL_SIZE: usize = 4;
const FREE_TAG: usize = 1;
const CARD_SHIFT: usize = 9;
const CARD_SIZE: usize = 1 << CARD_SHIFT;
const CARD_WORDS: usize = (BLOCK_SIZE >> CARD_SHIFT) >> 6;
export const HANDLES_START: usize = HANDLE_CARDS + (CARD_WORDS << 3);
/** Work of going through a card, in the units of marking. */
const CARD_WORK: u32 = 16;

export function initialiseHandles(): void {
  cells.handleTables = 0;
  cells.handleFree = FREE_TAG;
}

/** A cell that keeps `object` (or 0) alive until `freeHandle`; 0 where there is no memory for one. */
export function takeHandle(object: usize): usize {
  if (cells.handleFree === FREE_TAG && !addTable()) return 0;
  const cell = cells.handleFree - FREE_TAG;
  cells.handleFree = load<usize>(cell);
  store<usize>(cell, object);
  if (FAULT !== FAULT_HANDLE_CARD) noteCard(cell);
  statistics.handles++;
  return cell;
}

/** Gives a handle up. A second time does nothing, as long as nobody took the cell again. */
export function returnHandle(cell: usize): void {
  if (isFreeHandle(cell)) return;
  if (FAULT !== FAULT_HANDLE_FREED && statistics.phase === PHASE_MARK && cells.markHandles !== 0) {
    cells.trace = TRACE_CYCLE;
    shade(load<usize>(cell));
  }
  store<usize>(cell, cells.handleFree);
  cells.handleFree = cell + FREE_TAG;
  statistics.handles--;
}

export function isFreeHandle(cell: usize): bool {
  return (load<usize>(cell) & FREE_TAG) !== 0;
}

/** Shades what the handles of a table hold. */
export function shadeHandles(table: usize): void {
  shadeCells(table + HANDLES_START, table + HANDLES_END);
}

/** A young collection begins to trace from handles, for `traceHandlesSome`. */
export function beginHandles(): void {
  cells.traceAt = cells.handleTables;
  cells.traceIndex = 0;
}

/**
 * Goes on with that for about `work` units: shades what is held by the cards that may hold something young. Returns the units done;
 * `traceAt` is 0 at the end.
 */
export function traceHandlesSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work) {
    const table = cells.traceAt;
    if (table === 0) break;
    const word = cells.traceIndex as usize;
    done += traceHandleCards(table, word);
    const isOver = word + 1 === CARD_WORDS;
    cells.traceIndex = isOver ? 0 : ((word + 1) as u32);
    if (isOver) cells.traceAt = HandleTable.at(table).next;
  }
  return done;
}

/** Traces from 64 cards; returns the units of work. */
function traceHandleCards(table: usize, word: usize): u32 {
  const bits = table + HANDLE_CARDS + (word << 3);
  let done: u32 = 1;
  let found = load<u64>(bits);
  while (found !== 0) {
    const card = (word << 6) + (ctz(found) as usize);
    const start = table + (card << CARD_SHIFT);
    const young = shadeCells(max(start, table + HANDLES_START), start + CARD_SIZE);
    done += CARD_WORK;
    if (!young) store<u64>(bits, load<u64>(bits) & ~((1 as u64) << ((card & 63) as u64)));
    found &= found - 1;
  }
  return done;
}

/** Shades what cells hold; in a young collection it says whether any of that stays young. */
function shadeCells(from: usize, to: usize): bool {
  let young = false;
  for (let cell = from; cell < to; cell += CELL_SIZE) {
    if (!isFreeHandle(cell) && shade(load<usize>(cell))) young = true;
  }
  return young;
}

function noteCard(cell: usize): void {
  const card = (cell & BLOCK_MASK) >>> CARD_SHIFT;
  const word = blockOf(cell) + HANDLE_CARDS + ((card >>> 6) << 3);
  store<u64>(word, load<u64>(word) | ((1 as u64) << ((card & 63) as u64)));
}

/** Adds a block of cells, linked in the order of their addresses. */
function addTable(): bool {
  const table = takeBlocks(1, BLOCK_STATIC, BLOCK_STATIC);
  if (table === 0) return false;
  HandleTable.at(table).next = cells.handleTables;
  cells.handleTables = table;
  memory.fill(table + HANDLE_CARDS, 0, HANDLES_START - HANDLE_CARDS);
  for (let at: usize = HANDLES_END - CELL_SIZE; at >= HANDLES_START; at -= CELL_SIZE) {
    store<usize>(table + at, cells.handleFree);
    cells.handleFree = table + at + FREE_TAG;
  }
  return true;
}
