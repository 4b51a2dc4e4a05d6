/**
 * The clock that everything in a frame reads. In a browser it is the page's own; a headless run substitutes one whose
 * frames begin at virtual times, while the work inside a frame takes as long as it takes.
 */
export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
}

export const pageClock: Clock = { now: () => performance.now() };

/**
 * Virtual time: it stands still between frames, and runs as fast as real time while a frame or its gap is at work.
 * Waiting for the next frame is skipped by jumping to its start.
 */
export class VirtualClock implements Clock {
  readonly #real: Clock;
  #virtual = 0;
  #jumped: number;

  constructor(real: Clock = pageClock) {
    this.#real = real;
    this.#jumped = real.now();
  }

  now(): number {
    return this.#virtual + (this.#real.now() - this.#jumped);
  }

  /** Sets the time, also backwards: a frame that took too long does not delay the frames that follow. */
  jump(time: number): void {
    this.#virtual = time;
    this.#jumped = this.#real.now();
  }
}
