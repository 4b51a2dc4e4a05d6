/**
 * Values across the host boundary. A script value is one or several raw WebAssembly values, its components; `lower`
 * takes a JavaScript value apart into them, `lift` puts one together. What does not fit is a `ConversionError` that says
 * which argument, what it must be and what it was.
 */
import { SHADOW_TOP } from '../heap/index.ts';
import type { HostFields, HostSignature, HostType } from '../image/index.ts';
import type { Heap } from './heap.ts';
import { HostObjects } from './host-objects.ts';
import { SHADOW_HALF } from './limits.ts';
import { type HeldType, ScriptObject, ScriptObjects } from './object.ts';
import { type HostAdapters, type HostFunction, type ScriptFunction, Shapes } from './shapes.ts';
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
    case 'shape':
      return type.reps.length;
    case 'value':
    case 'tuple':
      return type.fields.reduce((sum, field) => sum + componentCount(field.type), 0);
    default:
      return 1;
  }
}

export class Converter {
  readonly #views: MemoryViews;
  readonly #heap: Heap;
  /** Objects of the script that JavaScript holds. */
  readonly held: ScriptObjects;
  /** Objects of JavaScript that scripts hold. */
  readonly hostObjects: HostObjects;
  readonly #shapes: Shapes;

  /** `run` runs something as a call into the script: what functions that the host holds are called by. */
  constructor(views: MemoryViews, heap: Heap, run: <T>(body: () => T) => T) {
    this.#shapes = new Shapes(this, views, run);
    this.#views = views;
    this.#heap = heap;
    this.held = new ScriptObjects(views, heap);
    this.hostObjects = new HostObjects(views, heap);
  }

  /**
   * Appends a value's components to `into`. `name` is for messages, as in "argument `hp` of `spawn`". Strings become
   * objects in the current region; since each may collect, all addresses go to the shadow stack, whose height the
   * caller puts back when the values have arrived.
   */
  lower(type: HostType, value: unknown, name: string, into: Raw[], adapters: HostAdapters): void {
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
        this.root(address);
        into.push(address);
        return;
      }
      case 'value': {
        if (typeof value !== 'object' || value === null)
          throw mismatch(name, `an object with the fields of ${type.name}`, value);
        const fields = value as Readonly<Record<string, unknown>>;
        for (const field of type.fields)
          this.lower(field.type, fields[field.name], `field \`${field.name}\` of ${name}`, into, adapters);
        return;
      }
      case 'tuple': {
        if (!Array.isArray(value) || value.length !== type.fields.length)
          throw mismatch(name, `an array of ${type.fields.length}`, value);
        for (const [i, field] of type.fields.entries())
          this.lower(field.type, value[i], `element ${i} of ${name}`, into, adapters);
        return;
      }
      case 'shape':
        into.push(...this.#shapes.lower(type, value, name, adapters));
        return;
      case 'object':
        if (!isObject(value)) throw mismatch(name, `a ${type.name}, which is an object`, value);
        into.push(this.proxy(value));
        return;
      case 'opaque':
        if (!(value instanceof ScriptObject) || !value.isOf(type, this.held))
          throw mismatch(name, `a ${type.name} that a script gave`, value);
        // Its holder may release it while what comes next is read.
        this.root(value.address);
        into.push(value.address);
        return;
    }
  }

  /** Reads a value's components from `raw`, from index `at` on. */
  lift(type: HostType, raw: readonly Raw[], at: number, name: string, adapters: HostAdapters): unknown {
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
      case 'value':
        return this.liftFields(type.fields, raw, at, name, adapters);
      case 'tuple':
        return Object.values(this.liftFields(type.fields, raw, at, name, adapters));
      case 'shape':
        return this.#shapes.lift(type, raw.slice(at, at + type.reps.length), name, adapters);
      case 'object':
        return this.hostObject((first as number) >>> 0);
      case 'opaque': {
        const address = (first as number) >>> 0;
        return address === 0 ? null : this.held.hold(type, address);
      }
    }
  }

  /** An object of fields, whose components stand in `raw` from index `at` on. */
  liftFields(
    fields: HostFields,
    raw: readonly Raw[],
    at: number,
    name: string,
    adapters: HostAdapters,
  ): Record<string, unknown> {
    const lifted: Record<string, unknown> = {};
    let next = at;
    for (const field of fields) {
      const what = `field \`${field.name}\` of ${name}`;
      lifted[field.name] = this.lift(field.type, raw, next, what, adapters);
      next += componentCount(field.type);
    }
    return lifted;
  }

  /** A function that the host may use during one call. What is to be released after it goes to `lent`. */
  lend(
    type: HostType,
    raw: readonly Raw[],
    at: number,
    name: string,
    adapters: HostAdapters,
    lent: ScriptFunction[],
  ): HostFunction {
    if (type.kind !== 'shape') throw new Error(`${name} is no function`);
    return this.#shapes.lend(type, (raw[at] as number) >>> 0, name, adapters, lent);
  }

  /** The `Err` for what a host function threw, where its result is a `Result` that can hold it. */
  failure(type: HostType, error: unknown, name: string, adapters: HostAdapters): readonly Raw[] | undefined {
    return this.#shapes.failure(type, error, name, adapters);
  }

  /** Roots an object for the host. `letGo` is called when the host has let it go. */
  hold(type: HeldType, address: number, lent: boolean, letGo: () => void): ScriptObject {
    return this.held.hold(type, address, lent, letGo);
  }

  /** Slots of the table get other code. */
  forgetCodes(first: number, count: number): void {
    this.#shapes.forgetCodes(first, count);
  }

  /** Whether an object that JavaScript holds is one of that type in this machine. */
  holds(type: HeldType, object: ScriptObject): boolean {
    return object.isOf(type, this.held);
  }

  /** The address of a new proxy of an object of the host, on the shadow stack. */
  proxy(object: object): number {
    const address = this.hostObjects.proxy(object);
    this.root(address);
    return address;
  }

  /** The object of the host that a proxy stands for. */
  hostObject(proxy: number): object {
    return this.hostObjects.object(proxy);
  }

  /** Keeps an object alive until the shadow stack is cut back. Returns the place where it may be replaced by another. */
  root(address: number): number {
    const slot = this.#views.word(SHADOW_TOP);
    if (slot >= SHADOW_HALF) throw new ConversionError('the value is too large to be copied');
    this.#views.setWord(slot, address);
    this.#views.setWord(SHADOW_TOP, slot + 4);
    return slot;
  }

  /** Runs `body`, which may put objects on the shadow stack, and takes them off again. */
  rooting<T>(body: () => T): T {
    const height = this.#views.word(SHADOW_TOP);
    try {
      return body();
    } finally {
      this.#views.setWord(SHADOW_TOP, height);
    }
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

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** What a value should have been. */
export function mismatch(name: string, expected: string, value: unknown): ConversionError {
  return new ConversionError(`${name} must be ${expected}, not ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value instanceof ScriptObject) return `a ${value.type}`;
  if (typeof value === 'string')
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** A type as a script writes it. */
function typeText(type: HostType): string {
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
