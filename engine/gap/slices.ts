/**
 * What a slice was, told by the heap's words before and after it, and its row in the profile.
 */
import {
  NEXT_FULL,
  NEXT_NOTHING,
  NEXT_YOUNG,
  PHASE_IDLE,
  type PhaseName,
  phaseName,
  STATS_COLLECTIONS,
  STATS_NEXT,
  STATS_PHASE,
  STATS_SLICE_WORK,
  STATS_TRACING,
  STATS_YOUNG_COLLECTIONS,
  STATS_YOUNG_SEEN,
  STATS_YOUNG_SURVIVED,
} from '../../scripting/heap/index.ts';
import { type FrameRecorder, Measure, SLICE_MEASURES, type SliceKind } from '../profile/index.ts';
import type { Collector } from './collector.ts';

/** What a slice between two collections, or in a phase, works on. */
const IN_PHASE: Readonly<Record<PhaseName, SliceKind>> = {
  idle: 'mark',
  mark: 'mark',
  weak: 'weak',
  sweep: 'sweep',
  move: 'move',
};

export class SliceObserver {
  readonly #recorder: FrameRecorder;
  #phase = PHASE_IDLE;
  #promoted = 0;
  #young = 0;
  #next: number = NEXT_NOTHING;
  #completed = false;
  #collections = 0;
  /** Whether it went on with a young collection, and whether it was a portion of one that traces. */
  #continued = false;
  #traced = false;

  constructor(recorder: FrameRecorder) {
    this.#recorder = recorder;
  }

  /** The phase that the cycle was in when the slice began. */
  get phase(): number {
    return this.#phase;
  }

  /** Whether it completed a young collection: one that traces has portions, one that promotes unseen goes on for several slices. */
  get completed(): boolean {
    return this.#completed;
  }

  /** Whether it went on with a young collection that traces. */
  get continued(): boolean {
    return this.#continued;
  }

  /** Whether it was a portion of a young collection that traces, and not the only one. */
  get traced(): boolean {
    return this.#traced;
  }

  /** A slice is about to begin. */
  before(collector: Collector): void {
    this.#phase = collector.statistic(STATS_PHASE);
    this.#promoted = collector.promotedBytes;
    this.#young = collector.statistic(STATS_YOUNG_COLLECTIONS);
    this.#next = collector.statistic(STATS_NEXT);
    this.#collections = collector.statistic(STATS_COLLECTIONS);
    this.#continued = collector.statistic(STATS_TRACING) !== 0;
  }

  /** It has ended after so many milliseconds: records it, and says what it was; undefined where nothing was due. */
  after(collector: Collector, elapsed: number): SliceKind | undefined {
    this.#traced = this.#continued || collector.statistic(STATS_TRACING) !== 0;
    const finished = collector.statistic(STATS_COLLECTIONS) - this.#collections;
    const kind = this.#kind();
    if (kind === undefined) return undefined;
    const recorder = this.#recorder;
    recorder.add(Measure.SLICES, 1);
    recorder.add(Measure.GAP, elapsed);
    const [count, time] = SLICE_MEASURES[kind];
    // However many portions it has, it is one young collection.
    if (!this.#continued) recorder.add(count, 1);
    recorder.add(time, elapsed);
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

  #kind(): SliceKind | undefined {
    if (this.#next === NEXT_NOTHING) return undefined;
    if (this.#next === NEXT_YOUNG) return 'young';
    if (this.#next === NEXT_FULL) return 'full';
    return IN_PHASE[phaseName(this.#phase)];
  }
}
