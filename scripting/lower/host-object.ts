/**
 * What a script sees of the host's objects: an `extern-type`'s value is a proxy (`heap/mutator/proxies.ts`), which says at which index
 * of the machine's table the object stands. An object may have several proxies, but it has one index as long as it has any:
 * so two proxies stand for the same object where their indices are equal, and an index can be a hash.
 */

import { REFERENCE_SUBJECT } from '../heap/index.ts';
import type { Expression } from '../ir/index.ts';
import { binary, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';

export function hostObjectIndex(lowering: FunctionLowering, proxy: Expression): Expression {
  return lowering.load(proxy, REFERENCE_SUBJECT, 'i32');
}

/** Whether two proxies stand for one object, as 0 or 1. */
export function sameHostObject(lowering: FunctionLowering, a: Value, b: Value): Expression {
  const [left, right] = [a[0] as Expression, b[0] as Expression];
  return binary('i32', 'eq', hostObjectIndex(lowering, left), hostObjectIndex(lowering, right), 'i32');
}
