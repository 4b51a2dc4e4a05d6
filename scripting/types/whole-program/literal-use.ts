/**
 * `(Num 'a)` lets a function write `1` for an 'a. A program may call its own types numbers, of which `1` is none: a generic
 * function that writes literals cannot be used at those. Which parameters stand for literals' types is passed on from
 * each function to those that use it, until nothing changes.
 */
import {
  describe,
  isBuiltin,
  NUMBER_NAMES,
  type Parameter,
  prune,
  type TypedFunction,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import type { Use } from './expansion.ts';

/** Reports uses at types that have no literals; `literal` are the parameters that are the type of some literal. */
export function rejectLiteralUses(
  cx: Inference,
  functions: readonly TypedFunction[],
  uses: readonly Use[],
  literal: Set<Parameter>,
): void {
  if (literal.size === 0) return;
  const byKey = new Map(functions.map((f) => [f.key, f]));
  const pairs = uses.flatMap((use) =>
    (byKey.get(use.key)?.typeParameters ?? []).flatMap((parameter, i) => {
      const argument = use.typeArguments[i];
      return argument === undefined ? [] : [{ use, parameter, type: prune(argument) }];
    }),
  );
  for (let size = -1; size !== literal.size; ) {
    size = literal.size;
    for (const { parameter, type } of pairs)
      if (literal.has(parameter) && type.kind === 'parameter') literal.add(type.parameter);
  }
  for (const { use, parameter, type } of pairs) {
    if (!literal.has(parameter) || type.kind === 'parameter' || isBuiltin(type, ...NUMBER_NAMES)) continue;
    const name = byKey.get(use.key)?.name ?? use.key;
    cx.error(
      'no-instance',
      use.span,
      `\`${name}\` works with number literals, and a literal cannot be ${describe(type)}`,
    );
  }
}
