/**
 * Postfix `?`: what `Ok` or `Some` holds; an `Err` or `None` is returned from the function at once. Which of the two it is about, the
 * value before it says. Where that is not known yet it waits, until something says it or the function's types are complete: then
 * the function's own result does, and where that is unknown too, it is a `Result`.
 */

import type { Form } from '../../syntax/index.ts';
import {
  describe,
  ERROR,
  type ExpressionOf,
  isError,
  prune,
  type Scope,
  sameType,
  type Type,
  type TypeDefinition,
  type TypedExpression,
  unify,
} from '../model/index.ts';
import { type Inference, solve } from '../solving/index.ts';
import { infer } from './expression.ts';

type TryForm = Form & { readonly kind: 'try' };
type TryNode = { -readonly [K in keyof ExpressionOf<'try'>]: ExpressionOf<'try'>[K] };
/** The types that `?` knows, by the names that they have in every program. */
type Carrier = TryNode['carrier'];

/** Their variants, each with which of the type's parameters it holds. */
const VARIANTS: Readonly<Record<Carrier, Readonly<Record<string, readonly number[]>>>> = {
  Result: { Ok: [0], Err: [1] },
  Option: { Some: [0], None: [] },
};

/** `(f x)?` */
export function tryForm(cx: Inference, scope: Scope, form: TryForm): TypedExpression {
  const { span } = form;
  const value = infer(cx, scope, form.form);
  if (carrierDefinition(scope, 'Result') === undefined && carrierDefinition(scope, 'Option') === undefined)
    return cx.fail(
      'unknown-type',
      form,
      '`?` needs a `Result` of `Ok` and `Err`, or an `Option` of `Some` and `None`, and there is none here',
    );
  if (prune(value.type).kind === 'meta') solve(cx);
  const { result, isFunction } = scope.body;
  if (!isFunction)
    return cx.fail('outside-function', form, 'there is no function here that `?` could return from');
  const node: TryNode = { kind: 'try', value, carrier: 'Result', convert: undefined, type: cx.fresh(), span };
  const settle = (carrier: Carrier | 'neither'): true => {
    settleTry(cx, scope, form, node, carrier);
    return true;
  };
  const decide = (isLast: boolean): boolean => {
    const said = carrierOf(scope, value.type) ?? (isLast ? carrierOf(scope, result) : undefined);
    return said !== undefined && settle(said);
  };
  if (!decide(false))
    cx.wantedTries.push({
      value: value.type,
      others: [result, node.type],
      span,
      decide,
      assume: () => settle('Result'),
    });
  return node;
}

/** What a type says about a `?`; undefined where it is not known. */
function carrierOf(scope: Scope, type: Type): Carrier | 'neither' | undefined {
  const known = prune(type);
  if (known.kind === 'meta') return undefined;
  if (known.kind !== 'named') return 'neither';
  const is = (carrier: Carrier): boolean => carrierDefinition(scope, carrier) === known.definition;
  return is('Result') ? 'Result' : is('Option') ? 'Option' : 'neither';
}

/** The type of that name in scope, if it is such a one. */
export function carrierDefinition(scope: Scope, carrier: Carrier): TypeDefinition | undefined {
  const name: Form = { kind: 'symbol', name: carrier, span: scope.body.span };
  const found = scope.body.module.type(name);
  const wanted = Object.entries(VARIANTS[carrier]);
  if (found === undefined || found.kind === 'alias' || found.variants.length !== wanted.length)
    return undefined;
  const isThere = ([name, holds]: readonly [string, readonly number[]]): boolean => {
    const fields = found.variants.find((v) => v.name === name)?.fields;
    if (fields?.length !== holds.length) return false;
    return fields.every(
      ({ type }, i) => type.kind === 'parameter' && type.parameter === found.parameters[holds[i] as number],
    );
  };
  const isWhole = found.parameters.length === (carrier === 'Result' ? 2 : 1);
  return isWhole && wanted.every(isThere) ? found : undefined;
}

/** Now that it is known what it is about. */
function settleTry(
  cx: Inference,
  scope: Scope,
  form: TryForm,
  node: TryNode,
  carrier: Carrier | 'neither',
): void {
  const { value, span } = node;
  const { result } = scope.body;
  const definition = carrier === 'neither' ? undefined : carrierDefinition(scope, carrier);
  if (carrier === 'neither' || definition === undefined) {
    rejectCarrier(cx, scope, form, node);
    unify(node.type, ERROR);
    return;
  }
  node.carrier = carrier;
  const typeOf = (held: Type, error: Type): Type => ({
    kind: 'named',
    definition,
    args: carrier === 'Result' ? [held, error] : [held],
  });
  const error = cx.fresh();
  if (!cx.agree(value.type, typeOf(node.type, error), form.form.span, 'what stands before `?`')) {
    unify(node.type, ERROR);
    return;
  }
  const outer = carrierOf(scope, result);
  if (outer !== undefined && outer !== 'neither' && outer !== carrier) {
    rejectMixture(cx, scope, form, carrier);
    return;
  }
  const outerError = cx.fresh();
  const notes = [
    {
      message: `${carrier === 'Result' ? 'an `Err`' : '`None`'} would be returned from here`,
      span: scope.body.span,
    },
  ];
  const fits = cx.agree(
    result,
    typeOf(cx.fresh(), outerError),
    span,
    'the result of a function with `?`',
    notes,
    carrier === 'Result'
      ? 'let the function return a `Result`, or `match` tells `(Ok x)` from `(Err e)`'
      : 'let the function return an `Option`, or `(unwrap-or e value)` says what stands for `None`',
  );
  if (fits && carrier === 'Result') node.convert = conversion(cx, scope, error, outerError, form);
}

/** Neither the one nor the other stands before it, or is what the function returns. */
function rejectCarrier(cx: Inference, scope: Scope, form: TryForm, { value }: TryNode): void {
  const actual = prune(value.type);
  const isValue = actual.kind !== 'meta';
  const what = isValue ? 'what stands before `?`' : 'the result of a function with `?`';
  const type = isValue ? actual : prune(scope.body.result);
  if (isError(type)) return;
  cx.error(
    'wrong-type',
    isValue ? form.form : form,
    `${what} should be a \`Result\` or an \`Option\`, but it is ${describe(type)}`,
    hintFor(type),
  );
}

/** What is only called like one of them has something else in it. */
function hintFor(type: Type): { readonly hint?: string } {
  const name = type.kind === 'named' ? type.definition.name : '';
  if (name === 'Result')
    return { hint: "`?` knows a `(Result 'ok 'err)` of just `(Ok 'ok)` and `(Err 'err)`" };
  if (name === 'Option') return { hint: "`?` knows an `(Option 'a)` of just `(Some 'a)` and `None`" };
  return {};
}

/** `None` has no place in a `Result`, nor `Err` in an `Option`. */
function rejectMixture(cx: Inference, scope: Scope, form: TryForm, carrier: Carrier): void {
  const [message, hint] =
    carrier === 'Option'
      ? [
          '`None` cannot be returned here: the function returns a `Result`',
          '`(ok-or e error)?` says which error it is that nothing is there',
        ]
      : [
          'an `Err` cannot be returned here: the function returns an `Option`',
          'let it return a `Result`, where `(ok-or e error)` makes one of an `Option`; or `match` on this',
        ];
  cx.error('wrong-type', form, message, {
    hint,
    notes: [{ message: 'the function is here', span: scope.body.span }],
  });
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
