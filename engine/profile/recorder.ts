/**
 * The frame recorder: what happened in each of the last frames, as a fixed ring of numbers. One row is one frame, one
 * column one measure. Recording allocates nothing; everything that shows numbers (panels, timeline, `sluice play`)
 * reads them from here, so that no two of them can disagree.
 *
 *     row (frame)   TIME  INTERVAL  INPUT  SCRIPT  STAGE  GAP  SLICES  LONGEST  ALLOCATED  YOUNG  LIVE  ...
 *     ring of `capacity` rows, the oldest is overwritten
 */

/** Columns of a row. Times are milliseconds, sizes are bytes. */
export const Measure = {
  /** When the frame was to begin, by its driver's clock: its timestamp. */
  TIME: 0,
  /** Since the timestamp of the frame before. */
  INTERVAL: 1,
  /** Input and reload. */
  INPUT: 2,
  SCRIPT: 3,
  STAGE: 4,
  /** Spent in collection slices after this frame. */
  GAP: 5,
  /** Collection slices after this frame, and the longest of them. */
  SLICES: 6,
  LONGEST: 7,
  /** Allocated in the collected heap by this frame. */
  ALLOCATED: 8,
  /** In the heap at the end of the frame: allocated since the last collection, and found alive by it. */
  YOUNG: 9,
  LIVE: 10,
  /** Held by arenas, open or kept for reuse. */
  ARENA: 11,
  /** Size of the linear memory. */
  MEMORY: 12,
  /** Collections that ended in this frame or before the next, and those of them that ran inside the frame. */
  COLLECTIONS: 13,
  COLLECTIONS_IN_FRAME: 14,
  /** Script calls that failed. */
  ERRORS: 15,
  /** 1 where the frame's work ended after its deadline, and whose doing: a `Culprit`. See `lateness.ts`. */
  LATE: 16,
  MISSED_BY: 17,
  /** Between the frame's end and the gap's deadline; 0 after a late frame. */
  GAP_LENGTH: 18,
  /** What of it slices of a cycle were to have, or beyond it where it is guaranteed. */
  GRANTED: 19,
  /** Spent in slices after the deadline, because of debt: the guaranteed share. */
  GUARANTEED: 20,
  /** Slices by kind, and what they took. FULL is a whole collection that somebody asked for; it is not divided. */
  YOUNG_SLICES: 21,
  MARK_SLICES: 22,
  WEAK_SLICES: 23,
  SWEEP_SLICES: 24,
  FULL_SLICES: 25,
  MOVE_SLICES: 26,
  YOUNG_TIME: 27,
  MARK_TIME: 28,
  WEAK_TIME: 29,
  SWEEP_TIME: 30,
  FULL_TIME: 31,
  MOVE_TIME: 32,
  /** Most units of work that a slice did: what lies between two readings of the clock. */
  LARGEST_WORK: 33,
  /** What the collector was at when the gap ended: a PHASE_ number of the heap. */
  PHASE: 34,
  /** Bytes of nursery that young collections examined, those that survived, and those that became old. */
  EXAMINED: 35,
  SURVIVED: 36,
  PROMOTED: 37,
  /** Objects in the remembered set when the frame was done. */
  REMEMBERED: 38,
  /** Free bytes in blocks that hold something, which only small objects can use: fragmentation. */
  HOLES: 39,
  /** Bytes at which the cycle is to have finished, and bytes that the heap is beyond its soft limit. */
  GOAL: 40,
  DEBT: 41,
  /** Frames until the cycle in progress is expected to finish; 0 where there is none, Infinity where it gets no time. */
  FINISH: 42,
  /** Suppressions that were open, and bytes that were allocated and wait for their end. */
  SUPPRESSED: 43,
  SUPPRESSED_BYTES: 44,
  /** From the frame's timestamp until its work began, and who had most of that: a `Culprit`. */
  START: 45,
  START_BY: 46,
  /** From the frame's timestamp until its work ended; what of it the collector had: before the start, and inside the frame. */
  END: 47,
  COLLECTOR_DELAY: 48,
  /** How often other code has come into the game since the frame began: swapped in, or with a scene that was started anew. */
  RELOADS: 49,
  /** 1 where the script stood still since a load was in progress. */
  LOADING: 50,
  /** What of START was outside our work: neither ours, nor the frame before's, nor the collector's. */
  OUTSIDE: 51,
} as const;

export type Measure = (typeof Measure)[keyof typeof Measure];

const WIDTH = 52;

/** A moment that somebody has given a name. */
export interface NamedMark {
  /** The frame, counted from 1: the first that was recorded. 0 for what came before it. */
  readonly frame: number;
  readonly name: string;
}

export class FrameRecorder {
  /** Frames the ring holds. */
  readonly capacity: number;
  readonly #rows: Float64Array;
  readonly #marks: NamedMark[] = [];
  readonly #before: number;
  #frames: number;
  #row = 0;

  /** `before` frames are taken for recorded, and not held: those after them have the numbers they would have had. */
  constructor(capacity = 600, before = 0) {
    this.capacity = capacity;
    this.#rows = new Float64Array(capacity * WIDTH);
    this.#before = before;
    this.#frames = before;
  }

  /** Frames begun since the recorder was made, and those that were taken for recorded. */
  get frames(): number {
    return this.#frames;
  }

  /** Frames that can be read: at most `capacity`. */
  get length(): number {
    return Math.min(this.#frames - this.#before, this.capacity);
  }

  /** Frames that were given names, the oldest first: the latest `capacity` names. */
  get marks(): readonly NamedMark[] {
    return this.#marks;
  }

  /** Gives a frame a name: the one in progress, or else the newest. */
  mark(name: string, frame = this.#frames): void {
    if (this.#marks.length === this.capacity) this.#marks.shift();
    this.#marks.push({ frame, name });
  }

  /** Begins a row; all of its measures are 0. */
  begin(time: number, interval: number): void {
    this.#row = (this.#frames % this.capacity) * WIDTH;
    this.#frames += 1;
    this.#rows.fill(0, this.#row, this.#row + WIDTH);
    this.#rows[this.#row + Measure.TIME] = time;
    this.#rows[this.#row + Measure.INTERVAL] = interval;
  }

  /** Sets a measure of the frame begun last; its gap still belongs to it. */
  set(measure: Measure, value: number): void {
    this.#rows[this.#row + measure] = value;
  }

  add(measure: Measure, value: number): void {
    this.#rows[this.#row + measure] = (this.#rows[this.#row + measure] as number) + value;
  }

  /** Makes a measure at least `value`. */
  raise(measure: Measure, value: number): void {
    if (value > (this.#rows[this.#row + measure] as number)) this.#rows[this.#row + measure] = value;
  }

  /** A measure of the frame `ago` frames before the one begun last; `ago` is less than `length`. */
  read(measure: Measure, ago = 0): number {
    if (ago < 0 || ago >= this.length) throw new RangeError(`the recorder holds no frame ${ago} frames ago`);
    const row = (this.#frames - 1 - ago) % this.capacity;
    return this.#rows[row * WIDTH + measure] as number;
  }

  /** A measure of all recorded frames, oldest first, as a new array. For reports, not for use in a frame. */
  series(measure: Measure): Float64Array {
    const values = new Float64Array(this.length);
    for (let ago = 0; ago < values.length; ago += 1) {
      values[values.length - 1 - ago] = this.read(measure, ago);
    }
    return values;
  }
}
