/**
 * The bits of a number as an integer that is in the same order: what is less as a number is less as an integer. 0 and -0 are
 * equal; what is no number lies beyond the infinities.
 */
export function orderBits(value: f64): i64 {
  const bits = reinterpret<i64>(value + 0);
  return bits >= 0 ? bits : bits ^ i64.MAX_VALUE;
}
