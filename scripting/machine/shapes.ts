/**
 * Structs, vectors, maps, sums and functions across the host boundary. How they lie in memory only the image knows, so it exports
 * functions that make them and take them apart; here they become JavaScript's objects, arrays and functions.
 *
 *     struct      an object with its fields, copied
 *     vector      an array, copied; typed arrays are taken too
 *     Map, MutMap a Map, Set and MutSet a Set, copied in their order
 *     Option      the value, or undefined; null is taken for undefined
 *     other sums  { tag: 'Patrol', 0: from, 1: to }, copied
 *     function    one of the script's becomes a function of JavaScript, which keeps it alive until its `release()`; one of
 *                 JavaScript's becomes a function value, which keeps it until no script holds that any more. Each comes back
 *                 as what it was.
 */
import { CLOSURE_CAPTURES, CLOSURE_CODE } from '../heap/index.ts';
import type { HostShape, HostType } from '../image/index.ts';
import {
  ConversionError,
  type Converter,
  componentCount,
  components,
  mismatch,
  type Raw,
} from './convert.ts';
import type { HeldType, ScriptObject } from './object.ts';
import type { MemoryViews } from './views.ts';

/** The functions of a linked image that know its layouts. */
export interface HostAdapters {
  readonly shapes: readonly HostShape[];
  /** The exported function of that name. */
  adapter(name: string): (...raw: Raw[]) => unknown;
  /** Functions that the host holds and calls by them. */
  readonly uses: Set<FunctionUse>;
}

/** By what a function that the host holds is called. A migration puts the new version's in place of these (`function-uses.ts`). */
export interface FunctionUse {
  readonly type: HeldType;
  shape: FunctionShape;
  adapters: HostAdapters;
}

/** A script's function as the host holds it. Its `release` lets it go; calling it afterwards throws. */
export interface ScriptFunction {
  (...args: unknown[]): unknown;
  release(): void;
  [Symbol.dispose](): void;
}

/** A function of JavaScript's own. */
export type HostFunction = (...args: unknown[]) => unknown;

type ShapeType = Extract<HostType, { readonly kind: 'shape' }>;
type SumShape = Extract<HostShape, { readonly kind: 'sum' }>;
type VectorShape = Extract<HostShape, { readonly kind: 'vector' }>;
type MapShape = Extract<HostShape, { readonly kind: 'map' }>;
export type FunctionShape = Extract<HostShape, { readonly kind: 'function' }>;

/** Data nested deeper than this is refused: each level takes native stack, which the script needs too. */
const DEEPEST = 200;

/** A value that is not in itself may be copied under so many types in a row, as that of a Result, of an Option, and its own. */
const MOST_WRAPPED = 8;

/** How many steps of the way to what lies too deep an error names. */
const NAMED_STEPS = 3;

/** The script's objects that stand for functions that the host holds. */
const held = new WeakMap<object, ScriptObject>();

export class Shapes {
  readonly #converter: Converter;
  /** Runs something as a call into the script. */
  readonly #run: <T>(body: () => T) => T;
  readonly #views: MemoryViews;
  /** What is being copied, the outermost first: JavaScript values on their way in, addresses on their way out. */
  readonly #around: unknown[] = [];
  /** Table slots of the code that calls the host's functions, in all programs that were linked and have code still. */
  readonly #hostCodes = new Set<number>();

  constructor(converter: Converter, views: MemoryViews, run: <T>(body: () => T) => T) {
    this.#converter = converter;
    this.#views = views;
    this.#run = run;
  }

  /** Slots of the table get other code. */
  forgetCodes(first: number, count: number): void {
    for (let slot = first; slot < first + count; slot++) this.#hostCodes.delete(slot);
  }

  /** A value's components; those that are addresses are on the shadow stack. */
  lower(type: ShapeType, value: unknown, name: string, adapters: HostAdapters): readonly Raw[] {
    const part = typeof value === 'object' && value !== null ? value : undefined;
    return this.#inside(part, name, () => {
      const raw = this.#lower(type, value, name, adapters);
      for (const [i, rep] of type.reps.entries())
        if (rep === 'ref') this.#converter.root((raw[i] as number) >>> 0);
      return raw;
    });
  }

  lift(type: ShapeType, raw: readonly Raw[], name: string, adapters: HostAdapters): unknown {
    const [address] = type.reps[0] === 'ref' ? raw : [];
    return this.#inside(address, name, () => this.#lift(type, raw, name, adapters));
  }

  /** A function for one call. Those of the script's, which may live in an arena, go to `lent`: to be released after it. */
  lend(
    type: ShapeType,
    address: number,
    name: string,
    adapters: HostAdapters,
    lent: ScriptFunction[],
  ): HostFunction {
    const own = this.#hostFunction(address);
    if (own !== undefined) return own;
    const made = this.#scriptFunction(type, address, name, adapters, true);
    lent.push(made);
    return made;
  }

  /** The function of JavaScript's own that a function value stands for; undefined for the script's. */
  #hostFunction(address: number): HostFunction | undefined {
    if (!this.#hostCodes.has(this.#views.word(address + CLOSURE_CODE))) return undefined;
    // Nothing but functions is wrapped.
    return this.#converter.hostObject(this.#views.word(address + CLOSURE_CAPTURES)) as HostFunction;
  }

  /** A function of the script's that the host may use until its `release`. */
  #scriptFunction(
    type: ShapeType,
    address: number,
    name: string,
    adapters: HostAdapters,
    lent: boolean,
  ): ScriptFunction {
    const use: FunctionUse = { type, shape: adapters.shapes[type.shape] as FunctionShape, adapters };
    const object = this.#converter.hold(type, address, lent, () => use.adapters.uses.delete(use));
    adapters.uses.add(use);
    const call = (...args: unknown[]): unknown =>
      this.#run(() => {
        const { shape, adapters } = use;
        if (args.length < shape.params.length)
          throw new ConversionError(`${name} takes ${shape.params.length} arguments, not ${args.length}`);
        const raw: Raw[] = [object.address];
        // Its holder may release it while the arguments are read.
        this.#converter.root(object.address);
        for (const [i, param] of shape.params.entries())
          this.#converter.lower(param, args[i], `argument ${i + 1} of ${name}`, raw, adapters);
        const result = components(adapters.adapter(shape.call)(...raw));
        return this.#converter.lift(shape.result, result, 0, `the result of ${name}`, adapters);
      });
    const release = (): void => object.release();
    const made = Object.assign(call, { release, [Symbol.dispose]: release });
    held.set(made, object);
    return made;
  }

  /** The `Err` of a `Result` for what the host threw; undefined where its error type does not fit. */
  failure(type: HostType, error: unknown, name: string, adapters: HostAdapters): readonly Raw[] | undefined {
    if (!isResult(type)) return undefined;
    const shape = adapters.shapes[type.shape] as SumShape;
    const [field] = shape.variants.find((v) => v.name === 'Err')?.fields ?? [];
    const text = error instanceof Error ? error.message : String(error);
    const value = field?.type.kind === 'string' ? text : error;
    try {
      return this.lower(type, { tag: 'Err', 0: value }, name, adapters);
    } catch (reason) {
      if (reason instanceof ConversionError) return undefined;
      throw reason;
    }
  }

  /** Copies a part of what is being copied. */
  #inside<T>(part: unknown, name: string, body: () => T): T {
    const around = this.#around;
    if (around.length >= DEEPEST) {
      const at = around.indexOf(part);
      throw tooDeep(name, part !== undefined && at >= 0 && at < around.length - MOST_WRAPPED);
    }
    around.push(part);
    try {
      return body();
    } finally {
      around.pop();
    }
  }

  #lower(type: ShapeType, value: unknown, name: string, adapters: HostAdapters): readonly Raw[] {
    const shape = adapters.shapes[type.shape] as HostShape;
    switch (shape.kind) {
      case 'struct': {
        if (typeof value !== 'object' || value === null)
          throw mismatch(name, `an object with the fields of ${type.name}`, value);
        const raw: Raw[] = [];
        const fields = value as Readonly<Record<string, unknown>>;
        for (const field of shape.fields)
          this.#converter.lower(
            field.type,
            fields[field.name],
            `field \`${field.name}\` of ${name}`,
            raw,
            adapters,
          );
        return components(adapters.adapter(shape.make)(...raw));
      }
      case 'vector':
        return this.#lowerVector(shape, value, name, adapters);
      case 'map':
        return this.#lowerMap(shape, value, name, adapters);
      case 'sum':
        return this.#lowerSum(type, shape, value, name, adapters);
      case 'function':
        return this.#lowerFunction(type, shape, value, name, adapters);
    }
  }

  #lowerFunction(
    type: ShapeType,
    shape: FunctionShape,
    value: unknown,
    name: string,
    adapters: HostAdapters,
  ): readonly Raw[] {
    if (typeof value !== 'function') throw mismatch(name, 'a function', value);
    const object = held.get(value);
    if (object?.lent) throw new ConversionError(`${name} is a function that was lent for one call only`);
    // Of another type, or of another machine, it is a function of JavaScript's like any other.
    if (object !== undefined && this.#converter.holds(type, object)) return [object.address];
    const [closure] = components(adapters.adapter(shape.wrap)(this.#converter.proxy(value)));
    this.#hostCodes.add(this.#views.word(((closure as number) >>> 0) + CLOSURE_CODE));
    return [closure as Raw];
  }

  /** Entry by entry, into a collection that each entry may replace by another. */
  #lowerMap(shape: MapShape, value: unknown, name: string, adapters: HostAdapters): readonly Raw[] {
    const { key, value: of } = shape;
    if (of === undefined ? !(value instanceof Set) : !(value instanceof Map))
      throw mismatch(name, of === undefined ? 'a Set' : 'a Map', value);
    let [map] = components(adapters.adapter(shape.make)());
    const rooted = this.#converter.root((map as number) >>> 0);
    const put = adapters.adapter(shape.put);
    let at = 0;
    for (const entry of value as Set<unknown> | Map<unknown, unknown>) {
      // What an entry needed is in the collection afterwards.
      this.#converter.rooting(() => {
        const raw: Raw[] = [map as Raw];
        const [k, v] = of === undefined ? [entry] : (entry as [unknown, unknown]);
        const what = of === undefined ? `element ${at} of ${name}` : `key ${at} of ${name}`;
        this.#converter.lower(key, k, what, raw, adapters);
        if (of !== undefined)
          this.#converter.lower(of, v, `the value of key ${at} of ${name}`, raw, adapters);
        [map] = components(put(...raw));
      });
      this.#views.setWord(rooted, (map as number) >>> 0);
      at += 1;
    }
    return [map as Raw];
  }

  #lowerVector(shape: VectorShape, value: unknown, name: string, adapters: HostAdapters): readonly Raw[] {
    if (!Array.isArray(value) && !ArrayBuffer.isView(value)) throw mismatch(name, 'an array', value);
    const items = value as ArrayLike<unknown>;
    const [vector] = components(adapters.adapter(shape.make)());
    this.#converter.root((vector as number) >>> 0);
    const push = adapters.adapter(shape.push);
    for (let i = 0; i < items.length; i++) {
      // What an element needed is in the vector afterwards.
      this.#converter.rooting(() => {
        const raw: Raw[] = [vector as Raw];
        this.#converter.lower(shape.element, items[i], `element ${i} of ${name}`, raw, adapters);
        push(...raw);
      });
    }
    return components(adapters.adapter(shape.finish)(vector as Raw));
  }

  #lowerSum(
    type: ShapeType,
    shape: SumShape,
    value: unknown,
    name: string,
    adapters: HostAdapters,
  ): readonly Raw[] {
    const { tag, fields } = taggedValue(type, shape, value, name);
    const variant = shape.variants.find((v) => v.name === tag);
    if (variant === undefined) {
      const tags = shape.variants.map((v) => `'${v.name}'`).join(', ');
      throw mismatch(`the \`tag\` of ${name}`, `one of ${tags}`, tag);
    }
    const raw: Raw[] = [];
    for (const [i, field] of variant.fields.entries()) {
      const what = isOption(type, shape) ? name : `field \`${field.name}\` of ${name}`;
      this.#converter.lower(field.type, fields[field.name] ?? fields[i], what, raw, adapters);
    }
    return components(adapters.adapter(variant.make)(...raw));
  }

  #lift(type: ShapeType, raw: readonly Raw[], name: string, adapters: HostAdapters): unknown {
    const shape = adapters.shapes[type.shape] as HostShape;
    switch (shape.kind) {
      case 'struct': {
        const parts = components(adapters.adapter(shape.take)(...raw));
        return this.#converter.liftFields(shape.fields, parts, 0, name, adapters);
      }
      case 'vector': {
        const length = adapters.adapter(shape.length)(...raw) as number;
        const at = adapters.adapter(shape.at);
        return Array.from({ length }, (_, i) =>
          this.#converter.lift(
            shape.element,
            components(at(...raw, i)),
            0,
            `element ${i} of ${name}`,
            adapters,
          ),
        );
      }
      case 'map':
        return this.#liftMap(shape, raw, name, adapters);
      case 'sum': {
        const variant = shape.variants[adapters.adapter(shape.tag)(...raw) as number];
        if (variant === undefined) throw new Error(`${name} has no variant`);
        if (isOption(type, shape) && variant.fields.length === 0) return undefined;
        const parts = components(adapters.adapter(variant.take)(...raw));
        const fields = this.#converter.liftFields(variant.fields, parts, 0, name, adapters);
        return isOption(type, shape) ? Object.values(fields)[0] : { tag: variant.name, ...fields };
      }
      case 'function': {
        const address = (raw[0] as number) >>> 0;
        return this.#hostFunction(address) ?? this.#scriptFunction(type, address, name, adapters, false);
      }
    }
  }

  #liftMap(shape: MapShape, raw: readonly Raw[], name: string, adapters: HostAdapters): unknown {
    const { key, value } = shape;
    const map = new Map<unknown, unknown>();
    const [more, here, after] = [shape.more, shape.here, shape.after].map((of) => adapters.adapter(of));
    if (more === undefined || here === undefined || after === undefined) throw new Error('a map has no walk');
    let cursor = components(adapters.adapter(shape.start)(...raw));
    for (let at = 0; more(...raw, ...cursor) !== 0; at += 1) {
      const entry = components(here(...raw, ...cursor));
      const what = value === undefined ? `element ${at} of ${name}` : `key ${at} of ${name}`;
      const k = this.#converter.lift(key, entry, 0, what, adapters);
      const of = `the value of key ${at} of ${name}`;
      map.set(
        k,
        value === undefined
          ? undefined
          : this.#converter.lift(value, entry, componentCount(key), of, adapters),
      );
      cursor = components(after(...raw, ...cursor));
    }
    return value === undefined ? new Set(map.keys()) : map;
  }
}

/** The variant that a JavaScript value is, and its fields. */
function taggedValue(
  type: ShapeType,
  shape: SumShape,
  value: unknown,
  name: string,
): { tag: unknown; fields: Readonly<Record<string, unknown>> } {
  if (isOption(type, shape))
    return value === undefined || value === null
      ? { tag: 'None', fields: {} }
      : { tag: 'Some', fields: { 0: value } };
  const tag = typeof value === 'object' && value !== null ? (value as { tag?: unknown }).tag : undefined;
  // A function that may fail returns what it has to give, and throws where it fails.
  if (isResult(type) && tag !== 'Ok' && tag !== 'Err') return { tag: 'Ok', fields: { 0: value } };
  if (typeof value !== 'object' || value === null)
    throw mismatch(name, `an object \`{ tag, ... }\` for ${type.name}`, value);
  return { tag, fields: value as Readonly<Record<string, unknown>> };
}

function tooDeep(name: string, circle: boolean): ConversionError {
  const steps = name.split(' of ').slice(0, NAMED_STEPS).join(' of ');
  const why = circle ? 'leads back to itself' : `is nested more than ${DEEPEST} deep`;
  return new ConversionError(`${whole(name)} ${why} (at ${steps} of ...): it cannot be copied`);
}

/** ``field `x` of field `y` of argument `a` of f`` is a part of ``argument `a` of f``. */
function whole(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('argument '), name.lastIndexOf('the result of '), 0));
}

function isResult(type: HostType): type is ShapeType {
  return type.kind === 'shape' && type.key.startsWith('(prelude.Result ');
}

const OPTION = '(prelude.Option ';

/** An option of something that is never undefined itself. */
function isOption(type: ShapeType, shape: SumShape): boolean {
  const [field] = shape.variants.find((v) => v.name === 'Some')?.fields ?? [];
  if (!type.key.startsWith(OPTION) || field === undefined || field.type.kind === 'unit') return false;
  return !(field.type.kind === 'shape' && field.type.key.startsWith(OPTION));
}
