/**
 * Which objects of a function's own others know as well, so that what they hold is not all to be seen in the function: the
 * escaped nodes of Whaley and Rinard (1999), whose loads give placeholders. Others are callers with a second name for
 * something that was given, function values whose calls are left to callers, the host, and functions that find the object by
 * way of a global.
 *
 *     (push! world e)        e is shared: `world` was given, and whoever has it has e
 *     (setup o)              o is shared, where `setup` is a parameter: the caller's function may store in it
 *     (set! (.a o) p)        then p is shared as well
 *     (copy-out o)           out of the frame: its result may be o itself, which this function alone knows to have both names
 */
import type { Call } from '../lower/index.ts';
import type { AbstractObject } from './abstract-object.ts';
import type { CopyOut } from './copies.ts';

/**
 * Who knows an object: everybody, because a global of the frame leads to it; whoever calls the function or is called by those;
 * or the function alone, by a second name that this `copy-out` gave it.
 */
type By = 'everybody' | 'others' | Call | CopyOut;

export class Sharing {
  readonly #by = new Map<AbstractObject, By>();
  /** Between what a `copy-out` is given and what it gives, as long as it is open whether they are the same. */
  readonly #linked = new Map<AbstractObject, Set<AbstractObject>>();
  readonly #heldBy: (object: AbstractObject) => Iterable<AbstractObject>;
  readonly #changed: () => void;

  constructor(heldBy: (object: AbstractObject) => Iterable<AbstractObject>, changed: () => void) {
    this.#heldBy = heldBy;
    this.#changed = changed;
  }

  /** Whether the object has a second name of any kind. */
  isKnown(object: AbstractObject): boolean {
    return this.#by.has(object);
  }

  /** Whether others know the object, or another `copy-out` than that one gave it a second name. */
  isShared(object: AbstractObject, copy?: CopyOut): boolean {
    const by = this.#by.get(object);
    return by === 'everybody' || by === 'others' || (by !== undefined && copy !== undefined && by !== copy);
  }

  /** Whether functions that are no callers of this one may know the object. */
  isFramed(object: AbstractObject): boolean {
    return this.#by.get(object) === 'everybody';
  }

  /** The object is known from now on, and all that it leads to. */
  share(object: AbstractObject, by: By): void {
    // What a block holds nobody else can reach, what is in the heap or was given is taken to be known anyhow.
    if (['block', 'heap', 'given'].includes(object.region.kind)) return;
    const before = this.#by.get(object);
    const now = before === undefined ? by : join(before, by);
    if (before === now) return;
    this.#by.set(object, now);
    this.#changed();
    for (const held of this.#heldBy(object)) this.share(held, now);
    for (const other of this.#linked.get(object) ?? []) this.share(other, now);
  }

  /** What is put into an object is known to whoever knows that. */
  follow(value: AbstractObject, holder: AbstractObject): void {
    const by = this.#by.get(holder);
    if (by !== undefined) this.share(value, by);
  }

  /** Two names that may be of one object, by that `copy-out`. */
  link(one: AbstractObject, other: AbstractObject, copy: Call | CopyOut): void {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const linked = this.#linked.get(from);
      if (linked === undefined) this.#linked.set(from, new Set([to]));
      else linked.add(to);
    }
    this.share(one, copy);
    this.share(other, copy);
    this.follow(one, other);
  }
}

function join(one: By, other: By): By {
  if (one === other) return one;
  return one === 'everybody' || other === 'everybody' ? 'everybody' : 'others';
}
