/**
 * The sweep phase: turns marks into free space. A block without a marked object is free; of the others the lines that no
 * marked object touches become holes (`object-space.ts`). On the way MARKED and LOGGED are cleared and what is alive becomes old
 * and clean, whatever it was before.
 *
 * Dead objects are never visited: the cost is the side tables, 3840 bytes a block read eight at a time, and the live objects.
 */
import { cells } from '../cells.ts';
import { poisons } from '../checked.ts';
import { FAULT, FAULT_LOGGED } from '../fault.ts';
import {
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  FIRST_BLOCK,
  GRANULE_SHIFT,
  LINE_SHIFT,
  LINE_SIZE,
  STATE_CLEAN,
  STATE_LOGGED,
  STATE_MARKED,
  STATE_OLD,
} from '../layout.ts';
import { BLOCK_LINES, BlockHeader } from '../spaces/block-header.ts';
import { freeBlocks } from '../spaces/blocks.ts';
import { freeLarge } from '../spaces/large-space.ts';
import { FIRST_LINE, findLine, LINES, useLines } from '../spaces/lines.ts';
import { poisonHoles } from '../spaces/nursery.ts';
import { EACH_GRANULE, sizeOf, stateOf } from '../spaces/object.ts';
import { recycle } from '../spaces/recycling.ts';
import { cleanCards } from './cards.ts';

/** The mark bits of eight granules. */
const MARKS: u64 = EACH_GRANULE * STATE_MARKED;
/** All that a cycle leaves in the states of eight granules. */
const OF_CYCLE: u64 = EACH_GRANULE * (STATE_MARKED | STATE_LOGGED);

/** Sweeps everything; the windows must have been retired. Returns the bytes of the objects that are alive. */
export function sweep(): u32 {
  let live: u32 = 0;
  const end = cells.blocksEnd;
  for (let index: u32 = FIRST_BLOCK; index < end; index++) {
    const kind = load<u8>(BLOCK_TABLE + (index as usize));
    const block = (index as usize) << BLOCK_SHIFT;
    if (kind === BLOCK_OBJECTS) live += sweepBlock(block);
    else if (kind === BLOCK_LARGE) live += sweepLarge(block);
  }
  return live;
}

/** Sweeps the run of a large object, and returns the bytes that are alive in it. */
export function sweepLarge(block: usize): u32 {
  const object = block + BLOCK_DATA;
  const state = stateOf(object);
  cleanCards(block);
  if (!(load<u8>(state) & STATE_MARKED)) {
    freeLarge(block);
    return 0;
  }
  store<u8>(state, STATE_OLD | STATE_CLEAN);
  return sizeOf(object);
}

/** Sweeps one block of objects, and returns the bytes that are alive in it. */
export function sweepBlock(block: usize): u32 {
  if (BlockHeader.at(block).kept !== 0) return keepBlock(block);
  let live: u32 = 0;
  memory.fill(block + BLOCK_LINES, 0, LINES >>> 3);
  for (let states = block + BLOCK_HEADER_SIZE; states < block + BLOCK_DATA; states += 8) {
    let marks = load<u64>(states) & MARKS;
    store<u64>(states, (marks << 1) | (marks << 2));
    while (marks !== 0) {
      const state = states + ((ctz(marks) as usize) >>> 3);
      const start = (state - block) << GRANULE_SHIFT;
      const size = sizeOf(block + start);
      live += size;
      const after = ((start + size - 1) >>> LINE_SHIFT) + 1;
      useLines(block, (start >>> LINE_SHIFT) as u32, after as u32);
      marks &= marks - 1;
    }
  }
  if (live === 0) {
    freeBlocks(block, 1);
    return 0;
  }
  useLines(block, 0, FIRST_LINE);
  if (findLine(block, FIRST_LINE, false) < LINES) {
    if (poisons()) poisonHoles(block);
    recycle(block);
  }
  return live;
}

/** A block that was promoted as it stood while the cycle marked: all of it stays until the next. */
function keepBlock(block: usize): u32 {
  let lines: u32 = 0;
  BlockHeader.at(block).kept = 0;
  for (let states = block + BLOCK_HEADER_SIZE; states < block + BLOCK_DATA; states += 8) {
    store<u64>(states, load<u64>(states) & ~(FAULT === FAULT_LOGGED ? MARKS : OF_CYCLE));
  }
  for (let at: usize = 0; at < LINES >>> 3; at += 8)
    lines += popcnt(load<u64>(block + BLOCK_LINES + at)) as u32;
  if (findLine(block, FIRST_LINE, false) < LINES) recycle(block);
  return (lines - FIRST_LINE) * LINE_SIZE;
}
