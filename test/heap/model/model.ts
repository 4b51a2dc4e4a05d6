/** All that the model knows of a heap. What programs do to it is in the files beside this one, a kind of command each. */
import type { HeapUnderTest } from '../heap-under-test.ts';
import { Memory } from './memory.ts';
import { Regions } from './regions.ts';
import { Roots } from './roots.ts';
import { reachable, type Thing } from './things.ts';

export class Model {
  readonly target: HeapUnderTest;
  readonly memory: Memory;
  readonly roots: Roots;
  readonly regions: Regions;
  /** Every weak reference that may still lead to something, found again through what holds it. */
  readonly weaks = new Set<Thing>();
  /** Registered objects whose record was not taken yet, by the code they were registered with. */
  readonly drops = new Map<number, Thing>();
  /** Those of them that have moved since only their records led to them, so that nobody knows where they lie. */
  readonly adrift = new Set<Thing>();
  /** Proxies whose death was not heard of yet, by their index. */
  readonly proxies = new Map<number, Thing>();
  #marks = 1;

  constructor(target: HeapUnderTest) {
    this.target = target;
    this.memory = new Memory(target);
    this.roots = new Roots(target);
    this.regions = new Regions(target, this.roots);
  }

  /** A number that nothing else has. */
  newMark(): number {
    return this.#marks++;
  }

  /** What scripts can get at. */
  reached(): Set<Thing> {
    const inArenas = this.regions.arenas.flatMap(({ things }) => [...things]);
    return reachable([...this.roots.things(), ...inArenas]);
  }

  /** What the heap must keep: also for drops. */
  kept(): Set<Thing> {
    return reachable([...this.reached(), ...this.drops.values()]);
  }
}
