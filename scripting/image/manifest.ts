/**
 * A compiled program as `emit` writes it and `machine` reads it: WebAssembly and what one needs to know to run it.
 * The manifest is plain JSON, so that an image can be a pair of files, a message to a worker or a Vite module.
 */
import type { HostShape, HostSignature, Rep } from './host-types.ts';
import type { Kept, ObjectOf } from './kept.ts';

/** A function the embedding program must supply. Imported from WebAssembly module `extern:<module>` by `importNames`. */
export interface ExternEntry extends HostSignature {
  readonly module: string;
  readonly name: string;
  readonly span: SourcePosition;
}

/**
 * What externs are imported as: by their names, but two of the script's modules may declare one function with types of their
 * own: then the others are numbered, `play#2`.
 */
export function importNames(
  externs: readonly { readonly module: string; readonly name: string }[],
): string[] {
  const namesakes = new Map<string, number>();
  return externs.map(({ module, name }) => {
    const key = `${module} ${name}`;
    const number = (namesakes.get(key) ?? 0) + 1;
    namesakes.set(key, number);
    return number === 1 ? name : `${name}#${number}`;
  });
}

export interface ExportEntry extends HostSignature {
  readonly name: string;
}

/**
 * A top-level variable: one 8-byte cell for each component of its type, and one more for a global of the frame. In a development image each cell's address is
 * imported from WebAssembly module `cell` as `<key>#<component>`; in a release image it is fixed at `address`.
 */
export interface GlobalEntry {
  /** Unique in the program, and the same in its next version: module and name. */
  readonly key: string;
  /** As people say: with the module only where several have a global of this name, and this is not the main script's. */
  readonly name: string;
  /** The key of its type, which is among the manifest's `kept` where there is an `initial`: `(MutVec game.Body)`. */
  readonly type: string;
  readonly mutable: boolean;
  /**
   * For a mutable one in a development image, and for a constant that holds objects of the host: what its first value is made of. The same
   * text where that is the same.
   */
  readonly initial?: string;
  /** Whether its cells are to be 0 when a frame begins. The program computes it; all others the machine initialises. */
  readonly frame: boolean;
  readonly cells: readonly { readonly rep: Rep; readonly address?: number }[];
}

/** With what the name of the global begins that holds the living entities of a type: no script names it. */
export const POOL = 'pool:';

/** The type whose entities a global of this name holds; undefined where it is one of the script's. */
export const pooledType = (global: string): string | undefined =>
  global.startsWith(POOL) ? global.slice(POOL.length) : undefined;

/** What a type with a descriptor is called and how its fields lie; index is the descriptor's type id. */
export interface TypeEntry {
  readonly name: string;
  readonly kind: 'string' | 'struct' | 'vector' | 'rope' | 'mut-vector' | 'segmented' | 'closure' | 'other';
  readonly fields: readonly {
    readonly name: string;
    readonly offset: number;
    readonly rep: Rep | 'i8' | 'i16';
  }[];
  /** Bytes of one element; 0 for types without elements. */
  readonly stride: number;
  /** In a development image: what its objects are objects of; undefined where addresses are all they hold. */
  readonly of?: ObjectOf;
}

/** Names of the library's own files begin with this. */
const LIBRARY_FOLDER = 'sluice/';

/** True for a file that comes with the language: an error in it is its caller's. */
export const isLibraryFile = (file: string): boolean => file.startsWith(LIBRARY_FOLDER);

/** What a trace calls the `=`, `show`, `hash`, `compare` or `same?` that a type has without an instance: `show of Enemy`. */
export const derivedName = (method: string, type: string): string => `${method} of ${type}`;

/** True for such a name. No script's function has a space in its own; others that the compiler makes are `fn in ...`. */
export const isDerivedName = (name: string): boolean => /^(=|show|hash|compare|same\?) of /.test(name);

export interface SourcePosition {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** As people write it: `game.slu:3:8`. */
export function printPosition({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`;
}

/** A place in a script that makes objects, itself or by what it calls of the library. */
export interface AllocationSite extends SourcePosition {
  /** As traces call the function that it is in; '' for number 0. */
  readonly function: string;
}

/** Images of another format were made by another version of the compiler, and mean something else. */
export const IMAGE_FORMAT = 4;

/** Code that stands in the place of a call. */
export interface InlinedEntry {
  /** Number of the source map's source that has its places, and no others. */
  readonly source: number;
  /** As a script calls the function whose code it is. */
  readonly function: string;
  /** The place of the call. */
  readonly at: SourcePosition;
  /** The number of the source that the call itself is in, where that is such code too. */
  readonly within?: number;
}

export type LayerBlend = 'normal' | 'add' | 'multiply' | 'screen';

/** A layer that sprites are drawn in. */
export interface LayerEntry {
  readonly name: string;
  /** Whether sprites further down are in front, or those that come later. */
  readonly sort: 'y' | 'order';
  readonly blend: LayerBlend;
  /** How far it follows the camera: 1 all the way, 0 not at all. */
  readonly camera: number;
  /** The one layer of a script that declares none: all sprites are in it, and none says so by name. */
  readonly implied?: true;
}

export interface Manifest {
  /** IMAGE_FORMAT. The machine refuses any other. */
  readonly format: number;
  readonly mode: 'development' | 'release';
  readonly files: readonly string[];
  readonly exports: readonly ExportEntry[];
  readonly shapes: readonly HostShape[];
  readonly externs: readonly ExternEntry[];
  readonly globals: readonly GlobalEntry[];
  readonly types: readonly TypeEntry[];
  /** Empty in a release image, which is never replaced. */
  readonly kept: Kept;
  /** Names of what a frame runs, in its order, for reports: "frame", "timers", "behave Ball". */
  readonly stages: readonly string[];
  /** Back to front; none where the script draws no sprites. */
  readonly layers: readonly LayerEntry[];
  /** Numbers of the controls that the script asks for by name: keys among them are not for the page. */
  readonly controls: readonly number[];
  /**
   * A place where the script asks a weak reference to what is no entity. The answer depends on when collections ran, and what the script
   * does may depend on it.
   */
  readonly asked?: SourcePosition;
  /** Whether anything can be owned: it has drop code. */
  readonly drops?: true;
  /** Position of each numbered site that can fail. */
  readonly sites: readonly SourcePosition[];
  /** Of a program that counts what it allocates: each numbered place that does. Number 0 is no place in the script. */
  readonly allocationSites?: readonly AllocationSite[];
  /** Functions whose code was put where they are called, in release images. */
  readonly inlined: readonly InlinedEntry[];
  /** Bytes of static data the image brings: descriptors and literals. */
  readonly staticBytes: number;
  /** Table slots the image fills. */
  readonly tableSlots: number;
}

/** What of an image tells where its code fails and what its objects are. Running it needs nothing of this. */
export interface DebugInfo extends Pick<Manifest, 'sites' | 'inlined' | 'types'> {
  readonly sourceMap: string;
}

export interface Image {
  readonly wasm: Uint8Array;
  /** heap.wasm, which a development image runs beside; a release image holds it. */
  readonly heap?: Uint8Array;
  /** Source map (version 3) from code offsets to script positions; '' where none was asked for. */
  readonly sourceMap: string;
  readonly manifest: Manifest;
  /** In a built page: fetches the debug information, of which the image itself has nothing then. Rejects where it does not come. */
  readonly debugInfo?: () => Promise<DebugInfo>;
  /** In a built page: what its module is called in stack traces. Others are named when they are loaded. */
  readonly codeName?: string;
}

export function debugInfoIn({ sourceMap, manifest }: Pick<Image, 'sourceMap' | 'manifest'>): DebugInfo {
  const { sites, inlined, types } = manifest;
  return { sourceMap, sites, inlined, types };
}
