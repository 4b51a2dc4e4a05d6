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

/** One that is a primitive's whole meaning: scripts, or the prelude, call it by a name that `types/model/primitives.ts` has a type for. */
const primitive = <const Name extends string>(
  name: Name,
  params: string,
  result: Rep | 'none',
  allocates = false,
): RuntimeFunction & { readonly primitive: Name } => ({
  ...runtime(params, result, allocates),
  primitive: name,
});

export const RUNTIME = {
  // Objects.
  /** (descriptor, length) -> a zeroed array in the current region. Fails where no object can be that long. */
  allocateArray: runtime('i32 i64', 'ref', true),
  /** The same with elements that are not zeroed: they are stored at once, before anything else can run. */
  newArray: runtime('i32 i64', 'ref', true),
  /** (vector, descriptor of its buffer, room) makes room for that many more elements, beside the vector. */
  mutVectorGrow: runtime('ref i32 i32', 'none', true),
  /** (target, its index, source, its index, count): elements of two arrays of one type; the stretches may overlap. */
  arrayCopy: runtime('ref i32 ref i32 i32', 'none'),
  /** (array that nobody else has yet): its first element in all places. */
  arrayRepeat: runtime('ref', 'none'),
  /** (segments, descriptor of a chunk, of a directory, shift) adds a zeroed element beside the rest; gives its index. */
  segmentsAdd: runtime('ref i32 i32 i32', 'i32', true),
  /** (segments) forgets all elements. */
  segmentsClear: runtime('ref', 'none'),
  /** (array, index, count) zeroes elements. */
  arrayClear: runtime('ref i32 i32', 'none'),

  // Regions. Arenas themselves are `arena` statements.
  arenaUsed: primitive('arena-used', 'i32', 'i64'),
  arenaCapacity: primitive('arena-capacity', 'i32', 'i64'),
  arenaPeak: primitive('arena-peak', 'i32', 'i64'),
  memoryLive: primitive('Memory.live', '', 'i64'),
  memoryYoung: primitive('Memory.young', '', 'i64'),
  memoryArenas: primitive('Memory.arenas', '', 'i64'),
  memoryCollections: primitive('Memory.collections', '', 'i64'),
  /** Milliseconds. */
  memoryLongestSlice: primitive('Memory.longest-slice', '', 'f64'),
  memorySuppressed: primitive('Memory.suppressed', '', 'i64'),
  requestCollection: primitive('collect!', '', 'none'),

  // Weak references.
  /** A weak reference to an object that is no arena's; it lies in the heap whatever region is current. */
  newWeak: primitive('weak', 'ref', 'ref', true),
  /** What it leads to, or 0 when that is gone. */
  upgrade: primitive('%upgrade', 'ref', 'ref'),

  // Owned values: `heap/owners.ts`.
  /** (owned value, the object that is about to hold it, or 0 for a global) */
  ownerKeep: runtime('ref ref', 'none', true),
  /** (owned value): a local owns it from now on. */
  ownerTake: runtime('ref', 'none'),
  /** (a new object, share, or what counts them) -> the object as one more share, which a local owns from now on; 0 of 0. */
  ownerRetain: runtime('ref ref', 'ref'),
  /** (share, or what counts them) -> one more share where an object of one is there to be had again, or 0. */
  ownerAgain: runtime('ref', 'ref'),
  /** (what counts shares, or 0) -> that, or 0 when there are none any more. */
  ownerShared: runtime('ref', 'ref'),
  /** (owned value) -> what was owned, whose drop code is to run now, or 0. */
  ownerDrop: runtime('ref', 'ref'),
  /** (owned value): it is lent until the loan ends, and whoever drops it meanwhile does so then. */
  loanBegin: runtime('ref', 'none'),
  /** -> the owned value, where it is to be dropped now, or 0. */
  loanEnd: runtime('', 'ref'),
  /** After a call has failed: its loans are over. */
  loansUnwind: runtime('', 'none'),
  /** (arena's region) -> one that its objects hold, or 0. */
  ownerInArena: runtime('i32', 'ref'),
  /** -> one that a failed call has left behind, or 0. */
  ownerLeft: runtime('', 'ref'),
  /** -> one that a collection has found forgotten, or 0. */
  ownerForgotten: runtime('', 'ref'),
  /** The program ends: whatever objects hold counts as found forgotten. */
  ownersEnd: runtime('', 'none'),

  /** (arena) -> what `copyOut` and `copyEnd` are given: begins to copy out of that arena and later ones. */
  copyBegin: runtime('i32', 'i32'),
  /** (arena, what `copyBegin` gave, object) -> the object, or its copy in the current region where it lives in them. */
  copyOut: runtime('i32 i32 ref', 'ref', true),
  copyEnd: runtime('i32', 'none'),

  // Text is put together in a buffer of its own; `textMark` says where a piece begins, so that pieces nest.
  textMark: runtime('', 'i32'),
  textString: primitive('Text.add', 'ref', 'none'),
  textQuoted: runtime('ref', 'none'),
  textI64: runtime('i64', 'none'),
  textU64: runtime('i64', 'none'),
  textF64: runtime('f64', 'none'),
  textF32: runtime('f32', 'none'),
  /** With so many decimals. */
  textFixed: primitive('Text.add-fixed', 'f64 i32', 'none'),
  textBool: runtime('i32', 'none'),
  /** Takes what was written since the mark out of the buffer as a string. */
  textTake: runtime('i32', 'ref', true),
  /** Prints what was written since the mark, with a line's end where asked for, and takes it out. */
  textPrint: runtime('i32 i32', 'none', true),
  stringEqual: runtime('ref ref', 'i32'),
  /** Negative, zero or positive, by code points. */
  stringCompare: runtime('ref ref', 'i32'),
  stringLength: primitive('string-length', 'ref', 'i64'),
  stringBytes: primitive('String.bytes', 'ref', 'i64'),
  /** (text, byte at which a code point begins) -> where the next one does. */
  stringNext: primitive('String.next', 'ref i64', 'i64'),
  /** The byte at which a code point begins, and which code point begins at a byte. */
  stringOffset: primitive('String.offset', 'ref i64', 'i64'),
  stringIndex: primitive('String.index', 'ref i64', 'i64'),
  stringPoint: primitive('string-ref', 'ref i64', 'i64'),
  /** (text, from, to): whether both are bytes, in order. */
  stringPlain: primitive('String.plain?', 'ref i64 i64', 'i32'),
  /** (text, part, first byte to look at) -> byte, or -1. */
  stringFind: primitive('String.find', 'ref ref i64', 'i64'),
  /** (text, first byte to look at, whether white space is wanted) -> byte, or the end. */
  stringSpace: primitive('String.space', 'ref i64 i32', 'i64'),
  /** (text, from byte, to byte) -> a new string; so are the next three's results. */
  stringCut: primitive('String.cut', 'ref i64 i64', 'ref', true),
  stringTrim: primitive('string-trim', 'ref', 'ref', true),
  stringUpcase: primitive('string-upcase', 'ref', 'ref', true),
  stringDowncase: primitive('string-downcase', 'ref', 'ref', true),
  textPoint: primitive('Text.add-point', 'i64', 'none'),
  /** Whether a text is a number that can be read, and its value. */
  isInteger: primitive('String.integer?', 'ref', 'i32'),
  readInteger: primitive('String.integer', 'ref', 'i64'),
  isDecimal: primitive('String.decimal?', 'ref', 'i32'),
  readDecimal: primitive('String.decimal', 'ref', 'f64'),

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
  random: primitive('random', '', 'f64'),
  /** From the first up to, not including, the second. */
  randomInt: primitive('%random-int', 'i64 i64', 'i64'),
  randomSeed: primitive('random-seed', 'i64', 'none'),
  /** (row, control), (control), (word): the input page. */
  inputBit: primitive('%input-bit', 'i32 i32', 'i32'),
  inputStrength: primitive('%input-strength', 'i32', 'f64'),
  inputWord: primitive('%input-word', 'i32', 'i64'),
  inputFloat: primitive('%input-float', 'i32', 'f64'),
  orderBits: primitive('%order-bits', 'f64', 'i64'),
  /** Milliseconds of the host's clock. */
  timeMs: primitive('time-ms', '', 'f64', true),
} satisfies Readonly<Record<string, RuntimeFunction>>;

/** What such a function is called. */
export type RuntimeName = keyof typeof RUNTIME;

/** The primitives that are one such function. */
export type NativeName = Extract<(typeof RUNTIME)[RuntimeName], { readonly primitive: string }>['primitive'];

/** The function that a primitive is. */
export const NATIVE: ReadonlyMap<string, RuntimeName> = new Map(
  Object.entries(RUNTIME).flatMap(([name, f]) =>
    'primitive' in f ? [[f.primitive, name as RuntimeName] as const] : [],
  ),
);
