/**
 * Every form of expression, and what lowers it. Every expression becomes the components of its value; what cannot be an
 * expression of the representation (several results, loops, arenas) becomes statements in front of it.
 */

import type { Expression } from '../ir/index.ts';
import { isLibrary, methodCall, type TypedExpression } from '../types/index.ts';
import { lowerArena, lowerCopyOut, lowerOutside } from './arena.ts';
import { isInArray, setPlace } from './array-place.ts';
import { i32, UNIT, type Value } from './builder.ts';
import { lowerCall } from './call.ts';
import { type Known, knownFunction, materialise } from './closure.ts';
import {
  lowerArms,
  lowerFor,
  lowerForEach,
  lowerGuarded,
  lowerIf,
  lowerMatch,
  lowerReturn,
  lowerTry,
  lowerWhile,
} from './control.ts';
import { lowerCountEntities, lowerForEntities } from './entity.ts';
import type { Ending, FunctionLowering } from './function.ts';
import { readGlobal, setGlobal } from './global.ts';
import { defineFunctions, instantiate } from './local-functions.ts';
import { closureMoving, isCopied, isLoan, looks, readMoving, replace } from './moving.ts';
import { NUMBER_TYPES, numberLiteral } from './number.ts';
import { bindValue } from './pattern.ts';
import { elementOf } from './representation.ts';
import { isRetained } from './retaining.ts';
import { lowerPicture } from './sprites.ts';
import { lowerConstruct, lowerField, lowerSetField, lowerUpdate } from './struct.ts';
import { makeVector, storeElement } from './vector.ts';

type CallNode = Extract<TypedExpression, { kind: 'call' }>;

/** Lowers an expression whose value is the function's: every path ends in a return or a tail call. */
export function lowerTail(lowering: FunctionLowering, e: TypedExpression): void {
  switch (e.kind) {
    case 'do': {
      const steps = withoutIdleEnd(lowering, e.body);
      for (const part of steps.slice(0, -1)) lowering.effect(part);
      const last = steps.at(-1);
      if (last === undefined) lowering.return(UNIT, e.span);
      else lowering.tail(last);
      return;
    }
    case 'let':
      lowering.scopedTail(() => {
        for (const b of e.bindings) bindValue(lowering, b.pattern, lowering.value(b.value));
        lowering.tail(e.body);
      });
      return;
    case 'let-functions':
      defineFunctions(lowering, e);
      lowering.tail(e.body);
      return;
    case 'if': {
      const condition = lowering.one(e.condition);
      const then = lowering.builder.nested(() => lowering.tail(e.then));
      const otherwise = lowering.builder.nested(() => lowering.tail(e.else));
      lowering.builder.emit({ kind: 'if', condition, then, else: otherwise });
      return;
    }
    case 'match':
      lowerArms(lowering, e, (body) => lowering.tail(body));
      return;
    case 'return':
      lowering.tail(e.value);
      return;
    case 'call': {
      // What a scope drops at its end, it drops after the call.
      if (lowering.program.hasOwners && !mayTailCall(lowering, e)) {
        lowering.return(lowering.value(e), e.span);
        return;
      }
      const call = lowerCall(lowering, e);
      if ('args' in call && call.to !== 'runtime' && call.to !== 'extern' && !leavesScript(lowering, e)) {
        lowering.builder.emit({ kind: 'tail-call', call });
      } else {
        lowering.return('args' in call ? lowering.builder.call(call, 'result') : call.value, e.span);
      }
      return;
    }
    default:
      lowering.return(lowering.value(e), e.span);
  }
}

/** Whether nothing is left to be done after a call: what scopes own are its own arguments, nothing is lent for it, and it gives what is new. */
function mayTailCall(lowering: FunctionLowering, e: CallNode): boolean {
  const { callee, args, type } = e;
  if (isCopied(lowering, e, lowering.type(type))) return false;
  const takes = looks(callee) ? [] : args;
  const given = new Set(
    takes.flatMap((arg) => (arg.kind === 'local' && !isRetained(lowering, arg) ? [arg.binding] : [])),
  );
  const isGiven = (ending: Ending): boolean =>
    ending.kind === 'owner' && ending.binding !== undefined && given.has(ending.binding);
  return lowering.endings.every(isGiven) && !args.some(isLoan);
}

/**
 * A body whose value is dropped ends in a `Unit` of its own. Where what stands before that has nothing to drop either, it is
 * the end: so the last call in a `when` is a tail call.
 */
function withoutIdleEnd(
  lowering: FunctionLowering,
  body: readonly TypedExpression[],
): readonly TypedExpression[] {
  const before = body.at(-2);
  const isIdle = body.at(-1)?.kind === 'unit' && before !== undefined;
  return isIdle && lowering.components(before.type).length === 0 ? body.slice(0, -1) : body;
}

/**
 * True for a call from a script into the library that cannot lead back to where it came from: the library gets no function
 * to call. A tail call would gain nothing, and the script's own function would be missing from the stack trace.
 */
function leavesScript(lowering: FunctionLowering, { callee, args, span }: CallNode): boolean {
  if (callee.kind !== 'function' || isLibrary(span.source)) return false;
  const target = lowering.program.typedFunction(callee.key);
  return isLibrary(target.span.source) && args.every(({ type }) => lowering.type(type).kind !== 'function');
}

/** The components of an expression's value. */
export function lowerValue(lowering: FunctionLowering, e: TypedExpression): Value {
  switch (e.kind) {
    case 'integer':
    case 'float': {
      const type = lowering.type(e.type);
      const number = type.kind === 'named' ? NUMBER_TYPES[type.definition.name] : undefined;
      if (number === undefined) throw new Error('a number literal has a number type');
      return [numberLiteral(number, e.value, e.kind === 'float' ? e.single : undefined)];
    }
    case 'bool':
      return [i32(e.value ? 1 : 0)];
    case 'string':
      return [lowering.program.literal(e.value)];
    case 'keyword':
      // A keyword is its name: equal keywords of different modules are equal.
      return [lowering.program.literal(`:${e.name}`)];
    case 'picture':
      return lowerPicture(lowering, e);
    case 'unit':
      return UNIT;
    case 'local':
      return readMoving(lowering, e);
    case 'global':
      return readGlobal(lowering, e.definition, e.span);
    case 'function':
    case 'method':
    case 'primitive':
      return [materialise(lowering, knownFunction(lowering, e) as Known)];
    case 'extern': {
      const type = lowering.type(e.type);
      if (type.kind !== 'function') throw new Error(`${e.extern.name} is a function`);
      const key = lowering.program.calleeFunction(e, type, lowering.substitution);
      return [materialise(lowering, { key, captures: [], captured: [], type, span: e.span })];
    }
    case 'local-function':
      return instantiate(
        lowering,
        e.binding,
        e.typeArguments.map((t) => lowering.type(t)),
      );
    case 'call': {
      const call = lowerCall(lowering, e);
      return 'args' in call ? lowering.builder.call(call, 'result') : call.value;
    }
    case 'construct':
      return lowerConstruct(lowering, e);
    case 'field':
      return lowerField(lowering, e);
    case 'set-local':
      replace(
        lowering,
        lowering.type(e.binding.type),
        lowering.value(e.value),
        {
          read: () => lowering.read(e.binding),
          write: (value) => lowering.write(e.binding, value, 0, e.span),
        },
        e.span,
      );
      return UNIT;
    case 'set-global':
      replace(
        lowering,
        lowering.type(e.definition.type),
        lowering.value(e.value),
        {
          holder: 'global',
          read: () => readGlobal(lowering, e.definition, e.span),
          write: (value) => setGlobal(lowering, e.definition, value, e.span),
        },
        e.span,
      );
      return UNIT;
    case 'set-field':
      return lowerSetField(lowering, e);
    case 'set-element': {
      const { target: of, index: at, span } = e;
      const element = methodCall('Sequence', 'nth', [of.type, e.value.type], [of, at], e.value.type, span);
      if (isInArray(lowering, element)) {
        setPlace(lowering, element, e.value, span);
        return UNIT;
      }
      const [target, index, value] = lowering.operands([e.target, e.index, e.value]);
      storeElement(
        lowering,
        lowering.type(e.target.type),
        target?.[0] as Expression,
        index?.[0] as Expression,
        value ?? UNIT,
        e.span,
      );
      return UNIT;
    }
    case 'update':
      return lowerUpdate(lowering, e);
    case 'let':
      for (const b of e.bindings) bindValue(lowering, b.pattern, lowering.value(b.value));
      return lowering.value(e.body);
    case 'let-functions':
      defineFunctions(lowering, e);
      return lowering.value(e.body);
    case 'if':
      return lowerIf(lowering, e);
    case 'do': {
      for (const part of e.body.slice(0, -1)) lowering.effect(part);
      const last = e.body.at(-1);
      return last === undefined ? UNIT : lowering.value(last);
    }
    case 'while':
      return lowerWhile(lowering, e);
    case 'for':
      return lowerFor(lowering, e);
    case 'for-each':
      return lowerForEach(lowering, e);
    case 'for-entities':
      return lowerForEntities(lowering, e);
    case 'count-entities':
      return lowerCountEntities(lowering, e.entities);
    case 'break':
      lowering.endLoop(e.span);
      lowering.builder.emit({ kind: 'break', loop: lowering.leftByBreak() });
      return lowering.nothing(e.type);
    case 'continue':
      lowering.endRound(e.span);
      lowering.builder.emit({ kind: 'continue', loop: lowering.innermostLoop() });
      return lowering.nothing(e.type);
    case 'lambda':
      return [closureMoving(lowering, e)];
    case 'vector':
      return [makeVector(lowering, elementOf(lowering.type(e.type)), e.items, e.span)];
    case 'with-arena':
      return lowerArena(lowering, e);
    case 'outside':
      return lowerOutside(lowering, e);
    case 'copy-out':
      return lowerCopyOut(lowering, e);
    case 'without-collection':
      return lowerGuarded(lowering, e.body, (body) => ({ kind: 'suppressed', body, span: e.span }));
    case 'match':
      return lowerMatch(lowering, e);
    case 'try':
      return lowerTry(lowering, e);
    case 'return':
      return lowerReturn(lowering, e);
    case 'error':
      throw new Error('a program with errors is not lowered');
  }
}
