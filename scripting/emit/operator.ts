/** WebAssembly operators by name, as the representation has them. */
import type binaryen from 'binaryen';

type Code = binaryen.ExpressionRef;

/** A Binaryen constructor by type and dotted name: `add`, or `convert_s.i32`. */
export function operator(
  m: binaryen.Module,
  of: 'i32' | 'i64' | 'f32' | 'f64',
  rep: 'i32' | 'i64' | 'f32' | 'f64',
  op: string,
): (...operands: Code[]) => Code {
  // Conversions are filed under their result type, comparisons and arithmetic under their operands'.
  const conversion = op.includes('.') || CONVERSIONS.has(op);
  let found: unknown = m[conversion ? rep : of];
  for (const part of op.split('.')) found = (found as Record<string, unknown>)[part];
  if (typeof found !== 'function') throw new Error(`there is no operator ${of}.${op}`);
  return found as (...operands: Code[]) => Code;
}

const CONVERSIONS = new Set(['wrap', 'extend_s', 'extend_u', 'promote', 'demote', 'reinterpret']);
