/**
 * The classes that the language itself uses, and for which types they hold without an instance being written. `Number`,
 * `IntegerLiteral`, `FloatLiteral` and `Entity` hold for fixed sets of types; the others a program may add instances to.
 */
import {
  arrayLength,
  BOOL,
  FLOAT_NAMES,
  functionOf,
  I64,
  INTEGER_NAMES,
  isBuiltin,
  isTuple,
  NUMBER_NAMES,
  newParameter,
  parameterType,
  STRING,
  UNIT,
  vectorOf,
} from './builtin.ts';
import type { ClassEntry, MethodEntry } from './definition.ts';
import { ORDERING } from './ordering.ts';
import { holdsSprite, placeField } from './stage-types.ts';
import type { Predicate, Type } from './type.ts';
import { substitute } from './unify.ts';

type Signature = (a: Type, b: Type) => { params: readonly Type[]; result: Type };

const binary: Signature = (a) => ({ params: [a, a], result: a });
const unary: Signature = (a) => ({ params: [a], result: a });
const comparison: Signature = (a) => ({ params: [a, a], result: BOOL });

const each = (names: string, signature: Signature): [string, Signature][] =>
  names.split(' ').map((name) => [name, signature]);

function define(
  name: string,
  superclasses: readonly string[],
  methods: readonly (readonly [string, Signature])[],
  parameterNames: readonly string[] = ['a'],
): ClassEntry {
  const parameters = parameterNames.map(newParameter);
  const [a, b = a] = parameters.map(parameterType) as [Type, Type?];
  return {
    name,
    key: name,
    parameters,
    superclasses: superclasses.map((s) => ({ class: s, args: parameters.map(parameterType) })),
    methods: new Map(
      methods.map(([method, signature]): [string, MethodEntry] => {
        const { params, result } = signature(a, b);
        const type = functionOf(params, result);
        return [method, { name: method, parameters: [], constraints: [], type, constant: false }];
      }),
    ),
    defaults: new Map(),
    module: undefined,
    determined: parameters.length > 1,
    span: undefined,
  };
}

export const BUILTIN_CLASSES: ReadonlyMap<string, ClassEntry> = new Map(
  [
    define('Num', ['IntegerLiteral'], [...each('+ - * / mod rem', binary), ...each('negate abs', unary)]),
    define('Eq', [], each('=', comparison)),
    define(
      'Ord',
      ['Eq'],
      [
        ...each('< > <= >=', comparison),
        ['compare', (a) => ({ params: [a, a], result: ORDERING })],
        ...each('min max', binary),
      ],
    ),
    define(
      'Bits',
      ['Number'],
      [...each('bit-and bit-or bit-xor shl shr', binary), ...each('bit-not', unary)],
    ),
    define(
      'Real',
      ['Number', 'FloatLiteral'],
      [
        ...each('sqrt floor ceil round trunc sin cos tan asin acos atan exp log', unary),
        ...each('atan2 pow', binary),
      ],
    ),
    define('Hash', ['Eq'], [['hash', (a) => ({ params: [a], result: I64 })]]),
    define('Show', [], [['show', (a) => ({ params: [a], result: STRING })]]),
    define(
      'Collection',
      [],
      [
        ['len', (c) => ({ params: [c], result: I64 })],
        ['%vector', (c, a) => ({ params: [c], result: vectorOf(a) })],
      ],
      ['c', 'a'],
    ),
    define(
      'Sequence',
      ['Collection'],
      [
        ['nth', (c, a) => ({ params: [c, I64], result: a })],
        ['%slice', (c, a) => ({ params: [c, I64, I64], result: vectorOf(a) })],
      ],
      ['c', 'a'],
    ),
    define('Number', ['Num', 'Ord', 'Show'], []),
    define('IntegerLiteral', [], []),
    define('FloatLiteral', ['IntegerLiteral'], []),
    define('Entity', [], []),
    define('Collected', [], []),
    define('Drawn', [], []),
    define('Placed', ['Entity'], []),
    define('Movable', ['Placed'], []),
    define('Shareable', [], []),
    define('Drop', [], [['drop', (a) => ({ params: [a], result: UNIT })]]),
  ].map((entry) => [entry.key, entry]),
);

/** What a rule says of a predicate: it follows from others (perhaps from none), or it does not hold. */
type Ruling = readonly Predicate[] | 'fails';

const numbers = (names: readonly string[]) => (type: Type) => (isBuiltin(type, ...names) ? [] : 'fails');

const ordered = numbers([...NUMBER_NAMES, 'String']);

const RULES: Readonly<Record<string, (type: Type) => Ruling>> = {
  Num: numbers(NUMBER_NAMES),
  Number: numbers(NUMBER_NAMES),
  IntegerLiteral: numbers(NUMBER_NAMES),
  FloatLiteral: numbers(FLOAT_NAMES),
  Real: numbers(FLOAT_NAMES),
  Bits: numbers(INTEGER_NAMES),
  Eq: (type) => structural('Eq', type),
  Hash: (type) => structural('Hash', type),
  Show: (type) => structural('Show', type),
  Ord: (type) => (arrayLength(type) === undefined ? ordered(type) : structural('Ord', type)),
  Collection: (type) => (elementType(type) === undefined ? 'fails' : []),
  Sequence: (type) => (elementType(type) === undefined ? 'fails' : []),
  Collected: (type) => (hasIdentity(type) ? [] : 'fails'),
  Placed: (type) => (placeField(type) === undefined ? 'fails' : []),
  Movable: (type) => (placeField(type)?.mutable === true ? [] : 'fails'),
  Drawn: (type) => (holdsSprite(type) ? [] : 'fails'),
  Shareable: (type) => (isMutableCollection(type) ? 'fails' : structural('Shareable', type)),
  Drop: () => 'fails',
  Entity: (type) => (type.kind === 'named' && type.definition.entity ? [] : 'fails'),
};

/** The rule of a builtin class for a type whose head is known; undefined where there is none. */
export function builtinRuling(className: string, type: Type): Ruling | undefined {
  return Object.hasOwn(RULES, className) ? RULES[className]?.(type) : undefined;
}

/** The type of the elements of a builtin collection. */
export function elementType(type: Type): Type | undefined {
  if (type.kind !== 'named') return undefined;
  return isBuiltin(type, 'Vector', 'MutVec') || arrayLength(type) !== undefined ? type.args[0] : undefined;
}

/** Whether values of a type are objects of their own, which live until nothing leads to them. */
function hasIdentity(type: Type): boolean {
  if (type.kind === 'function') return true;
  if (type.kind !== 'named') return false;
  return type.definition.kind === 'struct' || isBuiltin(type, 'String', 'Vector', 'MutVec', 'Shared');
}

/** What several tasks may not hold at the same time. */
function isMutableCollection(type: Type): boolean {
  if (type.kind !== 'named') return false;
  return MUTABLE.has(type.definition.key);
}

const MUTABLE: ReadonlySet<string> = new Set([
  'MutVec',
  ...['MutMap', 'MutSet', 'Deque', 'PriorityQueue'].map((name) => `prelude.${name}`),
]);

/** Classes that hold for a type where they hold for everything in it. */
function structural(className: string, type: Type): Ruling {
  if (type.kind !== 'named' || isBuiltin(type, 'Arena', '%Segments')) return 'fails';
  // A weak reference is equal to itself, whatever it leads to; where it lies may change, so it has no hash.
  if (isBuiltin(type, 'Weak') && className !== 'Shareable') return className === 'Hash' ? 'fails' : [];
  return componentsOf(className, type);
}

function componentsOf(className: string, type: Type): Ruling {
  if (type.kind !== 'named') return 'fails';
  const { definition, args } = type;
  if (definition.kind === 'builtin' && !isTuple(definition))
    return args.map((arg) => ({ class: className, args: [arg] }));
  const replacement = new Map(definition.parameters.map((p, i) => [p, args[i] as Type]));
  // A collection of the library is what is in it.
  if (definition.fields.some((f) => f.name.startsWith('%')))
    return args.map((arg) => ({ class: className, args: [arg] }));
  const fields = [...definition.fields, ...definition.variants.flatMap((v) => v.fields)];
  return fields.map((field) => ({ class: className, args: [substitute(field.type, replacement)] }));
}
