/** `if`, `cond`, `when`, `unless`, `do`, `and`, `or`, `return`, `ann`: all but the last two end up as `if` and `do`. */

import { type Form, type ListForm, print, symbolName } from '../../syntax/index.ts';
import {
  BOOL,
  bool,
  conditional,
  DROPPED,
  dropped,
  ERROR,
  isBuiltin,
  isError,
  languageType,
  prune,
  type Scope,
  type Type,
  type TypedExpression,
  UNIT,
  unify,
  unit,
} from '../model/index.ts';
import type { Inference } from '../solving/index.ts';
import { typeFrom } from './annotation.ts';
import { brief } from './argument-order.ts';
import { body, check, checkBody, infer, settle, statements } from './expression.ts';
import { firstOf, junction } from './long-form.ts';
import { bodyTypes } from './pattern.ts';
import { infixHint } from './word-order.ts';

/** `(if c a b)`; without `b` the result is `Unit`. */
export function ifForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, condition, then, otherwise, ...more] = form.items;
  if (more.length > 0)
    return cx.fail('bad-form', form, 'this `if` has more than a condition and two branches', {
      hint:
        elseHintOf(form.items) ??
        chainHint(more) ??
        infixHint(form.items.slice(1)) ??
        '`(do a b)` makes one branch of several forms; `(when c a b)` has no `else`',
    });
  if (condition === undefined || then === undefined)
    return cx.malformed(form, 'if', '(if condition then else)');
  const test = check(cx, scope, condition, BOOL, 'the condition');
  if (otherwise === undefined) {
    const wanted = expected === DROPPED ? DROPPED : UNIT;
    const branch = infer(cx, scope, then, wanted);
    if (wanted === DROPPED) return conditional(test, dropped(branch), unit(form.span), UNIT, form.span);
    if (unify(UNIT, branch.type) !== undefined)
      return cx.fail('missing-else', form, 'this `if` has no value where its condition does not hold', {
        hint: `a third part says what it is then: \`(if ${brief(condition)} ${brief(then)} ...)\``,
      });
    return conditional(test, branch, unit(form.span), UNIT, form.span);
  }
  const [type, [a, b]] = branches(cx, expected, [
    (hoped) => infer(cx, scope, then, hoped),
    (hoped) => infer(cx, scope, otherwise, hoped),
  ]);
  return conditional(test, a as TypedExpression, b as TypedExpression, type, form.span);
}

/** `(if a b else c)`, as it is meant. */
function elseHintOf(items: readonly Form[]): string | undefined {
  const isElse = items.length === 5 && symbolName(items[3]) === 'else';
  const parts = items.filter((item) => symbolName(item) !== 'else').map((item) => brief(item));
  return isElse ? `nothing stands between: \`(${parts.join(' ')})\`` : undefined;
}

/** `(if a b elif c d else e)`. */
function chainHint(forms: readonly Form[]): string | undefined {
  const isChain = forms.some((form) => ['elif', 'else', 'elsif'].includes(symbolName(form) ?? ''));
  return isChain ? '`(cond (a ...) (b ...) (else ...))` asks one after another' : undefined;
}

/**
 * Branches that must agree. Where a type is expected each is checked against it, so that the one that is wrong is the
 * one that is named; otherwise against the first.
 */
export function branches(
  cx: Inference,
  expected: Type | undefined,
  each: readonly ((expected: Type) => TypedExpression)[],
): [Type, TypedExpression[]] {
  const type = expected ?? cx.fresh();
  const isOpen = prune(type).kind === 'meta';
  const what = isOpen ? 'like the branch before, this one' : 'this branch';
  return [valueType(type), each.map((branch) => settle(cx, branch(type), type, what))];
}

/** The type of a form whose parts were checked against this. */
export function valueType(expected: Type): Type {
  return expected === DROPPED ? UNIT : expected;
}

/** `(cond (c e ...) ... (else e ...))`. */
export function condForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const clauses = form.items.slice(1);
  const last = clauses[clauses.length - 1];
  const shape = '(cond (condition e) ... (else e))';
  const [first, second] = clauses;
  if (first !== undefined && second !== undefined && second.kind !== 'list')
    return cx.malformed(form, 'cond', `(cond (${brief(first)} ${brief(second)}) ... (else e))`);
  for (const clause of clauses) {
    const [condition, ...rest] = clause.kind === 'list' ? clause.items : [];
    if (condition === undefined) return cx.malformed(clause, 'cond', shape);
    if (rest.length > 0) continue;
    if (clause === last && CONSTANT.has(condition.kind))
      return cx.fail('bad-form', clause, 'the last clause has no condition', {
        hint: `\`else\` stands for all that is left: \`(else ${brief(condition)})\``,
      });
    const what =
      symbolName(condition) === 'else' ? 'nothing after `else`' : 'a condition and nothing after it';
    return cx.nothingAfter(clause, condition, `this clause has ${what}`);
  }
  if (last === undefined) return cx.malformed(form, 'cond', shape);
  const [lastCondition] = last.kind === 'list' ? last.items : [];
  const hasElse = symbolName(lastCondition) === 'else';
  if (lastCondition?.kind === 'keyword') return missingElse(cx, form, lastCondition);
  const type = expected ?? cx.fresh();
  const isOpen = prune(type).kind === 'meta';
  if (!hasElse && !isOpen && !isNothing(type)) return missingElse(cx, form, lastCondition);
  const parts = clauses.map((clause, i) => {
    const [condition, ...rest] = (clause as ListForm).items as readonly [Form, ...Form[]];
    const isElse = symbolName(condition) === 'else';
    if (isElse && i < clauses.length - 1)
      cx.error('bad-form', condition, '`else` is the last clause of a `cond`');
    const test = isElse ? bool(true, condition.span) : check(cx, scope, condition, BOOL, 'the condition');
    const what = isOpen && i > 0 ? 'like the clauses before, this one' : 'this clause';
    return { test, value: checkBody(cx, scope, rest, clause, type, what), span: clause.span };
  });
  if (!hasElse && !isNothing(type)) return missingElse(cx, form, lastCondition);
  const otherwise = { test: bool(true, form.span), value: unit(form.span), span: form.span };
  return firstOf(hasElse ? parts : [...parts, otherwise], valueType(type), form.span) ?? unit(form.span);
}

function missingElse(cx: Inference, form: ListForm, condition: Form | undefined): TypedExpression {
  return cx.fail('missing-else', form, '`cond` needs an `else` clause at its end', {
    hint: elseHint(condition) ?? '`(else ...)` says what happens when nothing else fits',
  });
}

/** What can only be meant as a value. */
const CONSTANT: ReadonlySet<Form['kind']> = new Set(['string', 'integer', 'float', 'vector', 'map']);

/** Somebody wrote the last clause as other languages do. */
function elseHint(condition: Form | undefined): string | undefined {
  const isElse = condition?.kind === 'keyword' || (condition?.kind === 'bool' && condition.value);
  return isElse && condition !== undefined ? `write \`else\` for \`${print(condition)}\`` : undefined;
}

/** Whether there is no value; that of which nothing is known becomes so. */
function isNothing(type: Type): boolean {
  const known = prune(type);
  if (known.kind === 'meta') return known.literal === undefined && unify(known, UNIT) === undefined;
  return isBuiltin(known, 'Unit') || isError(known);
}

export function whenForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const parts = conditionAndBody(cx, scope, form, 'when');
  return 'kind' in parts ? parts : conditional(parts.test, parts.then, unit(form.span), UNIT, form.span);
}

export function unlessForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const parts = conditionAndBody(cx, scope, form, 'unless');
  return 'kind' in parts ? parts : conditional(parts.test, unit(form.span), parts.then, UNIT, form.span);
}

function conditionAndBody(cx: Inference, scope: Scope, form: ListForm, name: string) {
  const [, condition, ...rest] = form.items;
  if (condition === undefined) return cx.malformed(form, name, `(${name} condition e ...)`);
  const test = check(cx, scope, condition, BOOL, 'the condition');
  if (rest.length === 0 && form.span.expansion === undefined)
    cx.diagnostics.warning('unused-value', form.span, `nothing hangs on this \`${name}\``, {
      hint: `what is done then stands inside of it: \`(${name} ${brief(condition)} e ...)\``,
    });
  return { test, then: statements(cx, scope, rest, form) };
}

export function doForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  return body(cx, scope, form.items.slice(1), form, expected);
}

/** `(unsafe ...)`: the only place where functions of `extern "C"` may be named. */
export function unsafeForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  return body(cx, scope.unsafe(), form.items.slice(1), form, expected);
}

export function andForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  return junction(true, conditions(cx, scope, form, 'and'), form.span);
}

export function orForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, option, value, ...more] = form.items;
  // `(or o 0)`: only names are looked up twice.
  const known =
    option?.kind === 'symbol' && value !== undefined && more.length === 0 ? scope.lookup(option) : undefined;
  if (
    option !== undefined &&
    value !== undefined &&
    known !== undefined &&
    languageType(prune(known.binding.type)) === 'Option'
  )
    return cx.fail('wrong-type', form, '`or` is about truth values, and this is an `Option`', {
      hint: `\`(unwrap-or ${print(option)} ${brief(value)})\` says what stands for one without a value`,
    });
  return junction(false, conditions(cx, scope, form, 'or'), form.span);
}

function conditions(cx: Inference, scope: Scope, form: ListForm, name: string): TypedExpression[] {
  return form.items.slice(1).map((item) => check(cx, scope, item, BOOL, `a condition of \`${name}\``));
}

/** `(return e)` leaves the function, or the lambda, that it stands in; `(return)` one that returns `Unit`. */
export function returnForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, item, ...more] = form.items;
  const { span } = form;
  if (more.length > 0) {
    const infix = item === undefined ? undefined : infixHint([item, ...more]);
    if (infix === undefined) return cx.malformed(form, 'return', '(return e)');
    return cx.fail('bad-form', form, 'this `return` has more than one value', { hint: infix });
  }
  const { result, drops, isFunction } = scope.body;
  if (!isFunction) {
    if (item !== undefined) infer(cx, scope, item);
    return cx.fail('outside-function', form, 'there is no function here that `return` could leave');
  }
  const wanted = drops ? DROPPED : result;
  if (item !== undefined && prune(result).kind === 'meta') scope.body.returned ??= item.span;
  const isUnit =
    item === undefined &&
    cx.agree(UNIT, result, span, 'what is returned', [], '`(return e)` returns a value');
  // What it ends with is no result then, as nothing is asked of it.
  if (isUnit) scope.body.drops = true;
  const value = item === undefined ? unit(span) : check(cx, scope, item, wanted, 'what is returned');
  // It never has a value where it stands, so it may stand where any is asked for.
  return { kind: 'return', value, type: cx.fresh(), span };
}

/** `(ann f32 3.0)`: says a type without converting. */
export function annForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, type, value, ...more] = form.items;
  if (type === undefined || value === undefined || more.length > 0)
    return cx.malformed(form, 'ann', '(ann type expression)');
  const said = typeFrom(cx, type, bodyTypes(cx, scope));
  const node = check(cx, scope, value, said, 'this');
  return node.kind === 'error' ? { ...node, type: said === ERROR ? ERROR : said } : node;
}
