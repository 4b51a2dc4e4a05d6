/**
 * A value lies flat in what holds it, and so do a tuple and an array: a value that holds itself by these alone would have no end. Of
 * a struct, a collection or a sum type it holds a reference, or can hold one.
 */
import {
  isFlat,
  isTooLarge,
  prune,
  sameType,
  substitute,
  type Type,
  type TypeDefinition,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** Reports values that would contain themselves; of those that contain one another, the first. */
export function rejectRecursiveValues(cx: Inference): void {
  const reported = new Set<TypeDefinition>();
  for (const definition of cx.types) {
    if (definition.kind !== 'value' || definition.span === undefined) continue;
    const own: Type = {
      kind: 'named',
      definition,
      args: definition.parameters.map((parameter) => ({ kind: 'parameter', parameter })),
    };
    const circle = circleIn(own, []);
    if (circle === undefined || circle.some((d) => reported.has(d))) continue;
    for (const d of circle) reported.add(d);
    cx.error('recursive-value', definition.span, `the value \`${definition.name}\` would contain itself`, {
      hint: 'a value lies flat in what holds it; a `defstruct` is a reference and may refer to its like',
    });
  }
}

/** The values on the way from one that lies in `type` to itself; one at ever larger types has no end either. */
function circleIn(type: Type, around: readonly Type[]): readonly TypeDefinition[] | undefined {
  const t = prune(type);
  if (t.kind !== 'named') return undefined;
  if (around.some((outer) => sameType(outer, t)) || isTooLarge(t))
    return [...around, t].flatMap((part) => (part.kind === 'named' ? [part.definition] : []));
  if (t.definition.kind === 'builtin' && isFlat(t.definition))
    return firstOf(t.args, (part) => circleIn(part, around));
  if (t.definition.kind !== 'value') return undefined;
  const given = new Map(t.definition.parameters.map((p, i) => [p, t.args[i] as Type]));
  return firstOf(t.definition.fields, (field) => circleIn(substitute(field.type, given), [...around, t]));
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
