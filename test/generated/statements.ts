/** What is done for its effect, and blocks of it. */
import { changes, type Way } from './changes.ts';
import { small } from './constructors.ts';
import { copiedAgain, dared, handed, outlived } from './escapes.ts';
import { callTo, matched, openArena } from './expressions.ts';
import { counted, forEach, left, returned, searching } from './loops.ts';
import { apply, bindIn, choose, field, host, prelude, sequence, text, variable, when } from './pieces.ts';
import { type Binding, type Expression, expression } from './program.ts';
import { deeper, fresh, type Made, type Scope, type Variable, withVariables } from './scope.ts';
import { sources } from './sources.ts';
import { BOOL, functionType, I64, STRING, type Type, type, UNIT } from './type.ts';
import { isFlat, isShown, NODE } from './world.ts';

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
      const parts = t.args.map(
        (arg): Variable => ({
          name: fresh(scope, 'v'),
          type: arg,
          mutable: false,
          low: 0,
          high: isFlat(world, arg) ? 0 : value.high,
        }),
      );
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
    [1.5, () => when(condition(), sequence(body(inner), ...ending(inner)))],
    [1, () => choose(condition(), body(inner), sequence(body(inner), ...ending(inner)))],
    [1, () => matched(UNIT, scope, scope.open).e],
    [1, () => counted(scope)],
    [1, () => forEach(scope)],
    [0.7, () => searching(scope)],
    [2, () => handed(scope) ?? printed(scope)],
    [1, () => outlived(scope)],
    [0.3, () => copiedAgain(scope)],
    [scope.body.boldness > 0 ? 2 : 0, () => dared(scope) ?? printed(scope)],
    [
      2.5,
      () => {
        const within = openArena(inner);
        const inside = sequence(body(within, 4), ...ending(within).map((end) => when(condition(), end)));
        return expression('arena', UNIT, [inside], { name: within.regions.at(-1)?.name ?? '' });
      },
    ],
    [0.15, () => expression('quiet', UNIT, [body(inner)])],
    [0.4, () => weakened(scope)],
    [0.2, () => prelude('collect!', UNIT)],
    [0.5, () => hostCall(scope)],
    [0.03, () => prelude('error', UNIT, inner.make.expression(STRING, inner, inner.open).e)],
    ...changes(scope),
  ];
  for (const f of functions) if (f.result === UNIT) ways.push([2, () => callTo(f, inner, scope.open)]);
  if (scope.inLoop) ways.push([3, () => left(scope)]);
  return random.weighted(ways)();
}

function ending(scope: Scope): Expression[] {
  const end = returned(scope);
  return end === undefined ? [] : [end];
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

// ---------------------------------------------------------------------------------------------- weak references, the host

/** A weak reference to something that is in use meanwhile. */
function weakened(scope: Scope): Expression {
  const link: Variable = {
    name: fresh(scope, 'w'),
    type: type('Weak', NODE),
    mutable: false,
    low: 0,
    high: 99,
  };
  const inner = deeper(scope);
  const subject = inner.make.expression(NODE, inner, 0).e;
  const between = inner.make.block(UNIT, deeper(inner), inner.open, 1).e;
  const found = fresh(scope, 'm');
  const again = expression(
    'match',
    UNIT,
    [
      prelude('upgrade', type('Option', NODE), variable(link)),
      prelude(
        'println',
        UNIT,
        text('there '),
        field('n', I64, expression('variable', NODE, [], { name: found })),
      ),
      prelude('println', UNIT, text('gone')),
    ],
    {
      patterns: [{ kind: 'variant', name: 'Some', parts: [{ kind: 'name', name: found }] }, { kind: 'any' }],
    },
  );
  return expression('weak', UNIT, [subject, sequence(between, again)], {
    binds: [{ name: link.name, type: link.type, mutable: false }],
  });
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
