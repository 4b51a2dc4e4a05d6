/**
 * The script's functions on a native stack. V8 names a function and says where in the module its code lies; the image's source map says
 * whose that is, as for stack traces. Code without a place in a script is the heap's or the compiler's own, and counts to who called it.
 *
 *     native     loop.step > js-to-wasm > frame > slow > map-set! > scripting/heap/.../allocate
 *     path                                frame > slow > map-set!
 *     owner                                       slow                the innermost that no library has
 *     in heap                                                         true
 */
import {
  debugInfoIn,
  type FunctionBody,
  functionBodies,
  type Image,
  isDerivedName,
  isLibraryFile,
} from '../../image/index.ts';
import { fetchTracing, type Places } from '../../machine/index.ts';
import { HOST_CALL } from './host-calls.ts';
import type { ProfiledFunction, SiteStep } from './recording.ts';
import type { NativeFrame, NativeFunction } from './sampler.ts';

export interface ScriptStack {
  /** Indices of functions, from the outermost; none where nothing of the script runs. */
  readonly path: readonly number[];
  /** Whose own time this is. */
  readonly owner: number | undefined;
  /** Whether it is the heap that runs, called by the owner. */
  readonly inHeap: boolean;
  /** Whether the script waits for a function of the host. */
  readonly inHost: boolean;
}

const NOTHING: ScriptStack = { path: [], owner: undefined, inHeap: false, inHost: false };

/** A program's module, by the address that V8 gives it; the name is the machine's (`named`). */
const PROGRAM = /^wasm:\/\/wasm\/(?<module>sluice-\d+)-/;
/** The same name in a stack's text. */
const PROGRAM_NAME = /\bsluice-\d+\b/;
/** What V8 puts between JavaScript and WebAssembly has the address of the module too. */
const BETWEEN = /^(js-to-wasm|wasm-to-js)\b/;
/** A frame of a stack's text. */
const IN_STACK = /at (?<name>.*) \((?<url>wasm:.*):wasm-function\[\d+\]:0x(?<offset>[0-9a-f]+)\)/;
const HEAP_FILE = 'scripting/heap/';

type ReadTrace = Awaited<ReturnType<typeof fetchTracing>>['readTrace'];

export class ScriptStacks {
  /** Those that were met, by index. */
  readonly functions: ProfiledFunction[] = [];
  readonly #places: Places;
  readonly #readTrace: ReadTrace;
  readonly #bodies: readonly FunctionBody[];
  readonly #known = new Map<NativeFrame, ScriptStack>();
  readonly #indices = new Map<string, number | undefined>();
  readonly #library = new Set<number>();

  private constructor(image: Image, places: Places, readTrace: ReadTrace) {
    this.#places = places;
    this.#readTrace = readTrace;
    this.#bodies = functionBodies(image.wasm);
  }

  static async of(image: Image): Promise<ScriptStacks> {
    const { Places, readTrace } = await fetchTracing();
    return new ScriptStacks(image, new Places(debugInfoIn(image)), readTrace);
  }

  /** Whether a function comes with the language, or is one that a type has without an instance. */
  isLibrary(index: number): boolean {
    return this.#library.has(index);
  }

  of(frame: NativeFrame | undefined): ScriptStack {
    if (frame === undefined) return NOTHING;
    const known = this.#known.get(frame);
    if (known !== undefined) return known;
    const found = this.#within(frame.native, this.of(frame.caller));
    this.#known.set(frame, found);
    return found;
  }

  /**
   * The innermost place of a native stack that is the script's own, and the function whose code it lies in; undefined where there is none.
   * What a library's function does stands at the line that called it.
   */
  innermost(stack: string): { readonly function: number; readonly inner: ProfiledFunction } | undefined {
    for (const line of stack.split('\n')) {
      const { name = '', url = '', offset } = IN_STACK.exec(line)?.groups ?? {};
      const module = PROGRAM.exec(url)?.groups?.module;
      if (module === undefined || offset === undefined) continue;
      const frames = this.#readTrace(line, [{ name: module, places: this.#places }]);
      const own = frames.find(
        (frame) => frame.position !== undefined && !isLibrary(frame.function, frame.position.file),
      );
      const columnNumber = Number.parseInt(offset, 16);
      const index = this.#index({ functionName: name.replace(`${module}.`, ''), url, columnNumber });
      if (own?.position === undefined || index === undefined) continue;
      const { file, line: number } = own.position;
      return { function: index, inner: { name: own.function, file, line: number } };
    }
    return undefined;
  }

  /** The script's own functions on a native stack, from the outermost, each with the place that it is at. */
  way(stack: string): readonly SiteStep[] {
    const module = PROGRAM_NAME.exec(stack)?.[0];
    if (module === undefined) return [];
    const steps = this.#readTrace(stack, [{ name: module, places: this.#places }]).flatMap(
      ({ function: name, position }) =>
        position === undefined || isLibrary(name, position.file) ? [] : [{ name, ...position }],
    );
    return steps.reverse();
  }

  #within(native: NativeFunction, caller: ScriptStack): ScriptStack {
    const { functionName: name, url } = native;
    if (name === HOST_CALL) return { ...caller, inHeap: false, inHost: true };
    if (!url.startsWith('wasm:') || BETWEEN.test(name)) return caller;
    const index = this.#index(native);
    if (index === undefined) {
      const inHeap = caller.owner !== undefined && (caller.inHeap || name.startsWith(HEAP_FILE));
      return { ...caller, inHeap };
    }
    const owner = this.isLibrary(index) ? (caller.owner ?? index) : index;
    return { path: [...this.#callers(caller.path, index), index], owner, inHeap: false, inHost: false };
  }

  /** The call that runs a frame's stages is called as the script's own `frame` is, which it calls: that is one step of the way. */
  #callers(path: readonly number[], callee: number): readonly number[] {
    const [outermost] = path;
    const [step, frame] = [this.functions[outermost ?? -1], this.functions[callee]];
    const isStep = path.length === 1 && step?.name === 'frame' && frame?.name === 'frame';
    return isStep && step.file === frame.file ? [] : path;
  }

  /** Undefined for code that is no function of a script. */
  #index(native: NativeFunction): number | undefined {
    const { url, columnNumber } = native;
    const module = PROGRAM.exec(url)?.groups?.module;
    const body = this.#bodies.find(({ from, to }) => from <= columnNumber && columnNumber < to);
    if (module === undefined || body === undefined) return undefined;
    const key = `${module} ${body.from}`;
    if (this.#indices.has(key)) return this.#indices.get(key);
    const found = this.#find(native, module, body);
    this.#indices.set(key, found);
    return found;
  }

  #find({ functionName, url }: NativeFunction, module: string, body: FunctionBody): number | undefined {
    for (let offset = body.from; offset < body.to; offset += 1) {
      if (this.#places.place(offset) === undefined) continue;
      const line = `at ${module}.${functionName} (${url}:wasm-function[0]:0x${offset.toString(16)})`;
      const outermost = this.#readTrace(line, [{ name: module, places: this.#places }]).at(-1);
      if (outermost?.position === undefined) return undefined;
      return this.#add(outermost.function, outermost.position);
    }
    return undefined;
  }

  /** Copies of one function, as those for two types, are one. */
  #add(name: string, { file, line }: { readonly file: string; readonly line: number }): number {
    const same = this.functions.findIndex((f) => f.name === name && f.file === file && f.line === line);
    if (same >= 0) return same;
    const index = this.functions.push({ name, file, line }) - 1;
    if (isLibrary(name, file)) this.#library.add(index);
    return index;
  }
}

const isLibrary = (name: string, file: string): boolean => isLibraryFile(file) || isDerivedName(name);
