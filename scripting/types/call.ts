/** Calls: of functions, methods, primitives, constructors and accessors; and their use as values. */
import { type Form, type ListForm, type Span, type SymbolForm, symbolName } from '../syntax/index.ts';
import { count } from './annotation.ts';
import { type Arrangement, arrange } from './arguments.ts';
import { BOOL, ERROR, type FunctionType, functionOf, isError, mutVectorOf, tupleOf } from './builtin.ts';
import type { ClassEntry, Entity, FunctionEntry, MethodEntry, Primitive } from './entity.ts';
import { check, infer, isAccessor } from './expression.ts';
import { access, atArguments } from './fields.ts';
import { settle } from './generalise.ts';
import type { Inference } from './inference.ts';
import { bool, bound, call, conditional, etaExpanded, isConstant, methodCall, primitive } from './node.ts';
import type { Scope } from './scope.ts';
import { describe } from './show.ts';
import type { FieldDefinition, Type, TypeDefinition } from './type.ts';
import type { TypedExpression } from './typed.ts';
import { prune, unify } from './unify.ts';

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

/** A top-level name as a value. What can only be called gets a lambda around it. */
export function entityValue(cx: Inference, entity: Entity, span: Span): TypedExpression {
  switch (entity.kind) {
    case 'function':
    case 'global':
      return entityNode(cx, entity, span);
    case 'constructor': {
      const { type, fields } = constructorParts(cx, entity.definition, entity.variant);
      const params = fields.map((f) => (type.kind === 'named' ? atArguments(f.type, type) : ERROR));
      const variant = entity.variant === undefined ? {} : { variant: entity.variant };
      const made = (args: readonly TypedExpression[]): TypedExpression => ({
        kind: 'construct',
        definition: entity.definition,
        ...variant,
        fields: args,
        type,
        span,
      });
      if (entity.variant !== undefined && fields.length === 0) return made([]);
      return etaExpanded(functionOf(params, type), span, made);
    }
    default: {
      const node = entityNode(cx, entity, span);
      if (entity.kind === 'method' && entity.method.constant) return constantCall(node, span);
      const type = node.type as FunctionType;
      return etaExpanded(type, span, (args) => call(node, args, type.result, span));
    }
  }
}

/** `zero` where `(zero : 'a)` is a method. */
function constantCall(node: TypedExpression, span: Span): TypedExpression {
  return call(node, [], node.type.kind === 'function' ? node.type.result : ERROR, span);
}

/** A name's own node, with fresh unknowns for what it is generic in. */
function entityNode(
  cx: Inference,
  entity: Exclude<Entity, { kind: 'constructor' }>,
  span: Span,
): TypedExpression {
  switch (entity.kind) {
    case 'function':
      return functionValue(cx, entity.function, span);
    case 'global':
      return {
        kind: 'global',
        definition: entity.global.definition,
        type: entity.global.definition.type,
        span,
      };
    case 'extern': {
      const { params, result } = entity.extern;
      const type = functionOf(
        params.map((p) => p.type),
        result,
      );
      return { kind: 'extern', extern: entity.extern, type, span };
    }
    case 'method':
      return methodNode(cx, entity.class, entity.method, span);
    case 'primitive': {
      const { type } = cx.instantiate(entity.primitive.scheme, span);
      return primitive(entity.primitive.name, type, span);
    }
  }
}

function functionValue(cx: Inference, entry: FunctionEntry, span: Span): TypedExpression {
  if (entry.scheme !== undefined) {
    const { type, args } = cx.instantiate(entry.scheme, span);
    return { kind: 'function', key: entry.key, typeArguments: args, type, span };
  }
  if (entry.inferring !== undefined) {
    // Its type parameters are known when the group is generalised; they are then filled in here.
    const typeArguments: Type[] = [];
    entry.inferring.uses.push((args) => typeArguments.push(...args));
    return { kind: 'function', key: entry.key, typeArguments, type: entry.inferring.type, span };
  }
  // Its own definition failed, and was reported.
  return { kind: 'error', type: ERROR, span };
}

function methodNode(cx: Inference, classEntry: ClassEntry, method: MethodEntry, span: Span): TypedExpression {
  const parameters = [...classEntry.parameters, ...method.parameters];
  const own = {
    class: classEntry.key,
    args: classEntry.parameters.map((p): Type => ({ kind: 'parameter', parameter: p })),
  };
  const { type, args } = cx.instantiate(
    { parameters, constraints: [own, ...method.constraints], type: method.type },
    span,
  );
  return {
    kind: 'method',
    class: classEntry.key,
    method: method.name,
    classArguments: args.slice(0, classEntry.parameters.length),
    typeArguments: args.slice(classEntry.parameters.length),
    type,
    span,
  };
}

const FOLDED = new Set(['+', '-', '*', '/', 'min', 'max', 'bit-and', 'bit-or', 'bit-xor']);
const CHAINED = new Set(['<', '>', '<=', '>=', '=']);

function callMethod(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  classEntry: ClassEntry,
  method: MethodEntry,
  expected: Type | undefined,
): TypedExpression {
  if (method.constant)
    return apply(
      cx,
      scope,
      form,
      constantCall(methodNode(cx, classEntry, method, spanOfHead(form)), spanOfHead(form)),
    );
  const isBuiltin = classEntry.span === undefined;
  const mark = cx.wanted.length;
  let result: TypedExpression;
  if (isBuiltin && FOLDED.has(method.name)) result = folded(cx, scope, form, classEntry, method, expected);
  else if (isBuiltin && CHAINED.has(method.name)) result = chained(cx, scope, form, classEntry, method);
  else result = callNamed(cx, scope, form, methodNode(cx, classEntry, method, spanOfHead(form)), undefined);
  settle(cx, mark);
  return result;
}

/** `(+ a b c)` is `(+ (+ a b) c)`; `(- a)` is `(negate a)`. */
function folded(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  { key }: ClassEntry,
  { name }: MethodEntry,
  expected: Type | undefined,
): TypedExpression {
  const args = form.items.slice(1);
  const type = operandType(cx, expected);
  cx.want(key, [type], form.span);
  const [first, ...rest] = checkAll(
    cx,
    scope,
    args,
    args.map(() => type),
    name,
  );
  if (first === undefined || (rest.length === 0 && name === '/'))
    return cx.fail('wrong-argument-count', form, `\`${name}\` needs something to work on`);
  if (rest.length === 0)
    return name === '-' ? methodCall(key, 'negate', [type], [first], type, form.span) : first;
  if (rest.length > OPERAND_LIMIT) return tooMany(cx, form);
  return rest.reduce((left, right) => methodCall(key, name, [type], [left, right], type, form.span), first);
}

/** Longer chains of operators would nest deeper than later stages can follow. */
const OPERAND_LIMIT = 200;

function tooMany(cx: Inference, form: Form): TypedExpression {
  return cx.fail('nesting-limit', form, `an operator takes at most ${OPERAND_LIMIT} operands`, {
    hint: 'put them in a vector and `fold` it',
  });
}

/** The type that operands and result share: the expected one, where that is known to be a number. */
function operandType(cx: Inference, expected: Type | undefined): Type {
  const hoped = expected === undefined ? undefined : prune(expected);
  return hoped?.kind === 'named' &&
    hoped.definition.kind === 'builtin' &&
    hoped.args.length === 0 &&
    !isError(hoped)
    ? hopedNumber(cx, hoped)
    : cx.fresh();
}

function hopedNumber(cx: Inference, type: Type): Type {
  return /^([iu](8|16|32|64)|f(32|64))$/.test(type.kind === 'named' ? type.definition.key : '')
    ? type
    : cx.fresh();
}

/** `(< a b c)` is `(and (< a b) (< b c))` with each operand evaluated once. */
function chained(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  { key }: ClassEntry,
  { name }: MethodEntry,
): TypedExpression {
  const args = form.items.slice(1);
  const { span } = form;
  const type = cx.fresh();
  cx.want(key, [type], span);
  const values = checkAll(
    cx,
    scope,
    args,
    args.map(() => type),
    name,
  );
  if (values.length < 2)
    return cx.fail('wrong-argument-count', form, `\`${name}\` compares at least two things`);
  if (values.length > OPERAND_LIMIT) return tooMany(cx, form);
  if (values.length === 2) return methodCall(key, name, [type], values, BOOL, span);
  return bound(values, span, (names) => {
    const pairs = names
      .slice(1)
      .map((right, i) => methodCall(key, name, [type], [names[i] as TypedExpression, right], BOOL, span));
    return pairs.reduceRight<TypedExpression>(
      (rest, pair, i) =>
        i === pairs.length - 1 ? pair : conditional(pair, rest, bool(false, span), BOOL, span),
      bool(true, span),
    );
  });
}

/** `(!= a b)` is `(not (= a b))`. */
export function unequal(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const args = form.items.slice(1);
  if (args.length !== 2) return wrongCount(cx, scope, form, '!=', 2);
  const type = cx.fresh();
  const mark = cx.wanted.length;
  cx.want('Eq', [type], form.span);
  const values = checkAll(cx, scope, args, [type, type], '!=');
  settle(cx, mark);
  const equal = methodCall('Eq', '=', [type], values, BOOL, form.span);
  return call(primitive('not', functionOf([BOOL], BOOL), form.span), [equal], BOOL, form.span);
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
function callNamed(
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

/** `(Enemy pos :hp 100)`. */
function construct(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  definition: TypeDefinition,
  variant: string | undefined,
): TypedExpression {
  const { type, fields } = constructorParts(cx, definition, variant);
  const args = form.items.slice(1);
  const name = variant ?? definition.name;
  const arranged = arrange(
    cx,
    form,
    args,
    fields.map((f) => f.name),
    fields.length,
    name,
    'field',
  );
  if (arranged === undefined) {
    inferAll(
      cx,
      scope,
      args.filter((a) => a.kind !== 'keyword'),
    );
    return { kind: 'error', type, span: form.span };
  }
  const types = fields.map((f) => (type.kind === 'named' ? atArguments(f.type, type) : ERROR));
  const values = checkArranged(cx, scope, arranged, types, name, fields);
  const isOrdered = arranged.order.every((at, i) => at === i);
  return {
    kind: 'construct',
    definition,
    ...(variant === undefined ? {} : { variant }),
    fields: values,
    ...(isOrdered ? {} : { order: arranged.order }),
    type,
    span: form.span,
  };
}

function constructorParts(
  cx: Inference,
  definition: TypeDefinition,
  variant: string | undefined,
): { type: Type; fields: readonly FieldDefinition[] } {
  const type: Type = { kind: 'named', definition, args: definition.parameters.map(() => cx.fresh()) };
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
  if (target === undefined || more.length > 0) return wrongCount(cx, scope, form, head.name, 1);
  return access(
    cx,
    infer(cx, scope, target),
    head.name.slice(1),
    head.span.source === form.span.source ? form.span : head.span,
  );
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

/**
 * Arguments against their parameters' types. Lambdas come last, when the other arguments have said what their
 * parameters are: `(map (fn (b) (.pos b)) bodies)`.
 */
function checkAll(
  cx: Inference,
  scope: Scope,
  forms: readonly Form[],
  types: readonly Type[],
  name: string | undefined,
): TypedExpression[] {
  const values: (TypedExpression | undefined)[] = forms.map(() => undefined);
  const one = (late: boolean) => {
    for (const [i, form] of forms.entries())
      if (waits(form) === late)
        values[i] = check(cx, scope, form, types[i] ?? ERROR, nameArgument(i, forms.length, name));
  };
  one(false);
  one(true);
  return values.map((v, i) => v ?? { kind: 'error', type: ERROR, span: (forms[i] as Form).span });
}

function checkArranged(
  cx: Inference,
  scope: Scope,
  arranged: Arrangement,
  types: readonly Type[],
  name: string | undefined,
  fields?: readonly FieldDefinition[],
): TypedExpression[] {
  const values: TypedExpression[] = [];
  for (const late of [false, true])
    for (const at of arranged.order) {
      const form = arranged.forms[at] as Form;
      if (waits(form) !== late) continue;
      const field = fields?.[at]?.name;
      const what = field === undefined ? nameArgument(at, types.length, name) : `the field \`${field}\``;
      values[at] = check(cx, scope, form, types[at] ?? ERROR, what);
    }
  return values;
}

function waits(form: Form): boolean {
  return (
    (form.kind === 'symbol' && isAccessor(form)) ||
    (form.kind === 'list' && symbolName(form.items[0]) === 'fn')
  );
}

function nameArgument(index: number, total: number, name: string | undefined): string {
  const of = name === undefined ? '' : ` of \`${name}\``;
  return total === 1 ? `the argument${of}` : `argument ${index + 1}${of}`;
}

function inferAll(cx: Inference, scope: Scope, forms: readonly Form[]): TypedExpression[] {
  return forms.map((form) => infer(cx, scope, form));
}

function wrongCount(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  name: string | undefined,
  wanted: number,
): TypedExpression {
  const args = form.items.slice(1);
  inferAll(cx, scope, args);
  const what = name === undefined ? 'this function' : `\`${name}\``;
  return cx.fail(
    'wrong-argument-count',
    form,
    `${what} takes ${count(wanted, 'argument')}, and ${given(args.length)}`,
  );
}

export function given(number: number): string {
  return number === 0 ? 'none is given' : `${number} ${number === 1 ? 'is' : 'are'} given`;
}

function spanOfHead(form: ListForm): Span {
  return form.items[0]?.span ?? form.span;
}
