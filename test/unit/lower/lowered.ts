import { expect } from 'vitest';
import type { Expression, Func, Program, Statement } from '../../../scripting/ir/index.ts';
import { Source } from '../../../scripting/syntax/index.ts';
import { analyse } from '../../../scripting/tools/index.ts';

/** A script lowered, which must have no errors. */
export function lowered(text: string): Program {
  const { program, diagnostics } = analyse([new Source('test.slu', text)]);
  expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([]);
  if (program === undefined) throw new Error('no program without errors');
  return program;
}

/** The function the script calls `name`. */
export function named(program: Program, name: string): Func {
  const found = [...program.functions.values()].find((f) => f.name === name);
  if (found === undefined) throw new Error(`${name} was not lowered`);
  return found;
}

/** Kinds of all statements of a function, those inside others too, in order. */
export function statementKinds(body: readonly Statement[]): string[] {
  return body.flatMap((s) => {
    const inner =
      s.kind === 'if'
        ? [...s.then, ...s.else]
        : s.kind === 'loop'
          ? [...s.body, ...s.step]
          : 'body' in s
            ? s.body
            : [];
    return [s.kind, ...statementKinds(inner)];
  });
}

/** What may wait: the collector finds it in static memory, or in the local it was read from. */
const IN_A_LOCAL_OR_STATIC = ['get', 'null', 'literal', 'static-closure', 'static-variant'];

/**
 * Places where an address waits on the operand stack while a later operand may allocate: the invariant of `ir/node.ts` says
 * there are none. Found here without the compiler's own walk.
 */
export function waitingAddresses(func: Func): string[] {
  const found: string[] = [];
  const allocates = (e: Expression): boolean => {
    if (e.kind === 'allocate' || e.kind === 'call' || e.kind === 'sequence') return true;
    return operandsOf(e).some(allocates);
  };
  const check = (operands: readonly Expression[], where: string): void => {
    operands.forEach((operand, i) => {
      const waits = operand.rep === 'ref' && !IN_A_LOCAL_OR_STATIC.includes(operand.kind);
      if (waits && operands.slice(i + 1).some(allocates)) found.push(where);
      expression(operand);
    });
  };
  const expression = (e: Expression): void => {
    if (e.kind === 'sequence') statements(e.body);
    check(operandsOf(e), e.kind);
  };
  const statements = (body: readonly Statement[]): void => {
    for (const s of body) {
      check(operandsOfStatement(s), s.kind);
      if (s.kind === 'if') [s.then, s.else].forEach(statements);
      else if (s.kind === 'loop') [s.body, s.step].forEach(statements);
      else if ('body' in s) statements(s.body);
    }
  };
  statements(func.body);
  return found;
}

function operandsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'call':
      return e.call.args;
    case 'allocate':
      return e.fields.map((f) => f.value);
    case 'if-expression':
      return [e.condition];
    case 'sequence':
    case 'unary':
      return [e.value];
    case 'binary':
    case 'divide':
      return [e.left, e.right];
    case 'load':
      return [e.target];
    case 'load-element':
      return [e.target, e.index];
    case 'check-index':
      return [e.index, e.length];
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
      return [];
  }
}

function operandsOfStatement(s: Statement): readonly Expression[] {
  switch (s.kind) {
    case 'set':
    case 'set-global':
    case 'set-cell':
    case 'evaluate':
      return [s.value];
    case 'set-call':
    case 'tail-call':
      return s.call.args;
    case 'store':
      return [s.target, s.value];
    case 'store-element':
      return [s.target, s.index, s.value];
    case 'if':
      return [s.condition];
    case 'return':
      return s.values;
    case 'loop':
    case 'break':
    case 'continue':
    case 'block':
    case 'leave':
    case 'fail':
    case 'arena':
    case 'outside':
    case 'within':
    case 'suppressed':
      return [];
  }
}
