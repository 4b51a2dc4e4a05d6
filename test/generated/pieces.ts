/** Small expressions, by name. */
import { type Binding, type Expression, expression, type Literal, type Pattern } from './program.ts';
import { BOOL, I64, STRING, type Type, type, UNIT } from './type.ts';

export const literal = (of: Type, value: Literal): Expression => expression('literal', of, [], { value });
export const integer = (value: number | bigint): Expression => literal(I64, BigInt(value));
export const text = (value: string): Expression => literal(STRING, value);
export const truth = (value: boolean): Expression => literal(BOOL, value);
export const nothing: Expression = expression('do', UNIT);

export const variable = ({ name, type: of }: Binding): Expression => expression('variable', of, [], { name });
export const prelude = (name: string, of: Type, ...parts: readonly Expression[]): Expression =>
  expression('primitive', of, parts, { name });
export const construct = (name: string, of: Type, ...parts: readonly Expression[]): Expression =>
  expression('construct', of, parts, { name });
export const host = (name: string, of: Type, ...parts: readonly Expression[]): Expression =>
  expression('host', of, parts, { name });
export const call = (name: string, of: Type, ...parts: readonly Expression[]): Expression =>
  expression('call', of, parts, { name });
export const apply = (f: Expression, of: Type, ...args: readonly Expression[]): Expression =>
  expression('apply', of, [f, ...args]);
export const field = (name: string, of: Type, holder: Expression): Expression =>
  expression('field', of, [holder], { name });
export const annotate = (e: Expression): Expression => expression('annotate', e.type, [e]);
export const choose = (condition: Expression, a: Expression, b: Expression): Expression =>
  expression('if', a.type, [condition, a, b]);
export const when = (condition: Expression, body: Expression): Expression =>
  expression('when', UNIT, [condition, body]);
export const bind = (name: string, of: Type, mutable = false): Binding => ({ name, type: of, mutable });
export const bindIn = (binding: Binding, value: Expression, body: Expression): Expression =>
  expression('let', body.type, [value, body], { binds: [binding] });
export const match = (
  subject: Expression,
  of: Type,
  ...arms: readonly (readonly [Pattern, Expression])[]
): Expression =>
  expression('match', of, [subject, ...arms.map(([, body]) => body)], { patterns: arms.map(([p]) => p) });

/** One thing after the other; what is one already is not put into another. */
export function sequence(...parts: readonly Expression[]): Expression {
  const all = parts.flatMap((p) => (p.kind === 'do' && p.parts.length > 0 ? p.parts : [p]));
  return all.length === 1 ? (all[0] as Expression) : expression('do', all.at(-1)?.type ?? UNIT, all);
}

/** An index that fits any vector that is not empty. */
export const within = (index: Expression, list: Expression): Expression =>
  prelude('mod', I64, index, prelude('len', I64, list));

export const tuple = (...fields: readonly Type[]): Type => type('Tuple', ...fields);
