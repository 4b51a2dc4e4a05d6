/** What is there already: variables, globals, and what is read out of them. */
import { annotate, apply, choose, construct, field, integer, prelude, variable, within } from './pieces.ts';
import { type Expression, expression } from './program.ts';
import type { Made, Scope } from './scope.ts';
import { deeper } from './scope.ts';
import { BOOL, I64, option, paramsOf, resultOf, type Type } from './type.ts';
import { fieldsOf, isFlat } from './world.ts';

export interface Source extends Made {
  readonly mutable: boolean;
  readonly isGlobal: boolean;
}

/** Variables and globals that live long enough. */
export function sources(scope: Scope, goal: number): readonly Source[] {
  const globals = scope.body.globals.map((g): Source => {
    const lifetime = g.frame ? 1 : 0;
    const e = expression('global', g.type, [], { name: g.name });
    return { e, low: lifetime, high: lifetime, mutable: true, isGlobal: true };
  });
  const variables = scope.variables.map(
    (v): Source => ({ e: variable(v), low: v.low, high: v.high, mutable: v.mutable, isGlobal: false }),
  );
  return [...variables, ...variables, ...variables.filter((v) => v.mutable), ...globals].filter(
    (s) => s.high <= goal,
  );
}

/** Ways to a value of a type from what is there. What is found in something may be older than it. */
export function reads(
  type: Type,
  scope: Scope,
  goal: number,
): (readonly [weight: number, make: () => Made])[] {
  const ways: (readonly [number, () => Made])[] = [];
  const { random, world } = scope.body;
  const inner = deeper(scope);
  for (const source of sources(scope, goal)) {
    const { e, high } = source;
    const read = (weight: number, make: () => Expression) =>
      ways.push([weight, () => ({ e: make(), low: 0, high: isFlat(world, type) ? 0 : high })]);
    /** With something else where there is nothing: that may be younger. */
    const or = (weight: number, make: (other: Expression) => Expression) =>
      ways.push([
        weight,
        () => {
          const other = inner.make.expression(type, { ...inner, depth: 0 }, goal);
          return { e: make(other.e), low: 0, high: Math.max(high, other.high) };
        },
      ]);
    if (e.type === type) ways.push([6, () => source]);
    for (const f of fieldsOf(world, e.type)) if (f.type === type) read(3, () => field(f.name, type, e));
    const index = () => inner.make.expression(I64, { ...inner, depth: Math.min(inner.depth, 1) }, goal).e;
    switch (e.type.name) {
      case 'Vector':
      case 'MutVec':
        if (e.type.args[0] !== type) break;
        or(3, (other) =>
          choose(prelude('empty?', BOOL, e), other, prelude('nth', type, e, within(index(), e))),
        );
        read(0.2, () => prelude('nth', type, e, integer(random.below(4))));
        read(0.1, () => prelude(random.pick(['first', 'last']), type, e));
        break;
      case 'List':
        if (e.type.args[0] === type)
          or(2, (other) => choose(prelude('empty?', BOOL, e), other, prelude('head', type, e)));
        break;
      case 'Option':
      case 'Result':
        if (e.type.args[0] !== type) break;
        or(2, (other) => prelude('unwrap-or', type, e, other));
        read(0.15, () => prelude('unwrap', type, e));
        break;
      case 'Map':
      case 'MutMap': {
        const [key, held] = e.type.args as [Type, Type];
        if (held !== type) break;
        const k = () => inner.make.expression(key, { ...inner, depth: 0 }, goal).e;
        or(2, (other) => prelude('unwrap-or', type, prelude('map-find', option(type), e, k()), other));
        read(0.15, () => prelude('map-get', type, e, k()));
        break;
      }
      case 'Atom':
        if (e.type.args[0] === type) read(2, () => prelude('deref', type, e));
        break;
      case 'Fn': {
        if (resultOf(e.type) !== type || scope.lifetime > goal) break;
        ways.push([
          3,
          () => {
            const args = paramsOf(e.type).map((p) => inner.make.expression(p, inner, goal));
            const most = Math.max(scope.lifetime, high, ...args.map((a) => a.high));
            return {
              e: apply(e, type, ...args.map((a) => a.e)),
              low: 0,
              high: isFlat(world, type) ? 0 : most,
            };
          },
        ]);
        break;
      }
      default:
    }
    if (type.name === 'Option' && type.args[0] === e.type)
      ways.push([
        1,
        () => ({ e: annotate(construct('Some', type, e)), low: 0, high: Math.max(high, scope.lifetime) }),
      ]);
  }
  return ways;
}
