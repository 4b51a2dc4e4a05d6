/**
 * Which collection runs when: the only place where that is decided. Each function is an occasion on which something may run, each
 * line of it a row of the table: what holds, what runs then, and why. The first row that holds counts.
 *
 * All of this looks at the cells and changes nothing. What is decided here is done by `collect.ts` in mid-run, `gap.ts` between
 * frames and `forced.ts` for who cannot wait; how far marking and sweeping have come is for `cycle.ts` alone to say.
 */
import { cells } from '../cells.ts';
import {
  FAULT,
  FAULT_AGED_START,
  FAULT_AGED_SWEEP,
  FAULT_GLOBALS_EARLY,
  FAULT_LOST_TRACED,
  FAULT_MOVE_INEXACT,
  FAULT_STAYS_START,
  FAULT_STAYS_SWEEP,
} from '../fault.ts';
import {
  FORCE_FULL,
  FORCE_LOW,
  FORCE_MOVE,
  NEXT_CYCLE,
  NEXT_FULL,
  NEXT_NOTHING,
  NEXT_YOUNG,
  PHASE_IDLE,
  PHASE_MARK,
  PHASE_MOVE,
  STRESS_COLLECT,
  STRESS_EAGER,
  STRESS_THIN,
} from '../layout.ts';
import { canMove } from '../moving/move.ts';
import { forced, shared, statistics } from '../shared-cells.ts';
import { endOfUse, hardLimit } from '../spaces/blocks.ts';
import { isNurseryEmpty } from '../spaces/young-lists.ts';
import { isRememberedWhole } from '../trace/remembered-table.ts';

/** What may run. */
export const STEP_NOTHING: u32 = 0;
export const STEP_YOUNG: u32 = 1; // a young collection that lets survivors age
export const STEP_YOUNG_ALL: u32 = 2; // one that leaves nothing young
export const STEP_BEGIN_CYCLE: u32 = 3;
export const STEP_CYCLE: u32 = 4; // some of the cycle in progress
export const STEP_MOVE: u32 = 5; // some of the move phase
export const STEP_FULL: u32 = 6; // everything at once

/** How far a forced collection is (`forced.ts`), and what it does next. */
export const STAGE_NONE: u32 = 0;
export const STAGE_FINISH: u32 = 1;
export const STAGE_CYCLE: u32 = 2;
export const STAGE_MOVE: u32 = 3;
export const FORCED_ENDS: u32 = 0;
export const FORCED_GOES_ON: u32 = 1; // with what comes next, due or not
export const FORCED_CYCLE: u32 = 2; // begins a cycle of its own
export const FORCED_ROUND: u32 = 3; // begins to move objects

/** In a gap, less than this is not worth a young collection by itself, unless the cell YOUNG_START says otherwise: 256 KiB. */
const YOUNG_WORTH: u32 = 256 << 10;

/**
 * In mid-run the nursery is collected whenever this much was allocated, 2 MiB: about what a processor core caches, so that
 * allocation finds its memory there. Where that is too soon for most to have died, more: until so many times as much is young as
 * survived the last time, but at most 16 MiB and a sixteenth of the hard limit.
 */
const YOUNG_MID_RUN: u32 = 2 << 20;
const MOST_YOUNG_MID_RUN: u32 = 16 << 20;
const SURVIVED_TIMES: u32 = 32;
const LIMIT_PART: f64 = 16;

/** Under STRESS_COLLECT one collection of so many is a full one. */
const FULL_EVERY: u32 = 4;
/** Under STRESS_THIN so many allocations collect, */
const THIN_AFTER: u32 = 4096;
/** and then one of so many: no power of two, for programs repeat themselves in those. */
const THIN_EVERY: u32 = 13;
/** Under STRESS_EAGER one young collection of so many promotes everything, for a cycle to begin. */
const CYCLE_EVERY: u32 = 3;

/** Rounds towards low memory: the first may make room for large objects that the second moves. */
const MOST_ROUNDS: u32 = 4;

/** What visiting a remembered object counts as, in bytes of the quota, beside its own bytes or those of its cards. */
const REMEMBERED_COST: u32 = 16;

// ------------------------------------------------------------------------------------------------ in mid-run

/** When an allocation has come to its slow path. */
export function atSlowPath(): u32 {
  // Whoever suppresses collection has other plans for this time.
  if (isSuppressed()) return STEP_NOTHING;
  // A test wishes for a collection here, of both kinds by turns.
  if (shared.stress & STRESS_COLLECT) return atStressedAllocation();
  // A frame does not wait: there will be a gap after it.
  if (shared.inFrame !== 0) return STEP_NOTHING;
  // No gap may ever come.
  return statistics.youngBytes > youngMidRun() ? youngAtOnce() : STEP_NOTHING;
}

function youngMidRun(): u32 {
  const wished = min((statistics.youngSurvived as u64) * SURVIVED_TIMES, MOST_YOUNG_MID_RUN as u64) as u32;
  return max(YOUNG_MID_RUN, min(wished, (hardLimit() / LIMIT_PART) as u32));
}

/** Full and young collections by turns. */
function atStressedAllocation(): u32 {
  const turn = cells.stressTurn;
  const isThin = (shared.stress & STRESS_THIN) !== 0 && turn > THIN_AFTER;
  if (isThin && turn % THIN_EVERY !== 0) return STEP_NOTHING;
  return (isThin ? turn / THIN_EVERY : turn) % FULL_EVERY === 0 ? STEP_FULL : youngAtOnce();
}

/** When memory has run out, or a collection is asked for that does not wait. */
export function atOnce(): u32 {
  // The call fails sooner than that it is interrupted, or what was asked for waits for a gap.
  return isSuppressed() ? STEP_NOTHING : STEP_FULL;
}

/** After a step that was taken in mid-run. */
export function after(step: u32): u32 {
  // Nothing is left that could be due.
  if (step === STEP_FULL) return STEP_NOTHING;
  // A cycle that a gap began goes on, or what dies would wait for the hard limit.
  if (step === STEP_YOUNG_ALL && statistics.phase !== PHASE_IDLE) return STEP_CYCLE;
  // What the collection itself has remembered found no place.
  if (!isRememberedWhole()) return STEP_FULL;
  // Without gaps there is nothing that a cycle could be divided among.
  return isCycleDue() && statistics.phase === PHASE_IDLE ? STEP_FULL : STEP_NOTHING;
}

/** A young collection in mid-run promotes everything: nobody knows when the next would be. */
function youngAtOnce(): u32 {
  // Memory has run out for the remembered set, and nothing is gained by dividing what takes its place.
  return isRememberedWhole() ? STEP_YOUNG_ALL : STEP_FULL;
}

// ------------------------------------------------------------------------------------------------ in a gap

/** What a slice in a gap does. */
export function inGap(): u32 {
  // Whoever suppresses collection has other plans for gaps as well.
  if (isSuppressed()) return STEP_NOTHING;
  // Somebody waits for it.
  if (isForcedInPlace()) return upcoming();
  // A test wishes for all that may happen.
  if (isEager()) return upcoming();
  // What is begun keeps memory from being used again until it is over.
  if (statistics.phase !== PHASE_IDLE || isPromoting() || isTracing()) return upcoming();
  // Enough has become old.
  if (isCycleWanted()) return upcoming();
  // Enough was allocated; less would cost more in visiting the roots than it brings.
  return isYoungWorth() ? upcoming() : STEP_NOTHING;
}

/** What comes next, due or not. */
export function upcoming(): u32 {
  const phase = statistics.phase;
  // Half of the addresses are old ones: nothing else finds its way.
  if (phase === PHASE_MOVE) return STEP_MOVE;
  // What is half traced is of no use to anybody else.
  if (isTracing()) return STEP_YOUNG;
  // Clean objects hold young ones until all of these are old.
  if (isPromoting()) return young();
  // What is lost from the remembered set may hold any young object: all of them become old as they stand.
  if (!isRememberedWhole()) return young();
  // Marking goes on beside young objects, so only many of them come first.
  if (hasMoreToMark()) return isYoungWorth() ? young() : STEP_CYCLE;
  // A cycle begins, and sweeps, beside an empty nursery, and when all that is old is clean.
  if (isAllOldAndClean() || isFaultyStart()) return phase === PHASE_IDLE ? STEP_BEGIN_CYCLE : STEP_CYCLE;
  // So that is seen to before.
  return young();
}

/** Which kind of young collection comes next in a gap. */
function young(): u32 {
  // What it promotes while a cycle marks is kept until the next: better to let it age.
  if (hasMoreToMark()) return STEP_YOUNG;
  // The cycle is about to sweep, which looks at no young lines.
  if (statistics.phase !== PHASE_IDLE) return STEP_YOUNG_ALL;
  // What is forced shall free all it can, and a cycle is what it waits for.
  if (forced.stage !== STAGE_NONE) return STEP_YOUNG_ALL;
  // A test wishes for cycles, and for ageing between them.
  if (isEager()) return cells.stressTurn % CYCLE_EVERY === 0 ? STEP_YOUNG_ALL : STEP_YOUNG;
  // A cycle begins only beside an empty nursery; otherwise much of what is young dies while it ages.
  return isCycleWanted() ? STEP_YOUNG_ALL : STEP_YOUNG;
}

/** Whether the young collection that begins next is one of those that STRESS_EAGER counts. */
export function countsTurn(): bool {
  return isEager() && statistics.phase === PHASE_IDLE && forced.stage === STAGE_NONE && !isTracing();
}

/** Whether a young collection of `seen` bytes visits objects at all; otherwise they become old as they stand. */
export function isTraced(seen: u32, quota: u32): bool {
  // Half of the nursery is old already.
  if (isPromoting()) return false;
  // Who holds what is young is not known.
  if (FAULT !== FAULT_LOST_TRACED && !isRememberedWhole()) return false;
  // More would take longer than a gap has, and a level that was just built survives anyway.
  return seen <= quota && costOf(seen) <= quota;
}

/** Whether a gap takes up the full collection that was asked for. */
export function isRequestDue(): bool {
  // One that is in progress comes to its end first, or a script that asks in every frame would begin it anew in every gap.
  return !isSuppressed() && cells.requested !== 0 && forced.stage === STAGE_NONE;
}

/** How the host is told of a step: a NEXT_ number. */
export function toNext(step: u32): u32 {
  if (step === STEP_NOTHING) return NEXT_NOTHING;
  if (step === STEP_FULL) return NEXT_FULL;
  return step === STEP_YOUNG || step === STEP_YOUNG_ALL ? NEXT_YOUNG : NEXT_CYCLE;
}

// ------------------------------------------------------------------------------------------------ forced

/** What the forced collection in progress does next. */
export function forcedStep(): u32 {
  const wishes = cells.forcedWishes;
  if (forced.stage === STAGE_MOVE) {
    // Nothing runs before all have arrived.
    if (statistics.phase === PHASE_MOVE) return FORCED_GOES_ON;
    // What has moved down may have made room for more.
    const again =
      (wishes & FORCE_LOW) !== 0 && cells.forcedRounds < MOST_ROUNDS && endOfUse() < cells.forcedEnd;
    return again ? roundOrEnd() : FORCED_ENDS;
  }
  // What is begun is finished: to give it up would be to visit all blocks at once.
  if (statistics.phase !== PHASE_IDLE || !isAllOldAndClean()) return FORCED_GOES_ON;
  // The cycle that was in progress has kept what died since it began.
  if (forced.stage === STAGE_FINISH) return wishes & FORCE_FULL ? FORCED_CYCLE : FORCED_ENDS;
  // That was all that was wished for.
  if (!(wishes & FORCE_MOVE)) return FORCED_ENDS;
  // Blocks became old as they stood: only another cycle tells where their objects begin.
  if (FAULT !== FAULT_MOVE_INEXACT && cells.inexact !== 0) return FORCED_CYCLE;
  return roundOrEnd();
}

/** Nothing is moved while a call is open; who asks for it has none. */
function roundOrEnd(): u32 {
  return canMove() ? FORCED_ROUND : FORCED_ENDS;
}

/** Whether a forced collection is in progress that moves nothing, so that gaps can go on with it. */
export function isForcedInPlace(): bool {
  return forced.stage !== STAGE_NONE && !(cells.forcedWishes & FORCE_MOVE);
}

// ------------------------------------------------------------------------------------------------ what the rows ask

export function isSuppressed(): bool {
  return shared.suppressed !== 0;
}

export function isEager(): bool {
  return (shared.stress & STRESS_EAGER) !== 0;
}

/** Whether a young collection is tracing: between two portions of one. */
export function isTracing(): bool {
  return statistics.tracing !== 0;
}

/** Whether the nursery is becoming old as it stands, and not all of it is. */
export function isPromoting(): bool {
  return cells.promoting !== 0;
}

/**
 * Whether the nursery is empty and nothing is remembered, whole or by cards: a cycle that began with an object not clean would
 * not hear of stores into it, and could free it while it is in the table.
 */
export function isAllOldAndClean(): bool {
  return isNothingYoung() && !isTracing() && !isPromoting();
}

/** The same where what is young becomes old as it stands: references may have yet to leave the lists of young ones. */
export function isNothingYoung(): bool {
  return isNurseryEmpty() && (statistics.remembered === 0 || isFaultyStay()) && isRememberedWhole();
}

/** Whether so much was allocated that a young collection is worth its fixed costs. */
function isYoungWorth(): bool {
  return statistics.youngBytes > youngWorth();
}

function youngWorth(): u32 {
  // A test wishes for all that may happen.
  if (isEager()) return 0;
  return shared.youngStart === 0 ? YOUNG_WORTH : shared.youngStart;
}

/** What tracing the nursery costs, in bytes: what is young, and what of the remembered objects is gone through. */
function costOf(seen: u32): u32 {
  const visits = (statistics.remembered as u64) * REMEMBERED_COST;
  return min(visits + cells.rememberedBytes + seen, u32.MAX_VALUE as u64) as u32;
}

/** Whether enough has been promoted since the last cycle for another; what objects waste by lying alone in lines counts. */
function isCycleDue(): bool {
  return footprint() > cells.cycleTrigger;
}

/** The same in a gap, where the cell CYCLE_START goes before the heap's own trigger. */
function isCycleWanted(): bool {
  return shared.cycleStart === 0 ? isCycleDue() : footprint() >= shared.cycleStart;
}

/** Old bytes, and those that they keep others from using: see `young.ts` and `recycleOrLeave`. */
function footprint(): u32 {
  const live = statistics.liveBytes;
  return live + min(cells.promotedSlack + cells.asideBytes, u32.MAX_VALUE - live);
}

/** Whether a cycle has something left to mark. */
function hasMoreToMark(): bool {
  return statistics.phase === PHASE_MARK && !isMarked();
}

/** Whether the cycle has marked all that there is, and needs only an empty nursery to go on. */
export function isMarked(): bool {
  if (statistics.phase !== PHASE_MARK) return false;
  if (cells.markHandles !== 0) return false;
  if (!isSnapshotShaded()) return false;
  if (cells.recoverNext !== 0 || cells.markOverflowed !== 0) return false;
  return cells.markTop === cells.markBase;
}

/** Whether the cycle in progress has come to all globals and queues that it began with (`snapshot.ts`). */
export function isSnapshotShaded(): bool {
  if (FAULT === FAULT_GLOBALS_EARLY) return true;
  return cells.snapshotGlobals === 0 && cells.snapshotDrop === 0 && cells.snapshotProxy === 0;
}

/** In a test build: whether a cycle begins or sweeps although something is remembered. */
export function isFaultyStay(): bool {
  const starts = FAULT === FAULT_STAYS_START && statistics.phase === PHASE_IDLE;
  return starts || (FAULT === FAULT_STAYS_SWEEP && statistics.phase !== PHASE_IDLE);
}

/** In a test build: whether a cycle begins or sweeps although something is young. */
function isFaultyStart(): bool {
  const sweeps = FAULT === FAULT_AGED_SWEEP && statistics.phase !== PHASE_IDLE;
  const starts = FAULT === FAULT_AGED_START && statistics.phase === PHASE_IDLE;
  return (sweeps || starts) && !isYoungWorth();
}
