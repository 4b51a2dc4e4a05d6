/**
 * The move phase of a forced collection: live objects of sparse blocks move together, so that whole blocks become free. It
 * runs right after a complete cycle, with an empty nursery, an empty remembered set and nothing on the stack; objects move
 * at no other time. Which blocks are left is decided as in Immix's opportunistic evacuation (Blackburn and McKinley, PLDI
 * 2008), where the copying is done while marking; here it is a phase of its own, because the marks are there already and
 * because slices must be able to end anywhere.
 *
 *     choose ──▶ evacuate (evacuate.ts) ──▶ relocate (relocate.ts) ──▶ free ──▶ idle
 *     sources    copies, forwarding         all cells that hold        sources become free or swept,
 *                                           addresses                  holes are listed anew
 *
 * Between its slices the heap is not what scripts and the verifier expect. Whoever enters script code completes the phase
 * first (`finishMove`): a frame that does not wait is late, but sound.
 *
 * For `shrink` the objects move down (MOVE_LOW): all blocks above a boundary are sources, all below it are targets, as in
 * two-finger compaction (Edwards; in Saunders, 1974), by blocks. Large objects then move down as well where they can.
 */
import { cells } from '../cells.ts';
import { poisons } from '../checked.ts';
import { FAULT, FAULT_MOVE_INEXACT } from '../fault.ts';
import {
  BLOCK_DATA,
  BLOCK_FREE,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  FIRST_BLOCK,
  GRANULE_SHIFT,
  LINE_SHIFT,
  PHASE_IDLE,
  PHASE_MOVE,
  REGION_HEAP,
  STATE_FORWARDED,
  STATE_OLD,
} from '../layout.ts';
import { forced, shared, statistics } from '../shared-cells.ts';
import { releasePool } from '../spaces/arena-space.ts';
import { BLOCK_LINES, BlockHeader } from '../spaces/block-header.ts';
import { freeBlocks } from '../spaces/blocks.ts';
import { freeLarge } from '../spaces/large-space.ts';
import { clearLines, FIRST_LINE, findLine, LINES, useLines } from '../spaces/lines.ts';
import { poisonHoles } from '../spaces/nursery.ts';
import { EACH_GRANULE, sizeOf, stateOf } from '../spaces/object.ts';
import { retireWindows } from '../spaces/object-space.ts';
import { forgetHoles, recycle } from '../spaces/recycling.ts';
import { isNurseryEmpty } from '../spaces/young-lists.ts';
import { forgetAhead, releaseRemembered } from '../trace/remembered-table.ts';
import {
  beginEvacuating,
  endEvacuating,
  evacuateBlock,
  evacuateLarge,
  MOVE_ALL,
  MOVE_LOW,
  MOVE_SPARSE,
} from './evacuate.ts';
import { beginRelocating, relocateBlock, relocateHandles, relocateLarge } from './relocate.ts';

const STEP_EVACUATE: u32 = 0;
const STEP_HANDLES: u32 = 1;
const STEP_RELOCATE: u32 = 2;
const STEP_FREE: u32 = 3;

/** Lines of a block that objects can have. */
const OWN_LINES: u32 = LINES - FIRST_LINE;

/** A block is sparse when at most half of its lines are used: two such blocks become one. */
const SPARSE_LINES: u32 = OWN_LINES >> 1;

/** Work of looking at a block in which there is nothing to do, and of freeing or sweeping one. */
const LOOK_WORK: u32 = 1;
const FREE_WORK: u32 = 64;

/**
 * Whether objects can move now: nothing is on the stack, no cycle is in progress, nothing is young or remembered, and state
 * bytes tell exactly where objects begin.
 */
export function canMove(): bool {
  return (
    shared.unwind === 0 &&
    shared.region === REGION_HEAP &&
    statistics.phase === PHASE_IDLE &&
    isNurseryEmpty() &&
    statistics.remembered === 0 &&
    (FAULT === FAULT_MOVE_INEXACT || cells.inexact === 0)
  );
}

/**
 * Begins the phase; `canMove` must hold, and the heap's window be closed. `kind` is a MOVE_ number. Its own cost follows
 * from the number of blocks alone.
 */
export function beginMove(kind: u32): void {
  retireWindows();
  forgetHoles();
  forgetAhead();
  if (kind === MOVE_LOW) {
    releasePool();
    releaseRemembered();
    releaseText();
  }
  cells.moveKind = kind;
  choose(kind);
  beginEvacuating();
  // From above, so that what finds no place is left in low memory.
  cells.moveNext = cells.blocksEnd - 1;
  cells.moveStep = STEP_EVACUATE;
  statistics.phase = PHASE_MOVE;
}

/** Goes on with the phase for about `work` units: an object or eight elements each, or 256 bytes copied. Returns those done. */
export function moveSome(work: u32): u32 {
  let done: u32 = 0;
  while (done < work && statistics.phase === PHASE_MOVE) {
    const step = cells.moveStep;
    if (step === STEP_EVACUATE) done += evacuateNext();
    else if (step === STEP_HANDLES) done += relocateTable();
    else if (step === STEP_RELOCATE) done += relocateNext();
    else done += freeNext();
  }
  return done;
}

/** Completes the phase, if it is in progress. */
export function finishMove(): void {
  moveSome(u32.MAX_VALUE);
}

/** How far the phase is: from 0 to 1. */
export function moveFraction(): f32 {
  const end = max(cells.blocksEnd, FIRST_BLOCK + 1);
  const part = (cells.moveNext as f32) / (end as f32);
  const step = cells.moveStep;
  if (step === STEP_EVACUATE) return (1 - part) * 0.4;
  if (step === STEP_HANDLES) return 0.4;
  return step === STEP_RELOCATE ? 0.4 + part * 0.5 : 0.9 + part * 0.1;
}

/** Gives the text buffer's memory back; with nothing on the stack, nothing is in it. */
function releaseText(): void {
  const bytes = cells.textCapacity;
  if (bytes === 0) return;
  freeBlocks(cells.textBase, bytes >>> BLOCK_SHIFT);
  cells.textCapacity = 0;
}

// ------------------------------------------------------------------------------------------------ choosing

/** Decides which blocks are emptied. */
function choose(kind: u32): void {
  const end = cells.blocksEnd;
  let sources: u32 = 0;
  let need: u32 = 0;
  let holes: u32 = 0;
  for (let index: u32 = FIRST_BLOCK; index < end; index++) {
    if (load<u8>(BLOCK_TABLE + (index as usize)) !== BLOCK_OBJECTS) continue;
    const block = (index as usize) << BLOCK_SHIFT;
    const used = usedLines(block);
    const isSource = kind !== MOVE_SPARSE || used <= SPARSE_LINES;
    BlockHeader.at(block).source = isSource ? 1 : 0;
    if (isSource) {
      sources++;
      need += used;
    } else {
      holes += OWN_LINES - used;
    }
  }
  cells.moveFloor = end;
  if (kind === MOVE_ALL) return;
  const fresh = statistics.blocksFree * OWN_LINES;
  if (kind === MOVE_LOW) spareLow(need, 0, true);
  // One block alone, moved to a free one, would gain nothing.
  else spareLow(need, sources > 1 ? holes + fresh : holes, false);
}

/** Takes blocks off the sources, from low memory up, until the rest fits into `room` lines and what that adds. */
function spareLow(sourceLines: u32, targetLines: u32, down: bool): void {
  const end = cells.blocksEnd;
  let need = sourceLines;
  let room = targetLines;
  let index: u32 = FIRST_BLOCK;
  // An eighth of the room is not counted on: objects do not fill holes to the last line.
  for (; index < end && need > room - (room >>> 3); index++) {
    const kind = load<u8>(BLOCK_TABLE + (index as usize)) as u32;
    const block = (index as usize) << BLOCK_SHIFT;
    if (kind === BLOCK_OBJECTS && BlockHeader.at(block).source !== 0) {
      const used = usedLines(block);
      BlockHeader.at(block).source = 0;
      need -= used;
      room += OWN_LINES - used;
    } else if (down && kind === BLOCK_FREE) {
      room += OWN_LINES;
    }
  }
  if (down) cells.moveFloor = index;
}

function usedLines(block: usize): u32 {
  let lines: u32 = 0;
  for (let at: usize = 0; at < LINES >>> 3; at += 8)
    lines += popcnt(load<u64>(block + BLOCK_LINES + at)) as u32;
  return lines - FIRST_LINE;
}

// ------------------------------------------------------------------------------------------------ steps

function evacuateNext(): u32 {
  const index = cells.moveNext;
  if (index < (FIRST_BLOCK as u32)) {
    endEvacuating();
    beginRelocating();
    cells.moveStep = STEP_HANDLES;
    cells.moveNext = FIRST_BLOCK;
    return LOOK_WORK;
  }
  const kind = load<u8>(BLOCK_TABLE + (index as usize)) as u32;
  const block = (index as usize) << BLOCK_SHIFT;
  let done = LOOK_WORK;
  if (kind === BLOCK_OBJECTS && BlockHeader.at(block).source !== 0) {
    done = evacuateBlock(block);
  } else if (kind === BLOCK_LARGE && isMovable(block)) {
    done = evacuateLarge(block);
    if (cells.moveTarget !== 0) return done;
  }
  cells.moveNext = index - 1;
  return done;
}

/** Large objects move only for `shrink`, and once: not those that were just put where they are. */
function isMovable(block: usize): bool {
  return cells.moveKind !== MOVE_SPARSE && BlockHeader.at(block).source === 0;
}

function relocateTable(): u32 {
  const done = relocateHandles();
  if (done === 0) cells.moveStep = STEP_RELOCATE;
  return max(done, LOOK_WORK);
}

function relocateNext(): u32 {
  const index = cells.moveNext;
  if (index >= cells.blocksEnd) {
    cells.moveStep = STEP_FREE;
    cells.moveNext = FIRST_BLOCK;
    return LOOK_WORK;
  }
  const kind = load<u8>(BLOCK_TABLE + (index as usize)) as u32;
  const block = (index as usize) << BLOCK_SHIFT;
  if (kind === BLOCK_LARGE) return relocateLarge(block, index + BlockHeader.at(block).run);
  cells.moveNext = index + 1;
  return kind === BLOCK_OBJECTS ? relocateBlock(block) : LOOK_WORK;
}

function freeNext(): u32 {
  const index = cells.moveNext;
  if (index >= cells.blocksEnd) {
    statistics.phase = PHASE_IDLE;
    forced.moves++;
    return LOOK_WORK;
  }
  const kind = load<u8>(BLOCK_TABLE + (index as usize)) as u32;
  const block = (index as usize) << BLOCK_SHIFT;
  cells.moveNext = index + 1;
  if (kind === BLOCK_LARGE) {
    BlockHeader.at(block).source = 0;
    if (load<u8>(stateOf(block + BLOCK_DATA)) & STATE_FORWARDED) freeLarge(block);
  } else if (kind === BLOCK_OBJECTS) {
    freeEmptied(block);
    return FREE_WORK;
  }
  return LOOK_WORK;
}

/** Frees what was moved out of a block, and lists its holes. */
function freeEmptied(block: usize): void {
  if (BlockHeader.at(block).source !== 0) {
    BlockHeader.at(block).source = 0;
    if (!keepUnmoved(block)) {
      freeBlocks(block, 1);
      return;
    }
  }
  if (findLine(block, FIRST_LINE, false) === LINES) return;
  if (poisons()) poisonHoles(block);
  recycle(block);
}

/** Finds the lines anew that the objects use which found no place elsewhere; false where there are none. */
function keepUnmoved(block: usize): bool {
  let kept = false;
  clearLines(block, FIRST_LINE, LINES);
  for (let states = block + BLOCK_HEADER_SIZE; states < block + BLOCK_DATA; states += 8) {
    let starts = load<u64>(states) & (EACH_GRANULE * STATE_OLD);
    store<u64>(states, load<u64>(states) & ~(EACH_GRANULE * STATE_FORWARDED));
    while (starts !== 0) {
      const start = (states - block + ((ctz(starts) as usize) >>> 3)) << GRANULE_SHIFT;
      const size = sizeOf(block + start);
      useLines(block, (start >>> LINE_SHIFT) as u32, (((start + size - 1) >>> LINE_SHIFT) + 1) as u32);
      kept = true;
      starts &= starts - 1;
    }
  }
  return kept;
}
