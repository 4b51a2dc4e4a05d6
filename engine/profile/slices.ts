/** The kinds of collection slices, and the columns that each is recorded in: how many, and milliseconds. */
import { Measure } from './recorder.ts';

export const SLICE_MEASURES = {
  young: [Measure.YOUNG_SLICES, Measure.YOUNG_TIME],
  mark: [Measure.MARK_SLICES, Measure.MARK_TIME],
  /** Between marking and sweeping: weak references and drops. */
  weak: [Measure.WEAK_SLICES, Measure.WEAK_TIME],
  sweep: [Measure.SWEEP_SLICES, Measure.SWEEP_TIME],
  /** All of a collection at once, because somebody asked for it. */
  full: [Measure.FULL_SLICES, Measure.FULL_TIME],
  /** Of the move phase of a forced collection. */
  move: [Measure.MOVE_SLICES, Measure.MOVE_TIME],
} as const;

export type SliceKind = keyof typeof SLICE_MEASURES;
