/** Mutable vectors as a whole: made, grown and cut; and what becomes of them as immutable ones. */

import { FAIL_EMPTY, FAIL_SIZE, INDEX_LOW_BITS, MUT_VECTOR_LENGTH, VECTOR_LENGTH } from '../heap/index.ts';
import type { Expression, Local, ObjectType, Rep, Statement } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type, TypedExpression } from '../types/index.ts';
import { binary, get, i32, i64, unary, type Value } from './builder.ts';
import { dropValue, keepValue, takeValue } from './drops.ts';
import type { FunctionLowering } from './function.ts';
import { zero } from './number.ts';
import { elementOf, repOf } from './representation.ts';
import {
  arrayToFill,
  checkIndex,
  elementAccess,
  flatElement,
  indexFailure,
  layoutOf,
  lengthOf,
  makeVector,
  put,
  storage,
} from './vector.ts';

/** `(mut-vec a b c)`. */
export function makeMutVector(
  lowering: FunctionLowering,
  type: Type,
  items: readonly TypedExpression[],
  span: Span,
): Expression {
  const layout = lowering.program.types.mutVector(elementOf(type));
  const buffer: Expression =
    items.length === 0 ? zero('ref') : makeVector(lowering, elementOf(type), items, span);
  const made = lowering.allocate(layout, [i32(items.length), buffer], span);
  if (items.length === 0 || !lowering.program.owns(elementOf(type))) return made;
  const vector = lowering.builder.stableOne(made, 'vector');
  items.forEach((_, i) => {
    keepValue(lowering, elementOf(type), flatElement(lowering, type, vector, i32(i)), vector, span);
  });
  return vector;
}

/** `(%repeated n v)`, for `make-vec`: at least once. What is filled here needs no zeros first. */
export function makeRepeated(
  lowering: FunctionLowering,
  type: Type,
  count: Expression,
  item: Value,
  span: Span,
): Expression {
  const { builder } = lowering;
  const layout = layoutOf(lowering, type);
  const length = builder.stableOne(count, 'count');
  const values = builder.stable(item, 'item');
  const buffer = builder.stableOne(arrayToFill(layout, length, span), 'elements');
  put(lowering, layout, buffer, i32(0), values, span);
  builder.call({ to: 'runtime', name: 'arrayRepeat', args: [buffer], reps: [], span }, '');
  const fields = [unary('i32', 'i64', 'wrap', length), buffer];
  return lowering.allocate(lowering.program.types.mutVector(elementOf(type)), fields, span);
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
  keepValue(lowering, elementOf(type), values, held, span);
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
  const longer = binary('i64', 'gt_s', wished, unary('i64', 'i32', 'extend_u', length), 'i32');
  const grow = builder.nested(() => {
    const condition = binary('i64', 'ge_s', wished, i64(TOO_MANY), 'i32');
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
  takeValue(lowering, elementOf(type), popped, span);
  return popped;
}

/** What the removal of an element fills its place from: the vector and its elements, where the element was, and which is the last. */
interface Gap {
  readonly held: Expression;
  readonly layout: ObjectType;
  readonly at: Expression;
  readonly last: Expression;
}

/** `(swap-remove! xs i)`: takes an element out and puts the last in its place. */
export function swapRemove(
  lowering: FunctionLowering,
  type: Type,
  [vector, index]: readonly [Expression, Expression],
  span: Span,
): Value {
  return remove(lowering, type, [vector, index], span, ({ held, layout, at, last }) => {
    const moved = keep(lowering, layout, elementAccess(lowering, type, held, last));
    put(lowering, layout, storage(lowering, type, held), at, moved, span);
  });
}

/** `(remove-at! xs i)` of elements that are owned, which the library's own would hold twice for a moment. */
export function removeAt(
  lowering: FunctionLowering,
  type: Type,
  [vector, index]: readonly [Expression, Expression],
  span: Span,
): Value {
  return remove(lowering, type, [vector, index], span, ({ held, at, last }) => {
    const buffer = lowering.builder.stableOne(storage(lowering, type, held), 'elements');
    const next = binary('i32', 'add', at, i32(1));
    const moved = [buffer, at, buffer, next, binary('i32', 'sub', last, at)];
    lowering.builder.call({ to: 'runtime', name: 'arrayCopy', args: moved, reps: [], span }, '');
  });
}

/** Takes an element out, fills its place, and leaves out the last. */
function remove(
  lowering: FunctionLowering,
  type: Type,
  [vector, index]: readonly [Expression, Expression],
  span: Span,
  fill: (gap: Gap) => void,
): Value {
  const { builder } = lowering;
  const layout = layoutOf(lowering, type);
  const [held, wanted] = builder.stable([vector, index], 'vector') as [Expression, Expression];
  const at = builder.stableOne(checkIndex(lowering, held, wanted, span), 'index');
  const removed = keep(lowering, layout, elementAccess(lowering, type, held, at));
  const last = builder.stableOne(binary('i32', 'sub', lengthOf(lowering, held), i32(1)), 'last');
  fill({ held, layout, at, last });
  clearElements(lowering, layout, storage(lowering, type, held), last, i32(1), span);
  setLength(lowering, held, last, span);
  takeValue(lowering, elementOf(type), removed, span);
  return removed;
}

/** `(insert! xs i v)` of such an element. */
export function insertAt(
  lowering: FunctionLowering,
  type: Type,
  [vector, index]: readonly [Expression, Expression],
  value: Value,
  span: Span,
): void {
  const { builder } = lowering;
  const [held, wanted] = builder.stable([vector, index], 'vector') as [Expression, Expression];
  const values = builder.stable(value, 'inserted');
  const length = builder.stableOne(lengthOf(lowering, held), 'length');
  const isInside = binary('i64', 'ne', wanted, unary('i64', 'i32', 'extend_u', length), 'i32');
  const checked = builder.nested(() =>
    builder.emit({ kind: 'evaluate', value: checkIndex(lowering, held, wanted, span) }),
  );
  builder.emit({ kind: 'if', condition: isInside, then: checked, else: [] });
  push(lowering, type, held, values, span);
  const at = builder.stableOne(unary('i32', 'i64', 'wrap', wanted), 'index');
  const buffer = builder.stableOne(storage(lowering, type, held), 'elements');
  const next = binary('i32', 'add', at, i32(1));
  const moved = [buffer, next, buffer, at, binary('i32', 'sub', length, at)];
  builder.call({ to: 'runtime', name: 'arrayCopy', args: moved, reps: [], span }, '');
  put(lowering, layoutOf(lowering, type), buffer, at, values, span);
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
    if (lowering.program.owns(elementOf(type))) {
      dropFrom(lowering, type, held, builder.stableOne(unary('i32', 'i64', 'wrap', wanted), 'now'), span);
      return;
    }
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

/** Takes the last element out and drops it, while there are more than so many: also those that drop code adds. */
function dropFrom(
  lowering: FunctionLowering,
  type: Type,
  vector: Expression,
  count: Expression,
  span: Span,
): void {
  lowering.loop(
    span,
    () => {
      lowering.exitIf(binary('i32', 'le_u', lengthOf(lowering, vector), count, 'i32'));
      dropValue(lowering, elementOf(type), pop(lowering, type, vector, span), span);
    },
    undefined,
    { unwatched: true },
  );
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
  const copy = builder.stableOne(arrayToFill(layout, unary('i64', 'i32', 'extend_u', length), span), 'copy');
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
