/**
 * Segmented arrays: sequences that grow by one chunk of bounded size at a time, so that growing never copies or zeroes
 * more than that, however long they are. The library's hash tables are made of them (a table that doubled would
 * cost a frame). The chunks are also what the write barrier remembers, so a store into a large table does not have all
 * of it looked at again.
 *
 *     segments:  [descriptor][length][directory: address or 0]
 *     directory: an array of chunk addresses; doubles when it is full (it is as many times shorter as a chunk is long)
 *     chunk:     an array of elements. The first one doubles from SMALLEST_CHUNK until it is full; then whole ones follow.
 *
 * A chunk holds `1 << shift` elements; `shift` depends on the type of the elements and is the compiler's to say.
 *
 * Invariant: chunks are there for all elements below `length` (none for those that are nothing, which compiled code only counts), the
 * others of the directory are 0; elements that were never set are zero. Everything lies in the region that owns the segments.
 */
import { CHECKED } from '../checked.ts';
import { MUT_VECTOR_BUFFER, VECTOR_DATA } from '../layout.ts';
import { ArrayHeader, MutVector } from '../spaces/object.ts';
import { arrayClear, arrayCopy, newBeside, overwrite } from './arrays.ts';
import { beforeStore } from './barrier.ts';
import { checkStore } from './checks.ts';

const SMALLEST_CHUNK: u32 = 2;
const SMALLEST_DIRECTORY: u32 = 2;

/**
 * Adds one zeroed element at the end and returns its index. `chunk` and `directory` are the descriptors of what is
 * allocated.
 */
export function segmentsAdd(segments: usize, chunk: usize, directory: usize, shift: u32): u32 {
  const index = MutVector.at(segments).length;
  const at = index >>> shift;
  if (at === 0) growFirst(segments, chunk, directory, shift);
  else if ((index & ((1 << shift) - 1)) === 0) addChunk(segments, chunk, directory, at, shift);
  MutVector.at(segments).length = index + 1;
  return index;
}

/** Forgets all elements, in constant time. */
export function segmentsClear(segments: usize): void {
  beforeStore(segments, segments + MUT_VECTOR_BUFFER, 4);
  MutVector.at(segments).length = 0;
  MutVector.at(segments).buffer = 0;
}

/** Makes room in the first chunk, which is small while there are few elements. */
function growFirst(segments: usize, chunk: usize, directory: usize, shift: u32): void {
  const index = MutVector.at(segments).length;
  let list = MutVector.at(segments).buffer;
  const old = list === 0 ? 0 : load<usize>(list, VECTOR_DATA);
  const room: u32 = old === 0 ? 0 : ArrayHeader.at(old).length;
  if (index < room) return;
  if (list === 0) list = enlarge(segments, directory, SMALLEST_DIRECTORY);
  const grown = newBeside(segments, chunk, min(max(room << 1, SMALLEST_CHUNK), 1 << shift));
  if (old !== 0) arrayCopy(grown, 0, old, 0, room);
  arrayClear(grown, room, ArrayHeader.at(grown).length - room);
  put(list, 0, grown);
  if (CHECKED && old !== 0) overwrite(old);
}

function addChunk(segments: usize, chunk: usize, directory: usize, at: u32, shift: u32): void {
  let list = MutVector.at(segments).buffer;
  const room = ArrayHeader.at(list).length;
  if (at === room) list = enlarge(segments, directory, room << 1);
  const whole = newBeside(segments, chunk, 1 << shift);
  arrayClear(whole, 0, 1 << shift);
  put(list, at, whole);
}

/** A longer directory with the chunks of the one before. */
function enlarge(segments: usize, directory: usize, room: u32): usize {
  const list = newBeside(segments, directory, room);
  const old = MutVector.at(segments).buffer;
  const chunks: u32 = old === 0 ? 0 : ArrayHeader.at(old).length;
  if (chunks !== 0) arrayCopy(list, 0, old, 0, chunks);
  arrayClear(list, chunks, room - chunks);
  if (CHECKED) checkStore(segments, list);
  beforeStore(segments, segments + MUT_VECTOR_BUFFER, 4);
  MutVector.at(segments).buffer = list;
  if (CHECKED && old !== 0) overwrite(old);
  return list;
}

function put(list: usize, at: u32, chunk: usize): void {
  const slot = list + VECTOR_DATA + ((at as usize) << 2);
  if (CHECKED) checkStore(list, chunk);
  beforeStore(list, slot, 4);
  store<usize>(slot, chunk);
}
