/**
 * Which script position a code offset belongs to. Every module is given a name of its own before it is compiled, so
 * that a frame of a native stack trace says which module it lies in: after a reload, code of several generations runs
 * side by side and their offsets mean different things.
 */
import { decode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import type { InlinedEntry, SourcePosition } from '../image/index.ts';

/** A place that code stands for. */
export interface CodePlace {
  readonly position: SourcePosition;
  /** Where the code was put into another function: from the innermost call that it stands for to the outermost. */
  readonly calls: readonly Pick<InlinedEntry, 'function' | 'at'>[];
}

/** One compiled module's name in stack traces, and its source map. */
export class CodeModule {
  readonly name: string;
  readonly #sourceMap: string;
  readonly #inlined: readonly InlinedEntry[];
  #map: DecodedMap | undefined;

  constructor(name: string, sourceMap: string, inlined: readonly InlinedEntry[] = []) {
    this.name = name;
    this.#sourceMap = sourceMap;
    this.#inlined = inlined;
  }

  /** The place in the script of the instruction `offset` bytes into the module; undefined where it has none. */
  place(offset: number): CodePlace | undefined {
    if (this.#sourceMap === '') return undefined;
    // Parsed at the first failure only: a program that never fails never pays for it.
    this.#map ??= decodeMap(this.#sourceMap);
    const { sources, segments } = this.#map;
    const [, source, line, column] = lastUpTo(segments, offset) ?? [];
    if (source === undefined || line === undefined || column === undefined) return undefined;
    const position = { file: sources[source] ?? '', line: line + 1, column: column + 1 };
    return { position, calls: this.#callsTo(source) };
  }

  #callsTo(source: number): InlinedEntry[] {
    const calls: InlinedEntry[] = [];
    for (let within: number | undefined = source; within !== undefined; within = calls.at(-1)?.within) {
      const entry = this.#inlined.find((e) => e.source === within);
      if (entry === undefined) break;
      calls.push(entry);
    }
    return calls;
  }
}

/** A source map of WebAssembly: columns are bytes, and all of them are in the one line that there is. */
interface DecodedMap {
  readonly sources: readonly string[];
  /** In the order of their bytes. */
  readonly segments: readonly SourceMapSegment[];
}

function decodeMap(text: string): DecodedMap {
  const { sources, mappings } = JSON.parse(text) as { sources: string[]; mappings: string };
  return { sources, segments: decode(mappings)[0] ?? [] };
}

/** The last segment that begins at a byte or before it. */
function lastUpTo(segments: readonly SourceMapSegment[], offset: number): SourceMapSegment | undefined {
  let from = 0;
  let to = segments.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((segments[middle] as SourceMapSegment)[0] <= offset) from = middle + 1;
    else to = middle;
  }
  return segments[from - 1];
}

let generation = 0;

/** A name that no module of this process has had. */
export function freshModuleName(kind: string): string {
  generation += 1;
  return `${kind}-${generation}`;
}

const CUSTOM_SECTION = 0;
const HEADER_BYTES = 8;

/**
 * The same module under another name: the first entry of its `name` section (which follows the code, so that no code
 * offset changes). https://webassembly.github.io/spec/core/appendix/custom.html#name-section
 */
export function nameModule(wasm: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(name);
  const entry = [0, ...leb(text.length + lebSize(text.length)), ...leb(text.length), ...text];
  let at = HEADER_BYTES;
  while (at < wasm.length) {
    const id = wasm[at] as number;
    const [size, body] = readLeb(wasm, at + 1);
    const end = body + size;
    if (id === CUSTOM_SECTION) {
      const [length, title] = readLeb(wasm, body);
      const entries = title + length;
      if (new TextDecoder().decode(wasm.subarray(title, entries)) === 'name') {
        const rest = wasm.subarray(skipModuleName(wasm, entries, end), end);
        return concatenate(wasm.subarray(0, at), nameSection(entry, rest), wasm.subarray(end));
      }
    }
    at = end;
  }
  return concatenate(wasm, nameSection(entry, new Uint8Array()));
}

function skipModuleName(wasm: Uint8Array, at: number, end: number): number {
  if (at >= end || wasm[at] !== 0) return at;
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

/** The number at `at`, and the offset after it. */
function readLeb(bytes: Uint8Array, at: number): [value: number, next: number] {
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
