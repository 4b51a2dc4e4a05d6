/** Calls of functions, externs, globals, primitives, and of anything by its value. */
import { type ListForm, symbolName } from '../syntax/index.ts';
import { arrange, checkAll, checkArranged, inferAll, wrongCount } from './arguments.ts';
import { ERROR, functionOf, isError, mutVectorOf } from './builtin.ts';
import { construct } from './construct.ts';
import type { Entity, Primitive } from './entity.ts';
import { settle } from './generalise.ts';
import type { Inference } from './inference.ts';
import { bound, call, isConstant, primitive } from './node.ts';
import { callMethod } from './operator.ts';
import type { Scope } from './scope.ts';
import { describe } from './show.ts';
import type { Type } from './type.ts';
import type { TypedExpression } from './typed.ts';
import { prune } from './unify.ts';
import { entityNode, functionValue, spanOfHead } from './value.ts';

/** A call of something by its value: a local, or any expression in front of the arguments. */
export function apply(cx: Inference, scope: Scope, form: ListForm, callee: TypedExpression): TypedExpression {
  const args = form.items.slice(1);
  const name = symbolName(form.items[0]);
  const type = prune(callee.type);
  if (type.kind === 'function') {
    if (args.length !== type.params.length) return wrongCount(cx, scope, form, name, type.params.length);
    return call(callee, checkAll(cx, scope, args, type.params, name), type.result, form.span);
  }
  const values = inferAll(cx, scope, args);
  if (isError(type)) return { kind: 'error', type: ERROR, span: form.span };
  const result = cx.fresh();
  if (type.kind === 'meta' && type.literal === undefined) {
    cx.agree(
      type,
      functionOf(
        values.map((v) => v.type),
        result,
      ),
      form.span,
      'what is called here',
    );
    return call(callee, values, result, form.span);
  }
  return cx.fail('not-a-function', callee.span, `this is called, but it is ${describe(type)}`);
}

/** A call of something that has a name at top level. */
export function callEntity(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  entity: Entity,
  expected: Type | undefined,
): TypedExpression {
  switch (entity.kind) {
    case 'function': {
      const node = functionValue(cx, entity.function, spanOfHead(form));
      const names = !entity.function.module.isUsers ? undefined : entity.function.parameterNames;
      return callNamed(cx, scope, form, node, names);
    }
    case 'extern':
      return callNamed(
        cx,
        scope,
        form,
        entityNode(cx, entity, spanOfHead(form)),
        entity.extern.params.map((p) => p.name),
      );
    case 'global':
      return apply(cx, scope, form, entityNode(cx, entity, spanOfHead(form)));
    case 'constructor':
      return construct(cx, scope, form, entity.definition, entity.variant);
    case 'method':
      return callMethod(cx, scope, form, entity.class, entity.method, expected);
    case 'primitive':
      return callPrimitive(cx, scope, form, entity.primitive);
  }
}

function callPrimitive(cx: Inference, scope: Scope, form: ListForm, entry: Primitive): TypedExpression {
  const mark = cx.wanted.length;
  if (!entry.variadic) {
    const node = callNamed(
      cx,
      scope,
      form,
      entityNode(cx, { kind: 'primitive', primitive: entry }, spanOfHead(form)),
      undefined,
    );
    settle(cx, mark);
    return node;
  }
  const args = form.items.slice(1);
  const head = spanOfHead(form);
  if (entry.name === 'mut-vec') {
    const element = cx.fresh();
    const values = checkAll(
      cx,
      scope,
      args,
      args.map(() => element),
      entry.name,
    );
    const type = functionOf(
      args.map(() => element),
      mutVectorOf(element),
    );
    return call(primitive(entry.name, type, head), values, type.result, form.span);
  }
  const values = inferAll(cx, scope, args);
  for (const value of values) cx.want('Show', [value.type], value.span);
  settle(cx, mark);
  const type = functionOf(
    values.map((v) => v.type),
    entry.scheme.type.result,
  );
  return call(primitive(entry.name, type, head), values, type.result, form.span);
}

/** A call whose arguments may be named. */
export function callNamed(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  callee: TypedExpression,
  names: readonly (string | undefined)[] | undefined,
): TypedExpression {
  const args = form.items.slice(1);
  const name = symbolName(form.items[0]);
  const type = prune(callee.type);
  if (type.kind !== 'function') return apply(cx, scope, form, callee);
  const arranged = arrange(cx, form, args, names, type.params.length, name ?? 'this');
  if (arranged === undefined) {
    inferAll(
      cx,
      scope,
      args.filter((a) => a.kind !== 'keyword'),
    );
    return { kind: 'error', type: type.result, span: form.span };
  }
  const values = checkArranged(cx, scope, arranged, type.params, name);
  const isOrdered = arranged.order.every((at, i) => at === i);
  if (isOrdered || values.every(isConstant)) return call(callee, values, type.result, form.span);
  // Evaluated as written, passed as declared.
  const written = arranged.order.map((at) => values[at] as TypedExpression);
  return bound(written, form.span, (locals) => {
    const ordered = values.map((_, i) => locals[arranged.order.indexOf(i)] as TypedExpression);
    return call(callee, ordered, type.result, form.span);
  });
}
