/**
 * Where a page's frames come from while something is measured: the display's, or a timer's at a rate that the display has not.
 * Whatever asks for a frame is called between `before` and `after`, whoever asked first, so that all contenders are seen from
 * outside and alike:
 *
 *     timestamp   begin                  end        timestamp + interval
 *     ────┼─────────┼─ callbacks (game) ───┼──────────────┼─────
 *         └ delay ──┘                                     └ deadline
 */
import type { Rate } from './plan.ts';

export interface Watcher {
  /** `timestamp` is requestAnimationFrame's, or when a timer's frame was due. */
  before(timestamp: number): void;
  after(): void;
}

export class FrameSource {
  readonly #rate: Rate;
  readonly #watcher: Watcher;
  readonly #display = requestAnimationFrame.bind(globalThis);
  #callbacks = new Map<number, FrameRequestCallback>();
  #last = 0;
  #due = performance.now();

  /** From now on `requestAnimationFrame` is this source's, for as long as the page lives. */
  constructor(rate: Rate, watcher: Watcher) {
    this.#rate = rate;
    this.#watcher = watcher;
    globalThis.requestAnimationFrame = (callback) => {
      this.#last += 1;
      this.#callbacks.set(this.#last, callback);
      return this.#last;
    };
    globalThis.cancelAnimationFrame = (handle) => void this.#callbacks.delete(handle);
    this.#ask();
  }

  readonly #frame = (timestamp: number): void => {
    this.#ask();
    const callbacks = this.#callbacks;
    if (callbacks.size === 0) return;
    this.#callbacks = new Map();
    this.#watcher.before(timestamp);
    for (const callback of callbacks.values()) callback(timestamp);
    this.#watcher.after();
  };

  #ask(): void {
    if (this.#rate === 'display') {
      this.#display(this.#frame);
      return;
    }
    const interval = 1000 / this.#rate;
    // A frame that took too long does not make those after it come in a row.
    const missed = Math.max(0, Math.floor((performance.now() - this.#due) / interval));
    this.#due += (missed + 1) * interval;
    const due = this.#due;
    setTimeout(() => this.#frame(due), due - performance.now());
  }
}
