/**
 * Mathematics: AssemblyScript's `Math`, computed with WebAssembly's arithmetic alone (its algorithms are those of musl's
 * libm), so that a result is the same bits on every machine; JavaScript's `Math.sin` may differ between browsers.
 */
export function sin(x: f64): f64 {
  return Math.sin(x);
}

export function cos(x: f64): f64 {
  return Math.cos(x);
}

export function tan(x: f64): f64 {
  return Math.tan(x);
}

export function asin(x: f64): f64 {
  return Math.asin(x);
}

export function acos(x: f64): f64 {
  return Math.acos(x);
}

export function atan(x: f64): f64 {
  return Math.atan(x);
}

export function atan2(y: f64, x: f64): f64 {
  return Math.atan2(y, x);
}

export function exp(x: f64): f64 {
  return Math.exp(x);
}

export function log(x: f64): f64 {
  return Math.log(x);
}

export function pow(x: f64, y: f64): f64 {
  return x ** y;
}

/** To the nearest whole number, halves away from zero. */
export function roundF64(x: f64): f64 {
  const whole = trunc(x);
  return abs(x - whole) >= 0.5 ? whole + copysign<f64>(1, x) : whole;
}

/** The remainder of division truncated towards zero, with the sign of `x`: exact, as C's fmod. */
export function remF64(x: f64, y: f64): f64 {
  return x % y;
}
