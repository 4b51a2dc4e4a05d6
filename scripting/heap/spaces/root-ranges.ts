/**
 * Root ranges: cells in static memory that hold addresses, as programs register them for their globals.
 */
import { cells } from '../cells.ts';
import { BLOCK_SIZE, BLOCK_STATIC, GRANULE_MASK } from '../layout.ts';
import { takeBlocks } from './blocks.ts';

/** What a table of ranges begins with: a static block, filled with ranges from RANGES_START on. */
@unmanaged
export class RangeTable {
  /** The table before it, or 0. */
  next: usize;
  /** How many ranges are in it. */
  used: u32;

  static at(table: usize): RangeTable {
    return changetype<RangeTable>(table);
  }
}

/** Cells that hold addresses, at equal distances. */
@unmanaged
export class RootRange {
  address: usize;
  /** How many cells. */
  count: u32;
  /** Bytes from one to the next. */
  stride: u32;
  spare: u32;

  static at(range: usize): RootRange {
    return changetype<RootRange>(range);
  }
}

export const RANGES_START: usize = (offsetof<RangeTable>() + GRANULE_MASK) & ~GRANULE_MASK;
export const RANGE_SIZE: usize = offsetof<RootRange>();
const RANGES_MOST = (BLOCK_SIZE - RANGES_START) / RANGE_SIZE;

/** Registers `count` address cells, `stride` bytes apart; false where there is no memory to note them. */
export function noteRange(address: usize, count: u32, stride: u32): bool {
  let table = cells.rootTables;
  if (table === 0 || RangeTable.at(table).used === RANGES_MOST) {
    const previous = table;
    table = takeBlocks(1, BLOCK_STATIC, BLOCK_STATIC);
    if (table === 0) return false;
    RangeTable.at(table).next = previous;
    RangeTable.at(table).used = 0;
    cells.rootTables = table;
  }
  cells.rootCells += count;
  const used = RangeTable.at(table).used;
  // Globals are registered one by one, as they follow one another.
  if (used > 0) {
    const last = RootRange.at(table + RANGES_START + (used as usize) * RANGE_SIZE - RANGE_SIZE);
    if (last.stride === stride && last.address + last.count * stride === address) {
      last.count += count;
      return true;
    }
  }
  const entry = table + RANGES_START + (used as usize) * RANGE_SIZE;
  RootRange.at(entry).address = address;
  RootRange.at(entry).count = count;
  RootRange.at(entry).stride = stride;
  RangeTable.at(table).used = used + 1;
  return true;
}
