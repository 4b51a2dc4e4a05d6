/** Loops, and the ways to leave them. */
import { changes } from './changes.ts';
import { collection, itemTypes } from './constructors.ts';
import { openArena } from './expressions.ts';
import { bindIn, integer, prelude, sequence, text, variable, when } from './pieces.ts';
import { type Expression, expression } from './program.ts';
import { asLongAs, deeper, fresh, type Scope, type Variable, withVariables } from './scope.ts';
import { sources } from './sources.ts';
import { BOOL, I64, type Type, type, UNIT } from './type.ts';
import { isFlat, isShown } from './world.ts';

const block = (scope: Scope, count: number): Expression =>
  scope.make.block(UNIT, deeper(scope), scope.open, count).e;

const counter = (scope: Scope): Variable => ({
  name: fresh(scope, 'i'),
  type: I64,
  mutable: false,
  low: 0,
  high: 0,
});

function repeated(scope: Scope, i: Variable, body: Expression): Expression {
  const { random } = scope.body;
  return expression(random.chance(0.4) ? 'while' : 'for', UNIT, [integer(1 + random.below(4)), body], {
    binds: [{ name: i.name, type: I64, mutable: false }],
  });
}

export function counted(scope: Scope): Expression {
  const i = counter(scope);
  const inner = withVariables(deeper({ ...scope, inLoop: true }), i);
  return repeated(scope, i, block(inner, scope.body.random.below(4)));
}

/**
 * A loop that looks for something: a name is set in an arena that the loop is then left from, and set again after it. So
 * what it holds is needed on one way out of the arena and not on the other.
 */
export function searching(scope: Scope): Expression {
  const { random, world, types } = scope.body;
  const of = random.pick(types.filter((t) => isShown(world, t) && !isFlat(world, t)));
  const first = scope.make.expression(of, deeper(scope), scope.open).e;
  const v: Variable = { name: fresh(scope, 'v'), type: of, mutable: true, low: 0, high: scope.open };
  const i = counter(scope);
  const inLoop = withVariables(deeper({ ...scope, inLoop: true }), v, i);
  const set = (at: Scope) =>
    expression('set-variable', UNIT, [at.make.expression(of, deeper(at), asLongAs(v.high, at)).e], {
      name: v.name,
    });
  const inArena = openArena(inLoop);
  const leave = expression(random.pick(['break', 'break', 'continue'] as const), UNIT);
  const found = when(
    prelude(random.pick(['=', '>=']), BOOL, variable(i), integer(random.below(3))),
    sequence(set(inArena), leave),
  );
  const body = expression(
    'arena',
    UNIT,
    [sequence(block(inArena, random.below(2)), found, block(inArena, random.below(2)))],
    { name: inArena.regions.at(-1)?.name ?? '' },
  );
  const before = random.chance(0.3) ? [block(inLoop, 0)] : [];
  const loop = repeated(scope, i, sequence(...before, body, set(inLoop)));
  const after = withVariables(scope, v);
  const shown = prelude('println', UNIT, text(`${fresh(scope, '#')} `), variable(v));
  return bindIn(v, first, sequence(loop, block(after, random.below(2)), shown));
}

export function forEach(scope: Scope): Expression {
  const { random, world, types } = scope.body;
  const maps = sources(scope, scope.open).filter(
    ({ e }) => e.type.name === 'Map' || e.type.name === 'MutMap',
  );
  const inner = deeper({ ...scope, inLoop: true });
  const one = (t: Type): Variable => ({
    name: fresh(scope, 'x'),
    type: t,
    mutable: false,
    low: 0,
    high: isFlat(world, t) ? 0 : scope.open,
  });
  const loop = (over: Expression, ...found: readonly Variable[]) =>
    expression('for-each', UNIT, [over, block(withVariables(inner, ...found), random.below(3))], {
      binds: found.map(({ name, type: t }) => ({ name, type: t, mutable: false })),
    });
  if (maps.length > 0 && random.chance(0.5)) {
    const { e } = random.pick(maps);
    return loop(e, ...e.type.args.map(one));
  }
  const t = random.pick(itemTypes(types));
  const over = collection(t, deeper(scope), scope.open);
  if (random.chance(0.25))
    return loop(prelude('enumerate', type('Vector', type('Tuple', I64, t)), over), one(I64), one(t));
  return loop(over, one(t));
}

/**
 * `return`, now and then, of what the function returns. How much there is still to make decides when, as that takes no chance
 * from what is recorded of other programs.
 */
export function returned(scope: Scope): Expression | undefined {
  const { returns, body } = scope;
  if (returns === undefined || body.budget.left % 2 !== 0) return undefined;
  const inner = deeper(scope);
  return expression('return', UNIT, [
    inner.make.expression(returns.type, inner, asLongAs(returns.goal, inner)).e,
  ]);
}

/** Leaves the loop, or the function, or goes on with its next round: in one of the first rounds, mostly. */
export function left(scope: Scope): Expression {
  const { random } = scope.body;
  const inner = deeper(scope);
  const round = scope.variables.findLast((v) => v.type === I64 && v.name.startsWith('i'));
  const condition =
    round !== undefined && random.chance(0.8)
      ? prelude(random.pick(['=', '>=']), BOOL, variable(round), integer(random.below(3)))
      : inner.make.expression(BOOL, inner, inner.open).e;
  const jump = expression(random.pick(['break', 'break', 'continue'] as const), UNIT);
  const leave = returned(scope) ?? jump;
  // What is set here and never looked at in what is jumped over.
  const set = random.chance(0.6) ? changes(scope) : [];
  return when(condition, set.length > 0 ? sequence(random.weighted(set)(), leave) : leave);
}
