/** Elements of vectors and mutable vectors: how they are reached, and what changes the length. */

import {
  FAIL_EMPTY,
  FAIL_INDEX,
  FAIL_SIZE,
  INDEX_LOW_BITS,
  MUT_VECTOR_BUFFER,
  MUT_VECTOR_LENGTH,
  VECTOR_DATA,
  VECTOR_LENGTH,
} from '../heap/index.ts';
import type { Expression, Local, ObjectType, Rep, Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type } from '../types/index.ts';
import { binary, get, i32, i64, unary, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';
import { zero } from './number.ts';
import { components, elementOf, isNamed, repOf } from './representation.ts';
import { isRope, vectorLength } from './rope.ts';

function layoutOf(lowering: FunctionLowering, vector: Type): ObjectType {
  return lowering.program.types.vector(elementOf(vector));
}

/** Where the elements lie: the vector itself, or a mutable vector's buffer. */
function storage(lowering: FunctionLowering, type: Type, vector: Expression): Expression {
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

function checkIndex(
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
  put(lowering, layoutOf(lowering, type), storage(lowering, type, held), at, values, span);
}

/** Stores an element's components; the array may be an expression that is read once for each of them. */
function put(
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
function newArray(layout: ObjectType, length: Expression, span: Span): Expression {
  const descriptor: Expression = { kind: 'descriptor', rep: 'i32', type: layout.id };
  const call = {
    to: 'runtime',
    name: 'allocateArray',
    args: [descriptor, length],
    reps: ['ref'],
    span,
  } as const;
  return { kind: 'call', rep: 'ref', call };
}

/** `[a b c]`. */
export function makeVector(
  lowering: FunctionLowering,
  element: Type,
  items: readonly Value[],
  span: Span,
): Expression {
  const { builder } = lowering;
  const layout = lowering.program.types.vector(element);
  const values = items.map((v) => builder.stable(v, 'item'));
  const array = builder.stableOne(newArray(layout, i64(BigInt(items.length)), span), 'vector');
  values.forEach((value, i) => {
    put(lowering, layout, array, i32(i), value, span);
  });
  return array;
}

/** `(mut-vec a b c)`. */
export function makeMutVector(
  lowering: FunctionLowering,
  type: Type,
  items: readonly Value[],
  span: Span,
): Expression {
  const layout = lowering.program.types.mutVector(elementOf(type));
  const buffer: Expression =
    items.length === 0 ? zero('ref') : makeVector(lowering, elementOf(type), items, span);
  return lowering.allocate(layout, [i32(items.length), buffer], span);
}

/** `(push! xs v)`: room is made beside the vector, in its own region. */
export function push(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  value: Value,
  span: Span,
): void {
  const { builder } = lowering;
  const layout = layoutOf(lowering, type);
  const held = builder.stableOne(vector, 'vector');
  const values = builder.stable(value, 'pushed');
  const length = builder.stableOne(lengthOf(lowering, held), 'length');
  const grow = builder.nested(() => makeRoom(lowering, layout, held, i32(1), span));
  // An empty vector's buffer is address 0, where a capacity of 0 is read: nothing is ever stored there.
  const capacity = lowering.load(storage(lowering, type, held), VECTOR_LENGTH, 'i32');
  builder.emit({ kind: 'if', condition: binary('i32', 'eq', length, capacity, 'i32'), then: grow, else: [] });
  put(lowering, layout, storage(lowering, type, held), length, values, span);
  setLength(lowering, held, binary('i32', 'add', length, i32(1)), span);
}

/** Has room for so many elements more. */
function makeRoom(
  lowering: FunctionLowering,
  layout: ObjectType,
  vector: Expression,
  room: Expression,
  span: Span,
): void {
  const descriptor: Expression = { kind: 'descriptor', rep: 'i32', type: layout.id };
  lowering.builder.call(
    { to: 'runtime', name: 'mutVectorGrow', args: [vector, descriptor, room], reps: [], span },
    '',
  );
}

/** More elements than any vector can have. */
const TOO_MANY = 1n << 31n;

/** `(reserve! xs n)`: room for `n` elements in all. */
export function reserve(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  count: Expression,
  span: Span,
): void {
  const { builder } = lowering;
  const layout = layoutOf(lowering, type);
  const held = builder.stableOne(vector, 'vector');
  const wished = builder.stableOne(count, 'count');
  const length = builder.stableOne(lengthOf(lowering, held), 'length');
  const longer = binary('i64', 'gt_s', wished, unary('i64', 'i32', 'extend_u', length), 'i64');
  const grow = builder.nested(() => {
    const condition = binary('i64', 'ge_s', wished, i64(TOO_MANY), 'i64');
    builder.emit({ kind: 'if', condition, then: [sizeFailure(wished, span)], else: [] });
    const room = binary('i32', 'sub', unary('i32', 'i64', 'wrap', wished), length);
    makeRoom(lowering, layout, held, room, span);
  });
  builder.emit({ kind: 'if', condition: longer, then: grow, else: [] });
}

function setLength(lowering: FunctionLowering, vector: Expression, value: Expression, span: Span): void {
  lowering.builder.emit({
    kind: 'store',
    stored: 'i32',
    target: vector,
    offset: MUT_VECTOR_LENGTH,
    value,
    span,
  });
}

/** Zeroes a stretch, so that what was there is not kept alive; numbers need not be. */
function clearElements(
  lowering: FunctionLowering,
  layout: ObjectType,
  array: Expression,
  from: Expression,
  count: Expression,
  span: Span,
): void {
  if (!layout.element.some((f) => f.stored === 'ref')) return;
  lowering.builder.call(
    { to: 'runtime', name: 'arrayClear', args: [array, from, count], reps: [], span },
    '',
  );
}

/** `(pop! xs)`. */
export function pop(lowering: FunctionLowering, type: Type, vector: Expression, span: Span): Value {
  const { builder } = lowering;
  const layout = layoutOf(lowering, type);
  const held = builder.stableOne(vector, 'vector');
  const empty = unary('i32', 'i32', 'eqz', lengthOf(lowering, held));
  builder.emit({
    kind: 'if',
    condition: empty,
    then: [{ kind: 'fail', failure: FAIL_EMPTY, span }],
    else: [],
  });
  const last = builder.stableOne(binary('i32', 'sub', lengthOf(lowering, held), i32(1)), 'last');
  const popped = keep(lowering, layout, elementAccess(lowering, type, held, last));
  clearElements(lowering, layout, storage(lowering, type, held), last, i32(1), span);
  setLength(lowering, held, last, span);
  return popped;
}

/** `(swap-remove! xs i)`: takes an element out and puts the last in its place. */
export function swapRemove(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  index: Expression,
  span: Span,
): Value {
  const { builder } = lowering;
  const layout = layoutOf(lowering, type);
  const [held, wanted] = builder.stable([vector, index], 'vector') as [Expression, Expression];
  const at = builder.stableOne(checkIndex(lowering, held, wanted, span), 'index');
  const removed = keep(lowering, layout, elementAccess(lowering, type, held, at));
  const last = builder.stableOne(binary('i32', 'sub', lengthOf(lowering, held), i32(1)), 'last');
  const moved = keep(lowering, layout, elementAccess(lowering, type, held, last));
  put(lowering, layout, storage(lowering, type, held), at, moved, span);
  clearElements(lowering, layout, storage(lowering, type, held), last, i32(1), span);
  setLength(lowering, held, last, span);
  return removed;
}

/** An element in locals, whatever happens to the vector. */
function keep(lowering: FunctionLowering, layout: ObjectType, value: Value): Value {
  const locals: Local[] = layout.element.map((f) =>
    lowering.builder.local('element', repOf(f.stored) as Rep),
  );
  for (const [i, local] of locals.entries()) lowering.builder.set(local, value[i] as Expression);
  return locals.map(get);
}

/**
 * `(truncate! xs n)`, and `clear!` as its special case 0: a length beyond the vector's own changes nothing, a negative one
 * is an error.
 */
export function truncate(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  length: Expression,
  span: Span,
): void {
  const { builder } = lowering;
  const layout = layoutOf(lowering, type);
  const [held, wanted] = builder.stable([vector, length], 'vector') as [Expression, Expression];
  const before = builder.stableOne(lengthOf(lowering, held), 'length');
  if (length.kind !== 'constant' || BigInt(length.value) < 0n)
    failWhereNegative(lowering, wanted, before, span);
  const shorter = binary('i64', 'lt_u', wanted, unary('i64', 'i32', 'extend_u', before), 'i32');
  const then = builder.nested(() => {
    const now = builder.stableOne(unary('i32', 'i64', 'wrap', wanted), 'now');
    clearElements(
      lowering,
      layout,
      storage(lowering, type, held),
      now,
      binary('i32', 'sub', before, now),
      span,
    );
    setLength(lowering, held, now, span);
  });
  builder.emit({ kind: 'if', condition: shorter, then, else: [] });
}

/** `index` can be read twice. A float holds 53 bits, so the index and the length, 96, share two of them (`layout.ts`). */
function indexFailure(index: Expression, length: Expression, span: Span): Statement {
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

/** `count` can be read twice. */
function sizeFailure(count: Expression, span: Span): Statement {
  const bits = i64(BigInt(INDEX_LOW_BITS));
  const low = binary('i64', 'and', count, i64((1n << BigInt(INDEX_LOW_BITS)) - 1n));
  return {
    kind: 'fail',
    failure: FAIL_SIZE,
    a: unary('f64', 'i64', 'convert_s.i64', binary('i64', 'shr_s', count, bits)),
    b: unary('f64', 'i64', 'convert_s.i64', low),
    span,
  };
}

function failWhereNegative(
  { builder }: FunctionLowering,
  length: Expression,
  before: Expression,
  span: Span,
): void {
  const fail = indexFailure(length, before, span);
  const condition = binary('i64', 'lt_s', length, { kind: 'constant', rep: 'i64', value: 0n }, 'i32');
  builder.emit({ kind: 'if', condition, then: [fail], else: [] });
}

/** `(%move! xs from to count)`, for the library: all of them at once; both stretches are in range. */
export function moveElements(
  lowering: FunctionLowering,
  type: Type,
  args: readonly Expression[],
  span: Span,
): void {
  const { builder } = lowering;
  const [held, ...places] = builder.stable(args, 'moved') as [Expression, ...Expression[]];
  const [from, to, count] = places.map((place) => unary('i32', 'i64', 'wrap', place)) as [
    Expression,
    Expression,
    Expression,
  ];
  const buffer = builder.stableOne(storage(lowering, type, held), 'elements');
  const copied = [buffer, to, buffer, from, count];
  builder.call({ to: 'runtime', name: 'arrayCopy', args: copied, reps: [], span }, '');
}

/** `(freeze xs)`: an immutable copy. */
export function freeze(lowering: FunctionLowering, type: Type, vector: Expression, span: Span): Value {
  const { builder } = lowering;
  const layout = layoutOf(lowering, type);
  const held = builder.stableOne(vector, 'vector');
  const length = builder.stableOne(lengthOf(lowering, held), 'length');
  const copy = builder.stableOne(newArray(layout, unary('i64', 'i32', 'extend_u', length), span), 'copy');
  const args = [copy, i32(0), storage(lowering, type, held), i32(0), length];
  builder.call({ to: 'runtime', name: 'arrayCopy', args, reps: [], span }, '');
  return [copy];
}

/** The elements of a mutable vector that nobody uses any more, as an immutable one: its buffer where that is full. */
export function takeElements(lowering: FunctionLowering, type: Type, vector: Expression, span: Span): Value {
  const { builder } = lowering;
  const held = builder.stableOne(vector, 'vector');
  const length = builder.stableOne(lengthOf(lowering, held), 'length');
  const capacity = lowering.load(storage(lowering, type, held), VECTOR_LENGTH, 'i32');
  const result = builder.local('vector', 'ref');
  const set = (value: Expression): void => builder.emit({ kind: 'set', local: result, value });
  const isFull = binary('i32', 'eq', length, capacity, 'i32');
  // One that never had an element has no buffer.
  const condition = binary('i32', 'and', isFull, binary('i32', 'ne', length, i32(0), 'i32'));
  const taken = builder.nested(() => set(storage(lowering, type, held)));
  const copied = builder.nested(() => set(freeze(lowering, type, held, span)[0] as Expression));
  builder.emit({ kind: 'if', condition, then: taken, else: copied });
  return [get(result)];
}
