/**
 * A snapshot of the heap: which objects of which types there are, what keeps an object alive, and what it keeps. What a snapshot means
 * that was read while the game ran says `reading.ts`.
 */
import { type Dominators, dominators, type Graph, graphOf } from './dominators.ts';
import { type Groups, groupsOf } from './groups.ts';
import { shown, stepAt } from './object-types.ts';
import { type ReadHeap, ROOTS_FROM, readHeap, type Snapshottable } from './reading.ts';

/** Steps between two readings of the clock. */
const PORTION = 2048;

/** Sizes are bytes. */
export interface TypeTotal {
  readonly type: string;
  readonly count: number;
  readonly bytes: number;
  /** What would be free if no object of the type were there, themselves included. */
  readonly keeps: number;
}

/** Objects of a type that are held in the same place, wherever in a collection: `*log*[].name`. */
export interface HeldTotal {
  readonly path: string;
  /** The collection or the field that they are in. */
  readonly owner: string;
  readonly type: string;
  readonly count: number;
  readonly bytes: number;
}

export interface FoundObject {
  /** Its number in this snapshot. */
  readonly number: number;
  readonly type: string;
  readonly bytes: number;
  readonly keeps: number;
  /** A shortest way to it: `*orcs*[3].target`. */
  readonly path: string;
}

/** What objects are looked for by; what is left out, any has. */
export interface Search {
  /** Part of the type's name. */
  readonly type?: string;
  /** The name of a field, of the object or of its elements. */
  readonly field?: string;
}

/**
 * Takes a snapshot in steps of some microseconds each: see `readHeap`, which throws and must be ended. A script may run between two of
 * them, and only until all is read are collections suppressed.
 */
export function* takeSnapshot(machine: Snapshottable): Generator<void, HeapSnapshot> {
  const heap = yield* readHeap(machine);
  const { count, edges, from, to } = heap;
  // The roots are nodes after the objects, and one that holds them all is the last.
  const root = count + heap.roots.length;
  for (let i = 0; i < edges; i += 1) {
    const holder = from[i] as number;
    if (holder >= ROOTS_FROM) from[i] = count + holder - ROOTS_FROM;
    if (i % PORTION === 0) yield;
  }
  for (let i = 0; i < heap.roots.length; i += 1) {
    from[edges + i] = root;
    to[edges + i] = count + i;
  }
  const forward = yield* graphOf(root + 1, from, to);
  const backward = yield* graphOf(root + 1, to, from);
  const found = yield* dominators(forward, backward, root);
  const kept = yield* keptBytes(heap, found);
  return new HeapSnapshot(heap, found, kept, backward, yield* groupsOf(heap));
}

export class HeapSnapshot {
  readonly #heap: ReadHeap;
  readonly #dominators: Dominators;
  readonly #kept: Kept;
  readonly #holders: Graph;
  readonly #groups: Groups;

  /** @internal */
  constructor(heap: ReadHeap, found: Dominators, kept: Kept, holders: Graph, groups: Groups) {
    this.#heap = heap;
    this.#dominators = found;
    this.#kept = kept;
    this.#holders = holders;
    this.#groups = groups;
  }

  /** Objects, and their bytes. */
  get count(): number {
    return this.#heap.count;
  }

  get bytes(): number {
    return this.#heap.bytes.reduce((sum, bytes) => sum + bytes, 0);
  }

  /** By type, those with most bytes first. */
  types(): TypeTotal[] {
    const { types, typeOf, bytes } = this.#heap;
    const totals = new Map<string, { count: number; bytes: number; keeps: number }>();
    for (const { name } of types) totals.set(name, { count: 0, bytes: 0, keeps: 0 });
    for (const [number, type] of typeOf.entries()) {
      const total = totals.get(types[type]?.name ?? '');
      if (total === undefined) continue;
      total.count += 1;
      total.bytes += bytes[number] as number;
    }
    for (const [type, { name }] of types.entries()) {
      const total = totals.get(name);
      if (total !== undefined) total.keeps += this.#kept.byType[type] as number;
    }
    return [...totals]
      .map(([type, total]) => ({ type, ...total }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.bytes - a.bytes);
  }

  /** By the place where they are held, those with most bytes first. */
  held(): HeldTotal[] {
    const { types, typeOf, bytes } = this.#heap;
    const totals = new Map<number, { -readonly [key in keyof HeldTotal]: HeldTotal[key] }>();
    for (const [number, group] of this.#groups.of.entries()) {
      let total = totals.get(group);
      if (total === undefined) {
        const type = types[typeOf[number] as number]?.name ?? '';
        const { paths, owners } = this.#groups;
        total = { path: paths[group] as string, owner: owners[group] as string, type, count: 0, bytes: 0 };
        totals.set(group, total);
      }
      total.count += 1;
      total.bytes += bytes[number] as number;
    }
    return [...totals.values()].sort((a, b) => b.bytes - a.bytes);
  }

  /** Objects that keep most, at most so many. */
  largest(most: number): FoundObject[] {
    return this.#first(
      Array.from({ length: this.count }, (_, number) => number),
      most,
    );
  }

  /** Objects with such a type and such a field, those that keep most first, at most so many. */
  find({ type = '', field }: Search, most: number): FoundObject[] {
    const fits = this.#heap.types.map(
      ({ name, fields }) =>
        name.includes(type) && (field === undefined || fields.some((one) => one.name === field)),
    );
    const found: number[] = [];
    for (const [number, of] of this.#heap.typeOf.entries()) if (fits[of]) found.push(number);
    return this.#first(found, most);
  }

  /** An object by its number, 0 to `count` - 1. Throws a `RangeError` for another. */
  object(number: number): FoundObject {
    if (!(number >= 0 && number < this.count)) throw new RangeError(`the snapshot has no object ${number}`);
    return {
      number,
      type: this.#heap.types[this.#heap.typeOf[number] as number]?.name ?? '',
      bytes: this.#heap.bytes[number] as number,
      keeps: this.#kept.byNode[number] as number,
      path: this.#path(number),
    };
  }

  /** The nearest object that alone keeps an object alive; undefined where several do, or a root holds it. */
  keptBy(number: number): FoundObject | undefined {
    const by = this.#dominators.of[number] as number;
    return by < this.count ? this.object(by) : undefined;
  }

  /** Objects that hold an object, at most so many. */
  holdersOf(number: number, most: number): FoundObject[] {
    const { first, to } = this.#holders;
    const holders = new Set(to.subarray(first[number], first[number + 1]));
    return [...holders]
      .filter((holder) => holder < this.count)
      .slice(0, most)
      .map((holder) => this.object(holder));
  }

  #first(numbers: number[], most: number): FoundObject[] {
    const { byNode } = this.#kept;
    numbers.sort((a, b) => (byNode[b] as number) - (byNode[a] as number) || a - b);
    return numbers.slice(0, most).map((number) => this.object(number));
  }

  #path(number: number): string {
    const { parents, parentSlots, roots, types, typeOf } = this.#heap;
    const steps: string[] = [];
    let at = number;
    while (true) {
      const parent = parents[at] as number;
      if (parent >= ROOTS_FROM) return `${roots[parent - ROOTS_FROM]}${steps.reverse().join('')}`;
      const type = types[typeOf[parent] as number];
      if (type !== undefined) steps.push(shown(stepAt(type, parentSlots[at] as number)));
      at = parent;
    }
  }
}

/** What is kept by each node, and by each type's objects together. */
interface Kept {
  readonly byNode: Float64Array;
  readonly byType: Float64Array;
}

function* keptBytes({ bytes, typeOf, types }: ReadHeap, { of, order }: Dominators): Generator<void, Kept> {
  const byNode = new Float64Array(of.length);
  for (const [i, node] of order.entries()) {
    byNode[node] = (byNode[node] as number) + (bytes[node] ?? 0);
    const by = of[node] as number;
    if (by !== node) byNode[by] = (byNode[by] as number) + (byNode[node] as number);
    if (i % PORTION === 0) yield;
  }
  // From the root down: what an object keeps counts to its type unless one of the type keeps the object itself.
  const [child, sibling] = [new Int32Array(of.length).fill(-1), new Int32Array(of.length).fill(-1)];
  for (const [i, node] of order.entries()) {
    const by = of[node] as number;
    if (by !== node) {
      sibling[node] = child[by] as number;
      child[by] = node;
    }
    if (i % PORTION === 0) yield;
  }
  const byType = new Float64Array(types.length);
  const above = new Uint32Array(types.length);
  const root = order.at(-1) ?? 0;
  let node = root;
  let steps = 0;
  const enter = (): void => {
    const type = typeOf[node];
    if (type === undefined) return;
    if (above[type] === 0) byType[type] = (byType[type] as number) + (byNode[node] as number);
    above[type] = (above[type] as number) + 1;
  };
  const leave = (): void => {
    const type = typeOf[node];
    if (type !== undefined) above[type] = (above[type] as number) - 1;
  };
  enter();
  while (true) {
    steps += 1;
    if (steps % PORTION === 0) yield;
    if ((child[node] as number) >= 0) {
      node = child[node] as number;
      enter();
      continue;
    }
    leave();
    while (node !== root && (sibling[node] as number) < 0) {
      node = of[node] as number;
      leave();
    }
    if (node === root) return { byNode, byType };
    node = sibling[node] as number;
    enter();
  }
}
