/**
 * Decimal numbers rounded to 32-bit floats in one step. By way of a 64-bit one it is rounded twice, and that goes wrong where the
 * first step ends exactly in the middle between two 32-bit floats: then the second no longer knows on which side the number was.
 */

/** What comes after the largest finite one, as far as rounding is concerned. */
const BEYOND = 2 ** 128;

/** The 32-bit float nearest to the number that `word` spells, if not the one nearest to `value`, its 64-bit float; else undefined. */
export function singleOf(word: string, value: number): number | undefined {
  const near = Math.fround(value);
  if (near === value || !Number.isFinite(value)) return undefined;
  const other = neighbour(near, near < value);
  const [low, high] = near < other ? [near, other] : [other, near];
  if (finite(low) + (finite(high) - finite(low)) / 2 !== value) return undefined;
  const side = compare(word, value);
  const right = side < 0 ? low : high;
  return side === 0 || right === near ? undefined : right;
}

const finite = (single: number): number => (Number.isFinite(single) ? single : single > 0 ? BEYOND : -BEYOND);

/** The next 32-bit float above or below. */
function neighbour(single: number, above: boolean): number {
  const floats = new Float32Array([single]);
  const bits = new Int32Array(floats.buffer);
  if (single === 0) return above ? 2 ** -149 : -(2 ** -149);
  bits[0] = (bits[0] as number) + (above === single > 0 ? 1 : -1);
  return floats[0] as number;
}

/** Negative, zero or positive, as the number that a word spells is below, equal to or above a 64-bit float. */
function compare(word: string, value: number): number {
  const [, sign, whole = '', part = '', exponent = '0'] =
    /^([-+]?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(word.replaceAll('_', '')) ?? [];
  // word = digits * 10^ten, and value = quotient * 2^two: both become integers by what either lacks.
  const digits = BigInt(`${whole}${part}`) * (sign === '-' ? -1n : 1n);
  const ten = Number(exponent) - part.length;
  let two = 0;
  let quotient = value;
  while (!Number.isInteger(quotient)) {
    quotient *= 2;
    two += 1;
  }
  const left = digits * 10n ** BigInt(Math.max(ten, 0)) * 2n ** BigInt(two);
  const right = BigInt(quotient) * 10n ** BigInt(Math.max(-ten, 0));
  return left < right ? -1 : Number(left > right);
}
