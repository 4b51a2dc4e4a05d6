/** Short ways to make nodes of the typed tree. */

import { type Form, type Span, Stretch } from '../../syntax/index.ts';
import { BOOL, type FunctionType, functionOf, isBuiltin, UNIT } from './builtin.ts';
import type { PrimitiveName } from './primitives.ts';
import type { Type } from './type.ts';
import type { Binding, TypedExpression, TypedParameter, TypedPattern } from './typed.ts';
import { prune } from './unify.ts';

export type ExpressionOf<K extends TypedExpression['kind']> = Extract<TypedExpression, { readonly kind: K }>;

export const unit = (span: Span): ExpressionOf<'unit'> => ({ kind: 'unit', type: UNIT, span });

export const bool = (value: boolean, span: Span): ExpressionOf<'bool'> => ({
  kind: 'bool',
  value,
  type: BOOL,
  span,
});

export const local = (binding: Binding, span: Span = binding.span): ExpressionOf<'local'> => ({
  kind: 'local',
  binding,
  type: binding.type,
  span,
});

export const call = (
  callee: TypedExpression,
  args: readonly TypedExpression[],
  type: Type,
  span: Span,
): ExpressionOf<'call'> => ({ kind: 'call', callee, args, type, span });

export const primitive = (name: PrimitiveName, type: Type, span: Span): ExpressionOf<'primitive'> => ({
  kind: 'primitive',
  name,
  type,
  span,
});

/** A class's method, called. */
export function methodCall(
  className: string,
  method: string,
  classArguments: readonly Type[],
  args: readonly TypedExpression[],
  result: Type,
  span: Span,
): ExpressionOf<'call'> {
  const callee: TypedExpression = {
    kind: 'method',
    class: className,
    method,
    classArguments,
    typeArguments: [],
    type: functionOf(
      args.map((arg) => arg.type),
      result,
    ),
    span,
  };
  return call(callee, args, result, span);
}

export const conditional = (
  condition: TypedExpression,
  then: TypedExpression,
  otherwise: TypedExpression,
  type: Type,
  span: Span,
): ExpressionOf<'if'> => ({ kind: 'if', condition, then, else: otherwise, type, span });

/** A body of several expressions; one stands for itself. */
export function sequence(body: readonly TypedExpression[], span: Span): TypedExpression {
  const last = body[body.length - 1];
  if (last === undefined) return unit(span);
  return body.length === 1 ? last : { kind: 'do', body, type: last.type, span };
}

/** A body whose value is dropped. */
export function discarded(body: readonly TypedExpression[], span: Span): TypedExpression {
  const last = body[body.length - 1];
  if (last?.type === UNIT) return sequence(body, span);
  return { kind: 'do', body: [...body, unit(span)], type: UNIT, span };
}

/** An expression whose value is dropped. */
export function dropped(node: TypedExpression): TypedExpression {
  return isBuiltin(prune(node.type), 'Unit') ? node : discarded([node], node.span);
}

/** A name for something the compiler itself binds. */
export const hidden = (name: string, type: Type, span: Span): Binding => ({
  name,
  type,
  mutable: false,
  span,
});

export const named = (binding: Binding): TypedPattern => ({
  kind: 'name',
  binding,
  type: binding.type,
  span: binding.span,
});

export const parameter = (binding: Binding): TypedParameter => ({
  pattern: named(binding),
  type: binding.type,
  name: binding.name,
});

/** A function value around something that can only be called: a constructor, an accessor, a primitive. */
export function etaExpanded(
  type: FunctionType,
  span: Span,
  body: (args: readonly TypedExpression[]) => TypedExpression,
): TypedExpression {
  const bindings = type.params.map((p, i) => hidden(String.fromCharCode(97 + (i % 26)), p, span));
  return {
    kind: 'lambda',
    params: bindings.map(parameter),
    body: body(bindings.map((b) => local(b))),
    type,
    span,
  };
}

/** `let` around an expression, for values that must be evaluated once and in order. */
export function bound(
  values: readonly TypedExpression[],
  span: Span,
  body: (names: readonly TypedExpression[]) => TypedExpression,
): TypedExpression {
  const bindings = values.map((value, i) => hidden(`value${i}`, value.type, value.span));
  const inner = body(bindings.map((b) => local(b)));
  return {
    kind: 'let',
    bindings: bindings.map((binding, i) => ({
      pattern: named(binding),
      value: values[i] as TypedExpression,
    })),
    body: inner,
    type: inner.type,
    span,
  };
}

/** True where evaluating twice, or at another moment, makes no difference. */
export function isConstant(node: TypedExpression): boolean {
  switch (node.kind) {
    case 'integer':
    case 'float':
    case 'bool':
    case 'string':
    case 'keyword':
    case 'picture':
    case 'unit':
    case 'function':
      return true;
    case 'local':
      return !node.binding.mutable;
    default:
      return false;
  }
}

export const spanOfAll = (forms: readonly Form[], otherwise: Span): Span => {
  const first = forms[0];
  const last = forms[forms.length - 1];
  if (first === undefined || last === undefined || first.span.source !== last.span.source) return otherwise;
  return new Stretch(first.span, last.span);
};
