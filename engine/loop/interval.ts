/**
 * How long a frame lasts on this display: measured from the timestamps of requestAnimationFrame, since no browser
 * tells. The estimate is the lower quartile of recent intervals. A median would do for jitter; the quartile also keeps
 * the estimate at one refresh while up to three quarters of the frames come late, so that a slow script does not make
 * the gap believe that it may fill two refreshes and so keep the script slow.
 */
const RECENT = 32;
/** Longer than any display's refresh: the page was hidden, or the process was stopped. Not a sample. */
const LONGEST = 200;
/** Two callbacks in one refresh. Not a sample either. */
const SHORTEST = 2;
/** Samples needed before the estimate replaces what was given or guessed. */
const SETTLED = 8;
/** What most displays have. */
const FIRST_GUESS = 1000 / 60;

export class FrameInterval {
  readonly #samples = new Float64Array(RECENT);
  readonly #sorted = new Float64Array(RECENT);
  #count = 0;
  #last = Number.NaN;
  readonly #given: boolean;
  #estimate: number;

  /** `given` in milliseconds, by whoever knows how long a frame is; it holds until enough frames have been seen. */
  constructor(given?: number) {
    this.#given = given !== undefined;
    this.#estimate = given ?? FIRST_GUESS;
  }

  /** Milliseconds from one frame's start to the next, as the display has it. */
  get estimate(): number {
    return this.#estimate;
  }

  /** Whether the estimate rests on measurement. */
  get settled(): boolean {
    return this.#count >= SETTLED;
  }

  /** Whether the estimate is more than a guess: nothing can be late by a guess. */
  get known(): boolean {
    return this.#given || this.settled;
  }

  /** Takes a frame's timestamp in milliseconds. Returns the time since the frame before, or 0 where there is none. */
  add(time: number): number {
    const elapsed = time - this.#last;
    this.#last = time;
    if (!(elapsed > 0)) return 0;
    if (elapsed >= SHORTEST && elapsed <= LONGEST) this.#sample(elapsed);
    return elapsed;
  }

  /** Forgets when the last frame was: the time until the next one says nothing. The estimate stays. */
  interrupt(): void {
    this.#last = Number.NaN;
  }

  #sample(elapsed: number): void {
    this.#samples[this.#count % RECENT] = elapsed;
    this.#count += 1;
    if (!this.settled) return;
    const filled = Math.min(this.#count, RECENT);
    // Unused places hold Infinity while sorting, so that no view has to be made.
    this.#sorted.set(this.#samples);
    this.#sorted.fill(Number.POSITIVE_INFINITY, filled);
    this.#sorted.sort();
    this.#estimate = this.#sorted[filled >> 2] as number;
  }
}
