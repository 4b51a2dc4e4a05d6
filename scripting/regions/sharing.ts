/**
 * Which objects of a function's own others know as well, so that what they hold is not all to be seen in the function: the
 * escaped nodes of Whaley and Rinard (1999), whose loads give placeholders. Others are callers with a second name for
 * something that was given, function values whose calls are left to callers, the host, and functions that find the object by
 * way of a global.
 *
 *     (push! world e)        e is shared: `world` was given, and whoever has it has e
 *     (setup o)              o is shared, where `setup` is a parameter: the caller's function may store in it
 *     (set! (.a o) p)        then p is shared as well
 *     (copy-out o)           out of the frame: its result may be o itself; if it is shared, so is o
 */
import type { AbstractObject } from './abstract-object.ts';

/** Whoever calls the function or is called by those; or everybody, because a global of the frame leads to the object. */
export type By = 'others' | 'everybody';

export class Sharing {
  readonly #by = new Map<AbstractObject, By>();
  /** Between what a `copy-out` is given and what it returns, as long as it is open whether they are the same. */
  readonly #linked = new Map<AbstractObject, Set<AbstractObject>>();
  readonly #heldBy: (object: AbstractObject) => Iterable<AbstractObject>;
  readonly #changed: () => void;

  constructor(heldBy: (object: AbstractObject) => Iterable<AbstractObject>, changed: () => void) {
    this.#heldBy = heldBy;
    this.#changed = changed;
  }

  /** Who else knows the object; undefined for nobody. */
  by(object: AbstractObject): By | undefined {
    return this.#by.get(object);
  }

  /** The object is known from now on, and all that it leads to. */
  share(object: AbstractObject, by: By): void {
    // What a block holds nobody else can reach, what is in the heap or was given is taken to be known anyhow.
    if (['block', 'heap', 'given'].includes(object.region.kind)) return;
    const before = this.#by.get(object);
    if (before === by || before === 'everybody') return;
    this.#by.set(object, by);
    this.#changed();
    for (const held of this.#heldBy(object)) this.share(held, by);
    for (const other of this.#linked.get(object) ?? []) this.share(other, by);
  }

  /** What is put into an object is known to whoever knows that. */
  follow(value: AbstractObject, holder: AbstractObject): void {
    const by = this.#by.get(holder);
    if (by !== undefined) this.share(value, by);
  }

  /** Two names that may be of one object. */
  link(one: AbstractObject, other: AbstractObject): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const linked = this.#linked.get(from);
      if (linked === undefined) this.#linked.set(from, new Set([to]));
      else linked.add(to);
      this.follow(to, from);
    }
  }
}
