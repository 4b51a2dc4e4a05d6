/**
 * Forced collections: everything now, in slices, while a loading screen is up. The host asks with `force` and then calls
 * `forceSlice` until it says that nothing is left; frames may come in between, except while objects move.
 *
 *     force ─▶ finish: the nursery and the ─▶ cycle: one of its own ─▶ move ─▶ done
 *              cycle in progress              (again where blocks      (again towards low memory, while
 *                                             became old as they       the end of what is used comes down)
 *                                             stood meanwhile)
 *
 * What a script has asked for goes on by itself, from gap to gap (`gap.ts`), and joins what the host forces meanwhile: a host
 * that gives its own collection up (`endForce`) does not take the script's along.
 *
 * A cycle in progress is finished and not given up, since giving it up would visit all blocks at once; but it keeps what died
 * since it began, so that a full collection needs one of its own.
 *
 * While suppressed nothing runs: a forced collection that is asked for or in progress then is noted as a full one, for the
 * first gap in which it may run.
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_ASKED } from '../fault.ts';
import {
  FORCE_ALL,
  FORCE_FULL,
  FORCE_LOW,
  FORCE_MOVE,
  PHASE_IDLE,
  PHASE_MARK,
  PHASE_MOVE,
  PHASE_SWEEP,
} from '../layout.ts';
import { MOVE_ALL, MOVE_LOW, MOVE_SPARSE } from '../moving/evacuate.ts';
import { beginMove, canMove, finishMove, moveFraction } from '../moving/move.ts';
import { forced, statistics } from '../shared-cells.ts';
import { endOfUse, trimBlocks } from '../spaces/blocks.ts';
import { sliceBegun, sliceEnded, updateStatistics } from '../spaces/statistics.ts';
import { forgetTextPlace } from '../spaces/text-place.ts';
import { closeWindow, openWindow } from '../spaces/window.ts';
import { collect, requestCollection, take } from './collect.ts';
import {
  FORCED_CYCLE,
  FORCED_GOES_ON,
  FORCED_ROUND,
  forcedStep,
  isSuppressed,
  STAGE_CYCLE,
  STAGE_FINISH,
  STAGE_MOVE,
  STAGE_NONE,
  upcoming,
} from './schedule.ts';

/** Among the wishes: a script has asked for it. */
const ASKED: u32 = FORCE_ALL << 1;

/** What marking counts as an object's bytes when it says how far it is. */
const TYPICAL_OBJECT: u32 = 64;

/** Asks for a forced collection: FORCE_ bits. What an earlier one that is in progress wished for is kept. */
export function force(wishes: u32): void {
  if (isSuppressed()) {
    requestCollection();
    return;
  }
  if (forced.stage === STAGE_NONE) {
    forced.progress = 0;
    forced.moved = 0;
  } else wishes |= cells.forcedWishes;
  cells.forcedWishes = wishes;
  cells.forcedWork = 0;
  cells.forcedRounds = 0;
  forced.stage = STAGE_FINISH;
}

/** A script has asked for a full collection: gaps go on with it until it is over. */
export function forceAsked(): void {
  force(FORCE_FULL | ASKED);
}

/** Does about `work` units of the forced collection. Returns 1 while there is more, else 0. */
export function forceSlice(work: u32): u32 {
  updateStatistics();
  if (forced.stage === STAGE_NONE) return 0;
  if (isSuppressed()) {
    finishMove();
    forced.stage = STAGE_NONE;
    requestCollection();
    return 0;
  }
  const begun = sliceBegun();
  forgetTextPlace();
  closeWindow();
  statistics.sliceWork = 0;
  forceSome(work);
  openWindow();
  sliceEnded(begun);
  note(progress());
  return forced.stage === STAGE_NONE ? 0 : 1;
}

/** Goes on with the forced collection in progress for about `work` units. The window must be closed, and collections allowed. */
export function forceSome(work: u32): void {
  const step = forcedStep();
  if (step === FORCED_GOES_ON) {
    take(upcoming(), work);
    if (forced.stage === STAGE_CYCLE) cells.forcedWork += statistics.sliceWork;
  } else if (step === FORCED_CYCLE) beginCycle();
  else if (step === FORCED_ROUND) beginRound();
  else forced.stage = STAGE_NONE;
}

/**
 * Leaves the rest of what the host has forced undone; objects that are moving arrive. What a script has asked for goes on: all
 * but moving.
 */
export function endForce(): void {
  finishMove();
  const asked = (cells.forcedWishes & ASKED) !== 0;
  if (asked && FAULT !== FAULT_ASKED && forced.stage !== STAGE_MOVE) cells.forcedWishes = FORCE_FULL | ASKED;
  else forced.stage = STAGE_NONE;
}

/** Under STRESS_MOVE, where nothing is on the stack: a full collection, after which everything that can move does. */
export function moveEverything(): void {
  collect();
  closeWindow();
  if (canMove()) {
    beginMove(MOVE_ALL);
    finishMove();
  }
  openWindow();
}

/**
 * Gives up all memory after the last block that is in use, but for a little to go on with, and returns how many pages of
 * 64 KiB the memory needs to have from now on. The host then moves to a smaller one, if it likes.
 */
export function trim(): u32 {
  finishMove();
  return trimBlocks();
}

function beginCycle(): void {
  take(upcoming(), 0);
  cells.forcedWork = 0;
  forced.stage = STAGE_CYCLE;
}

/** The move phase begins. */
function beginRound(): void {
  const wishes = cells.forcedWishes;
  cells.forcedEnd = endOfUse();
  cells.forcedRounds++;
  beginMove(wishes & FORCE_LOW ? MOVE_LOW : wishes & FORCE_ALL ? MOVE_ALL : MOVE_SPARSE);
  forced.stage = STAGE_MOVE;
}

// ------------------------------------------------------------------------------------------------ progress

function note(fraction: f32): void {
  forced.progress = max(fraction, forced.progress);
}

/** How far it is, from 0 to 1; an estimate while it marks. What is repeated does not count twice: the host sees no step back. */
function progress(): f32 {
  const stage = forced.stage;
  if (stage === STAGE_NONE) return 1;
  if (stage === STAGE_FINISH) return 0.05;
  const moves = (cells.forcedWishes & FORCE_MOVE) !== 0;
  if (stage === STAGE_MOVE) {
    const left: f32 = 0.4 / (cells.forcedRounds as f32);
    return 1 - left + left * (statistics.phase === PHASE_MOVE ? moveFraction() : 1);
  }
  const share: f32 = moves ? 0.55 : 0.95;
  return 0.05 + share * cycleFraction();
}

function cycleFraction(): f32 {
  const phase = statistics.phase;
  if (phase === PHASE_MARK) {
    const done = cells.forcedWork as f32;
    return (0.8 * done) / (done + ((statistics.liveBytes / TYPICAL_OBJECT) as f32) + 1);
  }
  if (phase === PHASE_IDLE) return 1;
  if (phase !== PHASE_SWEEP) return 0.8;
  return 0.8 + (0.2 * (cells.sweepNext as f32)) / ((statistics.blocks + 1) as f32);
}
