/** Control: branches, matches, loops, `?`, and blocks that guard what is in them. */

import type { Expression, Local, Statement } from '../ir/index.ts';
import type { Binding, Type, TypedExpression } from '../types/index.ts';
import { copiedOnReturn } from './arena.ts';
import { get, UNIT, type Value } from './builder.ts';
import { lendFromPlace } from './drops.ts';
import type { FunctionLowering } from './function.ts';
import { matchSubject } from './moving.ts';
import { bindPattern, canFail, testPattern } from './pattern.ts';
import type { Component } from './representation.ts';
import { variantOf } from './sum.ts';
import { isVariant, makeVariant, variantFields } from './variant.ts';
import { eachItem } from './walk.ts';

type Node<K extends TypedExpression['kind']> = Extract<TypedExpression, { kind: K }>;

/** Into locals that nothing in `value` reads; without locals the value is evaluated for its effect. */
function assign(lowering: FunctionLowering, locals: readonly Local[], value: Value): void {
  if (locals.length === 0) lowering.builder.discard(value);
  for (const [i, local] of locals.entries()) lowering.builder.set(local, value[i] as Expression);
}

export function lowerIf(lowering: FunctionLowering, e: Node<'if'>): Value {
  const condition = lowering.one(e.condition);
  // What the library asks about a type is known here.
  if (condition.kind === 'constant') return lowering.value(condition.value === 0 ? e.else : e.then);
  const parts = lowering.components(e.type);
  let thenValue: Value = UNIT;
  let elseValue: Value = UNIT;
  const then = lowering.builder.nested(() => {
    thenValue = lowering.value(e.then);
  });
  const otherwise = lowering.builder.nested(() => {
    elseValue = lowering.value(e.else);
  });
  if (parts.length === 1 && then.length === 0 && otherwise.length === 0) {
    const [yes, no] = [thenValue[0], elseValue[0]] as [Expression, Expression];
    return [{ kind: 'if-expression', rep: (parts[0] as Component).rep, condition, then: yes, else: no }];
  }
  const locals = lowering.builder.localsFor('chosen', parts);
  const finish = (block: Statement[], value: Value) => [
    ...block,
    ...lowering.builder.nested(() => assign(lowering, locals, value)),
  ];
  lowering.builder.emit({
    kind: 'if',
    condition,
    then: finish(then, thenValue),
    else: finish(otherwise, elseValue),
  });
  return locals.map(get);
}

export function lowerMatch(lowering: FunctionLowering, e: Node<'match'>): Value {
  const locals = lowering.builder.localsFor('matched', lowering.components(e.type));
  const done = lowering.builder.label();
  const body = lowering.builder.nested(() =>
    lowerArms(lowering, e, (arm) => {
      assign(lowering, locals, lowering.value(arm));
      lowering.builder.emit({ kind: 'leave', block: done });
    }),
  );
  lowering.builder.emit({ kind: 'block', id: done, body });
  return locals.map(get);
}

/** Tries the arms from top to bottom; `lowerBody` must end in a jump. The checker has seen that some arm matches. */
export function lowerArms(
  lowering: FunctionLowering,
  e: Node<'match'>,
  lowerBody: (body: TypedExpression) => void,
): void {
  const subject = matchSubject(lowering, e.subject);
  const endings = lowering.endings.length;
  for (const arm of e.arms) {
    const last = arm === e.arms.at(-1);
    const tested = !last && canFail(arm.pattern);
    const failed = lowering.builder.label();
    const body = lowering.builder.nested(() => {
      if (tested) testPattern(lowering, arm.pattern, subject, failed);
      bindPattern(lowering, arm.pattern, subject);
      lowerBody(arm.body);
      lowering.endings.length = endings;
    });
    if (tested) lowering.builder.emit({ kind: 'block', id: failed, body });
    else for (const s of body) lowering.builder.emit(s);
    if (!tested) return;
  }
}

/** Postfix `?`: what `Ok` or `Some` holds, or the function's own `Err` or `None`. */
export function lowerTry(lowering: FunctionLowering, e: Node<'try'>): Value {
  const type = lowering.type(e.value.type);
  const result = lowering.builder.stable(lowering.value(e.value), 'result');
  const [holds, fails] = e.carrier === 'Result' ? ['Ok', 'Err'] : ['Some', 'None'];
  const otherwise = lowering.builder.nested(() => {
    const [error] = variantFields(lowering, type, result, fails);
    let value = error?.value ?? UNIT;
    if (e.convert !== undefined && error !== undefined) {
      const binding: Binding = { name: 'error', type: error.type, mutable: false, span: e.span };
      lowering.bind(binding, value);
      const argument: TypedExpression = { kind: 'local', binding, type: error.type, span: e.span };
      const to = errorType(lowering);
      value = lowering.value({ kind: 'call', callee: e.convert, args: [argument], type: to, span: e.span });
    }
    const failed = makeVariant(lowering, resultType(lowering), fails, value, e.span);
    // `None` holds nothing that could belong to an arena.
    const returned = error === undefined ? failed : copiedOnReturn(lowering, failed, e.span);
    lowering.return(returned, e.span);
  });
  lowering.builder.emit({
    kind: 'if',
    condition: isVariant(lowering, type, result, fails),
    then: otherwise,
    else: [],
  });
  return variantFields(lowering, type, result, holds)[0]?.value ?? UNIT;
}

/** Leaves the function from anywhere in it; by a tail call where no block has to be closed after it. */
export function lowerReturn(lowering: FunctionLowering, e: Node<'return'>): Value {
  if (lowering.blocks === 0) lowering.tail(e.value);
  else lowering.return(lowering.value(e.value), e.span);
  return lowering.nothing(e.type);
}

function resultType(lowering: FunctionLowering): Type {
  if (lowering.result === undefined) throw new Error('`?` stands in a function');
  return lowering.result;
}

function errorType(lowering: FunctionLowering): Type {
  const [error] = variantOf(resultType(lowering), 'Err').fields;
  if (error === undefined) throw new Error('Err has a field');
  return error.type;
}

export function lowerWhile(lowering: FunctionLowering, e: Node<'while'>): Value {
  const round = (): void => {
    lowering.exitUnless(lowering.one(e.condition));
    lowering.effect(e.body);
  };
  lowering.loop(e.span, round, undefined, e.unwatched === true ? { unwatched: true } : {});
  return UNIT;
}

export function lowerFor(lowering: FunctionLowering, e: Node<'for'>): Value {
  lowering.bind(e.binding, lowering.value(e.from), true);
  const location = lowering.location(e.binding);
  const locals = location.kind === 'locals' ? location.locals : [];
  lowering.loop(
    e.span,
    () => {
      lowering.exitUnless(lowering.one(e.test));
      lowering.effect(e.body);
    },
    () => lowering.builder.setAll(locals, lowering.value(e.step)),
  );
  return UNIT;
}

export function lowerForEach(lowering: FunctionLowering, e: Node<'for-each'>): Value {
  const type = lowering.type(e.collection.type);
  const collection = lowering.builder.stable(lowering.value(e.collection), 'collection');
  eachItem(lowering, type, collection, e.span, (item, of) => {
    lowering.scoped(e.span, () => {
      const lent = lowering.program.owns(of) ? lendFromPlace(lowering, of, item, e.span) : item;
      bindPattern(lowering, e.pattern, lent);
      lowering.effect(e.body);
      return UNIT;
    });
  });
  return UNIT;
}

export function lowerGuarded(
  lowering: FunctionLowering,
  e: TypedExpression,
  wrap: (body: Statement[]) => Statement,
  atEnd: () => void = () => {},
): Value {
  const locals = lowering.builder.localsFor('(value)', lowering.components(e.type));
  lowering.blocks++;
  const body = lowering.builder.nested(() => {
    assign(lowering, locals, lowering.value(e));
    atEnd();
  });
  lowering.blocks--;
  lowering.builder.emit(wrap(body));
  return locals.map(get);
}
