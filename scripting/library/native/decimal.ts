/**
 * The shortest decimal that reads back as a given float: among those in the float's rounding interval with the fewest
 * digits, the closest. The method is Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles", 2020): scale the
 * interval's ends by a power of ten so that they differ by less than ten, keep a bit for what is cut off, and look which
 * of four candidates lie inside. AssemblyScript's own printer is Grisu2, which misses the shortest one time in a
 * thousand, and would then print differently from JavaScript.
 *
 * Powers of ten are 128-bit numbers, 10^k / 2^(floor(log2 10^k) - 127) rounded up, for k from -292 to 324. They are computed
 * exactly, with long numbers, when the first float is printed: 10 KB that neither module nor page has to load.
 *
 *     power at POWERS_OF_TEN + 16 * (k + 292):   [high u64][low u64]
 */
import { cells } from '../../heap/cells.ts';
import { POWERS_OF_TEN } from '../../heap/layout.ts';
import { computePowers, LEAST_POWER } from './powers.ts';

const F64_FRACTION_BITS = 52;
const F64_BIAS = 1075;
const F32_FRACTION_BITS = 23;
const F32_BIAS = 150;

/**
 * The digits of the shortest decimal of a finite number that is not negative. The power of ten they are to be multiplied
 * by is left in the cell `decimalExponent`. There may be zeros at their end.
 */
export function shortestF64(value: f64): u64 {
  const bits = reinterpret<u64>(value);
  const fraction = bits & (((1 as u64) << F64_FRACTION_BITS) - 1);
  return shortest(fraction, (bits >>> F64_FRACTION_BITS) as i32, F64_FRACTION_BITS, F64_BIAS, true);
}

/** The same of an f32: often fewer digits than the same number has as an f64. */
export function shortestF32(value: f32): u64 {
  const bits = reinterpret<u32>(value);
  const fraction = bits & ((1 << F32_FRACTION_BITS) - 1);
  return shortest(fraction as u64, (bits >>> F32_FRACTION_BITS) as i32, F32_FRACTION_BITS, F32_BIAS, false);
}

function shortest(fraction: u64, biased: i32, fractionBits: u32, bias: i32, double: bool): u64 {
  const normal = biased !== 0;
  const c = normal ? fraction | ((1 as u64) << fractionBits) : fraction;
  const q = (normal ? biased : 1) - bias;
  if (c === 0) return result(0, 0);
  if (-q >= 0 && -q <= (fractionBits as i32) && (c & (((1 as u64) << -q) - 1)) === 0)
    return result(c >>> -q, 0);

  // The interval's ends and middle, times four: the lower neighbour of a power of two is closer.
  const closer = fraction === 0 && biased > 1;
  const k = floorLog10Pow2(q, closer);
  const shift = q + floorLog2Pow10(-k) + 1;
  const low = scale(-k, (c * 4 - (closer ? 1 : 2)) << shift, double);
  const middle = scale(-k, (c * 4) << shift, double);
  const high = scale(-k, (c * 4 + 2) << shift, double);
  // Ends belong to the interval where ties go to this number: where its fraction is even.
  const lower = low + (c & 1);
  const upper = high - (c & 1);

  const s = middle >>> 2;
  if (s >= 10) {
    // Is a multiple of ten inside? Then it has a digit less than all others.
    const tens = s / 10;
    const floorInside = lower <= tens * 40;
    const ceilingInside = tens * 40 + 40 <= upper;
    if (floorInside !== ceilingInside) return result(tens + (ceilingInside ? 1 : 0), k + 1);
  }
  const floorInside = lower <= s * 4;
  const ceilingInside = s * 4 + 4 <= upper;
  if (floorInside !== ceilingInside) return result(s + (ceilingInside ? 1 : 0), k);
  // Both or neither are inside: the closer one, on a tie the even one.
  const half = s * 4 + 2;
  const up = middle > half || (middle === half && (s & 1) !== 0);
  return result(s + (up ? 1 : 0), k);
}

function result(digits: u64, exponent: i32): u64 {
  cells.decimalExponent = exponent;
  return digits;
}

/** The integer part of `value` times the power of ten, its last bit set where a part was cut off ("rounding to odd"). */
function scale(power: i32, value: u64, double: bool): u64 {
  const entry = powerOfTen(power);
  const high = load<u64>(entry);
  const low = load<u64>(entry, 8);
  if (!double) {
    // 64 bits of the power are enough for an f32, rounded up again; `value` has at most 32.
    const rounded = high + (low !== 0 ? 1 : 0);
    const upper = multiplyHigh(rounded, value);
    const whole = (upper << 32) | ((rounded * value) >>> 32);
    return (whole >>> 32) | ((whole & 0xffffffff) > 1 ? 1 : 0);
  }
  const carried = multiplyHigh(low, value);
  const lower = high * value + carried;
  const upper = multiplyHigh(high, value) + (lower < carried ? 1 : 0);
  return upper | (lower > 1 ? 1 : 0);
}

/** The high 64 bits of a product of 128. */
function multiplyHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >>> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >>> 32;
  const low = aLow * bLow;
  const cross = aHigh * bLow + (low >>> 32);
  const crossed = aLow * bHigh + (cross & 0xffffffff);
  return aHigh * bHigh + (cross >>> 32) + (crossed >>> 32);
}

/** floor(log10(2^q)), or of three quarters of it. The constants are exact for all exponents of an f64. */
function floorLog10Pow2(q: i32, threeQuarters: bool): i32 {
  return (q * 1262611 - (threeQuarters ? 524031 : 0)) >> 22;
}

/** floor(log2(10^k)). */
function floorLog2Pow10(k: i32): i32 {
  return (k * 1741647) >> 19;
}

function powerOfTen(k: i32): usize {
  if (load<u64>(POWERS_OF_TEN) === 0) computePowers();
  return POWERS_OF_TEN + (((k - LEAST_POWER) as usize) << 4);
}
