/** What the compiler itself knows: methods of the built-in classes at built-in types, and the primitives. */

import { FAIL_KEY } from '../heap/index.ts';
import {
  type Expression,
  NATIVE,
  type NativeName,
  type Rep,
  RUNTIME,
  type RuntimeName,
  type Statement,
} from '../ir/index.ts';
import {
  arrayLength,
  isShared,
  type NumberName,
  type PrimitiveName,
  type Type,
  type TypedExpression,
} from '../types/index.ts';
import { sliceOfArray, vectorOfArray } from './array.ts';
import { readPlace } from './array-place.ts';
import { i32, i64, UNIT, unary, type Value } from './builder.ts';
import { lowerGuarded } from './control.ts';
import { appendShown, equal } from './derive.ts';
import { dropValue, makeOwned } from './drops.ts';
import { addEntity, hasLeft, isInWorld, removeAllEntities, removeEntity } from './entity.ts';
import type { FunctionLowering } from './function.ts';
import { hashOf } from './hash.ts';
import { same } from './identity.ts';
import { appear } from './interpolation.ts';
import { lowerLoan, takeOut } from './moving.ts';
import {
  freeze,
  makeMutVector,
  makeRepeated,
  moveElements,
  pop,
  push,
  reserve,
  swapRemove,
  takeElements,
  truncate,
} from './mut-vector.ts';
import { convert, NUMBER_TYPES, type NumberType, numberMethod } from './number.ts';
import { order, ordering } from './order.ts';
import { hasOwnEquality } from './own-equality.ts';
import { attach, detach, moveTo } from './place.ts';
import { elementOf, isArray, isNamed } from './representation.ts';
import { sharedBy, upgradedShare, weakShared } from './retaining.ts';
import { lowerRope } from './rope.ts';
import { lowerSegments } from './segments.ts';
import { isShown } from './shown.ts';
import { type Sight, sightFrom } from './sight.ts';
import { eachSpriteTo, findPlace, pickEach } from './sprites.ts';
import { typeName } from './substitution.ts';
import { checkedElement, countOf } from './vector.ts';

type CallNode = Extract<TypedExpression, { kind: 'call' }>;
type MethodNode = Extract<TypedExpression, { kind: 'method' }>;

/** Methods that lower to one operator: no statement, no effect. */
const PLAIN = new Set(['+', '-', '*', 'negate', '=', '<', '>', '<=', '>=', 'bit-and', 'bit-or', 'bit-xor']);

export function isSimpleMethod(lowering: FunctionLowering, node: MethodNode): boolean {
  const type = lowering.type(node.classArguments[0] as Type);
  if (isArray(type)) return node.class === 'Collection' && node.method === 'len';
  return PLAIN.has(node.method) && numberType(type) !== undefined;
}

function isNumber(type: Type): boolean {
  return numberType(type) !== undefined && !isNamed(type, 'Bool');
}

function numberType(type: Type | undefined): NumberType | undefined {
  if (type?.kind !== 'named' || type.definition.kind !== 'builtin') return undefined;
  if (type.definition.name === 'Bool') return NUMBER_TYPES.u8;
  return NUMBER_TYPES[type.definition.name];
}

/** A class method whose meaning at this type is built in; undefined where an instance says what it does. */
export function lowerMethod(
  lowering: FunctionLowering,
  node: MethodNode,
  types: readonly Type[],
  e: CallNode,
): Value | undefined {
  const [type] = types;
  if (type === undefined || hasOwn(lowering, node, types, sightFrom(e.span))) return undefined;
  const number = numberType(type);
  if (number !== undefined && node.class !== 'Show' && node.method !== 'compare') {
    const args = lowering.operands(e.args).flat();
    const value = numberMethod(lowering.builder, number, node.method, args, e.span);
    if (value !== undefined) return [value];
  }
  switch (node.method) {
    case 'show':
      return text(lowering, e.args, e, sightFrom(e.span));
    case '=': {
      const [a, b] = lowering.operands(e.args);
      return [equal(lowering, type, [a as Value, b as Value], e.span, sightFrom(e.span))];
    }
    case '<':
    case '>':
    case '<=':
    case '>=': {
      const [a, b] = lowering.operands(e.args);
      const op = ({ '<': 'lt_s', '>': 'gt_s', '<=': 'le_s', '>=': 'ge_s' } as const)[node.method];
      const sign = order(lowering, type, a as Value, b as Value, e.span);
      return [{ kind: 'binary', rep: 'i32', of: 'i32', op, left: sign, right: i32(0) }];
    }
    case 'hash':
      return [hashOf(lowering, type, lowering.operands(e.args)[0] as Value, e.span)];
    case 'compare': {
      const [a, b] = lowering.operands(e.args);
      return [ordering(lowering, type, a as Value, b as Value, e.span)];
    }
    case 'min':
    case 'max': {
      const [a, b] = lowering.operands(e.args).map((v) => lowering.builder.stable(v, node.method));
      const sign = order(lowering, type, a as Value, b as Value, e.span);
      const op = node.method === 'min' ? 'le_s' : 'ge_s';
      const chosen: Expression = { kind: 'binary', rep: 'i32', of: 'i32', op, left: sign, right: i32(0) };
      const condition = lowering.builder.stableOne(chosen, node.method);
      return lowering.choose(condition, type, a as Value, b as Value);
    }
    case 'len': {
      const length = arrayLength(type);
      if (length !== undefined) {
        lowering.effect(e.args[0] as TypedExpression);
        return [i64(BigInt(length))];
      }
      const vector = lowering.one(e.args[0] as TypedExpression);
      const held = lowering.builder.stableOne(vector, 'vector');
      return [unary('i64', 'i32', 'extend_u', countOf(lowering, type, held))];
    }
    case '%vector': {
      if (isArray(type))
        return [vectorOfArray(lowering, type, lowering.value(e.args[0] as TypedExpression), e.span)];
      const vector = lowering.one(e.args[0] as TypedExpression);
      return isNamed(type, 'Vector') ? [vector] : freeze(lowering, type, vector, e.span);
    }
    case '%slice': {
      if (isArray(type)) return sliceOfArray(lowering, type, e);
      const args = lowering.operands(e.args).flat();
      const key = isNamed(type, 'Vector')
        ? lowering.program.instance('prelude.%vector-slice', [elementOf(type)])
        : lowering.program.instance('prelude:Sequence.%slice', types);
      return lowering.builder.call({ to: 'function', key, args, reps: ['ref'], span: e.span }, 'slice');
    }
    case 'nth': {
      if (isArray(type)) return readPlace(lowering, e);
      const [vector, index] = lowering.operands(e.args);
      return checkedElement(lowering, type, vector?.[0] as Expression, index?.[0] as Expression, e.span);
    }
    default:
      return undefined;
  }
}

/** Whether a script's own instance has the method; what follows from another of its methods does not count. */
function hasOwn(lowering: FunctionLowering, node: MethodNode, types: readonly Type[], sight: Sight): boolean {
  const methods = lowering.program.instances.methods(node.class, types, sight);
  return methods !== undefined && (methods.has(node.method) || !BUILT_IN_CLASSES.has(node.class));
}

/** Classes some of whose methods follow from others: all of Ord's from `compare`. */
const BUILT_IN_CLASSES = new Set(['Ord', 'Eq', 'Hash', 'Show']);

/** The arguments shown one after the other, as a string. */
function text(
  lowering: FunctionLowering,
  args: readonly TypedExpression[],
  e: CallNode,
  sight: Sight,
): Value {
  const mark = appendAll(lowering, args, e, sight);
  return runtime(lowering, 'textTake', [mark], e);
}

/** Evaluates all arguments, then writes them into the text buffer; returns where they begin. */
function appendAll(
  lowering: FunctionLowering,
  args: readonly TypedExpression[],
  e: CallNode,
  sight: Sight,
): Expression {
  const values = lowering.operands(args).map((v) => lowering.builder.stable(v, 'shown'));
  const [begin] = runtime(lowering, 'textMark', [], e);
  const mark = lowering.builder.stableOne(begin as Expression, 'mark');
  args.forEach((arg, i) => {
    appendShown(lowering, lowering.type(arg.type), values[i] as Value, false, e.span, sight);
  });
  return mark;
}

function runtime(
  lowering: FunctionLowering,
  name: RuntimeName,
  args: Value,
  e: { span: CallNode['span'] },
): Value {
  const { result } = RUNTIME[name];
  const reps: Rep[] = result === 'none' ? [] : [result];
  return lowering.builder.call({ to: 'runtime', name, args, reps, span: e.span }, name);
}

/** Whether a weak reference leads to something; an entity that has left the world is not found by it. */
function isAlive(lowering: FunctionLowering, type: Type, e: CallNode): Expression {
  const none: Expression = { kind: 'null', rep: 'ref' };
  if (isShared(elementOf(type))) {
    const shares = sharedBy(lowering, lowering.one(e.args[0] as TypedExpression), e.span);
    return { kind: 'binary', rep: 'i32', of: 'ref', op: 'ne', left: shares, right: none };
  }
  const [found] = runtime(lowering, 'upgrade', lowering.operands(e.args).flat(), e) as [Expression];
  const object = lowering.builder.stableOne(found, 'subject');
  const exists: Expression = { kind: 'binary', rep: 'i32', of: 'ref', op: 'ne', left: object, right: none };
  const left = hasLeft(lowering, elementOf(type), object);
  if (left === undefined) {
    lowering.program.asking.add(lowering.key);
    return exists;
  }
  const stays = unary('i32', 'i32', 'eqz', left);
  return { kind: 'if-expression', rep: 'i32', condition: exists, then: stays, else: i32(0) };
}

function isNative(name: PrimitiveName): name is NativeName {
  return NATIVE.has(name);
}

function isConversion(name: PrimitiveName): name is NumberName {
  return name in NUMBER_TYPES;
}

export function lowerPrimitive(lowering: FunctionLowering, name: PrimitiveName, e: CallNode): Value {
  const { builder, program } = lowering;
  const typeOf = (i: number): Type => lowering.type((e.args[i] as TypedExpression).type);
  if (name === 'weak' && isShared(typeOf(0)))
    return [weakShared(lowering, lowering.operands(e.args).flat()[0] as Expression, e.span)];
  if (name === '%upgrade' && isShared(lowering.type(e.type)))
    return [
      upgradedShare(lowering, lowering.type(e.type), lowering.one(e.args[0] as TypedExpression), e.span),
    ];
  if (isNative(name))
    return runtime(lowering, NATIVE.get(name) as RuntimeName, lowering.operands(e.args).flat(), e);
  if (isConversion(name)) {
    const from = numberType(typeOf(0));
    if (from === undefined) throw new Error(`${name} does not convert ${typeName(typeOf(0))}`);
    return [convert(builder, from, NUMBER_TYPES[name], lowering.one(e.args[0] as TypedExpression))];
  }
  switch (name) {
    case 'str':
      return text(lowering, e.args, e, 'prelude');
    case 'print':
    case 'println': {
      const mark = appendAll(lowering, e.args, e, 'prelude');
      return runtime(lowering, 'textPrint', [mark, i32(name === 'println' ? 1 : 0)], e);
    }
    case 'Text.mark': {
      const [mark] = runtime(lowering, 'textMark', [], e);
      return [unary('i64', 'i32', 'extend_u', mark as Expression)];
    }
    case 'Text.take': {
      const mark = lowering.one(e.args[0] as TypedExpression);
      return runtime(lowering, 'textTake', [unary('i32', 'i64', 'wrap', mark)], e);
    }
    case '%own-equality?':
      return [i32(hasOwnEquality(lowering.program, typeOf(0)) ? 1 : 0)];
    case '%number?':
      return [i32(isNumber(typeOf(0)) ? 1 : 0)];
    case 'not':
      return [unary('i32', 'i32', 'eqz', lowering.one(e.args[0] as TypedExpression))];
    case 'error':
      lowering.failWith(lowering.one(e.args[0] as TypedExpression), e.span);
      return lowering.nothing(e.type);
    case 'type-of':
      lowering.effect(e.args[0] as TypedExpression);
      return [lowering.program.literal(typeName(typeOf(0)))];
    case 'same?': {
      const [a, b] = lowering.operands(e.args) as [Value, Value];
      return [same(lowering, typeOf(0), a, b, e.span)];
    }
    case '%alive?':
      return [isAlive(lowering, typeOf(0), e)];
    case 'mut-vec':
      return [makeMutVector(lowering, lowering.type(e.type), e.args, e.span)];
    case '%repeated': {
      const [count, item] = lowering.operands(e.args) as [Value, Value];
      return [makeRepeated(lowering, lowering.type(e.type), count[0] as Expression, item, e.span)];
    }
    case '%segments':
      return lowerSegments(lowering, name, lowering.type(e.type), [], e.span);
    case '%flat':
    case '%rope':
      return lowerRope(lowering, name, lowering.type(e.type), lowering.operands(e.args), e.span);
    case '%shown-key':
      if (!isShown(lowering.program, typeOf(0)))
        return [lowering.program.literal(`like this ${typeName(typeOf(0))}`)];
      return lowerPrimitive(lowering, '%quoted', e);
    case '%quoted': {
      const value = builder.stable(lowering.operands(e.args).flat(), 'shown');
      const [mark] = runtime(lowering, 'textMark', [], e);
      const begin = builder.stableOne(mark as Expression, 'mark');
      appendShown(lowering, typeOf(0), value, true, e.span, 'prelude');
      return runtime(lowering, 'textTake', [begin], e);
    }
    case 'own':
    case 'share': {
      const type = lowering.type(e.type);
      program.noteOwned(type);
      return makeOwned(lowering, type, () => lowering.one(e.args[0] as TypedExpression), e.span);
    }
    case 'drop!': {
      const value = builder.stable(lowering.value(e.args[0] as TypedExpression), 'dropped');
      dropValue(lowering, typeOf(0), value, e.span);
      return UNIT;
    }
    case '%take':
      return takeOut(lowering, ...(e.args as readonly [TypedExpression, TypedExpression]));
    case '%lend':
      return [lowerLoan(lowering, e.args[0] as TypedExpression)];
    case '%never':
      // Nothing runs here, so any value will do, and nothing that could fail keeps the function from being inlined.
      return lowering.nothing(e.type);
    case '%in-heap':
    case '%call-in-heap': {
      const [callee, ...args] = e.args as [TypedExpression, ...TypedExpression[]];
      const call: TypedExpression = { kind: 'call', callee, args, type: e.type, span: e.span };
      const within = (body: Statement[]): Statement => ({
        kind: 'within',
        region: 'heap',
        body,
        span: e.span,
      });
      return lowerGuarded(lowering, call, within);
    }
    case '%no-key':
      lowering.failWith(lowering.one(e.args[0] as TypedExpression), e.span, FAIL_KEY);
      return lowering.nothing(e.type);
    case '%each-sprite!': {
      const value = lowering.value(e.args[0] as TypedExpression);
      eachSpriteTo(lowering, typeOf(0), value, '%draw-later!', e.span);
      return UNIT;
    }
    case '%pick-each!':
      pickEach(lowering, typeOf(0), lowering.one(e.args[0] as TypedExpression), e.span);
      return UNIT;
    case '%appear!':
      appear(lowering, typeOf(0), lowering.one(e.args[0] as TypedExpression), e.span);
      return UNIT;
    case '%move-to!': {
      const [entity, ...at] = lowering.operands(e.args).flat() as [Expression, ...Expression[]];
      moveTo(lowering, typeOf(0), entity, at, e.span);
      return UNIT;
    }
    case '%find-place!':
      findPlace(lowering, typeOf(0), lowering.one(e.args[0] as TypedExpression), e.span);
      return UNIT;
    case '%attach!': {
      const [child, parent] = lowering.operands(e.args).flat() as [Expression, Expression];
      attach(lowering, [typeOf(0), typeOf(1)], [child, parent], e.span);
      return UNIT;
    }
    case '%detach!':
      detach(lowering, typeOf(0), lowering.one(e.args[0] as TypedExpression), e.span);
      return UNIT;
    case 'add-entity!':
      return addEntity(lowering, typeOf(0), lowering.one(e.args[0] as TypedExpression), e.span);
    case '%in-world?':
      return isInWorld(lowering, typeOf(0), lowering.one(e.args[0] as TypedExpression));
    case '%remove-all-entities!':
      return removeAllEntities(lowering, e.span);
    case 'remove-entity!':
      return removeEntity(lowering, typeOf(0), lowering.one(e.args[0] as TypedExpression), e.span);
    case '%segments-length':
    case '%segments-add!':
    case '%segments-clear!':
    case '%segment':
    case '%segment-set!':
    case '%segment-clear!':
      return lowerSegments(lowering, name, typeOf(0), lowering.operands(e.args), e.span);
    case '%flat-nth':
    case '%nth':
    case '%flat-set!':
    case '%flat-copy!':
    case '%rope?':
    case '%height':
    case '%left':
    case '%right':
      return lowerRope(lowering, name, typeOf(0), lowering.operands(e.args), e.span);
    case 'push!':
    case 'pop!':
    case '%clear!':
    case '%move!':
    case 'truncate!':
    case 'swap-remove!':
    case 'freeze':
    case '%taken':
    case 'reserve!':
      return lowerMutVector(lowering, name, e, typeOf(0));
  }
}

type MutVectorPrimitive =
  | 'push!'
  | 'pop!'
  | '%clear!'
  | '%move!'
  | 'truncate!'
  | 'swap-remove!'
  | 'freeze'
  | '%taken'
  | 'reserve!';

function lowerMutVector(
  lowering: FunctionLowering,
  name: MutVectorPrimitive,
  e: CallNode,
  type: Type,
): Value {
  const operands = lowering.operands(e.args);
  const [vector, argument] = operands;
  const target = vector?.[0] as Expression;
  switch (name) {
    case 'push!':
      push(lowering, type, target, argument ?? UNIT, e.span);
      return UNIT;
    case 'pop!':
      return pop(lowering, type, target, e.span);
    case '%clear!':
      truncate(lowering, type, target, { kind: 'constant', rep: 'i64', value: 0n }, e.span);
      return UNIT;
    case '%move!':
      moveElements(
        lowering,
        type,
        operands.map((v) => v[0] as Expression),
        e.span,
      );
      return UNIT;
    case 'truncate!':
      truncate(lowering, type, target, argument?.[0] as Expression, e.span);
      return UNIT;
    case 'swap-remove!':
      return swapRemove(lowering, type, [target, argument?.[0] as Expression], e.span);
    case 'freeze':
      return freeze(lowering, type, target, e.span);
    case '%taken':
      return takeElements(lowering, type, target, e.span);
    case 'reserve!':
      reserve(lowering, type, target, argument?.[0] as Expression, e.span);
      return UNIT;
  }
}
