/** The types every program has, and short ways to write types in the compiler. */
import type { FieldDefinition, Parameter, Type, TypeDefinition } from './type.ts';

let lastParameter = 0;

/** A new type variable; two are never the same, whatever their names. */
export function newParameter(name: string): Parameter {
  return { id: ++lastParameter, name };
}

function builtin(name: string, ...parameters: readonly string[]): TypeDefinition {
  return {
    kind: 'builtin',
    name,
    key: name,
    parameters: parameters.map(newParameter),
    fields: [],
    variants: [],
    entity: false,
    span: undefined,
  };
}

export const INTEGER_NAMES = ['i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64'] as const;
export const FLOAT_NAMES = ['f32', 'f64'] as const;
export const NUMBER_NAMES = [...INTEGER_NAMES, ...FLOAT_NAMES] as const;
export type NumberName = (typeof NUMBER_NAMES)[number];

/** Integers from `low` up to and including `high`. */
export const RANGES: ReadonlyMap<string, readonly [low: bigint, high: bigint]> = new Map(
  [8n, 16n, 32n, 64n].flatMap((bits): [string, readonly [bigint, bigint]][] => [
    [`i${bits}`, [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]],
    [`u${bits}`, [0n, (1n << bits) - 1n]],
  ]),
);

const VECTOR = builtin('Vector', 'a');
const MUT_VECTOR = builtin('MutVec', 'a');
const WEAK = builtin('Weak', 'a');
const OWNED = builtin('Owned', 'a');
const SHARED = builtin('Shared', 'a');
/** What the library's tables are made of. Names that begin with `%` are the library's own. */
const SEGMENTS = builtin('%Segments', 'a');

/** By the name a script uses. Tuples and arrays are not here: there is one definition for each size. */
export const BUILTIN_TYPES: ReadonlyMap<string, TypeDefinition> = new Map(
  [
    ...NUMBER_NAMES.map((name) => builtin(name)),
    ...['Bool', 'Unit', 'String', 'Keyword', 'Arena'].map((name) => builtin(name)),
    VECTOR,
    MUT_VECTOR,
    WEAK,
    OWNED,
    SHARED,
    SEGMENTS,
    // What tasks send each other values through.
    builtin('Channel', 'a'),
  ].map((definition) => [definition.name, definition]),
);

/** A builtin type without parameters. */
export function simple(name: string): Type {
  const definition = BUILTIN_TYPES.get(name);
  if (definition === undefined) throw new Error(`no builtin type ${name}`);
  return { kind: 'named', definition, args: [] };
}

export const I64 = simple('i64');
export const F64 = simple('f64');
export const BOOL = simple('Bool');
export const UNIT = simple('Unit');
export const STRING = simple('String');
export const KEYWORD = simple('Keyword');
export const ARENA = simple('Arena');

/**
 * What is expected where the context asks for `Unit`: of a statement, of the body of a function that is declared to return it.
 * Every arm drops its value there. It is told from `UNIT` by identity, and is no node's type.
 */
export const DROPPED: Type = { ...UNIT };

export const vectorOf = (element: Type): Type => ({ kind: 'named', definition: VECTOR, args: [element] });
export const mutVectorOf = (element: Type): Type => ({
  kind: 'named',
  definition: MUT_VECTOR,
  args: [element],
});

export const segmentsOf = (element: Type): Type => ({ kind: 'named', definition: SEGMENTS, args: [element] });

export const weakOf = (type: Type): Type => ({ kind: 'named', definition: WEAK, args: [type] });

export const ownedOf = (type: Type): NamedType => ({ kind: 'named', definition: OWNED, args: [type] });

export const sharedOf = (type: Type): NamedType => ({ kind: 'named', definition: SHARED, args: [type] });

/** What an owned or a shared value's type says is owned; undefined of other types. */
export const ownedSubject = (type: Type): Type | undefined =>
  type.kind === 'named' && (type.definition === OWNED || type.definition === SHARED)
    ? type.args[0]
    : undefined;

/** Whether a value has several owners, each of which has a share. */
export const isShared = (type: Type): boolean => type.kind === 'named' && type.definition === SHARED;

export type FunctionType = Extract<Type, { kind: 'function' }>;
export type NamedType = Extract<Type, { kind: 'named' }>;

export const functionOf = (params: readonly Type[], result: Type): FunctionType => ({
  kind: 'function',
  params,
  result,
});

export const parameterType = (parameter: Parameter): Type => ({ kind: 'parameter', parameter });

const tuples = new Map<number, TypeDefinition>();

/** The definition of tuples of that many fields, named `0`, `1`, ... */
function tupleDefinition(size: number): TypeDefinition {
  let definition = tuples.get(size);
  if (definition === undefined) {
    const parameters = Array.from({ length: size }, (_, i) => newParameter(`t${i}`));
    const fields = parameters.map(
      (p, i): FieldDefinition => ({
        name: String(i),
        type: parameterType(p),
        mutable: false,
        span: undefined,
      }),
    );
    definition = { ...builtin('Tuple'), key: `Tuple${size}`, parameters, fields };
    tuples.set(size, definition);
  }
  return definition;
}

export const tupleOf = (args: readonly Type[]): NamedType => ({
  kind: 'named',
  definition: tupleDefinition(args.length),
  args,
});

/** As many elements as an array may have, and as many numbers and addresses as all of them may come to. */
export const MOST_ARRAY_ELEMENTS = 256;

/** What is said of an array of more. */
export const tooWide = (numbers: number): string =>
  `this array would come to ${numbers.toLocaleString('en')} numbers, and at most ${MOST_ARRAY_ELEMENTS} fit`;

export const ELEMENTS_ELSEWHERE =
  'a `MutVec` holds as many as one likes; an array of structs holds one address for each';

const arrays = new Map<number, TypeDefinition>();

/** The definition of arrays of that many elements: with its length in its name, as a script writes the type. */
export function arrayDefinition(length: number): TypeDefinition {
  let definition = arrays.get(length);
  if (definition === undefined) {
    definition = { ...builtin(`Array ${length}`, 'a'), key: `Array${length}`, length };
    arrays.set(length, definition);
  }
  return definition;
}

export const arrayOf = (length: number, element: Type): NamedType => ({
  kind: 'named',
  definition: arrayDefinition(length),
  args: [element],
});

/** How many elements values of a type have where that is an array; undefined of other types. */
export const arrayLength = (type: Type): number | undefined => definitionOf(type)?.length;

/** What stands where a type could not be found out: agrees with everything, so that one mistake is reported once. */
export const ERROR: Type = { kind: 'named', definition: builtin('?'), args: [] };

export const isError = (type: Type): boolean =>
  type.kind === 'named' && type.definition === definitionOf(ERROR);

/** True for a definition of a builtin type of that name. */
export const isBuiltin = (type: Type, ...names: readonly string[]): type is NamedType =>
  type.kind === 'named' && type.definition.kind === 'builtin' && names.includes(type.definition.name);

/** The name of a type that is part of the language, built in or from the prelude; undefined for a program's own. */
export const languageType = (type: Type): string | undefined => {
  const definition = definitionOf(type);
  if (definition === undefined) return undefined;
  const isOurs = definition.kind === 'builtin' || definition.key === `prelude.${definition.name}`;
  return isOurs ? definition.name : undefined;
};

export const isTuple = (definition: TypeDefinition): boolean =>
  definition.kind === 'builtin' && definition.name === 'Tuple';

/** What lies flat in what holds it: values, tuples and arrays. Sums are asked for what they hold. */
export const isFlat = (definition: TypeDefinition): boolean =>
  definition.kind === 'value' || isTuple(definition) || definition.length !== undefined;

function definitionOf(type: Type): TypeDefinition | undefined {
  return type.kind === 'named' ? type.definition : undefined;
}
