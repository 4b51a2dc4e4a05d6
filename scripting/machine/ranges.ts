/**
 * Room that versions of a program take in one piece and give back: static memory, slots of the table. What was given back is
 * used again; what neighbours it becomes one piece with it.
 */
interface Range {
  start: number;
  end: number;
}

export class RangePool {
  /** In their order, none next to another. */
  readonly #free: Range[] = [];
  readonly #unit: number;
  /** Makes at least so much new room. */
  readonly #grow: (size: number) => Readonly<Range>;

  /** Pieces begin at multiples of `unit`. */
  constructor(unit: number, grow: (size: number) => Readonly<Range>) {
    this.#unit = unit;
    this.#grow = grow;
  }

  take(size: number): number {
    const whole = this.#whole(size);
    let found = this.#free.findIndex(({ start, end }) => end - start >= whole);
    if (found < 0) {
      const { start, end } = this.#grow(whole);
      found = this.#add(start, end);
    }
    const range = this.#free[found] as Range;
    const { start } = range;
    range.start += whole;
    if (range.start === range.end) this.#free.splice(found, 1);
    return start;
  }

  /** Gives back what `take` has returned for that size. */
  give(start: number, size: number): void {
    this.#add(start, start + this.#whole(size));
  }

  #whole(size: number): number {
    return Math.max(1, Math.ceil(size / this.#unit)) * this.#unit;
  }

  /** Returns the index of the free range that it is in now. */
  #add(start: number, end: number): number {
    const free = this.#free;
    const after = free.findIndex((range) => range.start >= end);
    const at = after < 0 ? free.length : after;
    const before = free[at - 1];
    const next = free[at];
    const merged = {
      start: before?.end === start ? before.start : start,
      end: next?.start === end ? next.end : end,
    };
    const from = before?.end === start ? at - 1 : at;
    free.splice(from, (before?.end === start ? 1 : 0) + (next?.start === end ? 1 : 0), merged);
    return from;
  }
}
