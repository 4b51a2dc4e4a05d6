/** Calls of methods; operators of any number of operands become methods of two. */

import type { Form, ListForm } from '../../syntax/index.ts';
import {
  BOOL,
  bound,
  type ClassEntry,
  call,
  ERROR,
  functionOf,
  isBuiltin,
  type MethodEntry,
  methodCall,
  NUMBER_NAMES,
  primitive,
  prune,
  type Scope,
  type Type,
  type TypedExpression,
} from '../model/index.ts';
import { type Inference, operandHint, reduce, solve } from '../solving/index.ts';
import { checkAll, inferAll, isAmong, wrongCount } from './arguments.ts';
import { apply, callNamed } from './call.ts';
import { countHabit } from './habits.ts';
import { Chain, junction } from './long-form.ts';
import { scaled } from './scale.ts';
import { constantCall, methodNode, methodScheme, spanOfHead } from './value.ts';

const FOLDED = new Set(['+', '-', '*', '/', 'min', 'max', 'bit-and', 'bit-or', 'bit-xor']);
const CHAINED = new Set(['<', '>', '<=', '>=', '=']);

/** `(area x)`, `(+ a b c)`, `(< a b c)`. */
export function callMethod(
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
  const isOwn = classEntry.module === undefined;
  const mark = cx.wanted.length;
  let result: TypedExpression;
  if (isOwn && FOLDED.has(method.name)) result = folded(cx, scope, form, classEntry, method, expected);
  else if (isOwn && CHAINED.has(method.name)) result = chained(cx, scope, form, classEntry, method);
  else
    result = callNamed(
      cx,
      scope,
      form,
      methodNode(cx, classEntry, method, spanOfHead(form)),
      undefined,
      methodScheme(classEntry, method),
      isOwn && form.items.length - 1 > method.type.params.length ? countHabit(method.name) : undefined,
    );
  const before = cx.errors;
  solve(cx, mark);
  return cx.errors > before ? { kind: 'error', type: ERROR, span: form.span } : result;
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
  if (name === '*' || name === '/') return scaled(cx, scope, form, name, expected);
  const args = form.items.slice(1);
  if ((name === 'min' || name === 'max') && args.length === 1) {
    inferAll(cx, scope, args);
    return cx.fail('wrong-argument-count', form, `\`${name}\` takes at least 2 arguments, and 1 is given`, {
      hint: `\`(${name}-by (fn (x) x) xs)\` is an \`Option\` of the ${name === 'min' ? 'least' : 'greatest'} in a collection`,
    });
  }
  const type = operandType(cx, expected);
  const operands = checkOperands(cx, scope, args, type, key, name, form);
  if (operands === undefined) return { kind: 'error', type: ERROR, span: form.span };
  const [first, ...rest] = operands;
  if (first === undefined)
    return cx.fail('wrong-argument-count', form, `\`${name}\` needs something to work on`);
  if (rest.length === 0)
    return name === '-' ? methodCall(key, 'negate', [type], [first], type, form.span) : first;
  const chain = new Chain(form.span);
  return chain.close(
    rest.reduce(
      (left, right) => chain.link(methodCall(key, name, [type], [left, right], type, form.span)),
      first,
    ),
  );
}

/**
 * Operands of one type, which must be one that the operator works on: undefined where it is none, whatever the others are. Of both
 * mistakes that is the one to mend first.
 */
function checkOperands(
  cx: Inference,
  scope: Scope,
  args: readonly Form[],
  type: Type,
  key: string,
  name: string,
  form: Form,
): TypedExpression[] | undefined {
  const all = cx.diagnostics.all;
  const reported = all.length;
  cx.want(key, [type], form.span);
  const wanted = cx.wanted.at(-1);
  const operands = checkAll(
    cx,
    scope,
    args,
    args.map(() => type),
    name,
    operandHint,
  );
  if (all.length === reported || !('failed' in reduce(cx, { class: key, args: [type] }))) return operands;
  const others = all.splice(reported).filter((d) => d.code !== 'wrong-type' || !isAmong(args, d.span));
  all.push(...others);
  if (others.length > 0) cx.wanted = cx.wanted.filter((one) => one !== wanted);
  return undefined;
}

/** The type that operands and result share: the expected one, where that is known to be a number. */
export function operandType(cx: Inference, expected: Type | undefined): Type {
  const hoped = expected === undefined ? undefined : prune(expected);
  return hoped !== undefined && isBuiltin(hoped, ...NUMBER_NAMES) ? hoped : cx.fresh();
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
  const values = checkOperands(cx, scope, args, type, key, name, form);
  if (values === undefined) return { kind: 'error', type: BOOL, span };
  if (values.length < 2)
    return cx.fail('wrong-argument-count', form, `\`${name}\` compares at least two things`);
  if (values.length === 2) return methodCall(key, name, [type], values, BOOL, span);
  return bound(values, span, (names) => {
    const pairs = names
      .slice(1)
      .map((right, i) => methodCall(key, name, [type], [names[i] as TypedExpression, right], BOOL, span));
    return junction(true, pairs, span);
  });
}

/** `(!= a b)` is `(not (= a b))`. */
export function unequal(cx: Inference, scope: Scope, form: ListForm): TypedExpression {
  const args = form.items.slice(1);
  if (args.length !== 2) return wrongCount(cx, scope, form, '!=', [2]);
  const type = cx.fresh();
  const mark = cx.wanted.length;
  cx.want('Eq', [type], form.span);
  const values = checkAll(cx, scope, args, [type, type], '!=');
  solve(cx, mark);
  const equal = methodCall('Eq', '=', [type], values, BOOL, form.span);
  return call(primitive('not', functionOf([BOOL], BOOL), form.span), [equal], BOOL, form.span);
}
