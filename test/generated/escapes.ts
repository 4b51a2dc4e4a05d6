/**
 * Statements that go for what the escape proof has to understand: what is put into new things by functions that are given,
 * and what is found in things of an arena and kept by something older.
 */
import { assignment } from './changes.ts';
import { smallest } from './constructors.ts';
import { openArena } from './expressions.ts';
import { apply, bindIn, call, integer, nothing, prelude, sequence, text, variable } from './pieces.ts';
import { type Expression, expression } from './program.ts';
import { asLongAs, deeper, fresh, type Scope, type Variable, withVariables } from './scope.ts';
import { reads, type Source, sources } from './sources.ts';
import { I64, paramsOf, resultOf, UNIT } from './type.ts';
import { isFlat, isObject, isShown, NODE } from './world.ts';

type Way = readonly [weight: number, make: () => Expression];

/** Something new is handed to a function that may put something in, and what is found in it then is kept elsewhere. */
export function handed(scope: Scope): Expression | undefined {
  const { random, world, types } = scope.body;
  const takes = sources(scope, scope.open).filter(
    ({ e }) => e.type.name === 'Fn' && paramsOf(e.type).some((p) => isObject(world, p)),
  );
  const inner = deeper(scope);
  const known = types.filter((t) => t.name === 'Fn' && paramsOf(t).some((p) => isObject(world, p)));
  const there = takes.length > 0 ? random.pick(takes).e : undefined;
  if (there === undefined && known.length === 0) return undefined;
  const f = there ?? scope.make.lambda(random.pick(known), inner).e;
  const of = random.pick(paramsOf(f.type).filter((p) => isObject(world, p)));
  const { lifetime } = scope;
  const o: Variable = { name: fresh(scope, 'o'), type: of, mutable: false, low: lifetime, high: lifetime };
  const within = withVariables(inner, o);
  const args = paramsOf(f.type).map((p) =>
    p === of ? variable(o) : inner.make.expression(p, inner, inner.open).e,
  );
  const given = sequence(apply(f, resultOf(f.type), ...args), nothing);
  const kept = keeping(within, variable(o), sources(scope, scope.open));
  const after = kept.length > 0 ? random.weighted(kept)() : within.make.block(UNIT, within, scope.open, 1).e;
  return bindIn(o, smallest(of, inner, inner.open).e, sequence(given, after));
}

/** A name is set in an arena's block and looked at when the arena is gone: to what stays, or not. */
export function outlived(scope: Scope): Expression {
  const { random, world, types } = scope.body;
  const of = random.pick(types.filter((t) => isShown(world, t) && !isFlat(world, t)));
  const v: Variable = { name: fresh(scope, 'v'), type: of, mutable: true, low: 0, high: scope.open };
  const inner = openArena(withVariables(deeper(scope), v));
  const value = inner.make.expression(of, deeper(inner), asLongAs(v.high, inner)).e;
  const set = assignment({ e: variable(v), isGlobal: false }, value);
  const block = expression('arena', UNIT, [set], { name: inner.regions.at(-1)?.name ?? '' });
  const between = scope.make.block(UNIT, withVariables(deeper(scope), v), scope.open, random.below(2)).e;
  const shown = prelude('println', UNIT, text(`${fresh(scope, '#')} `), variable(v));
  return bindIn(v, smallest(of, scope, scope.open).e, sequence(block, between, shown));
}

/** Copies out of the frame inside the frame, again and again: each is the thing itself, which is changed in between. */
export function copiedAgain(scope: Scope): Expression {
  const { random, world, types } = scope.body;
  const of = random.pick([...types.filter((t) => isObject(world, t) && isShown(world, t)), NODE]);
  const frame = openArena(deeper(scope), 'frame');
  const { lifetime } = frame;
  const x: Variable = { name: fresh(scope, 'x'), type: of, mutable: true, low: lifetime, high: lifetime };
  const i: Variable = { name: fresh(scope, 'i'), type: I64, mutable: false, low: 0, high: 0 };
  const again = openArena(withVariables({ ...frame, inLoop: true }, x, i), 'frame');
  const what = random.chance(0.6) ? variable(x) : again.make.expression(of, deeper(again), lifetime).e;
  const copy = assignment({ e: variable(x), isGlobal: false }, expression('copy-out', of, [what]));
  const changed = (at: Scope) => at.make.filling(x, at) ?? nothing;
  const round = expression('arena', UNIT, [sequence(copy, changed(again))], { name: 'frame' });
  const loop = expression('for', UNIT, [integer(1 + random.below(4)), round], { binds: [i] });
  const shown = prelude('println', UNIT, text(`${fresh(scope, '#')} `), variable(x));
  const rest = sequence(loop, changed(withVariables(frame, x)), shown);
  return expression('arena', UNIT, [bindIn(x, smallest(of, frame, lifetime).e, rest)], { name: 'frame' });
}

/** Something that is found in what lives shortly is kept by something that may live longer: legal or not. */
export function dared(scope: Scope): Expression | undefined {
  const { random, world, functions } = scope.body;
  const all = sources(scope, scope.open);
  const short = all.filter((s) => s.high > 0 && !isFlat(world, s.e.type));
  if (short.length === 0) return undefined;
  const { e } = random.pick(short);
  const inner = deeper(scope);
  const ways = keeping(scope, e, all);
  for (const f of functions) {
    const at = f.params.findIndex((p) => p.type === e.type);
    const targets = all.filter((t) => t.mutable && t.e.type === f.result);
    if (at < 0 || f.repeats > 0 || targets.length === 0) continue;
    const args = f.params.map((p, i) => (i === at ? e : inner.make.expression(p.type, inner, 0).e));
    ways.push([2, () => assignment(random.pick(targets), call(f.name, f.result, ...args))]);
  }
  if (ways.length === 0) return undefined;
  scope.body.found.stores = true;
  return random.weighted(ways)();
}

/** Ways to keep something of what one expression leads to. */
function keeping(scope: Scope, e: Expression, targets: readonly Source[]): Way[] {
  const { random } = scope.body;
  const high = scope.open;
  const only: Variable = { name: e.name, type: e.type, mutable: false, low: 0, high };
  const alone = { ...scope, variables: [only], body: { ...scope.body, globals: [] } };
  return targets.flatMap((target): Way[] => {
    if (!target.mutable || (e.kind !== 'variable' && e.kind !== 'global')) return [];
    const found = reads(target.e.type, alone, scope.open);
    if (found.length === 0) return [];
    return [
      [
        target.isGlobal ? 3 : 1,
        () => {
          scope.body.found.stores = true;
          return assignment(target, random.weighted(found)().e);
        },
      ],
    ];
  });
}
