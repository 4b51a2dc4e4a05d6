/**
 * `*` and `/`. Their operands are of one type, with a `Num` instance, as those of the other operators are; but a value that
 * is no number may also be scaled by one: `(* velocity dt)`, `(* 2.0 velocity)`, `(/ velocity 2.0)`. That is the class
 * `Scale` of the prelude, whose first type determines the second, so that a literal knows what it is to be.
 *
 * It is chosen where one operand is known to be a number, and the other known to be none. Where only one is known when inference
 * comes by, the product waits for the other (`solving/products.ts`). Where neither is, or one is a literal, both are taken to be
 * of one type, as for every operator: so `(fn (x) (* 2 x))` is of any numbers.
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
import { guessFields, type Inference, isUnknown, operandHint, solve } from '../solving/index.ts';
import { infer } from './expression.ts';
import { Chain } from './long-form.ts';
import { operandType } from './operator.ts';
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
  // Of a number all operands are numbers of that type; of anything else some are, and others are not.
  const operand = operandType(cx, expected);
  const hoped = isNumber(operand) ? operand : undefined;
  let result = infer(cx, scope, first, hoped);
  if (hoped !== undefined && isNumber(result.type))
    result = cx.coerce(result, hoped, `argument 1 of \`${operator}\``);
  if (rest.length === 0) cx.want('Num', [result.type], form.span);
  const chain = new Chain(form.span);
  for (const [i, item] of rest.entries()) {
    const right = infer(cx, scope, item, hoped);
    result = product(cx, { operator, left: result, right, what: `argument ${i + 2}`, span: form.span });
    result = chain.link(result);
  }
  return chain.close(result);
}

interface Product {
  readonly operator: '*' | '/';
  readonly left: TypedExpression;
  readonly right: TypedExpression;
  /** What messages call the right operand. */
  readonly what: string;
  readonly span: Span;
}

function product(cx: Inference, of: Product): TypedExpression {
  const { operator, left, right, span } = of;
  if (isUnknown(left.type) !== isUnknown(right.type)) findTypes(cx);
  const [unknown, known] = isUnknown(left.type) ? [left.type, right.type] : [right.type, left.type];
  if (!isUnknown(unknown) || prune(known).kind !== 'named' || isError(known)) return decided(cx, of);
  // Whichever it is, a number times something is of the type of that, and so is what is no number times something. What divides
  // is a number or of the same type.
  const type = isNumber(known) && (operator === '*' || unknown === left.type) ? unknown : known;
  const node: TypedExpression = { kind: 'error', type, span };
  cx.wantedProducts.push({
    unknown,
    known,
    span,
    decide: () => {
      const found = decided(cx, of);
      cx.agree(found.type, type, span, `the result of \`${operator}\``);
      Object.assign(node, found);
    },
  });
  return node;
}

/** The product by what is known of its operands. */
function decided(cx: Inference, { operator, left, right, what, span }: Product): TypedExpression {
  if (scales(cx, left.type, right.type)) return scale(cx, operator, left, right, span);
  if (operator === '*' && scales(cx, right.type, left.type)) return scaleFromLeft(cx, left, right, span);
  const hint = operandHint(right.type, left.type);
  const same = cx.coerce(right, left.type, `${what} of \`${operator}\``, [], hint);
  cx.want('Num', [left.type], span);
  return methodCall('Num', operator, [left.type], [left, same], left.type, span);
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

/**
 * What is wanted may say what is unknown; and what has a field that only one type has is of that type. At the end of the group
 * that would be found out too, but here it decides what the operator means.
 */
function findTypes(cx: Inference): void {
  do solve(cx);
  while (guessFields(cx));
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
