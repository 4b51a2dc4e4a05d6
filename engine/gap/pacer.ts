/**
 * Pacing: when a cycle begins, and how much of each gap it gets. Numbers go in and numbers come out; there is no clock and
 * no heap here, so that every situation can be tried in a test.
 *
 *     bytes
 *     goal  - - - - - - - - - - - - - - - - - - - - -.- - -   the cycle has finished here: the lower one of the soft
 *                                               .  ´  |       limit and twice what the last cycle found
 *                                         .  ´        |
 *     start - - - - - - - - - - - - -.  ´ : : : : : : |       budget = work left / frames left, in ms
 *                              .  ´                   |
 *     live  - - - - - - -.  ´                         `---    what the cycle leaves
 *                                                          frames
 *
 * It is control by deadline: the frames that are left until memory reaches the goal (room over promotion a frame)
 * against the frames that the cycle needs (its work over the share of the gap it can have). A cycle begins when the
 * first is no longer comfortably more than the second, and then gets just what it needs to be in time.
 *
 * It comes from Robertz and Henriksson (Time-triggered garbage collection, LCTES 2003), who give a cycle a deadline derived
 * from allocation, and from Henriksson (Scheduling garbage collection in embedded systems, 1998), who lets it run in
 * the slack of the real work. Metronome (Bacon, Cheng and Rajan, POPL 2003) guarantees the program a fixed share of
 * every window of time; we depart from it: a game already has a rhythm, and its slack comes in one piece a frame, so the
 * collector takes that and nothing else, and a fixed share appears only when the heap is in debt. Go's pacer (Clements,
 * 2015) is the model for learning the work from the cycle before, with the difference that scripts are never made to help.
 */
import { BLOCK_SIZE, PHASE_IDLE, PHASE_MARK, PHASE_MOVE } from '../../scripting/heap/index.ts';
import { Average } from './average.ts';
import type { CycleWork } from './cycle-work.ts';
import type { Limits } from './limits.ts';
import { Stillness } from './still.ts';

/** What is measured when a frame is done. */
export interface Reading {
  /** Bytes of objects by age, those that have survived one young collection being young; and of arenas. */
  oldBytes: number;
  youngBytes: number;
  arenaBytes: number;
  /** Bytes that ever survived a young collection. */
  promoted: number;
  /** Nursery beyond this many bytes becomes old as it stands. */
  quota: number;
  /** Blocks in use. */
  blocks: number;
  /** A PHASE_ number. */
  phase: number;
  /** How many suppressions are open. */
  suppressed: number;
  /** Milliseconds until the gap's deadline, 0 for a late frame. */
  gap: number;
  /** Milliseconds that a young collection usually takes. */
  youngTime: number;
  /** Milliseconds of a frame. */
  interval: number;
  /** Whether nobody plays: the game is paused, or the page in the background. */
  idle: boolean;
  /** Units of marking and of sweeping that a millisecond does. */
  markRate: number;
  sweepRate: number;
}

/** What is decided. */
export interface Plan {
  /** Old bytes from which on a cycle begins. */
  cycleStart: number;
  /** Milliseconds of a cycle's slices in this gap; Infinity for all there is. */
  cycleBudget: number;
  /**
   * The same in the gap that a cycle begins in: half of the usual one, since it begins with shading what is held by the objects that the last
   * frame stored into, and what of that is not done is left to the barrier, in the next frame.
   */
  firstBudget: number;
  /** Milliseconds of them that are due even where the gap has no room; 0 without debt. */
  guaranteedBudget: number;
  /** Bytes beyond the soft limit. */
  debt: number;
  /** Bytes of objects at which the cycle is to have finished. */
  goal: number;
  /** Frames until the cycle that runs, or is due, finishes if all goes on like this; 0 where there is none. */
  framesToFinish: number;
}

const MEGABYTE = 1 << 20;
/** A cycle pays when as much was promoted as the last one left, and not for less than this. */
const LEAST_GROWTH = 6 * MEGABYTE;
/** Where the soft limit leaves no such room: an eighth of what is alive, and not for less than this. */
const LEAST_ROOM = 4 * MEGABYTE;
const ROOM_SHIFT = 3;
/**
 * A cycle pays too when blocks with little alive in them keep half as much from use as is old, and not for less than this, nor less
 * than the nursery leaves behind again and again.
 */
const LEAST_HOLES = 4 * MEGABYTE;
const NURSERIES = 1 / 4;
const HOLE_PART = 1 / 2;
/** In time that nobody plays a cycle pays for this much. */
const IDLE_GROWTH = MEGABYTE;
/** Of the usual gap a plan counts on this part; the rest is for what comes unexpected. */
const COUNTED_ON = 0.5;
/** A cycle begins this many times as early as it has to, and some frames more. */
const AHEAD = 1.5;
const FRAMES_AHEAD = 8;
/** It aims at a deadline before the real one. */
const IN_TIME = 0.75;
/**
 * What is promoted while a cycle runs waits for the next, so it should not drag on, however much time there is: frames that marking
 * should take where a part of the usual gap does it.
 */
const LONG_CYCLE = 30;
const BRISK = 1 / 4;
/** Where something is to be over soon: part of the usual gap. */
const URGENT = 1 / 2;
/** Less than this is not worth a turn, in milliseconds. */
const LEAST_SHARE = 0.25;
/** Part of the hard limit at which all should be over, and part of a frame that debt may take at most. */
const HARD_PART = 15 / 16;
const LARGEST_PART = 1 / 4;

export class Pacer {
  readonly plan: Plan = {
    cycleStart: 0,
    cycleBudget: 0,
    firstBudget: 0,
    guaranteedBudget: 0,
    debt: 0,
    goal: 0,
    framesToFinish: 0,
  };
  readonly #limits: Limits;
  readonly #work: CycleWork;
  readonly #growthPerFrame = new Average();
  readonly #gap = new Average();
  readonly #stillness = new Stillness();
  /** Bytes that the last cycle found alive, and bytes that were old when it ended. */
  #liveAtLastCycle = Number.NaN;
  #oldAfterLastCycle = 0;
  /** Bytes of holes that the last cycle could not help; unknown until the plan after it. */
  #holesAfterLastCycle = Number.NaN;
  #youngTime = 0;
  #promotedSoFar = Number.NaN;

  constructor(limits: Limits, work: CycleWork) {
    this.#limits = limits;
    this.#work = work;
  }

  /** Bytes a frame by which the heap grows. */
  get growthPerFrame(): number {
    return this.#growthPerFrame.high;
  }

  /** A frame is done: takes what it tells and plans the gap after it. */
  observe(reading: Reading): void {
    if (Number.isNaN(this.#liveAtLastCycle)) this.#beginFrom(reading.oldBytes, 0);
    // A nursery beyond its quota will become old as it stands, so it counts already.
    const grown = reading.promoted + (reading.youngBytes > reading.quota ? reading.youngBytes : 0);
    if (!Number.isNaN(this.#promotedSoFar))
      this.#growthPerFrame.add(Math.max(0, grown - this.#promotedSoFar));
    this.#promotedSoFar = grown;
    if (!reading.idle) this.#gap.add(reading.gap);
    this.#stillness.frame(reading.interval, reading.oldBytes, reading.phase === PHASE_IDLE);
    this.#youngTime = reading.youngTime;
    this.decide(reading);
  }

  /** A cycle or a full collection has finished and left so many bytes, of which some were promoted while it ran. */
  cycleEnded(oldBytes: number, promotedMeanwhile: number): void {
    this.#beginFrom(oldBytes, promotedMeanwhile);
    this.#stillness.cycleEnded(this.#liveAtLastCycle);
  }

  #beginFrom(oldBytes: number, promotedMeanwhile: number): void {
    this.#oldAfterLastCycle = oldBytes;
    this.#liveAtLastCycle = oldBytes - promotedMeanwhile;
    this.#holesAfterLastCycle = Number.NaN;
  }

  /** Plans anew in the same gap. */
  decide(reading: Reading): void {
    const { plan } = this;
    const limits = this.#limits;
    const heap = reading.oldBytes + reading.youngBytes;
    const growth = this.#growthPerFrame.high;
    plan.debt = Math.max(0, heap + reading.arenaBytes - limits.softLimit);
    plan.goal = this.#goal(reading.arenaBytes);
    const framesLeft = framesUntil(plan.goal - heap, growth);
    const remaining = this.#remaining(reading);
    plan.cycleStart = this.#cycleStart(reading, remaining, growth);
    if (this.#areHolesDue(reading) || this.#isStill(reading, growth))
      plan.cycleStart = Math.min(plan.cycleStart, reading.oldBytes);
    plan.guaranteedBudget = 0;
    plan.cycleBudget = 0;
    plan.firstBudget = 0;
    plan.framesToFinish = 0;
    if (reading.suppressed > 0) return;
    plan.firstBudget = this.#urgentBudget;
    plan.cycleBudget = this.#cycleBudget(reading, remaining, framesLeft);
    if (plan.debt > 0) {
      plan.guaranteedBudget = this.#guaranteedBudget(reading, remaining, heap, growth);
      plan.cycleBudget = Math.max(plan.cycleBudget, plan.guaranteedBudget);
    }
    const running = reading.phase !== PHASE_IDLE || reading.oldBytes >= plan.cycleStart;
    if (running) plan.framesToFinish = this.#framesToFinish(reading);
  }

  #goal(arenaBytes: number): number {
    const { softLimit, hardLimit } = this.#limits;
    const live = this.#liveAtLastCycle;
    const thrifty = Math.min(softLimit - arenaBytes, live + Math.max(LEAST_GROWTH, live));
    const least = this.#oldAfterLastCycle + Math.max(LEAST_ROOM, this.#oldAfterLastCycle / (1 << ROOM_SHIFT));
    return Math.min(Math.max(thrifty, least), hardLimit * HARD_PART);
  }

  /** Milliseconds of work in the cycle in progress or, between cycles, in the next. */
  #remaining(reading: Reading): number {
    return this.#leftToMark(reading) + this.#leftToSweep(reading);
  }

  #leftToMark(reading: Reading): number {
    const work = this.#work;
    const idle = reading.phase === PHASE_IDLE;
    return (idle ? work.marking(reading.oldBytes) : work.leftToMark(reading.phase)) / reading.markRate;
  }

  #leftToSweep(reading: Reading): number {
    const work = this.#work;
    const idle = reading.phase === PHASE_IDLE;
    return (idle ? work.sweeping(reading.blocks) : work.leftToSweep(reading.phase)) / reading.sweepRate;
  }

  /** Milliseconds for what is to be over soon. */
  get #urgentBudget(): number {
    return Math.min(this.#limits.budget, Math.max(LEAST_SHARE, this.#usualBudget * URGENT));
  }

  /** Milliseconds that a cycle can usually have of a gap. */
  get #usualBudget(): number {
    return Math.min(this.#limits.budget, Math.max(0, this.#gap.low - this.#youngTime));
  }

  #cycleStart(reading: Reading, remaining: number, growth: number): number {
    const left = this.#oldAfterLastCycle;
    if (reading.idle) return left + IDLE_GROWTH;
    const needed = remaining / (this.#usualBudget * COUNTED_ON);
    const ahead = growth === 0 ? 0 : growth * (needed * AHEAD + FRAMES_AHEAD);
    // Never right after the last one: that would be work for nothing.
    return Math.max(this.plan.goal - ahead, left + (this.plan.goal - left) / 4);
  }

  /**
   * Small things that survive hold blocks in which nothing larger finds room any more, so memory may fill up with holes while
   * hardly anything becomes old.
   */
  #areHolesDue(reading: Reading): boolean {
    const holes = holesOf(reading);
    if (Number.isNaN(this.#holesAfterLastCycle)) this.#holesAfterLastCycle = holes;
    // Fewer than there were is what can be had without a cycle.
    const left = Math.min(this.#holesAfterLastCycle, holes);
    this.#holesAfterLastCycle = left;
    const worth = Math.max(LEAST_HOLES, reading.quota * NURSERIES, (reading.oldBytes + left) * HOLE_PART);
    return holes > left + worth;
  }

  /** Whether it is time for a cycle, though little is promoted. */
  #isStill(reading: Reading, growth: number): boolean {
    const marking = this.#work.marking(this.#liveAtLastCycle) / reading.markRate;
    const sweeping = this.#work.sweeping(reading.blocks) / reading.sweepRate;
    return this.#stillness.isDue(marking + sweeping, growth / reading.interval);
  }

  #cycleBudget(reading: Reading, remaining: number, framesLeft: number): number {
    // Objects that are moving keep the script waiting.
    if (reading.idle || reading.phase === PHASE_MOVE) return Number.POSITIVE_INFINITY;
    const frames = framesLeft * IN_TIME;
    // From the end of marking on whatever is young has to become old, however soon it would die.
    const isMarked = reading.phase !== PHASE_IDLE && reading.phase !== PHASE_MARK;
    const whole = this.#work.marking(reading.oldBytes) / reading.markRate;
    const brisk = isMarked ? this.#urgentBudget : Math.min(whole / LONG_CYCLE, this.#usualBudget * BRISK);
    const needed = frames < 1 ? Number.POSITIVE_INFINITY : Math.max(LEAST_SHARE, brisk, remaining / frames);
    return this.plan.debt > 0 ? needed : Math.min(needed, this.#limits.budget);
  }

  #guaranteedBudget(reading: Reading, remaining: number, heap: number, growth: number): number {
    const frames = framesUntil(this.#limits.hardLimit * HARD_PART - heap, growth) * COUNTED_ON;
    const most = Math.max(this.#limits.guarantee, reading.interval * LARGEST_PART);
    return Math.min(most, Math.max(this.#limits.guarantee, frames > 0 ? remaining / frames : most));
  }

  #framesToFinish(reading: Reading): number {
    const { cycleBudget, guaranteedBudget } = this.plan;
    const marking = Math.max(Math.min(cycleBudget, this.#usualBudget), guaranteedBudget);
    const sweeping = Math.max(marking, this.#urgentBudget);
    if (marking === 0) return Number.POSITIVE_INFINITY;
    const frames = this.#leftToMark(reading) / marking + this.#leftToSweep(reading) / sweeping;
    return Math.max(1, Math.ceil(frames));
  }
}

/** Bytes of blocks in use in which nothing lies. */
function holesOf({ blocks, arenaBytes, oldBytes, youngBytes }: Reading): number {
  return Math.max(0, blocks * BLOCK_SIZE - arenaBytes - oldBytes - youngBytes);
}

/** Frames until so many bytes are used up. */
function framesUntil(room: number, growth: number): number {
  if (room <= 0) return 0;
  return growth > 0 ? room / growth : Number.POSITIVE_INFINITY;
}
