/**
 * Steps of the collector: what it does between two readings of the clock. A case lets one happen after the other, and each is
 * kept with what it was.
 */
import {
  CYCLE_START,
  NEXT_FULL,
  NEXT_NOTHING,
  NEXT_YOUNG,
  PHASE_IDLE,
  phaseName,
  STATS_COLLECTIONS,
  STATS_GIVEN_UP,
  STATS_NEXT,
  STATS_PHASE,
  STATS_TRACING,
  STATS_YOUNG_COLLECTIONS,
} from '../../../scripting/heap/index.ts';

/** Units of a slice: the fewest that a game asks for. */
export const UNITS = 256;
/** Slices of a gap, after which a script runs. */
const SLICES_A_GAP = 100;
/** Slices after which a collection that has not come to its end never will. */
const MOST_SLICES = 5_000_000;

/** What a young collection goes through, by the number in STATS_TRACING. */
const TRACED = ['', 'queues', 'globals', 'handles', 'remembered', 'references', 'reclaim'];

/** A heap, by itself or beneath a machine. */
export interface SteppedHeap {
  /** A slice of so many units; whether there is more to do. */
  slice(units: number): boolean;
  /** A script begins, and is over. */
  script(): void;
  load(cell: number): number;
  store(cell: number, value: number): void;
}

export interface Step {
  readonly kind: string;
  readonly ms: number;
}

export class StepRecorder {
  readonly steps: Step[] = [];
  readonly #heap: SteppedHeap;

  constructor(heap: SteppedHeap) {
    this.#heap = heap;
  }

  /** A step of another kind, told by its name. */
  step(kind: string, body: () => void): void {
    const begun = performance.now();
    body();
    this.steps.push({ kind, ms: performance.now() - begun });
  }

  /** A slice in a gap. */
  slice(): void {
    const kind = this.#upcoming();
    this.step(kind, () => this.#heap.slice(UNITS));
  }

  /** A script begins: what may not lie beside one gives up. */
  script(): void {
    const givesUp = this.#heap.load(STATS_TRACING) !== 0;
    const kind = givesUp ? `young ${TRACED[this.#heap.load(STATS_TRACING)]} gives up` : 'a script begins';
    this.step(kind, () => this.#heap.script());
  }

  /** Slices until a young collection is over, or a whole one that took its place, in one gap. */
  young(): void {
    const collections = (): number =>
      this.#heap.load(STATS_YOUNG_COLLECTIONS) + this.#heap.load(STATS_COLLECTIONS);
    const before = collections();
    this.#until('young collection', () => collections() !== before);
  }

  /** The same until it has given up where it came to `place`, as a script begins. */
  youngUntil(place: (typeof TRACED)[number], slices = 1): void {
    const heap = this.#heap;
    const number = TRACED.indexOf(place);
    this.#until(`way to the ${place}`, () => heap.load(STATS_TRACING) === number);
    for (let i = 1; i < slices; i++) this.slice();
    const before = heap.load(STATS_GIVEN_UP);
    this.script();
    if (heap.load(STATS_GIVEN_UP) === before) throw new Error(`nothing gave up among the ${place}`);
  }

  /** Slices until a cycle has begun and ended, scripts in between. */
  cycle(): void {
    const heap = this.#heap;
    const before = heap.load(STATS_COLLECTIONS);
    heap.store(CYCLE_START, 1);
    const isOver = (): boolean => {
      if (heap.load(STATS_PHASE) !== PHASE_IDLE) heap.store(CYCLE_START, 0xffff_ffff);
      if (this.steps.length % SLICES_A_GAP === 0) this.script();
      return heap.load(STATS_COLLECTIONS) !== before;
    };
    this.#until('cycle', isOver);
  }

  #until(what: string, isOver: () => boolean): void {
    for (let slices = 0; !isOver(); slices++) {
      if (slices === MOST_SLICES) throw new Error(`the ${what} does not end`);
      this.slice();
    }
  }

  /** What the next slice does. */
  #upcoming(): string {
    const heap = this.#heap;
    // As of now: scripts may have changed it since the last slice.
    heap.slice(0);
    const tracing = heap.load(STATS_TRACING);
    if (tracing !== 0) return `young ${TRACED[tracing]}`;
    const next = heap.load(STATS_NEXT);
    if (next === NEXT_FULL) return 'all at once';
    if (next === NEXT_YOUNG) return 'young begins, or becomes old as it stands';
    const phase = heap.load(STATS_PHASE);
    if (phase === PHASE_IDLE) return next === NEXT_NOTHING ? 'nothing' : 'cycle begins';
    return phaseName(phase);
  }
}
