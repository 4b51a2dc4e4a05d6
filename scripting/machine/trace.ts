/**
 * Script stack traces from native ones. Engines write a WebAssembly frame as
 *
 *     at sluice-1.pick (wasm://wasm/sluice-1-a5f0126a:wasm-function[12]:0x3c)       V8
 *     pick@http://host/page.js line 3 > WebAssembly.Module:wasm-function[12]:0x3c   Firefox
 *     <?>.wasm-function[pick]@[wasm code]                                           Safari
 *
 * where the number after the colon is the offset into the module's bytes. Safari gives none, so there the frames have
 * names only.
 */
import { printPosition, type SourcePosition } from '../image/index.ts';
import type { CodePlace, Places } from './places.ts';

/** Code that frames may lie in. */
interface Traced {
  readonly name: string;
  readonly places: Places | undefined;
}

export interface ScriptFrame {
  /** As the script calls it; '' where that is not known. */
  readonly function: string;
  /** Undefined where the browser does not tell. */
  readonly position: SourcePosition | undefined;
}

const FRAME =
  /^\s*(?:at (?:(?<v8>.*) \()?|(?<firefox>[^\n]*?)@)(?<url>.*):wasm-function\[\d+\](?::0x(?<offset>[0-9a-f]+))?/;

const SAFARI_FRAME = /wasm-function\[(?<name>.+)\]@\[wasm code\]/;

/** The frames of a native stack's text that lie in script code, innermost first. */
export function readTrace(stack: string, modules: readonly Traced[]): ScriptFrame[] {
  const frames: ScriptFrame[] = [];
  for (const line of stack.split('\n')) {
    const found = FRAME.exec(line)?.groups;
    const nameOnly = SAFARI_FRAME.exec(line)?.groups?.name;
    // The heap's functions are named by the paths of their files; a built page's have no names, and numbers stand for them.
    if (nameOnly !== undefined && !/\/|^\d+$/.test(nameOnly))
      frames.push({ function: withoutNumber(nameOnly), position: undefined });
    if (found === undefined) continue;
    const { url = '', offset } = found;
    const at = offset === undefined ? undefined : Number.parseInt(offset, 16);
    const name = found.v8 ?? found.firefox ?? '';
    const owner = modules.find(
      (module) => url.includes(`${module.name}-`) || name.startsWith(`${module.name}.`),
    );
    const place = at === undefined ? undefined : findPlace(at, url, owner, modules);
    // Code without a script position is the heap's or the compiler's own: of no interest to a script's author.
    if (place === undefined && at !== undefined) continue;
    let position = place?.position;
    for (const call of place?.calls ?? []) {
      frames.push({ function: call.function, position });
      position = call.at;
    }
    frames.push({ function: scriptName(name, owner?.name ?? ''), position });
  }
  return frames;
}

function findPlace(
  offset: number,
  url: string,
  owner: Traced | undefined,
  modules: readonly Traced[],
): CodePlace | undefined {
  if (owner !== undefined) return owner.places?.place(offset);
  // V8 names the module in the address; where it did not, the frame belongs to none of ours.
  if (url.startsWith('wasm://')) return undefined;
  for (let i = modules.length - 1; i >= 0; i--) {
    const place = modules[i]?.places?.place(offset);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** '' for a function without a name: V8 gives the module's own then, Firefox the function's number. */
function scriptName(name: string, module: string): string {
  if (name === module || /^wasm-function\[\d+\]$/.test(name)) return '';
  return withoutNumber(name.startsWith(`${module}.`) ? name.slice(module.length + 1) : name);
}

/** Functions of one name, as those of two modules or one function at two types, are numbered: `pick#2`. No script's name has a `#`. */
function withoutNumber(name: string): string {
  return name.replace(/#\d+$/, '');
}

/** A stretch of a trace: `frames` in order, and how often the whole stretch stands in it, one after the other. */
interface TraceStretch {
  readonly frames: readonly ScriptFrame[];
  readonly times: number;
}

/** How many functions that call one another in a circle are still seen as one recursion. */
const LONGEST_CIRCLE = 8;

/** The same trace with recursions folded. */
export function foldTrace(frames: readonly ScriptFrame[]): TraceStretch[] {
  const keys = frames.map(
    ({ function: name, position }) => `${name}@${position?.file}:${position?.line}:${position?.column}`,
  );
  const stretches: TraceStretch[] = [];
  for (let at = 0; at < frames.length; ) {
    const { length, times } = longestRepetition(keys, at);
    stretches.push({ frames: frames.slice(at, at + length), times });
    at += length * times;
  }
  return stretches;
}

/** The circle at `at` that covers most frames, if it stands there at least three times; else one frame. */
function longestRepetition(keys: readonly string[], at: number): { length: number; times: number } {
  let best = { length: 1, times: 1 };
  for (let length = 1; length <= LONGEST_CIRCLE; length++) {
    let end = at + length;
    while (end < keys.length && keys[end] === keys[end - length]) end += 1;
    const times = Math.floor((end - at) / length);
    if (times >= 3 && length * times > best.length * best.times) best = { length, times };
  }
  return best;
}

function printFrame(name: string, position: SourcePosition | undefined): string {
  if (position === undefined) return name;
  return name === '' ? printPosition(position) : `${name} (${printPosition(position)})`;
}

/** A trace for people: one line a frame, indented by two. `cut` says that the engine gave no more frames. */
export function printTrace(frames: readonly ScriptFrame[], cut: boolean): string {
  const lines: string[] = [];
  for (const { frames: stretch, times } of foldTrace(frames)) {
    for (const { function: name, position } of stretch) lines.push(`  at ${printFrame(name, position)}`);
    if (times > 1) {
      const what = stretch.length === 1 ? 'the line above' : `the ${stretch.length} lines above`;
      lines.push(`  ... ${what} ${times - 1} more times`);
    }
  }
  if (cut) lines.push('  ... and so on');
  return lines.join('\n');
}
