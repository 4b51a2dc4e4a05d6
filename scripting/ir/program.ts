/** A whole program: functions, types, globals, and what the host and a reload must know of it. */
import type {
  HostShape,
  HostSignature,
  KeptType,
  LayerEntry,
  ObjectOf,
  Rep,
  Stored,
} from '../image/index.ts';
import type { Span } from '../syntax/index.ts';
import type { Local, Statement } from './node.ts';

export interface Program {
  /** Functions by key, in the order they were first reached. */
  readonly functions: ReadonlyMap<string, Func>;
  /** Object types in descriptor id order; id 0 is the string. */
  readonly types: readonly ObjectType[];
  readonly literals: readonly string[];
  readonly globals: readonly Global[];
  readonly externs: readonly Extern[];
  readonly exports: readonly Export[];
  /** How values cross to the host and back. */
  readonly shapes: readonly HostShape[];
  /** Functions that are called through the table: their index here is their table slot (from the module's first). */
  readonly table: readonly string[];
  /** What a reload must find unchanged. */
  readonly kept: KeptValues;
  /** Objects in static memory that are only a tag: variants without data. */
  readonly constants: readonly { readonly type: number; readonly tag: number }[];
  /** Names of what a frame runs, in its order. */
  readonly stages: readonly string[];
  /** Back to front; none where nothing is drawn. */
  readonly layers: readonly LayerEntry[];
  /** Numbers of the controls that it names outside of actions' bindings. */
  readonly controls: readonly number[];
  /** False where no function has an `arena` statement: then there is nothing that could escape. */
  readonly opensArenas: boolean;
  /** A place where it asks a weak reference to what is no entity: its answer depends on when collections ran. */
  readonly asked?: Span | undefined;
  /** Functions, by key, that are called where the usual way does not do: they would only be in its way if they were inlined. */
  readonly slowPaths: ReadonlySet<string>;
}

/** What may live on when a reload brings other code. */
interface KeptValues {
  readonly types: readonly KeptType[];
  /** Keys of the types of which the host may hold objects or functions. */
  readonly handles: readonly string[];
  /** The key of the type of each function in `table`. */
  readonly tableTypes: readonly string[];
  /** The object type of each that captures something. */
  readonly tableObjects: readonly (number | undefined)[];
  /** So many of the globals, from the first on, must have values before each runs. */
  readonly tableNeeds: readonly number[];
  /** By the keys of the types: collections that lie by what methods say, as maps do by hashes of keys. */
  readonly arrangements: ReadonlyMap<string, Arrangement>;
}

/** What decides how the collections of a type lie. */
export interface Arrangement {
  /** Keys of the methods. Those that the compiler derives are there where something calls them. */
  readonly methods: readonly string[];
  /** The key of the type whose values these are of. */
  readonly by: string;
  /**
   * Keys of the constants that making one anew goes by, in the order in which they are computed. Undefined where it cannot be made
   * anew: nothing calls the methods, or what they say is not the same at all times.
   */
  readonly needs?: readonly string[];
}

export interface Func {
  readonly key: string;
  /** For stack traces: `solve-contacts`, `fn in solve-contacts`. */
  readonly name: string;
  readonly params: readonly Local[];
  /** The last parameter, where it says in which region the function makes what it stores into older things. */
  readonly regionParameter?: Local;
  readonly results: readonly Rep[];
  /** Every local but the parameters. */
  readonly locals: readonly Local[];
  /** Every path ends in `return`, `tail-call` or `fail`. */
  readonly body: readonly Statement[];
  readonly span: Span;
}

export interface ObjectType {
  readonly id: number;
  /** As the script writes the type: `Body`, `(Vector Vec2)`, `fn at demo.slu:3:9`. */
  readonly name: string;
  readonly kind: 'string' | 'struct' | 'vector' | 'rope' | 'mut-vector' | 'segmented' | 'closure' | 'other';
  /** Bytes of the fixed part with its header; where elements begin. */
  readonly size: number;
  readonly fields: readonly Field[];
  /** Bytes of one element, or 0. */
  readonly stride: number;
  readonly element: readonly Field[];
  /** Undefined where it holds addresses alone, whatever they are of. */
  readonly of?: ObjectOf;
}

export interface Field {
  readonly name: string;
  readonly offset: number;
  readonly stored: Stored;
}

export interface Global {
  readonly key: string;
  readonly name: string;
  /** The key of its type. */
  readonly type: string;
  readonly mutable: boolean;
  /** Whether it is a constant that holds objects of the host, which new code takes over where it would make the same. */
  readonly lasting?: boolean;
  /** The value's components; for a global of the frame also, last, whether they are computed. */
  readonly cells: readonly Rep[];
  /**
   * Key of a function without parameters that computes the first value's components; undefined for a global of the frame,
   * whose cells are all 0 when a frame begins.
   */
  readonly initializer: string | undefined;
}

export interface Extern extends HostSignature {
  readonly module: string;
  readonly name: string;
  readonly span: Span;
}

export interface Export extends HostSignature {
  readonly name: string;
  readonly key: string;
  /** Only a reload calls it, so a release image does not export it. */
  readonly forReload?: true;
}
