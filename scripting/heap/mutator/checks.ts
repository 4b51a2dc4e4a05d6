/**
 * What a checked build asks of the heap. How long something lives is read off the block that it lies in: an arena's block names
 * its region, and the regions of open arenas have rising addresses, from the frame's to the innermost, as they lie among the
 * unwinding records; everything else lives as long as the heap does, and counts as region 0. So an address is in its place where
 * the region of what is held is no higher than that of what holds it.
 *
 * An ended arena's blocks have no owner, and what was freed is overwritten: an address leads to an object where its block is
 * in use and a descriptor is there. Neither says that it still is the object it was; a search that collects at every
 * allocation leaves little room for another.
 */
import { cells } from '../cells.ts';
import { fail } from '../host.ts';
import {
  BLOCK_ARENA,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SHIFT,
  BLOCK_STATIC,
  DESCRIPTOR_MAGIC,
  DESCRIPTOR_MAGIC_MASK,
  DESCRIPTOR_OFFSETS_AT,
  FAIL_ESCAPE,
  FAIL_FREED,
  GRANULE_MASK,
} from '../layout.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { blockOf, kindOf } from '../spaces/blocks.ts';
import { Descriptor, descriptorOf } from '../spaces/object.ts';

/** Before the object at an address is read or written: stops the call where it was freed. Returns the address, which may be 0. */
export function checkUse(address: usize): usize {
  if (address !== 0 && !isObject(address)) fail(FAIL_FREED, -1, address as f64, 0);
  return address;
}

/** Before `held` is stored in `holder`. */
export function checkStore(holder: usize, held: usize): void {
  if (regionAt(held) > regionAt(holder)) fail(FAIL_ESCAPE, -1, held as f64, holder as f64);
}

/**
 * Before `held` goes where it can be reached when the arena `end` and all that were opened since are gone. `place` is a text
 * that says where.
 */
export function checkOutlives(held: usize, end: usize, place: usize): void {
  if (regionAt(held) >= end) fail(FAIL_ESCAPE, -1, held as f64, place as f64);
}

/** Before elements are copied into an array: like `checkStore` of each address in `bytes` bytes from `start` on. */
export function checkElements(target: usize, start: usize, bytes: usize, stride: usize): void {
  const descriptor = descriptorOf(target);
  const count: usize = Descriptor.at(descriptor).element;
  const offsets = descriptor + DESCRIPTOR_OFFSETS_AT + ((Descriptor.at(descriptor).fixed as usize) << 1);
  for (let element = start; element < start + bytes; element += stride) {
    for (let i: usize = 0; i < count; i++)
      checkStore(target, load<usize>(element + (load<u16>(offsets + (i << 1)) as usize)));
  }
}

/** Where an object lives: an arena's region, or 0. */
function regionAt(address: usize): usize {
  checkUse(address);
  return kindOf(address) === BLOCK_ARENA ? BlockHeader.at(blockOf(address)).owner : 0;
}

function isObject(address: usize): bool {
  if ((address & GRANULE_MASK) !== 0 || !exists(address)) return false;
  const kind = kindOf(address);
  if (kind === BLOCK_ARENA) {
    if (BlockHeader.at(blockOf(address)).owner === 0) return false;
  } else if (kind !== BLOCK_OBJECTS && kind !== BLOCK_LARGE && kind !== BLOCK_STATIC) {
    return false;
  }
  const descriptor = descriptorOf(address);
  if ((descriptor & 3) !== 0 || !exists(descriptor) || kindOf(descriptor) !== BLOCK_STATIC) return false;
  return (Descriptor.at(descriptor).kind & DESCRIPTOR_MAGIC_MASK) === (DESCRIPTOR_MAGIC as u32);
}

function exists(address: usize): bool {
  return ((address >>> BLOCK_SHIFT) as u32) < cells.blocksEnd;
}
