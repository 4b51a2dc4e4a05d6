/**
 * The library's maps and sets across the host boundary: which functions of the library make one entry by entry. They are
 * gone through as loops go through them, by their instance of `%Walk`.
 */
import type { Rep } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type } from '../types/index.ts';
import { UNIT as NOTHING, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';
import type { ProgramLowering } from './program.ts';
import { WALK } from './walk.ts';

/** How a concrete type of map or set is made, and what its entries are. */
export interface Entries {
  readonly key: Type;
  /** Undefined for a set. */
  readonly value: Type | undefined;
  /** The arguments of its instance of `%Walk`. */
  readonly walk: readonly Type[];
  /** Where a walk stands. */
  readonly cursor: Type;
  /** An empty one. */
  readonly make: (inner: FunctionLowering, span: Span) => Value;
  /** The collection with an entry: itself, where it can change. */
  readonly put: (inner: FunctionLowering, collection: Value, entry: readonly Value[], span: Span) => Value;
}

interface Makers {
  /** The function that gives an empty map. */
  readonly empty: string;
  /** The function that puts an entry in. */
  readonly put: string;
  /** Whether `put` changes the collection, and returns nothing. */
  readonly mutable: boolean;
  /** A set is a struct around a map that holds nothing for its keys. */
  readonly set: boolean;
}

const MAKERS: Readonly<Record<string, Makers>> = {
  'prelude.Map': { empty: 'prelude.%empty-map', put: 'prelude.assoc', mutable: false, set: false },
  'prelude.MutMap': { empty: 'prelude.%mut-map', put: 'prelude.map-set!', mutable: true, set: false },
  'prelude.Set': { empty: 'prelude.%empty-map', put: 'prelude.set-add', mutable: false, set: true },
  'prelude.MutSet': { empty: 'prelude.%mut-map', put: 'prelude.set-add!', mutable: true, set: true },
};

/** Whether a type is one of the library's maps and sets. */
export function isKeyed(type: Type): boolean {
  return type.kind === 'named' && Object.hasOwn(MAKERS, type.definition.key);
}

/** How a map or set of the library crosses; undefined for other types. `unit` is the type of nothing. */
export function entriesOf(program: ProgramLowering, type: Type, unit: Type): Entries | undefined {
  const makers = type.kind === 'named' ? MAKERS[type.definition.key] : undefined;
  if (type.kind !== 'named' || makers === undefined) return undefined;
  const [key, value = unit] = type.args as readonly [Type, Type?];
  const walk = program.instances.at(WALK, type);
  if (walk === undefined)
    throw new Error(`the library does not say how to go through a ${type.definition.name}`);
  const call = (
    inner: FunctionLowering,
    name: string,
    types: readonly Type[],
    args: Value,
    reps: Rep[],
    span: Span,
  ) =>
    inner.builder.call({ to: 'function', key: program.instance(name, types), args, reps, span }, 'entries');
  return {
    key,
    value: makers.set ? undefined : value,
    walk,
    cursor: walk[1] as Type,
    make: (inner, span) => {
      const map = call(inner, makers.empty, [key, value], NOTHING, ['ref'], span);
      return makers.set ? [inner.allocate(program.types.struct(type), map, span)] : map;
    },
    put: (inner, collection, entry, span) => {
      const types = makers.set ? [key] : [key, value];
      const args = [...collection, ...entry.flat()];
      const result = call(inner, makers.put, types, args, makers.mutable ? [] : ['ref'], span);
      return makers.mutable ? collection : result;
    },
  };
}
