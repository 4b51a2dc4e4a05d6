/** `match`. */

import { type Form, type ListForm, nearest, print } from '../../syntax/index.ts';
import {
  type Definition,
  isError,
  prune,
  type Scope,
  type Type,
  type TypedExpression,
  type TypedPattern,
  tupleOf,
} from '../model/index.ts';
import { type Inference, list, solve } from '../solving/index.ts';
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
