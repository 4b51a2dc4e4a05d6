/**
 * Order: `<` and its kin, `compare`, `min` and `max` at every type that has one. A script's own instance says what
 * `compare` is; numbers, strings and truth values are compared in place; vectors, tuples and sums part by part, from
 * the first that differs.
 */
import type { Expression } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type } from '../types/index.ts';
import { binary, i32, type Value } from './builder.ts';
import { derived, eachElement } from './derive.ts';
import type { FunctionLowering } from './function.ts';
import { NUMBER_TYPES } from './number.ts';
import { fieldValue } from './pattern.ts';
import { elementOf, fieldsOf, isNamed } from './representation.ts';
import { sumOf } from './sum.ts';
import { tagOf, variantFields } from './variant.ts';
import { countOf, elementAccess } from './vector.ts';

/** The tag of `EQ`: `Ordering` is LT, EQ, GT. */
const EQ = 1;

/** Negative, zero or positive, as the first value comes before the second, equals it, or comes after it. */
export function order(lowering: FunctionLowering, type: Type, a: Value, b: Value, span: Span): Expression {
  if (lowering.program.instances.has('Ord', [type])) {
    const key = lowering.program.methodInstance('Ord', 'compare', [type], []);
    const [tag] = lowering.builder.call(
      { to: 'function', key, args: [...a, ...b], reps: ['i32'], span },
      'order',
    );
    return binary('i32', 'sub', tag as Expression, i32(EQ));
  }
  if (isNamed(type, 'String')) {
    const call = { to: 'runtime', name: 'stringCompare', args: [...a, ...b], reps: ['i32'], span } as const;
    return { kind: 'call', rep: 'i32', call };
  }
  const number =
    type.kind === 'named' && type.definition.kind === 'builtin'
      ? plainNumber(type.definition.name)
      : undefined;
  if (number !== undefined) {
    const [x, y] = lowering.builder.stable([...a, ...b], 'compared') as [Expression, Expression];
    const suffix = number.float ? '' : number.signed ? '_s' : '_u';
    const is = (op: string): Expression => binary(number.rep, `${op}${suffix}`, x, y, 'i32');
    return binary('i32', 'sub', is('gt'), is('lt'));
  }
  const reported = lowering.program.spanOf(type, span);
  const about = { type, params: 2, results: ['i32'], span: reported } as const;
  const key = derived(lowering, 'compare', about, (inner, [x, y]) =>
    orderParts(inner, type, x as Value, y as Value, reported),
  );
  return { kind: 'call', rep: 'i32', call: { to: 'function', key, args: [...a, ...b], reps: ['i32'], span } };
}

/** The `Ordering` of two values: its tag. */
export function ordering(lowering: FunctionLowering, type: Type, a: Value, b: Value, span: Span): Expression {
  const sign = lowering.builder.stableOne(order(lowering, type, a, b, span), 'order');
  const above = binary('i32', 'gt_s', sign, i32(0), 'i32');
  const below = binary('i32', 'lt_s', sign, i32(0), 'i32');
  return binary('i32', 'add', binary('i32', 'sub', above, below), i32(EQ));
}

function plainNumber(name: string) {
  return name === 'Bool' ? NUMBER_TYPES.u8 : NUMBER_TYPES[name];
}

function orderParts(inner: FunctionLowering, type: Type, x: Value, y: Value, span: Span): Value {
  const { builder } = inner;
  const decide = (sign: Expression): void => {
    const held = builder.stableOne(sign, 'order');
    builder.emit({ kind: 'if', condition: held, then: [{ kind: 'return', values: [held], span }], else: [] });
  };
  const part = (of: Type, p: Value, q: Value): void => {
    decide(order(inner, of, builder.stable(p, 'left'), builder.stable(q, 'right'), span));
  };
  if (isNamed(type, 'Vector') || isNamed(type, 'MutVec')) {
    const [v, w] = [x[0] as Expression, y[0] as Expression];
    eachElement(inner, type, v, span, (index) => {
      // The second is a beginning of the first, so it comes before it.
      const ended = binary('i32', 'le_u', countOf(inner, type, w), index, 'i32');
      const longer = [{ kind: 'return', values: [i32(1)], span }] as const;
      builder.emit({ kind: 'if', condition: ended, then: longer, else: [] });
      part(elementOf(type), elementAccess(inner, type, v, index), elementAccess(inner, type, w, index));
    });
    const shorter = binary('i32', 'lt_u', countOf(inner, type, v), countOf(inner, type, w), 'i32');
    return [binary('i32', 'sub', i32(0), shorter)];
  }
  if (type.kind === 'named' && type.definition.kind === 'sum') {
    const tag = builder.stableOne(tagOf(inner, type, x), 'tag');
    decide(binary('i32', 'sub', tag, tagOf(inner, type, y)));
    for (const variant of sumOf(type).variants.filter((v) => v.fields.length > 0)) {
      const then = builder.nested(() => {
        const others = variantFields(inner, type, y, variant.name);
        for (const [i, field] of variantFields(inner, type, x, variant.name).entries()) {
          part(field.type, field.value, others[i]?.value ?? []);
        }
      });
      builder.emit({
        kind: 'if',
        condition: binary('i32', 'eq', tag, i32(variant.tag), 'i32'),
        then,
        else: [],
      });
    }
    return [i32(0)];
  }
  for (const field of fieldsOf(type)) {
    part(field.type, fieldValue(inner, type, x, field.name), fieldValue(inner, type, y, field.name));
  }
  return [i32(0)];
}
