/** A recorder's frames in a few numbers: for `sluice play` and for whoever compares two runs. */
import { type FrameRecorder, Measure } from './recorder.ts';

/** How a measure is spread over the recorded frames. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
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
  readonly late: number;
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
    late: total(Measure.LATE),
    allocated: spreadOf(Measure.ALLOCATED),
    live: latest(Measure.LIVE),
    young: latest(Measure.YOUNG),
    arena: latest(Measure.ARENA),
    memory: latest(Measure.MEMORY),
  };
}

/** Median, 99th percentile and maximum, by nearest rank; zeros for no values. */
export function spread(values: Float64Array): Spread {
  const sorted = values.slice().sort();
  return { p50: rank(sorted, 0.5), p99: rank(sorted, 0.99), max: rank(sorted, 1) };
}

function rank(sorted: Float64Array, fraction: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? 0;
}
