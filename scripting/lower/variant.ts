/** Values of sum types: made, told apart, and taken to pieces, whatever their representation. */
import type { Expression, ObjectType } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Type } from '../types/index.ts';
import { binary, i32, type Value } from './builder.ts';
import type { FunctionLowering } from './function.ts';
import { zero } from './number.ts';
import { components, inside, type ObjectTypes } from './representation.ts';
import { sumOf, type Variant, variantOf } from './sum.ts';

/** Where a boxed variant's tag lies. */
const TAG_OFFSET = 4;

/** The layout of a boxed sum's variant. */
export function variantObject(
  types: ObjectTypes,
  type: Type,
  { name, fields }: Pick<Variant, 'name' | 'fields'>,
): ObjectType {
  return types.variant(
    type,
    name,
    fields.flatMap((f) => inside(f.name, components(f.type))),
  );
}

/** A variant from its fields' components, in order. */
export function makeVariant(
  lowering: FunctionLowering,
  type: Type,
  name: string,
  values: Value,
  span: Span,
): Value {
  const sum = sumOf(type);
  const variant = variantOf(type, name);
  switch (sum.kind) {
    case 'tag':
      return [i32(variant.tag)];
    case 'nullable':
      return values.length === 0 ? [zero('ref')] : values;
    case 'flat': {
      const all: Expression[] = sum.components.map((c) => zero(c.rep));
      all[0] = i32(variant.tag);
      // Components stand in the order of the sum, which need not be that of evaluation.
      const held = lowering.builder.stable(values, name);
      variant.at.forEach((at, i) => {
        all[at] = held[i] as Expression;
      });
      return all;
    }
    case 'boxed': {
      const layout = variantObject(lowering.program.types, type, variant);
      if (values.length === 0) return [lowering.program.constant(layout.id, variant.tag)];
      return [lowering.allocate(layout, [i32(variant.tag), ...values], span)];
    }
  }
}

/** The number of the variant that a value is; the value can be read any number of times. */
export function tagOf(lowering: FunctionLowering, type: Type, value: Value): Expression {
  const sum = sumOf(type);
  const first = value[0] as Expression;
  switch (sum.kind) {
    case 'tag':
    case 'flat':
      return first;
    case 'boxed':
      return lowering.load(first, TAG_OFFSET, 'i32');
    case 'nullable': {
      const full = sum.variants.find((v) => v.fields.length > 0) as Variant;
      const isFull = binary('ref', 'ne', first, zero('ref'), 'i32');
      return full.tag === 1 ? isFull : { kind: 'unary', rep: 'i32', of: 'i32', op: 'eqz', value: isFull };
    }
  }
}

/** 0 unless the value is of that variant. */
export function isVariant(lowering: FunctionLowering, type: Type, value: Value, name: string): Expression {
  return binary('i32', 'eq', tagOf(lowering, type, value), i32(variantOf(type, name).tag), 'i32');
}

/** The fields of a value that is known to be of a variant. */
export function variantFields(
  lowering: FunctionLowering,
  type: Type,
  value: Value,
  name: string,
): { readonly name: string; readonly type: Type; readonly value: Value }[] {
  const sum = sumOf(type);
  const variant = variantOf(type, name);
  const first = value[0] as Expression;
  let parts: Value;
  switch (sum.kind) {
    case 'tag':
      parts = [];
      break;
    case 'nullable':
      parts = variant.fields.length === 0 ? [] : [first];
      break;
    case 'flat':
      parts = variant.at.map((at) => value[at] as Expression);
      break;
    case 'boxed': {
      const fields = variantObject(lowering.program.types, type, variant).fields.slice(1);
      parts = fields.map((f) => lowering.load(first, f.offset, f.stored));
      break;
    }
  }
  let start = 0;
  return variant.fields.map((f) => {
    const end = start + components(f.type).length;
    const field = { name: f.name, type: f.type, value: parts.slice(start, end) };
    start = end;
    return field;
  });
}
