/** Whatever can be changed of what is there: names, fields, collections, atoms, and what closures have captured. */
import { apply, field, integer, nothing, prelude, sequence, variable, when } from './pieces.ts';
import { type Expression, expression } from './program.ts';
import { asLongAs, deeper, fresh, type Scope, type Variable, withVariables } from './scope.ts';
import { type Source, sources } from './sources.ts';
import { argument, BOOL, functionType, I64, paramsOf, type Type, UNIT } from './type.ts';
import { fieldsOf, isFlat, isObject, SPOT } from './world.ts';

export type Way = readonly [weight: number, make: () => Expression];

/** Whatever can be changed of what is there. */
export function changes(scope: Scope): Way[] {
  return sources(scope, scope.open).flatMap((source) => [
    ...assignments(source, scope),
    ...fieldChanges(source, scope),
    ...collectionChanges(source, scope),
  ]);
}

/** Makes a name or a global mean something else. */
export function assignment({ e, isGlobal }: Pick<Source, 'e' | 'isGlobal'>, value: Expression): Expression {
  return expression(isGlobal ? 'set-global' : 'set-variable', UNIT, [value], { name: e.name });
}

function assignments(source: Source, scope: Scope): Way[] {
  const { e, mutable, isGlobal, high } = source;
  if (!mutable) return [];
  const inner = deeper(scope);
  return [
    [
      isGlobal ? 0.7 : 1.5,
      () => {
        if (isGlobal) scope.body.found.stores = true;
        return assignment(source, inner.make.expression(e.type, inner, asLongAs(high, scope)).e);
      },
    ],
  ];
}

/** What a thing is to hold must live as long as it; nothing given to a closure does for sure. */
function stored(of: Type, { low }: Source, scope: Scope): Expression {
  const { body } = scope;
  if (!isFlat(body.world, of)) body.found.stores = true;
  const inner = deeper(scope);
  return inner.make.expression(of, inner, asLongAs(low, scope)).e;
}

/** Puts something into what a function was given. */
export function filling(given: Variable, scope: Scope): Expression | undefined {
  const source: Source = {
    e: variable(given),
    low: scope.lifetime,
    high: given.high,
    mutable: false,
    isGlobal: false,
  };
  const ways = [...fieldChanges(source, scope), ...collectionChanges(source, scope)];
  return ways.length === 0 ? undefined : scope.body.random.weighted(ways)();
}

function fieldChanges(source: Source, scope: Scope): Way[] {
  const { world } = scope.body;
  const { e, mutable } = source;
  const ways: Way[] = [];
  const set = (weight: number, name: string, of: Type, holder: Expression, from: Source) =>
    ways.push([weight, () => expression('set-field', UNIT, [holder, stored(of, from, scope)], { name })]);
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
          const make = scope.make.lambda(functionType([], of), {
            ...scope,
            variables: scope.variables.filter((v) => v.high <= source.low),
          });
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
        [
          0.5,
          () =>
            when(
              prelude('not', BOOL, prelude('empty?', BOOL, e)),
              expression('set-element', UNIT, [
                e,
                prelude('mod', I64, integer(random.below(5)), prelude('len', I64, e)),
                item(),
              ]),
            ),
        ],
        [0.1, () => expression('set-element', UNIT, [e, integer(random.below(3)), item()])],
        [
          0.3,
          () =>
            when(
              prelude('not', BOOL, prelude('empty?', BOOL, e)),
              sequence(prelude(random.pick(['pop!']), of, e), nothing),
            ),
        ],
        [
          0.1,
          () =>
            sequence(
              prelude(random.pick(['remove-at!', 'swap-remove!']), of, e, integer(random.below(2))),
              nothing,
            ),
        ],
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
        [
          0.7,
          () =>
            sequence(
              prelude(
                'swap!',
                of,
                e,
                scope.make.lambda(functionType([of], of), {
                  ...scope,
                  variables: scope.variables.filter((v) => v.high === 0),
                }).e,
              ),
              nothing,
            ),
        ],
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
