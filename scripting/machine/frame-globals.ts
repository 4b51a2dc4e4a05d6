/**
 * The globals of the frame: their cells are cleared before the frame's arena is emptied, since they may lead into it. The
 * cells of every generation of the program count, because code of an earlier one may live on in closures.
 */
import type { GlobalEntry } from '../image/index.ts';
import type { MemoryViews } from './views.ts';

/** Addresses of globals' cells, by the globals' keys. */
type Cells = ReadonlyMap<string, readonly number[]>;

export class FrameGlobals {
  readonly #views: MemoryViews;
  readonly #cells = new Set<number>();

  constructor(views: MemoryViews) {
    this.#views = views;
  }

  /** From now on the cells are cleared with each frame. */
  add(globals: readonly GlobalEntry[], cells: Cells): void {
    for (const cell of cellsOfFrame(globals, cells)) this.#cells.add(cell);
  }

  /** The cells are used for something else. */
  remove(globals: readonly GlobalEntry[], cells: Cells): void {
    for (const cell of cellsOfFrame(globals, cells)) this.#cells.delete(cell);
  }

  clear(): void {
    for (const cell of this.#cells) this.#views.setWord(cell, 0);
  }
}

function cellsOfFrame(globals: readonly GlobalEntry[], cells: Cells): number[] {
  return globals.filter(({ frame }) => frame).flatMap(({ key }) => cells.get(key) ?? []);
}
