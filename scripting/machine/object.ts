/**
 * Script objects that JavaScript holds. Each has a cell in the heap's handle table, which keeps the object alive and
 * follows it when it moves. Giving the cell back is the holder's duty (`using`, or `release`); the finalization registry
 * is a safety net that may never run, and a circle through both heaps is never collected.
 */
import {
  BLOCK_ARENA,
  BLOCK_ARENA_REST,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  PHASE_MOVE,
  STATS_PHASE,
} from '../heap/index.ts';
import type { Heap } from './heap.ts';
import type { MemoryViews } from './views.ts';

/** A type by its name and its key, which no two types share. */
export interface HeldType {
  readonly name: string;
  readonly key: string;
}

export class ScriptObject {
  /** The object's type, as the script writes it. */
  readonly type: string;
  readonly #key: string;
  /** For one call only: a script cannot get it back as a result, since it may live in an arena. */
  readonly lent: boolean;
  readonly #owner: ScriptObjects;
  readonly #letGo: () => void;
  #cell: number;
  /** What became of it, where it was not released. */
  #fate = 'was released';

  /** @internal */
  constructor(owner: ScriptObjects, type: HeldType, cell: number, lent: boolean, letGo: () => void) {
    this.lent = lent;
    this.#owner = owner;
    this.type = type.name;
    this.#key = type.key;
    this.#cell = cell;
    this.#letGo = letGo;
  }

  /** Where the object lies now; it may lie elsewhere in the next frame. Throws after `release`. */
  get address(): number {
    if (this.#cell === 0) throw new TypeError(`this ${this.type} ${this.#fate}`);
    return this.#owner.read(this.#cell, this.type);
  }

  get released(): boolean {
    return this.#cell === 0;
  }

  /** Lets the object go. Releasing twice does nothing. */
  release(): void {
    const cell = this.#cell;
    if (cell === 0) return;
    this.#cell = 0;
    this.#owner.free(this, cell, this.#letGo);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** @internal Its cell is none any more. */
  void(fate: string): void {
    const cell = this.#cell;
    if (cell === 0) return;
    this.#cell = 0;
    this.#fate = fate;
    this.#owner.forgetVoid(this, cell, this.#letGo);
  }

  /** @internal Whether the object is one of that type in that machine's heap. */
  isOf(type: HeldType, owner: ScriptObjects): boolean {
    return this.#owner === owner && this.#key === type.key;
  }
}

interface Held {
  readonly cell: number;
  readonly letGo: () => void;
}

/** Hears of handles while memory may be put back as it was, and when it is gone. */
export interface HandleObserver {
  made(cell: number, object: ScriptObject): void;
  /** Nothing holds the cell any more. */
  freed(cell: number): void;
  /** Throws where what is in the cell cannot be used now. */
  expectUsable(cell: number, type: string): void;
}

/** All objects of one machine that JavaScript holds. */
export class ScriptObjects {
  readonly #views: MemoryViews;
  readonly #heap: Heap;
  readonly #forgotten: FinalizationRegistry<Held>;
  /** Cells of handles that are held. */
  readonly cells = new Set<number>();
  /** @internal */
  observer: HandleObserver | undefined;

  constructor(views: MemoryViews, heap: Heap) {
    this.#views = views;
    this.#heap = heap;
    this.#forgotten = new FinalizationRegistry((held) => this.#forget(held));
  }

  /**
   * Roots an object for JavaScript. Throws for what an arena holds, since it ends before JavaScript lets go; but not
   * for what is `lent`, which is released before the call it was lent for ends. `letGo` is called when the object is released
   * or forgotten; it must not lead to the object, which would never be forgotten then.
   */
  hold(type: HeldType, address: number, lent = false, letGo: () => void = () => undefined): ScriptObject {
    const block = this.#views.u8[BLOCK_TABLE + (address >>> BLOCK_SHIFT)];
    if (!lent && (block === BLOCK_ARENA || block === BLOCK_ARENA_REST))
      throw new TypeError(`this ${type.name} lives in an arena, so the host cannot keep it`);
    const cell = this.#heap.newHandle(address) >>> 0;
    const object = new ScriptObject(this, type, cell, lent, letGo);
    this.cells.add(cell);
    this.#forgotten.register(object, { cell, letGo }, object);
    this.observer?.made(cell, object);
    return object;
  }

  read(cell: number, type: string): number {
    this.observer?.expectUsable(cell, type);
    if (this.#views.word(STATS_PHASE) === PHASE_MOVE) this.#heap.finishMove();
    return this.#views.word(cell);
  }

  free(object: ScriptObject, cell: number, letGo: () => void): void {
    this.#forgotten.unregister(object);
    this.#forget({ cell, letGo });
  }

  forgetVoid(object: ScriptObject, cell: number, letGo: () => void): void {
    this.cells.delete(cell);
    this.#forgotten.unregister(object);
    letGo();
  }

  #forget({ cell, letGo }: Held): void {
    letGo();
    this.cells.delete(cell);
    this.observer?.freed(cell);
    this.#heap.freeHandle(cell);
  }
}
