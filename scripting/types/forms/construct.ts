/** Making structs, values, variants and tuples, and reading their fields. */

import {
  type Form,
  type ListForm,
  print,
  type Span,
  type SymbolForm,
  symbolName,
} from '../../syntax/index.ts';
import {
  call,
  ERROR,
  etaExpanded,
  type FieldDefinition,
  functionOf,
  local,
  type NamedType,
  prune,
  type Scope,
  type Type,
  type TypeDefinition,
  type TypedExpression,
  tupleOf,
  unify,
} from '../model/index.ts';
import { access, atArguments, type Inference } from '../solving/index.ts';
import { brief } from './argument-order.ts';
import { arrange, checkArranged, inferAll, wrongCount } from './arguments.ts';
import { infer } from './expression.ts';

/** `(Enemy pos :hp 100)`. */
export function construct(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  definition: TypeDefinition,
  variant: string | undefined,
): TypedExpression {
  const { type, fields } = constructorParts(cx, definition, variant);
  const args = form.items.slice(1);
  const name = variant ?? definition.name;
  const meant = fieldsMeant(args, fields);
  if (meant !== undefined)
    return cx.fail('bad-form', form, `the fields of \`${name}\` stand beside its name`, {
      hint: `it is written \`(${[name, ...meant].join(' ')})\``,
    });
  const arranged = arrange(
    cx,
    form,
    args,
    fields.map((f) => f.name),
    fields.length,
    name,
    { fields },
  );
  if (arranged === undefined) {
    inferAll(
      cx,
      scope,
      args.filter((a) => a.kind !== 'keyword'),
    );
    return { kind: 'error', type, span: form.span };
  }
  const types = fields.map((f) => atArguments(f.type, type));
  const values = checkArranged(cx, scope, arranged, types, name, fields) ?? [];
  // Defaults are computed when all that is given is there.
  const order = [...arranged.order];
  for (const [at, field] of fields.entries()) {
    if (arranged.forms[at] !== undefined || field.default === undefined) continue;
    values[at] = defaultCall(field.default, type, types[at] ?? ERROR, form.span);
    order.push(at);
  }
  const isOrdered = order.every((at, i) => at === i);
  return {
    kind: 'construct',
    definition,
    ...(variant === undefined ? {} : { variant }),
    fields: values,
    ...(isOrdered ? {} : { order }),
    type,
    span: form.span,
  };
}

/** What a field is that was left out. */
function defaultCall(key: string, owner: NamedType, type: Type, span: Span): TypedExpression {
  const callee: TypedExpression = {
    kind: 'function',
    key,
    typeArguments: owner.args,
    type: functionOf([], type),
    span,
  };
  return call(callee, [], type, span);
}

/** `{:name "orc" :hp 3}` and `name: "orc" hp: 3` for the fields, as they are meant. */
function fieldsMeant(
  args: readonly Form[],
  fields: readonly FieldDefinition[],
): readonly string[] | undefined {
  const isField = (name: string | undefined) => fields.some((field) => field.name === name);
  const [only, ...more] = args;
  if (only?.kind === 'map' && more.length === 0 && only.items.length > 0) {
    const isOne = (form: Form, i: number) => i % 2 === 1 || (form.kind === 'keyword' && isField(form.name));
    return only.items.every(isOne) ? only.items.map(brief) : undefined;
  }
  if (!args.some((arg, i) => symbolName(arg) === ':' && isField(symbolName(args[i - 1])))) return undefined;
  return args.flatMap((arg, i) => {
    if (symbolName(arg) === ':') return [];
    return [symbolName(args[i + 1]) === ':' ? `:${print(arg)}` : brief(arg)];
  });
}

/** The type a constructor makes, with fresh unknowns for its parameters, and its fields. */
export function constructorParts(
  cx: Inference,
  definition: TypeDefinition,
  variant: string | undefined,
): { type: NamedType; fields: readonly FieldDefinition[] } {
  const type: NamedType = { kind: 'named', definition, args: definition.parameters.map(() => cx.fresh()) };
  if (variant === undefined) return { type, fields: definition.fields };
  return { type, fields: definition.variants.find((v) => v.name === variant)?.fields ?? [] };
}

/** `(tuple a b)`. */
export function tupleForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const hoped = expected === undefined ? undefined : prune(expected);
  const items = form.items.slice(1);
  const hopes = hoped?.kind === 'named' && hoped.args.length === items.length ? hoped.args : [];
  const values = items.map((item, i) => infer(cx, scope, item, hopes[i]));
  const type = tupleOf(values.map((v) => v.type));
  return { kind: 'construct', definition: type.definition, fields: values, type, span: form.span };
}

/** `(.field x)`. */
export function accessorCall(cx: Inference, scope: Scope, form: ListForm, head: SymbolForm): TypedExpression {
  const [target, ...more] = form.items.slice(1);
  if (target === undefined || more.length > 0) return wrongCount(cx, scope, form, head.name, [1]);
  const span = head.span.source === form.span.source ? form.span : head.span;
  const former = target.kind === 'symbol' ? scope.lookup(target)?.former : undefined;
  if (former !== undefined) return local(former(head.name.slice(1), span), span);
  return access(cx, infer(cx, scope, target), head.name.slice(1), span);
}

/** `.field` as a function. */
export function accessorValue(cx: Inference, head: SymbolForm, expected: Type | undefined): TypedExpression {
  const target = cx.fresh();
  const hoped = expected === undefined ? undefined : prune(expected);
  const param = hoped?.kind === 'function' && hoped.params.length === 1 ? hoped.params[0] : undefined;
  if (param !== undefined) unify(target, param);
  const result = cx.fresh();
  return etaExpanded(functionOf([target], result), head.span, ([value]) => {
    if (value === undefined) return { kind: 'error', type: ERROR, span: head.span };
    const node = access(cx, value, head.name.slice(1), head.span);
    unify(result, node.type);
    return node;
  });
}
