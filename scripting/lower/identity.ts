/**
 * `same?`: whether two values are one and the same. What has identity is compared by address. What has none is the same where all
 * that it consists of is: numbers bit for bit, so that everything is the same as itself, the fields of values and tuples, the
 * variant and the data of sums, however those are held.
 */
import type { Expression } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { isShared, ownedSubject, type Type } from '../types/index.ts';
import { binary, i32, unary, type Value } from './builder.ts';
import { derived } from './derive.ts';
import { subjectOf } from './drops.ts';
import type { FunctionLowering } from './function.ts';
import { sameHostObject } from './host-object.ts';
import { fieldValue } from './pattern.ts';
import { components, fieldsOf, isFlat, isHostObject, isNamed } from './representation.ts';
import { equalStrings } from './string-equality.ts';
import { sumOf } from './sum.ts';
import { tagOf, variantFields } from './variant.ts';

/** 0 or 1. */
export function same(lowering: FunctionLowering, type: Type, a: Value, b: Value, span: Span): Expression {
  if (isHostObject(type)) return sameHostObject(lowering, a, b);
  // A keyword is its name, wherever that lies.
  if (isNamed(type, 'Keyword')) return equalStrings(lowering, a, b, span);
  // Each owner of what is shared has a share of its own.
  const subject = isShared(type) ? ownedSubject(type) : undefined;
  if (subject !== undefined) {
    const inside = ([share]: Value): Value => [subjectOf(lowering, share as Expression)];
    return same(lowering, subject, inside(a), inside(b), span);
  }
  const isSum = type.kind === 'named' && type.definition.kind === 'sum';
  if (!isSum && !isFlat(type)) return sameComponent(type, a, b);
  const reported = lowering.program.spanOf(type, span);
  const about = { type, params: 2, results: ['i32'], span: reported } as const;
  const key = derived(lowering, 'same?', about, (inner, [x, y]) =>
    sameParts(inner, type, x as Value, y as Value, reported),
  );
  return { kind: 'call', rep: 'i32', call: { to: 'function', key, args: [...a, ...b], reps: ['i32'], span } };
}

function sameComponent(type: Type, [a]: Value, [b]: Value): Expression {
  const [component] = components(type);
  if (component === undefined || a === undefined || b === undefined) return i32(1);
  switch (component.rep) {
    case 'f32':
      return binary(
        'i32',
        'eq',
        unary('i32', 'f32', 'reinterpret', a),
        unary('i32', 'f32', 'reinterpret', b),
        'i32',
      );
    case 'f64':
      return binary(
        'i64',
        'eq',
        unary('i64', 'f64', 'reinterpret', a),
        unary('i64', 'f64', 'reinterpret', b),
        'i32',
      );
    default:
      return binary(component.rep, 'eq', a, b, 'i32');
  }
}

function sameParts(inner: FunctionLowering, type: Type, x: Value, y: Value, span: Span): Value {
  const { builder } = inner;
  const leave = (condition: Expression, answer: number): void => {
    const then = [{ kind: 'return', values: [i32(answer)], span }] as const;
    builder.emit({ kind: 'if', condition, then, else: [] });
  };
  const part = (of: Type, p: Value, q: Value): void => {
    const held = same(inner, of, builder.stable(p, 'left'), builder.stable(q, 'right'), span);
    leave(unary('i32', 'i32', 'eqz', held), 0);
  };
  if (isFlat(type)) {
    for (const field of fieldsOf(type))
      part(field.type, fieldValue(inner, type, x, field.name), fieldValue(inner, type, y, field.name));
    return [i32(1)];
  }
  const isObject = sumOf(type).kind === 'boxed';
  // Everything is the same as itself, so one object need not be gone through.
  if (isObject) leave(binary('ref', 'eq', x[0] as Expression, y[0] as Expression, 'i32'), 1);
  const tag = builder.stableOne(tagOf(inner, type, x), 'tag');
  leave(binary('i32', 'ne', tag, tagOf(inner, type, y), 'i32'), 0);
  for (const variant of sumOf(type).variants.filter((v) => v.fields.length > 0)) {
    const then = builder.nested(() => {
      const others = variantFields(inner, type, y, variant.name);
      for (const [i, field] of variantFields(inner, type, x, variant.name).entries())
        part(field.type, field.value, others[i]?.value ?? []);
    });
    builder.emit({
      kind: 'if',
      condition: binary('i32', 'eq', tag, i32(variant.tag), 'i32'),
      then,
      else: [],
    });
  }
  return [i32(1)];
}
