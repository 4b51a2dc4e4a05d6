/**
 * What each side holds of the other, while memory may be put back as it was: then what was made meanwhile stands for nothing, and what was
 * released stays so.
 */
import type { Converter } from '../convert.ts';
import type { Heap } from '../heap.ts';
import type { HostObjectTable } from '../host-objects.ts';
import type { HandleObserver, ScriptObject } from '../object.ts';

export class HeldTrial implements HandleObserver {
  readonly #converter: Converter;
  readonly #heap: Heap;
  readonly #made = new Map<number, ScriptObject>();
  /** Cells that were given back, and have been in use before. */
  readonly #freed: number[] = [];
  #isClosed = false;

  constructor(converter: Converter, heap: Heap) {
    this.#converter = converter;
    this.#heap = heap;
  }

  /** Runs `body`. Where it fails, `undo` puts memory back as it was before, and what both sides hold of one another is as it was too. */
  run<T>(body: () => T, undo: () => void): T {
    const { held } = this.#converter;
    const before = this.#hostObjects();
    held.observer = this;
    try {
      return body();
    } catch (error) {
      held.observer = undefined;
      undo();
      this.putBack(before);
      for (const object of this.#made.values()) object.void('went with new code that could not be loaded');
      for (const cell of this.#freed) this.#heap.freeHandle(cell);
      throw error;
    } finally {
      held.observer = undefined;
    }
  }

  #hostObjects(): HostObjectTable {
    const { entries, free, indices, more } = this.#converter.hostObjects.table;
    return {
      entries: entries.map((entry) => ({ ...entry })),
      free: [...free],
      indices: new Map(indices),
      more,
    };
  }

  /** @internal Of the host's objects. */
  putBack(table: HostObjectTable): void {
    this.#converter.hostObjects.table = table;
  }

  /** Runs `body`, while JavaScript has no use of what it has held of scripts before the trial. */
  closed<T>(body: () => T): T {
    this.#isClosed = true;
    try {
      return body();
    } finally {
      this.#isClosed = false;
    }
  }

  made(cell: number, object: ScriptObject): void {
    this.#made.set(cell, object);
  }

  freed(cell: number): void {
    if (!this.#made.delete(cell)) this.#freed.push(cell);
  }

  expectUsable(cell: number, type: string): void {
    if (this.#isClosed && !this.#made.has(cell))
      throw new TypeError(`this ${type} cannot be used while live objects are given the layouts of new code`);
  }
}
