/**
 * The names in a WebAssembly module, which stack traces and profilers show. They follow the code, so that no code offset changes with them.
 * https://webassembly.github.io/spec/core/appendix/custom.html#name-section
 */
import { HEADER_BYTES, readLeb } from './sections.ts';

const CUSTOM_SECTION = 0;

/** Subsections: the module's own name, and those of its functions. */
const MODULE = 0;
const FUNCTIONS = 1;

/** The same module under another name: the first subsection of its names. */
export function nameModule(wasm: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(name);
  const entry = [MODULE, ...leb(text.length + lebSize(text.length)), ...leb(text.length), ...text];
  const { from, entries, end } = findNames(wasm);
  const rest = wasm.subarray(skipModuleName(wasm, entries, end), end);
  return concatenate(wasm.subarray(0, from), nameSection(entry, rest), wasm.subarray(end));
}

/** The same module without names but those of functions, and of these such as `keep` is true for. */
export function keepFunctionNames(
  wasm: Uint8Array,
  keep: (name: string) => boolean,
): Uint8Array<ArrayBuffer> {
  const { from, entries, end } = findNames(wasm);
  const kept: Uint8Array[] = [];
  for (let at = entries; at < end; ) {
    const [size, body] = readLeb(wasm, at + 1);
    if (wasm[at] === FUNCTIONS) kept.push(...functionNames(wasm, body, keep));
    at = body + size;
  }
  const names = concatenate(new Uint8Array(leb(kept.length)), ...kept);
  const head = [FUNCTIONS, ...leb(names.length)];
  return concatenate(wasm.subarray(0, from), nameSection(head, names), wasm.subarray(end));
}

/** Entries of functions' names, each a number, a length and a text, that `keep` is true for. */
function functionNames(wasm: Uint8Array, body: number, keep: (name: string) => boolean): Uint8Array[] {
  const kept: Uint8Array[] = [];
  const [count, first] = readLeb(wasm, body);
  for (let i = 0, at = first; i < count; i++) {
    const [, length] = readLeb(wasm, at);
    const [bytes, text] = readLeb(wasm, length);
    const end = text + bytes;
    if (keep(new TextDecoder().decode(wasm.subarray(text, end)))) kept.push(wasm.subarray(at, end));
    at = end;
  }
  return kept;
}

/** Where the section begins, its entries, and its end; all three are the module's end where it has none. */
function findNames(wasm: Uint8Array): {
  readonly from: number;
  readonly entries: number;
  readonly end: number;
} {
  for (let from = HEADER_BYTES; from < wasm.length; ) {
    const [size, body] = readLeb(wasm, from + 1);
    const end = body + size;
    if (wasm[from] === CUSTOM_SECTION) {
      const [length, title] = readLeb(wasm, body);
      const entries = title + length;
      if (new TextDecoder().decode(wasm.subarray(title, entries)) === 'name') return { from, entries, end };
    }
    from = end;
  }
  return { from: wasm.length, entries: wasm.length, end: wasm.length };
}

function skipModuleName(wasm: Uint8Array, at: number, end: number): number {
  if (at >= end || wasm[at] !== MODULE) return at;
  const [size, body] = readLeb(wasm, at + 1);
  return body + size;
}

function nameSection(entry: readonly number[], rest: Uint8Array): Uint8Array {
  const title = [4, ...new TextEncoder().encode('name')];
  const size = title.length + entry.length + rest.length;
  return concatenate(new Uint8Array([CUSTOM_SECTION, ...leb(size), ...title, ...entry]), rest);
}

function concatenate(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

function lebSize(value: number): number {
  return leb(value).length;
}
