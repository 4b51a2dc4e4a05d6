/** Rebuilds a body with other expressions and statements in it, from the inside out. */
import type { Call, Expression, Statement } from './node.ts';

export interface Rewriting {
  /** What stands for an expression whose parts are rebuilt already, `original` being what it was before that. */
  expression(e: Expression, original: Expression): Expression;
  /** What stands for a statement whose parts are rebuilt already. */
  statement(s: Statement, original: Statement): readonly Statement[];
}

export function rewriteBlock(body: readonly Statement[], to: Rewriting): readonly Statement[] {
  return body.flatMap((s) => to.statement(rebuildStatement(s, to), s));
}

export function rewriteExpression(e: Expression, to: Rewriting): Expression {
  return to.expression(rebuildExpression(e, to), e);
}

function rebuildExpression(e: Expression, to: Rewriting): Expression {
  switch (e.kind) {
    case 'unary':
      return { ...e, value: rewriteExpression(e.value, to) };
    case 'binary':
    case 'divide':
      return { ...e, left: rewriteExpression(e.left, to), right: rewriteExpression(e.right, to) };
    case 'check-index':
      return { ...e, index: rewriteExpression(e.index, to), length: rewriteExpression(e.length, to) };
    case 'load':
      return { ...e, target: rewriteExpression(e.target, to) };
    case 'load-element':
      return { ...e, target: rewriteExpression(e.target, to), index: rewriteExpression(e.index, to) };
    case 'allocate':
      return { ...e, fields: e.fields.map((f) => ({ ...f, value: rewriteExpression(f.value, to) })) };
    case 'call':
      return { ...e, call: rebuildCall(e.call, to) };
    case 'if-expression':
      return {
        ...e,
        condition: rewriteExpression(e.condition, to),
        then: rewriteExpression(e.then, to),
        else: rewriteExpression(e.else, to),
      };
    case 'sequence':
      return { ...e, body: rewriteBlock(e.body, to), value: rewriteExpression(e.value, to) };
    case 'constant':
    case 'null':
    case 'literal':
    case 'descriptor':
    case 'static-closure':
    case 'static-variant':
    case 'region':
    case 'code':
    case 'get':
    case 'get-global':
    case 'get-cell':
      return e;
  }
}

function rebuildCall(call: Call, to: Rewriting): Call {
  const args = call.args.map((a) => rewriteExpression(a, to));
  return call.to === 'closure'
    ? { ...call, args, closure: rewriteExpression(call.closure, to) }
    : { ...call, args };
}

function rebuildStatement(s: Statement, to: Rewriting): Statement {
  switch (s.kind) {
    case 'set':
    case 'set-global':
    case 'set-cell':
    case 'evaluate':
      return { ...s, value: rewriteExpression(s.value, to) };
    case 'set-call':
    case 'tail-call':
      return { ...s, call: rebuildCall(s.call, to) };
    case 'store':
      return { ...s, target: rewriteExpression(s.target, to), value: rewriteExpression(s.value, to) };
    case 'store-element':
      return {
        ...s,
        target: rewriteExpression(s.target, to),
        index: rewriteExpression(s.index, to),
        value: rewriteExpression(s.value, to),
      };
    case 'if':
      return {
        ...s,
        condition: rewriteExpression(s.condition, to),
        then: rewriteBlock(s.then, to),
        else: rewriteBlock(s.else, to),
      };
    case 'loop':
      return {
        ...s,
        ...(s.bounded === undefined ? {} : { bounded: rewriteExpression(s.bounded, to) }),
        body: rewriteBlock(s.body, to),
        step: rewriteBlock(s.step, to),
      };
    case 'block':
    case 'arena':
    case 'outside':
    case 'within':
    case 'suppressed':
      return { ...s, body: rewriteBlock(s.body, to) };
    case 'return':
      return { ...s, values: s.values.map((v) => rewriteExpression(v, to)) };
    case 'fail':
      return {
        ...s,
        ...(s.a === undefined ? {} : { a: rewriteExpression(s.a, to) }),
        ...(s.b === undefined ? {} : { b: rewriteExpression(s.b, to) }),
      };
    case 'break':
    case 'continue':
    case 'leave':
      return s;
  }
}
