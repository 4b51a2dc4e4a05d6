/** Functions of the prelude that forms of the language are calls of. */
import type { Span } from '../../syntax/index.ts';
import type { FunctionType, TypedExpression } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import { functionValue } from './value.ts';

/** One of them, at fresh types. */
export function preludeFunction(
  cx: Inference,
  name: string,
  span: Span,
): TypedExpression & { type: FunctionType } {
  const definition = cx.prelude?.values.get(name);
  if (definition?.kind !== 'function') throw new Error(`the prelude has no ${name}`);
  // A function of the prelude has a signature, so its type is that of a function.
  return functionValue(cx, definition.function, span) as TypedExpression & { type: FunctionType };
}
