/**
 * Leaves the heap's constant tables out of a release image whose code does not name them: letter case, digits of floats, mathematics. They
 * are half of a small image.
 *
 * A table is named by an address: the operand of an `i32.const`, or the offset of a load. The code is not decoded for that. Whatever
 * bytes could be one of the two count as one, so that an address which is there is never missed, and now and then a table is kept for
 * nothing. Constants may have been folded into an address, which then lies before its table: SLACK is more than any of them, and less
 * than lies between the last number that all code has, the size of a block, and the table of `exp`.
 */

const CODE_SECTION = 10;
const DATA_SECTION = 11;
const I32_CONST = 0x41;
const FIRST_LOAD = 0x28;
const LAST_LOAD = 0x35;
/** An alignment is the logarithm of at most 8 bytes. */
const LARGEST_ALIGNMENT = 3;
const SLACK = 128;

/** The module with the tables that it has no use for emptied. Segments keep their numbers. */
export function leaveOutUnusedData(wasm: Uint8Array): Uint8Array {
  const sections = sectionsOf(wasm);
  const code = sections.find(({ id }) => id === CODE_SECTION);
  const data = sections.find(({ id }) => id === DATA_SECTION);
  if (code === undefined || data === undefined) return wasm;
  const named = addressesIn(wasm.subarray(code.start, code.end));
  const isUsed = (from: number, to: number) =>
    named.some((address) => address >= from - SLACK && address < to);
  const reader = new Reader(wasm, data.start);
  const count = reader.unsigned();
  const content: Uint8Array[] = [unsigned(count)];
  for (let i = 0; i < count; i++) {
    const begin = reader.at;
    const isActive = reader.unsigned() === 0;
    // The address is a constant.
    if (isActive) reader.at += 1;
    const address = isActive ? reader.unsigned() : 0;
    if (isActive) reader.at += 1;
    const header = wasm.subarray(begin, reader.at);
    const size = reader.unsigned();
    const isKept = !isActive || isUsed(address, address + size);
    content.push(header, unsigned(isKept ? size : 0));
    if (isKept) content.push(wasm.subarray(reader.at, reader.at + size));
    reader.at += size;
  }
  const section = joined(content);
  return joined([
    wasm.subarray(0, data.header),
    Uint8Array.of(DATA_SECTION),
    unsigned(section.length),
    section,
    wasm.subarray(data.end),
  ]);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

interface Section {
  readonly id: number;
  /** Where the section begins, its content, and what follows. */
  readonly header: number;
  readonly start: number;
  readonly end: number;
}

function sectionsOf(wasm: Uint8Array): Section[] {
  const sections: Section[] = [];
  for (let at = 8; at < wasm.length; ) {
    const reader = new Reader(wasm, at + 1);
    const size = reader.unsigned();
    sections.push({ id: wasm[at] as number, header: at, start: reader.at, end: reader.at + size });
    at = reader.at + size;
  }
  return sections;
}

/** Every number in the code that may be an address: addresses of tables are positive, so LEB128 with and without sign agree on them. */
function addressesIn(code: Uint8Array): number[] {
  const found = new Set<number>();
  for (let at = 0; at + 1 < code.length; at++) {
    const opcode = code[at] as number;
    if (opcode === I32_CONST) found.add(new Reader(code, at + 1).unsigned());
    const isLoad = opcode >= FIRST_LOAD && opcode <= LAST_LOAD;
    if (isLoad && (code[at + 1] as number) <= LARGEST_ALIGNMENT)
      found.add(new Reader(code, at + 2).unsigned());
  }
  return [...found];
}

class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** LEB128, of which 32 bits count. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  }
}

function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
