/**
 * Tells an observer of each object that a program makes, where it was compiled to be counted. What compiled code makes by itself it tells
 * by `host.made`. What the heap's functions make for it is found by what they return, or have put where: they are wrapped, and the heap
 * is the same as ever.
 */
import {
  ALLOCATION_SITE,
  ARRAY_LENGTH,
  BLOCK_ARENA,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  DESCRIPTOR_ELEMENT_AT,
  DESCRIPTOR_FIXED_AT,
  DESCRIPTOR_MAGIC,
  DESCRIPTOR_OFFSETS_AT,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
  GRANULE_SIZE,
  KIND_ARRAY,
  MUT_VECTOR_BUFFER,
  VECTOR_DATA,
} from '../heap/index.ts';
import type { MemoryViews } from './views.ts';

/** What objects are looked at through. */
export interface ObjectViews {
  readonly views: MemoryViews;
  /** The type of the object at an address, as a script writes it. */
  readonly typeOf: (object: number) => string;
}

/** Hears of each object that is made. It is called in the middle of script code, and must not call the machine. */
export interface AllocationObserver {
  /** Called once, before anything is made. */
  attach(objects: ObjectViews): void;
  /** `site` is among the manifest's `allocationSites`. The object has its type, and its length, and may be empty otherwise. */
  made(object: number, site: number): void;
}

type Exported = (...raw: (number | bigint)[]) => number;

/** The heap's functions, those that make objects such that they tell of it. */
export function countedHeap(
  heap: WebAssembly.Exports,
  views: MemoryViews,
  observer: AllocationObserver,
): WebAssembly.Exports {
  const call = (name: string, args: (number | bigint)[]): number => (heap[name] as Exported)(...args);
  const made = (object: number): void => observer.made(object, views.word(ALLOCATION_SITE));
  const telling = (name: string): [string, Exported] => [
    name,
    (...args) => {
      const result = call(name, args) >>> 0;
      // A string may be one that was there: what was given, or one of those that always are.
      if (isMade(result, views) && !args.includes(result) && !args.includes(result | 0)) made(result);
      return result;
    },
  ];
  const copies = new Copies(views, made);
  return {
    ...heap,
    ...Object.fromEntries(RETURNING.map(telling)),
    /** What the host asks for has no place in the script until that calls the host. */
    enter: () => {
      views.setWord(ALLOCATION_SITE, 0);
      return call('enter', []);
    },
    mutVectorGrow: (vector: number, ...args: number[]) => {
      const cell = vector + MUT_VECTOR_BUFFER;
      const old = views.word(cell);
      call('mutVectorGrow', [vector, ...args]);
      const buffer = views.word(cell);
      if (buffer !== old) made(buffer);
    },
    segmentsAdd: (segments: number, chunk: number, directory: number, shift: number) => {
      const cell = segments + MUT_VECTOR_BUFFER;
      const [old, first] = firstChunk(cell, views);
      const index = call('segmentsAdd', [segments, chunk, directory, shift]) >>> 0;
      const [list, grown] = firstChunk(cell, views);
      if (list !== old) made(list);
      const at = index >>> shift;
      if (at === 0 && grown !== first) made(grown);
      if (at > 0 && (index & ((1 << shift) - 1)) === 0) made(views.word(list + VECTOR_DATA + 4 * at));
      return index;
    },
    copyBegin: (arena: number) => copies.begin(call('copyBegin', [arena])),
    copyOut: (arena: number, mark: number, object: number) => {
      const copy = call('copyOut', [arena, mark, object]) >>> 0;
      copies.tell(mark, object >>> 0, copy);
      return copy;
    },
    copyEnd: (mark: number) => {
      copies.end(mark);
      call('copyEnd', [mark]);
    },
  };
}

/** Those that return the one object that they make. */
const RETURNING = [
  'allocateArray',
  'newArray',
  'newWeak',
  'newProxy',
  'textTake',
  'stringCut',
  'stringTrim',
  'stringUpcase',
  'stringDowncase',
] as const;

/** Bytes that an object takes up; `words` are the memory's (`MemoryViews.u32`), which is asked for once, as that takes longer than all this. */
export function objectBytes(object: number, words: Uint32Array): number {
  const descriptor = wordAt(object, words);
  const length = wordAt(descriptor, words) === ARRAY ? wordAt(object + ARRAY_LENGTH, words) : 0;
  const stride = wordAt(descriptor + DESCRIPTOR_STRIDE_AT, words);
  const bytes = wordAt(descriptor + DESCRIPTOR_SIZE_AT, words) + length * stride;
  return Math.ceil(bytes / GRANULE_SIZE) * GRANULE_SIZE;
}

/** What kind of block an object lies in: a BLOCK_ number of `layout.ts`. */
export function blockKindOf(object: number, words: Uint32Array): number {
  const cell = BLOCK_TABLE + (object >>> BLOCK_SHIFT);
  return (wordAt(cell, words) >>> (8 * (cell & 3))) & 0xff;
}

const wordAt = (address: number, words: Uint32Array): number => words[address >>> 2] as number;

const ARRAY = (DESCRIPTOR_MAGIC | KIND_ARRAY) >>> 0;

/** Whether what lies there was made while the program ran. */
function isMade(object: number, views: MemoryViews): boolean {
  const kind = blockKindOf(object, views.u32);
  return kind === BLOCK_OBJECTS || kind === BLOCK_LARGE || kind === BLOCK_ARENA;
}

/** The directory of what grows in segments, and its first chunk; 0 for what is not there yet. */
function firstChunk(cell: number, views: MemoryViews): [directory: number, chunk: number] {
  const list = views.word(cell);
  return [list, list === 0 ? 0 : views.word(list + VECTOR_DATA)];
}

/** Finds what `copyOut` has copied: it goes through an object and its copy side by side, and where they lead to different places, that is a copy. */
class Copies {
  readonly #views: MemoryViews;
  readonly #made: (object: number) => void;
  /** Copies that were told of, by what `copyBegin` gave. */
  readonly #told = new Map<number, Set<number>>();

  constructor(views: MemoryViews, made: (object: number) => void) {
    this.#views = views;
    this.#made = made;
  }

  begin(mark: number): number {
    this.#told.set(mark, new Set());
    return mark;
  }

  end(mark: number): void {
    this.#told.delete(mark);
  }

  tell(mark: number, original: number, copy: number): void {
    const told = this.#told.get(mark) ?? new Set();
    const pairs: [number, number][] = [[original, copy]];
    for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
      const [from, to] = pair;
      if (from === to || told.has(to)) continue;
      told.add(to);
      this.#made(to);
      for (const offset of this.#addresses(to))
        pairs.push([this.#views.word(from + offset), this.#views.word(to + offset)]);
    }
  }

  /** Offsets of all addresses in an object. */
  #addresses(object: number): number[] {
    const views = this.#views;
    const descriptor = views.word(object);
    const half = (at: number): number => (views.u8[at] ?? 0) | ((views.u8[at + 1] ?? 0) << 8);
    const [fixed, inElement] = [
      half(descriptor + DESCRIPTOR_FIXED_AT),
      half(descriptor + DESCRIPTOR_ELEMENT_AT),
    ];
    const offsets = Array.from({ length: fixed + inElement }, (_, i) =>
      half(descriptor + DESCRIPTOR_OFFSETS_AT + 2 * i),
    );
    const found = offsets.slice(0, fixed);
    if (inElement === 0 || views.word(descriptor) !== ARRAY) return found;
    const stride = views.word(descriptor + DESCRIPTOR_STRIDE_AT);
    const start = views.word(descriptor + DESCRIPTOR_SIZE_AT);
    for (let i = 0; i < views.word(object + ARRAY_LENGTH); i += 1)
      for (const offset of offsets.slice(fixed)) found.push(start + i * stride + offset);
    return found;
  }
}
