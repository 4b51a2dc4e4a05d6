/**
 * The cycle: marking the old generation, telling of what died, and sweeping, in slices, each bounded by the work it is given.
 *
 *               start              stack empty          queues told             last block
 *     idle ───────────────▶ mark ───────────────▶ weak ───────────────▶ sweep ───────────────▶ idle
 *                             └─────────────────────┴─────────────────────┴── full collection: abandoned ──▶ idle
 *
 * A cycle starts right after a young collection that promotes everything, so that the nursery is empty and every old object
 * clean: an edge that only a young object held would not be in the snapshot. All roots are shaded or written down then (`snapshot.ts`). Young collections
 * beside marking let survivors age as usual; when everything is marked, one more promotes them all, as sweeping looks at
 * no young lines. What was reachable at the start is what the cycle keeps (snapshot at the beginning: Yuasa 1990): an
 * object's addresses are shaded before the first of them is overwritten (`remembered.ts`), and whatever is promoted before
 * it sweeps is born marked. Sweeping goes through the blocks in the order of memory; blocks taken meanwhile carry the cycle's
 * number (`born`) and are left alone.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_AGED_SWEEP, FAULT_BORN_SWEPT, FAULT_HOLES } from '../fault.ts';
import {
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  FIRST_BLOCK,
  PHASE_IDLE,
  PHASE_MARK,
  PHASE_SWEEP,
  PHASE_WEAK,
  STATE_LOGGED,
  STATE_MARKED,
} from '../layout.ts';
import { forced, statistics } from '../shared-cells.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { EACH_GRANULE } from '../spaces/object.ts';
import { forgetHoles } from '../spaces/recycling.ts';
import { countWork } from '../spaces/statistics.ts';
import { HandleTable, shadeHandles } from '../trace/handles.ts';
import {
  beginMarking,
  beginRecovery,
  drainSome,
  endMarking,
  recoverSome,
  TRACE_CYCLE,
  takeOverflow,
} from '../trace/mark.ts';
import { joinNewToOld } from '../trace/reference.ts';
import { logAhead } from '../trace/remembered.ts';
import { forgetAhead } from '../trace/remembered-table.ts';
import { sweepBlock, sweepLarge } from '../trace/sweep.ts';
import { beginWeakPhase, isWeakPhaseOver, weakSome } from '../trace/weak-phase.ts';
import { shadeOpenRoots } from './roots.ts';
import { isAllOldAndClean, isMarked, isSnapshotShaded } from './schedule.ts';
import { forgetSnapshot, shadeSnapshotSome, takeSnapshot } from './snapshot.ts';

const SMALLEST_TRIGGER: u32 = 8 << 20;
const UNMARKED: u64 = ~(EACH_GRANULE * (STATE_MARKED | STATE_LOGGED));

/** Work of sweeping one block, in the units of marking: an object, or eight elements of a vector. */
const SWEEP_WORK: u32 = 128;
/** Work of going through a table of handles. */
const HANDLES_WORK: u32 = 512;

export function initialiseCycle(): void {
  statistics.phase = PHASE_IDLE;
  cells.cycle = 0;
  setTrigger();
}

/** Begins a cycle: the nursery is empty and everything old is clean. */
export function startCycle(): void {
  cells.cycle++;
  cells.inexact = 0;
  joinNewToOld();
  // What was remembered may have died since, and a forced collection shall free what that leads to as well. Frames that run
  // beside one pay for it at the barrier.
  if (forced.stage !== 0) forgetAhead();
  beginMarking();
  statistics.phase = PHASE_MARK;
  cells.trace = TRACE_CYCLE;
  takeSnapshot();
  shadeOpenRoots();
  cells.markHandles = cells.handleTables;
}

/** Goes on with the cycle for about `work` units. The nursery must be empty while it sweeps. */
export function continueCycle(work: u32): void {
  statistics.slices++;
  const phase = statistics.phase;
  let done: u32 = 0;
  if (phase === PHASE_MARK) done = markSome(work);
  else if (phase === PHASE_WEAK) done = weakenSome(work);
  else done = sweepSome(work);
  countWork(done);
}

/** Gives the cycle in progress up: no object is marked then. */
export function abandonCycle(): void {
  if (statistics.phase === PHASE_IDLE) return;
  if (statistics.phase !== PHASE_SWEEP) endMarking();
  forgetSnapshot();
  statistics.phase = PHASE_IDLE;
  const end = cells.blocksEnd;
  for (let index: u32 = FIRST_BLOCK; index < end; index++) {
    const kind = load<u8>(BLOCK_TABLE + (index as usize));
    const block = (index as usize) << BLOCK_SHIFT;
    if (kind === BLOCK_OBJECTS) unmark(block, BLOCK_DATA - BLOCK_HEADER_SIZE);
    else if (kind === BLOCK_LARGE) unmark(block, 8);
  }
}

/** After a full collection, or a cycle's last block: so many bytes are old. */
export function cycleEnded(live: u32): void {
  statistics.liveBytes = live;
  cells.promotedSlack = 0;
  setTrigger();
}

function setTrigger(): void {
  const live = statistics.liveBytes;
  // Not beyond the end of 32 bits: the sum would come out below what is alive, and cycles never cease.
  const distance = max(SMALLEST_TRIGGER, live);
  cells.cycleTrigger = live + min(distance, u32.MAX_VALUE - live);
  cells.asideLimit = max(SMALLEST_TRIGGER, distance >>> 2);
}

function unmark(block: usize, bytes: usize): void {
  BlockHeader.at(block).kept = 0;
  for (let states = block + BLOCK_HEADER_SIZE; states < block + BLOCK_HEADER_SIZE + bytes; states += 8) {
    store<u64>(states, load<u64>(states) & UNMARKED);
  }
}

function markSome(work: u32): u32 {
  cells.trace = TRACE_CYCLE;
  let done = logAhead(work);
  done += drainSome(max(work, done) - done);
  if (cells.markTop > cells.markBase) return done;
  if (!isSnapshotShaded()) return done + shadeSnapshotSome(max(work, done + 1) - done);
  const table = cells.markHandles;
  if (table !== 0) {
    shadeHandles(table);
    cells.markHandles = HandleTable.at(table).next;
    return done + HANDLES_WORK;
  }
  if (cells.recoverNext !== 0) done += recoverSome(max(work, done + 1) - done);
  else if (takeOverflow()) beginRecovery();
  if (!isMarked()) return done;
  if (FAULT !== FAULT_AGED_SWEEP && !isAllOldAndClean()) return done;
  statistics.phase = PHASE_WEAK;
  beginWeakPhase();
  return done;
}

function weakenSome(work: u32): u32 {
  cells.trace = TRACE_CYCLE;
  const done = weakSome(work);
  if (!isWeakPhaseOver()) return done;
  endMarking();
  // Holes of blocks that are not swept yet must not be filled: their objects would have no mark.
  if (FAULT !== FAULT_HOLES) forgetHoles();
  statistics.phase = PHASE_SWEEP;
  forgetAhead();
  cells.sweepNext = FIRST_BLOCK;
  cells.sweptBytes = 0;
  cells.liveBefore = statistics.liveBytes;
  return done;
}

function sweepSome(work: u32): u32 {
  const end = cells.blocksEnd;
  let index = cells.sweepNext;
  let left = work;
  while (index < end && left > 0) {
    const kind = load<u8>(BLOCK_TABLE + (index as usize));
    const block = (index as usize) << BLOCK_SHIFT;
    let step: u32 = 1;
    if (kind === BLOCK_LARGE) step = BlockHeader.at(block).run;
    if (kind === BLOCK_OBJECTS || kind === BLOCK_LARGE) {
      if (FAULT === FAULT_BORN_SWEPT || BlockHeader.at(block).born !== cells.cycle) {
        const live = kind === BLOCK_LARGE ? sweepLarge(block) : sweepBlock(block);
        cells.sweptBytes += live;
      }
      left -= min(left, SWEEP_WORK);
    }
    index += step;
  }
  cells.sweepNext = index;
  if (index < cells.blocksEnd) return work - left;
  statistics.phase = PHASE_IDLE;
  const promoted = statistics.liveBytes - cells.liveBefore;
  cycleEnded(cells.sweptBytes + promoted);
  statistics.collections++;
  return work - left;
}
