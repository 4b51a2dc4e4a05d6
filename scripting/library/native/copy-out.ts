/**
 * `copy-out`: what is reached from an object and lives in arenas that are about to end is copied into the current region,
 * which outlives them. Sharing and cycles stay as they are; what lives longer already is not copied.
 *
 * What has been copied is noted in a table after the text in the text buffer: entries in the order they were met, which is
 * also the order in which copies are gone through (as Cheney's "A nonrecursive list compacting algorithm", 1970, does
 * without a table), and an index by address, with open addressing. The table moves when it grows, so it is known by
 * its offset. While it lives, nothing is collected and nothing else is written into the buffer: the compiler sees to both.
 *
 *     head   +0 u32 arena: what lives in it or in later ones is copied   +4 u32 entries in use   +8 u32 room for entries
 *            +12 u32 where they are: offset in the text buffer
 *     entry  [original u32] [copy u32], room times; then the index: numbers of entries plus one, twice that many
 *
 * Invariant: a copy holds no address of the arenas at any time: its addresses are 0 until they have copies of their own.
 */

import { cells } from '../../heap/cells.ts';
import { CHECKED } from '../../heap/checked.ts';
import { BLOCK_ARENA, DESCRIPTOR_OFFSETS_AT, REGION_FRAME } from '../../heap/layout.ts';
import { allocate } from '../../heap/mutator/allocate.ts';
import { checkStore, checkUse } from '../../heap/mutator/checks.ts';
import { isFrameEntry, isInsideFrame, regionOf } from '../../heap/mutator/unwind.ts';
import { kindOf } from '../../heap/spaces/blocks.ts';
import {
  ArrayHeader,
  Descriptor,
  holdsAddresses,
  isArray,
  ObjectHeader,
  sizeOf,
} from '../../heap/spaces/object.ts';
import { cutBack, reserve, textMark } from './text-buffer.ts';

const HEAD_COUNT = 4;
const HEAD_ROOM = 8;
const HEAD_TABLE = 12;
const HEAD_SIZE = 16;
const ENTRY_SIZE = 8;
const ENTRY_COPY = 4;
/** Room for an entry, and for two places in the index. */
const BYTES_AN_ENTRY = 16;
const FIRST_ROOM: u32 = 32;

/** Begins copying out of the arena that was opened as `arena`, and out of all that were opened since. */
export function copyBegin(arena: usize): u32 {
  const mark = textMark();
  reserve(HEAD_SIZE);
  setHead(mark, 0, arena as u32);
  setHead(mark, HEAD_COUNT, 0);
  makeRoom(mark, FIRST_ROOM);
  return mark;
}

/**
 * The object, or its copy where it lives in what ends. What is in the frame is not copied to where things live no longer
 * than in the frame: inside the frame a copy out of it would be one for each time that it is asked for, and no safer.
 */
export function copyOut(arena: usize, mark: u32, object: usize): usize {
  if (isFrameEntry(arena) && isInsideFrame()) return object;
  let next = head(mark, HEAD_COUNT);
  const image = imageOf(mark, object);
  for (; next < head(mark, HEAD_COUNT); next++) fill(mark, next);
  return image;
}

/** Ends copying. */
export function copyEnd(mark: u32): void {
  cutBack(mark);
}

/** Where an address leads in the copy. */
function imageOf(mark: u32, object: usize): usize {
  if (CHECKED) checkUse(object);
  if (!ends(object, head(mark, 0))) return object;
  const place = find(mark, object);
  const number = load<u32>(place);
  if (number !== 0) return load<usize>(entry(mark, number - 1), ENTRY_COPY);
  const size = sizeOf(object);
  const copy = allocate(size);
  memory.copy(copy, object, size);
  clearAddresses(copy);
  note(mark, object, copy);
  return copy;
}

function ends(object: usize, arena: usize): bool {
  if (object === 0 || kindOf(object) !== BLOCK_ARENA) return false;
  const region = regionOf(object);
  return region >= arena || (region === REGION_FRAME && isFrameEntry(arena));
}

/** Gives a copy the addresses of copies. */
function fill(mark: u32, number: u32): void {
  const original = load<usize>(entry(mark, number));
  const copy = load<usize>(entry(mark, number), ENTRY_COPY);
  const descriptor = ObjectHeader.at(copy).descriptor;
  if (!holdsAddresses(descriptor)) return;
  const fixed: u32 = Descriptor.at(descriptor).fixed;
  let offsets = descriptor + DESCRIPTOR_OFFSETS_AT;
  fillFields(mark, original, copy, 0, offsets, fixed);
  const inElement: u32 = Descriptor.at(descriptor).element;
  if (inElement === 0 || !isArray(descriptor)) return;
  offsets += (fixed as usize) << 1;
  const stride: usize = Descriptor.at(descriptor).stride;
  let at: usize = Descriptor.at(descriptor).size;
  for (let left = ArrayHeader.at(copy).length; left > 0; left--) {
    fillFields(mark, original, copy, at, offsets, inElement);
    at += stride;
  }
}

function fillFields(mark: u32, original: usize, copy: usize, at: usize, offsets: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const offset = at + (load<u16>(offsets + ((i as usize) << 1)) as usize);
    const image = imageOf(mark, load<usize>(original + offset));
    if (CHECKED) checkStore(copy, image);
    store<usize>(copy + offset, image);
  }
}

function clearAddresses(copy: usize): void {
  const descriptor = ObjectHeader.at(copy).descriptor;
  if (!holdsAddresses(descriptor)) return;
  const fixed: u32 = Descriptor.at(descriptor).fixed;
  const offsets = descriptor + DESCRIPTOR_OFFSETS_AT;
  for (let i: u32 = 0; i < fixed; i++)
    store<usize>(copy + (load<u16>(offsets + ((i as usize) << 1)) as usize), 0);
  const inElement: u32 = Descriptor.at(descriptor).element;
  if (inElement === 0 || !isArray(descriptor)) return;
  const stride: usize = Descriptor.at(descriptor).stride;
  let at: usize = copy + (Descriptor.at(descriptor).size as usize);
  for (let left = ArrayHeader.at(copy).length; left > 0; left--) {
    for (let i: u32 = 0; i < inElement; i++)
      store<usize>(at + (load<u16>(offsets + (((fixed + i) as usize) << 1)) as usize), 0);
    at += stride;
  }
}

function note(mark: u32, original: usize, copy: usize): void {
  const count = head(mark, HEAD_COUNT);
  if (count === head(mark, HEAD_ROOM)) makeRoom(mark, count << 1);
  const at = entry(mark, count);
  store<usize>(at, original);
  store<usize>(at, copy, ENTRY_COPY);
  setHead(mark, HEAD_COUNT, count + 1);
  store<u32>(find(mark, original), count + 1);
}

/** The place in the index where an original's number stands, or would. */
function find(mark: u32, original: usize): usize {
  const room = head(mark, HEAD_ROOM);
  const index = entry(mark, room);
  const mask = (room << 1) - 1;
  // Addresses are multiples of a granule; the multiplier is 2^32 by the golden ratio (Knuth, volume 3, 6.4).
  let at = ((((original >>> 4) as u32) * 0x9e3779b1) >>> 7) & mask;
  let place = index + ((at as usize) << 2);
  for (;;) {
    const number = load<u32>(place);
    if (number === 0 || load<usize>(entry(mark, number - 1)) === original) break;
    at = (at + 1) & mask;
    place = index + ((at as usize) << 2);
  }
  return place;
}

/** A larger table, after the one that is full. */
function makeRoom(mark: u32, room: u32): void {
  const count = head(mark, HEAD_COUNT);
  const offset = textMark();
  reserve(room * BYTES_AN_ENTRY);
  const table = cells.textBase + offset;
  memory.fill(table, 0, room * BYTES_AN_ENTRY);
  if (count !== 0) memory.copy(table, entry(mark, 0), count * ENTRY_SIZE);
  setHead(mark, HEAD_ROOM, room);
  setHead(mark, HEAD_TABLE, offset);
  for (let i: u32 = 0; i < count; i++) store<u32>(find(mark, load<usize>(entry(mark, i))), i + 1);
}

function entry(mark: u32, number: u32): usize {
  return cells.textBase + head(mark, HEAD_TABLE) + ((number as usize) << 3);
}

function head(mark: u32, field: u32): u32 {
  return load<u32>(cells.textBase + mark + field);
}

function setHead(mark: u32, field: u32, value: u32): void {
  store<u32>(cells.textBase + mark + field, value);
}
