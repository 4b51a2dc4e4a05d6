/**
 * What the heap knows of objects: how long one is, and where its addresses are. Types exist here only as descriptors
 * (drawn in `layout.ts`), which compiled programs lay into static memory.
 */
import {
  ARRAY_LENGTH,
  BLOCK_MASK,
  DESCRIPTOR_FIXED_AT,
  DESCRIPTOR_MAGIC,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
  GRANULE_MASK,
  GRANULE_SHIFT,
  KIND_ARRAY,
  SMALL_OBJECT_LIMIT,
  STRING_DATA,
  STRING_DESCRIPTOR,
} from '../layout.ts';

/** No object is longer, in bytes: lengths and offsets stay far from the end of 32 bits. */
export const LONGEST_OBJECT: u32 = 1 << 30;

/** Whether an object's descriptor says that it has a length and elements. */
export function isArray(descriptor: usize): bool {
  return load<u32>(descriptor) === (DESCRIPTOR_MAGIC as u32) + KIND_ARRAY;
}

/** Whether any field or element of the descriptor's objects is an address. */
export function holdsAddresses(descriptor: usize): bool {
  // Both counts, fixed and element's, are read as one word.
  return load<u32>(descriptor, DESCRIPTOR_FIXED_AT) !== 0;
}

/** Bytes that an object takes: its own, rounded up to whole granules. */
export function sizeOf(object: usize): u32 {
  const descriptor = load<usize>(object);
  let size = load<u32>(descriptor, DESCRIPTOR_SIZE_AT);
  if (isArray(descriptor)) {
    size += load<u32>(object, ARRAY_LENGTH) * load<u32>(descriptor, DESCRIPTOR_STRIDE_AT);
  }
  return toGranules(size);
}

/** Whether an object of `size` bytes lies inside one block. */
export function fitsBlock(size: u32): bool {
  return size <= (SMALL_OBJECT_LIMIT as u32);
}

export function toGranules(bytes: u32): u32 {
  return (bytes + GRANULE_MASK) & ~GRANULE_MASK;
}

/** Address of the state byte of the object that begins at `object`. */
export function stateOf(object: usize): usize {
  return (object & ~BLOCK_MASK) | ((object & BLOCK_MASK) >>> GRANULE_SHIFT);
}

/** One bit in each byte of a word: with it, eight granules' states are handled at once. */
export const EACH_GRANULE: u64 = u64.MAX_VALUE / 0xff;

/** Lays down the one descriptor that the heap makes itself. */
export function initialiseStringDescriptor(): void {
  memory.fill(STRING_DESCRIPTOR, 0, 32);
  store<u32>(STRING_DESCRIPTOR, (DESCRIPTOR_MAGIC as u32) + KIND_ARRAY);
  store<u32>(STRING_DESCRIPTOR, STRING_DATA, DESCRIPTOR_SIZE_AT);
  store<u32>(STRING_DESCRIPTOR, 1, DESCRIPTOR_STRIDE_AT);
}
