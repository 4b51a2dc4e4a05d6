/**
 * `*` and `/`. Their operands are of one type, with a `Num` instance, as those of the other operators are; but a value that
 * is no number may also be scaled by one: `(* velocity dt)`, `(* 2.0 velocity)`, `(/ velocity 2.0)`. That is the class
 * `Scale` of the prelude, whose first type determines the second, so that a literal knows what it is to be.
 *
 * It is chosen where one operand is known to be a number, and the other known to be none, when inference comes by. Whatever
 * is unknown then is taken to be of the other's type, as for every operator: so inference stays as good as before.
 */

import type { ListForm, Span } from '../../syntax/index.ts';
import {
  bound,
  call,
  isBuiltin,
  isConstant,
  isError,
  methodCall,
  NUMBER_NAMES,
  prune,
  type Scope,
  type Type,
  type TypedExpression,
} from '../model/index.ts';
import { guessFields, type Inference, lookUpWanted } from '../solving/index.ts';
import { infer } from './expression.ts';
import { OPERAND_LIMIT, operandType, tooMany } from './operator.ts';
import { definitionNode } from './value.ts';

/** `(* a b c)` is `(* (* a b) c)`. */
export function scaled(
  cx: Inference,
  scope: Scope,
  form: ListForm,
  operator: '*' | '/',
  expected: Type | undefined,
): TypedExpression {
  const [first, ...rest] = form.items.slice(1);
  if (first === undefined || (rest.length === 0 && operator === '/'))
    return cx.fail('wrong-argument-count', form, `\`${operator}\` needs something to work on`);
  if (rest.length > OPERAND_LIMIT) return tooMany(cx, form);
  const hoped = operandType(cx, expected);
  let result = infer(cx, scope, first, hoped);
  if (isNumber(hoped) && isNumber(result.type))
    result = cx.coerce(result, hoped, `argument 1 of \`${operator}\``);
  if (rest.length === 0) cx.want('Num', [result.type], form.span);
  for (const [i, item] of rest.entries()) {
    const operand = infer(cx, scope, item, isNumber(result.type) ? result.type : hoped);
    if (isUnknown(result.type) !== isUnknown(operand.type)) findFields(cx);
    if (scales(cx, result.type, operand.type)) result = scale(cx, operator, result, operand, form.span);
    else if (operator === '*' && scales(cx, operand.type, result.type))
      result = scaleFromLeft(cx, result, operand, form.span);
    else {
      const right = cx.coerce(operand, result.type, `argument ${i + 2} of \`${operator}\``);
      cx.want('Num', [result.type], form.span);
      result = methodCall('Num', operator, [result.type], [result, right], result.type, form.span);
    }
  }
  return result;
}

/** Is the one known to be no number, and the other what may scale it? */
function scales(cx: Inference, value: Type, factor: Type): boolean {
  const [v, f] = [prune(value), prune(factor)];
  if (v.kind === 'meta' || isError(v) || isNumber(v)) return false;
  if (v.kind === 'named' && isNumber(f)) return true;
  // In a function that promises `(Scale 'a 'b)`.
  const given = cx.givens.find((g) => g.class === scaleKey(cx) && prune(g.args[0] as Type) === v);
  return given !== undefined && (isNumber(f) || prune(given.args[1] as Type) === f);
}

function isUnknown(type: Type): boolean {
  const t = prune(type);
  return t.kind === 'meta' && t.literal === undefined;
}

/**
 * What has a field that only one type has is of that type. At the end of the group that would be found out too, but here it
 * decides what the operator means.
 */
function findFields(cx: Inference): void {
  while (guessFields(cx)) lookUpWanted(cx);
}

function isNumber(type: Type): boolean {
  const t = prune(type);
  return t.kind === 'meta' ? t.literal !== undefined : isBuiltin(t, ...NUMBER_NAMES);
}

function scaleKey(cx: Inference): string | undefined {
  return cx.prelude?.classes.get('Scale')?.key;
}

function scale(
  cx: Inference,
  operator: '*' | '/',
  value: TypedExpression,
  factor: TypedExpression,
  span: Span,
): TypedExpression {
  const definition = cx.prelude?.values.get(operator === '*' ? 'scale' : 'Scale.divide');
  if (definition === undefined || definition.kind === 'constructor')
    throw new Error('the prelude has no Scale');
  const callee = definitionNode(cx, definition, span);
  const type = prune(callee.type);
  if (type.kind !== 'function') throw new Error('Scale is about functions');
  const args = [value, factor].map((arg, i) =>
    cx.coerce(arg, type.params[i] as Type, `argument ${i + 1} of \`${operator}\``),
  );
  return call(callee, args, type.result, span);
}

/** The factor stands on the left, and is evaluated first. */
function scaleFromLeft(
  cx: Inference,
  factor: TypedExpression,
  value: TypedExpression,
  span: Span,
): TypedExpression {
  if (isConstant(factor)) return scale(cx, '*', value, factor, span);
  return bound([factor, value], span, ([left, right]) =>
    // As many as were bound.
    scale(cx, '*', right as TypedExpression, left as TypedExpression, span),
  );
}
