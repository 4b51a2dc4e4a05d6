/** WebAssembly types of the representation's. */
import binaryen from 'binaryen';
import type { Rep } from '../ir/index.ts';

export const REP_TYPES: Readonly<Record<Rep, binaryen.Type>> = {
  i32: binaryen.i32,
  i64: binaryen.i64,
  f32: binaryen.f32,
  f64: binaryen.f64,
  ref: binaryen.i32,
};

export function resultType(reps: readonly Rep[]): binaryen.Type {
  if (reps.length === 0) return binaryen.none;
  return reps.length === 1 ? REP_TYPES[reps[0] as Rep] : binaryen.createType(reps.map((r) => REP_TYPES[r]));
}
