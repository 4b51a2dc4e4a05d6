/** Which place of a script code belongs to: by its offset, and by the number of what failed. */
import { decode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import type { DebugInfo, InlinedEntry, SourcePosition, TypeEntry } from '../image/index.ts';

/** A place that code stands for. */
export interface CodePlace {
  readonly position: SourcePosition;
  /** Where the code was put into another function: from the innermost call that it stands for to the outermost. */
  readonly calls: readonly Pick<InlinedEntry, 'function' | 'at'>[];
}

export class Places {
  readonly #info: DebugInfo;
  #map: DecodedMap | undefined;

  constructor(info: DebugInfo) {
    this.#info = info;
  }

  /** Those of descriptors, by the numbers that they have there. */
  get types(): readonly TypeEntry[] {
    return this.#info.types;
  }

  /** The place of a site that can fail. */
  site(number: number): SourcePosition | undefined {
    return this.#info.sites[number];
  }

  /** The place in the script of the instruction `offset` bytes into the module; undefined where it has none. */
  place(offset: number): CodePlace | undefined {
    const { sourceMap } = this.#info;
    if (sourceMap === '') return undefined;
    // Parsed at the first failure only: a program that never fails never pays for it.
    this.#map ??= decodeMap(sourceMap);
    const { sources, segments } = this.#map;
    const [, source, line, column] = lastUpTo(segments, offset) ?? [];
    if (source === undefined || line === undefined || column === undefined) return undefined;
    const position = { file: sources[source] ?? '', line: line + 1, column: column + 1 };
    return { position, calls: this.#callsTo(source) };
  }

  #callsTo(source: number): InlinedEntry[] {
    const calls: InlinedEntry[] = [];
    for (let within: number | undefined = source; within !== undefined; within = calls.at(-1)?.within) {
      const entry = this.#info.inlined.find((e) => e.source === within);
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
