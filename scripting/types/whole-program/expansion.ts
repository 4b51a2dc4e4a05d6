/**
 * Generic functions are compiled once for each type they are used at, so a function that uses itself at ever larger types,
 * `(f [x])` in the body of `f`, would be compiled without end. Such a circle shows in a graph of type parameters: an edge
 * leads from a function's parameter to that of a function it calls, and it *expands* where the one stands inside a larger
 * type. There is no end exactly if a circle has an expanding edge (Kennedy and Pierce 2007, for generics in .NET).
 */

import type { Span } from '../../syntax/index.ts';
import { type Parameter, prune, type Type, type TypedFunction, variables } from '../model/index.ts';
import { type Inference, stronglyConnectedComponents } from '../solving/index.ts';

/** A named function used in the body of another. */
export interface Use {
  readonly key: string;
  readonly typeArguments: readonly Type[];
  readonly span: Span;
}

interface Edge {
  readonly from: Parameter;
  readonly to: Parameter;
  readonly use: Use;
  readonly expands: boolean;
}

/** Reports uses that would make compilation endless. */
export function rejectEndlessUses(
  cx: Inference,
  functions: readonly TypedFunction[],
  uses: readonly Use[],
): void {
  const byKey = new Map(functions.map((f) => [f.key, f]));
  const edges = uses.flatMap((use) => edgesOf(use, byKey.get(use.key)?.typeParameters ?? []));
  const outgoing = new Map<Parameter, Parameter[]>();
  for (const { from, to } of edges) outgoing.set(from, [...(outgoing.get(from) ?? []), to]);
  const circle = new Map<Parameter, number>();
  for (const [i, group] of stronglyConnectedComponents(
    [...outgoing.keys()],
    (p) => outgoing.get(p) ?? [],
  ).entries())
    for (const parameter of group) circle.set(parameter, i);
  for (const { from, to, use, expands } of edges) {
    if (!expands || circle.get(from) !== circle.get(to)) continue;
    const name = byKey.get(use.key)?.name ?? use.key;
    cx.error(
      'endless-generic',
      use.span,
      `\`${name}\` is used at ever larger types here, and so would be compiled without end`,
      {
        hint: 'a generic function may use itself at its own types only',
      },
    );
  }
}

function edgesOf(use: Use, parameters: readonly Parameter[]): Edge[] {
  return parameters.flatMap((to, i) => {
    const argument = use.typeArguments[i];
    if (argument === undefined) return [];
    const type = prune(argument);
    const mentioned = [...variables(type)].filter((v): v is Parameter => !('kind' in v));
    return mentioned.map((from): Edge => ({ from, to, use, expands: type.kind !== 'parameter' }));
  });
}
