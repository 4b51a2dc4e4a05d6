/**
 * The nursery: the lines and large objects that were handed out since the last young collection. It is not a place of its
 * own but a second set of line bits beside a block's first, so that one allocator serves the gap and programs that run
 * without frames: what is young is known by its line, and what survives by its state byte (sticky mark bits: Demers et
 * al., POPL 1990; in a mark-region heap: Blackburn and McKinley's sticky Immix, 2008).
 *
 * There are two ways out. `reclaim` turns every young line that no survivor touches into a hole; its cost is the young lines
 * and the survivors. `promoteAll` declares everything old as it stands, which costs a byte a granule and no visit of any
 * object: the way out when a level was just built.
 *
 * Invariants: states of young lines are 0 but for survivors marked by the young collection in progress; a block is in the
 * list of young blocks exactly while it has young lines; after either way out there is neither.
 */
import {
  BLOCK_KEPT,
  BLOCK_LINES,
  BLOCK_YOUNG,
  BLOCK_YOUNG_LINES,
  BLOCK_YOUNG_NEXT,
  freeBlocks,
} from './blocks.ts';
import { INEXACT, YOUNG_BLOCKS, YOUNG_LARGE } from './cells.ts';
import { FAULT, FAULT_BORN_MARKED, FAULT_KEPT } from './fault.ts';
import { freeLarge } from './large-space.ts';
import {
  BLOCK_DATA,
  GRANULE_SHIFT,
  LINE_SHIFT,
  PHASE_MARK,
  POISON,
  STATE_CLEAN,
  STATE_MARKED,
  STATE_OLD,
  STATS_PHASE,
  STRESS,
  STRESS_POISON,
} from './layout.ts';
import { EACH_GRANULE, sizeOf, stateOf } from './object.ts';
import { FIRST_LINE, findLine, LINES, recycle, setBits, useLines } from './object-space.ts';

const LINE_STATES_SHIFT = LINE_SHIFT - GRANULE_SHIFT;

/** Lines that are being handed out. */
export function noteYoung(block: usize, from: u32, to: u32): void {
  setBits(block + BLOCK_YOUNG_LINES, from, to);
  if (load<u32>(block, BLOCK_YOUNG) !== 0) return;
  store<u32>(block, 1, BLOCK_YOUNG);
  store<usize>(block, load<usize>(YOUNG_BLOCKS), BLOCK_YOUNG_NEXT);
  store<usize>(YOUNG_BLOCKS, block);
}

/** A large object that is being handed out. */
export function noteYoungLarge(block: usize): void {
  store<usize>(block, load<usize>(YOUNG_LARGE), BLOCK_YOUNG_NEXT);
  store<usize>(YOUNG_LARGE, block);
}

export function isNurseryEmpty(): bool {
  return load<usize>(YOUNG_BLOCKS) === 0 && load<usize>(YOUNG_LARGE) === 0;
}

/** The state of an object from now on that survives a young collection: during marking it is born marked. */
export function promotedState(): u8 {
  const old = (STATE_OLD | STATE_CLEAN) as u8;
  return FAULT !== FAULT_BORN_MARKED && load<u32>(STATS_PHASE) === PHASE_MARK
    ? old | (STATE_MARKED as u8)
    : old;
}

/** Frees what the young collection did not mark. The windows must have been retired. Gives the survivors' bytes. */
export function reclaim(): u32 {
  let survived: u32 = 0;
  for (let block = takeFirst(YOUNG_BLOCKS); block !== 0; block = takeFirst(YOUNG_BLOCKS)) {
    survived += reclaimBlock(block);
  }
  for (let block = takeFirst(YOUNG_LARGE); block !== 0; block = takeFirst(YOUNG_LARGE)) {
    const object = block + BLOCK_DATA;
    if (load<u8>(stateOf(object)) & STATE_OLD) survived += sizeOf(object);
    else freeLarge(block);
  }
  return survived;
}

/** Makes everything in the nursery old. */
export function promoteAll(): void {
  const marking = load<u32>(STATS_PHASE) === PHASE_MARK;
  if (load<usize>(YOUNG_BLOCKS) !== 0) store<u32>(INEXACT, 1);
  for (let block = takeFirst(YOUNG_BLOCKS); block !== 0; block = takeFirst(YOUNG_BLOCKS)) {
    store<u32>(block, 0, BLOCK_YOUNG);
    // Marks must be exact, so the block as a whole is kept from this cycle's sweeping.
    if (FAULT !== FAULT_KEPT && marking) store<u32>(block, 1, BLOCK_KEPT);
    for (let word: u32 = 0; word < LINES; word += 64) {
      let lines = load<u64>(block + BLOCK_YOUNG_LINES + (word >>> 3));
      while (lines !== 0) {
        const states = block + (((word + (ctz(lines) as u32)) as usize) << LINE_STATES_SHIFT);
        store<u64>(states, load<u64>(states) | (EACH_GRANULE * (STATE_OLD | STATE_CLEAN)));
        lines &= lines - 1;
      }
      store<u64>(block + BLOCK_YOUNG_LINES + (word >>> 3), 0);
    }
  }
  for (let block = takeFirst(YOUNG_LARGE); block !== 0; block = takeFirst(YOUNG_LARGE)) {
    store<u8>(stateOf(block + BLOCK_DATA), promotedState());
  }
}

/** Forgets what is young without looking at it, when a full collection is about to decide about everything. */
export function forgetYoung(): void {
  for (let block = takeFirst(YOUNG_BLOCKS); block !== 0; block = takeFirst(YOUNG_BLOCKS)) {
    store<u32>(block, 0, BLOCK_YOUNG);
    memory.fill(block + BLOCK_YOUNG_LINES, 0, LINES >>> 3);
  }
  store<usize>(YOUNG_LARGE, 0);
}

function takeFirst(list: usize): usize {
  const block = load<usize>(list);
  if (block !== 0) store<usize>(list, load<usize>(block, BLOCK_YOUNG_NEXT));
  return block;
}

/** Clears the young lines' bits and sets again those that a survivor touches. */
function reclaimBlock(block: usize): u32 {
  let survived: u32 = 0;
  let used: u64 = 0;
  store<u32>(block, 0, BLOCK_YOUNG);
  for (let at: usize = 0; at < LINES >>> 3; at += 8) {
    const young = load<u64>(block + BLOCK_YOUNG_LINES + at);
    store<u64>(block + BLOCK_LINES + at, load<u64>(block + BLOCK_LINES + at) & ~young);
  }
  for (let word: u32 = 0; word < LINES; word += 64) {
    let lines = load<u64>(block + BLOCK_YOUNG_LINES + (word >>> 3));
    store<u64>(block + BLOCK_YOUNG_LINES + (word >>> 3), 0);
    while (lines !== 0) {
      const line = word + (ctz(lines) as u32);
      survived += useSurvivors(block, line);
      lines &= lines - 1;
    }
  }
  useLines(block, 0, FIRST_LINE);
  for (let at: usize = 0; at < LINES >>> 3; at += 8) {
    const own: u64 = at === 0 ? u64.MAX_VALUE << FIRST_LINE : u64.MAX_VALUE;
    used |= load<u64>(block + BLOCK_LINES + at) & own;
  }
  if (used === 0) {
    freeBlocks(block, 1);
  } else if (findLine(block, FIRST_LINE, false) < LINES) {
    if (load<u32>(STRESS) & STRESS_POISON) poisonHoles(block);
    recycle(block);
  }
  return survived;
}

/** Marks the lines that the survivors beginning in a line touch. */
function useSurvivors(block: usize, line: u32): u32 {
  let bytes: u32 = 0;
  const states = block + ((line as usize) << LINE_STATES_SHIFT);
  let starts = load<u64>(states) & (EACH_GRANULE * STATE_OLD);
  while (starts !== 0) {
    const start = (states - block + ((ctz(starts) as usize) >>> 3)) << GRANULE_SHIFT;
    const size = sizeOf(block + start);
    bytes += size;
    useLines(block, (start >>> LINE_SHIFT) as u32, (((start + size - 1) >>> LINE_SHIFT) + 1) as u32);
    starts &= starts - 1;
  }
  return bytes;
}

/** Overwrites the lines of a block that are free. */
export function poisonHoles(block: usize): void {
  for (let line = findLine(block, FIRST_LINE, false); line < LINES; ) {
    const end = findLine(block, line, true);
    const start = block + ((line as usize) << LINE_SHIFT);
    memory.fill(start, POISON as u8, ((end - line) as usize) << LINE_SHIFT);
    line = findLine(block, end, false);
  }
}
