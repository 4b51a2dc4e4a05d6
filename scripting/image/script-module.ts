/**
 * How compiled scripts reach a page: what `import game from './game.slu'` returns, and the messages by which the
 * development server tells it of later compilations. The Vite plugin writes modules that use this file, and the engine
 * listens to them; neither needs to know the other, and nothing here knows the compiler.
 */
import type { Atlas } from '../atlas/index.ts';
import type { Image, Manifest } from './manifest.ts';

/** A mistake in a script, ready to be shown: what the compiler said, as text and as parts. */
export interface ScriptProblem {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The source line, and how much of it (from `column`) is at fault. */
  readonly excerpt: string;
  readonly length: number;
  /** Of a very long line `excerpt` is a part only: the column in it. Otherwise that is `column`. */
  readonly at?: number;
  readonly hint?: string;
}

/** What became of a save before the page heard of it. */
export interface CompileNews {
  /** Names of the files that had changed. */
  readonly changed: readonly string[];
  /** Milliseconds that compiling took. */
  readonly compiled: number;
}

/** What became of new code in the page, for people and machines. */
export interface ReloadReport extends CompileNews {
  readonly outcome: 'replaced' | 'restarted' | 'refused';
  /** Why it was not swapped in while the scene went on. */
  readonly reason?: string;
  /** What else there is to be known, a sentence each. */
  readonly notes: readonly string[];
  /** Before which frame, counted from the game's start. */
  readonly frame: number;
  /** Milliseconds: the browser's compiling, and what the frame waited for the swap. */
  readonly prepared: number;
  readonly swapped: number;
}

/** What happens to a script while the development server runs. */
export type ScriptEvent =
  | { readonly kind: 'compiled'; readonly image: Image; readonly news?: CompileNews }
  | { readonly kind: 'failed'; readonly problems: readonly ScriptProblem[]; readonly news?: CompileNews }
  /** Images of the game were edited, or came or went. `problems` are sentences, each with the name of a file. */
  | { readonly kind: 'images'; readonly atlas: Atlas; readonly problems: readonly string[] };

/** What is known of a script's functions, or of the host's modules, where nothing declares them. */
export type Undeclared = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/**
 * What `import script from './game.slu'` gives. `Exports` and `Host` are what `sluice types` writes beside the script: the
 * functions that the host may call, and the modules that it must supply.
 */
export interface ScriptModule<Exports extends object = Undeclared, Host extends object = object> {
  /** Never there: where the type checker finds `Exports` and `Host`. */
  readonly types?: { readonly exports: Exports; readonly host: Host };
  /** Name of the main script, for titles and messages. */
  readonly name: string;
  /** The game's images as they were packed last; undefined where it has none. */
  readonly atlas?: Atlas | undefined;
  /** True where no other program and no other images ever come. */
  readonly isFinal?: true;
  /** The newest compiled program; rejects with a `ScriptProblemsError` where the script does not compile. */
  load(): Promise<Image>;
  /**
   * Calls `listener` for each later compilation and each later packing of the images, and soon for the current state where that
   * is a failure. In a released game nothing ever comes. What it returns ends that: no event comes afterwards.
   */
  subscribe(listener: (event: ScriptEvent) => void): () => void;
  /** Has the development server print what became of new code; not there in a released game. */
  report?: (report: ReloadReport) => void;
  /** Address that opens a source in the editor, to which `name:line:column` is added; not there in a released game. */
  opens?: string;
}

/** An image as JSON: its bytes are base64. */
export interface ImageText {
  readonly wasm: string;
  readonly heap?: string;
  readonly sourceMap: string;
  readonly manifest: Manifest;
}

/** What a script has become, as it travels: inside a generated module and over the development server's socket. */
export type ScriptState =
  | { readonly kind: 'compiled'; readonly image: ImageText }
  | { readonly kind: 'failed'; readonly problems: readonly ScriptProblem[] };

/** Name of the socket's event. Its payload is a `ScriptMessage`. */
export const SCRIPT_EVENT = 'sluice:script';

export interface ScriptMessage {
  /** Which script: the id the plugin gave the generated module. */
  readonly script: string;
  readonly state: ScriptState;
  readonly news?: CompileNews;
}

/** Name of the socket's event by which a page says what became of new code. Its payload is a `ReportMessage`. */
export const REPORT_EVENT = 'sluice:report';

export interface ReportMessage {
  readonly script: string;
  readonly report: ReloadReport;
}

/** Name of the socket's event for images. Its payload is an `ImagesMessage`. */
export const IMAGES_EVENT = 'sluice:images';

export interface ImagesMessage {
  /** Which script they are the images of, as in a `ScriptMessage`. */
  readonly script: string;
  readonly atlas: Atlas;
  readonly problems: readonly string[];
}

/** Why a script module could not be loaded: the compiler's problems. */
export class ScriptProblemsError extends Error {
  override readonly name = 'ScriptProblemsError';
  readonly problems: readonly ScriptProblem[];

  constructor(script: string, problems: readonly ScriptProblem[]) {
    const first = problems.find((problem) => problem.severity === 'error');
    const where =
      first === undefined ? '' : `: ${first.file}:${first.line}:${first.column}: ${first.message}`;
    super(`${script} does not compile${where}`);
    this.problems = problems;
  }
}

/** Whether an error is a `ScriptProblemsError`, of whichever copy of this module: a bundler may put two of them into a page. */
export function isScriptProblems(error: unknown): error is ScriptProblemsError {
  return error instanceof Error && error.name === 'ScriptProblemsError' && 'problems' in error;
}

/** The `ScriptModule` that generated modules export while serving: holds the newest state and images, and passes changes on. */
export class DeliveredScript implements ScriptModule {
  readonly name: string;
  report?: (report: ReloadReport) => void;
  opens?: string;
  #state: ScriptState;
  #atlas: Atlas | undefined;
  readonly #listeners = new Set<(event: ScriptEvent) => void>();

  constructor(name: string, state: ScriptState, atlas?: Atlas) {
    this.name = name;
    this.#state = state;
    this.#atlas = atlas;
  }

  get atlas(): Atlas | undefined {
    return this.#atlas;
  }

  async load(): Promise<Image> {
    const state = this.#state;
    if (state.kind === 'failed') throw new ScriptProblemsError(this.name, state.problems);
    return decodeImage(state.image);
  }

  subscribe(listener: (event: ScriptEvent) => void): () => void {
    // One of its own: the same function may listen twice.
    const own = (event: ScriptEvent) => listener(event);
    this.#listeners.add(own);
    const state = this.#state;
    if (state.kind === 'failed')
      queueMicrotask(() => {
        if (this.#listeners.has(own)) own(state);
      });
    return () => void this.#listeners.delete(own);
  }

  /** A newer compilation: what generated modules do with the socket's messages. */
  receive(state: ScriptState, news?: CompileNews): void {
    this.#state = state;
    const event =
      state.kind === 'failed' ? state : ({ kind: 'compiled', image: decodeImage(state.image) } as const);
    this.#tell({ ...event, ...(news && { news }) });
  }

  /** The images were packed again. */
  receiveImages({ atlas, problems }: ImagesMessage): void {
    this.#atlas = atlas;
    this.#tell({ kind: 'images', atlas, problems });
  }

  #tell(event: ScriptEvent): void {
    for (const listener of [...this.#listeners]) if (this.#listeners.has(listener)) listener(event);
  }
}

export function encodeImage(image: Image): ImageText {
  return {
    wasm: toBase64(image.wasm),
    ...(image.heap !== undefined && { heap: toBase64(image.heap) }),
    sourceMap: image.sourceMap,
    manifest: image.manifest,
  };
}

export function decodeImage(text: ImageText): Image {
  return {
    wasm: fromBase64(text.wasm),
    ...(text.heap !== undefined && { heap: fromBase64(text.heap) }),
    sourceMap: text.sourceMap,
    manifest: text.manifest,
  };
}

function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // Spreading all bytes into one call would overflow the stack.
  for (let i = 0; i < bytes.length; i += 0x2000)
    pieces.push(String.fromCharCode(...bytes.subarray(i, i + 0x2000)));
  return btoa(pieces.join(''));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
