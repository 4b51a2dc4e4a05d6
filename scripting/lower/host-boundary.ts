/**
 * Values across the host boundary. Numbers, strings and flat values cross as their components, objects of the host as
 * proxies. For everything else the image exports small functions that make a value and take it apart, written in the
 * representation like any other code: so the machine needs to know nothing of layouts, which differ between types, modes and
 * versions. Only what crosses in a direction gets the functions for that direction.
 */

import { HOST_CALLS, type HostShape, type HostType, type Rep } from '../image/index.ts';
import type { Export, Expression } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type } from '../types/index.ts';
import { get, unary, type Value } from './builder.ts';
import { hostClosure } from './closure.ts';
import { FunctionLowering } from './function.ts';
import { type Entries, entriesOf, isKeyed } from './host-collections.ts';
import { freeze, makeMutVector, push } from './mut-vector.ts';
import { fieldValue } from './pattern.ts';
import type { ProgramLowering } from './program.ts';
import {
  ADDRESS,
  components,
  elementOf,
  fieldsOf,
  isArray,
  isFlat,
  isHostObject,
  isNamed,
  NUMERIC,
} from './representation.ts';
import { builtin, EMPTY, typeKey, typeName } from './substitution.ts';
import { sumOf } from './sum.ts';
import { makeVariant, tagOf, variantFields } from './variant.ts';
import { checkedElement, countOf } from './vector.ts';
import { WALK } from './walk.ts';

type HostFields = readonly { readonly name: string; readonly type: HostType }[];

/** Whether values cross into the script, where they are made, or out of it, where they are taken apart. */
export type Way = 'in' | 'out';

interface Known {
  readonly index: number;
  readonly ways: Set<Way>;
}

export class HostBoundary {
  readonly shapes: HostShape[] = [];
  /** The functions that make values and take them apart. */
  readonly exports: Export[] = [];
  readonly #program: ProgramLowering;
  readonly #known = new Map<string, Known>();

  constructor(program: ProgramLowering) {
    this.#program = program;
  }

  /** How a value of the type crosses. */
  type(type: Type, way: Way): HostType {
    const plain = plainType(type);
    if (plain !== undefined) return plain;
    if (type.kind === 'named' && isFlat(type)) {
      const kind = isNamed(type, 'Tuple') || isArray(type) ? 'tuple' : 'value';
      return { kind, name: typeName(type), fields: this.#fields(fieldsOf(type), way) };
    }
    if (type.kind === 'named' && isHostObject(type))
      return { kind: 'object', name: typeName(type), host: type.definition.host ?? '' };
    const isCopied = crosses(type);
    if (!isCopied || type.kind === 'function') this.#program.kept.addHandle(type);
    if (!isCopied) return { kind: 'opaque', name: typeName(type), key: typeKey(type) };
    return {
      kind: 'shape',
      name: typeName(type),
      key: typeKey(type),
      shape: this.#shape(type, way),
      reps: components(type).map((c) => c.rep),
    };
  }

  #fields(fields: readonly { readonly name: string; readonly type: Type }[], way: Way): HostFields {
    return fields.map((f) => ({ name: f.name, type: this.type(f.type, way) }));
  }

  /** Its number; known before its parts are looked at, since a type may have itself in it. */
  #shape(type: Type, way: Way): number {
    const key = typeKey(type);
    let known = this.#known.get(key);
    if (known === undefined) {
      known = { index: this.shapes.push({ kind: 'pending' } as never) - 1, ways: new Set() };
      this.#known.set(key, known);
    }
    const { index, ways } = known;
    if (!ways.has(way)) {
      ways.add(way);
      // In the other direction it is the same shape, but its parts cross in that direction too.
      this.shapes[index] = this.#describe(type, `sluice:host:${index}`, way);
    }
    return index;
  }

  #describe(type: Type, name: string, way: Way): HostShape {
    if (type.kind === 'function') return this.#function(type, name, way);
    if (isNamed(type, 'Vector')) return this.#vector(type, name, way);
    const entries = entriesOf(this.#program, type, NOTHING);
    if (entries !== undefined) return this.#map(type, entries, name, way);
    if (type.kind === 'named' && type.definition.kind === 'sum') return this.#sum(type, name, way);
    return this.#struct(type, name, way);
  }

  #struct(type: Type, name: string, way: Way): HostShape {
    const fields = fieldsOf(type);
    const types = fields.map((f) => f.type);
    const shape = {
      kind: 'struct',
      fields: this.#fields(fields, way),
      make: `${name}:make`,
      take: `${name}:take`,
    } as const;
    if (way === 'in')
      this.#define(shape.make, types, [type], (inner, values, span) => [
        inner.allocate(inner.program.types.struct(type), values.flat(), span),
      ]);
    else
      this.#define(shape.take, [type], types, (inner, [value]) =>
        fields.flatMap((f) => inner.builder.stable(fieldValue(inner, type, value as Value, f.name), f.name)),
      );
    return shape;
  }

  #vector(type: Type, name: string, way: Way): HostShape {
    const element = elementOf(type);
    const growing: Type = { kind: 'named', definition: GROWING, args: [element] };
    const shape = {
      kind: 'vector',
      element: this.type(element, way),
      make: `${name}:make`,
      push: `${name}:push`,
      finish: `${name}:finish`,
      length: `${name}:length`,
      at: `${name}:at`,
    } as const;
    if (way === 'in') {
      this.#define(shape.make, [], [growing], (inner, _, span) => [makeMutVector(inner, growing, [], span)]);
      this.#define(shape.push, [growing, element], [], (inner, [vector, value], span) => {
        push(inner, growing, (vector as Value)[0] as Expression, value as Value, span);
        return [];
      });
      this.#define(shape.finish, [growing], [type], (inner, [vector], span) =>
        freeze(inner, growing, (vector as Value)[0] as Expression, span),
      );
    } else {
      this.#define(shape.length, [type], ['i32'], (inner, [vector]) => [
        countOf(inner, type, (vector as Value)[0] as Expression),
      ]);
      this.#define(shape.at, [type, 'i32'], [element], (inner, [vector, index], span) => {
        const wide = unary('i64', 'i32', 'extend_u', (index as Value)[0] as Expression);
        return checkedElement(inner, type, (vector as Value)[0] as Expression, wide, span);
      });
    }
    return shape;
  }

  /** A map or set of the library: made entry by entry, and gone through as loops do. */
  #map(type: Type, entries: Entries, name: string, way: Way): HostShape {
    const { key, value, walk, cursor } = entries;
    const shape = {
      kind: 'map',
      key: this.type(key, way),
      value: value === undefined ? undefined : this.type(value, way),
      make: `${name}:make`,
      put: `${name}:put`,
      start: `${name}:start`,
      more: `${name}:more`,
      here: `${name}:here`,
      after: `${name}:after`,
    } as const;
    const item = value === undefined ? [key] : [key, value];
    if (way === 'in') {
      this.#define(shape.make, [], [type], (inner, _, span) => entries.make(inner, span));
      this.#define(shape.put, [type, ...item], [type], (inner, [map, ...entry], span) =>
        entries.put(inner, map as Value, entry, span),
      );
    } else {
      const method =
        (of: string, results: readonly (Type | Rep)[]): Build =>
        (inner, values, span) => {
          const callee = this.#program.methodInstance(WALK, of, walk, []);
          const reps = results.flatMap(repsOf);
          const call = { to: 'function', key: callee, args: values.flat(), reps, span } as const;
          return inner.builder.call(call, of.slice(1));
        };
      this.#define(shape.start, [type], [cursor], method('%start', [cursor]));
      this.#define(shape.more, [type, cursor], ['i32'], method('%more?', ['i32']));
      this.#define(shape.here, [type, cursor], item, method('%here', item));
      this.#define(shape.after, [type, cursor], [cursor], method('%after', [cursor]));
    }
    return shape;
  }

  #sum(type: Type, name: string, way: Way): HostShape {
    const tag = `${name}:tag`;
    if (way === 'out')
      this.#define(tag, [type], ['i32'], (inner, [value]) => [tagOf(inner, type, value as Value)]);
    const variants = sumOf(type).variants.map((variant, i) => {
      const types = variant.fields.map((f) => f.type);
      const shape = {
        name: variant.name,
        fields: this.#fields(variant.fields, way),
        make: `${name}:make:${i}`,
        take: `${name}:take:${i}`,
      };
      if (way === 'in')
        this.#define(shape.make, types, [type], (inner, values, span) =>
          makeVariant(inner, type, variant.name, values.flat(), span),
        );
      else
        this.#define(shape.take, [type], types, (inner, [value]) =>
          variantFields(inner, type, value as Value, variant.name).flatMap((f) =>
            inner.builder.stable(f.value, 'field'),
          ),
        );
      return shape;
    });
    return { kind: 'sum', tag, variants };
  }

  /** A script's function in the hands of the host, or one of the host's in a script's. */
  #function(type: Type & { readonly kind: 'function' }, name: string, way: Way): HostShape {
    const back: Way = way === 'in' ? 'out' : 'in';
    const shape = {
      kind: 'function',
      key: typeKey(type),
      comesOut: this.#known.get(typeKey(type))?.ways.has('out') === true,
      params: type.params.map((p) => this.type(p, back)),
      result: this.type(type.result, way),
      call: `${name}:call`,
      wrap: `${name}:wrap`,
    } as const;
    const reps = components(type.result).map((c) => c.rep);
    if (way === 'out')
      this.#define(shape.call, [type, ...type.params], [type.result], (inner, [closure, ...args], span) => {
        const callee = (closure as Value)[0] as Expression;
        const call = { to: 'closure', closure: callee, args: args.flat(), reps, span } as const;
        return inner.builder.call(call, 'result');
      });
    else {
      // An error in it is its caller's, as in the library's own functions.
      const span = this.#program.library;
      const callee = {
        name: 'function',
        type: { kind: 'object', name: typeName(type), host: HOST_CALLS },
      } as const;
      const params = shape.params.map((param, i) => ({ name: `argument ${i + 1}`, type: param }));
      const index = this.#program.addExtern({
        module: HOST_CALLS,
        name: shape.wrap,
        params: [callee, ...params],
        result: shape.result,
        span,
      });
      this.#define(shape.wrap, [ADDRESS.rep], [type], (inner, [proxy]) => [
        hostClosure(inner, type, (proxy as Value)[0] as Expression, index, span),
      ]);
    }
    return shape;
  }

  /** An exported function from values of the types to values of the types. */
  #define(
    key: string,
    params: readonly (Type | Rep)[],
    results: readonly (Type | Rep)[],
    build: Build,
  ): void {
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
  }
}

type Build = (inner: FunctionLowering, params: readonly Value[], span: Span) => Value;

/** What an immutable vector is made from. */
const GROWING = builtin('MutVec');

/** What a set's map holds for its keys. */
const NOTHING: Type = { kind: 'named', definition: builtin('Unit'), args: [] };

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
 * those of the library's own collections that are no maps or sets, since their fields are nobody's business.
 */
function crosses(type: Type): boolean {
  if (type.kind === 'function' || isNamed(type, 'Vector') || isKeyed(type)) return true;
  if (type.kind !== 'named' || type.definition.entity) return false;
  if (type.definition.fields.some((f) => f.name.startsWith('%'))) return false;
  return type.definition.kind === 'struct' || type.definition.kind === 'sum';
}
