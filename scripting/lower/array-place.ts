/**
 * Elements of fixed arrays, read and set where they lie. A place is found from the outside in: what holds it (a name, a global, an object, an
 * element of a vector), the component with which it begins there, and the indices of the arrays on the way that are only known at run time:
 *
 *     (.x (nth (.parts e) i))     held by the object `e`, from the first component of `parts` on, step i * 2, component 0 of a Vec2
 *
 * An index that is written down is part of where it begins, and costs nothing. Of the others the elements lie apart by a fixed number of
 * components. In an object that is a fixed number of bytes (`layOut`), so that the place is computed. Names of the function and globals have no
 * addresses: there a tree of comparisons leads to the element, four of them for sixteen elements; and so it is for addresses in an
 * object, whose fields `regions` tells apart by their offsets.
 *
 * What holds the place is found first, then the indices from left to right, then the value that is stored; then the indices are checked.
 * Nothing is read before: what the indices and the value do to the array is seen.
 */
import { VECTOR_DATA } from '../heap/index.ts';
import type { Expression, Field } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import {
  arrayLength,
  type Binding,
  type GlobalDefinition,
  isElement,
  type Type,
  type TypedExpression,
} from '../types/index.ts';
import { binary, get, i32, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';
import { readGlobal, setGlobalPart } from './global.ts';
import {
  type Component,
  componentRange,
  components,
  elementOf,
  isArray,
  isFlat,
  isNamed,
  repOf,
} from './representation.ts';
import { checkIndex, layoutOf, storage } from './vector.ts';

/** What holds a place. */
type Holder =
  /** Components that can be read any number of times. */
  | { readonly kind: 'value'; readonly parts: Value }
  | { readonly kind: 'name'; readonly binding: Binding }
  | { readonly kind: 'global'; readonly definition: GlobalDefinition; readonly span: Span }
  | { readonly kind: 'object'; readonly object: Expression; readonly fields: readonly Field[] }
  | {
      readonly kind: 'element';
      readonly vector: Expression;
      readonly type: Type;
      readonly index: Expression;
      readonly span: Span;
    };

/** An index, not checked yet, of an array of so many elements that lie so many components apart. */
interface Step {
  readonly index: Expression;
  readonly length: number;
  readonly apart: number;
  readonly span: Span;
}

interface Place {
  readonly holder: Holder;
  readonly first: number;
  readonly steps: readonly Step[];
  /** Of what lies there. */
  readonly type: Type;
}

/** Whether an element of an array is read or set on the way to a place, as far as it lies flat in what holds it. */
export function isInArray(lowering: FunctionLowering, e: TypedExpression): boolean {
  if (e.kind === 'field') return isFlat(lowering.type(e.target.type)) && isInArray(lowering, e.target);
  return isElement(e) && isArray(lowering.type((e.args[0] as TypedExpression).type));
}

/** What lies at a place that `isInArray`. */
export function readPlace(lowering: FunctionLowering, e: TypedExpression): Value {
  return read(lowering, find(lowering, e));
}

/** Sets a place; the value is evaluated between what finds the place and the check of its indices. */
export function setPlace(
  lowering: FunctionLowering,
  e: TypedExpression,
  value: TypedExpression,
  span: Span,
): void {
  const place = find(lowering, e);
  write(lowering, place, lowering.builder.stable(lowering.value(value), 'value'), span);
}

/** The element at an `i32` index that is known to be in range, of an array whose components can be read any number of times. */
export function arrayElement(lowering: FunctionLowering, type: Type, array: Value, index: Expression): Value {
  const step = { index, length: arrayLength(type) as number, apart: components(elementOf(type)).length };
  return pick(lowering, [step], 0, components(elementOf(type)), (at) => array[at] as Expression);
}

function find(lowering: FunctionLowering, e: TypedExpression): Place {
  const { builder } = lowering;
  const type = lowering.type(e.type);
  const held = (holder: Holder, first = 0): Place => ({ holder, first, steps: [], type });
  if (e.kind === 'field') {
    const owner = lowering.type(e.target.type);
    const { start } = componentRange(owner, e.field);
    if (isFlat(owner)) {
      const place = find(lowering, e.target);
      return { ...place, first: place.first + start, type };
    }
    const object = builder.stableOne(lowering.one(e.target), 'object');
    return held({ kind: 'object', object, fields: lowering.program.types.struct(owner).fields }, start);
  }
  if (isElement(e)) {
    const [of, index] = e.args as readonly [TypedExpression, TypedExpression];
    const owner = lowering.type(of.type);
    if (isArray(owner)) return elementOfArray(lowering, find(lowering, of), index, e.span);
    if (isNamed(owner, 'MutVec')) {
      const vector = builder.stableOne(lowering.one(of), 'vector');
      const at = builder.stableOne(lowering.one(index), 'index');
      return held({ kind: 'element', vector, type: owner, index: at, span: e.span });
    }
  }
  if (e.kind === 'local') return held({ kind: 'name', binding: e.binding });
  if (e.kind === 'global') return held({ kind: 'global', definition: e.definition, span: e.span });
  return held({ kind: 'value', parts: builder.stable(lowering.value(e), 'array') });
}

function elementOfArray(lowering: FunctionLowering, place: Place, index: TypedExpression, span: Span): Place {
  const type = elementOf(place.type);
  const length = arrayLength(place.type) as number;
  const apart = components(type).length;
  if (index.kind === 'integer' && index.value >= 0n && index.value < BigInt(length))
    return { ...place, first: place.first + Number(index.value) * apart, type };
  const step = { index: lowering.builder.stableOne(lowering.one(index), 'index'), length, apart, span };
  return { ...place, steps: [...place.steps, step], type };
}

/** An index that is in range, in a local. */
type Checked = Omit<Step, 'span'>;

function check(lowering: FunctionLowering, { steps }: Place): readonly Checked[] {
  return steps.map(({ index, length, apart, span }) => {
    const checked: Expression = { kind: 'check-index', rep: 'i32', index, length: i32(length), span };
    return { index: lowering.builder.stableOne(checked, 'at'), length, apart };
  });
}

/** Where what an object or a vector holds begins, and how its components lie from there. */
interface Memory {
  readonly target: Expression;
  readonly fields: readonly Field[];
  readonly element?: { readonly index: Expression; readonly stride: number };
}

/** Undefined where there are no addresses. */
function memoryOf(lowering: FunctionLowering, holder: Holder): Memory | undefined {
  if (holder.kind === 'object') return { target: holder.object, fields: holder.fields };
  if (holder.kind === 'element') {
    const { builder } = lowering;
    const layout = layoutOf(lowering, holder.type);
    const index = builder.stableOne(checkIndex(lowering, holder.vector, holder.index, holder.span), 'index');
    const target = builder.stableOne(storage(lowering, holder.type, holder.vector), 'elements');
    const fields = layout.element.map((f) => ({ ...f, offset: f.offset + VECTOR_DATA }));
    return { target, fields, element: { index, stride: layout.stride } };
  }
  const location = holder.kind === 'name' ? lowering.location(holder.binding) : undefined;
  return location?.kind === 'closure' ? { target: get(location.object), fields: location.fields } : undefined;
}

function read(lowering: FunctionLowering, { holder, first, steps, type }: Place): Value {
  const parts = components(type);
  const memory = memoryOf(lowering, holder);
  const checked = check(lowering, { holder, first, steps, type });
  if (memory === undefined) {
    const all = componentsOf(lowering, holder);
    return pick(lowering, checked, first, parts, (at) => all[at] as Expression);
  }
  return parts.flatMap((part, i) => {
    const address = addressOf(memory, checked, first + i);
    if (address === undefined)
      return pick(lowering, checked, first + i, [part], (at) => loadOf(lowering, memory, at));
    const { index, stride, offset } = address.access;
    return [
      {
        kind: 'load-element',
        rep: part.rep,
        stored: address.stored,
        target: memory.target,
        index,
        stride,
        offset,
      },
    ];
  });
}

/** All components of a name, a global or a value, readable at any time until something is set. */
function componentsOf(lowering: FunctionLowering, holder: Holder): Value {
  switch (holder.kind) {
    case 'value':
      return holder.parts;
    case 'name':
      return lowering.read(holder.binding);
    case 'global':
      return readGlobal(lowering, holder.definition, holder.span);
    case 'object':
    case 'element':
      throw new Error(`${holder.kind}s have addresses`);
  }
}

function write(lowering: FunctionLowering, place: Place, values: Value, span: Span): void {
  const { holder, first } = place;
  const memory = memoryOf(lowering, holder);
  const checked = check(lowering, place);
  if (memory === undefined) {
    choose(lowering, checked, first, (at) => {
      if (holder.kind === 'name') lowering.write(holder.binding, values, at, span);
      else if (holder.kind === 'global') setGlobalPart(lowering, holder.definition, at, values, span);
      else throw new Error(`a part of a ${holder.kind} cannot be set`);
    });
    return;
  }
  for (const [i, value] of values.entries()) {
    const address = addressOf(memory, checked, first + i);
    if (address === undefined)
      choose(lowering, checked, first + i, (at) => storeOf(lowering, memory, at, value, span));
    else
      lowering.builder.emit({
        kind: 'store-element',
        stored: address.stored,
        target: memory.target,
        ...address.access,
        value,
        span,
      });
  }
}

/** How a component is reached by an index into memory; undefined where that is not so simple. */
function addressOf({ fields, element }: Memory, steps: readonly Checked[], first: number) {
  const { offset, stored } = fields[first] as Field;
  // Fields of an object that hold addresses are told apart by `regions`; elements of a vector are all one to it.
  if (steps.length === 0 ? element === undefined : element === undefined && stored === 'ref')
    return undefined;
  const apart = (by: number): number => (fields[first + by] as Field).offset - offset;
  const bytes = steps.map((step) => (step.length === 1 ? 0 : apart(step.apart)));
  const places = combinations(steps);
  const isRegular = places.every((indices) => {
    const by = indices.reduce((sum, index, i) => sum + index * (steps[i] as Checked).apart, 0);
    return apart(by) === indices.reduce((sum, index, i) => sum + index * (bytes[i] as number), 0);
  });
  if (!isRegular) return undefined;
  const parts = [
    ...(element === undefined ? [] : [{ index: element.index, stride: element.stride }]),
    ...steps.map(({ index }, i) => ({ index, stride: bytes[i] as number })),
  ];
  const set = places.map(
    (indices) => offset + indices.reduce((sum, index, i) => sum + index * (bytes[i] as number), 0),
  );
  const rest = { offset, ...(element === undefined && { within: set }) };
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return { stored, access: { ...only, ...rest } };
  const index = parts
    .map((part) => binary('i32', 'mul', part.index, i32(part.stride)))
    .reduce((left, right) => binary('i32', 'add', left, right));
  return { stored, access: { index, stride: 1, ...rest } };
}

/** All indices that there are, each with one of every step. */
function combinations(steps: readonly Checked[]): readonly (readonly number[])[] {
  return steps.reduce<readonly (readonly number[])[]>(
    (all, { length }) => all.flatMap((before) => Array.from({ length }, (_, i) => [...before, i])),
    [[]],
  );
}

function loadOf(lowering: FunctionLowering, { target, fields, element }: Memory, at: number): Expression {
  const { offset, stored } = fields[at] as Field;
  if (element === undefined) return lowering.load(target, offset, stored);
  return { kind: 'load-element', rep: repOf(stored), stored, target, ...element, offset };
}

function storeOf(
  lowering: FunctionLowering,
  memory: Memory,
  at: number,
  value: Expression,
  span: Span,
): void {
  const { target, element } = memory;
  const { offset, stored } = memory.fields[at] as Field;
  const stores = { stored, target, offset, value, span };
  lowering.builder.emit(
    element === undefined ? { kind: 'store', ...stores } : { kind: 'store-element', ...stores, ...element },
  );
}

/** The components of the element at indices that are only known at run time; `one` has each by where it stands. */
function pick(
  lowering: FunctionLowering,
  steps: readonly Checked[],
  first: number,
  parts: readonly Component[],
  one: (at: number) => Expression,
): Value {
  const { builder } = lowering;
  const [part] = parts;
  if (steps.length === 0) return parts.map((_, i) => one(first + i));
  if (parts.length === 1 && part !== undefined) return [chosen(part.rep, steps, first, one)];
  const locals = builder.localsFor('element', parts);
  choose(lowering, steps, first, (at) => {
    for (const [i, local] of locals.entries()) builder.set(local, one(at + i));
  });
  return locals.map(get);
}

/** One component, as an expression. */
function chosen(
  rep: Component['rep'],
  [step, ...steps]: readonly Checked[],
  first: number,
  one: (at: number) => Expression,
): Expression {
  if (step === undefined) return one(first);
  const between = (low: number, high: number): Expression => {
    if (high - low === 1) return chosen(rep, steps, first + low * step.apart, one);
    const middle = (low + high) >> 1;
    const condition = binary('i32', 'lt_u', step.index, i32(middle), 'i32');
    return { kind: 'if-expression', rep, condition, then: between(low, middle), else: between(middle, high) };
  };
  return between(0, step.length);
}

/** Emits, for each element that may be meant, what is done where it is the one. */
function choose(
  lowering: FunctionLowering,
  [step, ...steps]: readonly Checked[],
  first: number,
  one: (at: number) => void,
): void {
  if (step === undefined) {
    one(first);
    return;
  }
  const { builder } = lowering;
  const between = (low: number, high: number): void => {
    if (high - low === 1) {
      choose(lowering, steps, first + low * step.apart, one);
      return;
    }
    const middle = (low + high) >> 1;
    const condition = binary('i32', 'lt_u', step.index, i32(middle), 'i32');
    const then = builder.nested(() => between(low, middle));
    builder.emit({ kind: 'if', condition, then, else: builder.nested(() => between(middle, high)) });
  };
  between(0, step.length);
}
