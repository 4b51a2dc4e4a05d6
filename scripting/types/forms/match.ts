/** `match`, and `if-let` and `when-let`, which try one pattern. */

import { type Form, type ListForm, nearest, print, symbolName } from '../../syntax/index.ts';
import {
  type Definition,
  DROPPED,
  ERROR,
  isError,
  languageType,
  prune,
  type Scope,
  type Type,
  type TypedExpression,
  type TypedPattern,
  tupleOf,
  UNIT,
  unify,
  unit,
} from '../model/index.ts';
import { type Inference, list, solve, variantsHint } from '../solving/index.ts';
import { brief } from './argument-order.ts';
import { warnOfCatchAll } from './catch-all.ts';
import { branches, valueType } from './control.ts';
import { check, checkBody, infer, statements } from './expression.ts';
import { conditionHint, flatShape, guardHint } from './habits.ts';
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
  // Of arms that are all written the same wrong way, the first is named.
  let isTold = false;
  let isClashing = false;
  for (const armForm of armForms) {
    const [patternForm, ...rest] = armForm.kind === 'list' ? armForm.items : [];
    if (patternForm === undefined) {
      cx.malformed(armForm, 'match', flatShape(form) ?? shape);
      break;
    }
    if (rest.length === 0) {
      cx.nothingAfter(armForm, patternForm, 'this arm has a pattern and nothing after it');
      break;
    }
    if (symbolName(patternForm) === 'case' && rest.length > 1) {
      cx.error('bad-form', armForm, 'an arm begins with its pattern', {
        hint: `it is written \`(${rest.map(brief).join(' ')})\``,
      });
      isSound = false;
      continue;
    }
    if (isBareVariant(cx, scope, patternForm, rest, subject.type, !isTold)) {
      isTold = true;
      continue;
    }
    const [between, ...then] = rest;
    const guard = then.length > 0 ? guardHint(between) : undefined;
    if (guard !== undefined) {
      if (!isTold)
        cx.error('bad-form', between ?? armForm, 'what an arm does stands after its pattern', {
          hint: guard,
        });
      isTold = true;
      continue;
    }
    const inner = scope.inner();
    const known = cx.diagnostics.all.length;
    const pattern = matcher(cx, inner, patternForm, isClashing ? ERROR : subject.type);
    const news = cx.diagnostics.all.slice(known);
    isSound &&= news.length === 0;
    // What is matched is of another type than the arms are about: that is told once.
    isClashing ||= news.some(({ code, span }) => code === 'wrong-type' && span === patternForm.span);
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
function isBareVariant(
  cx: Inference,
  scope: Scope,
  form: Form,
  rest: readonly Form[],
  type: Type,
  tells: boolean,
): boolean {
  if (form.kind !== 'symbol') return false;
  const variant = variantOf(cx, scope, form, type);
  const fields = variant?.makes.variants.find((v) => v.name === variant.variant)?.fields ?? [];
  const [first] = rest;
  // `Some(x)` is read as two forms.
  const names = (first?.kind === 'list' ? first.items : rest).slice(0, fields.length);
  if (fields.length === 0 || names.length < fields.length || !names.every((n) => n.kind === 'symbol'))
    return false;
  const pattern = `((${[form, ...names].map(print).join(' ')}) ...)`;
  if (tells)
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

/** `(if-let (p e) a b)`: `a` where the pattern fits, with its names; without `b` the result is `Unit`. */
export function ifLetForm(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  expected: Type | undefined,
): TypedExpression {
  const [, head, then, otherwise, ...more] = form.items;
  const shape = '(if-let (pattern e) then else)';
  if (head !== undefined && otherwise !== undefined && isOutside(cx, scope, head))
    return refuseOutside(cx, form, head, then as Form);
  if (then === undefined || more.length > 0) return cx.malformed(form, 'if-let', shape);
  const tried = tryPattern(cx, scope, form, head, shape);
  if (tried.kind === 'error') return tried;
  const { subject, pattern, inner } = tried;
  if (otherwise === undefined) {
    const isDropped = expected === DROPPED;
    const body = isDropped ? check(cx, inner, then, DROPPED, 'the branch') : infer(cx, inner, then, UNIT);
    if (!isDropped && unify(UNIT, body.type) !== undefined)
      return cx.fail('missing-else', form, 'this `if-let` has no value where its pattern does not fit', {
        hint: `a third part says what it is then: \`(if-let ${brief(head as Form)} ${brief(then)} ...)\``,
      });
    return choice(subject, pattern, body, unit(form.span), UNIT, form);
  }
  const [type, [a, b]] = branches(cx, expected, [
    (hoped) => infer(cx, inner, then, hoped),
    (hoped) => infer(cx, scope, otherwise, hoped),
  ]);
  return choice(subject, pattern, a as TypedExpression, b as TypedExpression, type, form);
}

/** `(when-let (p e) e ...)`. */
export function whenLetForm(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const [, head, ...rest] = form.items;
  const tried = tryPattern(cx, scope, form, head, '(when-let (pattern e) e ...)');
  if (tried.kind === 'error') return tried;
  const body = statements(cx, tried.inner, rest, form);
  return choice(tried.subject, tried.pattern, body, unit(form.span), UNIT, form);
}

type Tried =
  | { readonly kind: 'tried'; subject: TypedExpression; pattern: TypedPattern; inner: Scope }
  | Extract<TypedExpression, { kind: 'error' }>;

/** `(p e)` of an `if-let`: a pattern that may fail, and should be able to. */
function tryPattern(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  head: Form | undefined,
  shape: string,
): Tried {
  const name = symbolName(form.items[0]) ?? '';
  const [patternForm, subjectForm, ...more] = head?.kind === 'list' ? head.items : [];
  if (patternForm === undefined || subjectForm === undefined || more.length > 0)
    return cx.malformed(head ?? form, name, trialShape(name, head) ?? shape);
  const after = form.items[2];
  if (head !== undefined && after !== undefined && isOutside(cx, scope, head))
    return refuseOutside(cx, form, head, after);
  const subject = infer(cx, scope, subjectForm);
  if (prune(subject.type).kind === 'meta') solve(cx);
  const inner = scope.inner();
  const known = cx.diagnostics.all.length;
  const pattern = matcher(cx, inner, patternForm, subject.type);
  if (cx.diagnostics.all.length > known) return { kind: 'tried', subject, pattern, inner };
  const tellIfAlways = (): boolean => {
    const type = prune(subject.type);
    if (isError(type) || coverage([pattern]).missing !== undefined) return false;
    const written = print(patternForm);
    const variant =
      type.kind === 'named' ? type.definition.variants.find((v) => v.fields.length === 1) : undefined;
    cx.error('unreachable-arm', patternForm, `this pattern always fits, so \`${name}\` decides nothing`, {
      hint:
        variant === undefined || patternForm.kind !== 'symbol'
          ? `\`let\` binds what always fits`
          : `\`(${name} ((${variant.name} ${written}) ...) ...)\` is about what \`${variant.name}\` holds`,
    });
    return true;
  };
  // Whoever writes `(if-let (x option) ...)` goes on with what is in it.
  const isMeantInside = ['Option', 'Result'].includes(languageType(prune(subject.type)) ?? '');
  if (pattern.kind === 'name' && isMeantInside && tellIfAlways())
    return { kind: 'error', type: ERROR, span: form.span };
  cx.atEnd.push(tellIfAlways);
  return { kind: 'tried', subject, pattern, inner };
}

/** `(when-let (Some x) o ...)`: whether a pattern stands where it should stand with what it is tried on. */
function isOutside(cx: Inference, scope: Scope, head: Form): boolean {
  const name = head.kind === 'list' ? head.items[0] : undefined;
  if (name?.kind !== 'symbol') return false;
  const variant = variantOf(cx, scope, name, ERROR);
  const fields = variant?.makes.variants.find((v) => v.name === variant.variant)?.fields ?? [];
  return fields.length > 0;
}

function refuseOutside(
  cx: Inference,
  form: ListForm,
  head: Form,
  subject: Form,
): Extract<TypedExpression, { kind: 'error' }> {
  const name = symbolName(form.items[0]) ?? '';
  const message = `in \`${name}\` the pattern stands in parentheses with what it is tried on`;
  return cx.fail('bad-form', head, message, {
    hint: `it is written \`(${name} (${print(head)} ${brief(subject)}) ${branchesOf(name)})\``,
  });
}

/** `[x o]`, as it is meant. */
function trialShape(name: string, head: Form | undefined): string | undefined {
  const [pattern, subject, ...more] = head?.kind === 'vector' ? head.items : [];
  if (pattern === undefined || subject === undefined || more.length > 0) return undefined;
  const written = pattern.kind === 'symbol' ? `(Some ${pattern.name})` : print(pattern);
  return `(${name} (${written} ${brief(subject)}) ${branchesOf(name)})`;
}

const branchesOf = (name: string): string => (name === 'if-let' ? 'then else' : 'e ...');

function choice(
  subject: TypedExpression,
  pattern: TypedPattern,
  then: TypedExpression,
  otherwise: TypedExpression,
  type: Type,
  { span }: ListForm,
): TypedExpression {
  const rest: TypedPattern = { kind: 'wildcard', type: subject.type, span };
  const arms = [
    { pattern, body: then },
    { pattern: rest, body: otherwise },
  ];
  return { kind: 'match', subject, arms, type, span };
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
      if (cx.agree(type, value.type, span, 'what is matched', [], variantsHint(type)))
        cx.want('Eq', [type], span);
      return { kind: 'literal', value, type, span };
    }
    case 'symbol': {
      const variant = variantOf(cx, scope, form, type);
      if (variant === undefined) {
        warnOfCatchAll(cx, form, type);
        return binder(cx, scope, form, type);
      }
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
      const condition = isPair ? undefined : conditionHint(form);
      if (condition !== undefined) {
        cx.error('bad-pattern', form, 'a pattern is no condition', { hint: condition });
        return misunderstood(cx, scope, [], span);
      }
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
  const last = symbol.name.slice(symbol.name.lastIndexOf('.') + 1);
  if (own?.variants.some((v) => v.name === last)) {
    cx.error('unknown-name', symbol, `there is no \`${symbol.name}\` here`, {
      hint: `it is called \`${last}\` here`,
    });
    return { kind: 'constructor', makes: own, variant: last };
  }
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
