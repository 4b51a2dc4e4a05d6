/**
 * Allocation: the path that compiled code takes when the window is used up, and the allocating functions it calls.
 *
 * The order of attempts: a collection in mid-run where one is due; the current region; then, when memory has run out, one
 * collection in place, the blocks kept for arenas, and every hole that is long enough. Only then does the call fail, with
 * the heap as it was.
 */
import { CHECKED } from '../checked.ts';
import { collectAtLimit, collectIfDue } from '../collect/collect.ts';
import { giveUpTrace } from '../collect/young-trace.ts';
import { fail } from '../host.ts';
import { ARRAY_LENGTH, FAIL_ARENA, FAIL_MEMORY, FAIL_SIZE, INDEX_LOW_BITS, REGION_HEAP } from '../layout.ts';
import { shared } from '../shared-cells.ts';
import { allocateInArena, releasePool, withinArenaLimit } from '../spaces/arena-space.ts';
import { hardLimit } from '../spaces/blocks.ts';
import { allocateLarge } from '../spaces/large-space.ts';
import {
  ArrayHeader,
  Descriptor,
  fitsBlock,
  isArray,
  LONGEST_OBJECT,
  ObjectHeader,
  toGranules,
} from '../spaces/object.ts';
import { allocateInAnyHole, allocateInBlocks } from '../spaces/object-space.ts';
import { recycleAside } from '../spaces/recycling.ts';
import { countWindow } from '../spaces/statistics.ts';
import { closeWindow, openWindow, Region } from '../spaces/window.ts';

/** Allocates `size` bytes, a multiple of a granule, in the current region. The bytes are not zeroed. */
export function allocate(size: u32): usize {
  const object = shared.top;
  // Compared as a difference: `object + size` could pass the end of 32 bits for a long array.
  if (size > shared.limit - object) return allocateSlow(size);
  shared.top = object + size;
  return object;
}

/** The slow path of the allocation that compiled code does inline. May collect; fails where memory has run out. */
export function allocateSlow(size: u32): usize {
  giveUpTrace();
  closeWindow();
  countWindow();
  const region = shared.region;
  if (region !== REGION_HEAP && !withinArenaLimit(region, size)) {
    const limit = Region.at(region).byteLimit;
    fail(FAIL_ARENA, -1, size as f64, limit as f64);
  }
  collectIfDue();
  let object: usize = 0;
  if (!isScarce()) {
    object = attempt(region, size);
    if (object === 0) object = attemptAtLimit(region, size);
  }
  openWindow();
  if (object === 0) fail(FAIL_MEMORY, -1, size as f64, hardLimit());
  return object;
}

/** A zeroed array of `length` elements. Fails where no object can be that long. */
export function allocateArray(descriptor: usize, length: i64): usize {
  const array = newArray(descriptor, length);
  const start = array + ARRAY_LENGTH + 4;
  memory.fill(start, 0, array + arraySize(descriptor, ArrayHeader.at(array).length) - start);
  return array;
}

/** A zeroed object, for the machine, which fills it in; with so many elements where it is an array. */
export function makeObject(descriptor: usize, length: u32): usize {
  if (isArray(descriptor)) return allocateArray(descriptor, length as i64);
  const size = toGranules(Descriptor.at(descriptor).size);
  const object = allocate(size);
  memory.fill(object, 0, size);
  ObjectHeader.at(object).descriptor = descriptor;
  return object;
}

/**
 * An array whose elements are not zeroed: the caller fills all of them before anything else can run. In a checked build they
 * are, as a test may end the call before.
 */
export function newArray(descriptor: usize, length: i64): usize {
  const fixed = Descriptor.at(descriptor).size;
  const stride = max(Descriptor.at(descriptor).stride, 1);
  // Divided, not multiplied: the product of a wild length could be anything.
  if (length < 0 || length > (((LONGEST_OBJECT - fixed) / stride) as i64)) {
    fail(FAIL_SIZE, -1, (length >> INDEX_LOW_BITS) as f64, (length & ((1 << INDEX_LOW_BITS) - 1)) as f64);
  }
  const array = allocate(arraySize(descriptor, length as u32));
  ObjectHeader.at(array).descriptor = descriptor;
  ArrayHeader.at(array).length = length as u32;
  if (CHECKED) memory.fill(array + fixed, 0, arraySize(descriptor, length as u32) - fixed);
  return array;
}

function arraySize(descriptor: usize, length: u32): u32 {
  return toGranules(Descriptor.at(descriptor).size + length * Descriptor.at(descriptor).stride);
}

/** Whether a test wishes that memory has run out here. */
function isScarce(): bool {
  const left = shared.scarce;
  if (left > 1) shared.scarce = left - 1;
  return left === 1;
}

function attempt(region: usize, size: u32): usize {
  if (region !== REGION_HEAP) return allocateInArena(region, size);
  return fitsBlock(size) ? allocateInBlocks(size) : allocateLarge(size);
}

function attemptAtLimit(region: usize, size: u32): usize {
  let object: usize = 0;
  if (collectAtLimit()) object = attempt(region, size);
  if (object === 0 && releasePool()) object = attempt(region, size);
  if (object === 0 && region === REGION_HEAP && fitsBlock(size)) {
    recycleAside();
    object = allocateInAnyHole(size);
  }
  return object;
}
