/** What the cases of `steps` are built of: the heap without a program, and objects that lie all over it. */
import { NURSERY_QUOTA, VECTOR_DATA, YOUNG_START } from '../../../scripting/heap/index.ts';
import { type Address, HeapUnderTest } from '../../heap/heap-under-test.ts';
import type { SteppedHeap } from './recorder.ts';

const WORD = 4;
/** Odd, and no multiple of five. */
const FAR = 618_033_989;
const MOST_VECTORS = 128;
/** What a game's pacer lets a young collection trace at most. */
const QUOTA = 12 << 20;

export class Scene implements SteppedHeap {
  readonly target: HeapUnderTest;
  /** Objects of 32 bytes with two addresses, at 4 and at 8. */
  readonly node: Address;
  readonly #vector: Address;
  readonly #roots: Address;
  #used = 0;

  constructor(hardLimit = 0) {
    this.target = new HeapUnderTest({ hardLimit });
    this.node = this.target.describe({ size: 32, addresses: [4, 8] });
    this.#vector = this.target.describe({ size: VECTOR_DATA, stride: WORD, elementAddresses: [0] });
    this.#roots = this.target.allocateRoots(MOST_VECTORS);
    this.target.store(NURSERY_QUOTA, QUOTA);
    // A young collection is worth it for whatever was allocated.
    this.target.store(YOUNG_START, 1);
  }

  slice(units: number): boolean {
    return this.target.heap.gapSlice(units) !== 0;
  }

  script(): void {
    this.target.heap.leave(this.target.heap.enter());
  }

  load(cell: number): number {
    return this.target.load(cell);
  }

  store(cell: number, value: number): void {
    this.target.store(cell, value);
  }

  /** A vector of so many addresses that a root keeps alive. */
  vector(length: number): Vector {
    const root = this.#roots + WORD * this.#used++;
    this.target.store(root, this.target.allocateArray(this.#vector, length));
    return new Vector(this.target, root, length);
  }

  /** A vector of objects, which are alive and old. */
  old(count: number): Vector {
    const vector = this.vector(count);
    vector.fill(() => this.target.allocate(this.node));
    this.target.heap.collect();
    return vector;
  }

  young(): Address {
    return this.target.allocate(this.node);
  }

  /** The `i`th of the numbers up to `count`, which has no prime factors but 2 and 5, in an order that no cache likes. */
  shuffled(i: number, count: number): number {
    return (i * FAR) % count;
  }
}

/** A vector of addresses. Its own is asked for each time, though nothing moves here. */
export class Vector {
  readonly #target: HeapUnderTest;
  readonly #root: Address;
  readonly length: number;

  constructor(target: HeapUnderTest, root: Address, length: number) {
    this.#target = target;
    this.#root = root;
    this.length = length;
  }

  get address(): Address {
    return this.#target.load(this.#root);
  }

  at(index: number): Address {
    return this.#target.load(this.address + VECTOR_DATA + index * WORD);
  }

  set(index: number, object: Address): void {
    this.#target.storeAddress(this.address, this.address + VECTOR_DATA + index * WORD, object);
  }

  fill(make: (index: number) => Address): void {
    for (let i = 0; i < this.length; i++) this.set(i, make(i));
  }

  /** Nothing leads to what is in it any more. */
  clear(): void {
    this.fill(() => 0);
  }
}
