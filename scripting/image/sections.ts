/**
 * What lies where in a WebAssembly module.
 * https://webassembly.github.io/spec/core/binary/modules.html
 */

/** Bytes in front of the first section. */
export const HEADER_BYTES = 8;

const CODE_SECTION = 10;

/** Where a function's code lies: bytes from the module's beginning, as source maps and profilers count. */
export interface FunctionBody {
  readonly from: number;
  /** The first byte after it. */
  readonly to: number;
}

/** The bodies of a module's own functions, in their order. */
export function functionBodies(wasm: Uint8Array): FunctionBody[] {
  for (let at = HEADER_BYTES; at < wasm.length; ) {
    const [size, body] = readLeb(wasm, at + 1);
    if (wasm[at] === CODE_SECTION) return bodiesAt(wasm, body);
    at = body + size;
  }
  return [];
}

function bodiesAt(wasm: Uint8Array, section: number): FunctionBody[] {
  const bodies: FunctionBody[] = [];
  let [count, at] = readLeb(wasm, section);
  for (; count > 0; count -= 1) {
    const [size, from] = readLeb(wasm, at);
    at = from + size;
    bodies.push({ from, to: at });
  }
  return bodies;
}

/** The unsigned LEB128 number at `at`, and the offset after it. */
export function readLeb(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  let shift = 0;
  let next = at;
  for (;;) {
    const byte = bytes[next++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value >>> 0, next];
    shift += 7;
  }
}
