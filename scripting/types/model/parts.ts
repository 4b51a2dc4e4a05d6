/** Goes through the typed tree. Whoever walks it knows the parts of every kind of node from here. */
import type { TypedExpression } from './typed.ts';

/** The expressions directly inside one. */
export function partsOf(e: TypedExpression): readonly TypedExpression[] {
  switch (e.kind) {
    case 'call':
      return [e.callee, ...e.args];
    case 'construct':
      return e.fields;
    case 'field':
      return [e.target];
    case 'set-local':
    case 'set-global':
      return [e.value];
    case 'set-field':
      return [e.target, e.value];
    case 'set-element':
      return [e.target, e.index, e.value];
    case 'update':
      return [e.target, ...e.fields.map((f) => f.value)];
    case 'let':
      return [...e.bindings.map((b) => b.value), e.body];
    case 'let-functions':
      return [...e.functions.map((f) => f.function.body), e.body];
    case 'if':
      return [e.condition, e.then, e.else];
    case 'do':
      return e.body;
    case 'match':
      return [e.subject, ...e.arms.map((a) => a.body)];
    case 'while':
      return [e.condition, e.body];
    case 'for':
      return [e.from, e.test, e.step, e.body];
    case 'for-each':
      return [e.collection, e.body];
    case 'for-entities':
    case 'lambda':
    case 'with-arena':
    case 'outside':
    case 'without-collection':
      return [e.body];
    case 'copy-out':
    case 'return':
      return [e.value];
    case 'vector':
      return e.items;
    case 'try':
      return e.convert === undefined ? [e.value] : [e.value, e.convert];
    case 'integer':
    case 'float':
    case 'bool':
    case 'string':
    case 'keyword':
    case 'picture':
    case 'unit':
    case 'local':
    case 'global':
    case 'function':
    case 'method':
    case 'primitive':
    case 'extern':
    case 'local-function':
    case 'count-entities':
    case 'break':
    case 'continue':
    case 'error':
      return [];
  }
}
