/** Elements as parts of places: `(nth xs i)`, which can be set where the elements of `xs` can. */
import { arrayLength } from './builtin.ts';
import type { TypedExpression } from './typed.ts';
import { prune } from './unify.ts';

export function isElement(node: TypedExpression): node is Extract<TypedExpression, { kind: 'call' }> {
  return (
    node.kind === 'call' &&
    node.callee.kind === 'method' &&
    node.callee.class === 'Sequence' &&
    node.callee.method === 'nth'
  );
}

/** What a place lies flat in, if that has no identity: the array of an element. Undefined where it is no such part. */
export function arrayAround(node: TypedExpression): TypedExpression | undefined {
  const [of] = isElement(node) ? node.args : [];
  return of !== undefined && arrayLength(prune(of.type)) !== undefined ? of : undefined;
}
