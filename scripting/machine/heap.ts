/**
 * The heap's functions, as the host calls them. In development they are the exports of heap.wasm, in release exports of
 * the program whose names begin with `heap:`. Addresses come out of WebAssembly as signed numbers; callers that keep
 * one make it unsigned (`>>> 0`).
 */
const NAMES = [
  'initialise',
  'allocateStatic',
  'addRoots',
  'allocateArray',
  'resetFrame',
  'suppress',
  'resume',
  'enter',
  'leave',
  'unwind',
  'newHandle',
  'freeHandle',
  'requestCollection',
  'collect',
  'gapSlice',
  'verify',
  'setStress',
] as const;

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
  /** Begins a call into script code; what it gives is handed to `leave` after its end, or to `unwind` after its failure. */
  enter(): number;
  leave(record: number): void;
  unwind(record: number): void;
  /** A cell that holds the object's address and keeps it alive. */
  newHandle(object: number): number;
  freeHandle(cell: number): void;
  requestCollection(): void;
  collect(): void;
  /** 1 where there is more to do. */
  gapSlice(work: number): number;
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
  const missing = NAMES.filter((name) => typeof exports[prefix + name] !== 'function');
  if (missing.length > 0)
    throw new Error(`the heap lacks ${missing.join(', ')}: build it anew with \`npm run build:heap\``);
  Object.assign(heap, Object.fromEntries(NAMES.map((name) => [name, exports[prefix + name]])));
}
