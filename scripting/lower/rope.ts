/**
 * What the library's vectors are made of: flat ones that nobody else has yet, and nodes of two vectors. The algorithms
 * are in `library/prelude/vectors.slu`; nothing here checks an index.
 */

import { DESCRIPTOR_MAGIC, KIND_OBJECT, ROPE_HEIGHT, ROPE_LENGTH, VECTOR_LENGTH } from '../heap/index.ts';
import type { Expression } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type } from '../types/index.ts';
import { binary, i32, UNIT, unary, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';
import { elementAccess, flatElement, newFlat, setFlatElement } from './vector.ts';

type RopePrimitive =
  | '%flat'
  | '%flat-nth'
  | '%nth'
  | '%flat-set!'
  | '%flat-copy!'
  | '%rope'
  | '%rope?'
  | '%height'
  | '%left'
  | '%right';

/** A primitive of flat vectors and ropes; `type` is the vector's. */
export function lowerRope(
  lowering: FunctionLowering,
  name: RopePrimitive,
  type: Type,
  args: readonly Value[],
  span: Span,
): Value {
  const { builder } = lowering;
  const [first, second, third, fourth, fifth] = args.map((v) => v[0]) as [
    Expression,
    Expression,
    Expression,
    Expression,
    Expression,
  ];
  const index = (value: Expression): Expression => unary('i32', 'i64', 'wrap', value);
  switch (name) {
    case '%flat':
      return [newFlat(lowering, type, first, span)];
    case '%flat-nth':
      return flatElement(lowering, type, first, builder.stableOne(index(second), 'index'));
    case '%nth': {
      // Of an index that is known to be in range.
      const [held, at] = builder.stable([first, index(second)], 'vector') as [Expression, Expression];
      return elementAccess(lowering, type, held, at);
    }
    case '%flat-set!':
      setFlatElement(lowering, type, first, index(second), args[2] ?? UNIT, span);
      return UNIT;
    case '%flat-copy!': {
      const copied = [first, index(second), third, index(fourth), index(fifth)];
      return builder.call({ to: 'runtime', name: 'arrayCopy', args: copied, reps: [], span }, '');
    }
    case '%rope': {
      const layout = lowering.program.types.rope();
      return [lowering.allocate(layout, [i32(0), index(first), second, third, fourth], span)];
    }
    case '%rope?':
      return [isRope(lowering, first)];
    case '%height': {
      const held = builder.stableOne(first, 'vector');
      const height = lowering.load(held, ROPE_HEIGHT, 'i32');
      const condition = isRope(lowering, held);
      return [{ kind: 'if-expression', rep: 'i32', condition, then: height, else: i32(0) }];
    }
    case '%left':
      return builder.call({ to: 'runtime', name: 'ropeLeft', args: [first], reps: ['ref'], span }, 'left');
    case '%right':
      return builder.call({ to: 'runtime', name: 'ropeRight', args: [first], reps: ['ref'], span }, 'right');
  }
}

/**
 * Whether a vector is a tree, as 0 or 1: of all that a vector may be, only a tree is no array. The address of its descriptor
 * does not tell, since each image that a reload links beside the others brings descriptors of its own.
 */
export function isRope(lowering: FunctionLowering, vector: Expression): Expression {
  const kind = lowering.load(lowering.load(vector, 0, 'i32'), 0, 'i32');
  return binary('i32', 'eq', kind, i32(DESCRIPTOR_MAGIC | KIND_OBJECT), 'i32');
}

/** A vector's length, an `i32`; the vector can be read any number of times. A flat one says it at once. */
export function vectorLength(lowering: FunctionLowering, vector: Expression): Expression {
  const flat = lowering.builder.stableOne(lowering.load(vector, VECTOR_LENGTH, 'i32'), 'length');
  const rope: Expression = {
    kind: 'if-expression',
    rep: 'i32',
    condition: isRope(lowering, vector),
    then: lowering.load(vector, ROPE_LENGTH, 'i32'),
    else: i32(0),
  };
  return { kind: 'if-expression', rep: 'i32', condition: flat, then: flat, else: rope };
}
