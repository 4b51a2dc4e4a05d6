/**
 * Segmented sequences, which the library's tables are made of: the heap makes room a chunk at a time (`heap/mutator/segments.ts`),
 * elements are reached in place. Only the library uses them, with indices that it knows to be in range.
 */

import { MUT_VECTOR_BUFFER, MUT_VECTOR_LENGTH, VECTOR_DATA } from '../heap/index.ts';
import type { Expression, ObjectType } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { PrimitiveName, Type } from '../types/index.ts';
import { binary, i32, UNIT, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';
import { elementOf, isNamed, repOf } from './representation.ts';

/** Bytes of a whole chunk, at most: so much is zeroed at once, and looked at again by a young collection. */
const CHUNK_BYTES = 8192;
/** Elements of a chunk where they take no room. */
const MOST_ELEMENTS = 4096;

interface Layout {
  readonly chunk: ObjectType;
  /** A chunk holds `1 << shift` elements. */
  readonly shift: number;
}

function layoutOf(lowering: FunctionLowering, type: Type): Layout {
  const chunk = lowering.program.types.vector(elementOf(type));
  const count = chunk.stride === 0 ? MOST_ELEMENTS : CHUNK_BYTES / chunk.stride;
  return { chunk, shift: Math.max(2, Math.floor(Math.log2(count))) };
}

type SegmentsPrimitive = Extract<PrimitiveName, `%segment${string}`>;

/** What makes a segmented sequence, or has one as its first argument. */
export function lowerSegments(
  lowering: FunctionLowering,
  name: SegmentsPrimitive,
  type: Type,
  args: readonly Value[],
  span: Span,
): Value {
  const { builder } = lowering;
  const [target, index] = args.map((v) => v[0]) as [Expression, Expression];
  switch (name) {
    case '%segments':
      return [lowering.allocate(lowering.program.types.segments(elementOf(type)), [], span)];
    case '%segments-length':
      return [lowering.load(target, MUT_VECTOR_LENGTH, 'i32')];
    case '%segments-add!':
      return add(lowering, type, target, span);
    case '%segments-clear!':
      return builder.call({ to: 'runtime', name: 'segmentsClear', args: [target], reps: [], span }, '');
    case '%segment':
      return element(lowering, type, target, index);
    case '%segment-set!':
      return setElement(lowering, type, target, index, args[2] ?? UNIT, span);
    case '%segment-clear!':
      return clearElement(lowering, type, target, index, span);
  }
}

function add(lowering: FunctionLowering, type: Type, target: Expression, span: Span): Value {
  // What a set holds for its keys. A script's own type without parts may get some in a reload, which goes by chunks.
  if (isNamed(elementOf(type), 'Unit')) return countOne(lowering, target, span);
  const { chunk, shift } = layoutOf(lowering, type);
  const descriptor = ({ id }: ObjectType): Expression => ({ kind: 'descriptor', rep: 'i32', type: id });
  const args = [target, descriptor(chunk), descriptor(lowering.program.types.directory()), i32(shift)];
  return lowering.builder.call({ to: 'runtime', name: 'segmentsAdd', args, reps: ['i32'], span }, 'index');
}

function countOne(lowering: FunctionLowering, target: Expression, span: Span): Value {
  const { builder } = lowering;
  const held = builder.stableOne(target, 'sequence');
  const index = builder.stableOne(lowering.load(held, MUT_VECTOR_LENGTH, 'i32'), 'index');
  const value = binary('i32', 'add', index, i32(1));
  builder.emit({ kind: 'store', stored: 'i32', target: held, offset: MUT_VECTOR_LENGTH, value, span });
  return [index];
}

/** The chunk that an element lies in, and its index there; both can be read any number of times. */
function locate(
  lowering: FunctionLowering,
  type: Type,
  target: Expression,
  index: Expression,
): { readonly chunk: Expression; readonly at: Expression } {
  const { builder } = lowering;
  const { shift } = layoutOf(lowering, type);
  const held = builder.stableOne(index, 'index');
  const chunk = builder.stableOne(
    {
      kind: 'load-element',
      rep: 'ref',
      stored: 'ref',
      target: lowering.load(target, MUT_VECTOR_BUFFER, 'ref'),
      index: binary('i32', 'shr_u', held, i32(shift)),
      stride: 4,
      offset: VECTOR_DATA,
    },
    'chunk',
  );
  return { chunk, at: builder.stableOne(binary('i32', 'and', held, i32((1 << shift) - 1)), 'at') };
}

function element(lowering: FunctionLowering, type: Type, target: Expression, index: Expression): Value {
  const layout = layoutOf(lowering, type).chunk;
  if (layout.element.length === 0) return UNIT;
  const { chunk, at } = locate(lowering, type, target, index);
  return layout.element.map((f) => ({
    kind: 'load-element',
    rep: repOf(f.stored),
    stored: f.stored,
    target: chunk,
    index: at,
    stride: layout.stride,
    offset: VECTOR_DATA + f.offset,
  }));
}

function setElement(
  lowering: FunctionLowering,
  type: Type,
  target: Expression,
  index: Expression,
  value: Value,
  span: Span,
): Value {
  const { builder } = lowering;
  const layout = layoutOf(lowering, type).chunk;
  if (layout.element.length === 0) return UNIT;
  const held = builder.stable(value, 'element');
  const { chunk, at } = locate(lowering, type, target, index);
  layout.element.forEach((f, i) => {
    builder.emit({
      kind: 'store-element',
      stored: f.stored,
      target: chunk,
      index: at,
      stride: layout.stride,
      offset: VECTOR_DATA + f.offset,
      value: held[i] as Expression,
      span,
    });
  });
  return UNIT;
}

/** Zeroes an element, so that what it held is not kept alive; numbers may stay. */
function clearElement(
  lowering: FunctionLowering,
  type: Type,
  target: Expression,
  index: Expression,
  span: Span,
): Value {
  const layout = layoutOf(lowering, type).chunk;
  if (!layout.element.some((f) => f.stored === 'ref')) return UNIT;
  const { chunk, at } = locate(lowering, type, target, index);
  const args = [chunk, at, i32(1)];
  return lowering.builder.call({ to: 'runtime', name: 'arrayClear', args, reps: [], span }, '');
}
