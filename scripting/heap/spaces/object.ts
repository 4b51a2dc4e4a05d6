/**
 * What the heap knows of objects: how long one is, and where its addresses are. Types exist here only as descriptors
 * (drawn in `layout.ts`), which compiled programs lay into static memory.
 */
import {
  BLOCK_MASK,
  DESCRIPTOR_MAGIC,
  GRANULE_MASK,
  GRANULE_SHIFT,
  KIND_ARRAY,
  LETTER_COUNT,
  LETTERS,
  SMALL_OBJECT_LIMIT,
  STRING_DATA,
  STRING_DESCRIPTOR,
  STRING_POINTS,
} from '../layout.ts';

/** What every object begins with. */
@unmanaged
export class ObjectHeader {
  /** Address of its type's descriptor. */
  descriptor: usize;

  static at(object: usize): ObjectHeader {
    return changetype<ObjectHeader>(object);
  }
}

/** What an array begins with; so does a vector, and a mutable one's buffer. */
@unmanaged
export class ArrayHeader extends ObjectHeader {
  /** How many elements it has. */
  length: u32;

  static at(array: usize): ArrayHeader {
    return changetype<ArrayHeader>(array);
  }
}

/** A mutable vector, and what the library's tables are made of (`mutator/segments.ts`). */
@unmanaged
export class MutVector extends ArrayHeader {
  /** A vector whose length is the capacity, or the directory of the segments; 0 where there is none yet. */
  buffer: usize;

  static at(vector: usize): MutVector {
    return changetype<MutVector>(vector);
  }
}

/** What a type's objects are like, in static memory. */
@unmanaged
export class Descriptor {
  /** DESCRIPTOR_MAGIC and a KIND_ number. */
  kind: u32;
  /** Bytes of the fixed part, header included: where an array's elements begin. */
  size: u32;
  /** Bytes of one element; 0 for a KIND_OBJECT. */
  stride: u32;
  /** How many of the fixed fields are addresses, and how many fields of one element. */
  fixed: u16;
  element: u16;
  /** Index into the program's list of type names. After it lie the offsets of the addresses (DESCRIPTOR_OFFSETS_AT). */
  id: u32;

  static at(descriptor: usize): Descriptor {
    return changetype<Descriptor>(descriptor);
  }
}

/** The descriptor of an object's type. */
export function descriptorOf(object: usize): usize {
  return ObjectHeader.at(object).descriptor;
}

/** No object is longer, in bytes: lengths and offsets stay far from the end of 32 bits. */
export const LONGEST_OBJECT: u32 = 1 << 30;

/** Whether an object's descriptor says that it has a length and elements. */
export function isArray(descriptor: usize): bool {
  return Descriptor.at(descriptor).kind === (DESCRIPTOR_MAGIC as u32) + KIND_ARRAY;
}

/** Whether any field or element of the descriptor's objects is an address. */
export function holdsAddresses(descriptor: usize): bool {
  // Both counts, fixed and element's, are read as one word.
  return load<u32>(descriptor, offsetof<Descriptor>('fixed')) !== 0;
}

/** Bytes that an object takes: its own, rounded up to whole granules. */
export function sizeOf(object: usize): u32 {
  const descriptor = descriptorOf(object);
  let size = Descriptor.at(descriptor).size;
  if (isArray(descriptor)) {
    size += ArrayHeader.at(object).length * Descriptor.at(descriptor).stride;
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

/** Lays down the descriptor of strings, and those of one character. */
export function initialiseStringDescriptor(): void {
  memory.fill(STRING_DESCRIPTOR, 0, 32);
  Descriptor.at(STRING_DESCRIPTOR).kind = (DESCRIPTOR_MAGIC as u32) + KIND_ARRAY;
  Descriptor.at(STRING_DESCRIPTOR).size = STRING_DATA;
  Descriptor.at(STRING_DESCRIPTOR).stride = 1;
  for (let code: u32 = 0; code < (LETTER_COUNT as u32); code++) {
    const letter = letterOf(code);
    ObjectHeader.at(letter).descriptor = STRING_DESCRIPTOR;
    ArrayHeader.at(letter).length = 1;
    store<u32>(letter, 1, STRING_POINTS);
    store<u32>(letter, code, STRING_DATA);
  }
}

/** The string of one ASCII character, by its code. */
export function letterOf(code: u32): usize {
  return LETTERS + ((code as usize) << GRANULE_SHIFT);
}

export function isLetter(address: usize): bool {
  return address >= (LETTERS as usize) && address < letterOf(LETTER_COUNT as u32);
}
