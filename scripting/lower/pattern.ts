/**
 * Patterns: names for parts of a value, and tests of what the value is. `let`, parameters and loops have those that
 * cannot fail; `match` tries its arms from top to bottom.
 */
import type { Expression } from '../ir/index.ts';
import type { Binding, Type, TypedPattern } from '../types/index.ts';
import type { Value } from './builder.ts';
import { equal } from './derive.ts';
import { dropValue } from './drops.ts';
import type { FunctionLowering } from './function.ts';
import { componentRange, fieldsOf, isFlat } from './representation.ts';
import { sightFrom } from './sight.ts';
import { isVariant, variantFields } from './variant.ts';

/** Binds the pattern's names to parts of the value, whose components are evaluated here. */
export function bindPattern(lowering: FunctionLowering, pattern: TypedPattern, value: Value): void {
  switch (pattern.kind) {
    case 'name':
      bindName(lowering, pattern.binding, value);
      return;
    case 'wildcard':
      lowering.builder.discard(value);
      return;
    case 'construct':
    case 'fields': {
      const isOwner = lowering.program.owns(lowering.type(pattern.type));
      const whole = isOwner ? value : lowering.builder.stable(value, 'whole');
      for (const part of partsOf(lowering, pattern, whole)) bindPattern(lowering, part.pattern, part.value);
      return;
    }
    case 'literal':
      // Tested before: there is nothing to name.
      return;
  }
}

/** A name for a part that owns something is another name for where that lies: who moves it takes it from there. */
function bindName(lowering: FunctionLowering, binding: Binding, value: Value): void {
  const locals = value.flatMap((part) => (part.kind === 'get' ? [part.local] : []));
  if (locals.length === value.length && lowering.program.owns(lowering.type(binding.type)))
    lowering.define(binding, { kind: 'locals', locals });
  else lowering.bind(binding, value);
}

/** The same for a value that is new, or was moved here: its names own what it owns, and what has no name is dropped at once. */
export function bindValue(lowering: FunctionLowering, pattern: TypedPattern, value: Value): void {
  const type = lowering.program.hasOwners ? lowering.type(pattern.type) : undefined;
  if (type === undefined || !lowering.program.owns(type)) {
    bindPattern(lowering, pattern, value);
    return;
  }
  switch (pattern.kind) {
    case 'name':
      lowering.bindOwner(pattern.binding, value);
      return;
    case 'wildcard':
      dropValue(lowering, type, value, pattern.span);
      return;
    case 'construct':
    case 'fields': {
      const whole = lowering.builder.stable(value, 'whole');
      const parts = partsOf(lowering, pattern, whole);
      for (const part of parts) bindValue(lowering, part.pattern, part.value);
      if (pattern.kind === 'construct') return;
      const named = new Set(pattern.fields.map(({ name }) => name));
      for (const field of fieldsOf(type))
        if (!named.has(field.name) && lowering.program.owns(field.type))
          dropValue(lowering, field.type, fieldValue(lowering, type, whole, field.name), pattern.span);
      return;
    }
    case 'literal':
      return;
  }
}

/**
 * Emits a jump out of the block `failed` unless the value, which is held in locals, is what the pattern says. Binds
 * nothing, so that a later test cannot find half of an arm's names bound.
 */
export function testPattern(
  lowering: FunctionLowering,
  pattern: TypedPattern,
  value: Value,
  failed: number,
): void {
  const { builder } = lowering;
  const unless = (condition: Expression): void => {
    const negated: Expression = { kind: 'unary', rep: 'i32', of: 'i32', op: 'eqz', value: condition };
    builder.emit({ kind: 'if', condition: negated, then: [{ kind: 'leave', block: failed }], else: [] });
  };
  switch (pattern.kind) {
    case 'name':
    case 'wildcard':
      return;
    case 'literal': {
      const literal = builder.stable(lowering.value(pattern.value), 'literal');
      unless(
        equal(lowering, lowering.type(pattern.type), [value, literal], pattern.span, sightFrom(pattern.span)),
      );
      return;
    }
    case 'construct':
    case 'fields':
      if (pattern.kind === 'construct' && pattern.variant !== undefined) {
        const type = lowering.type(pattern.type);
        if (pattern.definition.variants.length > 1) unless(isVariant(lowering, type, value, pattern.variant));
      }
      for (const part of partsOf(lowering, pattern, value)) {
        if (!canFail(part.pattern)) continue;
        testPattern(lowering, part.pattern, builder.stable(part.value, 'part'), failed);
      }
      return;
  }
}

/** Whether there is a value of the pattern's type that it does not match. */
export function canFail(pattern: TypedPattern): boolean {
  switch (pattern.kind) {
    case 'name':
    case 'wildcard':
      return false;
    case 'literal':
      return true;
    case 'construct':
      return pattern.definition.variants.length > 1 || pattern.fields.some(canFail);
    case 'fields':
      return pattern.fields.some((f) => canFail(f.pattern));
  }
}

/** The patterns directly inside one, each with the part of the value it is for. */
function partsOf(
  lowering: FunctionLowering,
  pattern: Extract<TypedPattern, { kind: 'construct' | 'fields' }>,
  whole: Value,
): { pattern: TypedPattern; value: Value }[] {
  const type = lowering.type(pattern.type);
  if (pattern.kind === 'fields') {
    return pattern.fields.map((f) => ({
      pattern: f.pattern,
      value: fieldValue(lowering, type, whole, f.name),
    }));
  }
  const values =
    pattern.variant === undefined
      ? fieldsOf(type).map((f) => fieldValue(lowering, type, whole, f.name))
      : variantFields(lowering, type, whole, pattern.variant).map((f) => f.value);
  return pattern.fields.map((p, i) => ({ pattern: p, value: values[i] as Value }));
}

/** One field of a value that is held in locals. */
export function fieldValue(lowering: FunctionLowering, type: Type, whole: Value, field: string): Value {
  const { start, end } = componentRange(type, field);
  if (isFlat(type)) return whole.slice(start, end);
  const fields = lowering.program.types.struct(type).fields.slice(start, end);
  return fields.map((f) => lowering.load(whole[0] as Expression, f.offset, f.stored));
}
