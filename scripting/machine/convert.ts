/**
 * Values across the host boundary. A script value is one or several raw WebAssembly values, its components; `lower`
 * takes a JavaScript value apart into them, `lift` puts one together. What does not fit is a `ConversionError` that says
 * which argument, what it must be and what it was.
 */
import { SHADOW_TOP } from '../heap/index.ts';
import type { HostSignature, HostType } from '../image/index.ts';
import type { Heap } from './heap.ts';
import { ScriptObject, type ScriptObjects } from './object.ts';
import { readString, writeString } from './text.ts';
import type { MemoryViews } from './views.ts';

/** What crosses into and out of WebAssembly. */
export type Raw = number | bigint;

export class ConversionError extends TypeError {
  override readonly name = 'ConversionError';
}

/** Integer ranges, both ends included. 64-bit integers cross as numbers and so are bounded by what a number can count. */
const RANGES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  i8: [-0x80, 0x7f],
  i16: [-0x8000, 0x7fff],
  i32: [-0x80000000, 0x7fffffff],
  i64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffffffff],
  u64: [0, Number.MAX_SAFE_INTEGER],
};

/** How many components a type has. */
export function componentCount(type: HostType): number {
  switch (type.kind) {
    case 'unit':
      return 0;
    case 'value':
      return type.fields.reduce((sum, field) => sum + componentCount(field.type), 0);
    default:
      return 1;
  }
}

export class Converter {
  readonly #views: MemoryViews;
  readonly #heap: Heap;
  readonly #objects: ScriptObjects;

  constructor(views: MemoryViews, heap: Heap, objects: ScriptObjects) {
    this.#views = views;
    this.#heap = heap;
    this.#objects = objects;
  }

  /**
   * Appends a value's components to `into`. `name` is for messages, as in "argument `hp` of `spawn`". Strings become
   * objects in the current region; since each may collect, those before it go to the shadow stack, whose height the
   * caller puts back when the values have arrived.
   */
  lower(type: HostType, value: unknown, name: string, into: Raw[]): void {
    switch (type.kind) {
      case 'unit':
        return;
      case 'bool':
        if (typeof value !== 'boolean') throw mismatch(name, 'a boolean', value);
        into.push(value ? 1 : 0);
        return;
      case 'number':
        into.push(lowerNumber(type.type, value, name));
        return;
      case 'string': {
        if (typeof value !== 'string') throw mismatch(name, 'a string', value);
        const address = writeString(this.#views, this.#heap, value);
        this.#root(address);
        into.push(address);
        return;
      }
      case 'value': {
        if (typeof value !== 'object' || value === null)
          throw mismatch(name, `an object with the fields of ${type.name}`, value);
        const fields = value as Readonly<Record<string, unknown>>;
        for (const field of type.fields)
          this.lower(field.type, fields[field.name], `field \`${field.name}\` of ${name}`, into);
        return;
      }
      case 'opaque':
        if (!(value instanceof ScriptObject) || value.type !== type.name || !value.belongsTo(this.#objects))
          throw mismatch(name, `a ${type.name} that a script gave`, value);
        into.push(value.address);
        return;
    }
  }

  /** Reads a value's components from `raw`, from index `at` on. */
  lift(type: HostType, raw: readonly Raw[], at: number, name: string): unknown {
    const first = raw[at];
    switch (type.kind) {
      case 'unit':
        return undefined;
      case 'bool':
        return first !== 0;
      case 'number':
        return liftNumber(type.type, first as Raw, name);
      case 'string':
        return readString(this.#views, (first as number) >>> 0);
      case 'value': {
        const fields: Record<string, unknown> = {};
        let next = at;
        for (const field of type.fields) {
          fields[field.name] = this.lift(field.type, raw, next, `field \`${field.name}\` of ${name}`);
          next += componentCount(field.type);
        }
        return fields;
      }
      case 'opaque': {
        const address = (first as number) >>> 0;
        return address === 0 ? null : this.#objects.hold(type.name, address);
      }
    }
  }

  #root(address: number): void {
    const slot = this.#views.word(SHADOW_TOP);
    this.#views.setWord(slot, address);
    this.#views.setWord(SHADOW_TOP, slot + 4);
  }
}

/** One WebAssembly call's result as a list of components. */
export function components(result: unknown): readonly Raw[] {
  if (result === undefined) return [];
  return Array.isArray(result) ? (result as Raw[]) : [result as Raw];
}

function lowerNumber(type: string, value: unknown, name: string): Raw {
  if (type === 'f32' || type === 'f64') {
    if (typeof value !== 'number') throw mismatch(name, 'a number', value);
    return value;
  }
  const [min, max] = RANGES[type] as readonly [number, number];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw mismatch(name, `an integer from ${min} to ${max}`, value);
  return type === 'i64' || type === 'u64' ? BigInt(value) : value;
}

function liftNumber(type: string, raw: Raw, name: string): number {
  if (typeof raw === 'bigint') {
    const value = Number(type === 'u64' ? BigInt.asUintN(64, raw) : raw);
    if (!Number.isSafeInteger(value))
      throw new ConversionError(`${name} is ${raw}, which a JavaScript number cannot hold exactly`);
    return value;
  }
  return type === 'u32' ? raw >>> 0 : raw;
}

function mismatch(name: string, expected: string, value: unknown): ConversionError {
  return new ConversionError(`${name} must be ${expected}, not ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value instanceof ScriptObject) return `a ${value.type}`;
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** A type as a script writes it. */
export function typeText(type: HostType): string {
  switch (type.kind) {
    case 'unit':
      return 'Unit';
    case 'bool':
      return 'Bool';
    case 'string':
      return 'String';
    case 'number':
      return type.type;
    default:
      return type.name;
  }
}

/** `(Fn [String i64] Unit)` */
export function signatureText({ params, result }: HostSignature): string {
  return `(Fn [${params.map((param) => typeText(param.type)).join(' ')}] ${typeText(result)})`;
}
