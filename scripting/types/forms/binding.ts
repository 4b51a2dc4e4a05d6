/** `let` and `fn`. */

import { type Form, type ListForm, print, type Span, symbolName } from '../../syntax/index.ts';
import {
  type Binding,
  BUILTIN_TYPES,
  call,
  capturesOf,
  DROPPED,
  etaExpanded,
  functionOf,
  isBuiltin,
  isError,
  prune,
  type Scheme,
  type Scope,
  type Type,
  type TypedExpression,
  type TypedParameter,
  type TypedPattern,
} from '../model/index.ts';
import { generaliseLocal, type Inference, keepLocal } from '../solving/index.ts';
import { typeFrom } from './annotation.ts';
import { brief } from './argument-order.ts';
import { body, checkBody, infer } from './expression.ts';
import { foreignWord } from './foreign-words.ts';
import { isGeneralisable, mayGeneralise } from './generalisable.ts';
import { isKnown, meantToBind, mentions } from './known-names.ts';
import { binder, bindName, bodyTypes, splitAnnotation } from './pattern.ts';
import { resultAndBody } from './result-type.ts';

/** What a body has around it: a value with a name, or functions that are generic or know one another. */
export type Step =
  | { readonly pattern: TypedPattern; readonly value: TypedExpression }
  | { readonly functions: readonly LocalFunction[] };

export interface LocalFunction {
  readonly binding: Binding;
  /** A lambda, or a value that is no function. */
  readonly value: TypedExpression;
  readonly scheme: Scheme;
}

/** `(let ((x 1) (mut y 2) ((z : f32) 3.0) ({:x :y py} point) ((a b) pair)) ...)`. */
export function letForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, bindings, ...rest] = form.items;
  if (bindings?.kind !== 'list') {
    meantToBind(cx, bindings?.kind === 'vector' ? bindings.items[0] : bindings);
    return cx.malformed(form, 'let', letShape(bindings, rest[0]));
  }
  let inner = scope;
  const steps: Step[] = [];
  for (const item of bindings.items) {
    const parts = bindingParts(item);
    // Without its names, nothing in the body would make sense.
    if (parts === undefined) {
      for (const named of item.kind === 'symbol' ? [item] : bindings.items)
        meantToBind(cx, named.kind === 'list' || named.kind === 'vector' ? named.items[0] : named);
      const body = bodyInside(inner, item, bindings, rest);
      if (body !== undefined) return cx.malformed(item, 'let', body);
      const others = rest.filter((other) => isBinding(inner, other));
      for (const other of others) meantToBind(cx, other.items[0]);
      const [first, ...more] = others.map(print);
      const all = first === undefined ? '' : [print(bindings), first, ...more].join(' ');
      const shape =
        all === '' || all.length > LENGTH_LIMIT ? bindingShape(item, bindings) : `(let (${all}) e ...)`;
      return cx.malformed(item, 'let', shape);
    }
    const next = inner.inner();
    steps.push(bindStep(cx, inner, next, parts));
    inner = next;
  }
  const outside = rest[0] === undefined ? undefined : boundOutside(inner, rest[0], rest.slice(1));
  if (outside !== undefined) {
    meantToBind(cx, outside.items[0]);
    const all = [...bindings.items, outside].map(print).join(' ');
    return cx.malformed(outside, 'let', all.length > LENGTH_LIMIT ? SHAPE : `(let (${all}) e ...)`);
  }
  if (rest.length === 0 && form.span.expansion === undefined)
    cx.diagnostics.warning(
      'unused-value',
      form.span,
      'this `let` has no body, so nothing uses what it binds',
      {
        hint: 'what uses the names stands inside of it: `(let ((x 3)) e ...)`',
      },
    );
  const result = body(cx, inner, rest, form, expected);
  return steps.reduceRight((value, step) => wrap(step, value, form.span), result);
}

/** `(let ((x 1)) (y 2) ...)`: a binding after the last bracket of the bindings. */
function boundOutside(scope: Scope, form: Form, after: readonly Form[]): ListForm | undefined {
  if (!isBinding(scope, form)) return undefined;
  const [name] = form.items;
  return name?.kind === 'symbol' && after.some((later) => mentions(later, name)) ? form : undefined;
}

/** `(let ((x 1) (+ x y)))`: the body in the bindings, as it is meant. */
function bodyInside(scope: Scope, item: Form, bindings: ListForm, rest: readonly Form[]): string | undefined {
  const [head] = item.kind === 'list' ? item.items : [];
  if (rest.length > 0 || item !== bindings.items.at(-1) || head?.kind !== 'symbol' || !isKnown(scope, head))
    return undefined;
  const bound = bindings.items.slice(0, -1).map(print).join(' ');
  return bound === '' || bound.length > LENGTH_LIMIT ? undefined : `(let (${bound}) ${brief(item)})`;
}

/** Whether a form can only be meant as a name with its value. */
function isBinding(scope: Scope, form: Form): form is ListForm {
  if (form.kind !== 'list' || form.span.expansion !== undefined || form.items.length !== 2) return false;
  const [name] = form.items;
  return name?.kind === 'symbol' && !isKnown(scope, name) && foreignWord(name.name) === undefined;
}

const SHAPE = '(let ((name value) (mut name value) ((name : type) value)) e ...)';

/** `(let [x 3] ...)` and `(let x 3 ...)`, as they are meant. */
function letShape(bindings: Form | undefined, after: Form | undefined): string {
  const [name, value] = bindings?.kind === 'vector' ? bindings.items : [bindings, after];
  if (name === undefined || value === undefined) return '(let ((name value) ...) e ...)';
  return `(let ((${print(name)} ${brief(value)})) e ...)`;
}

/** `(let (x 1 y 2) ...)`, as it is meant. */
function flatBindings({ items }: ListForm): string | undefined {
  const isFlat =
    items.length >= 4 &&
    items.length % 2 === 0 &&
    items.every((item, i) => i % 2 === 1 || item.kind === 'symbol');
  if (!isFlat || items.some((item) => ['mut', ':', '='].includes(symbolName(item) ?? ''))) return undefined;
  const pairs = items.flatMap((item, i) =>
    i % 2 === 0 ? [`(${print(item)} ${brief(items[i + 1] as Form)})`] : [],
  );
  return `(let (${pairs.join(' ')}) e ...)`;
}

/** What stands where a binding should, as it is meant. */
function bindingShape(item: Form, bindings: ListForm): string {
  const pairs = flatBindings(bindings);
  if (pairs !== undefined) return pairs;
  const [name, colon, type, value] =
    item.kind === 'list' || item.kind === 'vector' ? item.items : bindings.items;
  if (name?.kind !== 'symbol' || colon === undefined) return SHAPE;
  if (symbolName(colon) === '=' && type !== undefined && value === undefined)
    return `(let ((${print(name)} ${brief(type)})) e ...)`;
  if (symbolName(colon) === ':' && type !== undefined && value !== undefined)
    return `(let (((${print(name)} : ${print(type)}) ${brief(value)})) e ...)`;
  return type === undefined ? `(let ((${print(name)} ${brief(colon)})) e ...)` : SHAPE;
}

interface BindingParts {
  readonly target: Form;
  readonly value: Form;
}

/** What is bound and to what; `(mut x v)` is `((mut x) v)`. */
function bindingParts(item: Form): BindingParts | undefined {
  if (item.kind !== 'list') return undefined;
  const [first, second, third] = item.items;
  if (first === undefined || second === undefined) return undefined;
  if (symbolName(first) === 'mut' && third !== undefined && item.items.length === 3)
    return { target: { kind: 'list', items: [first, second], span: second.span }, value: third };
  return item.items.length === 2 ? { target: first, value: second } : undefined;
}

export function bindStep(cx: Inference, scope: Scope, next: Scope, { target, value }: BindingParts): Step {
  if (target.kind === 'symbol' && target.name !== '_' && mayGeneralise(value)) {
    const outer = cx.wanted;
    cx.wanted = [];
    cx.level++;
    const node = infer(cx, isLambda(value) ? scope.awaiting(target) : scope, value);
    const { parameters, constraints } = isGeneralisable(node)
      ? generaliseLocal(cx, [node.type], outer, setsCaptured(node))
      : keepLocal(cx, node.type, outer);
    cx.level--;
    cx.wanted = outer;
    const type = prune(cx.bounded(node.type, value.span));
    if (isError(type)) return { pattern: binder(cx, next, target, type), value: { ...node, type } };
    if (parameters.length > 0) {
      const scheme: Scheme = {
        parameters,
        constraints,
        type: type.kind === 'function' ? type : functionOf([], type),
      };
      const binding: Binding = { name: target.name, type, mutable: false, span: target.span };
      next.define(target, { binding, scheme });
      return { functions: [{ binding, value: asLambda(node, type), scheme }] };
    }
    return { pattern: binder(cx, next, target, node.type), value: node };
  }
  if (
    target.kind === 'symbol' &&
    target.name !== '_' &&
    (value.kind === 'integer' || value.kind === 'float')
  ) {
    const node = infer(cx, scope, value);
    const number = { form: value, types: [node.type] };
    cx.namedNumbers.push(number.types);
    return { pattern: bindName(cx, next, target, node.type, false, number), value: node };
  }
  // A type on the binding helps the value, so it is read first.
  const annotation = splitAnnotation(target)?.type;
  const said = annotation === undefined ? undefined : typeFrom(cx, annotation, bodyTypes(cx, scope));
  const inferred = infer(cx, scope, value, said);
  const node = said === undefined ? inferred : cx.coerce(inferred, said, 'the value bound here');
  return { pattern: binder(cx, next, target, cx.bounded(said ?? node.type, value.span)), value: node };
}

/** A name of a function, called, is a function of its own. */
function asLambda(node: TypedExpression, type: Type): TypedExpression {
  if (type.kind !== 'function' || node.kind === 'lambda') return node;
  return etaExpanded(type, node.span, (args) => call(node, args, type.result, node.span));
}

export function isLambda(form: Form): boolean {
  return form.kind === 'list' && symbolName(form.items[0]) === 'fn';
}

/** A function that sets what it captures has one copy of that, so it is of one type. */
export function setsCaptured(node: TypedExpression): boolean {
  return node.kind === 'lambda' && capturesOf(node.params, node.body).written.size > 0;
}

export function wrap(step: Step, body: TypedExpression, span: Span): TypedExpression {
  if ('pattern' in step) {
    const inner = body.kind === 'let' && body.span === span ? body : undefined;
    const bindings = [step, ...(inner?.bindings ?? [])];
    return { kind: 'let', bindings, body: inner?.body ?? body, type: body.type, span };
  }
  const functions = step.functions.map(({ binding, value, scheme }) => {
    const isValue = value.kind !== 'lambda';
    return {
      binding,
      function: {
        isValue,
        typeParameters: scheme.parameters,
        constraints: scheme.constraints,
        params: isValue ? [] : value.params,
        result: scheme.type.result,
        body: isValue ? value : value.body,
        span: value.span,
      },
    };
  });
  return { kind: 'let-functions', functions, body, type: body.type, span };
}

/** `(fn (x) ...)` and `(fn ((x : i64)) : i64 ...)`; the expected type says what the text leaves out. */
export function lambda(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, list, ...rest] = form.items;
  if (list?.kind !== 'list') return cx.malformed(form, 'fn', functionShape(list, rest[0]));
  const params = parameterForms(cx, list.items);
  const hoped = expected === undefined ? undefined : prune(expected);
  const known = hoped?.kind === 'function' && hoped.params.length === params.length ? hoped : undefined;
  const types = bodyTypes(cx, scope);
  const { result: annotation, body: statements } = resultAndBody(cx, 'fn', list.items, rest);
  const result = annotation === undefined ? (known?.result ?? cx.fresh()) : typeFrom(cx, annotation, types);
  const drops = isBuiltin(prune(result), 'Unit');
  const inner = scope.lambda(result, drops, form.span);
  const parameters = parameterList(cx, inner, params, known?.params);
  const asked = drops ? DROPPED : result;
  const value = checkBody(cx, inner, statements, form, asked, 'the result of this function');
  const type = functionOf(
    parameters.map((p) => p.type),
    result,
  );
  return { kind: 'lambda', params: parameters, body: value, type, span: form.span };
}

/** `(fn [x] ...)`, `(fn x ...)` and `(fn f (x) ...)`, as they are meant. */
function functionShape(list: Form | undefined, after: Form | undefined): string {
  if (
    list?.kind === 'symbol' &&
    after?.kind === 'list' &&
    after.items.every((item) => item.kind === 'symbol')
  )
    return `(defn ${list.name} ${print(after)} e ...)`;
  const names = list?.kind === 'vector' ? list.items : list?.kind === 'symbol' ? [list] : [];
  return names.length === 0 ? '(fn (x y) e ...)' : `(fn (${names.map(print).join(' ')}) e ...)`;
}

/** Longer lists are not repeated in a hint. */
const LENGTH_LIMIT = 60;

/** What stands in a list of parameters. A type that follows its name there is reported, and taken for what it means. */
export function parameterForms(cx: Inference, forms: readonly Form[]): readonly Form[] {
  return typedForms(cx, withColons(forms), 'a parameter', (params) => `(${params})`);
}

/** The name of a type after another name, as in `(x i64)`, has lost its `:`. */
export function withColons(forms: readonly Form[]): readonly Form[] {
  return forms.flatMap((form, i) => {
    const isType = form.kind === 'symbol' && BUILTIN_TYPES.has(form.name);
    if (!isType || forms[i - 1]?.kind !== 'symbol' || symbolName(forms[i - 1]) === ':') return [form];
    return [{ kind: 'symbol', name: ':', span: form.span }, form];
  });
}

/** The same of any list of names with types; `shape` is how it is written around them. */
export function typedForms(
  cx: Inference,
  forms: readonly Form[],
  what: string,
  shape: (written: string) => string,
): readonly Form[] {
  const isColon = (form: Form | undefined): boolean => form !== undefined && symbolName(form) === ':';
  const first = forms.find(isColon);
  if (first === undefined) return forms;
  const params: Form[] = [];
  for (let i = 0; i < forms.length; i++) {
    const form = forms[i] as Form;
    if (!isColon(form)) {
      params.push(form);
      continue;
    }
    const [name, type] = [params.pop(), forms[++i]];
    if (name === undefined) continue;
    const mark = symbolName(params.at(-1)) === 'mut' ? [params.pop() as Form] : [];
    params.push(
      type === undefined ? name : { kind: 'list', items: [...mark, name, form, type], span: name.span },
    );
  }
  const written = params.map(print).join(' ');
  const [example] = params.filter(({ kind }) => kind === 'list').map(print);
  cx.error('bad-pattern', first, `${what} with a type stands in parentheses of its own`, {
    hint: `it is written \`${shape(written.length <= LENGTH_LIMIT ? written : `${example} ...`)}\``,
  });
  return params;
}

/** Parameters defined in `scope`. */
export function parameterList(
  cx: Inference,
  scope: Scope,
  forms: readonly Form[],
  known: readonly Type[] | undefined,
): TypedParameter[] {
  return forms.map((item, i) => {
    const name = parameterName(item);
    const type = known?.[i] ?? cx.fresh();
    const pattern = binder(cx, scope, item, type);
    if (pattern.kind === 'name') cx.parameters.add(pattern.binding);
    return { pattern, type: pattern.type, name };
  });
}

/** What callers may call a parameter. */
export function parameterName(form: Form): string | undefined {
  if (form.kind === 'symbol') return form.name;
  const annotated = splitAnnotation(form);
  if (annotated !== undefined) return parameterName(annotated.pattern);
  if (form.kind === 'list' && symbolName(form.items[0]) === 'mut' && form.items.length === 2)
    return symbolName(form.items[1]);
  return undefined;
}
