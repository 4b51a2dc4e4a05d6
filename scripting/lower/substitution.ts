/**
 * Concrete types. `lower` compiles each generic function once per set of concrete type arguments, so that after this
 * point no type variable is left: a substitution says what each parameter of the function in hand stands for.
 */
import type { Parameter, Type, TypeDefinition } from '../types/index.ts';

export type Substitution = ReadonlyMap<number, Type>;

export const EMPTY: Substitution = new Map();

/** Whether a substitution says what every parameter in a type stands for. */
export function isKnown(type: Type, substitution: Substitution): boolean {
  switch (type.kind) {
    case 'named':
      return type.args.every((arg) => isKnown(arg, substitution));
    case 'function':
      return [...type.params, type.result].every((part) => isKnown(part, substitution));
    case 'parameter':
      return substitution.has(type.parameter.id);
    case 'apply':
      return [type.head, ...type.args].every((part) => isKnown(part, substitution));
    case 'meta':
      return type.solution === undefined || isKnown(type.solution, substitution);
  }
}

/** What each of the parameters stands for. */
export function bind(parameters: readonly Parameter[], types: readonly Type[]): Substitution {
  return new Map(parameters.map((p, i) => [p.id, types[i] as Type]));
}

/** The same array where nothing in it changes: what is concrete already stays the object that it is. */
function concreteAll(types: readonly Type[], substitution: Substitution): readonly Type[] {
  if (types.length === 0) return types;
  const made = types.map((type) => concrete(type, substitution));
  return made.every((type, i) => type === types[i]) ? types : made;
}

function withArgs(type: Extract<Type, { kind: 'named' }>, args: readonly Type[]): Type {
  return args === type.args ? type : { ...type, args };
}

/** The type with every parameter replaced and every solved unknown followed. Unknowns nobody asked about are Unit. */
export function concrete(type: Type, substitution: Substitution): Type {
  switch (type.kind) {
    case 'named':
      return withArgs(type, concreteAll(type.args, substitution));
    case 'function': {
      const params = concreteAll(type.params, substitution);
      const result = concrete(type.result, substitution);
      return params === type.params && result === type.result ? type : { kind: 'function', params, result };
    }
    case 'parameter': {
      const found = substitution.get(type.parameter.id);
      if (found === undefined) throw new Error(`no type for parameter '${type.parameter.name}`);
      return found;
    }
    case 'apply': {
      const head = concrete(type.head, substitution);
      const args = type.args.map((a) => concrete(a, substitution));
      if (head.kind !== 'named') throw new Error('a type without a name cannot be applied');
      return { ...head, args: [...head.args, ...args] };
    }
    case 'meta':
      if (type.solution !== undefined) return concrete(type.solution, substitution);
      if (type.literal !== undefined) return named(type.literal === 'integer' ? 'i64' : 'f64');
      return named('Unit');
  }
}

function named(name: string): Type {
  return { kind: 'named', definition: builtin(name), args: [] };
}

/** A type of the language, by its name: concrete types are told apart by that, and its parameters are not asked for. */
export function builtin(name: string): TypeDefinition {
  return {
    kind: 'builtin',
    name,
    key: name,
    parameters: [],
    fields: [],
    variants: [],
    entity: false,
    span: undefined,
  };
}

/** The same text for the same concrete type, different texts for different ones. */
export function typeKey(type: Type): string {
  return spell(type, (definition) => definition.key);
}

/** A concrete type as a script writes it. */
export function typeName(type: Type): string {
  return spell(type, (definition) => definition.name);
}

function spell(type: Type, name: (definition: TypeDefinition) => string): string {
  switch (type.kind) {
    case 'named': {
      const own = name(type.definition);
      return type.args.length === 0 ? own : `(${own} ${type.args.map((a) => spell(a, name)).join(' ')})`;
    }
    case 'function':
      return `(Fn [${type.params.map((p) => spell(p, name)).join(' ')}] ${spell(type.result, name)})`;
    case 'parameter':
      return `'${type.parameter.name}`;
    case 'apply':
      return `(${spell(type.head, name)} ${type.args.map((a) => spell(a, name)).join(' ')})`;
    case 'meta':
      return type.solution === undefined ? '_' : spell(type.solution, name);
  }
}

/**
 * What a pattern's parameters must stand for so that it equals a concrete type; undefined where it cannot. Instances
 * are found this way.
 */
export function match(
  pattern: Type,
  type: Type,
  found: Map<number, Type> = new Map(),
): Map<number, Type> | undefined {
  switch (pattern.kind) {
    case 'parameter': {
      const before = found.get(pattern.parameter.id);
      if (before === undefined) return found.set(pattern.parameter.id, type);
      return typeKey(before) === typeKey(type) ? found : undefined;
    }
    case 'named': {
      if (type.kind !== 'named' || type.definition.key !== pattern.definition.key) return undefined;
      if (type.args.length !== pattern.args.length) return undefined;
      return matchAll(pattern.args, type.args, found);
    }
    case 'function': {
      if (type.kind !== 'function' || type.params.length !== pattern.params.length) return undefined;
      return matchAll([...pattern.params, pattern.result], [...type.params, type.result], found);
    }
    case 'apply': {
      if (type.kind !== 'named' || type.args.length < pattern.args.length) return undefined;
      const split = type.args.length - pattern.args.length;
      const head: Type = { ...type, args: type.args.slice(0, split) };
      return matchAll([pattern.head, ...pattern.args], [head, ...type.args.slice(split)], found);
    }
    case 'meta':
      return pattern.solution === undefined ? undefined : match(pattern.solution, type, found);
  }
}

function matchAll(
  patterns: readonly Type[],
  types: readonly Type[],
  found: Map<number, Type>,
): Map<number, Type> | undefined {
  let result: Map<number, Type> | undefined = found;
  for (let i = 0; i < patterns.length && result !== undefined; i++) {
    result = match(patterns[i] as Type, types[i] as Type, result);
  }
  return result;
}
