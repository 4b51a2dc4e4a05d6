/** Elements of vectors and mutable vectors: how they are reached and set. What changes the length is in `mut-vector.ts`. */

import { FAIL_INDEX, INDEX_LOW_BITS, MUT_VECTOR_BUFFER, VECTOR_DATA, VECTOR_LENGTH } from '../heap/index.ts';
import type { Expression, ObjectType, Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type, TypedExpression } from '../types/index.ts';
import { binary, get, i32, i64, unary, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';
import { replace } from './moving.ts';
import { components, elementOf, isNamed, repOf } from './representation.ts';
import { isRope, vectorLength } from './rope.ts';

export function layoutOf(lowering: FunctionLowering, vector: Type): ObjectType {
  return lowering.program.types.vector(elementOf(vector));
}

/** Where the elements lie: the vector itself, or a mutable vector's buffer. */
export function storage(lowering: FunctionLowering, type: Type, vector: Expression): Expression {
  return isNamed(type, 'MutVec') ? lowering.load(vector, MUT_VECTOR_BUFFER, 'ref') : vector;
}

export function lengthOf(lowering: FunctionLowering, vector: Expression): Expression {
  return lowering.load(vector, VECTOR_LENGTH, 'i32');
}

/** How many elements there are, an `i32`; the vector can be read any number of times. */
export function countOf(lowering: FunctionLowering, type: Type, vector: Expression): Expression {
  return isNamed(type, 'Vector') ? vectorLength(lowering, vector) : lengthOf(lowering, vector);
}

/** The element at an `i32` index that is known to be in range; vector and index can be read any number of times. */
export function elementAccess(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  index: Expression,
): Value {
  if (!isNamed(type, 'Vector')) return flatElement(lowering, type, vector, index);
  const isInPlace = binary('i32', 'lt_u', index, lengthOf(lowering, vector), 'i32');
  const wide = unary('i64', 'i32', 'extend_u', index);
  return eitherElement(lowering, type, vector, { isInPlace, index, wide, span: lowering.program.nowhere });
}

/** How an element of a vector is asked for. */
interface Access {
  /** Whether the vector has so many elements in place: then it is flat, and the index is in range. */
  readonly isInPlace: Expression;
  readonly index: Expression;
  readonly wide: Expression;
  /** Emits what is to happen where the index is not in range, at a length. Undefined where it is known to be. */
  readonly outside?: (length: Expression) => void;
  readonly span: Span;
}

/**
 * An element of a flat vector, in place, or what the library finds in a tree. One comparison tells both, whether the
 * vector is flat and whether the index is in range; only where it says no is more asked.
 */
function eitherElement(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  { isInPlace, index, wide, outside, span }: Access,
): Value {
  const { builder, program } = lowering;
  const parts = components(elementOf(type));
  const locals = builder.localsFor('element', parts);
  const assign = (value: Value): void => {
    for (const [i, local] of locals.entries()) builder.set(local, value[i] as Expression);
  };
  const then = builder.nested(() => assign(flatElement(lowering, type, vector, index)));
  const otherwise = builder.nested(() => {
    if (outside !== undefined) {
      const count = builder.stableOne(vectorLength(lowering, vector), 'count');
      const isOutside = binary('i64', 'ge_u', wide, unary('i64', 'i32', 'extend_u', count), 'i32');
      builder.emit({
        kind: 'if',
        condition: isOutside,
        then: builder.nested(() => outside(count)),
        else: [],
      });
    }
    const key = program.slowPath('prelude.%rope-nth', [elementOf(type)]);
    const reps = parts.map((p) => p.rep);
    assign(builder.call({ to: 'function', key, args: [vector, wide], reps, span }, 'element'));
  });
  const flat = outside !== undefined &&
    vector.kind === 'get' && {
      vector: vector.local,
      isFlat: unary('i32', 'i32', 'eqz', isRope(lowering, vector)),
      outside: builder.nested(() => outside(lengthOf(lowering, vector))),
    };
  builder.emit({ kind: 'if', condition: isInPlace, then, else: otherwise, ...(flat && { flat }) });
  return locals.map(get);
}

/** An element of a flat or a mutable vector. */
export function flatElement(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  index: Expression,
): Value {
  const layout = layoutOf(lowering, type);
  const fields = layout.element;
  const storing = storage(lowering, type, vector);
  const target = fields.length > 1 ? lowering.builder.stableOne(storing, 'elements') : storing;
  return fields.map((f) => ({
    kind: 'load-element',
    rep: repOf(f.stored),
    stored: f.stored,
    target,
    index,
    stride: layout.stride,
    offset: VECTOR_DATA + f.offset,
  }));
}

/** `(nth xs i)`. */
export function checkedElement(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  index: Expression,
  span: Span,
): Value {
  const { builder } = lowering;
  const [held, wanted] = builder.stable([vector, index], 'vector') as [Expression, Expression];
  if (!isNamed(type, 'Vector')) {
    const checked = checkIndex(lowering, held, wanted, span);
    return flatElement(lowering, type, held, builder.stableOne(checked, 'index'));
  }
  const length = unary('i64', 'i32', 'extend_u', lengthOf(lowering, held));
  const isInPlace = binary('i64', 'lt_u', wanted, length, 'i32');
  const narrow = unary('i32', 'i64', 'wrap', wanted);
  const outside = (count: Expression): void => builder.emit(indexFailure(wanted, count, span));
  return eitherElement(lowering, type, held, { isInPlace, index: narrow, wide: wanted, outside, span });
}

export function checkIndex(
  lowering: FunctionLowering,
  vector: Expression,
  index: Expression,
  span: Span,
): Expression {
  return { kind: 'check-index', rep: 'i32', index, length: lengthOf(lowering, vector), span };
}

/** `(set! (nth xs i) v)`: the index is checked when everything has been evaluated. */
export function storeElement(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  index: Expression,
  value: Value,
  span: Span,
): void {
  const { builder } = lowering;
  const [held, wanted] = builder.stable([vector, index], 'vector') as [Expression, Expression];
  const values = builder.stable(value, 'element');
  const at = builder.stableOne(checkIndex(lowering, held, wanted, span), 'index');
  replace(
    lowering,
    elementOf(type),
    values,
    {
      holder: held,
      read: () => flatElement(lowering, type, held, at),
      write: (given) =>
        put(lowering, layoutOf(lowering, type), storage(lowering, type, held), at, given, span),
    },
    span,
  );
}

/** The same for a part of an element that owns something: what that part owned is dropped, and the other parts stay. */
export function storeElementPart(
  lowering: FunctionLowering,
  type: Type,
  [vector, index]: readonly [Expression, Expression],
  part: { readonly type: Type; readonly first: number; readonly value: Value },
  span: Span,
): void {
  const { builder } = lowering;
  const [held, wanted] = builder.stable([vector, index], 'vector') as [Expression, Expression];
  const { first } = part;
  const values = builder.stable(part.value, 'part');
  const at = builder.stableOne(checkIndex(lowering, held, wanted, span), 'index');
  const read = (): Value => flatElement(lowering, type, held, at);
  const write = (given: Value): void => {
    const changed = [...builder.stable(read(), 'element')];
    changed.splice(first, given.length, ...given);
    put(lowering, layoutOf(lowering, type), storage(lowering, type, held), at, changed, span);
  };
  const before = (): Value => read().slice(first, first + values.length);
  replace(lowering, part.type, values, { holder: held, read: before, write }, span);
}

/** Stores an element's components; the array may be an expression that is read once for each of them. */
export function put(
  lowering: FunctionLowering,
  layout: ObjectType,
  array: Expression,
  index: Expression,
  values: Value,
  span: Span,
): void {
  const { builder } = lowering;
  const target = layout.element.length > 1 ? builder.stableOne(array, 'elements') : array;
  layout.element.forEach((f, i) => {
    builder.emit({
      kind: 'store-element',
      stored: f.stored,
      target,
      index,
      stride: layout.stride,
      offset: VECTOR_DATA + f.offset,
      value: values[i] as Expression,
      span,
    });
  });
}

/** A zeroed flat vector, which the library fills. */
export function newFlat(lowering: FunctionLowering, type: Type, length: Expression, span: Span): Expression {
  return newArray(layoutOf(lowering, type), length, span);
}

/** Stores an element of a flat vector that nobody else has yet. */
export function setFlatElement(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  index: Expression,
  value: Value,
  span: Span,
): void {
  const { builder } = lowering;
  const [held, at] = builder.stable([vector, index], 'vector') as [Expression, Expression];
  put(lowering, layoutOf(lowering, type), held, at, builder.stable(value, 'element'), span);
}

/** A zeroed array for `length` elements. */
export function newArray(layout: ObjectType, length: Expression, span: Span): Expression {
  return arrayBy('allocateArray', layout, length, span);
}

/** An array of which all elements are stored next, before anything can fail or look for addresses. */
export function arrayToFill(layout: ObjectType, length: Expression, span: Span): Expression {
  return arrayBy('newArray', layout, length, span);
}

function arrayBy(
  name: 'allocateArray' | 'newArray',
  layout: ObjectType,
  length: Expression,
  span: Span,
): Expression {
  const descriptor: Expression = { kind: 'descriptor', rep: 'i32', type: layout.id };
  const call = { to: 'runtime', name, args: [descriptor, length], reps: ['ref'], span } as const;
  return { kind: 'call', rep: 'ref', call };
}

/** Elements that are all computed before a vector of them is made. Of more, each has its place as soon as it is there: names for all would have to be kept at each. */
const FEW = 8;

/** `[a b c]`. */
export function makeVector(
  lowering: FunctionLowering,
  element: Type,
  items: readonly TypedExpression[],
  span: Span,
): Expression {
  const { builder } = lowering;
  const layout = lowering.program.types.vector(element);
  const isKnown = items.length <= FEW;
  const known = isKnown ? lowering.operands(items).map((v) => builder.stable(v, 'item')) : [];
  const length = i64(BigInt(items.length));
  const array = builder.stableOne(
    isKnown ? arrayToFill(layout, length, span) : newArray(layout, length, span),
    'vector',
  );
  items.forEach((item, i) => {
    const value = known[i] ?? builder.stable(lowering.value(item), 'item');
    put(lowering, layout, array, i32(i), value, span);
  });
  return array;
}

/** `index` can be read twice. A float holds 53 bits, so the index and the length, 96, share two of them (`layout.ts`). */
export function indexFailure(index: Expression, length: Expression, span: Span): Statement {
  const bits = i64(BigInt(INDEX_LOW_BITS));
  const low = binary('i64', 'and', index, i64((1n << BigInt(INDEX_LOW_BITS)) - 1n));
  const high = binary('i64', 'shl', unary('i64', 'i32', 'extend_u', length), bits);
  return {
    kind: 'fail',
    failure: FAIL_INDEX,
    a: unary('f64', 'i64', 'convert_s.i64', binary('i64', 'shr_s', index, bits)),
    b: unary('f64', 'i64', 'convert_u.i64', binary('i64', 'or', high, low)),
    span,
  };
}
