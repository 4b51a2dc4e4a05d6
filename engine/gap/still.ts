/**
 * When a cycle pays though little is promoted: what is old may die while nothing is made in its place, as after a boss or a level, and a
 * goal in bytes is then never reached. So a cycle is due after a second without one. Where that frees little, the time is doubled,
 * up to half a minute, so that a game whose world stays as it is has one only then; where it frees a part worth having, the next is due
 * after a second again. A steady game always has something to free, but it has the goal for that: so no more than a hundredth of the
 * time goes into cycles for time, or one cycle in half a minute. Degenbaev et al. (Idle time garbage collection scheduling, PLDI 2016)
 * reduce memory so in V8, for pages that have become quiet.
 */
const SOONEST = 1000;
const LATEST = 32_000;
/** Part of what is old that is worth a cycle. */
const WORTH = 1 / 4;
/** Of less than this nobody wants anything back. */
const LEAST_OLD = 6 << 20;
/** So many times as long as a cycle takes there is none for time. */
const REST = 100;
/** Where so many milliseconds promote as much as there is, bytes are measure enough. */
const BUSY = 2000;

export class Stillness {
  #elapsed = 0;
  #wait = SOONEST;
  #oldBefore = 0;

  /** A frame of so many milliseconds is done; `between`: no cycle is in progress. */
  frame(interval: number, oldBytes: number, between: boolean): void {
    this.#elapsed += interval;
    if (between) this.#oldBefore = oldBytes;
  }

  /** A cycle or a full collection has found so many bytes alive. */
  cycleEnded(live: number): void {
    const freed = this.#oldBefore - live;
    this.#wait = freed > this.#oldBefore * WORTH ? SOONEST : Math.min(LATEST, this.#wait * 2);
    this.#elapsed = 0;
  }

  /** Whether a cycle is due that takes so many milliseconds, where each promotes so many bytes. */
  isDue(cycle: number, growth: number): boolean {
    const wait = Math.max(this.#wait, Math.min(LATEST, cycle * REST));
    return this.#elapsed >= wait && this.#oldBefore >= Math.max(LEAST_OLD, growth * BUSY);
  }
}
