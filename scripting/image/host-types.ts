/** How values cross between scripts and their host. */

/** How a component of a value lies in a cell, a field or a local. `ref` is the address of an object. */
export type Rep = 'i32' | 'i64' | 'f32' | 'f64' | 'ref';

/** What the host must know of a type to carry a value of it across the boundary. */
export type HostType =
  | { readonly kind: 'unit' | 'bool' | 'string' }
  | {
      readonly kind: 'number';
      readonly type: 'i32' | 'i64' | 'f32' | 'f64' | 'i8' | 'i16' | 'u8' | 'u16' | 'u32' | 'u64';
    }
  /** A `defvalue`: its components in order, crossing as one object with these names. */
  | {
      readonly kind: 'value';
      readonly name: string;
      readonly fields: HostFields;
    }
  /** A tuple: its components in order, crossing as an array. */
  | { readonly kind: 'tuple'; readonly name: string; readonly fields: HostFields }
  /**
   * What is taken apart and made by functions of the image: `shape` is its place in the manifest's `shapes`. Types of two
   * modules may have the same name, but not the same key.
   */
  | {
      readonly kind: 'shape';
      readonly name: string;
      readonly key: string;
      readonly shape: number;
      readonly reps: readonly Rep[];
    }
  /** An `extern-type` of the host's module `host`: an object of the host, which a script holds by a proxy. */
  | { readonly kind: 'object'; readonly name: string; readonly host: string }
  /** What has identity and can change, as mutable vectors and entities: it comes out as a rooted handle. */
  | { readonly kind: 'opaque'; readonly name: string; readonly key: string };

export type HostFields = readonly { readonly name: string; readonly type: HostType }[];

/**
 * How values of a type are made and taken apart: names of functions that the image exports. They take and give values as
 * their components. An image has those of the directions in which values of the type cross.
 */
export type HostShape =
  /** An object with these fields. `make` takes all fields, `take` returns them. */
  | { readonly kind: 'struct'; readonly fields: HostFields; readonly make: string; readonly take: string }
  /** An array. `make` returns a buffer, `push` takes it and an element, `finish` turns it into the vector. */
  | {
      readonly kind: 'vector';
      readonly element: HostType;
      readonly make: string;
      readonly push: string;
      readonly finish: string;
      readonly length: string;
      /** Vector and index to element. */
      readonly at: string;
    }
  /**
   * A `Map`, or a `Set` where there is no `value`. `make` returns an empty collection; `put` takes one and an entry, and returns
   * it with the entry. `start` returns the cursor at the first entry, which is one number or several; the others take the
   * collection and a cursor: `more` says whether there is an entry, `here` returns it, `after` returns the next cursor.
   */
  | {
      readonly kind: 'map';
      readonly key: HostType;
      readonly value: HostType | undefined;
      readonly make: string;
      readonly put: string;
      readonly start: string;
      readonly more: string;
      readonly here: string;
      readonly after: string;
    }
  /** `{ tag, ... }`. `tag` returns the variant's index. An `Option` is its value or undefined. */
  | {
      readonly kind: 'sum';
      readonly tag: string;
      readonly variants: readonly {
        readonly name: string;
        readonly fields: HostFields;
        readonly make: string;
        readonly take: string;
      }[];
    }
  /**
   * A function; `key` is its type's, and `comesOut` says whether the image has `call`, as where some of the script's cross. It takes one of the script's and its arguments; `wrap` takes the proxy of one of the host's and returns
   * the function value that a script calls it by, through the extern of `HOST_CALLS` that has the name of `wrap`.
   */
  | {
      readonly kind: 'function';
      readonly key: string;
      readonly comesOut: boolean;
      readonly params: readonly HostType[];
      readonly result: HostType;
      readonly call: string;
      readonly wrap: string;
    };

/**
 * The module of externs that no script declares: each takes a function of the host as an object, and calls it with the
 * arguments after it. One for each type of function that crosses into the script.
 */
export const HOST_CALLS = 'sluice.call';

export interface HostSignature {
  readonly params: readonly {
    readonly name: string;
    readonly type: HostType;
    /** A function that the host uses during the call only. */
    readonly borrows?: boolean;
  }[];
  readonly result: HostType;
}
