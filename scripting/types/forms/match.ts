/** `match` and postfix `?`. */

import { type Form, type ListForm, nearest, print } from '../../syntax/index.ts';
import {
  type Definition,
  ERROR,
  isError,
  prune,
  type Scope,
  type Type,
  type TypeDefinition,
  type TypedExpression,
  type TypedPattern,
  tupleOf,
  unify,
} from '../model/index.ts';
import { type Inference, list, sameType, solve } from '../solving/index.ts';
import { valueType } from './control.ts';
import { checkBody, infer } from './expression.ts';
import {
  binder,
  bindName,
  constructPattern,
  fieldsPattern,
  isTupleType,
  misunderstood,
  spelledTuple,
  splitAnnotation,
  unitPattern,
} from './pattern.ts';
import { coverage } from './usefulness.ts';

/** `(match e (pattern body...) ...)`. */
export function matchForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, subjectForm, ...armForms] = form.items;
  const shape = '(match e (pattern e ...) ...)';
  if (subjectForm === undefined || armForms.length === 0) return cx.malformed(form, 'match', shape);
  const subject = infer(cx, scope, subjectForm);
  if (prune(subject.type).kind === 'meta') solve(cx);
  const type = expected ?? cx.fresh();
  const isOpen = prune(type).kind === 'meta';
  const arms: { pattern: TypedPattern; body: TypedExpression }[] = [];
  let isSound = true;
  for (const armForm of armForms) {
    const [patternForm, ...rest] = armForm.kind === 'list' ? armForm.items : [];
    if (patternForm === undefined || rest.length === 0) {
      cx.malformed(armForm, 'match', shape);
      break;
    }
    if (isBareVariant(cx, scope, patternForm, rest, subject.type)) continue;
    const inner = scope.inner();
    const known = cx.diagnostics.all.length;
    const pattern = matcher(cx, inner, patternForm, subject.type);
    isSound &&= cx.diagnostics.all.length === known;
    const what = isOpen && arms.length > 0 ? 'like the arms before, this one' : 'this arm';
    arms.push({ pattern, body: checkBody(cx, inner, rest, armForm, type, what) });
  }
  // Patterns with mistakes of their own say nothing about what the match leaves out.
  if (isSound && arms.length === armForms.length)
    cx.atEnd.push(() => {
      if (isError(prune(subject.type))) return;
      checkCoverage(
        cx,
        form,
        arms.map((arm) => arm.pattern),
      );
    });
  return { kind: 'match', subject, arms, type: valueType(type), span: form.span };
}

/** `(Some x ...)` for `((Some x) ...)`, which is reported here. */
function isBareVariant(cx: Inference, scope: Scope, form: Form, rest: readonly Form[], type: Type): boolean {
  if (form.kind !== 'symbol') return false;
  const variant = variantOf(cx, scope, form, type);
  const fields = variant?.makes.variants.find((v) => v.name === variant.variant)?.fields ?? [];
  const names = rest.slice(0, fields.length);
  if (fields.length === 0 || names.length < fields.length || !names.every((n) => n.kind === 'symbol'))
    return false;
  const pattern = `((${[form, ...names].map(print).join(' ')}) ...)`;
  cx.error('bad-pattern', form, `the data of \`${form.name}\` stands with it in parentheses`, {
    hint: `an arm is written \`${pattern}\``,
  });
  return true;
}

function checkCoverage(cx: Inference, form: ListForm, patterns: readonly TypedPattern[]): void {
  const { missing, unreachable, decided } = coverage(patterns);
  if (!decided)
    cx.error(
      'match-too-large',
      form,
      'there are too many combinations in this `match` to see whether it is complete',
      {
        hint: 'match the parts one after another',
      },
    );
  if (missing !== undefined)
    cx.error(
      'missing-arm',
      form.items[0] ?? form,
      `this \`match\` does not say what happens to \`${missing}\``,
      {
        hint: missing === '_' ? '`(_ ...)` at the end would' : `\`(${missing} ...)\` or \`(_ ...)\` would`,
      },
    );
  for (const index of unreachable) {
    const pattern = patterns[index];
    if (pattern !== undefined)
      cx.error(
        'unreachable-arm',
        pattern.span,
        'this arm can never be reached: those before it fit all that it fits',
      );
  }
}

/** A pattern that may fail. */
function matcher(cx: Inference, scope: Scope, form: Form, type: Type): TypedPattern {
  const { span } = form;
  const inner = (f: Form, t: Type) => matcher(cx, scope, f, t);
  switch (form.kind) {
    case 'integer':
    case 'float':
    case 'bool':
    case 'string':
    case 'keyword': {
      const value = infer(cx, scope, form, type);
      if (cx.agree(type, value.type, span, 'what is matched')) cx.want('Eq', [type], span);
      return { kind: 'literal', value, type, span };
    }
    case 'symbol': {
      const variant = variantOf(cx, scope, form, type);
      if (variant === undefined) return binder(cx, scope, form, type);
      return constructPattern(cx, form, variant.makes, variant.variant, [], type, inner);
    }
    case 'map':
      return fieldsPattern(cx, form, type, (key, field, t) =>
        field === undefined ? bindName(cx, scope, key, t) : matcher(cx, scope, field, t),
      );
    case 'list': {
      const [head, ...rest] = form.items;
      if (splitAnnotation(form) !== undefined || (head?.kind === 'symbol' && head.name === 'mut'))
        return binder(cx, scope, form, type);
      const isPair = isTupleType(type);
      const variant = head?.kind === 'symbol' && !isPair ? variantOf(cx, scope, head, type) : undefined;
      if (variant !== undefined)
        return constructPattern(cx, form, variant.makes, variant.variant, rest, type, inner);
      return tuplePattern(cx, scope, spelledTuple(form), type);
    }
    default:
      return binder(cx, scope, form, type);
  }
}

function tuplePattern(cx: Inference, scope: Scope, form: ListForm, type: Type): TypedPattern {
  const { span } = form;
  const known = prune(type);
  const [head] = form.items;
  if (known.kind === 'named' && known.definition.kind === 'sum') {
    const variants = known.definition.variants.map((v) => v.name);
    const name = head?.kind === 'symbol' ? head.name : '';
    const near = nearest(name, variants);
    cx.error('unknown-name', head ?? form, `\`${known.definition.name}\` has no variant \`${name}\``, {
      hint: near === undefined ? `it has ${list(variants)}` : `did you mean \`${near}\`?`,
    });
    return misunderstood(cx, scope, form.items.slice(1), span);
  }
  if (form.items.length === 0) return unitPattern(cx, form, type, 'what is matched');
  const types = form.items.map(() => cx.fresh());
  const tuple = tupleOf(types);
  if (!cx.agree(type, tuple, span, 'what is matched')) return misunderstood(cx, scope, form.items, span);
  const fields = form.items.map((item, i) => matcher(cx, scope, item, types[i] as Type));
  return { kind: 'construct', definition: tuple.definition, fields, type: tuple, span };
}

/**
 * The constructor a name stands for in a pattern. The subject's own variants are meant first; a misspelt one is not
 * taken for a name that fits everything.
 */
function variantOf(
  cx: Inference,
  scope: Scope,
  symbol: Form & { kind: 'symbol' },
  type: Type,
): Extract<Definition, { kind: 'constructor' }> | undefined {
  const known = prune(type);
  const own = known.kind === 'named' ? known.definition : undefined;
  if (own?.variants.some((v) => v.name === symbol.name))
    return { kind: 'constructor', makes: own, variant: symbol.name };
  const definition = scope.body.module.value(symbol);
  if (definition?.kind === 'constructor') return definition;
  if (own?.kind !== 'sum' || !/^\p{Lu}/u.test(symbol.name)) return undefined;
  const near = nearest(
    symbol.name,
    own.variants.map((v) => v.name),
  );
  if (near !== undefined)
    cx.error('unknown-name', symbol, `\`${own.name}\` has no variant \`${symbol.name}\``, {
      hint: `did you mean \`${near}\`?`,
    });
  return undefined;
}

/** `(f x)?`: what `Ok` holds; an `Err` is returned from the function at once. */
export function tryForm(cx: Inference, scope: Scope, form: Form & { kind: 'try' }): TypedExpression {
  const { span } = form;
  const definition = resultDefinition(scope);
  const value = infer(cx, scope, form.form);
  if (definition === undefined)
    return cx.fail(
      'unknown-type',
      form,
      '`?` needs the type `Result` with the variants `Ok` and `Err`, and there is none here',
    );
  const resultOf = (ok: Type, error: Type): Type => ({ kind: 'named', definition, args: [ok, error] });
  const ok = cx.fresh();
  const error = cx.fresh();
  if (prune(value.type).kind === 'meta') solve(cx);
  if (!cx.agree(value.type, resultOf(ok, error), form.form.span, 'what stands before `?`'))
    return { kind: 'error', type: ERROR, span };
  if (!scope.body.isFunction)
    return cx.fail('outside-function', form, 'there is no function here that `?` could return from');
  const outerError = cx.fresh();
  const notes = [{ message: 'an `Err` would be returned from here', span: scope.body.span }];
  if (
    !cx.agree(
      scope.body.result,
      resultOf(cx.fresh(), outerError),
      span,
      'the result of a function with `?`',
      notes,
    )
  )
    return { kind: 'error', type: ok, span };
  return { kind: 'try', value, convert: conversion(cx, scope, error, outerError, form), type: ok, span };
}

function resultDefinition(scope: Scope): TypeDefinition | undefined {
  const name: Form = { kind: 'symbol', name: 'Result', span: scope.body.span };
  const found = scope.body.module.type(name);
  if (found === undefined || found.kind === 'alias' || found.parameters.length !== 2) return undefined;
  return ['Ok', 'Err'].every((v) => found.variants.some((own) => own.name === v)) ? found : undefined;
}

/** The method of `From` that makes the outer error of the inner one; undefined where they are the same. */
function conversion(
  cx: Inference,
  scope: Scope,
  inner: Type,
  outer: Type,
  form: Form,
): TypedExpression | undefined {
  const from = prune(inner);
  const to = prune(outer);
  const isKnown = from.kind === 'named' && to.kind === 'named';
  if (sameType(from, to)) return undefined;
  if (!isKnown || from.definition === to.definition) {
    const clash = unify(to, from);
    if (clash !== undefined) cx.clash(clash, from, to, form.span, 'the error');
    return undefined;
  }
  const definition = scope.body.module.value({ kind: 'symbol', name: 'from', span: form.span });
  if (definition?.kind !== 'method' || definition.class.parameters.length !== 2) {
    cx.clash('mismatch', from, to, form.span, 'the error');
    return undefined;
  }
  cx.want(definition.class.key, [from, to], form.span);
  return {
    kind: 'method',
    class: definition.class.key,
    method: 'from',
    classArguments: [from, to],
    typeArguments: [],
    type: { kind: 'function', params: [from], result: to },
    span: form.span,
  };
}
