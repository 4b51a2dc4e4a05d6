/**
 * Structs, vectors, sums and functions across the host boundary. How they lie in memory only the image knows, so it exports
 * functions that make them and take them apart; here they become JavaScript's objects, arrays and functions.
 *
 *     struct      an object with its fields, copied
 *     vector      an array, copied; typed arrays are taken too
 *     Option      the value, or undefined; null is taken for undefined
 *     other sums  { tag: 'Patrol', 0: from, 1: to }, copied
 *     function    a function, which keeps the script's alive until its `release()`
 */
import type { HostShape, HostType } from '../image/index.ts';
import { ConversionError, type Converter, components, mismatch, type Raw } from './convert.ts';
import type { ScriptObject } from './object.ts';

/** The functions of a linked image that know its layouts. */
export interface HostAdapters {
  readonly shapes: readonly HostShape[];
  /** The exported function of that name. */
  adapter(name: string): (...raw: Raw[]) => unknown;
}

/** A script's function as the host holds it. Its `release` lets it go; calling it afterwards throws. */
export interface ScriptFunction {
  (...args: unknown[]): unknown;
  release(): void;
  [Symbol.dispose](): void;
}

type ShapeType = Extract<HostType, { readonly kind: 'shape' }>;
type SumShape = Extract<HostShape, { readonly kind: 'sum' }>;
type VectorShape = Extract<HostShape, { readonly kind: 'vector' }>;
type FunctionShape = Extract<HostShape, { readonly kind: 'function' }>;

/** Data nested deeper than this is taken to lead back to itself. */
const DEEPEST = 200;

/** The script's objects behind functions that the host holds. */
const held = new WeakMap<object, ScriptObject>();

export class Shapes {
  readonly #converter: Converter;
  /** Runs something as a call into the script. */
  readonly #run: <T>(body: () => T) => T;
  #depth = 0;

  constructor(converter: Converter, run: <T>(body: () => T) => T) {
    this.#converter = converter;
    this.#run = run;
  }

  /** A value's components; those that are addresses are on the shadow stack. */
  lower(type: ShapeType, value: unknown, name: string, adapters: HostAdapters): readonly Raw[] {
    return this.#deeper(name, () => {
      const raw = this.#lower(type, value, name, adapters);
      for (const [i, rep] of type.reps.entries())
        if (rep === 'ref') this.#converter.root((raw[i] as number) >>> 0);
      return raw;
    });
  }

  lift(type: ShapeType, raw: readonly Raw[], name: string, adapters: HostAdapters): unknown {
    return this.#deeper(name, () => this.#lift(type, raw, name, adapters));
  }

  /** A function of the script's that the host may use until its `release`. `lent`: which may live in an arena. */
  function(
    type: ShapeType,
    address: number,
    name: string,
    adapters: HostAdapters,
    lent: boolean,
  ): ScriptFunction {
    const shape = adapters.shapes[type.shape] as FunctionShape;
    const object = this.#converter.hold(type.name, address, lent);
    const call = (...args: unknown[]): unknown =>
      this.#run(() => {
        if (args.length < shape.params.length)
          throw new ConversionError(`${name} takes ${shape.params.length} arguments, not ${args.length}`);
        const raw: Raw[] = [object.address];
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

  #deeper<T>(name: string, body: () => T): T {
    if (this.#depth >= DEEPEST)
      throw new ConversionError(`${whole(name)} is nested too deeply to be copied, or leads back to itself`);
    this.#depth += 1;
    try {
      return body();
    } finally {
      this.#depth -= 1;
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
      case 'sum':
        return this.#lowerSum(type, shape, value, name, adapters);
      case 'function': {
        const object = typeof value === 'function' ? held.get(value) : undefined;
        if (object?.type !== type.name) throw mismatch(name, `a ${type.name} that a script gave`, value);
        if (object.lent) throw new ConversionError(`${name} is a function that was lent for one call only`);
        return [object.address];
      }
    }
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
      case 'sum': {
        const variant = shape.variants[adapters.adapter(shape.tag)(...raw) as number];
        if (variant === undefined) throw new Error(`${name} has no variant`);
        if (isOption(type, shape) && variant.fields.length === 0) return undefined;
        const parts = components(adapters.adapter(variant.take)(...raw));
        const fields = this.#converter.liftFields(variant.fields, parts, 0, name, adapters);
        return isOption(type, shape) ? Object.values(fields)[0] : { tag: variant.name, ...fields };
      }
      case 'function':
        return this.function(type, (raw[0] as number) >>> 0, name, adapters, false);
    }
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
  // A function that may fail gives what it has to give, and throws where it fails.
  if (isResult(type) && tag !== 'Ok' && tag !== 'Err') return { tag: 'Ok', fields: { 0: value } };
  if (typeof value !== 'object' || value === null)
    throw mismatch(name, `an object \`{ tag, ... }\` for ${type.name}`, value);
  return { tag, fields: value as Readonly<Record<string, unknown>> };
}

/** ``field `x` of field `y` of argument `a` of f`` is a part of ``argument `a` of f``. */
function whole(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('argument '), name.lastIndexOf('the result of '), 0));
}

function isResult(type: HostType): type is ShapeType {
  return type.kind === 'shape' && type.name.startsWith('(Result ');
}

/** An option of something that is never undefined itself. */
function isOption(type: ShapeType, shape: SumShape): boolean {
  const [field] = shape.variants.find((v) => v.name === 'Some')?.fields ?? [];
  if (!type.name.startsWith('(Option ') || field === undefined || field.type.kind === 'unit') return false;
  return !(field.type.kind === 'shape' && field.type.name.startsWith('(Option '));
}
