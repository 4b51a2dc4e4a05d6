/**
 * Which values a `let` generalises: what is no computation, so that it makes no difference whether it is made once or once for
 * each type it is used at, and nothing can be put into it (Wright 1995, "Simple imperative polymorphism"). That is a name, a
 * function, a constant, and immutable literals, tuples and constructors of such.
 */
import { type Form, symbolName } from '../../syntax/index.ts';
import type { TypedExpression } from '../model/index.ts';

/** Whether what a form is may turn out to be such a value: a call of something else than a constructor does not. */
export function mayGeneralise(form: Form): boolean {
  if (form.kind !== 'list') return form.kind === 'symbol' || form.kind === 'vector' || form.kind === 'map';
  const head = symbolName(form.items[0]) ?? '';
  // What begins with a capital letter constructs; `isGeneralisable` looks closer.
  return LITERALS.has(head) || /^(.*\.)?\p{Lu}/u.test(head);
}

const LITERALS: ReadonlySet<string> = new Set(['fn', 'tuple', 'list', 'set']);

/** Functions of the prelude that immutable literals are calls of. */
const MAKERS: ReadonlySet<string> = new Set(
  ['%list-of', '%set-of', '%empty-map', 'assoc'].map((name) => `prelude.${name}`),
);

export function isGeneralisable(node: TypedExpression): boolean {
  switch (node.kind) {
    case 'integer':
    case 'float':
    case 'bool':
    case 'string':
    case 'keyword':
    case 'unit':
    case 'global':
    case 'function':
    case 'local-function':
    case 'method':
    case 'primitive':
    case 'extern':
    case 'lambda':
      return true;
    case 'local':
      return !node.binding.mutable;
    case 'vector':
      return node.items.every(isPart);
    case 'construct':
      return (
        !node.definition.entity &&
        node.definition.fields.every((field) => !field.mutable) &&
        node.fields.every(isPart)
      );
    case 'call':
      return (
        // A constant of a class.
        (node.callee.kind === 'method' && node.args.length === 0) ||
        (node.callee.kind === 'function' && MAKERS.has(node.callee.key) && node.args.every(isPart))
      );
    case 'let':
      // A map's literal puts one entry in after the other.
      return node.bindings.every(({ value }) => isPart(value)) && isPart(node.body);
    default:
      return false;
  }
}

/** A function in something else is made where that is, and so must not copy what may change afterwards. */
function isPart(node: TypedExpression): boolean {
  return isGeneralisable(node) && (node.kind !== 'lambda' || !usesMutable(node));
}

/** Whether a name that is `mut` stands in an expression. */
function usesMutable(node: TypedExpression): boolean {
  const pending: unknown[] = [node];
  for (let next = pending.pop(); next !== undefined || pending.length > 0; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const part = next as Partial<TypedExpression>;
    if ((part.kind === 'local' || part.kind === 'set-local') && part.binding?.mutable === true) return true;
    for (const [name, value] of Object.entries(next))
      if (name !== 'type' && name !== 'span' && name !== 'definition') pending.push(value);
  }
  return false;
}
