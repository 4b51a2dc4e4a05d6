/** Visits the nodes of the representation: the expressions directly inside a statement or expression, and the blocks. */
import type { Call, Expression, Statement } from './node.ts';

interface Parts {
  readonly expressions: readonly Expression[];
  readonly blocks: readonly (readonly Statement[])[];
}

const NONE: Parts = { expressions: [], blocks: [] };

/** In the order of evaluation. */
export function partsOfExpression(e: Expression): Parts {
  switch (e.kind) {
    case 'unary':
      return only(e.value);
    case 'binary':
    case 'divide':
      return only(e.left, e.right);
    case 'check-index':
      return only(e.index, e.length);
    case 'load':
      return only(e.target);
    case 'load-element':
      return only(e.target, e.index);
    case 'allocate':
      return { expressions: e.fields.map((f) => f.value), blocks: [] };
    case 'call':
      return { expressions: partsOfCall(e.call), blocks: [] };
    case 'if-expression':
      return only(e.condition, e.then, e.else);
    case 'sequence':
      return { expressions: [e.value], blocks: [e.body] };
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
      return NONE;
  }
}

export function partsOfCall(call: Call): readonly Expression[] {
  return call.to === 'closure' ? [...call.args, call.closure] : call.args;
}

export function partsOfStatement(s: Statement): Parts {
  switch (s.kind) {
    case 'set':
    case 'set-global':
    case 'set-cell':
    case 'evaluate':
      return only(s.value);
    case 'set-call':
    case 'tail-call':
      return { expressions: partsOfCall(s.call), blocks: [] };
    case 'store':
      return only(s.target, s.value);
    case 'store-element':
      return only(s.target, s.index, s.value);
    case 'if':
      return { expressions: [s.condition], blocks: [s.then, s.else] };
    case 'loop':
      return { expressions: s.bounded === undefined ? [] : [s.bounded], blocks: [s.body, s.step] };
    case 'block':
    case 'arena':
    case 'outside':
    case 'within':
    case 'suppressed':
      return { expressions: [], blocks: [s.body] };
    case 'return':
      return { expressions: s.values, blocks: [] };
    case 'fail':
      return only(...(s.a === undefined ? [] : [s.a]), ...(s.b === undefined ? [] : [s.b]));
    case 'break':
    case 'continue':
    case 'leave':
      return NONE;
  }
}

function only(...expressions: readonly Expression[]): Parts {
  return { expressions, blocks: [] };
}

/** Every statement and expression of a body, each before what is inside it. */
export function visit(
  body: readonly Statement[],
  onStatement: (s: Statement) => void,
  onExpression: (e: Expression) => void,
): void {
  const expression = (e: Expression): void => {
    onExpression(e);
    const parts = partsOfExpression(e);
    for (const block of parts.blocks) visit(block, onStatement, onExpression);
    for (const inner of parts.expressions) expression(inner);
  };
  for (const s of body) {
    onStatement(s);
    const parts = partsOfStatement(s);
    for (const e of parts.expressions) expression(e);
    for (const block of parts.blocks) visit(block, onStatement, onExpression);
  }
}
