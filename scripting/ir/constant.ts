/** Expressions that are the same wherever they stand. */
import type { Expression } from './node.ts';

const KINDS = [
  'constant',
  'null',
  'literal',
  'descriptor',
  'static-closure',
  'static-variant',
  'code',
] as const;

const CONSTANTS: ReadonlySet<string> = new Set(KINDS);

/** True where evaluating costs nothing, changes nothing, and comes to the same at any time. */
export function isConstant(e: Expression): e is Extract<Expression, { kind: (typeof KINDS)[number] }> {
  return CONSTANTS.has(e.kind);
}
