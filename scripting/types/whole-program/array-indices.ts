/** Indices that are written down, of arrays whose length their type says: whether they are there is known before anything runs. */

import { arrayLength, isElement, partsOf, prune, type TypedExpression } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

/** Reports those that no array of the type has. */
export function rejectArrayIndices(cx: Inference, e: TypedExpression): void {
  for (const part of partsOf(e)) rejectArrayIndices(cx, part);
  const [of, index] = elementOf(e);
  const length = of === undefined ? undefined : arrayLength(prune(of.type));
  if (length === undefined || index?.kind !== 'integer') return;
  const { value } = index;
  if (value >= 0n && value < BigInt(length)) return;
  // `(inc! (nth a 9))` reads and sets it.
  if (cx.diagnostics.all.some(({ code, span }) => code === 'bad-index' && span === index.span)) return;
  cx.error('bad-index', index.span, `the array has no element ${value}: it has ${length}`, {
    hint: `its indices are 0 to ${length - 1}`,
  });
}

/** What `nth` reads or sets, and at which index. */
function elementOf(e: TypedExpression): readonly [TypedExpression?, TypedExpression?] {
  if (e.kind === 'set-element') return [e.target, e.index];
  const [of, index] = isElement(e) ? e.args : [];
  return of === undefined || index === undefined ? [] : [of, index];
}
