/** Fixed arrays as collections: gone through, and copied into vectors. Their elements one by one are in `array-place.ts`. */
import type { Expression } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { arrayLength, type Type, type TypedExpression } from '../types/index.ts';
import { arrayElement } from './array-place.ts';
import { binary, get, i32, i64, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';
import { components, elementOf } from './representation.ts';
import { newArray, put } from './vector.ts';

/** Runs `body` for each element of an array whose components can be read any number of times. */
export function eachOfArray(
  lowering: FunctionLowering,
  type: Type,
  array: Value,
  span: Span,
  body: (item: Value, type: Type) => void,
): void {
  const { builder } = lowering;
  const length = i32(arrayLength(type) as number);
  const index = builder.local('index', 'i32');
  builder.markMutable(index);
  builder.set(index, i32(0));
  lowering.loop(
    span,
    () => {
      lowering.exitIf(binary('i32', 'ge_u', get(index), length, 'i32'));
      body(builder.stable(arrayElement(lowering, type, array, get(index)), 'item'), elementOf(type));
    },
    () => builder.set(index, binary('i32', 'add', get(index), i32(1))),
  );
}

/** A vector with the elements of an array. */
export function vectorOfArray(lowering: FunctionLowering, type: Type, array: Value, span: Span): Expression {
  const { builder } = lowering;
  const element = elementOf(type);
  const layout = lowering.program.types.vector(element);
  const length = arrayLength(type) as number;
  const parts = components(element).length;
  const held = builder.stable(array, 'array');
  const vector = builder.stableOne(newArray(layout, i64(BigInt(length)), span), 'vector');
  for (let i = 0; i < length; i++)
    put(lowering, layout, vector, i32(i), held.slice(i * parts, (i + 1) * parts), span);
  return vector;
}

/** `(slice a from to)`: a vector of some elements of an array. */
export function sliceOfArray(
  lowering: FunctionLowering,
  type: Type,
  { args, span }: Extract<TypedExpression, { kind: 'call' }>,
): Value {
  const [array, ...bounds] = lowering.operands(args);
  const [from, to] = lowering.builder.stable(bounds.flat(), 'bound') as [Expression, Expression];
  const vector = lowering.builder.stableOne(vectorOfArray(lowering, type, array as Value, span), 'vector');
  const key = lowering.program.instance('prelude.%vector-slice', [elementOf(type)]);
  return lowering.builder.call(
    { to: 'function', key, args: [vector, from, to], reps: ['ref'], span },
    'slice',
  );
}
