/**
 * An instance of `Num` may leave out operators that make no sense for its type: a `Vec2` has no `mod`. Using one of those is
 * an error where it is written; and a generic function that uses `mod` cannot be used at a `Vec2`. Which operators are
 * asked of a type parameter is passed on from each function to those that use it, until nothing changes.
 */

import type { Span } from '../../syntax/index.ts';
import {
  type InstanceDefinition,
  type Parameter,
  prune,
  showType,
  type Type,
  type TypedFunction,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import type { Use } from './expansion.ts';

/** A method of `Num` used at a type. */
export interface OperatorUse {
  readonly method: string;
  readonly type: Type;
  readonly span: Span;
}

/** Reports operators that are used at types whose instances lack them; `lacking` is what each instance leaves out. */
export function rejectMissingOperators(
  cx: Inference,
  functions: readonly TypedFunction[],
  uses: readonly Use[],
  operators: readonly OperatorUse[],
  lacking: ReadonlyMap<InstanceDefinition, readonly string[]>,
): void {
  if (![...lacking.values()].some((methods) => methods.length > 0)) return;
  const lacks = (type: Type, method: string): string | undefined => {
    if (type.kind !== 'named') return undefined;
    for (const [{ args }, methods] of lacking) {
      const of = args[0] === undefined ? undefined : prune(args[0]);
      if (of?.kind === 'named' && of.definition === type.definition && methods.includes(method))
        return type.definition.name;
    }
    return undefined;
  };
  const asked = new Map<Parameter, Set<string>>();
  const ask = (parameter: Parameter, method: string): boolean => {
    const methods = asked.get(parameter) ?? new Set();
    asked.set(parameter, methods);
    return methods.size < methods.add(method).size;
  };
  for (const { method, type: used, span } of operators) {
    const type = prune(used);
    if (type.kind === 'parameter') ask(type.parameter, method);
    const name = lacks(type, method);
    if (name !== undefined)
      cx.error(
        'missing-method',
        span,
        `\`${name}\` has no \`${written(method)}\`: its instance of \`Num\` leaves it out`,
        scalingHint(cx, method, type),
      );
  }
  const byKey = new Map(functions.map((f) => [f.key, f]));
  const pairs = uses.flatMap((use) =>
    (byKey.get(use.key)?.typeParameters ?? []).flatMap((parameter, i) => {
      const argument = use.typeArguments[i];
      return argument === undefined ? [] : [{ use, parameter, type: prune(argument) }];
    }),
  );
  for (let changed = true; changed; ) {
    changed = false;
    for (const { parameter, type } of pairs)
      if (type.kind === 'parameter')
        for (const method of asked.get(parameter) ?? []) changed = ask(type.parameter, method) || changed;
  }
  for (const { use, parameter, type } of pairs)
    for (const method of asked.get(parameter) ?? []) {
      const name = lacks(type, method);
      if (name === undefined) continue;
      const function_ = byKey.get(use.key)?.name ?? use.key;
      cx.error(
        'missing-method',
        use.span,
        `\`${function_}\` needs \`${written(method)}\`, which the instance of \`Num\` for \`${name}\` leaves out`,
      );
    }
}

/** An operand of which nothing says that it is the number is taken to be of the other's type. */
function scalingHint(cx: Inference, method: string, type: Type): { hint?: string } {
  const scale = cx.prelude?.classes.get('Scale')?.key;
  if (scale === undefined || type.kind !== 'named' || (method !== '*' && method !== '/')) return {};
  for (const { args } of cx.instances.of(scale)) {
    const [scaled, factor] = args.map(prune);
    if (scaled?.kind !== 'named' || factor === undefined || scaled.definition !== type.definition) continue;
    const number = `\`((k : ${showType(factor)}))\``;
    const name = type.definition.name;
    return {
      hint: `\`${method}\` scales a \`${name}\` by a number: if one operand is to be a number, say so, as in ${number}`,
    };
  }
  return {};
}

/** What stands in the text: `(- x)` is `negate`. */
const written = (method: string): string => (method === 'negate' ? '-' : method);
