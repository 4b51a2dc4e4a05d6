/**
 * Products of which one operand is known and the other is not when inference comes by: `(* dt speed)` of an `f64` is one of
 * numbers, or scales a vector. Which of them is decided when the other's type is known; at the end of the group, one that is
 * still unknown is taken to be of the same type, as the operands of every operator are.
 */
import { prune, type Type } from '../model/index.ts';
import type { Inference } from './inference.ts';

/** Whether nothing is known of a type, not even that it is a number's. */
export function isUnknown(type: Type): boolean {
  const t = prune(type);
  return t.kind === 'meta' && t.literal === undefined;
}

/** Decides the products whose operands have become known; true if there was one. */
export function lookUpProducts(cx: Inference): boolean {
  const known = cx.wantedProducts.filter(({ unknown }) => !isUnknown(unknown));
  cx.wantedProducts = cx.wantedProducts.filter(({ unknown }) => isUnknown(unknown));
  for (const product of known) product.decide();
  return known.length > 0;
}

/** Decides the product that has waited longest; true if there was one. */
export function guessProduct(cx: Inference): boolean {
  const product = cx.wantedProducts.shift();
  product?.decide();
  return product !== undefined;
}
