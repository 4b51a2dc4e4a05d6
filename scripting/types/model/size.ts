/**
 * Types that nobody meant: each `(tuple b b)` of a chain doubles its type, and later stages write types out in full. So
 * what is bound to a name has a type of bounded size.
 */
import type { Type } from './type.ts';
import { parts, prune } from './unify.ts';

/** Parts that a type may have, counted as often as they stand in it. */
const SIZE_LIMIT = 5_000;
/** Deeper than forms can nest, so that no single expression is refused. */
const DEPTH_LIMIT = 300;

/** True for a type that is too large to go on with. Looks at no more than the limit. */
export function isTooLarge(type: Type, depthLimit = DEPTH_LIMIT): boolean {
  let left = SIZE_LIMIT;
  const visit = (t: Type, depth: number): boolean => {
    if (--left < 0 || depth > depthLimit) return true;
    return parts(prune(t)).some((part) => visit(part, depth + 1));
  };
  return visit(type, 0);
}
