/**
 * The nursery: the lines and large objects that were handed out since the last young collection. It is not a place of its
 * own but a second set of line bits beside a block's first, so that one allocator serves the gap and programs that run
 * without frames: what is young is known by its line, and what survives by its state byte (sticky mark bits: Demers et
 * al., POPL 1990; in a mark-region heap: Blackburn and McKinley's sticky Immix, 2008).
 *
 * There are two ways out. `reclaimSome` turns every young line that no survivor touches into a hole; its cost is the young lines
 * and the survivors. `promoteBlocks` declares everything old as it stands, which costs a byte a granule and no visit of any
 * object: the way out when a level was just built.
 *
 * A survivor may be left to age: it stays where it is, and young, until the next young collection promotes it or frees it.
 *
 *     state of a young object     0 ──reached──▶ AGED+MARKED ──reclaimed──▶ AGED ──reached──▶ OLD+CLEAN
 *                                 (a young collection that does not age: 0 ──reached──▶ OLD+CLEAN;
 *                                  before a cycle sweeps: OLD+CLEAN+MARKED+LOGGED, which its sweep makes OLD+CLEAN)
 *
 * Invariants: a young object's state is 0 or AGED, MARKED beside it only while a young collection runs, or until what one that
 * gave up has reached is old; all lines that an
 * aged object touches are young; a block is in the list of young blocks exactly while it has young lines. Large objects
 * do not age. After a young collection that promotes everything the nursery is empty.
 */
import { cells, YOUNG_BLOCKS, YOUNG_LARGE } from '../cells.ts';
import { poisons } from '../checked.ts';
import {
  FAULT,
  FAULT_AGED_LINES,
  FAULT_BORN_MARKED,
  FAULT_KEPT,
  FAULT_TRACE_BLOCKS,
  FAULT_TRACE_LARGE,
} from '../fault.ts';
import {
  BLOCK_DATA,
  BLOCK_OBJECTS,
  GRANULE_SHIFT,
  LINE_SHIFT,
  PHASE_MARK,
  PHASE_SWEEP,
  POISON,
  STATE_AGED,
  STATE_CLEAN,
  STATE_LOGGED,
  STATE_MARKED,
  STATE_OLD,
} from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BLOCK_AGED_LINES, BLOCK_LINES, BLOCK_YOUNG_LINES, BlockHeader } from './block-header.ts';
import { freeBlocks, kindOf } from './blocks.ts';
import { freeLarge } from './large-space.ts';
import { FIRST_LINE, findLine, freeLines, LINES, setBits, useLines } from './lines.ts';
import { EACH_GRANULE, sizeOf, stateOf } from './object.ts';
import { isListed, recycleOrLeave, takeBack } from './recycling.ts';
import { listYoung, takeFirst } from './young-lists.ts';

/** Work of making a block old as it stands, in the units of marking. */
const PROMOTION_WORK: u32 = 16;
/** Work of finding the lines of a block that nothing touches which survives: as of sweeping one. */
const RECLAIM_WORK: u32 = 128;
const LINE_STATES_SHIFT = LINE_SHIFT - GRANULE_SHIFT;

/** Whether a cycle is in progress that marks, or clears weak references: it is still to sweep what it has not marked. */
export function isBeforeSweep(): bool {
  const phase = statistics.phase;
  return phase >= (PHASE_MARK as u32) && phase < (PHASE_SWEEP as u32);
}

/**
 * The state of an object that becomes old. Before a cycle sweeps it is born marked, and LOGGED: nothing that it holds was held
 * by it when the cycle began.
 */
export function promotedState(): u8 {
  const old = (STATE_OLD | STATE_CLEAN) as u8;
  return FAULT !== FAULT_BORN_MARKED && isBeforeSweep() ? old | ((STATE_MARKED | STATE_LOGGED) as u8) : old;
}

/**
 * A young collection has reached a young object for the first time; its state is at `cell`. Makes it old, or lets it age,
 * and says whether it stays young. `promotedBytes` counts what becomes old.
 */
export function ageOrPromote(object: usize, cell: usize): bool {
  if (cells.ageing !== 0 && load<u8>(cell) === 0 && kindOf(object) === BLOCK_OBJECTS) {
    store<u8>(cell, STATE_AGED | STATE_MARKED);
    return true;
  }
  store<u8>(cell, promotedState());
  cells.promotedBytes += sizeOf(object);
  return false;
}

/**
 * Begins to free what the young collection did not reach. The windows must have been retired. Blocks with aged objects are put into
 * the list anew.
 */
export function beginReclaim(): void {
  statistics.agedBytes = 0;
  cells.reclaimNext = cells.youngBlocks;
  cells.youngBlocks = 0;
}

/** Goes on with that for about `work` units; returns those done. */
export function reclaimSome(work: u32): u32 {
  let done: u32 = 0;
  for (; done < work && cells.reclaimNext !== 0; done += RECLAIM_WORK) {
    const block = cells.reclaimNext;
    cells.reclaimNext = BlockHeader.at(block).youngNext;
    reclaimBlock(block);
  }
  for (; done < work && cells.reclaimNext === 0 && cells.youngLarge !== 0; done++) reclaimLarge();
  return done;
}

export function isReclaimed(): bool {
  return cells.reclaimNext === 0 && cells.youngLarge === 0;
}

/**
 * The young collection gives up: blocks that are not reclaimed are young as before. Returns the bytes of their young lines. Large
 * objects, of which there are few, are reclaimed to the end: beside a cycle a dead one would become old marked, and recovery after an
 * overflow would scan what it holds, some of which is gone.
 */
export function giveUpReclaim(): u32 {
  let bytes: u32 = 0;
  while (cells.reclaimNext !== 0) {
    const block = cells.reclaimNext;
    cells.reclaimNext = BlockHeader.at(block).youngNext;
    for (let at: usize = 0; at < LINES >>> 3; at += 8) {
      bytes += (popcnt(load<u64>(block + BLOCK_YOUNG_LINES + at)) as u32) << LINE_SHIFT;
    }
    if (FAULT !== FAULT_TRACE_BLOCKS) listYoung(block);
  }
  if (FAULT !== FAULT_TRACE_LARGE) while (cells.youngLarge !== 0) reclaimLarge();
  return bytes;
}

/** Makes blocks and large objects of the nursery old as they stand, for about `work` units; returns those done. */
export function promoteBlocks(work: u32): u32 {
  let done: u32 = 0;
  if (cells.youngBlocks !== 0) cells.inexact = 1;
  while (done < work) {
    const block = takeFirst(YOUNG_BLOCKS);
    if (block === 0) break;
    promoteBlock(block);
    done += PROMOTION_WORK;
  }
  while (done < work) {
    const block = takeFirst(YOUNG_LARGE);
    if (block === 0) break;
    store<u8>(stateOf(block + BLOCK_DATA), promotedState());
    done++;
  }
  return done;
}

function promoteBlock(block: usize): void {
  const keeps = isBeforeSweep();
  // A young collection that gave up may have left MARKED at objects that it let age. Beside a cycle they count as born marked.
  const cleared = EACH_GRANULE * (keeps ? STATE_AGED : STATE_AGED | STATE_MARKED);
  BlockHeader.at(block).young = 0;
  // Marks must be exact, so the block as a whole is kept from this cycle's sweeping.
  if (FAULT !== FAULT_KEPT && keeps) BlockHeader.at(block).kept = 1;
  for (let word: u32 = 0; word < LINES; word += 64) {
    let lines = load<u64>(block + BLOCK_YOUNG_LINES + (word >>> 3));
    while (lines !== 0) {
      const states = block + (((word + (ctz(lines) as u32)) as usize) << LINE_STATES_SHIFT);
      const found = load<u64>(states);
      // What is old already may be remembered: it becomes clean when it is taken out of the table.
      const fresh = ~(found / STATE_OLD) & EACH_GRANULE;
      store<u64>(states, (found & ~cleared) | (fresh * (STATE_OLD | STATE_CLEAN)));
      lines &= lines - 1;
    }
    store<u64>(block + BLOCK_YOUNG_LINES + (word >>> 3), 0);
  }
}

/** Forgets what is young without looking at it, when a full collection is about to decide about everything. */
export function forgetYoung(): void {
  for (let block = takeFirst(YOUNG_BLOCKS); block !== 0; block = takeFirst(YOUNG_BLOCKS)) {
    BlockHeader.at(block).young = 0;
    memory.fill(block + BLOCK_YOUNG_LINES, 0, LINES >>> 3);
  }
  cells.youngLarge = 0;
  statistics.agedBytes = 0;
}

/** Frees the next large object, unless it was reached. */
function reclaimLarge(): void {
  const block = takeFirst(YOUNG_LARGE);
  if (!(load<u8>(stateOf(block + BLOCK_DATA)) & STATE_OLD)) freeLarge(block);
}

/** Clears the young lines' bits and sets again those that a survivor touches. */
function reclaimBlock(block: usize): void {
  let before: u32 = 0;
  BlockHeader.at(block).young = 0;
  for (let at: usize = 0; at < LINES >>> 3; at += 8) {
    const young = load<u64>(block + BLOCK_YOUNG_LINES + at);
    const old = load<u64>(block + BLOCK_LINES + at) & ~young;
    before += popcnt(old) as u32;
    store<u64>(block + BLOCK_LINES + at, old);
  }
  for (let word: u32 = 0; word < LINES; word += 64) {
    let lines = load<u64>(block + BLOCK_YOUNG_LINES + (word >>> 3));
    while (lines !== 0) {
      const line = word + (ctz(lines) as u32);
      useSurvivors(block, line);
      lines &= lines - 1;
    }
  }
  useLines(block, 0, FIRST_LINE);
  cells.promotedLines = cells.promotedLines + keepAgedLines(block) - before;
  const holes = freeLines(block);
  // An empty block that waits for its holes to be filled stays: the list has no way to take it out.
  if (holes === LINES - FIRST_LINE && !isListed(block)) {
    freeBlocks(takeBack(block), 1);
  } else if (holes > 0) {
    if (poisons()) poisonHoles(block);
    recycleOrLeave(block, holes);
  }
}

/** Marks the lines that the survivors beginning in a line touch, and sets their states for what follows. */
function useSurvivors(block: usize, line: u32): void {
  const states = block + ((line as usize) << LINE_STATES_SHIFT);
  const found = load<u64>(states);
  if (found === 0) return;
  const old = (found / STATE_OLD) & EACH_GRANULE;
  const aged = (found / STATE_AGED) & found & EACH_GRANULE;
  store<u64>(states, (found & (old * 0xff)) | (aged * STATE_AGED));
  let starts = old | aged;
  while (starts !== 0) {
    const bit = starts & -starts;
    const start = (states - block + ((ctz(bit) as usize) >>> 3)) << GRANULE_SHIFT;
    const size = sizeOf(block + start);
    const first = (start >>> LINE_SHIFT) as u32;
    const after = (((start + size - 1) >>> LINE_SHIFT) + 1) as u32;
    useLines(block, first, after);
    if (aged & bit) {
      setBits(block + BLOCK_AGED_LINES, first, after);
      statistics.agedBytes += size;
    }
    starts &= ~bit;
  }
}

/** From now on the lines that aged objects touch are the block's young ones. Returns how many others are in use. */
function keepAgedLines(block: usize): u32 {
  let any: u64 = 0;
  let old: u32 = 0;
  for (let at: usize = 0; at < LINES >>> 3; at += 8) {
    const lines = load<u64>(block + BLOCK_AGED_LINES + at);
    any |= lines;
    old += popcnt(load<u64>(block + BLOCK_LINES + at) & ~lines) as u32;
    store<u64>(block + BLOCK_YOUNG_LINES + at, FAULT === FAULT_AGED_LINES ? 0 : lines);
    store<u64>(block + BLOCK_AGED_LINES + at, 0);
  }
  if (any !== 0 && FAULT !== FAULT_AGED_LINES) listYoung(block);
  return old;
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
