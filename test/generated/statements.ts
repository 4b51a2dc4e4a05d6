/** What is done for its effect, and blocks of it. */
import { collection, itemTypes, small } from './constructors.ts';
import { callTo, matched, openArena } from './expressions.ts';
import {
  apply,
  bindIn,
  choose,
  field,
  host,
  integer,
  nothing,
  prelude,
  sequence,
  text,
  variable,
  when,
} from './pieces.ts';
import { type Binding, type Expression, expression } from './program.ts';
import { deeper, fresh, type Made, type Scope, type Variable, withVariables } from './scope.ts';
import { type Source, sources } from './sources.ts';
import { argument, BOOL, functionType, I64, paramsOf, STRING, type Type, type, UNIT } from './type.ts';
import { fieldsOf, isFlat, isObject, isShown, NODE, SPOT } from './world.ts';

type Way = readonly [weight: number, make: () => Expression];

/** Some statements and then something of a type. */
export function makeBlock(of: Type, scope: Scope, goal: number, statements: number): Made {
  const { random, types, world } = scope.body;
  if (statements <= 0) {
    if (of === UNIT) return { e: statement(scope), low: 0, high: 0 };
    return scope.make.expression(of, scope, goal);
  }
  if (random.chance(0.45)) {
    const t = random.pick(types);
    const mutable = random.chance(0.35);
    const value = scope.make.expression(t, deeper(scope), scope.open);
    const flat = isFlat(world, t);
    const span = mutable ? { low: 0, high: flat ? 0 : scope.open } : { low: value.low, high: value.high };
    if (t.name === 'Tuple' && random.chance(0.5)) {
      const parts = t.args.map((arg): Variable => ({ name: fresh(scope, 'v'), type: arg, mutable: false, low: 0, high: isFlat(world, arg) ? 0 : value.high }));
      const rest = makeBlock(of, withVariables(scope, ...parts), goal, statements - 1);
      const binds = parts.map(({ name, type: u }): Binding => ({ name, type: u, mutable: false }));
      return { ...rest, e: expression('let-tuple', of, [value.e, rest.e], { binds }) };
    }
    const v: Variable = { name: fresh(scope, 'v'), type: t, mutable, ...span };
    const rest = makeBlock(of, withVariables(scope, v), goal, statements - 1);
    return { ...rest, e: bindIn({ name: v.name, type: t, mutable }, value.e, rest.e) };
  }
  const first = statement(scope);
  const rest = makeBlock(of, scope, goal, statements - 1);
  return { ...rest, e: sequence(first, rest.e) };
}

function statement(scope: Scope): Expression {
  const { random, budget, functions } = scope.body;
  budget.left -= 1;
  const inner = deeper(scope);
  if (scope.depth <= 0 || budget.left <= 0) return printed(scope);
  const body = (within: Scope, count = 2) =>
    within.make.block(UNIT, deeper(within), within.open, random.below(count)).e;
  const condition = () => inner.make.expression(BOOL, inner, inner.open).e;
  const ways: Way[] = [
    [3, () => printed(scope)],
    [1.5, () => when(condition(), body(inner))],
    [1, () => choose(condition(), body(inner), body(inner))],
    [1, () => matched(UNIT, scope, scope.open).e],
    [1, () => counted(scope, body)],
    [1, () => forEach(scope, body)],
    [2.5, () => {
      const within = openArena(inner);
      return expression('arena', UNIT, [body(within, 4)], { name: within.regions.at(-1)?.name ?? '' });
    }],
    [0.15, () => expression('quiet', UNIT, [body(inner)])],
    [0.4, () => weakened(scope)],
    [0.2, () => prelude('collect!', UNIT)],
    [0.5, () => hostCall(scope)],
    [0.03, () => prelude('error', UNIT, inner.make.expression(STRING, inner, inner.open).e)],
    ...changes(scope),
  ];
  for (const f of functions)
    if (f.result === UNIT) ways.push([2, () => callTo(f, inner, scope.open)]);
  if (scope.inLoop)
    ways.push([1.2, () => when(condition(), expression(random.pick(['break', 'continue'] as const), UNIT))]);
  return random.weighted(ways)();
}

/** Prints something that shows. */
function printed(scope: Scope): Expression {
  const { random, world, types } = scope.body;
  const there = sources(scope, scope.open).filter((s) => isShown(world, s.e.type) && s.e.type !== UNIT);
  const label = text(`${fresh(scope, '#')} `);
  if (there.length > 0 && (random.chance(0.6) || scope.depth <= 0))
    return prelude('println', UNIT, label, random.pick(there).e);
  const of = random.pick(types.filter((t) => isShown(world, t)));
  return prelude('println', UNIT, label, scope.make.expression(of, deeper(scope), scope.open).e);
}

// ---------------------------------------------------------------------------------------------- changes

/** Whatever can be changed of what is there. */
function changes(scope: Scope): Way[] {
  return sources(scope, scope.open).flatMap((source) => [
    ...assignments(source, scope),
    ...fieldChanges(source, scope),
    ...collectionChanges(source, scope),
  ]);
}

function assignments({ e, mutable, isGlobal, high }: Source, scope: Scope): Way[] {
  if (!mutable) return [];
  const inner = deeper(scope);
  const kind = isGlobal ? 'set-global' : 'set-variable';
  return [
    [
      isGlobal ? 0.7 : 1.5,
      () => {
        if (isGlobal) scope.body.found.stores = true;
        return expression(kind, UNIT, [inner.make.expression(e.type, inner, high).e], { name: e.name });
      },
    ],
  ];
}

/** What a thing is to hold must live as long as it; nothing given to a closure does for sure. */
function stored(of: Type, { low }: Source, scope: Scope): Expression {
  const { body } = scope;
  if (!isFlat(body.world, of)) body.found.stores = true;
  const inner = deeper(scope);
  return inner.make.expression(of, inner, low).e;
}

function fieldChanges(source: Source, scope: Scope): Way[] {
  const { world } = scope.body;
  const { e, mutable } = source;
  const ways: Way[] = [];
  const set = (weight: number, name: string, of: Type, holder: Expression, from: Source) =>
    ways.push([
      weight,
      () => expression('set-field', UNIT, [holder, stored(of, from, scope)], { name }),
    ]);
  const fields = fieldsOf(world, e.type);
  if (e.type === SPOT) {
    // A value's fields follow the place that holds it.
    const place = { ...source, low: source.high };
    if (mutable) for (const f of fields) set(0.5, f.name, f.type, e, place);
  } else if (isObject(world, e.type)) {
    for (const f of fields) {
      if (f.mutable) set(1, f.name, f.type, e, source);
      if (f.mutable && f.type === SPOT)
        for (const g of fieldsOf(world, SPOT)) set(0.4, g.name, g.type, field(f.name, SPOT, e), source);
      if (f.type.name === 'MutVec')
        ways.push(...collectionChanges({ ...source, e: field(f.name, f.type, e), low: source.low }, scope));
    }
    if (e.type.name === 'Pair') {
      const of = argument(e.type, 0);
      ways.push([
        0.5,
        () => {
          scope.body.found.stores = true;
          const make = scope.make.lambda(functionType([], of), { ...scope, variables: scope.variables.filter((v) => v.high <= source.low) });
          return expression('call', UNIT, [e, make.e], { name: 'set-first' });
        },
      ]);
    }
  }
  return ways;
}

function collectionChanges(source: Source, scope: Scope): Way[] {
  const { random } = scope.body;
  const { e } = source;
  const inner = deeper(scope);
  const seen = (t: Type) => inner.make.expression(t, inner, inner.open).e;
  const item = (index = 0) => stored(argument(e.type, index), source, scope);
  const of = e.type.args[0] as Type;
  switch (e.type.name) {
    case 'MutVec':
      return [
        [1.5, () => prelude('push!', UNIT, e, item())],
        [0.3, () => expression('call', UNIT, [e, item(), item()], { name: 'push-both' })],
        [0.3, () => prelude('insert!', UNIT, e, integer(0), item())],
        [0.5, () => when(prelude('not', BOOL, prelude('empty?', BOOL, e)), expression('set-element', UNIT, [e, prelude('mod', I64, integer(random.below(5)), prelude('len', I64, e)), item()]))],
        [0.1, () => expression('set-element', UNIT, [e, integer(random.below(3)), item()])],
        [0.3, () => when(prelude('not', BOOL, prelude('empty?', BOOL, e)), sequence(prelude(random.pick(['pop!']), of, e), nothing))],
        [0.1, () => sequence(prelude(random.pick(['remove-at!', 'swap-remove!']), of, e, integer(random.below(2))), nothing)],
        [0.2, () => prelude('truncate!', UNIT, e, integer(random.below(4)))],
        [0.1, () => prelude('clear!', UNIT, e)],
        [0.4, () => filled(source, scope)],
      ];
    case 'MutMap':
      return [
        [1.5, () => prelude('map-set!', UNIT, e, item(0), item(1))],
        [0.3, () => prelude('map-remove!', UNIT, e, seen(of))],
        [0.1, () => prelude('clear!', UNIT, e)],
      ];
    case 'MutSet':
      return [
        [1.5, () => prelude('set-add!', UNIT, e, item())],
        [0.3, () => prelude('set-remove!', UNIT, e, seen(of))],
      ];
    case 'Atom':
      return [
        [0.7, () => prelude('reset!', UNIT, e, stored(of, { ...source, low: 0 }, scope))],
        [0.7, () => sequence(prelude('swap!', of, e, scope.make.lambda(functionType([of], of), { ...scope, variables: scope.variables.filter((v) => v.high === 0) }).e), nothing)],
      ];
    case 'Fn':
      return [
        [1, () => sequence(apply(e, e.type.args.at(-1) as Type, ...paramsOf(e.type).map(seen)), nothing)],
      ];
    default:
      return [];
  }
}

/** Pushes several: enough for the buffer to grow. */
function filled(source: Source, scope: Scope): Expression {
  const { random } = scope.body;
  const i: Variable = { name: fresh(scope, 'i'), type: I64, mutable: false, low: 0, high: 0 };
  const within = withVariables(deeper(scope), i);
  const item = stored(argument(source.e.type), source, { ...within, depth: Math.min(within.depth, 1) });
  return expression('for', UNIT, [integer(3 + random.below(12)), prelude('push!', UNIT, source.e, item)], {
    binds: [{ name: i.name, type: I64, mutable: false }],
  });
}

// ---------------------------------------------------------------------------------------------- loops

type MakeBody = (scope: Scope, count?: number) => Expression;

function counted(scope: Scope, body: MakeBody): Expression {
  const { random } = scope.body;
  const isWhile = random.chance(0.4);
  const i: Variable = { name: fresh(scope, 'i'), type: I64, mutable: false, low: 0, high: 0 };
  const inner = withVariables(deeper({ ...scope, inLoop: true }), i);
  return expression(isWhile ? 'while' : 'for', UNIT, [integer(1 + random.below(4)), body(inner, 4)], {
    binds: [{ name: i.name, type: I64, mutable: false }],
  });
}

function forEach(scope: Scope, body: MakeBody): Expression {
  const { random, world, types } = scope.body;
  const maps = sources(scope, scope.open).filter(({ e }) => e.type.name === 'Map' || e.type.name === 'MutMap');
  const inner = deeper({ ...scope, inLoop: true });
  const one = (t: Type): Variable => ({ name: fresh(scope, 'x'), type: t, mutable: false, low: 0, high: isFlat(world, t) ? 0 : scope.open });
  const loop = (over: Expression, ...found: readonly Variable[]) =>
    expression('for-each', UNIT, [over, body(withVariables(inner, ...found), 3)], {
      binds: found.map(({ name, type: t }) => ({ name, type: t, mutable: false })),
    });
  if (maps.length > 0 && random.chance(0.5)) {
    const { e } = random.pick(maps);
    return loop(e, ...e.type.args.map(one));
  }
  const t = random.pick(itemTypes(types));
  const over = collection(t, deeper(scope), scope.open);
  if (random.chance(0.25)) return loop(prelude('enumerate', type('Vector', type('Tuple', I64, t)), over), one(I64), one(t));
  return loop(over, one(t));
}

// ---------------------------------------------------------------------------------------------- weak references, the host

/** A weak reference to something that is in use meanwhile. */
function weakened(scope: Scope): Expression {
  const link: Variable = { name: fresh(scope, 'w'), type: type('Weak', NODE), mutable: false, low: 0, high: 99 };
  const inner = deeper(scope);
  const subject = inner.make.expression(NODE, inner, 0).e;
  const between = inner.make.block(UNIT, deeper(inner), inner.open, 1).e;
  const found = fresh(scope, 'm');
  const again = expression('match', UNIT, [
    prelude('upgrade', type('Option', NODE), variable(link)),
    prelude('println', UNIT, text('there '), field('n', I64, expression('variable', NODE, [], { name: found }))),
    prelude('println', UNIT, text('gone')),
  ], { patterns: [{ kind: 'variant', name: 'Some', parts: [{ kind: 'name', name: found }] }, { kind: 'any' }] });
  return expression('weak', UNIT, [subject, sequence(between, again)], { binds: [{ name: link.name, type: link.type, mutable: false }] });
}

function hostCall(scope: Scope): Expression {
  const { random } = scope.body;
  const inner = deeper(scope);
  if (random.chance(0.6)) {
    // What is lent may hold what it likes.
    const f = scope.make.lambda(functionType([I64], UNIT), scope).e;
    return host('each', UNIT, small(inner.make.expression(I64, inner, inner.open).e), f);
  }
  const kept = { ...scope, variables: scope.variables.filter((v) => v.high === 0) };
  const p: Variable = { name: fresh(scope, 'p'), type: I64, mutable: false, low: 0, high: 0 };
  const made = scope.make.lambda(functionType([I64], I64), kept).e;
  const f = expression('lambda', functionType([I64], I64), [small(apply(made, I64, variable(p)))], {
    binds: [{ name: p.name, type: I64, mutable: false }],
  });
  if (scope.regions.length === 0) return host('keep', UNIT, f);
  return host('keep', UNIT, expression('outside', f.type, [f], { name: scope.regions[0]?.name ?? '' }));
}

