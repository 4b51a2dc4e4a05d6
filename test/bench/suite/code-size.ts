/** What a release image's functions come to. */

export interface CodeSize {
  readonly functions: number;
  readonly bytes: number;
}

const HEADER = 8;
const CODE_SECTION = 10;

/**
 * The functions of a WebAssembly module and the bytes of their code. Sections follow the header, each a byte that says which
 * it is, its length, and as many bytes; that of the code begins with the number of functions. Numbers are LEB128.
 */
export function codeSize(wasm: Uint8Array): CodeSize {
  let at = HEADER;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < wasm.length) {
    const section = number();
    const length = number();
    if (section === CODE_SECTION) return { functions: number(), bytes: length };
    at += length;
  }
  return { functions: 0, bytes: 0 };
}

/** What a program's image has beyond another's: that of a program that does nothing has the heap and little else. */
export function beyond(image: CodeSize, other: CodeSize): CodeSize {
  return { functions: image.functions - other.functions, bytes: image.bytes - other.bytes };
}
