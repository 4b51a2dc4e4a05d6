/**
 * JavaScript objects that scripts hold. A script holds a proxy (`../heap/mutator/proxies.ts`), which says at which index of this
 * table the object stands, and the index's generation. Each crossing makes a new proxy; those of one object share its index, and
 * the entry counts them. A collection queues the proxies it finds dead; when the last of an index is taken out of the
 * queue, the object is forgotten, and the index is free for another with the next generation.
 *
 * Invariant: an index is in use as long as any proxy with it is reachable or in the queue. So no script can hold an index
 * that means another object by now; the generation is there to check that.
 */
import {
  PHASE_MOVE,
  PROXY_DESCRIPTOR,
  PROXY_GENERATION,
  REFERENCE_SUBJECT,
  STATS_PHASE,
} from '../heap/index.ts';
import type { Heap } from './heap.ts';
import type { MemoryViews } from './views.ts';

interface Entry {
  /** Undefined while the index is free. */
  object: object | undefined;
  generation: number;
  /** Proxies whose death was not heard of. */
  proxies: number;
}

export interface HostObjectTable {
  entries: Entry[];
  free: number[];
  indices: Map<object, number>;
  /** Whether the queue was not empty when it was looked at last. */
  more: boolean;
}

/** Dead proxies that are heard of for each new one: so a program that runs long without a gap forgets objects too. */
const HEARD_EACH = 2;

export class HostObjects {
  readonly #views: MemoryViews;
  readonly #heap: Heap;
  /** @internal */
  table: HostObjectTable = { entries: [], free: [], indices: new Map(), more: false };

  constructor(views: MemoryViews, heap: Heap) {
    this.#views = views;
    this.#heap = heap;
  }

  /** How many objects are held. */
  get count(): number {
    return this.table.indices.size;
  }

  /** The address of a new proxy of an object. May collect; throws a `ScriptError` where memory runs out. */
  proxy(object: object): number {
    this.hear(HEARD_EACH);
    const index = this.table.indices.get(object) ?? this.#enter(object);
    const entry = this.table.entries[index] as Entry;
    // Counted beforehand, so that nothing that happens meanwhile lets the index go.
    entry.proxies += 1;
    try {
      return this.#heap.newProxy(index, entry.generation) >>> 0;
    } catch (error) {
      this.#forget(index);
      throw error;
    }
  }

  /** The object that a proxy stands for. */
  object(proxy: number): object {
    const entry = this.table.entries[this.#views.word(proxy + REFERENCE_SUBJECT)];
    if (
      this.#views.word(proxy) !== PROXY_DESCRIPTOR ||
      entry?.object === undefined ||
      entry.generation !== this.#views.word(proxy + PROXY_GENERATION)
    )
      throw new Error(`there is no object of the host at the address ${proxy}`);
    return entry.object;
  }

  /** Hears of up to `limit` deaths and forgets what no script holds any more. True where there may be more to hear of. */
  hear(limit: number): boolean {
    if (this.table.indices.size === 0) return false;
    // While objects move, taking one would complete the move, however long that takes.
    if (this.#views.word(STATS_PHASE) === PHASE_MOVE) return false;
    for (let heard = 0; heard < limit; heard += 1) {
      const proxy = this.#heap.takeDeadProxy() >>> 0;
      this.table.more = proxy !== 0;
      if (proxy === 0) break;
      this.#forget(this.#views.word(proxy + REFERENCE_SUBJECT));
    }
    return this.table.more;
  }

  #enter(object: object): number {
    const index = this.table.free.pop() ?? this.table.entries.push({ object, generation: 0, proxies: 0 }) - 1;
    (this.table.entries[index] as Entry).object = object;
    this.table.indices.set(object, index);
    return index;
  }

  /** One proxy less. */
  #forget(index: number): void {
    const entry = this.table.entries[index] as Entry;
    entry.proxies -= 1;
    if (entry.proxies > 0) return;
    this.table.indices.delete(entry.object as object);
    entry.object = undefined;
    entry.generation = (entry.generation + 1) >>> 0;
    this.table.free.push(index);
  }
}
