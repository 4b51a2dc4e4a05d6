/** Names and places in what is checked for moves. */
import { type Binding, partsOf, type TypedExpression, type TypedPattern } from '../types/index.ts';

export type Node<K extends TypedExpression['kind']> = Extract<TypedExpression, { kind: K }>;

/** The name that a place is a part of. */
export function rootOf(e: TypedExpression): Node<'local'> | undefined {
  if (e.kind === 'local') return e;
  return e.kind === 'field' ? rootOf(e.target) : undefined;
}

export function isInObject(e: TypedExpression): boolean {
  return e.kind === 'global' || e.kind === 'field' || (e.kind === 'call' && e.callee.kind === 'method');
}

export function namesOf(pattern: TypedPattern): readonly Binding[] {
  switch (pattern.kind) {
    case 'name':
      return [pattern.binding];
    case 'construct':
      return pattern.fields.flatMap(namesOf);
    case 'fields':
      return pattern.fields.flatMap((field) => namesOf(field.pattern));
    case 'wildcard':
    case 'literal':
      return [];
  }
}

/** Where the value of a body stands. */
export function lastOf(e: TypedExpression): TypedExpression {
  if (e.kind === 'let' || e.kind === 'let-functions') return lastOf(e.body);
  const last = e.kind === 'do' ? partsOf(e).at(-1) : undefined;
  return last === undefined ? e : lastOf(last);
}
