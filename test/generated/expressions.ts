/** Expressions of a wanted type, by chance. */
import { makings, place, smallest } from './constructors.ts';
import { bindIn, call, choose, literal, match, sequence } from './pieces.ts';
import { type Expression, expression, type Pattern } from './program.ts';
import {
  deeper,
  fresh,
  isBold,
  type Known,
  type Made,
  type Region,
  type Scope,
  type Variable,
  withVariables,
} from './scope.ts';
import { reads, sources } from './sources.ts';
import { BOOL, I64, paramsOf, resultOf, STRING, type Type, type, UNIT } from './type.ts';
import { isFlat, isObject, TROUBLE, variantsOf } from './world.ts';

type Way = readonly [weight: number, make: () => Made];

/** Something of a type that lives at least as long as `goal` says. */
export function makeExpression(of: Type, scope: Scope, goal: number): Made {
  const { random, budget } = scope.body;
  budget.left -= 1;
  const ways: Way[] = reads(of, scope, goal).map((way) => way);
  if (of.name === 'Fn')
    return random.chance(0.4) && ways.length > 0 ? random.weighted(ways)() : functionValue(of, scope, goal);
  if (scope.depth <= 0 || budget.left <= 0) {
    const simple =
      ways.length > 0 && random.chance(0.7) ? sources(scope, goal).filter((s) => s.e.type === of) : [];
    return simple.length > 0 ? random.pick(simple) : smallest(of, scope, goal);
  }
  ways.push([2, () => smallest(of, scope, goal)]);
  ways.push([
    6,
    () => place(of, scope, goal, (inner, least) => random.weighted(makings(of, inner, least))()),
  ]);
  for (const f of scope.body.functions)
    if (f.result === of)
      ways.push([3, () => place(of, scope, goal, (inner, least) => callTo(f, inner, least))]);
  const copied = copies(of, scope, goal);
  if (copied.length > 0) ways.push([2, () => random.pick(copied)]);
  ways.push([1, () => conditional(of, scope, goal)]);
  ways.push([0.7, () => matched(of, scope, goal)]);
  ways.push([0.5, () => bound(of, scope, goal)]);
  ways.push([0.5, () => scope.make.block(of, deeper(scope), goal, 1)]);
  if (of !== UNIT && !scope.body.random.chance(0.3)) ways.push([0.8, () => inArena(of, scope, goal)]);
  const tried = attempt(of, scope, goal);
  if (tried !== undefined) ways.push([2, tried]);
  return random.weighted(ways)();
}

// ---------------------------------------------------------------------------------------------- functions

export function makeLambda(of: Type, scope: Scope): Made {
  const { random, world } = scope.body;
  const lifetime = scope.inLambda ? scope.lifetime : scope.open + 1;
  const params = paramsOf(of).map(
    (t): Variable => ({
      name: fresh(scope, 'p'),
      type: t,
      mutable: false,
      // What is given may be older than what the closure makes, and then cannot hold it; or it is as young.
      low: random.chance(0.5) ? lifetime : 0,
      high: isFlat(world, t) ? 0 : lifetime,
    }),
  );
  const inner: Scope = {
    ...scope,
    variables: [...scope.variables, ...params],
    regions: [],
    lifetime,
    open: lifetime,
    inLoop: false,
    result: undefined,
    returns: { type: resultOf(of), goal: lifetime },
    inLambda: true,
    depth: Math.min(scope.depth - 1, 2),
  };
  const of2 = resultOf(of);
  const filled = random.chance(0.5) ? params.filter((p) => isObject(world, p.type)) : [];
  const before = filled.length > 0 ? scope.make.filling(random.pick(filled), inner) : undefined;
  const block = scope.make.block(of2, inner, lifetime, random.chance(0.3) ? 1 : 0).e;
  const body = before === undefined ? block : sequence(before, block);
  const e = expression('lambda', of, [body], {
    binds: params.map(({ name, type: t }) => ({ name, type: t, mutable: false })),
  });
  return { e, low: scope.lifetime, high: Math.max(scope.lifetime, captured(e, scope)) };
}

/** The highest lifetime of what an expression uses of a scope. */
function captured(e: Expression, scope: Scope): number {
  const used = new Set<string>();
  const walk = (x: Expression): void => {
    if (x.kind === 'variable' || x.kind === 'set-variable') used.add(x.name);
    x.parts.forEach(walk);
  };
  walk(e);
  return Math.max(0, ...scope.variables.filter((v) => used.has(v.name)).map((v) => v.high));
}

function functionValue(of: Type, scope: Scope, goal: number): Made {
  const { random, functions } = scope.body;
  const named = functions.filter(
    (f) =>
      f.repeats === 0 &&
      f.result === resultOf(of) &&
      sameTypes(
        f.params.map((p) => p.type),
        paramsOf(of),
      ),
  );
  if (named.length > 0 && random.chance(0.4))
    return { e: expression('function', of, [], { name: random.pick(named).name }), low: 0, high: 0 };
  // What it captures has to live as long.
  const visible = { ...scope, variables: scope.variables.filter((v) => v.high <= goal) };
  return place(of, visible, goal, (inner) => makeLambda(of, inner).e);
}

const sameTypes = (a: readonly Type[], b: readonly Type[]) =>
  a.length === b.length && a.every((t, i) => t === b[i]);

/** A call of a function of the case. What it may store has to live as long as whatever it may be stored in. */
export function callTo(f: Known, scope: Scope, least: number): Expression {
  const { random, world, found } = scope.body;
  const inner = deeper(scope);
  const args = (goal: number) =>
    f.params.map((p, i): Made => {
      if (i === 0 && f.repeats > 0)
        return { e: literal(I64, BigInt(1 + random.below(f.repeats))), low: 0, high: 0 };
      return inner.make.expression(p.type, inner, goal);
    });
  if (f.stores) found.stores = true;
  let made = args(f.stores && random.chance(0.6) ? 0 : least);
  const held = made.filter((_, i) => !isFlat(world, (f.params[i] as (typeof f.params)[0]).type));
  const fits = Math.max(0, ...held.map((a) => a.high)) <= Math.min(...held.map((a) => a.low));
  if (f.stores && !fits && !isBold(scope)) made = args(0);
  return call(f.name, f.result, ...made.map((a) => a.e));
}

// ---------------------------------------------------------------------------------------------- control

function conditional(of: Type, scope: Scope, goal: number): Made {
  const inner = deeper(scope);
  const condition = inner.make.expression(BOOL, inner, inner.open).e;
  const [a, b] = [inner.make.expression(of, inner, goal), inner.make.expression(of, inner, goal)];
  return { e: choose(condition, a.e, b.e), low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

const any: Pattern = { kind: 'any' };

/** A match of something that is there. */
export function matched(of: Type, scope: Scope, goal: number): Made {
  const { random, world } = scope.body;
  const inner = deeper(scope);
  const subjects = sources(scope, scope.open).filter(({ e }) => variantsOf(world, e.type).length > 0);
  if (subjects.length === 0) return literalMatch(of, scope, goal);
  const subject = random.pick(subjects);
  const all = variantsOf(world, subject.e.type);
  const taken = random.some(all, 1 + random.below(all.length));
  let [low, high] = [0, 0];
  const arm = (more: readonly Variable[]): Expression => {
    const made = inner.make.block(of, withVariables(inner, ...more), goal, random.chance(0.3) ? 1 : 0);
    low = Math.min(low, made.low);
    high = Math.max(high, made.high);
    return made.e;
  };
  const arms = taken.map((variant): readonly [Pattern, Expression] => {
    const bound = variant.fields.map(
      (t): Variable => ({
        name: fresh(scope, 'm'),
        type: t,
        mutable: false,
        low: 0,
        high: isFlat(world, t) ? 0 : subject.high,
      }),
    );
    const parts = bound.map((b): Pattern => (random.chance(0.8) ? { kind: 'name', name: b.name } : any));
    const seen = bound.filter((_, i) => parts[i]?.kind === 'name');
    return [{ kind: 'variant', name: variant.name, parts }, arm(seen)];
  });
  if (taken.length < all.length) arms.push([any, arm([])]);
  return { e: match(subject.e, of, ...arms), low, high };
}

function literalMatch(of: Type, scope: Scope, goal: number): Made {
  const { random } = scope.body;
  const inner = deeper(scope);
  const one = () => inner.make.expression(of, inner, goal);
  const [a, b] = [one(), one()];
  const subject = inner.make.expression(I64, inner, inner.open).e;
  const value: Pattern = { kind: 'literal', value: BigInt(random.below(3)) };
  return { e: match(subject, of, [value, a.e], [any, b.e]), low: 0, high: Math.max(a.high, b.high) };
}

/** A `let` of any type around what is wanted. */
function bound(of: Type, scope: Scope, goal: number): Made {
  const { random, types } = scope.body;
  const t = random.pick(types);
  const inner = deeper(scope);
  const value = inner.make.expression(t, inner, inner.open);
  const v: Variable = { name: fresh(scope, 'v'), type: t, mutable: false, low: value.low, high: value.high };
  const body = inner.make.expression(of, withVariables(inner, v), goal);
  return {
    e: bindIn({ name: v.name, type: t, mutable: false }, value.e, body.e),
    low: body.low,
    high: body.high,
  };
}

/** Opens an arena, or the frame's: the scope in its block. */
export function openArena(scope: Scope, name?: 'frame'): Scope {
  const { random } = scope.body;
  const blocks = scope.regions.filter((r) => r.name !== 'frame').length;
  const isFrame = name === 'frame' || random.chance(0.2);
  const base = scope.inLambda ? scope.open : 1;
  const region: Region = {
    name: isFrame ? 'frame' : fresh(scope, 'arena'),
    lifetime: isFrame ? 1 : Math.max(base + 1, 2 + blocks, scope.open + 1),
    outer: scope.lifetime,
  };
  return {
    ...scope,
    regions: [...scope.regions, region],
    lifetime: region.lifetime,
    open: Math.max(scope.open, region.lifetime),
  };
}

/** Copies of what is there to where the innermost arena was entered from. */
function copies(of: Type, scope: Scope, goal: number): Made[] {
  const innermost = scope.regions.at(-1);
  if (innermost === undefined || innermost.outer > goal || isFlat(scope.body.world, of)) return [];
  const { outer } = innermost;
  return sources(scope, scope.open)
    .filter((s) => s.e.type === of)
    .map((s) => ({ e: expression('copy-out', of, [s.e]), low: 0, high: outer }));
}

function inArena(of: Type, scope: Scope, goal: number): Made {
  const { random } = scope.body;
  const inner = openArena(deeper(scope));
  const made = inner.make.block(of, inner, Math.min(goal, scope.open), random.below(2));
  return {
    e: expression('arena', of, [made.e], { name: inner.regions.at(-1)?.name ?? '' }),
    low: 0,
    high: Math.min(made.high, Math.max(scope.open, 1)),
  };
}

/** `?`, where the function returns a result. */
function attempt(of: Type, scope: Scope, goal: number): (() => Made) | undefined {
  const { result } = scope;
  if (result === undefined) return undefined;
  const error = result.args[1] as Type;
  const { random, types, functions } = scope.body;
  const fits = (t: Type) =>
    t.name === 'Result' &&
    t.args[0] === of &&
    (t.args[1] === error || (t.args[1] === STRING && error === TROUBLE));
  const candidates = [...types, ...functions.map((f) => f.result), type('Result', STRING, STRING)].filter(
    fits,
  );
  if (candidates.length === 0) return undefined;
  return () => {
    const from = random.pick(candidates);
    const inner = deeper(scope);
    const made = inner.make.expression(from, inner, goal);
    const name = from.args[1] === error ? '' : 'Lost';
    return { e: expression('try', of, [made.e], { name }), low: 0, high: made.high };
  };
}
