/** Arithmetic, comparison and conversion of the ten number types, as WebAssembly operators. */
import type { Expression, Rep, RuntimeName } from '../ir/index.ts';
import { type Span, singleOf } from '../syntax/index.ts';
import type { NumberName } from '../types/index.ts';
import { binary, type FunctionBuilder, get, i32, unary } from './builder.ts';

export interface NumberType {
  readonly rep: 'i32' | 'i64' | 'f32' | 'f64';
  readonly signed: boolean;
  readonly bits: number;
  readonly float: boolean;
}

const int = (rep: 'i32' | 'i64', signed: boolean, bits: number): NumberType => ({
  rep,
  signed,
  bits,
  float: false,
});

/** By name; any other name has none. */
export const NUMBER_TYPES: Readonly<Record<NumberName, NumberType>> & Readonly<Record<string, NumberType>> = {
  i8: int('i32', true, 8),
  i16: int('i32', true, 16),
  i32: int('i32', true, 32),
  i64: int('i64', true, 64),
  u8: int('i32', false, 8),
  u16: int('i32', false, 16),
  u32: int('i32', false, 32),
  u64: int('i64', false, 64),
  f32: { rep: 'f32', signed: true, bits: 32, float: true },
  f64: { rep: 'f64', signed: true, bits: 64, float: true },
};

export function zero(rep: Rep): Expression {
  if (rep === 'ref') return { kind: 'null', rep };
  if (rep === 'i64') return { kind: 'constant', rep, value: 0n };
  return { kind: 'constant', rep, value: 0 };
}

export function numberLiteral(type: NumberType, value: bigint | number, single?: number): Expression {
  if (type.rep === 'f32') {
    const rounded = single ?? (typeof value === 'bigint' ? singleOf(`${value}`, Number(value)) : undefined);
    return { kind: 'constant', rep: 'f32', value: rounded ?? Math.fround(Number(value)) };
  }
  if (type.float) return { kind: 'constant', rep: 'f64', value: Number(value) };
  const whole = BigInt.asIntN(type.rep === 'i64' ? 64 : 32, BigInt(value));
  return type.rep === 'i64'
    ? { kind: 'constant', rep: 'i64', value: whole }
    : { kind: 'constant', rep: 'i32', value: Number(whole) };
}

/** Integers narrower than their local are kept as the number they stand for: cut to size after every operation. */
function normalise(type: NumberType, value: Expression): Expression {
  if (type.float || type.bits >= 32) return value;
  if (type.signed) return unary('i32', 'i32', type.bits === 8 ? 'extend8_s' : 'extend16_s', value);
  return binary('i32', 'and', value, i32(type.bits === 8 ? 0xff : 0xffff));
}

/** Shifts count modulo the width; WebAssembly does that itself for the widths that it has. */
function shiftCount(type: NumberType, count: Expression): Expression {
  return type.bits >= 32 ? count : binary('i32', 'and', count, i32(type.bits - 1));
}

const ARITHMETIC: Readonly<Record<string, string>> = { '+': 'add', '-': 'sub', '*': 'mul' };
const BITS: Readonly<Record<string, string>> = { 'bit-and': 'and', 'bit-or': 'or', 'bit-xor': 'xor' };
const COMPARISONS: Readonly<Record<string, string>> = { '<': 'lt', '>': 'gt', '<=': 'le', '>=': 'ge' };
const ROUNDING: Readonly<Record<string, string>> = {
  sqrt: 'sqrt',
  floor: 'floor',
  ceil: 'ceil',
  trunc: 'trunc',
};
const MATHEMATICS: readonly RuntimeName[] = [
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'atan2',
  'exp',
  'log',
  'pow',
];

/**
 * A method of Num, Eq, Ord, Bits or Real at a number type; undefined where there is none of that name.
 */
export function numberMethod(
  builder: FunctionBuilder,
  type: NumberType,
  method: string,
  args: readonly Expression[],
  span: Span,
): Expression | undefined {
  const [a, b] = args as [Expression, Expression];
  const { rep } = type;
  const arithmetic = ARITHMETIC[method];
  if (arithmetic !== undefined) return normalise(type, binary(rep, arithmetic, a, b));
  const bits = BITS[method];
  if (bits !== undefined) return binary(rep, bits, a, b);
  const comparison = COMPARISONS[method];
  if (comparison !== undefined) {
    return binary(rep, type.float ? comparison : `${comparison}_${type.signed ? 's' : 'u'}`, a, b, 'i32');
  }
  switch (method) {
    case '=':
      return binary(rep, 'eq', a, b, 'i32');
    case '/':
      return type.float ? binary(rep, 'div', a, b) : normalise(type, divide(type, 'div', a, b, span));
    case 'rem':
      return type.float ? floatRemainder(type, a, b, span) : divide(type, 'rem', a, b, span);
    case 'mod':
      return modulo(builder, type, a, b, span);
    case 'negate':
      if (type.float) return unary(rep, rep, 'neg', a);
      return normalise(type, binary(rep, 'sub', zero(rep), a));
    case 'abs': {
      if (type.float) return unary(rep, rep, 'abs', a);
      if (!type.signed) return a;
      const held = builder.stableOne(a, 'abs');
      return normalise(
        type,
        choose(binary(rep, 'lt_s', held, zero(rep), 'i32'), binary(rep, 'sub', zero(rep), held), held),
      );
    }
    case 'min':
    case 'max': {
      if (type.float) return binary(rep, method, a, b);
      const [x, y] = builder.stable([a, b], method) as [Expression, Expression];
      const op = `${method === 'min' ? 'lt' : 'gt'}_${type.signed ? 's' : 'u'}`;
      return choose(binary(rep, op, x, y, 'i32'), x, y);
    }
    case 'bit-not':
      return normalise(type, binary(rep, 'xor', a, numberLiteral(type, -1)));
    case 'shl':
      return normalise(type, binary(rep, 'shl', a, shiftCount(type, b)));
    case 'shr':
      return binary(rep, type.signed ? 'shr_s' : 'shr_u', a, shiftCount(type, b));
    default:
      break;
  }
  if (!type.float) return undefined;
  const rounding = ROUNDING[method];
  if (rounding !== undefined) return unary(rep, rep, rounding, a);
  if (method === 'round') return throughF64(type, 'roundF64', [a], span);
  const named = MATHEMATICS.find((name) => name === method);
  return named === undefined ? undefined : throughF64(type, named, args, span);
}

/** Mathematics is computed in f64 whatever the type, so that f32 needs no second library. */
function throughF64(
  type: NumberType,
  name: RuntimeName,
  args: readonly Expression[],
  span: Span,
): Expression {
  const wide = type.rep === 'f32' ? args.map((a) => unary('f64', 'f32', 'promote', a)) : args;
  const result: Expression = {
    kind: 'call',
    rep: 'f64',
    call: { to: 'runtime', name, args: wide, reps: ['f64'], span },
  };
  return type.rep === 'f32' ? unary('f32', 'f64', 'demote', result) : result;
}

function floatRemainder(type: NumberType, a: Expression, b: Expression, span: Span): Expression {
  return throughF64(type, 'remF64', [a, b], span);
}

function divide(
  type: NumberType,
  op: 'div' | 'rem',
  left: Expression,
  right: Expression,
  span: Span,
): Expression {
  return {
    kind: 'divide',
    rep: type.rep as 'i32' | 'i64',
    op: `${op}_${type.signed ? 's' : 'u'}`,
    left,
    right,
    span,
  };
}

/** The remainder with the divisor's sign, as Clojure's and Lua's `mod`. */
function modulo(
  builder: FunctionBuilder,
  type: NumberType,
  a: Expression,
  b: Expression,
  span: Span,
): Expression {
  const { rep } = type;
  if (!type.float && !type.signed) return divide(type, 'rem', a, b, span);
  const [x, divisor] = builder.stable([a, b], 'mod') as [Expression, Expression];
  const local = builder.local('remainder', rep);
  const raw = type.float ? floatRemainder(type, x, divisor, span) : divide(type, 'rem', x, divisor, span);
  builder.set(local, raw);
  const remainder = get(local);
  const lower = (e: Expression) => binary(rep, type.float ? 'lt' : 'lt_s', e, zero(rep), 'i32');
  const differs = binary('i32', 'ne', lower(remainder), lower(divisor));
  const nonzero = binary(rep, 'ne', remainder, zero(rep), 'i32');
  return choose(binary('i32', 'and', differs, nonzero), binary(rep, 'add', remainder, divisor), remainder);
}

function choose(condition: Expression, yes: Expression, no: Expression): Expression {
  return { kind: 'if-expression', rep: yes.rep as Rep, condition, then: yes, else: no };
}

/** Conversion between number types: integers wrap, floats truncate and saturate, NaN returns 0. */
export function convert(
  builder: FunctionBuilder,
  from: NumberType,
  to: NumberType,
  value: Expression,
): Expression {
  if (from.float && to.float) {
    if (from.rep === to.rep) return value;
    return unary(to.rep, from.rep, to.rep === 'f32' ? 'demote' : 'promote', value);
  }
  if (to.float) return unary(to.rep, from.rep, `convert_${from.signed ? 's' : 'u'}.${from.rep}`, value);
  if (from.float) return saturate(builder, from, to, value);
  if (from.rep === to.rep)
    return from.bits > to.bits || from.signed !== to.signed ? normalise(to, value) : value;
  if (to.rep === 'i64') return unary('i64', 'i32', from.signed ? 'extend_s' : 'extend_u', value);
  return normalise(to, unary('i32', 'i64', 'wrap', value));
}

function saturate(builder: FunctionBuilder, from: NumberType, to: NumberType, value: Expression): Expression {
  const signed = to.signed || to.bits < 32;
  const wide = unary(to.rep, from.rep, `trunc_${signed ? 's' : 'u'}_sat.${from.rep}`, value);
  if (to.bits >= 32) return wide;
  const low = to.signed ? -(2 ** (to.bits - 1)) : 0;
  const high = to.signed ? 2 ** (to.bits - 1) - 1 : 2 ** to.bits - 1;
  const held = builder.stableOne(wide, 'whole');
  const above = choose(binary('i32', 'gt_s', held, i32(high), 'i32'), i32(high), held);
  return choose(binary('i32', 'lt_s', held, i32(low), 'i32'), i32(low), above);
}
