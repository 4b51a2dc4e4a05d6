/**
 * Cells of global variables in a development image: eight bytes each, in static memory, given out one by one, so that a
 * reload can keep the cells of what stays and give new ones to what is new. Cells that hold addresses come from chunks
 * of their own, which are roots as a whole.
 */
import { BLOCK_SIZE } from '../heap/index.ts';
import type { Rep } from '../image/index.ts';
import type { Heap } from './heap.ts';
import type { MemoryViews } from './views.ts';

export const CELL_BYTES = 8;
const CHUNK_CELLS = 256;

export class CellPool {
  readonly #heap: Heap;
  readonly #views: MemoryViews;
  /** Free cells; null cells of the root chunks are roots too, and harmless. */
  readonly #numbers: number[] = [];
  readonly #addresses: number[] = [];
  #chunk = 0;
  #chunkEnd = 0;

  constructor(heap: Heap, views: MemoryViews) {
    this.#heap = heap;
    this.#views = views;
  }

  /** A zeroed cell for a component. */
  take(rep: Rep): number {
    const free = this.#pool(rep);
    if (free.length === 0) this.#fill(free, rep === 'ref');
    return free.pop() as number;
  }

  /** Takes a cell back that nobody uses. */
  give(rep: Rep, cell: number): void {
    this.#views.setWord(cell, 0);
    this.#views.setWord(cell + 4, 0);
    this.#pool(rep).push(cell);
  }

  #pool(rep: Rep): number[] {
    return rep === 'ref' ? this.#addresses : this.#numbers;
  }

  #fill(free: number[], roots: boolean): void {
    if (this.#chunk === this.#chunkEnd) {
      this.#chunk = this.#heap.allocateStatic(BLOCK_SIZE) >>> 0;
      this.#chunkEnd = this.#chunk + BLOCK_SIZE;
    }
    const chunk = this.#chunk;
    this.#chunk += CHUNK_CELLS * CELL_BYTES;
    if (roots) this.#heap.addRoots(chunk, CHUNK_CELLS, CELL_BYTES);
    // Given out from the end of the list: lowest address first.
    for (let i = CHUNK_CELLS - 1; i >= 0; i--) free.push(chunk + i * CELL_BYTES);
  }
}
