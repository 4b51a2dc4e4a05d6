/**
 * Fixed arrays, made: `(array a b c)`, `(make-array 4 0.0)`, `(build-array 4 f)`, `(map-array f a)`. All are made of nodes that there are
 * anyway: an array is a product like a tuple, with as many parts as its type says.
 */

import { type Form, type ListForm, print } from '../../syntax/index.ts';
import {
  arrayDefinition,
  arrayLength,
  arrayOf,
  type Binding,
  BOOL,
  call,
  capturesOf,
  describe,
  functionOf,
  hidden,
  I64,
  isConstant,
  isError,
  local,
  methodCall,
  named,
  partsOf,
  prune,
  type Type,
  type TypedExpression,
  UNIT,
} from '../model/index.ts';
import { type Inference, solve } from '../solving/index.ts';
import { lengthFrom } from './array-length.ts';
import { check, infer } from './expression.ts';
import type { SpecialForm } from './special.ts';

/** Arrays of at most so many elements are made by as many calls, each with its own index; longer ones in a loop. */
const MOST_CALLS = 16;

/** Expressions of a function's text in all places where it is repeated. */
const MOST_REPEATED = 1_000;

/** `(array a b c)`. */
export const arrayForm: SpecialForm = (cx, scope, form, expected) => {
  const items = form.items.slice(1);
  if (items.length === 0)
    return cx.fail('missing-form', form, 'an array has at least one element', {
      hint: 'as in `(array 1 2 3)`; `(make-array 16 0.0)` makes one of equal elements',
    });
  const counted: Form = { kind: 'integer', value: BigInt(items.length), span: form.span };
  const element = hoped(cx, expected);
  const values = items.map((item, i) =>
    check(
      cx,
      scope,
      item,
      element,
      'an element',
      i === 0 ? undefined : 'all elements of an array have one type',
    ),
  );
  if (lengthFrom(cx, counted, '(array 1 2 3)') === undefined)
    return { kind: 'error', type: element, span: form.span };
  return constructed(element, values, form);
};

/** `(make-array 16 0.0)`: one value so many times. */
export const makeArrayForm: SpecialForm = (cx, scope, form, expected) => {
  const [, size, item, ...more] = form.items;
  if (size === undefined || item === undefined || more.length > 0)
    return cx.malformed(form, 'make-array', '(make-array 16 value)');
  const length = lengthFrom(cx, size, '(make-array 16 value)');
  const value = check(cx, scope, item, hoped(cx, expected), 'an element');
  if (length === undefined) return { kind: 'error', type: value.type, span: form.span };
  return held(value, 'element', (element) =>
    constructed(
      value.type,
      Array.from({ length }, () => element),
      form,
    ),
  );
};

/** `(build-array 16 f)`: what a function makes of each index. */
export const buildArrayForm: SpecialForm = (cx, scope, form, expected) => {
  const [, size, by, ...more] = form.items;
  if (size === undefined || by === undefined || more.length > 0)
    return cx.malformed(form, 'build-array', '(build-array 16 (fn (i) e))');
  const length = lengthFrom(cx, size, '(build-array 16 (fn (i) e))');
  const element = hoped(cx, expected);
  const make = check(cx, scope, by, functionOf([I64], element), 'what makes the elements');
  if (length === undefined) return { kind: 'error', type: element, span: form.span };
  const whole = (by: TypedExpression) => filled(length, element, form, by, (index) => index);
  return isRepeatable(make, length) ? whole(make) : held(make, 'make', whole);
};

/** `(map-array f a)`: what a function makes of each element, again as an array. */
export const mapArrayForm: SpecialForm = (cx, scope, form, expected) => {
  const [, by, of, ...more] = form.items;
  if (by === undefined || of === undefined || more.length > 0)
    return cx.malformed(form, 'map-array', '(map-array f array)');
  const array = infer(cx, scope, of);
  if (prune(array.type).kind === 'meta') solve(cx);
  const type = prune(array.type);
  const length = arrayLength(type);
  if (type.kind !== 'named' || length === undefined) {
    infer(cx, scope, by);
    if (isError(type)) return { kind: 'error', type, span: form.span };
    return cx.fail('wrong-type', of, `\`map-array\` takes an array, and this is ${describe(type)}`, {
      hint:
        type.kind === 'named'
          ? `\`(map ${print(by)} ${print(of)})\` makes a vector`
          : 'a type says that it is one, as in `((a : (Array 4 f64)))`',
    });
  }
  const [from] = type.args as readonly [Type];
  const element = hoped(cx, expected);
  const make = check(cx, scope, by, functionOf([from], element), 'what makes the elements');
  const whole = (by: TypedExpression) =>
    held(array, 'array', (elements) =>
      filled(length, element, form, by, (index) =>
        methodCall('Sequence', 'nth', [type, from], [elements, index], from, form.span),
      ),
    );
  return isRepeatable(make, length) ? whole(make) : held(make, 'make', whole);
};

/** The type of the elements that the context asks for, or an unknown. */
function hoped(cx: Inference, expected: Type | undefined): Type {
  const type = expected === undefined ? undefined : prune(expected);
  const [element] = type?.kind === 'named' && arrayLength(type) !== undefined ? type.args : [];
  return element ?? cx.fresh();
}

function constructed(element: Type, fields: readonly TypedExpression[], { span }: ListForm): TypedExpression {
  const definition = arrayDefinition(fields.length);
  return { kind: 'construct', definition, fields, type: arrayOf(fields.length, element), span };
}

/** A value that is used more than once. */
function held(
  value: TypedExpression,
  name: string,
  body: (name: TypedExpression) => TypedExpression,
): TypedExpression {
  if (isConstant(value)) return body(value);
  const binding = hidden(name, value.type, value.span);
  const inner = body(local(binding));
  return {
    kind: 'let',
    bindings: [{ pattern: named(binding), value }],
    body: inner,
    type: inner.type,
    span: inner.span,
  };
}

/**
 * Whether the text of a function may stand where it is called for each element, so that it is compiled with the index: while it is short,
 * also with what stands in it so often, and changes nothing that its next call would find.
 */
function isRepeatable(make: TypedExpression, length: number): boolean {
  if (make.kind !== 'lambda' || length > MOST_CALLS) return false;
  if (capturesOf(make.params, make.body).written.size > 0) return false;
  let left = MOST_REPEATED / length;
  const pending = [make.body];
  for (let next = pending.pop(); next !== undefined && left >= 0; next = pending.pop()) {
    left -= 1;
    pending.push(...partsOf(next));
  }
  return left >= 0;
}

/** An array of what a function makes, called in the order of the elements. */
function filled(
  length: number,
  element: Type,
  form: ListForm,
  make: TypedExpression,
  argument: (index: TypedExpression) => TypedExpression,
): TypedExpression {
  const { span } = form;
  const literal = (value: number): TypedExpression => ({
    kind: 'integer',
    value: BigInt(value),
    type: I64,
    span,
  });
  const one = (index: TypedExpression): TypedExpression => call(make, [argument(index)], element, span);
  if (length <= MOST_CALLS)
    return constructed(
      element,
      Array.from({ length }, (_, i) => one(literal(i))),
      form,
    );
  const type = arrayOf(length, element);
  const array: Binding = { ...hidden('array', type, span), mutable: true };
  const index = hidden('i', I64, span);
  const first = held(one(literal(0)), 'element', (item) =>
    constructed(
      element,
      Array.from({ length }, () => item),
      form,
    ),
  );
  const loop: TypedExpression = {
    kind: 'for',
    binding: index,
    from: literal(1),
    test: methodCall('Ord', '<', [I64], [local(index), literal(length)], BOOL, span),
    step: methodCall('Num', '+', [I64], [local(index), literal(1)], I64, span),
    body: {
      kind: 'set-element',
      target: local(array),
      index: local(index),
      value: one(local(index)),
      type: UNIT,
      span,
    },
    type: UNIT,
    span,
  };
  const body: TypedExpression = { kind: 'do', body: [loop, local(array)], type, span };
  return { kind: 'let', bindings: [{ pattern: named(array), value: first }], body, type, span };
}
