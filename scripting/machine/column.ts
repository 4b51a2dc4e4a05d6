/**
 * A global vector seen as a column of memory, so that the stage can point a typed array at it: `(MutVec V)` or
 * `(Vector V)`, where V is a number or a `defvalue` and so lies flat in the vector's buffer.
 */
import {
  DESCRIPTOR_MAGIC_MASK,
  DESCRIPTOR_STRIDE_AT,
  KIND_ARRAY,
  MUT_VECTOR_BUFFER,
  MUT_VECTOR_LENGTH,
  PHASE_MOVE,
  STATS_PHASE,
  VECTOR_DATA,
  VECTOR_LENGTH,
} from '../heap/index.ts';
import type { Heap } from './heap.ts';
import type { MemoryViews } from './views.ts';

/** Where the elements of a global vector lie at the moment. */
export class Column {
  /** Byte address of the first element; 0 while the vector never held one. */
  address = 0;
  /** Elements in use. */
  length = 0;
  /** Elements there is room for at `address`. */
  capacity = 0;
  /** Bytes of one element; 0 while the vector never held one. */
  stride = 0;
  readonly #views: MemoryViews;
  readonly #heap: Heap;
  readonly #cell: () => number;

  /** @internal `cell` returns the global's cell, which a reload may change. */
  constructor(views: MemoryViews, heap: Heap, cell: () => number) {
    this.#views = views;
    this.#heap = heap;
    this.#cell = cell;
    this.locate();
  }

  /** Reads address, length and capacity from memory. Valid until script code or the collector runs again. */
  locate(): void {
    const views = this.#views;
    if (views.word(STATS_PHASE) === PHASE_MOVE) this.#heap.finishMove();
    const vector = views.word(this.#cell());
    const immutable = vector !== 0 && isArray(views, vector);
    const buffer = vector === 0 || immutable ? vector : views.word(vector + MUT_VECTOR_BUFFER);
    if (buffer === 0) {
      this.address = 0;
      this.length = 0;
      this.capacity = 0;
      return;
    }
    this.address = buffer + VECTOR_DATA;
    this.capacity = views.word(buffer + VECTOR_LENGTH);
    this.length = immutable ? this.capacity : views.word(vector + MUT_VECTOR_LENGTH);
    this.stride = views.word(views.word(buffer) + DESCRIPTOR_STRIDE_AT);
  }
}

function isArray(views: MemoryViews, object: number): boolean {
  const kind = views.word(views.word(object));
  return (kind & ~DESCRIPTOR_MAGIC_MASK) === KIND_ARRAY;
}
