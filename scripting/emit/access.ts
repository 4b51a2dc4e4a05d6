/** Loads and stores of memory, by how a component is stored. */
import type binaryen from 'binaryen';
import type { Stored } from '../ir/index.ts';

type Code = binaryen.ExpressionRef;

export function loadStored(m: binaryen.Module, stored: Stored, address: Code, offset: number): Code {
  switch (stored) {
    case 'i8s':
      return m.i32.load8_s(offset, 1, address);
    case 'i8u':
      return m.i32.load8_u(offset, 1, address);
    case 'i16s':
      return m.i32.load16_s(offset, 2, address);
    case 'i16u':
      return m.i32.load16_u(offset, 2, address);
    case 'i64':
      return m.i64.load(offset, 8, address);
    case 'f32':
      return m.f32.load(offset, 4, address);
    case 'f64':
      return m.f64.load(offset, 8, address);
    default:
      return m.i32.load(offset, 4, address);
  }
}

export function storeStored(
  m: binaryen.Module,
  stored: Stored,
  address: Code,
  offset: number,
  value: Code,
): Code {
  switch (stored) {
    case 'i8s':
    case 'i8u':
      return m.i32.store8(offset, 1, address, value);
    case 'i16s':
    case 'i16u':
      return m.i32.store16(offset, 2, address, value);
    case 'i64':
      return m.i64.store(offset, 8, address, value);
    case 'f32':
      return m.f32.store(offset, 4, address, value);
    case 'f64':
      return m.f64.store(offset, 8, address, value);
    default:
      return m.i32.store(offset, 4, address, value);
  }
}

/** A shared word of `layout.ts`. */
export function loadCell(m: binaryen.Module, address: number): Code {
  return m.i32.load(0, 4, m.i32.const(address));
}

export function storeCell(m: binaryen.Module, address: number, value: Code): Code {
  return m.i32.store(0, 4, m.i32.const(address), value);
}
