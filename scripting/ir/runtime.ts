/**
 * The functions of heap.wasm that compiled code may call, with what the compiler must know of each: how values pass, and
 * whether objects may be made, and so collected, before it returns. Then addresses that live across it must be on the
 * shadow stack. That is so where it reaches the collector, and where it calls the host, which may call the script again.
 */
import type { Rep } from '../image/index.ts';

export interface RuntimeFunction {
  readonly params: readonly Rep[];
  readonly result: Rep | 'none';
  readonly allocates: boolean;
}

const runtime = (params: string, result: Rep | 'none', allocates = false): RuntimeFunction => ({
  params: params === '' ? [] : (params.split(' ') as Rep[]),
  result,
  allocates,
});

export const RUNTIME = {
  // Objects.
  /** (descriptor, length) -> a zeroed array in the current region. Fails where no object can be that long. */
  allocateArray: runtime('i32 i64', 'ref', true),
  /** (vector, descriptor of its buffer, room) makes room for that many more elements, beside the vector. */
  mutVectorGrow: runtime('ref i32 i32', 'none', true),
  /** (target, its index, source, its index, count): elements of two arrays of one type; the stretches may overlap. */
  arrayCopy: runtime('ref i32 ref i32 i32', 'none'),
  /** (segments, descriptor of a chunk, of a directory, shift) adds a zeroed element beside the rest; gives its index. */
  segmentsAdd: runtime('ref i32 i32 i32', 'i32', true),
  /** (segments) forgets all elements. */
  segmentsClear: runtime('ref', 'none'),
  /** (array, index, count) zeroes elements. */
  arrayClear: runtime('ref i32 i32', 'none'),

  // Regions. Arenas themselves are `arena` statements.
  arenaUsed: runtime('i32', 'i64'),
  arenaCapacity: runtime('i32', 'i64'),
  arenaPeak: runtime('i32', 'i64'),
  memoryLive: runtime('', 'i64'),
  memoryYoung: runtime('', 'i64'),
  memoryArenas: runtime('', 'i64'),
  memoryCollections: runtime('', 'i64'),
  /** Milliseconds. */
  memoryLongestSlice: runtime('', 'f64'),
  memorySuppressed: runtime('', 'i64'),
  requestCollection: runtime('', 'none'),

  // Weak references.
  /** A weak reference to an object that is no arena's; it lies in the heap whatever region is current. */
  newWeak: runtime('ref', 'ref', true),
  /** What it leads to, or 0 when that is gone. */
  upgrade: runtime('ref', 'ref'),

  /** (arena) -> what `copyOut` and `copyEnd` are given: begins to copy out of that arena and later ones. */
  copyBegin: runtime('i32', 'i32'),
  /** (arena, what `copyBegin` gave, object) -> the object, or its copy in the current region where it lives in them. */
  copyOut: runtime('i32 i32 ref', 'ref', true),
  copyEnd: runtime('i32', 'none'),

  // Text is put together in a buffer of its own; `textMark` says where a piece begins, so that pieces nest.
  textMark: runtime('', 'i32'),
  textString: runtime('ref', 'none'),
  textQuoted: runtime('ref', 'none'),
  textI64: runtime('i64', 'none'),
  textU64: runtime('i64', 'none'),
  textF64: runtime('f64', 'none'),
  textF32: runtime('f32', 'none'),
  textBool: runtime('i32', 'none'),
  /** Takes what was written since the mark out of the buffer as a string. */
  textTake: runtime('i32', 'ref', true),
  /** Prints what was written since the mark, with a line's end where asked for, and takes it out. */
  textPrint: runtime('i32 i32', 'none', true),
  stringEqual: runtime('ref ref', 'i32'),
  /** Negative, zero or positive, by code points. */
  stringCompare: runtime('ref ref', 'i32'),
  stringLength: runtime('ref', 'i64'),
  stringBytes: runtime('ref', 'i64'),
  /** (text, byte at which a code point begins) -> where the next one does. */
  stringNext: runtime('ref i64', 'i64'),
  /** The byte at which a code point begins, and which code point begins at a byte. */
  stringOffset: runtime('ref i64', 'i64'),
  stringIndex: runtime('ref i64', 'i64'),
  stringPoint: runtime('ref i64', 'i64'),
  /** (text, part, first byte to look at) -> byte, or -1. */
  stringFind: runtime('ref ref i64', 'i64'),
  /** (text, from byte, to byte) -> a new string; so are the next three's results. */
  stringCut: runtime('ref i64 i64', 'ref', true),
  stringTrim: runtime('ref', 'ref', true),
  stringUpcase: runtime('ref', 'ref', true),
  stringDowncase: runtime('ref', 'ref', true),
  textPoint: runtime('i64', 'none'),
  /** Whether a text is a number that can be read, and its value. */
  isInteger: runtime('ref', 'i32'),
  readInteger: runtime('ref', 'i64'),
  isDecimal: runtime('ref', 'i32'),
  readDecimal: runtime('ref', 'f64'),

  // The sides of a vector that is a tree.
  ropeLeft: runtime('ref', 'ref'),
  ropeRight: runtime('ref', 'ref'),

  // Hashes: of a word, of what came before with one part more, of a string.
  hashWord: runtime('i64', 'i64'),
  hashPart: runtime('i64 i64', 'i64'),
  hashString: runtime('ref', 'i64'),

  // Numbers: AssemblyScript's own mathematics, the same bits on every machine.
  sin: runtime('f64', 'f64'),
  cos: runtime('f64', 'f64'),
  tan: runtime('f64', 'f64'),
  asin: runtime('f64', 'f64'),
  acos: runtime('f64', 'f64'),
  atan: runtime('f64', 'f64'),
  atan2: runtime('f64 f64', 'f64'),
  exp: runtime('f64', 'f64'),
  log: runtime('f64', 'f64'),
  pow: runtime('f64 f64', 'f64'),
  /** Half away from zero. */
  roundF64: runtime('f64', 'f64'),
  remF64: runtime('f64 f64', 'f64'),
  /** In [0, 1). */
  random: runtime('', 'f64'),
  /** From the first up to, not including, the second. */
  randomInt: runtime('i64 i64', 'i64'),
  randomSeed: runtime('i64', 'none'),
  /** Milliseconds of the host's clock. */
  timeMs: runtime('', 'f64', true),
} satisfies Readonly<Record<string, RuntimeFunction>>;

/** What such a function is called. */
export type RuntimeName = keyof typeof RUNTIME;
