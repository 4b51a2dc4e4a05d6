/** A recorder's frames in a few numbers: for `sluice play` and for whoever compares two runs. */
import { Culprit } from './culprit.ts';
import { type FrameRecorder, Measure } from './recorder.ts';
import { SLICE_MEASURES, type SliceKind } from './slices.ts';

/** How a measure is spread over the recorded frames. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How many slices there were of a kind, and milliseconds in all. */
export interface SliceTotals {
  readonly count: number;
  readonly time: number;
}

/** Times are milliseconds, sizes bytes. */
export interface FrameSummary {
  /** Frames the numbers below are taken from: those the ring still holds. */
  readonly frames: number;
  readonly input: Spread;
  readonly script: Spread;
  readonly stage: Spread;
  readonly gap: Spread;
  /** Collection slices in all, and the longest one. */
  readonly slices: number;
  readonly longestSlice: number;
  readonly collections: number;
  /** Collections that ran inside a frame; 0 unless memory ran out in mid-frame. */
  readonly collectionsInFrame: number;
  readonly errors: number;
  /** From their timestamps until frames began to work, and how many milliseconds of it in all each `Culprit` had most of, by its number. */
  readonly start: Spread;
  readonly startBy: readonly number[];
  /** From their timestamps until their work ended. */
  readonly end: Spread;
  /** Frames that missed their deadline, and how many of them each `Culprit` made miss it, by its number. */
  readonly late: number;
  readonly lateBy: readonly number[];
  /** Slices by kind. */
  readonly kinds: Readonly<Record<SliceKind, SliceTotals>>;
  /** Most units of work between two readings of the clock. */
  readonly largestWork: number;
  /** Of the bytes that young collections examined the part that survived, 0 to 1; 0 where nothing was examined. */
  readonly survival: number;
  /** At the end of the last frame: free bytes in blocks that hold something. */
  readonly holes: number;
  /** Objects in the remembered set, per frame. */
  readonly remembered: Spread;
  /** Of the time between frames and deadlines the part that was spent, 0 to 1. */
  readonly gapUsed: number;
  /** Milliseconds that frames were charged with because of debt, how many frames, and the largest debt in bytes. */
  readonly guaranteed: number;
  readonly guaranteedFrames: number;
  readonly debt: number;
  /** Most suppressions that were open at once, and most bytes that waited for their end. */
  readonly suppressed: number;
  readonly suppressedBytes: number;
  /** At the end of the last frame: a PHASE_ number of the heap, and frames until the cycle is foreseen to finish, or 0. */
  readonly phase: number;
  readonly finish: number;
  /** Allocated in the collected heap, per frame. */
  readonly allocated: Spread;
  /** At the end of the last frame. */
  readonly live: number;
  readonly young: number;
  readonly arena: number;
  readonly memory: number;
}

export function summarise(recorder: FrameRecorder): FrameSummary {
  const spreadOf = (measure: Measure) => spread(recorder.series(measure));
  const total = (measure: Measure) => recorder.series(measure).reduce((sum, value) => sum + value, 0);
  const most = (measure: Measure) => recorder.series(measure).reduce((a, b) => Math.max(a, b), 0);
  const totals = ([count, time]: readonly [Measure, Measure]) => ({ count: total(count), time: total(time) });
  const latest = (measure: Measure) => (recorder.length > 0 ? recorder.read(measure) : 0);
  return {
    frames: recorder.length,
    input: spreadOf(Measure.INPUT),
    script: spreadOf(Measure.SCRIPT),
    stage: spreadOf(Measure.STAGE),
    gap: spreadOf(Measure.GAP),
    slices: total(Measure.SLICES),
    longestSlice: spreadOf(Measure.LONGEST).max,
    collections: total(Measure.COLLECTIONS),
    collectionsInFrame: total(Measure.COLLECTIONS_IN_FRAME),
    errors: total(Measure.ERRORS),
    start: spreadOf(Measure.START),
    startBy: startsBy(recorder),
    end: spreadOf(Measure.END),
    late: total(Measure.LATE),
    lateBy: Object.values(Culprit).map((who) => countOf(recorder.series(Measure.MISSED_BY), who)),
    kinds: {
      young: totals(SLICE_MEASURES.young),
      mark: totals(SLICE_MEASURES.mark),
      weak: totals(SLICE_MEASURES.weak),
      sweep: totals(SLICE_MEASURES.sweep),
      full: totals(SLICE_MEASURES.full),
      move: totals(SLICE_MEASURES.move),
    },
    largestWork: most(Measure.LARGEST_WORK),
    survival: part(total(Measure.SURVIVED), total(Measure.EXAMINED)),
    remembered: spreadOf(Measure.REMEMBERED),
    gapUsed: part(total(Measure.GAP) - total(Measure.GUARANTEED), total(Measure.GAP_LENGTH)),
    guaranteed: total(Measure.GUARANTEED),
    guaranteedFrames: recorder.series(Measure.GUARANTEED).filter((ms) => ms > 0).length,
    debt: most(Measure.DEBT),
    suppressed: most(Measure.SUPPRESSED),
    suppressedBytes: most(Measure.SUPPRESSED_BYTES),
    holes: latest(Measure.HOLES),
    phase: latest(Measure.PHASE),
    finish: latest(Measure.FINISH),
    allocated: spreadOf(Measure.ALLOCATED),
    live: latest(Measure.LIVE),
    young: latest(Measure.YOUNG),
    arena: latest(Measure.ARENA),
    memory: latest(Measure.MEMORY),
  };
}

function countOf(values: Float64Array, value: number): number {
  return values.filter((found) => found === value).length;
}

function startsBy(recorder: FrameRecorder): number[] {
  const by = recorder.series(Measure.START_BY);
  const start = recorder.series(Measure.START);
  return Object.values(Culprit).map((who) =>
    start.reduce((sum, delay, frame) => (by[frame] === who ? sum + delay : sum), 0),
  );
}

function part(some: number, all: number): number {
  return all > 0 ? some / all : 0;
}

/** Median, 99th percentile and maximum, by nearest rank; zeros for no values. */
export function spread(values: Float64Array): Spread {
  const sorted = values.slice().sort();
  return { p50: rank(sorted, 0.5), p99: rank(sorted, 0.99), max: rank(sorted, 1) };
}

function rank(sorted: Float64Array, fraction: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? 0;
}
