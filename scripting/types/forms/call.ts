/** Calls of functions, externs, globals, primitives, and of anything by its value. */

import { type Form, isStray, type ListForm, type Span, symbolName } from '../../syntax/index.ts';
import {
  bound,
  call,
  type Definition,
  describe,
  ERROR,
  FLOAT_NAMES,
  type FunctionEntry,
  functionOf,
  isConstant,
  isError,
  isShared,
  type Meta,
  mutVectorOf,
  NUMBER_NAMES,
  ownedOf,
  ownedSubject,
  type Parameter,
  type Primitive,
  primitive,
  prune,
  RANGES,
  type Scheme,
  type Scope,
  sharedOf,
  simple,
  type Type,
  type TypedExpression,
  UNIT,
  variables,
} from '../model/index.ts';
import { type Inference, solve } from '../solving/index.ts';
import { brief, isLate, otherOrder, reportOrder, swappedParameters } from './argument-order.ts';
import { arrange, checkAll, checkArranged, inferAll, isAmong, lend, wrongCount } from './arguments.ts';
import { construct } from './construct.ts';
import { infer } from './expression.ts';
import { countHabit } from './habits.ts';
import { callMethod } from './operator.ts';
import { definitionNode, functionValue, spanOfHead } from './value.ts';
import { infixHint, instead, isAside, withoutOperators } from './word-order.ts';

/** A call of something by its value: a local, or any expression in front of the arguments. */
export function apply(cx: Inference, scope: Scope, form: ListForm, callee: TypedExpression): TypedExpression {
  const args = form.items.slice(1);
  const name = symbolName(form.items[0]);
  const type = prune(callee.type);
  if (type.kind === 'function') {
    if (args.length !== type.params.length) return wrongCount(cx, scope, form, name, [type.params.length]);
    return call(callee, checkAll(cx, scope, args, type.params, name), type.result, form.span);
  }
  const values = inferAll(
    cx,
    scope,
    type.kind === 'named' || isLiteral(type) ? args.filter((arg) => !isAside(arg, type)) : args,
  );
  // `(x ^ 2)`: the reader has said what is wrong.
  const isTold = args[0]?.kind === 'symbol' && isStray(args[0].name);
  if (isError(type) || isTold) return { kind: 'error', type: ERROR, span: form.span };
  const result = cx.fresh();
  if (type.kind === 'meta' && !isLiteral(type)) {
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
  const hint = instead(form, type, values[0]?.type);
  return cx.fail(
    'not-a-function',
    callee.span,
    `this is called, but it is ${describe(type)}`,
    hint === undefined ? {} : { hint },
  );
}

const isLiteral = (type: Type): boolean => type.kind === 'meta' && type.literal !== undefined;

/** A call of something that has a name at top level. */
export function callDefinition(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  definition: Definition,
  expected: Type | undefined,
): TypedExpression {
  switch (definition.kind) {
    case 'function': {
      const called = ofCount(definition.function, form.items.length - 1);
      if (called === undefined) {
        const most = definition.function.parameterNames.length;
        const { name } = definition.function;
        return wrongCount(
          cx,
          scope,
          form,
          name,
          [most - 1, most],
          form.items.length - 1 > most ? countHabit(name) : undefined,
        );
      }
      const node = functionValue(cx, called, spanOfHead(form));
      const names = called.module.isUsers ? called.parameterNames : undefined;
      return callNamed(cx, scope, form, node, names, called.scheme, howToCall(called, form.items.length - 1));
    }
    case 'extern':
      return callNamed(
        cx,
        scope,
        form,
        definitionNode(cx, definition, spanOfHead(form)),
        definition.extern.params.map((p) => p.name),
      );
    case 'global':
      return apply(cx, scope, form, definitionNode(cx, definition, spanOfHead(form)));
    case 'constructor':
      return construct(cx, scope, form, definition.makes, definition.variant);
    case 'method':
      return callMethod(cx, scope, form, definition.class, definition.method, expected);
    case 'primitive':
      return callPrimitive(cx, scope, form, definition.primitive);
  }
}

/**
 * `(u64 18446744073709551615)`, `(f32 0.1)`: a literal that the named type holds is read as that, and not as another type that is
 * then converted. One that it does not hold is converted from where it fits: `(u8 -1)` is 255.
 */
function namedLiteral(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  { name }: Primitive,
): TypedExpression | undefined {
  const [, value, ...more] = form.items;
  if (value === undefined || more.length > 0 || !NUMBER_NAMES.some((number) => number === name))
    return undefined;
  const isFloat = FLOAT_NAMES.some((float) => float === name);
  if (value.kind === 'float' ? !isFloat : value.kind !== 'integer') return undefined;
  const range = RANGES.get(name);
  const holds = (bounds: readonly [bigint, bigint] | undefined): boolean =>
    value.kind !== 'integer' ||
    bounds === undefined ||
    (value.value >= bounds[0] && value.value <= bounds[1]);
  if (!holds(range) && holds(RANGES.get('i64'))) return undefined;
  return { ...infer(cx, scope, value, simple(name)), span: form.span };
}

/**
 * A function of the library may take one argument less as well: `(range n)` calls its `%range/1`. Undefined where it has such a
 * sibling, and neither is meant.
 */
function ofCount(entry: FunctionEntry, count: number): FunctionEntry | undefined {
  const fewer = siblingOf(entry);
  if (fewer === undefined || count === entry.parameterNames.length) return entry;
  return count === entry.parameterNames.length - 1 ? fewer : undefined;
}

function siblingOf({ module, name, parameterNames }: FunctionEntry): FunctionEntry | undefined {
  if (module.isUsers) return undefined;
  const found = module.values.get(`%${name}/${parameterNames.length - 1}`);
  return found?.kind === 'function' ? found.function : undefined;
}

/** How a function is called, by the names of its parameters, or instead. */
function howToCall({ module, name, parameterNames }: FunctionEntry, count: number): string {
  const habit = module.isUsers || count <= parameterNames.length ? undefined : countHabit(name);
  const shape = [name, ...parameterNames.map((parameter) => parameter ?? '_')].join(' ');
  return habit ?? `it is called \`(${shape})\``;
}

function callPrimitive(cx: Inference, scope: Scope, form: ListForm, entry: Primitive): TypedExpression {
  const mark = cx.wanted.length;
  const named = namedLiteral(cx, scope, form, entry);
  if (named !== undefined) return named;
  const [, dropped, ...more] = form.items;
  if (entry.name === 'drop!' && dropped !== undefined && more.length === 0)
    return callDrop(cx, scope, form, dropped);
  if (!entry.variadic) {
    const node = callNamed(
      cx,
      scope,
      form,
      definitionNode(cx, { kind: 'primitive', primitive: entry }, spanOfHead(form)),
      undefined,
      entry.scheme,
      countHabit(entry.name),
    );
    const before = cx.errors;
    solve(cx, mark);
    return cx.errors > before ? { kind: 'error', type: ERROR, span: form.span } : node;
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
  const infix = shownInfix(entry.name, args);
  if (infix !== undefined)
    return cx.fail('bad-form', args[1] as Form, 'an operator stands in front of what it works on', {
      hint: infix,
    });
  const values = inferAll(cx, scope, args).map(lentToShow);
  for (const value of values) cx.want('Show', [value.type], value.span);
  solve(cx, mark);
  const type = functionOf(
    values.map((v) => v.type),
    entry.scheme.type.result,
  );
  return call(primitive(entry.name, type, head), values, type.result, form.span);
}

/** `(drop! o)`, of what is owned or of a share. */
function callDrop(cx: Inference, scope: Scope, form: ListForm, dropped: Form): TypedExpression {
  const value = infer(cx, scope, dropped);
  if (prune(value.type).kind === 'meta') solve(cx);
  const wanted = (isShared(prune(value.type)) ? sharedOf : ownedOf)(cx.fresh());
  const given = cx.coerce(value, wanted, 'the argument of `drop!`');
  if (given.kind === 'error') return { kind: 'error', type: ERROR, span: form.span };
  return call(primitive('drop!', functionOf([wanted], UNIT), spanOfHead(form)), [given], UNIT, form.span);
}

function lentToShow(node: TypedExpression): TypedExpression {
  const subject = ownedSubject(prune(node.type));
  return subject === undefined ? node : lend(node, subject);
}

/** `(println "a" + 3)` and `(println a + b)`, as they are meant. */
function shownInfix(name: string, args: readonly Form[]): string | undefined {
  const infix = args.length >= 3 ? infixHint(args) : undefined;
  const isText =
    args.some(({ kind }) => kind === 'string') &&
    args.every((arg, i) => i % 2 === 0 || symbolName(arg) === '+');
  if (infix === undefined || !isText) return infix;
  return `the parts stand beside one another: \`(${[name, ...args.filter((_, i) => i % 2 === 0).map(brief)].join(' ')})\``;
}

/** Where a function does not work on what it is given at all, no argument is wrong besides. `mark` is where its wishes begin. */
function tellOfClass(
  cx: Inference,
  callee: Span,
  args: readonly Form[],
  reported: number,
  mark: number,
): void {
  const all = cx.diagnostics.all;
  solve(cx, Math.min(mark, cx.wanted.length));
  if (!all.slice(reported).some(({ code, span }) => code === 'no-instance' && span === callee)) return;
  all.push(...all.splice(reported).filter((d) => d.code !== 'wrong-type' || !isAmong(args, d.span)));
}

/** Whether parts of a type are not known. */
function isUnfinished(type: Type): boolean {
  const found = new Set<Meta | Parameter>();
  variables(type, found);
  return [...found].some((variable) => 'kind' in variable && !isLiteral(variable));
}

/** Whether what a function returns is of a type that its arguments say. */
function mentionsParameter(type: Type): boolean {
  const found = new Set<Meta | Parameter>();
  variables(type, found);
  return found.size > 0;
}

/** A call whose arguments may be named. */
export function callNamed(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  callee: TypedExpression,
  names: readonly (string | undefined)[] | undefined,
  scheme?: Scheme,
  hint?: string,
): TypedExpression {
  const args = form.items.slice(1);
  const name = symbolName(form.items[0]);
  const type = prune(callee.type);
  if (type.kind !== 'function') return apply(cx, scope, form, callee);
  const infix = args.length === 3 && type.params.length === 1 ? infixHint(args) : undefined;
  const advice = infix ?? hint;
  const arranged = arrange(cx, form, args, names, type.params.length, name ?? 'this', { hint: advice });
  if (arranged === undefined) {
    const values = args.filter((a) => a.kind !== 'keyword');
    inferAll(cx, scope, infix === undefined ? values : withoutOperators(values));
    // What it wants of arguments that it was not given.
    cx.wanted = cx.wanted.filter((wanted) => wanted.span !== callee.span);
    return { kind: 'error', type: type.result, span: form.span };
  }
  // Every parameter of a function is given.
  const forms = arranged.forms.filter((given) => given !== undefined);
  const before = cx.errors;
  const all = cx.diagnostics.all;
  const reported = all.length;
  const mark = cx.wanted.findIndex((wanted) => wanted.span === callee.span);
  let order: readonly Form[] | undefined;
  const values = checkArranged(cx, scope, arranged, type.params, name, undefined, (known) => {
    if (scheme === undefined) return false;
    order = otherOrder(
      cx,
      scheme,
      forms,
      known.map((value) => value?.type),
    );
    if (order === undefined && scheme.constraints.length > 0 && args.some(isLate))
      solve(cx, mark < 0 ? cx.wanted.length : mark);
    return order !== undefined;
  });
  if (order === undefined && scheme !== undefined && values !== undefined && cx.errors > before) {
    order = swappedParameters(cx, scope, forms, values, () => cx.instantiate(scheme, form.span).type.params);
    if (order !== undefined) all.push(...all.splice(reported).filter((d) => d.code === 'unknown-name'));
  }
  if (order !== undefined || values === undefined) {
    // What was wanted of the arguments where they stand, would be wanted of others.
    const { source, start, end } = form.span;
    const isOutside = ({ span }: { readonly span: Span }) =>
      span.source !== source || span.end <= start || span.start >= end;
    cx.wanted = cx.wanted.filter(isOutside);
    cx.wantedFields = cx.wantedFields.filter(isOutside);
    cx.wantedProducts = cx.wantedProducts.filter(isOutside);
    cx.wantedTries = cx.wantedTries.filter(isOutside);
    return reportOrder(cx, form, name, order ?? args);
  }
  if (cx.errors > before && mark >= 0) tellOfClass(cx, callee.span, args, reported, mark);
  // What an argument was to say of the result, and did not, would be missed again wherever the result goes.
  const isGeneric = scheme !== undefined && mentionsParameter(scheme.type.result);
  if (values.some((value) => value.kind === 'error') && (isGeneric || isUnfinished(type.result)))
    return { kind: 'error', type: ERROR, span: form.span };
  const isOrdered = arranged.order.every((at, i) => at === i);
  if (isOrdered || values.every(isConstant)) return call(callee, values, type.result, form.span);
  // Evaluated as written, passed as declared.
  const written = arranged.order.map((at) => values[at] as TypedExpression);
  return bound(written, form.span, (locals) => {
    const ordered = values.map((_, i) => locals[arranged.order.indexOf(i)] as TypedExpression);
    return call(callee, ordered, type.result, form.span);
  });
}
