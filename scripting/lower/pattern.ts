/** Patterns that cannot fail, as `let`, parameters and loops have them: names for parts of a value. */
import type { Type, TypedPattern } from '../types/index.ts';
import type { Value } from './builder.ts';
import type { FunctionLowering } from './expression.ts';
import type { Expression } from './ir.ts';
import { componentRange, fieldsOf, isFlat } from './representation.ts';

/** Binds the pattern's names to parts of the value, whose components are evaluated here. */
export function bindPattern(lowering: FunctionLowering, pattern: TypedPattern, value: Value): void {
  switch (pattern.kind) {
    case 'name':
      lowering.bind(pattern.binding, value);
      return;
    case 'wildcard':
      lowering.builder.discard(value);
      return;
    case 'construct':
    case 'fields': {
      const type = lowering.type(pattern.type);
      const whole = lowering.builder.stable(value, 'whole');
      const names = fieldsOf(type).map((f) => f.name);
      const parts =
        pattern.kind === 'fields'
          ? pattern.fields
          : pattern.fields.map((p, i) => ({ name: names[i] as string, pattern: p }));
      for (const part of parts)
        bindPattern(lowering, part.pattern, fieldValue(lowering, type, whole, part.name));
      return;
    }
    case 'literal':
      throw new Error('a literal can fail to match');
  }
}

/** One field of a value that is held in locals. */
export function fieldValue(lowering: FunctionLowering, type: Type, whole: Value, field: string): Value {
  const { start, end } = componentRange(type, field);
  if (isFlat(type)) return whole.slice(start, end);
  const fields = lowering.program.types.struct(type).fields.slice(start, end);
  return fields.map((f) => lowering.load(whole[0] as Expression, f.offset, f.stored));
}
