/**
 * Arguments that fit, but not where they stand: `(map xs f)`, `(map-get :a m)`, `(fold (fn (x sum) ...) 0 xs)`. One cause is
 * told once, with the call as it was meant.
 */

import { type Form, type ListForm, print, symbolName } from '../../syntax/index.ts';
import {
  functionOf,
  type Scheme,
  type Scope,
  showType,
  type Type,
  type TypedExpression,
  unify,
} from '../model/index.ts';
import { couldTake, type Inference, solve } from '../solving/index.ts';
import { check, isAccessor } from './expression.ts';

/** Calls with more arguments are not looked through. */
const ARGUMENT_LIMIT = 4;

/** The forms in an order in which a function of this scheme could take them; undefined where they stand right, or none is. */
export function otherOrder(
  cx: Inference,
  scheme: Scheme,
  forms: readonly Form[],
  types: readonly (Type | undefined)[],
): readonly Form[] | undefined {
  if (forms.length < 2 || forms.length > ARGUMENT_LIMIT) return undefined;
  const known = forms.map((form, i) => types[i] ?? shapeOf(cx, form));
  const fits = (order: readonly number[]) =>
    couldTake(
      cx,
      scheme,
      order.map((i) => known[i] as Type),
    );
  const written = forms.map((_, i) => i);
  if (fits(written)) return undefined;
  // Arguments of one type keep their order among themselves: `(substring 1 3 s)`.
  const names = known.map(showType);
  const keepsOrder = (order: readonly number[]) =>
    order.every((at, i) => order.slice(i + 1).every((later) => later > at || names[later] !== names[at]));
  const fitting = permutations(written).filter(fits);
  return (fitting.find(keepsOrder) ?? fitting[0])?.map((i) => forms[i] as Form);
}

/** What can be said of a lambda or an accessor before its body is looked at. */
function shapeOf(cx: Inference, form: Form): Type {
  const params = form.kind === 'list' && form.items[1]?.kind === 'list' ? form.items[1].items : [form];
  return functionOf(
    params.map(() => cx.fresh()),
    cx.fresh(),
  );
}

/** All orders, those that move least first. */
function permutations(order: readonly number[]): number[][] {
  const all = (rest: readonly number[]): number[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((first) => all(rest.filter((i) => i !== first)).map((others) => [first, ...others]));
  const moved = (one: readonly number[]) => one.filter((at, i) => at !== i).length;
  return all(order).sort((a, b) => moved(a) - moved(b));
}

/** Says in which order the arguments belong. */
export function reportOrder(
  cx: Inference,
  form: ListForm,
  name: string | undefined,
  order: readonly Form[],
): TypedExpression {
  const what = name === undefined ? 'the arguments' : `the arguments of \`${name}\``;
  return cx.fail('wrong-type', form, `${what} are in the wrong order`, {
    hint: `it is \`(${[name ?? 'f', ...order.map(brief)].join(' ')})\``,
  });
}

/** Longer arguments are not repeated in a hint. */
const LENGTH_LIMIT = 30;

/** A form as a hint shows it. */
export function brief(form: Form): string {
  const text = print(form);
  if (text.length <= LENGTH_LIMIT || form.kind !== 'list') return text;
  const [head, params] = form.items;
  const isLambda = symbolName(head) === 'fn' && params !== undefined;
  return isLambda ? `(fn ${print(params)} ...)` : `(${head === undefined ? '' : print(head)} ...)`;
}

export function isLate(form: Form): boolean {
  return (
    (form.kind === 'symbol' && isAccessor(form)) ||
    (form.kind === 'list' && symbolName(form.items[0]) === 'fn')
  );
}

/**
 * The call with a lambda's two parameters the other way round, if it is right so. `attempt` instantiates the callee anew; nothing
 * that is found out or reported meanwhile stays.
 */
export function swappedParameters(
  cx: Inference,
  scope: Scope,
  forms: readonly Form[],
  values: readonly TypedExpression[],
  attempt: () => readonly Type[],
): readonly Form[] | undefined {
  if (values.some(({ kind }, i) => kind === 'error' && !isLate(forms[i] as Form))) return undefined;
  const at = forms.findIndex((form) => isLate(form) && twoParameters(form) !== undefined);
  const lambda = forms[at];
  const params = lambda === undefined ? undefined : twoParameters(lambda);
  if (lambda?.kind !== 'list' || params === undefined) return undefined;
  const turned: Form = {
    ...lambda,
    items: [
      lambda.items[0] as Form,
      { ...params, items: [...params.items].reverse() },
      ...lambda.items.slice(2),
    ],
  };
  const isRight = quietly(cx, () => {
    const types = attempt();
    for (const [i, value] of values.entries())
      if (i !== at && unify(types[i] as Type, value.type) !== undefined) return false;
    solve(cx);
    check(cx, scope, turned, types[at] as Type, 'this');
    solve(cx);
    return true;
  });
  return isRight ? forms.map((form, i) => (i === at ? turned : form)) : undefined;
}

function twoParameters(form: Form): ListForm | undefined {
  const params = form.kind === 'list' ? form.items[1] : undefined;
  return params?.kind === 'list' && params.items.length === 2 ? params : undefined;
}

/** Tries something; true if it says so and reported nothing. What it reports and leaves to do is forgotten. */
function quietly(cx: Inference, attempt: () => boolean): boolean {
  const { wanted, wantedFields, wantedProducts, wantedTries, namedNumbers, atEnd, errors } = cx;
  const reported = cx.diagnostics.all.length;
  cx.wanted = [];
  cx.wantedFields = [];
  cx.wantedProducts = [];
  cx.wantedTries = [];
  cx.namedNumbers = [];
  cx.atEnd = [];
  const isRight = attempt() && cx.errors === errors;
  cx.diagnostics.all.length = reported;
  cx.errors = errors;
  cx.wanted = wanted;
  cx.wantedFields = wantedFields;
  cx.wantedProducts = wantedProducts;
  cx.wantedTries = wantedTries;
  cx.namedNumbers = namedNumbers;
  cx.atEnd = atEnd;
  return isRight;
}
