/** The types, classes and generic functions that the cases of one program share, by chance. */
import {
  type Expression,
  expression,
  type FieldDeclaration,
  type FunctionDeclaration,
  type MethodDeclaration,
  type ProductDeclaration,
  type SumDeclaration,
  type World,
} from './program.ts';
import type { Random } from './random.ts';
import {
  BOOL,
  F64,
  functionType,
  I64,
  mutableVector,
  option,
  STRING,
  substitute,
  type Type,
  type,
  UNIT,
  vector,
} from './type.ts';

export const NODE = type('Node');
export const SPOT = type('Spot');
export const CARD = type('Card');
export const SHAPE = type('Shape');
export const TROUBLE = type('Trouble');
const A = type("'a");
const B = type("'b");
const tuple = (...fields: Type[]) => type('Tuple', ...fields);

/** A world, and the types that its cases use. */
export interface Pool {
  readonly world: World;
  readonly types: readonly Type[];
}

const BASE: readonly Type[] = [I64, F64, BOOL, STRING, SPOT, NODE, SHAPE, CARD];

const COMPOUND: readonly Type[] = [
  option(NODE),
  option(STRING),
  option(SPOT),
  vector(STRING),
  vector(NODE),
  vector(I64),
  vector(SPOT),
  vector(option(NODE)),
  vector(SHAPE),
  mutableVector(NODE),
  mutableVector(STRING),
  mutableVector(SPOT),
  mutableVector(I64),
  mutableVector(vector(STRING)),
  mutableVector(functionType([I64], I64)),
  mutableVector(tuple(I64, NODE)),
  type('MutMap', STRING, NODE),
  type('MutMap', I64, mutableVector(STRING)),
  type('MutMap', STRING, STRING),
  type('Map', STRING, I64),
  type('Map', I64, NODE),
  type('Set', STRING),
  type('MutSet', I64),
  type('MutSet', STRING),
  type('List', STRING),
  type('List', NODE),
  tuple(I64, NODE),
  tuple(STRING, SPOT),
  type('Result', STRING, TROUBLE),
  type('Result', NODE, TROUBLE),
  type('Result', I64, STRING),
  functionType([I64], I64),
  functionType([NODE], STRING),
  functionType([STRING], NODE),
  functionType([], mutableVector(NODE)),
  type('Tree', STRING),
  type('Tree', NODE),
  type('Pair', STRING, NODE),
  type('Pair', mutableVector(STRING), I64),
  type('Atom', STRING),
];

/** Functions that may put something into what they are given. */
const CALLBACKS: readonly Type[] = [
  functionType([NODE], UNIT),
  functionType([NODE], NODE),
  functionType([mutableVector(NODE)], UNIT),
  functionType([mutableVector(STRING)], STRING),
  functionType([type('MutMap', STRING, NODE)], UNIT),
];

/** What a node may have beside its number, label and next. */
const NODE_FIELDS: readonly FieldDeclaration[] = [
  { name: 'spot', type: SPOT, mutable: true },
  { name: 'kids', type: mutableVector(NODE), mutable: false },
  { name: 'names', type: vector(STRING), mutable: true },
  { name: 'shape', type: SHAPE, mutable: true },
  { name: 'table', type: type('MutMap', STRING, NODE), mutable: true },
  { name: 'act', type: functionType([I64], I64), mutable: true },
  { name: 'both', type: tuple(I64, STRING), mutable: true },
  { name: 'owner', type: option(type('Weak', NODE)), mutable: true },
  { name: 'back', type: option(NODE), mutable: true },
  { name: 'way', type: type('List', STRING), mutable: true },
];

export function makeWorld(random: Random): Pool {
  const compound = [...random.some(COMPOUND, 8), ...random.some(CALLBACKS, 2)];
  const extra = random.some(NODE_FIELDS, 1 + random.below(3));
  const field = (name: string, of: Type, mutable = false): FieldDeclaration => ({ name, type: of, mutable });
  const node: ProductDeclaration = {
    name: 'Node',
    params: [],
    flat: false,
    fields: [
      field('n', I64, true),
      field('label', STRING, true),
      field('next', option(NODE), true),
      ...extra,
    ],
    // A function does not show; and rings of nodes would show without an end.
    shown:
      extra.some((f) => f.name === 'act') || random.chance(0.6) ? random.pick(['n', 'label']) : undefined,
  };
  const spot: ProductDeclaration = {
    name: 'Spot',
    params: [],
    flat: true,
    fields: [
      field('x', I64),
      field('y', F64),
      ...random.some(
        [field('name', STRING), field('who', option(NODE)), field('items', mutableVector(I64))],
        random.below(3),
      ),
    ],
    shown: undefined,
  };
  const card: ProductDeclaration = {
    name: 'Card',
    params: [],
    flat: false,
    fields: [field('title', STRING), field('rank', I64, true)],
    shown: undefined,
  };
  const pair: ProductDeclaration = {
    name: 'Pair',
    params: ["'a", "'b"],
    flat: false,
    fields: [field('fst', A, true), field('snd', B, true)],
    shown: undefined,
  };
  const shape: SumDeclaration = {
    name: 'Shape',
    params: [],
    variants: [
      { name: 'Dot', fields: [] },
      ...random.some(
        [
          { name: 'Line', fields: [SPOT, SPOT] },
          { name: 'Named', fields: [STRING, SHAPE] },
          { name: 'Group', fields: [vector(SHAPE)] },
          { name: 'Holds', fields: [NODE] },
          { name: 'Sized', fields: [I64, F64] },
        ],
        2 + random.below(3),
      ),
    ],
  };
  const trouble: SumDeclaration = {
    name: 'Trouble',
    params: [],
    variants: [
      { name: 'Lost', fields: [STRING] },
      { name: 'Broken', fields: [I64, STRING] },
      { name: 'Worse', fields: [] },
    ],
  };
  const tree: SumDeclaration = {
    name: 'Tree',
    params: ["'a"],
    variants: [
      { name: 'Leaf', fields: [] },
      { name: 'Fork', fields: [type('Tree', A), A, type('Tree', A)] },
    ],
  };
  const world: World = {
    products: [spot, card, node, pair],
    sums: [shape, trouble, tree],
    methods: METHODS,
    functions: GENERIC,
    apart: random.chance(0.15),
    modules: [],
  };
  return { world, types: [...BASE, ...compound] };
}

// ---------------------------------------------------------------------------------------------- classes

const variable = (name: string, of: Type): Expression => expression('variable', of, [], { name });
const primitive = (name: string, of: Type, ...parts: Expression[]): Expression =>
  expression('primitive', of, parts, { name });
const weigh = (what: Expression): Expression => expression('method', I64, [what], { name: 'weigh' });
const bind = (name: string, of: Type) => ({ name, type: of, mutable: false });

const METHODS: readonly MethodDeclaration[] = [
  { of: I64, needs: undefined, param: bind('x', I64), body: variable('x', I64) },
  {
    of: STRING,
    needs: undefined,
    param: bind('x', STRING),
    body: primitive('string-length', I64, variable('x', STRING)),
  },
  {
    of: NODE,
    needs: undefined,
    param: bind('x', NODE),
    body: primitive(
      '+',
      I64,
      expression('field', I64, [variable('x', NODE)], { name: 'n' }),
      weigh(expression('field', STRING, [variable('x', NODE)], { name: 'label' })),
    ),
  },
  {
    of: SPOT,
    needs: undefined,
    param: bind('x', SPOT),
    body: expression('field', I64, [variable('x', SPOT)], { name: 'x' }),
  },
  ...[vector(A), mutableVector(A)].map(
    (of): MethodDeclaration => ({
      of,
      needs: A,
      param: bind('xs', of),
      body: primitive(
        'fold',
        I64,
        expression(
          'lambda',
          functionType([I64, A], I64),
          [primitive('+', I64, variable('sum', I64), weigh(variable('x', A)))],
          { binds: [bind('sum', I64), bind('x', A)] },
        ),
        expression('literal', I64, [], { value: 0n }),
        variable('xs', of),
      ),
    }),
  ),
];

/** The types that `weigh` takes. */
export function isWeighed(of: Type): boolean {
  if (of.name === 'Vector' || of.name === 'MutVec') return isWeighed(of.args[0] as Type);
  return of === I64 || of === STRING || of === NODE || of === SPOT;
}

// ---------------------------------------------------------------------------------------------- generic functions

const call = (f: Expression, of: Type, ...args: Expression[]): Expression =>
  expression('apply', of, [f, ...args]);
const construct = (name: string, of: Type, ...parts: Expression[]): Expression =>
  expression('construct', of, parts, { name });

const GENERIC: readonly FunctionDeclaration[] = [
  {
    name: 'twice-with',
    params: [bind('f', functionType([A], A)), bind('x', A)],
    result: A,
    body: call(
      variable('f', functionType([A], A)),
      A,
      call(variable('f', functionType([A], A)), A, variable('x', A)),
    ),
  },
  {
    name: 'pair-up',
    params: [bind('x', A), bind('y', B)],
    result: type('Pair', A, B),
    body: construct('Pair', type('Pair', A, B), variable('x', A), variable('y', B)),
  },
  {
    name: 'push-both',
    params: [bind('xs', mutableVector(A)), bind('x', A), bind('y', A)],
    result: UNIT,
    body: expression('do', UNIT, [
      primitive('push!', UNIT, variable('xs', mutableVector(A)), variable('x', A)),
      primitive('push!', UNIT, variable('xs', mutableVector(A)), variable('y', A)),
    ]),
  },
  {
    name: 'first-or',
    params: [bind('xs', vector(A)), bind('x', A)],
    result: A,
    body: expression('if', A, [
      primitive('empty?', BOOL, variable('xs', vector(A))),
      variable('x', A),
      primitive('first', A, variable('xs', vector(A))),
    ]),
  },
  {
    name: 'plant',
    params: [bind('x', A), bind('left', type('Tree', A))],
    result: type('Tree', A),
    body: construct(
      'Fork',
      type('Tree', A),
      variable('left', type('Tree', A)),
      variable('x', A),
      construct('Leaf', type('Tree', A)),
    ),
  },
  {
    name: 'set-first',
    params: [bind('p', type('Pair', A, B)), bind('make', functionType([], A))],
    result: UNIT,
    body: expression(
      'set-field',
      UNIT,
      [variable('p', type('Pair', A, B)), call(variable('make', functionType([], A)), A)],
      { name: 'fst' },
    ),
  },
];

// ---------------------------------------------------------------------------------------------- facts about types

/** The fields of a struct, value or tuple, with what stands for the type's variables. */
export function fieldsOf(world: World, of: Type): readonly FieldDeclaration[] {
  if (of.name === 'Tuple') return of.args.map((arg, i) => ({ name: `${i}`, type: arg, mutable: false }));
  const found = world.products.find((p) => p.name === of.name);
  if (found === undefined) return [];
  const by = new Map(found.params.map((param, i) => [param, of.args[i] as Type]));
  return found.fields.map((f) => ({ ...f, type: substitute(f.type, by) }));
}

/** The variants of a sum. */
export function variantsOf(world: World, of: Type): SumDeclaration['variants'] {
  const { args } = of;
  if (of.name === 'Option')
    return [
      { name: 'Some', fields: [args[0] as Type] },
      { name: 'None', fields: [] },
    ];
  if (of.name === 'Result')
    return [
      { name: 'Ok', fields: [args[0] as Type] },
      { name: 'Err', fields: [args[1] as Type] },
    ];
  if (of.name === 'List')
    return [
      { name: 'Cons', fields: [args[0] as Type, of] },
      { name: 'Nil', fields: [] },
    ];
  const found = world.sums.find((s) => s.name === of.name);
  if (found === undefined) return [];
  const by = new Map(found.params.map((param, i) => [param, args[i] as Type]));
  return found.variants.map((v) => ({ name: v.name, fields: v.fields.map((f) => substitute(f, by)) }));
}

/** Whether nothing of a type lies in memory of its own, so that it may leave any arena. */
export function isFlat(world: World, of: Type): boolean {
  if (of === I64 || of === F64 || of === BOOL || of === UNIT) return true;
  if (of.name === 'Option' || of.name === 'Tuple') return of.args.every((arg) => isFlat(world, arg));
  if (of === SPOT) return fieldsOf(world, of).every((f) => isFlat(world, f.type));
  return false;
}

/** Whether values of a type show; so may be printed. */
export function isShown(world: World, of: Type, inside: readonly Type[] = []): boolean {
  if (inside.includes(of)) return true;
  if (of.name === 'Fn' || of.name === 'Atom') return false;
  if (world.products.some((p) => p.name === of.name && p.shown !== undefined)) return true;
  if (of.name === 'Weak') return true;
  const within = [...inside, of];
  return [
    ...of.args,
    ...fieldsOf(world, of).map((f) => f.type),
    ...variantsOf(world, of).flatMap((v) => v.fields),
  ].every((inner) => isShown(world, inner, within));
}

/** Whether a type has identity and changes in place. */
export function isObject(world: World, of: Type): boolean {
  if (['MutVec', 'MutMap', 'MutSet'].includes(of.name)) return true;
  return world.products.some((p) => p.name === of.name && !p.flat);
}
