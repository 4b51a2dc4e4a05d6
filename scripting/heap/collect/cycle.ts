/**
 * The cycle: marking the old generation, telling of what died, and sweeping, in slices, each bounded by the work it is given.
 *
 *               start              stack empty          queues told             last block
 *     idle ───────────────▶ mark ───────────────▶ weak ───────────────▶ sweep ───────────────▶ idle
 *                             └─────────────────────┴── full collection: abandoned ─┘
 *
 * A cycle starts right behind a young collection that promotes everything, so that the nursery is empty and every old object
 * clean: an edge that only a young object held would not be in the snapshot. All roots are shaded then. Young collections
 * beside marking let survivors age as usual; when everything is marked, one more promotes them all, as sweeping looks at
 * no young lines. What was reachable at that moment is what the cycle keeps (snapshot at the beginning: Yuasa 1990): an
 * object's addresses are shaded before the first of them is overwritten (`remembered.ts`), and whatever is promoted while
 * it marks is born marked. Sweeping goes through the blocks in the order of memory; blocks taken behind its back carry the
 * cycle's number and are left alone.
 */
import {
  ASIDE_BYTES,
  ASIDE_LIMIT,
  BLOCKS_END,
  CYCLE,
  CYCLE_TRIGGER,
  HANDLE_TABLES,
  INEXACT,
  LIVE_BEFORE,
  MARK_BASE,
  MARK_HANDLES,
  MARK_OVERFLOWED,
  MARK_TOP,
  PROMOTED_SLACK,
  RECOVER_NEXT,
  SWEEP_NEXT,
  SWEPT_BYTES,
  TRACE,
} from '../cells.ts';
import { FAULT, FAULT_AGED_SWEEP, FAULT_BORN_SWEPT, FAULT_HOLES } from '../fault.ts';
import {
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  CYCLE_START,
  FIRST_BLOCK,
  FORCED_STAGE,
  PHASE_IDLE,
  PHASE_MARK,
  PHASE_SWEEP,
  PHASE_WEAK,
  STATE_LOGGED,
  STATE_MARKED,
  STATS_COLLECTIONS,
  STATS_LIVE_BYTES,
  STATS_PHASE,
  STATS_SLICES,
} from '../layout.ts';
import { BLOCK_BORN, BLOCK_KEPT, BLOCK_RUN } from '../spaces/blocks.ts';
import { EACH_GRANULE } from '../spaces/object.ts';
import { forgetHoles } from '../spaces/recycling.ts';
import { countWork } from '../spaces/statistics.ts';
import { shadeHandles } from '../trace/handles.ts';
import {
  beginMarking,
  beginRecovery,
  drainSome,
  endMarking,
  recoverSome,
  TRACE_CYCLE,
  takeOverflow,
} from '../trace/mark.ts';
import { joinSettled } from '../trace/reference.ts';
import { logAhead } from '../trace/remembered.ts';
import { forgetAhead } from '../trace/remembered-table.ts';
import { sweepBlock, sweepLarge } from '../trace/sweep.ts';
import { beginWeakPhase, isWeakPhaseOver, weakSome } from '../trace/weak-phase.ts';
import { shadeFewRoots } from './roots.ts';
import { isSettled } from './young.ts';

const SMALLEST_TRIGGER: u32 = 8 << 20;
const UNMARKED: u64 = ~(EACH_GRANULE * (STATE_MARKED | STATE_LOGGED));

/** Work of sweeping one block, in the units of marking: an object, or eight elements of a vector. */
const SWEEP_WORK: u32 = 128;
/** Work of going through a table of handles. */
const HANDLES_WORK: u32 = 512;

export function initialiseCycle(): void {
  store<u32>(STATS_PHASE, PHASE_IDLE);
  store<u32>(CYCLE, 0);
  setTrigger();
}

/** Whether enough has been promoted since the last cycle for another; what objects waste by lying alone in lines counts. */
export function isCycleDue(): bool {
  return footprint() > load<u32>(CYCLE_TRIGGER);
}

/** The same in a gap, where the cell CYCLE_START goes before the heap's own trigger. */
export function isCycleWanted(): bool {
  const start = load<u32>(CYCLE_START);
  return start === 0 ? isCycleDue() : footprint() >= start;
}

/** Old bytes, and those that they keep others from using: see `young.ts` and `recycleOrLeave`. */
function footprint(): u32 {
  const live = load<u32>(STATS_LIVE_BYTES);
  return live + min(load<u32>(PROMOTED_SLACK) + load<u32>(ASIDE_BYTES), u32.MAX_VALUE - live);
}

/** Begins a cycle: the nursery is empty and everything old is clean. */
export function startCycle(): void {
  store<u32>(CYCLE, load<u32>(CYCLE) + 1);
  store<u32>(INEXACT, 0);
  joinSettled();
  // What was remembered may have died since, and a forced collection shall free what that leads to as well. Frames that run
  // beside one pay for it at the barrier.
  if (load<u32>(FORCED_STAGE) !== 0) forgetAhead();
  beginMarking();
  store<u32>(STATS_PHASE, PHASE_MARK);
  store<u32>(TRACE, TRACE_CYCLE);
  shadeFewRoots();
  store<usize>(MARK_HANDLES, load<usize>(HANDLE_TABLES));
}

/** Whether the cycle has marked all that there is, and needs only an empty nursery to go on. */
export function isMarked(): bool {
  if (load<u32>(STATS_PHASE) !== PHASE_MARK) return false;
  if (load<usize>(MARK_HANDLES) !== 0) return false;
  if (load<usize>(RECOVER_NEXT) !== 0 || load<u32>(MARK_OVERFLOWED) !== 0) return false;
  return load<usize>(MARK_TOP) === load<usize>(MARK_BASE);
}

/** Goes on with the cycle for about `work` units. The nursery must be empty while it sweeps. */
export function continueCycle(work: u32): void {
  store<u32>(STATS_SLICES, load<u32>(STATS_SLICES) + 1);
  const phase = load<u32>(STATS_PHASE);
  let done: u32 = 0;
  if (phase === PHASE_MARK) done = markSome(work);
  else if (phase === PHASE_WEAK) done = weakenSome(work);
  else done = sweepSome(work);
  countWork(done);
}

/** Gives the cycle in progress up: no object is marked then. */
export function abandonCycle(): void {
  if (load<u32>(STATS_PHASE) === PHASE_IDLE) return;
  if (load<u32>(STATS_PHASE) !== PHASE_SWEEP) endMarking();
  store<u32>(STATS_PHASE, PHASE_IDLE);
  const end = load<u32>(BLOCKS_END);
  for (let index: u32 = FIRST_BLOCK; index < end; index++) {
    const kind = load<u8>(BLOCK_TABLE + (index as usize));
    const block = (index as usize) << BLOCK_SHIFT;
    if (kind === BLOCK_OBJECTS) unmark(block, BLOCK_DATA - BLOCK_HEADER_SIZE);
    else if (kind === BLOCK_LARGE) unmark(block, 8);
  }
}

/** After a full collection: everything alive is known. */
export function settleCycle(live: u32): void {
  store<u32>(STATS_LIVE_BYTES, live);
  store<u32>(PROMOTED_SLACK, 0);
  setTrigger();
}

function setTrigger(): void {
  const live = load<u32>(STATS_LIVE_BYTES);
  // Not beyond the end of 32 bits: the sum would come out below what is alive, and cycles never cease.
  const distance = max(SMALLEST_TRIGGER, live);
  store<u32>(CYCLE_TRIGGER, live + min(distance, u32.MAX_VALUE - live));
  store<u32>(ASIDE_LIMIT, max(SMALLEST_TRIGGER, distance >>> 2));
}

function unmark(block: usize, bytes: usize): void {
  store<u32>(block, 0, BLOCK_KEPT);
  for (let states = block + BLOCK_HEADER_SIZE; states < block + BLOCK_HEADER_SIZE + bytes; states += 8) {
    store<u64>(states, load<u64>(states) & UNMARKED);
  }
}

function markSome(work: u32): u32 {
  store<u32>(TRACE, TRACE_CYCLE);
  let done = logAhead(work);
  done += drainSome(max(work, done) - done);
  if (load<usize>(MARK_TOP) > load<usize>(MARK_BASE)) return done;
  const table = load<usize>(MARK_HANDLES);
  if (table !== 0) {
    shadeHandles(table);
    store<usize>(MARK_HANDLES, load<usize>(table));
    return done + HANDLES_WORK;
  }
  if (load<usize>(RECOVER_NEXT) !== 0) done += recoverSome(max(work, done + 1) - done);
  else if (takeOverflow()) beginRecovery();
  if (!isMarked()) return done;
  if (FAULT !== FAULT_AGED_SWEEP && !isSettled()) return done;
  store<u32>(STATS_PHASE, PHASE_WEAK);
  beginWeakPhase();
  return done;
}

function weakenSome(work: u32): u32 {
  store<u32>(TRACE, TRACE_CYCLE);
  const done = weakSome(work);
  if (!isWeakPhaseOver()) return done;
  endMarking();
  // Holes of blocks that are not swept yet must not be filled: their objects would have no mark.
  if (FAULT !== FAULT_HOLES) forgetHoles();
  store<u32>(STATS_PHASE, PHASE_SWEEP);
  forgetAhead();
  store<u32>(SWEEP_NEXT, FIRST_BLOCK);
  store<u32>(SWEPT_BYTES, 0);
  store<u32>(LIVE_BEFORE, load<u32>(STATS_LIVE_BYTES));
  return done;
}

function sweepSome(work: u32): u32 {
  const end = load<u32>(BLOCKS_END);
  let index = load<u32>(SWEEP_NEXT);
  let left = work;
  while (index < end && left > 0) {
    const kind = load<u8>(BLOCK_TABLE + (index as usize));
    const block = (index as usize) << BLOCK_SHIFT;
    let step: u32 = 1;
    if (kind === BLOCK_LARGE) step = load<u32>(block, BLOCK_RUN);
    if (kind === BLOCK_OBJECTS || kind === BLOCK_LARGE) {
      if (FAULT === FAULT_BORN_SWEPT || load<u32>(block, BLOCK_BORN) !== load<u32>(CYCLE)) {
        const live = kind === BLOCK_LARGE ? sweepLarge(block) : sweepBlock(block);
        store<u32>(SWEPT_BYTES, load<u32>(SWEPT_BYTES) + live);
      }
      left -= min(left, SWEEP_WORK);
    }
    index += step;
  }
  store<u32>(SWEEP_NEXT, index);
  if (index < load<u32>(BLOCKS_END)) return work - left;
  store<u32>(STATS_PHASE, PHASE_IDLE);
  const promoted = load<u32>(STATS_LIVE_BYTES) - load<u32>(LIVE_BEFORE);
  settleCycle(load<u32>(SWEPT_BYTES) + promoted);
  store<u32>(STATS_COLLECTIONS, load<u32>(STATS_COLLECTIONS) + 1);
  return work - left;
}
