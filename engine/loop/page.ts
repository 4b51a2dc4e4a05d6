/**
 * Drives the loop by requestAnimationFrame. A page in the background gets no frames: the time it spends there is not
 * time in the game, and it is used for whole cycles, turn by turn, until nothing is due or a frame comes.
 */

import { PageTurns } from '../gap/index.ts';
import type { Loop } from './loop.ts';

export class PageDriver {
  readonly #loop: Loop;
  readonly #turns: PageTurns;
  readonly #onFrame = (time: number): void => this.#frame(time);
  readonly #onVisibility = (): void => this.#visibility();
  #request = 0;

  constructor(loop: Loop) {
    this.#loop = loop;
    this.#turns = new PageTurns(loop.gap);
  }

  start(): void {
    if (this.#request !== 0) return;
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#loop.interval.interrupt();
    this.#request = requestAnimationFrame(this.#onFrame);
  }

  /** Ends for good. To hold the game and go on later, set `loop.paused`. */
  stop(): void {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#loop.gap.close();
    this.#turns.close();
  }

  #frame(time: number): void {
    // Asked for first: whatever a frame throws is reported by the browser, and the next frame still comes.
    this.#request = requestAnimationFrame(this.#onFrame);
    this.#loop.frame(time);
    this.#turns.request();
  }

  #visibility(): void {
    this.#loop.interval.interrupt();
    if (!document.hidden || this.#loop.recorder.frames === 0) return;
    const { gap, machine, interval } = this.#loop;
    gap.close();
    gap.open(machine, Number.POSITIVE_INFINITY, interval.estimate, true);
    this.#turns.request();
  }
}
