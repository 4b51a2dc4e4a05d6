/**
 * The heap's functions, as the host calls them. In development they are the exports of heap.wasm, in release exports of
 * the program whose names begin with `heap:`. Addresses come out of WebAssembly as signed numbers; callers that keep
 * one make it unsigned (`>>> 0`).
 */
import { CALLED_BY_HOST } from '../heap/index.ts';

export interface Heap {
  /** First call on a new memory. */
  initialise(hardLimitBytes: number): void;
  /** Whole blocks of zeroed static memory that are never freed. */
  allocateStatic(bytes: number): number;
  /** `count` address cells in static memory, `stride` bytes apart, are roots from now on. */
  addRoots(address: number, count: number, stride: number): void;
  allocateArray(descriptor: number, length: bigint): number;
  resetFrame(): void;
  suppress(): void;
  resume(): void;
  /** Begins a call into script code; what it returns is handed to `leave` after its end, or to `unwind` after its failure. */
  enter(): number;
  leave(record: number): void;
  unwind(record: number): void;
  /** A cell that holds the object's address and keeps it alive. */
  newHandle(object: number): number;
  freeHandle(cell: number): void;
  /** A proxy of the host's object with that index, of that generation. */
  newProxy(index: number, generation: number): number;
  /** A proxy that a collection found dead, or 0: to be read before anything else is allocated. */
  takeDeadProxy(): number;
  requestCollection(): void;
  collect(): void;
  /** 1 where there is more to do. */
  gapSlice(work: number): number;
  /** Asks for a forced collection: `FORCE_*` bits. While suppressed a full one is noted instead. */
  force(wishes: number): void;
  /** Does about so many units of it; 1 while there is more. */
  forceSlice(work: number): number;
  /** Leaves the rest of it undone; the heap is whole. */
  endForce(): void;
  /** Completes the move phase, if it is in progress: addresses mean nothing before. */
  finishMove(): void;
  /** Gives up the blocks at the end that nobody uses; gives how many pages the memory must have. */
  trim(): number;
  verify(): number;
  setStress(modes: number): void;
}

/**
 * A heap whose functions are not there yet: a release program holds its heap, and what the program imports from the host
 * already needs it. `bindHeap` fills it in before anything runs.
 */
export function unboundHeap(): Heap {
  return {} as Heap;
}

export function bindHeap(heap: Heap, exports: WebAssembly.Exports, prefix: '' | 'heap:'): void {
  const missing = CALLED_BY_HOST.filter((name) => typeof exports[prefix + name] !== 'function');
  if (missing.length > 0)
    throw new Error(`the heap lacks ${missing.join(', ')}: build it anew with \`npm run build:heap\``);
  Object.assign(heap, Object.fromEntries(CALLED_BY_HOST.map((name) => [name, exports[prefix + name]])));
}
