/**
 * How things lie in memory: a layout for each shape, and from it where an object's links are and where its mark is.
 *
 *     node:       [descriptor][link 0][link 1][mark]            (wide and medium: further apart, the mark last)
 *     vector:     [descriptor][length][link 0][link 1]...
 *     records:    [descriptor][length][link 0][-] [link 1][-][link 2] [link 3][-][link 4]...
 *     mut-vector: [descriptor][length][buffer]                  the links are in the buffer, a vector
 *     segments:   [descriptor][length][directory]               the links are in chunks, to which the directory's elements lead
 */
import {
  ARRAY_LENGTH,
  GRANULE_MASK,
  MUT_VECTOR_BUFFER,
  MUT_VECTOR_SIZE,
  PROXY_DESCRIPTOR,
  VECTOR_DATA,
  WEAK_DESCRIPTOR,
} from '../../../scripting/heap/index.ts';
import type { Address, HeapUnderTest, Layout } from '../heap-under-test.ts';
import { isGrowing, type Made, type Shape, type Thing } from './things.ts';

export const WORD = 4;
/** Elements of a whole chunk of segments. */
export const CHUNK_SHIFT = 3;
export const CHUNK = 1 << CHUNK_SHIFT;

const VECTOR: Layout = { size: VECTOR_DATA, stride: WORD, elementAddresses: [0] };
const GROWING: Layout = { size: MUT_VECTOR_SIZE, addresses: [MUT_VECTOR_BUFFER] };

/** Objects on one line, over two, and over many; arrays with a fixed part of their own, and without links. */
const LAYOUTS: Readonly<Record<Made, Layout>> = {
  node: { size: 16, addresses: [4, 8] },
  wide: { size: 212, addresses: [4, 8, 12, 104] },
  medium: { size: 9004, addresses: [4, 8] },
  vector: VECTOR,
  records: { size: 16, stride: 12, addresses: [8], elementAddresses: [0, 8] },
  bytes: { size: 12, stride: 1 },
  'mut-vector': GROWING,
  segments: GROWING,
};

export class Memory {
  readonly #target: HeapUnderTest;
  readonly descriptors: Readonly<Record<Shape | 'buffer', Address>>;

  constructor(target: HeapUnderTest) {
    this.#target = target;
    const describe = (shape: Made) => target.describe(LAYOUTS[shape]);
    this.descriptors = {
      node: describe('node'),
      wide: describe('wide'),
      medium: describe('medium'),
      vector: describe('vector'),
      records: describe('records'),
      bytes: describe('bytes'),
      'mut-vector': describe('mut-vector'),
      segments: describe('segments'),
      buffer: target.describe(VECTOR),
      weak: WEAK_DESCRIPTOR,
      proxy: PROXY_DESCRIPTOR,
    };
  }

  /** Where the number lies that tells this object from all others; an array's length serves where there is no room. */
  markCell({ shape, address }: Thing): Address {
    switch (shape) {
      case 'node':
      case 'wide':
      case 'medium':
        return address + LAYOUTS[shape].size - WORD;
      default:
        // For a proxy this is its index.
        return address + ARRAY_LENGTH;
    }
  }

  /** Where a link lies. */
  cellOf(thing: Thing, i: number): Address {
    const { shape, address } = thing;
    switch (shape) {
      case 'mut-vector':
        return this.holderOf(thing, i) + VECTOR_DATA + i * WORD;
      case 'segments':
        return this.holderOf(thing, i) + VECTOR_DATA + (i % CHUNK) * WORD;
      case 'weak':
      case 'proxy':
        throw new RangeError(`a ${shape} has no links`);
      default:
        return address + linkOffset(LAYOUTS[shape], i);
    }
  }

  /** The object that a link's cell is part of. */
  holderOf(thing: Thing, i = 0): Address {
    if (!isGrowing(thing)) return thing.address;
    const buffer = this.#target.load(thing.address + MUT_VECTOR_BUFFER);
    if (thing.shape === 'mut-vector') return buffer;
    return this.#target.load(buffer + VECTOR_DATA + (i >> CHUNK_SHIFT) * WORD);
  }

  /** Bytes of what a growing thing's elements lie in: its buffer, or its directory and the chunks that this leads to. */
  bufferBytes({ shape, address }: Thing): number {
    const buffer = this.#target.load(address + MUT_VECTOR_BUFFER);
    if (buffer === 0) return 0;
    const length = this.#target.load(buffer + ARRAY_LENGTH);
    let sum = bytesOf('vector', length);
    if (shape === 'mut-vector') return sum;
    for (let i = 0; i < length; i++) {
      const chunk = this.#target.load(buffer + VECTOR_DATA + i * WORD);
      if (chunk !== 0) sum += bytesOf('vector', this.#target.load(chunk + ARRAY_LENGTH));
    }
    return sum;
  }
}

/** Whether objects of a shape are arrays, whose length is fixed when they are made. */
export function isArray(shape: Made): boolean {
  return LAYOUTS[shape].stride !== undefined;
}

/** Bytes that an object takes, in whole granules. */
export function bytesOf(shape: Made, length: number): number {
  const { size, stride = 0 } = LAYOUTS[shape];
  return (size + length * stride + GRANULE_MASK) & ~GRANULE_MASK;
}

/** How many links an object has when it is made. */
export function linksOf(shape: Made, length: number): number {
  const { addresses = [], elementAddresses = [] } = LAYOUTS[shape];
  // What grows begins with no elements, and its one address is no link but the way to them.
  return LAYOUTS[shape] === GROWING ? 0 : addresses.length + length * elementAddresses.length;
}

/** The fixed links come first, then those of each element. */
function linkOffset({ size, stride = 0, addresses = [], elementAddresses = [] }: Layout, i: number): number {
  const fixed = addresses[i];
  if (fixed !== undefined) return fixed;
  const each = elementAddresses.length;
  const element = Math.floor((i - addresses.length) / each);
  return size + element * stride + elementAddresses[(i - addresses.length) % each]!; // a remainder
}
