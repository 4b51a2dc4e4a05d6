/** New values, by type. */
import { annotate, construct, host, integer, literal, nothing, prelude, text, truth } from './pieces.ts';
import { type Expression, expression } from './program.ts';
import { deeper, type Made, type Scope } from './scope.ts';
import { sources } from './sources.ts';
import {
  argument,
  BOOL,
  F64,
  functionType,
  I64,
  mutableVector,
  STRING,
  type Type,
  type,
  UNIT,
  vector,
} from './type.ts';
import { CARD, fieldsOf, isFlat, isShown, isWeighed, NODE, variantsOf } from './world.ts';

type Way = readonly [weight: number, make: () => Expression];

const WORDS = ['', 'a', 'ab', 'oak', 'elm', 'Zoë', 'x,y', '12', 'a b'];
const EXTREMES = [9223372036854775807n, -9223372036854775808n, 4294967296n, -1n];

/**
 * Makes something new where it lives long enough: here, or `outside` of an arena, or here and then copied out. `build` is
 * told where it is and what its parts have to outlive.
 */
export function place(
  of: Type,
  scope: Scope,
  goal: number,
  build: (scope: Scope, goal: number) => Expression,
): Made {
  const { random, world } = scope.body;
  if (isFlat(world, of)) return { e: build(scope, scope.open), low: 0, high: 0 };
  const made = (e: Expression, at: number): Made => ({
    e,
    low: at,
    high: Math.max(at, Math.min(goal, scope.open)),
  });
  if (scope.lifetime <= goal) return made(build(scope, goal), scope.lifetime);
  const innermost = scope.regions.at(-1);
  // The frame's name is that of the innermost of its blocks.
  const named = scope.regions.filter((r, i, all) => all.findLastIndex((q) => q.name === r.name) === i);
  const ways = named.filter((r) => r.outer <= goal);
  const region = ways.length > 0 ? random.pick(ways) : undefined;
  if (region === undefined) return made(build(scope, goal), scope.lifetime);
  if (region === innermost && random.chance(0.4))
    return made(expression('copy-out', of, [build(scope, scope.open)]), region.outer);
  const name = region === innermost && random.chance(0.5) ? '' : region.name;
  const inside = build({ ...scope, lifetime: region.outer }, goal);
  return made(expression('outside', of, [inside], { name }), region.outer);
}

/** The smallest expression of a type. */
export function smallest(of: Type, scope: Scope, goal: number): Made {
  if (of.name === 'Fn') return scope.make.lambda(of, { ...scope, depth: 0 });
  return place(of, scope, goal, (inner, least) => simple(of, inner, least));
}

function simple(of: Type, scope: Scope, goal: number): Expression {
  const { random, world } = scope.body;
  const part = (t: Type) => smallest(t, scope, goal).e;
  // Nodes hold collections of nodes: those are empty, or this would not end.
  const some = (...held: readonly Type[]) =>
    held.every((t) => !/Node|Spot|Shape/.test(t.text)) && random.chance(0.5) ? held.map(part) : [];
  if (of === I64) return random.chance(0.02) ? integer(random.pick(EXTREMES)) : integer(random.below(7));
  if (of === F64) return literal(F64, random.pick([0, 0.5, 1.25, 2, -3.5]));
  if (of === BOOL) return truth(random.chance(0.5));
  if (of === STRING) return text(random.pick(WORDS));
  if (of === UNIT) return nothing;
  switch (of.name) {
    case 'Vector':
      return annotate(expression('vector', of, some(argument(of))));
    case 'MutVec':
      return annotate(prelude('mut-vec', of, ...some(argument(of))));
    case 'Map':
    case 'MutMap':
      return annotate(prelude(of.name === 'Map' ? 'map-literal' : 'mut-map', of, ...some(...of.args)));
    case 'Set':
    case 'MutSet':
      return annotate(prelude(of.name === 'Set' ? 'set' : 'mut-set', of, part(argument(of))));
    case 'Atom':
      return prelude('atom', of, part(argument(of)));
    case 'Tuple':
      return expression('tuple', of, of.args.map(part));
    case 'Weak':
      return prelude('weak', of, part(argument(of)));
    default:
  }
  const variants = variantsOf(world, of);
  if (variants.length > 0) {
    // The one that ends a recursive type stands first, or last in those of the prelude.
    const ends = variants.filter((v) => v.fields.every((f) => f !== of));
    const variant =
      of.name === 'Result'
        ? (variants[0] as (typeof variants)[0])
        : (ends.find((v) => v.fields.length === 0) ?? random.pick(ends));
    return annotate(construct(variant.name, of, ...variant.fields.map(part)));
  }
  return construct(of.name, of, ...fieldsOf(world, of).map((f) => part(f.type)));
}

/** What collections hold: a few types, since every other one is compiled anew. */
export function itemTypes(types: readonly Type[]): readonly Type[] {
  const held = types
    .filter((t) => ['Vector', 'MutVec', 'List', 'Set', 'MutSet'].includes(t.name))
    .map((t) => argument(t));
  return [...held, I64, STRING, NODE];
}

/** Something that can be gone over and holds elements of a type. */
export function collection(of: Type, scope: Scope, goal: number): Expression {
  const { random } = scope.body;
  const there = sources(scope, goal).filter(
    ({ e }) => ['Vector', 'MutVec', 'List', 'Set', 'MutSet'].includes(e.type.name) && e.type.args[0] === of,
  );
  if (there.length > 0 && random.chance(0.8)) return random.pick(there).e;
  return scope.make.expression(vector(of), scope, goal).e;
}

/** Ways to make a new value of a type. */
export function makings(of: Type, outer: Scope, least: number): Way[] {
  const scope = deeper(outer);
  const { random, world, types } = scope.body;
  const part = (t: Type, goal = least) => scope.make.expression(t, scope, goal).e;
  /** An operand that is looked at and not kept. */
  const seen = (t: Type) => part(t, scope.open);
  const lambda = (params: readonly Type[], result: Type) =>
    scope.make.lambda(functionType(params, result), scope).e;
  const shown = () => seen(random.pick(types.filter((t) => isShown(world, t))));
  if (of === I64)
    return [
      [4, () => prelude(random.pick(['+', '-', '*', 'min', 'max']), I64, seen(I64), seen(I64))],
      [0.3, () => prelude(random.pick(['/', 'mod']), I64, seen(I64), seen(I64))],
      [1, () => prelude('string-length', I64, seen(STRING))],
      [1, () => prelude('len', I64, collection(random.pick(itemTypes(types)), scope, scope.open))],
      [1, () => expression('method', I64, [seen(random.pick(types.filter(isWeighed)))], { name: 'weigh' })],
      [1, () => folded(scope, I64)],
      [0.5, () => prelude('count-if', I64, lambda([STRING], BOOL), collection(STRING, scope, scope.open))],
      [0.5, () => host('rank-of', I64, seen(CARD))],
      [scope.inLambda ? 0 : 0.5, () => host('visit', I64, integer(scope.body.index), small(seen(I64)))],
      [scope.inLambda ? 0 : 0.3, () => host('kept', I64, small(seen(I64)))],
      // Whatever it is an argument of: `error` itself has every type.
      [0.02, () => annotate(prelude('error', I64, text('stop')))],
    ];
  if (of === F64)
    return [
      [2, () => prelude(random.pick(['+', '-', '*', 'min']), F64, seen(F64), seen(F64))],
      [1, () => prelude('f64', F64, small(seen(I64)))],
    ];
  if (of === BOOL)
    return [
      [3, () => prelude(random.pick(['<', '>', '<=', '=', '!=']), BOOL, seen(I64), seen(I64))],
      [1, () => prelude(random.pick(['<', '=', '!=']), BOOL, seen(STRING), seen(STRING))],
      [0.5, () => expression(random.pick(['and', 'or'] as const), BOOL, [seen(BOOL), seen(BOOL)])],
      [0.5, () => prelude('not', BOOL, seen(BOOL))],
      [1, () => prelude('empty?', BOOL, collection(random.pick(itemTypes(types)), scope, scope.open))],
      [0.5, () => prelude('contains?', BOOL, collection(STRING, scope, scope.open), seen(STRING))],
      [0.3, () => equal(scope)],
      [0.3, () => prelude('same?', BOOL, seen(NODE), seen(NODE))],
    ];
  if (of === STRING)
    return [
      [5, () => prelude('str', STRING, shown(), text(random.pick(WORDS)), shown())],
      [1, () => prelude('string-upcase', STRING, seen(STRING))],
      [0.5, () => prelude('string-replace', STRING, seen(STRING), text('a'), seen(STRING))],
      [0.5, () => prelude('string-join', STRING, seen(vector(STRING)), text('-'))],
      [0.2, () => prelude('substring', STRING, seen(STRING), integer(0), integer(random.below(3)))],
      [1, () => host('tag', STRING, small(seen(I64)))],
      [0.15, () => host('refuse', STRING, small(seen(I64)))],
    ];
  if (of === UNIT) return [[1, () => nothing]];
  const [item] = of.args;
  switch (of.name) {
    case 'Vector':
      return vectors(of, item as Type, scope, least);
    case 'MutVec':
      return [
        [1, () => annotate(prelude('mut-vec', of, ...many(random.below(4), () => part(item as Type))))],
      ];
    case 'Map':
    case 'MutMap': {
      const [key, held] = of.args as [Type, Type];
      const entries = () => many(random.below(4), () => [part(key), part(held)] as const).flat();
      const made: Way = [
        2,
        () => annotate(prelude(of.name === 'Map' ? 'map-literal' : 'mut-map', of, ...entries())),
      ];
      if (of.name === 'MutMap') return [made];
      return [
        made,
        [2, () => prelude('assoc', of, part(of), part(key), part(held))],
        [1, () => prelude('dissoc', of, part(of), seen(key))],
      ];
    }
    case 'Set':
      return [
        [1, () => annotate(prelude('set', of, ...many(1 + random.below(3), () => part(item as Type))))],
        [1, () => prelude('set-add', of, part(of), part(item as Type))],
      ];
    case 'MutSet':
      return [
        [1, () => annotate(prelude('mut-set', of, ...many(random.below(3), () => part(item as Type))))],
      ];
    case 'Atom':
      return [[1, () => prelude('atom', of, part(item as Type))]];
    case 'Tuple':
      return [
        [
          1,
          () =>
            expression(
              'tuple',
              of,
              of.args.map((t) => part(t)),
            ),
        ],
      ];
    case 'Weak':
      return [[1, () => prelude('weak', of, part(item as Type))]];
    case 'List':
      return [
        [1, () => annotate(prelude('list', of, ...many(random.below(4), () => part(item as Type))))],
        [2, () => prelude('cons', of, part(item as Type), part(of))],
      ];
    default:
  }
  const ways: Way[] = variantsOf(world, of).map((v) => [
    v.fields.length === 0 ? 0.3 : 1,
    () => annotate(construct(v.name, of, ...v.fields.map((f) => part(f)))),
  ]);
  if (of.name === 'Option' && item !== undefined)
    ways.push([0.7, () => prelude('find', of, lambda([item], BOOL), collection(item, scope, least))]);
  if (of === type('Result', STRING, STRING)) ways.push([2, () => host('attempt', of, small(seen(I64)))]);
  if (of === CARD) ways.push([1, () => host('card', CARD, small(seen(I64)))]);
  if (of.name === 'Pair')
    ways.push([
      1,
      () =>
        expression(
          'call',
          of,
          of.args.map((t) => part(t)),
          { name: 'pair-up' },
        ),
    ]);
  if (of.name === 'Tree')
    ways.push([1, () => expression('call', of, [part(item as Type), part(of)], { name: 'plant' })]);
  const fields = fieldsOf(world, of);
  if (fields.length > 0) {
    ways.push([3, () => construct(of.name, of, ...fields.map((f) => part(f.type)))]);
    const f = random.pick(fields);
    ways.push([0.7, () => expression('update', of, [part(of), part(f.type)], { name: f.name })]);
  }
  return ways;
}

function vectors(of: Type, item: Type, scope: Scope, least: number): Way[] {
  const { random, types } = scope.body;
  const part = (t: Type) => scope.make.expression(t, scope, least).e;
  const seen = (t: Type) => scope.make.expression(t, scope, scope.open).e;
  const lambda = (params: readonly Type[], result: Type) =>
    scope.make.lambda(functionType(params, result), scope).e;
  const over = (t: Type) => collection(t, scope, least);
  const sequence = () => part(of);
  const ways: Way[] = [
    [
      3,
      () =>
        annotate(
          expression(
            'vector',
            of,
            many(random.below(4), () => part(item)),
          ),
        ),
    ],
    [
      2,
      () => {
        const from = random.pick(itemTypes(types));
        return prelude('map', of, lambda([from], item), over(from));
      },
    ],
    [1, () => prelude('filter', of, lambda([item], BOOL), over(item))],
    [1, () => prelude('append', of, over(item), part(item))],
    [1, () => prelude('concat', of, over(item), over(item))],
    [0.5, () => prelude('reverse', of, sequence())],
    [0.5, () => prelude(random.pick(['take', 'drop-first']), of, sequence(), integer(random.below(4)))],
    [0.2, () => prelude('set-nth', of, sequence(), integer(random.below(2)), part(item))],
    [0.1, () => prelude('slice', of, sequence(), integer(0), integer(random.below(3)))],
    [0.5, () => prelude('freeze', of, part(mutableVector(item)))],
    [0.5, () => prelude('flat-map', of, lambda([item], of), over(item))],
    [0.25, () => rope(of, item, scope)],
  ];
  if (item === I64) ways.push([1, () => prelude('range', of, integer(0), integer(random.below(6)))]);
  if (item === I64 || item === STRING) ways.push([0.5, () => prelude('sort', of, over(item))]);
  else ways.push([0.5, () => prelude('sort-by', of, lambda([item], I64), over(item))]);
  if (item === STRING) {
    ways.push([1, () => host('names', of, small(seen(I64)))]);
    ways.push([0.5, () => prelude('string-split', of, seen(STRING), text(random.pick([',', ' ', 'b'])))]);
  }
  return ways;
}

/** A vector of more than 128 elements, which is a tree in parts. */
function rope(of: Type, item: Type, scope: Scope): Expression {
  const { random } = scope.body;
  const of64 = vector(I64);
  const long = prelude(
    'map',
    of,
    scope.make.lambda(functionType([I64], item), { ...scope, depth: 1 }).e,
    prelude('range', of64, integer(0), integer(130 + random.below(10))),
  );
  const one = () => scope.make.expression(item, { ...scope, depth: 0 }, scope.lifetime).e;
  switch (random.below(4)) {
    case 0:
      return prelude('append', of, prelude('append', of, long, one()), one());
    case 1:
      return prelude('set-nth', of, long, integer(random.below(130)), one());
    case 2:
      return prelude(
        'slice',
        of,
        prelude('append', of, long, one()),
        integer(random.below(60)),
        integer(129),
      );
    default:
      return prelude(
        'concat',
        of,
        prelude('drop-first', of, long, integer(1)),
        annotate(expression('vector', of, [one()])),
      );
  }
}

function folded(scope: Scope, of: Type): Expression {
  const { random, types } = scope.body;
  const item = random.pick(itemTypes(types));
  return prelude(
    'fold',
    of,
    scope.make.lambda(functionType([of, item], of), scope).e,
    scope.make.expression(of, scope, scope.open).e,
    collection(item, scope, scope.open),
  );
}

/** Two things of one type, side by side. */
function equal(scope: Scope): Expression {
  const { random, world, types } = scope.body;
  const of = random.pick(types.filter((t) => isShown(world, t) && !/Node|Shape|Spot/.test(t.text)));
  const one = () => scope.make.expression(of, scope, scope.open).e;
  return prelude('=', BOOL, one(), one());
}

/** A number that JavaScript has too. */
export const small = (e: Expression): Expression => prelude('mod', I64, e, integer(1000));

export function many<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
