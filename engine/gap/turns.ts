/**
 * Turns of the page's event loop for the gap. A message posted in a frame arrives after that frame's paint, sooner than
 * any timer, and lets the browser go first where it has input. Where requestIdleCallback exists, it adds what the
 * browser knows of the time that is left.
 */

/** Whose turns these are: the loop, which passes them on to its gap. */
export interface TakesTurns {
  /** Runs slices for one turn. True where another turn would have something to do. */
  turn(): boolean;
  /** The browser says that it will be idle for so many milliseconds. */
  idle(remaining: number): void;
}

export class PageTurns {
  readonly #gap: TakesTurns;
  readonly #channel = new MessageChannel();
  readonly #onIdle = (deadline: IdleDeadline): void => this.#idled(deadline);
  #posted = false;
  #idle = 0;
  #closed = false;

  constructor(gap: TakesTurns) {
    this.#gap = gap;
    this.#channel.port1.onmessage = () => {
      this.#posted = false;
      this.#turn();
    };
  }

  /** The gap has been opened: turns begin when the browser has painted. */
  request(): void {
    this.#post();
    if (typeof requestIdleCallback === 'function') {
      cancelIdleCallback(this.#idle);
      this.#idle = requestIdleCallback(this.#onIdle);
    }
  }

  /** Ends them for good. */
  close(): void {
    this.#closed = true;
    if (typeof cancelIdleCallback === 'function') cancelIdleCallback(this.#idle);
    this.#channel.port1.close();
  }

  #idled(deadline: IdleDeadline): void {
    this.#gap.idle(deadline.timeRemaining());
    this.#turn();
  }

  #turn(): void {
    // A message may be on its way when the turns end.
    if (!this.#closed && this.#gap.turn()) this.#post();
  }

  #post(): void {
    if (this.#posted) return;
    this.#posted = true;
    this.#channel.port2.postMessage(0);
  }
}
