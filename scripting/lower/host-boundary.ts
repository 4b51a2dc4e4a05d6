/**
 * Values across the host boundary. Numbers, strings and flat values cross as their components. For everything else the
 * image exports small functions that make a value and take it apart, written in the representation like any other code: so the
 * machine needs to know nothing of layouts, which differ between types, modes and versions.
 */
import type { HostShape, HostType, Rep } from '../image/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type } from '../types/index.ts';
import { get, unary, type Value } from './builder.ts';
import { FunctionLowering } from './function.ts';
import type { Export, Expression } from './ir.ts';
import { fieldValue } from './pattern.ts';
import type { ProgramLowering } from './program.ts';
import { components, elementOf, fieldsOf, isFlat, isNamed, NUMERIC } from './representation.ts';
import { EMPTY, typeKey, typeName } from './substitution.ts';
import { sumOf } from './sum.ts';
import { makeVariant, tagOf, variantFields } from './variant.ts';
import { checkedElement, countOf, freeze, makeMutVector, push } from './vector.ts';

type HostFields = readonly { readonly name: string; readonly type: HostType }[];

export class HostBoundary {
  readonly shapes: HostShape[] = [];
  /** The functions that make values and take them apart. */
  readonly exports: Export[] = [];
  readonly #program: ProgramLowering;
  readonly #known = new Map<string, number>();

  constructor(program: ProgramLowering) {
    this.#program = program;
  }

  /** How a value of the type crosses. */
  type(type: Type): HostType {
    const plain = plainType(type);
    if (plain !== undefined) return plain;
    if (type.kind === 'named' && isFlat(type)) {
      const kind = isNamed(type, 'Tuple') ? 'tuple' : 'value';
      return { kind, name: typeName(type), fields: this.#fields(fieldsOf(type)) };
    }
    if (!crosses(type)) return { kind: 'opaque', name: typeName(type) };
    return {
      kind: 'shape',
      name: typeName(type),
      shape: this.#shape(type),
      reps: components(type).map((c) => c.rep),
    };
  }

  #fields(fields: readonly { readonly name: string; readonly type: Type }[]): HostFields {
    return fields.map((f) => ({ name: f.name, type: this.type(f.type) }));
  }

  /** Its number; known before its parts are looked at, since a type may have itself in it. */
  #shape(type: Type): number {
    const key = typeKey(type);
    const before = this.#known.get(key);
    if (before !== undefined) return before;
    const index = this.shapes.push({ kind: 'pending' } as never) - 1;
    this.#known.set(key, index);
    this.shapes[index] = this.#describe(type, `sluice:host:${index}`);
    return index;
  }

  #describe(type: Type, name: string): HostShape {
    if (type.kind === 'function') return this.#function(type, name);
    if (isNamed(type, 'Vector')) return this.#vector(type, name);
    if (type.kind === 'named' && type.definition.kind === 'sum') return this.#sum(type, name);
    return this.#struct(type, name);
  }

  #struct(type: Type, name: string): HostShape {
    const fields = fieldsOf(type);
    return {
      kind: 'struct',
      fields: this.#fields(fields),
      make: this.#define(
        `${name}:make`,
        fields.map((f) => f.type),
        [type],
        (inner, values, span) => [inner.allocate(inner.program.types.struct(type), values.flat(), span)],
      ),
      take: this.#define(
        `${name}:take`,
        [type],
        fields.map((f) => f.type),
        (inner, [value]) =>
          fields.flatMap((f) =>
            inner.builder.stable(fieldValue(inner, type, value as Value, f.name), f.name),
          ),
      ),
    };
  }

  #vector(type: Type, name: string): HostShape {
    const element = elementOf(type);
    const growing: Type = { kind: 'named', definition: GROWING, args: [element] };
    return {
      kind: 'vector',
      element: this.type(element),
      make: this.#define(`${name}:make`, [], [growing], (inner, _, span) => [
        makeMutVector(inner, growing, [], span),
      ]),
      push: this.#define(`${name}:push`, [growing, element], [], (inner, [vector, value], span) => {
        push(inner, growing, (vector as Value)[0] as Expression, value as Value, span);
        return [];
      }),
      finish: this.#define(`${name}:finish`, [growing], [type], (inner, [vector], span) =>
        freeze(inner, growing, (vector as Value)[0] as Expression, span),
      ),
      length: this.#define(`${name}:length`, [type], ['i32'], (inner, [vector]) => [
        countOf(inner, type, (vector as Value)[0] as Expression),
      ]),
      at: this.#define(`${name}:at`, [type, 'i32'], [element], (inner, [vector, index], span) => {
        const wide = unary('i64', 'i32', 'extend_u', (index as Value)[0] as Expression);
        return checkedElement(inner, type, (vector as Value)[0] as Expression, wide, span);
      }),
    };
  }

  #sum(type: Type, name: string): HostShape {
    return {
      kind: 'sum',
      tag: this.#define(`${name}:tag`, [type], ['i32'], (inner, [value]) => [
        tagOf(inner, type, value as Value),
      ]),
      variants: sumOf(type).variants.map((variant, i) => {
        const types = variant.fields.map((f) => f.type);
        return {
          name: variant.name,
          fields: this.#fields(variant.fields),
          make: this.#define(`${name}:make:${i}`, types, [type], (inner, values, span) =>
            makeVariant(inner, type, variant.name, values.flat(), span),
          ),
          take: this.#define(`${name}:take:${i}`, [type], types, (inner, [value]) =>
            variantFields(inner, type, value as Value, variant.name).flatMap((f) =>
              inner.builder.stable(f.value, 'field'),
            ),
          ),
        };
      }),
    };
  }

  /** A script's function in the hands of the host. */
  #function(type: Type & { readonly kind: 'function' }, name: string): HostShape {
    return {
      kind: 'function',
      params: type.params.map((p) => this.type(p)),
      result: this.type(type.result),
      call: this.#define(
        `${name}:call`,
        [type, ...type.params],
        [type.result],
        (inner, [closure, ...args], span) => {
          const reps = components(type.result).map((c) => c.rep);
          const callee = (closure as Value)[0] as Expression;
          const call = { to: 'closure', closure: callee, args: args.flat(), reps, span } as const;
          return inner.builder.call(call, 'result');
        },
      ),
    };
  }

  /** An exported function from values of the types to values of the types. */
  #define(
    key: string,
    params: readonly (Type | Rep)[],
    results: readonly (Type | Rep)[],
    build: (inner: FunctionLowering, params: readonly Value[], span: Span) => Value,
  ): string {
    const program = this.#program;
    const span = program.nowhere;
    program.define(key, () => {
      const inner = new FunctionLowering(program, EMPTY, { key, name: key });
      const values = params.map((type, i) =>
        repsOf(type).map((rep) => get(inner.builder.param(`value${i}`, rep))),
      );
      const result = build(inner, values, span);
      inner.builder.emit({ kind: 'return', values: result, span });
      return inner.builder.finish({ key, name: key, results: results.flatMap(repsOf), span });
    });
    this.exports.push({ name: key, key, params: [], result: { kind: 'unit' } });
    return key;
  }
}

/** What an immutable vector is made from. */
const GROWING = {
  kind: 'builtin',
  name: 'MutVec',
  key: 'MutVec',
  parameters: [],
  fields: [],
  variants: [],
  entity: false,
  span: undefined,
} as const;

const repsOf = (type: Type | Rep): readonly Rep[] =>
  typeof type === 'string' ? [type] : components(type).map((c) => c.rep);

function plainType(type: Type): HostType | undefined {
  if (type.kind !== 'named' || type.definition.kind !== 'builtin') return undefined;
  const { name } = type.definition;
  if (name === 'Unit') return { kind: 'unit' };
  if (name === 'Bool') return { kind: 'bool' };
  // A keyword is held as its name.
  if (name === 'String' || name === 'Keyword') return { kind: 'string' };
  return NUMERIC.has(name)
    ? { kind: 'number', type: name as Extract<HostType, { kind: 'number' }>['type'] }
    : undefined;
}

/**
 * Is a value of the type copied, or (a function) wrapped? What has identity and can change crosses as a handle, and so do
 * the library's own collections, whose fields are nobody's business.
 */
function crosses(type: Type): boolean {
  if (type.kind === 'function' || isNamed(type, 'Vector')) return true;
  if (type.kind !== 'named' || type.definition.entity) return false;
  if (type.definition.fields.some((f) => f.name.startsWith('%'))) return false;
  return type.definition.kind === 'struct' || type.definition.kind === 'sum';
}
