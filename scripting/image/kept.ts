/** What a development image says of values that may live on when a reload brings other code: how they lie, and what they are made of. */
import type { Rep } from './host-types.ts';

/** How a component lies in memory: fields and elements may be narrower than the local that holds them. */
export type Stored = Rep | 'i8s' | 'i8u' | 'i16s' | 'i16u';

/** Bytes of a component in memory; also its alignment. */
export function storedSize(stored: Stored): number {
  switch (stored) {
    case 'i8s':
    case 'i8u':
      return 1;
    case 'i16s':
    case 'i16u':
      return 2;
    case 'i64':
    case 'f64':
      return 8;
    default:
      return 4;
  }
}

/**
 * The hidden field of an entity that is drawn or has a place: the number of its first placement among those that were kept before a step;
 * 0 where there are none, as after a migration, which may have changed what is drawn of it.
 */
export const KEPT_PLACEMENT = 'kept placement';

/** A part of a value, and the key of its type. */
export interface KeptField {
  readonly name: string;
  readonly type: string;
}

export interface KeptVariant {
  readonly name: string;
  readonly fields: readonly KeptField[];
  /** Of a flat sum: where each of the fields' components stands among the sum's. */
  readonly at: readonly number[];
}

/** What a value of a type consists of. */
export type KeptForm =
  /** A number, or the address of what has no fields of its own: a text, a vector, a function. */
  | { readonly kind: 'plain' }
  /** The address of an object with these fields. */
  | {
      readonly kind: 'struct';
      readonly entity: boolean;
      /** The field in which an entity has its place, if it has one. */
      readonly place?: string;
      readonly fields: readonly KeptField[];
    }
  /** These fields, wherever it is: a `defvalue` or a tuple. */
  | { readonly kind: 'flat'; readonly fields: readonly KeptField[] }
  | {
      readonly kind: 'sum';
      /** A tag alone; an address or 0; a tag with the variants' components; the address of an object. */
      readonly held: 'tag' | 'nullable' | 'flat' | 'boxed';
      readonly variants: readonly KeptVariant[];
    };

/**
 * How a field of an object that lives on is computed where the object has none that could be kept. A function of the image does so,
 * exported by the name `export`: it takes the components of what it reads of the object, in order, and returns those of the field.
 * It gives the same whenever it is called, once the constants that it needs are there.
 */
export interface FieldValue {
  /** Whose field it is, where the type is a sum. */
  readonly variant?: string;
  readonly field: string;
  /** What `migrate` says counts for every object whose field had another type; a default where it had none. */
  readonly by: 'migrate' | 'default';
  readonly export: string;
  /** Fields that the object had, with the keys of their types then; none for a default. */
  readonly reads: readonly { readonly field: string; readonly type: string }[];
  /** Keys of the globals that it reads, and that these are computed from, in the order in which they are computed. All are constants. */
  readonly needs: readonly string[];
}

/** A type of values that may live on when a reload brings other code. */
export interface KeptType {
  /** Unique in the program, and the same in its next version: definitions have their modules before their names. */
  readonly key: string;
  /** As the script writes it. */
  readonly name: string;
  /**
   * All that a reload must find unchanged for values to stay as they are, but for what other types say; undefined for a type without
   * end, which no reload keeps.
   */
  readonly layout: string | undefined;
  readonly form: KeptForm;
  readonly components: readonly Stored[];
  /** Keys of the types of what a value may hold, take or give. */
  readonly holds: readonly string[];
  /**
   * For a type of functions: what all functions of the type in the program come to, so far as the proof of the arenas depends
   * on it. The same text where that is the same.
   */
  readonly code?: string;
  /**
   * For a type of collections that lie by what methods say, as maps do by hashes of keys: what these methods come to. Missing where
   * the program calls none of them.
   */
  readonly arrangement?: string;
  /** For such a type: the key of the type whose values these methods are of. */
  readonly by?: string;
  /**
   * For such a type, where the program exports what makes a collection anew (`arrangeExport`): keys of the constants that this goes
   * by, in the order in which they are computed.
   */
  readonly arrangedFrom?: readonly string[];
  /** What its definition says of fields that an object of an earlier version lacks. Missing where it says nothing. */
  readonly fieldDefaults?: readonly FieldValue[];
  /** Fields whose defaults cannot be used for that, with what they do instead of being the same at all times: `reads the global ...`. */
  readonly without?: readonly {
    readonly variant?: string;
    readonly field: string;
    readonly reason: string;
  }[];
}

/** What a closure holds of one name: so many components; the key of its type where the name has one. */
export interface Capture {
  readonly name: string;
  readonly type: string | undefined;
  readonly components: readonly Stored[];
}

/** What an object is an object of, by the keys of types. */
export type ObjectOf =
  | { readonly kind: 'struct'; readonly type: string }
  | { readonly kind: 'variant'; readonly type: string; readonly variant: string }
  /** An array of elements of the type. */
  | { readonly kind: 'elements'; readonly type: string }
  | { readonly kind: 'mut-vector'; readonly type: string }
  | { readonly kind: 'segments'; readonly type: string }
  | { readonly kind: 'closure'; readonly captures: readonly Capture[] };

/** A function that function values may be: one for each slot of the table. */
export interface KeptFunction {
  /** Where it stands, without regard to other functions there, and its type and what it captures: who has another cannot take its place. */
  readonly place: string;
  /** What its own text comes to: the same where that is the same. */
  readonly text: string;
  /** As people say, for reports: `fn in update`. */
  readonly name: string;
  /** The key of its type. */
  readonly type: string;
  /** Keys of the types of what it captures. */
  readonly captures: readonly string[];
  /** So many of the manifest's globals, from the first on, must have values before it runs. */
  readonly needs: number;
  /** The number of the type of its objects; undefined where it captures nothing. */
  readonly object?: number;
}

/** What a development image exports to make a collection of a type anew, which lies by what methods say of its parts. */
export const arrangeExport = (type: string): string => `sluice:arrange ${type}`;

/** What must fit where values of one version of a program meet the code of another. */
export interface Kept {
  readonly types: readonly KeptType[];
  /** Keys of the types of which the host may hold objects or functions. */
  readonly handles: readonly string[];
  /** By slots of the table. */
  readonly functions: readonly KeptFunction[];
  /** False where there is nothing that could escape. */
  readonly opensArenas: boolean;
}

/** What the machine calls after a call has failed: it drops what that owned. Programs that own nothing have no such export. */
export const DROP_LEFT = 'sluice:drop-left';
/** Likewise at the end of a frame, for what its arena holds. */
export const DROP_FRAME = 'sluice:drop-frame';
/** Likewise for what a collection has found forgotten, one at a time. */
export const FORGOTTEN = 'sluice:forgotten';
/** Makes that of all that is owned still, when the program ends. */
export const FORGET_ALL = 'sluice:forget-all';
