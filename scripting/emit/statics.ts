/**
 * The static data of a program: what lies in memory before anything runs.
 *
 *     descriptors       one for each object type but the string's, which the heap makes itself
 *     static closures   of functions that capture nothing; filled in by `sluice:link`, since they hold addresses
 *     constants         variants without data; their headers too are filled in by `sluice:link`
 *     literals          strings
 *     cells             of globals; only in a release image, elsewhere the machine says where they are
 *
 * Offsets are from where the data is put: STATIC_BASE in a release image, `link.statics` otherwise.
 */
import {
  CLOSURE_CAPTURES,
  DESCRIPTOR_ELEMENT_AT,
  DESCRIPTOR_FIXED_AT,
  DESCRIPTOR_ID_AT,
  DESCRIPTOR_MAGIC,
  DESCRIPTOR_OFFSETS_AT,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
  GRANULE_SIZE,
  HEADER_SIZE,
  KIND_ARRAY,
  KIND_OBJECT,
  STRING_BYTES,
  STRING_DATA,
  STRING_DESCRIPTOR,
  STRING_POINTS,
} from '../heap/index.ts';
import type { Field, ObjectType, Program } from '../ir/index.ts';

const CELL_SIZE = 8;

export interface Statics {
  /** What is copied; static closures are zero here. */
  readonly data: Uint8Array;
  /** Bytes in all, cells included. */
  readonly size: number;
  /** Offset of each object type's descriptor by type id. The string's is missing. */
  readonly descriptors: readonly (number | undefined)[];
  /** Offset of the descriptor that all static closures share. */
  readonly closureDescriptor: number;
  /** Offset of the static closure of each table slot. */
  readonly closures: readonly number[];
  readonly constants: readonly number[];
  readonly literals: readonly number[];
  /** Offset of each global's first cell, by the global's key. */
  readonly cells: ReadonlyMap<string, number>;
}

export function layOutStatics(program: Program, withCells: boolean): Statics {
  const layout = new StaticsLayout().add(program);
  const cells = new Map<string, number>();
  let { size } = layout;
  if (withCells) {
    for (const global of program.globals) {
      cells.set(global.key, size);
      size += CELL_SIZE * global.cells.length;
    }
  }
  return { ...layout, size, cells };
}

/** Lays out a program's data, and what it has besides after an edit, each time after what is there: that stays where it is. */
export class StaticsLayout {
  readonly #out = new Writer();
  readonly #descriptors: (number | undefined)[] = [undefined];
  readonly #closures: number[] = [];
  readonly #constants: number[] = [];
  readonly #literals: number[] = [];
  #closureDescriptor: number | undefined;

  /** The data of a program that has all that was added before it, in the same order. */
  add(program: Program): Statics {
    const out = this.#out;
    const fresh = <T>(all: readonly T[], known: readonly unknown[]): readonly T[] => all.slice(known.length);
    for (const type of fresh(program.types, this.#descriptors))
      this.#descriptors.push(writeDescriptor(out, type));
    // Its number comes after the program's own.
    const id = program.types.length;
    this.#closureDescriptor ??= writeDescriptor(out, { ...STATIC_CLOSURE, id });
    out.u32(this.#closureDescriptor + DESCRIPTOR_ID_AT, id);
    for (const _ of fresh(program.table, this.#closures)) {
      this.#closures.push(out.align(GRANULE_SIZE));
      out.skip(CLOSURE_CAPTURES);
    }
    for (const { type, tag } of fresh(program.constants, this.#constants)) {
      const at = out.align(GRANULE_SIZE);
      out.u32(at + HEADER_SIZE, tag);
      // The object takes the room of its type, so that whoever walks static memory finds it whole.
      out.skip((program.types[type]?.size ?? 0) - HEADER_SIZE - 4);
      this.#constants.push(at);
    }
    for (const text of fresh(program.literals, this.#literals)) this.#literals.push(writeString(out, text));
    out.align(GRANULE_SIZE);
    const data = out.bytes();
    return {
      data,
      size: data.length,
      descriptors: this.#descriptors,
      closureDescriptor: this.#closureDescriptor,
      closures: this.#closures,
      constants: this.#constants,
      literals: this.#literals,
      cells: new Map(),
    };
  }
}

/** The type of closures without captures; its id stands after the program's own. */
export const STATIC_CLOSURE: Omit<ObjectType, 'id'> = {
  name: 'function',
  kind: 'closure',
  size: CLOSURE_CAPTURES,
  fields: [],
  stride: 0,
  element: [],
};

function writeDescriptor(out: Writer, type: ObjectType): number {
  const fixed = addresses(type.fields);
  const element = addresses(type.element);
  const at = out.align(4);
  // A vector of Unit has elements of no size.
  const isArray = type.kind === 'vector' || type.stride > 0;
  out.u32(at, (DESCRIPTOR_MAGIC | (isArray ? KIND_ARRAY : KIND_OBJECT)) >>> 0);
  out.u32(at + DESCRIPTOR_SIZE_AT, type.size);
  out.u32(at + DESCRIPTOR_STRIDE_AT, type.stride);
  out.u16(at + DESCRIPTOR_FIXED_AT, fixed.length);
  out.u16(at + DESCRIPTOR_ELEMENT_AT, element.length);
  out.u32(at + DESCRIPTOR_ID_AT, type.id);
  [...fixed, ...element].forEach((offset, i) => {
    out.u16(at + DESCRIPTOR_OFFSETS_AT + 2 * i, offset);
  });
  return at;
}

function addresses(fields: readonly Field[]): number[] {
  return fields.filter((f) => f.stored === 'ref').map((f) => f.offset);
}

function writeString(out: Writer, text: string): number {
  const bytes = new TextEncoder().encode(text);
  const at = out.align(GRANULE_SIZE);
  out.u32(at, STRING_DESCRIPTOR);
  out.u32(at + STRING_BYTES, bytes.length);
  out.u32(at + STRING_POINTS, [...text].length);
  out.write(at + STRING_DATA, bytes);
  return at;
}

/** A buffer that grows as it is written. */
class Writer {
  #view = new DataView(new ArrayBuffer(1024));
  #length = 0;

  align(to: number): number {
    this.#reach(Math.ceil(this.#length / to) * to);
    return this.#length;
  }

  skip(bytes: number): void {
    this.#reach(this.#length + bytes);
  }

  u16(at: number, value: number): void {
    this.#reach(at + 2);
    this.#view.setUint16(at, value, true);
  }

  u32(at: number, value: number): void {
    this.#reach(at + 4);
    this.#view.setUint32(at, value, true);
  }

  write(at: number, bytes: Uint8Array): void {
    this.#reach(at + bytes.length);
    new Uint8Array(this.#view.buffer).set(bytes, at);
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer).slice(0, this.#length);
  }

  #reach(length: number): void {
    if (length > this.#view.byteLength) {
      const larger = new ArrayBuffer(Math.max(length, 2 * this.#view.byteLength));
      new Uint8Array(larger).set(new Uint8Array(this.#view.buffer));
      this.#view = new DataView(larger);
    }
    this.#length = Math.max(this.#length, length);
  }
}
