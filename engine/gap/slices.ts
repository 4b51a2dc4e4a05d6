/**
 * What a slice was, told by the heap's words before and after it, and its row in the profile.
 */
import {
  NEXT_FULL,
  NEXT_NOTHING,
  NEXT_YOUNG,
  PHASE_IDLE,
  PHASE_MARK,
  PHASE_MOVE,
  PHASE_SWEEP,
  STATS_COLLECTIONS,
  STATS_NEXT,
  STATS_PHASE,
  STATS_SLICE_WORK,
  STATS_YOUNG_COLLECTIONS,
  STATS_YOUNG_SEEN,
  STATS_YOUNG_SURVIVED,
} from '../../scripting/heap/index.ts';
import { type FrameRecorder, Measure } from '../profile/index.ts';
import type { Collector } from './collector.ts';

export const Slice = {
  /** Nothing was due. */
  NONE: 0,
  YOUNG: 1,
  MARK: 2,
  SWEEP: 3,
  /** All of a collection at once, because somebody asked for it. */
  FULL: 4,
  /** Of the move phase of a forced collection. */
  MOVE: 5,
  /** Between marking and sweeping: weak references and drops. */
  WEAK: 6,
} as const;

export type Slice = (typeof Slice)[keyof typeof Slice];

/** The columns of each kind: how many, and milliseconds. */
const COUNTS = [
  Measure.SLICES,
  Measure.YOUNG_SLICES,
  Measure.MARK_SLICES,
  Measure.SWEEP_SLICES,
  Measure.FULL_SLICES,
  Measure.MOVE_SLICES,
  Measure.WEAK_SLICES,
];
const TIMES = [
  Measure.GAP,
  Measure.YOUNG_TIME,
  Measure.MARK_TIME,
  Measure.SWEEP_TIME,
  Measure.FULL_TIME,
  Measure.MOVE_TIME,
  Measure.WEAK_TIME,
];

export class SliceObserver {
  readonly #recorder: FrameRecorder;
  #phase = PHASE_IDLE;
  #promoted = 0;
  #young = 0;
  #next: number = NEXT_NOTHING;
  #completed = false;
  #collections = 0;

  constructor(recorder: FrameRecorder) {
    this.#recorder = recorder;
  }

  /** The phase that the cycle was in when the slice began. */
  get phase(): number {
    return this.#phase;
  }

  /** Whether it completed a young collection: one that promotes unseen goes on for several slices. */
  get completed(): boolean {
    return this.#completed;
  }

  /** A slice is about to begin. */
  before(collector: Collector): void {
    this.#phase = collector.statistic(STATS_PHASE);
    this.#promoted = collector.promotedBytes;
    this.#young = collector.statistic(STATS_YOUNG_COLLECTIONS);
    this.#next = collector.statistic(STATS_NEXT);
    this.#collections = collector.statistic(STATS_COLLECTIONS);
  }

  /** It has ended after so many milliseconds: records it, and says what it was. */
  after(collector: Collector, elapsed: number): Slice {
    const finished = collector.statistic(STATS_COLLECTIONS) - this.#collections;
    const kind = this.#kind();
    if (kind === Slice.NONE) return kind;
    const recorder = this.#recorder;
    recorder.add(Measure.SLICES, 1);
    recorder.add(Measure.GAP, elapsed);
    recorder.add(COUNTS[kind] as Measure, 1);
    recorder.add(TIMES[kind] as Measure, elapsed);
    recorder.add(Measure.COLLECTIONS, finished);
    recorder.raise(Measure.LONGEST, elapsed);
    recorder.raise(Measure.LARGEST_WORK, collector.statistic(STATS_SLICE_WORK));
    this.#completed = collector.statistic(STATS_YOUNG_COLLECTIONS) !== this.#young;
    if (this.#completed) {
      recorder.add(Measure.EXAMINED, collector.statistic(STATS_YOUNG_SEEN));
      recorder.add(Measure.SURVIVED, collector.statistic(STATS_YOUNG_SURVIVED));
      recorder.add(Measure.PROMOTED, collector.promotedBytes - this.#promoted);
    }
    return kind;
  }

  #kind(): Slice {
    if (this.#next === NEXT_NOTHING) return Slice.NONE;
    if (this.#next === NEXT_YOUNG) return Slice.YOUNG;
    if (this.#next === NEXT_FULL) return Slice.FULL;
    if (this.#phase === PHASE_MOVE) return Slice.MOVE;
    if (this.#phase === PHASE_SWEEP) return Slice.SWEEP;
    return this.#phase === PHASE_IDLE || this.#phase === PHASE_MARK ? Slice.MARK : Slice.WEAK;
  }
}
