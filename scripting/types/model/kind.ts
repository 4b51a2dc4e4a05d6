/** Kinds, as far as the language has them: how many types a type variable takes before it is a type. */
import type { Parameter, Type } from './type.ts';
import { parts, prune } from './unify.ts';

/**
 * Notes for each type variable how many types it is applied to. Returns the first that is used in two ways; `known` is
 * added to.
 */
export function kindsOf(types: readonly Type[], known: Map<Parameter, number>): Parameter | undefined {
  const note = (parameter: Parameter, arity: number): Parameter | undefined => {
    const before = known.get(parameter);
    known.set(parameter, arity);
    return before !== undefined && before !== arity ? parameter : undefined;
  };
  const visit = (type: Type): Parameter | undefined => {
    const t = prune(type);
    if (t.kind === 'parameter') return note(t.parameter, 0);
    const inner = t.kind === 'apply' ? t.args : parts(t);
    const head = t.kind === 'apply' ? prune(t.head) : undefined;
    const clash =
      head?.kind === 'parameter' && t.kind === 'apply' ? note(head.parameter, t.args.length) : undefined;
    return clash ?? first(inner.map(visit));
  };
  return first(types.map(visit));
}

function first<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.find((v) => v !== undefined);
}
