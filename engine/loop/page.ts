/**
 * Drives the loop in a page, by requestAnimationFrame or by whoever calls `frame`. A page in the background gets no
 * frames: the time it spends there is not time in the game, and it is used for whole cycles, turn by turn, until nothing
 * is due or a frame comes.
 */

import { PageTurns } from '../gap/index.ts';
import type { Loop } from './loop.ts';
import { inRange } from './steps.ts';

export interface PageOptions {
  /** Frames a second at most: 1 to 1000. Default: as many as the display shows. */
  readonly frameCap?: number;
  /** Whether the script stands still while the window has lost the keyboard. Default false. */
  readonly pauseOnBlur?: boolean;
  /** Whether somebody else says when a frame begins, by `frame`. Default false. */
  readonly driven?: boolean;
}

/** Milliseconds that a display's frame may come before it is due by the cap: timestamps are not exact. */
const EARLY = 1;

export class PageDriver {
  readonly #loop: Loop;
  readonly #turns: PageTurns;
  readonly #onFrame = (time: number): void => this.#requested(time);
  readonly #onVisibility = (): void => this.#visibility();
  readonly #onBlur = (): void => this.#leave(true);
  readonly #onFocus = (): void => this.#leave(false);
  /** Milliseconds from frame to frame at least. */
  readonly #period: number;
  readonly #pauseOnBlur: boolean;
  readonly #driven: boolean;
  #due = Number.NEGATIVE_INFINITY;
  #request = 0;
  #started = false;

  /** Throws a `RangeError` for options out of their range. */
  constructor(loop: Loop, options: PageOptions = {}) {
    const { frameCap, pauseOnBlur = false, driven = false } = options;
    this.#period = frameCap === undefined ? 0 : 1000 / inRange('frameCap', frameCap, 1, 1000);
    this.#pauseOnBlur = pauseOnBlur;
    this.#driven = driven;
    this.#loop = loop;
    this.#turns = new PageTurns(loop);
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    document.addEventListener('visibilitychange', this.#onVisibility);
    if (this.#pauseOnBlur) {
      addEventListener('blur', this.#onBlur);
      addEventListener('focus', this.#onFocus);
    }
    this.#loop.interval.interrupt();
    if (!this.#driven) this.#request = requestAnimationFrame(this.#onFrame);
  }

  /** Ends for good. To hold the game and go on later, set `loop.paused`. */
  stop(): void {
    if (!this.#started) return;
    this.#started = false;
    cancelAnimationFrame(this.#request);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    removeEventListener('blur', this.#onBlur);
    removeEventListener('focus', this.#onFocus);
    this.#turns.close();
  }

  /** Runs a frame that begins at `time`, and the gap once the page has been painted. */
  frame(time: number): void {
    try {
      this.#loop.frame(time);
    } finally {
      // A frame may end the game.
      if (this.#started) this.#turns.request();
    }
  }

  #requested(time: number): void {
    // Asked for first: whatever a frame throws is reported by the browser, and the next frame still comes.
    this.#request = requestAnimationFrame(this.#onFrame);
    if (this.#period > 0) {
      if (time < this.#due - EARLY) return;
      // After a long time without frames, what was left out is not made up for.
      this.#due = (time - this.#due > this.#period ? time : this.#due) + this.#period;
    }
    this.frame(time);
  }

  #leave(away: boolean): void {
    this.#loop.away = away;
    this.#loop.interval.interrupt();
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
