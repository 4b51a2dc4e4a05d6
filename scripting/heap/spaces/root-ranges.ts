/**
 * Root ranges: cells in static memory that hold addresses, as programs register them for their globals.
 *
 *     table of ranges, one static block:  [next table][entries used][8 unused bytes] then 16 bytes an entry:
 *                                         [address][count][stride in bytes][unused]
 */
import { ROOT_TABLES } from '../cells.ts';
import { BLOCK_SIZE, BLOCK_STATIC } from '../layout.ts';
import { takeBlocks } from './blocks.ts';

export const RANGES_USED = 4;
export const RANGES_START = 16;
export const RANGE_SIZE = 16;
const RANGES_MOST = (BLOCK_SIZE - RANGES_START) / RANGE_SIZE;

/** Registers `count` address cells, `stride` bytes apart; false where there is no memory to note them. */
export function noteRange(address: usize, count: u32, stride: u32): bool {
  let table = load<usize>(ROOT_TABLES);
  if (table === 0 || load<u32>(table, RANGES_USED) === RANGES_MOST) {
    const previous = table;
    table = takeBlocks(1, BLOCK_STATIC, BLOCK_STATIC);
    if (table === 0) return false;
    store<usize>(table, previous);
    store<u32>(table, 0, RANGES_USED);
    store<usize>(ROOT_TABLES, table);
  }
  const used = load<u32>(table, RANGES_USED);
  const entry = table + RANGES_START + (used as usize) * RANGE_SIZE;
  store<usize>(entry, address);
  store<u32>(entry, count, 4);
  store<u32>(entry, stride, 8);
  store<u32>(table, used + 1, RANGES_USED);
  return true;
}
