/**
 * Handles: cells in static memory that keep an object alive for JavaScript. A handle is its cell's address; the cell holds
 * the object's address, so that the host reads where the object is straight from memory.
 *
 *     table, one static block:  [next table][unused ...16 bytes][cell 0][cell 1] ...
 *     cell in use:              address of an object (a multiple of 16), or 0
 *     free cell:                address of the next free cell, or 0, plus the tag 1
 */
import { takeBlocks } from './blocks.ts';
import { HANDLE_FREE, HANDLE_TABLES } from './cells.ts';
import { BLOCK_SIZE, BLOCK_STATIC, STATS_HANDLES } from './layout.ts';

export const HANDLES_START: usize = 16;
export const HANDLES_END: usize = BLOCK_SIZE;
const CELL_SIZE: usize = 4;
const FREE_TAG: usize = 1;

export function initialiseHandles(): void {
  store<usize>(HANDLE_TABLES, 0);
  store<usize>(HANDLE_FREE, FREE_TAG);
}

/** A cell that keeps `object` (or 0) alive until `freeHandle`; 0 where there is no memory for one. */
export function takeHandle(object: usize): usize {
  if (load<usize>(HANDLE_FREE) === FREE_TAG && !addTable()) return 0;
  const cell = load<usize>(HANDLE_FREE) - FREE_TAG;
  store<usize>(HANDLE_FREE, load<usize>(cell));
  store<usize>(cell, object);
  store<u32>(STATS_HANDLES, load<u32>(STATS_HANDLES) + 1);
  return cell;
}

/** Gives a handle up. A second time does nothing, as long as nobody took the cell again. */
export function freeHandle(cell: usize): void {
  if (isFreeHandle(cell)) return;
  store<usize>(cell, load<usize>(HANDLE_FREE));
  store<usize>(HANDLE_FREE, cell + FREE_TAG);
  store<u32>(STATS_HANDLES, load<u32>(STATS_HANDLES) - 1);
}

export function isFreeHandle(cell: usize): bool {
  return (load<usize>(cell) & FREE_TAG) !== 0;
}

/** Adds a block of cells, linked in the order of their addresses. */
function addTable(): bool {
  const table = takeBlocks(1, BLOCK_STATIC, BLOCK_STATIC);
  if (table === 0) return false;
  store<usize>(table, load<usize>(HANDLE_TABLES));
  store<usize>(HANDLE_TABLES, table);
  for (let at: usize = HANDLES_END - CELL_SIZE; at >= HANDLES_START; at -= CELL_SIZE) {
    store<usize>(table + at, load<usize>(HANDLE_FREE));
    store<usize>(HANDLE_FREE, table + at + FREE_TAG);
  }
  return true;
}
