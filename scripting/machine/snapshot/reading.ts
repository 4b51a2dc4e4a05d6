/**
 * Reads which objects there are and what they hold, a little at a time, so that it can be done in the gaps of a game. From the globals
 * and what JavaScript holds it goes through the heap, breadth first, so that the first way to an object is a shortest one.
 *
 * **What a snapshot means.** While it is read, collections are suppressed: nothing moves and no memory is used again, so an address that was
 * read is one until the end. The script runs, though. So each object stands there as it was when it was come by; what died after that is
 * still there, and what is made meanwhile is there where it was found. An object whose only address has gone from a place that was still
 * to be read to one that was read already would be missed:
 *
 *     read:  (Orc :target ●)            not read yet:  *free* ──▶ Item         the script moves the item from `*free*` to `target`
 *
 * Therefore all that was read is looked at once more for addresses that have not been seen: what is missed has to move twice, at the
 * right moments. Read in one go (`for (const _ of ...)` to its end between two frames), a snapshot is exact.
 */
import {
  ARRAY_LENGTH,
  BLOCK_LARGE,
  BLOCK_MASK,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  GRANULE_SHIFT,
  PHASE_MOVE,
  STATS_PHASE,
} from '../../heap/index.ts';
import { pooledType } from '../../image/index.ts';
import { blockKindOf, objectBytes } from '../allocations.ts';
import { Words } from '../words.ts';
import { describedWorld, type HasWorld, type World } from '../world.ts';
import { ObjectTypes } from './object-types.ts';

/** What a snapshot is taken of: a machine. */
export interface Snapshottable extends HasWorld {
  /** Has to be awaited before. */
  describe(): Promise<void>;
  suppress(): void;
  resume(): void;
  statistic(cell: number): number;
  readonly allocatedBytes: number;
}

/** The objects by their numbers, 0 for the one that was come to first, and who holds whom. */
export interface ReadHeap {
  readonly types: ObjectTypes['list'];
  /** How many there are. */
  readonly count: number;
  /** Of each: its type's number, its bytes. */
  readonly typeOf: Uint32Array;
  readonly bytes: Uint32Array;
  /** Of each: what it was come to by, an object's number, or beyond all objects a root's; and the offset there. */
  readonly parents: Uint32Array;
  readonly parentSlots: Uint32Array;
  readonly roots: readonly string[];
  /** Each address that was found: who holds it, an object or beyond those a root, and whom. There is room for as many as there are roots. */
  readonly edges: number;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

/** More than any number of an object: above it, roots are counted. */
export const ROOTS_FROM = 0x80000000;

/** Words that are looked at between two readings of the clock. */
const PORTION = 256;

/** Bytes that a game may allocate while collections are suppressed for it. */
const MOST_WAITING = 64 * 1024 * 1024;

/**
 * Reads all objects; each step takes some microseconds. Throws where new code comes in between or the game allocates more than 64 MiB
 * before it is done. Collections go on again however it ends: who gives it up has to call `return`.
 */
export function* readHeap(machine: Snapshottable): Generator<void, ReadHeap> {
  while (machine.statistic(STATS_PHASE) === PHASE_MOVE) yield;
  machine.suppress();
  try {
    return yield* new Reading(machine).run();
  } finally {
    machine.resume();
  }
}

class Reading {
  readonly #machine: Snapshottable;
  readonly #world: World;
  readonly #allocated: number;
  readonly #types: ObjectTypes;
  /**
   * For each block of memory that has objects, and each of its granules, the number of the object that begins there, and 1; a `Map` would
   * stop for long when it grows.
   */
  readonly #numbers: (Uint32Array | undefined)[] = [];
  readonly #addresses = new Words();
  readonly #typeOf = new Words();
  readonly #bytes = new Words();
  readonly #parents = new Words();
  readonly #parentSlots = new Words();
  readonly #from = new Words();
  readonly #to = new Words();
  readonly #roots: string[] = [];
  /** Whether addresses are looked for that have not been seen, and no others. */
  #again = false;

  constructor(machine: Snapshottable) {
    this.#machine = machine;
    this.#world = describedWorld(machine);
    this.#allocated = machine.allocatedBytes;
    this.#types = new ObjectTypes(this.#world);
  }

  *run(): Generator<void, ReadHeap> {
    this.#readRoots();
    yield* this.#readObjects();
    this.#again = true;
    this.#readRoots();
    yield* this.#readObjects();
    return {
      types: this.#types.list,
      count: this.#addresses.length,
      typeOf: yield* this.#typeOf.copied(),
      bytes: yield* this.#bytes.copied(),
      parents: yield* this.#parents.copied(),
      parentSlots: yield* this.#parentSlots.copied(),
      roots: this.#roots,
      // The roots themselves are held too, by nobody that is here.
      from: yield* this.#from.copied(this.#roots.length),
      to: yield* this.#to.copied(this.#roots.length),
      edges: this.#from.length,
    };
  }

  #readRoots(): void {
    const { globals, cells, views, handles } = this.#world;
    for (const { key, name, cells: parts } of globals) {
      const type = pooledType(name);
      const root = type === undefined ? name : `the world's ${type} entities`;
      for (const [i, { rep }] of parts.entries())
        if (rep === 'ref') this.#reach(views.word(cells.get(key)?.[i] as number), this.#root(root), 0);
    }
    for (const cell of handles) this.#reach(views.word(cell), this.#root('held by JavaScript'), 0);
  }

  #root(name: string): number {
    const known = this.#roots.lastIndexOf(name);
    return ROOTS_FROM + (known >= 0 ? known : this.#roots.push(name) - 1);
  }

  /** Objects that are come to meanwhile are appended. */
  *#readObjects(): Generator<void, void> {
    const { views } = this.#world;
    let words = views.u32;
    let left = PORTION;
    const pause = function* (this: Reading): Generator<void, void> {
      yield;
      this.#check();
      words = views.u32;
      left = PORTION;
    }.bind(this);
    for (let number = 0; number < this.#addresses.length; number += 1) {
      const object = this.#addresses.at(number);
      const type = this.#types.list[this.#typeOf.at(number)];
      if (type === undefined) throw new Error('there is an object of no type');
      for (const offset of type.fixed) this.#reach(words[(object + offset) >>> 2] as number, number, offset);
      left -= 1 + type.fixed.length;
      if (left <= 0) yield* pause();
      if (type.inElement.length === 0) continue;
      // As long as it was made: what a vector has not filled is 0.
      const length = words[(object + ARRAY_LENGTH) >>> 2] as number;
      for (let i = 0; i < length; i += 1) {
        for (const inside of type.inElement) {
          const offset = type.size + i * type.stride + inside;
          this.#reach(words[(object + offset) >>> 2] as number, number, offset);
        }
        left -= type.inElement.length;
        if (left <= 0) yield* pause();
      }
    }
  }

  #reach(address: number, holder: number, offset: number): void {
    if (address === 0) return;
    const granule = (address & BLOCK_MASK) >>> GRANULE_SHIFT;
    const numbers = this.#numbers[address >>> BLOCK_SHIFT];
    let number = numbers === undefined ? -1 : (numbers[granule] as number) - 1;
    if (number < 0) {
      const { u32 } = this.#world.views;
      const kind = blockKindOf(address, u32);
      // Literals are nobody's, and an arena that is open ends before its objects count.
      if (kind !== BLOCK_OBJECTS && kind !== BLOCK_LARGE) return;
      number = this.#addresses.length;
      this.#numbersOf(address)[granule] = number + 1;
      this.#addresses.add(address);
      this.#typeOf.add(this.#types.numberOf(address));
      this.#bytes.add(objectBytes(address, u32));
      this.#parents.add(holder);
      this.#parentSlots.add(offset);
    } else if (this.#again) return;
    this.#from.add(holder);
    this.#to.add(number);
  }

  #numbersOf(address: number): Uint32Array {
    const block = address >>> BLOCK_SHIFT;
    const known = this.#numbers[block];
    if (known !== undefined) return known;
    const numbers = new Uint32Array(BLOCK_SIZE >>> GRANULE_SHIFT);
    this.#numbers[block] = numbers;
    return numbers;
  }

  #check(): void {
    if (this.#machine.world.globals !== this.#world.globals)
      throw new Error('new code came while the heap was read: take the snapshot again');
    const waiting = this.#machine.allocatedBytes - this.#allocated;
    if (waiting > MOST_WAITING)
      throw new Error(
        `the game has allocated ${Math.round(waiting / 1024 / 1024)} MB while the heap was read, and nothing is collected meanwhile: ` +
          'give it more time in each frame, or take the snapshot while the game is paused',
      );
  }
}
