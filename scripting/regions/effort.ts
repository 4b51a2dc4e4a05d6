/**
 * A bound on the work of the proof. A points-to analysis takes the cube of a program's size at worst, and function values
 * of which nothing is known, that call each other in circles and store what they are given, come close: so the proof gives up
 * after a while, and refuses, rather than keep somebody waiting for minutes.
 */
import type { Func } from '../ir/index.ts';

/** Stores looked at in one fixed point: some seconds. The busiest of our own programs takes some 14,000. */
export const MOST_STORES = 10_000_000;

export class Effort {
  #left: number;

  constructor(stores = MOST_STORES) {
    this.#left = stores;
  }

  /** One store more. Throws an Exhausted. */
  spend(): void {
    if (--this.#left < 0) throw new Exhausted();
  }
}

/** There was more to do than the proof may. */
export class Exhausted extends Error {}

/** In which function that was. */
export class TooTangled extends Error {
  readonly func: Func;
  constructor(func: Func) {
    super(`${func.name} is too tangled`);
    this.func = func;
  }
}
