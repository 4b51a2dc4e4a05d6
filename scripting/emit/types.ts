/** WebAssembly types of the representation's, and what values are at the border to the host. */
import binaryen from 'binaryen';
import type { HostType } from '../image/index.ts';
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

/** The components in which a value of the type crosses to the host. */
export function repsOf(type: HostType): Rep[] {
  switch (type.kind) {
    case 'unit':
      return [];
    case 'bool':
      return ['i32'];
    case 'number':
      if (type.type === 'i64' || type.type === 'u64') return ['i64'];
      return type.type === 'f32' || type.type === 'f64' ? [type.type] : ['i32'];
    case 'value':
    case 'tuple':
      return type.fields.flatMap((f) => repsOf(f.type));
    case 'shape':
      return [...type.reps];
    case 'string':
    case 'object':
    case 'opaque':
      return ['ref'];
  }
}
