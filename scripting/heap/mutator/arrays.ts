/**
 * Whole stretches of elements: copying, clearing, and the growth of mutable vectors.
 */
import { CHECKED } from '../checked.ts';
import { fail } from '../host.ts';
import { FAIL_DEPTH, MUT_VECTOR_BUFFER, POISON, SHADOW_STACK, SHADOW_STACK_SIZE } from '../layout.ts';
import { shared } from '../shared-cells.ts';
import { ArrayHeader, Descriptor, descriptorOf, holdsAddresses, MutVector } from '../spaces/object.ts';
import { switchRegion } from '../spaces/window.ts';
import { newArray } from './allocate.ts';
import { beforeStore } from './barrier.ts';
import { checkElements, checkStore } from './checks.ts';
import { regionOf } from './unwind.ts';

const SMALLEST_CAPACITY: u64 = 4;

/** Up to here a loop is quicker than an instruction that engines call a function for. */
const FEW_BYTES: usize = 128;

/** Copies `count` elements between two arrays of one type, or within one; the stretches may overlap. */
export function arrayCopy(target: usize, to: u32, source: usize, from: u32, count: u32): void {
  const bytes = (count as usize) * strideOf(target);
  if (bytes === 0) return;
  if (holdsAddresses(descriptorOf(target))) beforeStore(target, elementAt(target, to), bytes as u32);
  if (CHECKED) checkElements(target, elementAt(source, from), bytes, strideOf(target));
  memory.copy(elementAt(target, to), elementAt(source, from), bytes);
}

/** Zeroes `count` elements from `index` on. */
export function arrayClear(array: usize, index: u32, count: u32): void {
  if (count === 0) return;
  const bytes = (count as usize) * strideOf(array);
  if (holdsAddresses(descriptorOf(array))) beforeStore(array, elementAt(array, index), bytes as u32);
  const start = elementAt(array, index);
  if (bytes > FEW_BYTES || (bytes & 3) !== 0) memory.fill(start, 0, bytes);
  else for (let at = start; at < start + bytes; at += 4) store<u32>(at, 0);
}

/**
 * Makes room for `room` more elements after a mutable vector's length: a buffer of twice the capacity at least, in the
 * region that owns the vector. The old buffer is left to its region. `descriptor` is that of the buffer's type.
 */
export function mutVectorGrow(vector: usize, descriptor: usize, room: u32): void {
  const length = MutVector.at(vector).length;
  const needed = (length as u64) + (room as u64);
  const old = MutVector.at(vector).buffer;
  const capacity = old === 0 ? 0 : ArrayHeader.at(old).length;
  if (needed <= (capacity as u64)) return;
  const wished = max(max(needed, (capacity as u64) << 1), SMALLEST_CAPACITY);

  const buffer = newBeside(vector, descriptor, wished as i64);
  if (length !== 0) arrayCopy(buffer, 0, old, 0, length);
  arrayClear(buffer, length, (wished as u32) - length);
  if (CHECKED) checkStore(vector, buffer);
  beforeStore(vector, vector + MUT_VECTOR_BUFFER, 4);
  MutVector.at(vector).buffer = buffer;
  if (CHECKED && old !== 0) overwrite(old);
}

/** Fills an array that nobody else has yet with its first element, which it has. */
export function arrayRepeat(array: usize): void {
  const stride = strideOf(array);
  const start = elementAt(array, 0);
  const end = start + (ArrayHeader.at(array).length as usize) * stride;
  if (stride !== 4 || end - start > FEW_BYTES) {
    repeat(start, stride, end);
    return;
  }
  const first = load<u32>(start);
  for (let at = start + 4; at < end; at += 4) store<u32>(at, first);
}

/** What is copied is in front of where it goes, so each word is there when its turn comes. */
function repeat(start: usize, stride: usize, end: usize): void {
  const few = min(end, start + max(FEW_BYTES / max(stride, 1), 1) * stride);
  let at = start + stride;
  if ((stride & 3) === 0) for (; at < few; at += 4) store<u32>(at, load<u32>(at - stride));
  else for (; at < few; at++) store<u8>(at, load<u8>(at - stride));
  while (at < end) {
    const bytes = min(at - start, end - at);
    memory.copy(at, start, bytes);
    at += bytes;
  }
}

/**
 * A new array in the region that owns `owner`. Its elements are not zeroed: the caller fills all of them before anything
 * else can run. Allocating may collect, and the caller need not hold `owner` any more: it is kept here.
 */
export function newBeside(owner: usize, descriptor: usize, length: i64): usize {
  const slot = shared.shadowTop;
  if (slot === SHADOW_STACK + SHADOW_STACK_SIZE) fail(FAIL_DEPTH, -1, 0, 0);
  store<usize>(slot, owner);
  shared.shadowTop = slot + 4;
  const region = switchRegion(regionOf(owner));
  const array = newArray(descriptor, length);
  switchRegion(region);
  shared.shadowTop = slot;
  return array;
}

/** In a checked build, an array that something longer has taken the place of: nobody may use it. It stays one for the collector. */
export function overwrite(array: usize): void {
  const length = ArrayHeader.at(array).length;
  if (holdsAddresses(descriptorOf(array))) arrayClear(array, 0, length);
  else memory.fill(elementAt(array, 0), POISON as u8, (length as usize) * strideOf(array));
}

export function strideOf(array: usize): usize {
  return Descriptor.at(descriptorOf(array)).stride;
}

function elementAt(array: usize, index: u32): usize {
  return array + Descriptor.at(descriptorOf(array)).size + (index as usize) * strideOf(array);
}
