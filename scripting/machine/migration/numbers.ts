/** Numbers that take another type: only where they stay the same number. */
import type { Raw } from '../convert.ts';

const INTEGERS: Readonly<Record<string, readonly [low: bigint, high: bigint]>> = {
  i8: [-(1n << 7n), (1n << 7n) - 1n],
  i16: [-(1n << 15n), (1n << 15n) - 1n],
  i32: [-(1n << 31n), (1n << 31n) - 1n],
  i64: [-(1n << 63n), (1n << 63n) - 1n],
  u8: [0n, (1n << 8n) - 1n],
  u16: [0n, (1n << 16n) - 1n],
  u32: [0n, (1n << 32n) - 1n],
  u64: [0n, (1n << 64n) - 1n],
};

const isFloat = (type: string): boolean => type === 'f32' || type === 'f64';

export const isNumber = (type: string): boolean => isFloat(type) || type in INTEGERS;

/** The number as another type has it; undefined where that has no such number. */
export function convertNumber(value: Raw, from: string, to: string): Raw | undefined {
  const number = isFloat(from) ? Number(value) : integer(value, from);
  if (isFloat(to)) return float(number, to);
  if (typeof number === 'number' && !Number.isInteger(number)) return undefined;
  const whole = BigInt(number);
  const [low, high] = INTEGERS[to] as readonly [bigint, bigint];
  if (whole < low || whole > high || Object.is(number, -0)) return undefined;
  return to === 'i64' || to === 'u64' ? whole : Number(whole);
}

function integer(value: Raw, type: string): bigint {
  if (type === 'u64') return BigInt.asUintN(64, BigInt(value));
  return type === 'u32' ? BigInt(Number(value) >>> 0) : BigInt(value);
}

function float(number: number | bigint, to: string): number | undefined {
  const near = to === 'f32' ? Math.fround(Number(number)) : Number(number);
  if (typeof number === 'number') return Object.is(near, number) ? near : undefined;
  return Number.isFinite(near) && BigInt(near) === number ? near : undefined;
}

/** As people write it. */
export function numberText(value: Raw, type: string): string {
  return String(isFloat(type) ? value : integer(value, type));
}
