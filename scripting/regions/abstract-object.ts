/**
 * Abstract objects: each stands for all the objects that one place in a function can see or make at run time, and
 * knows which abstract objects its fields may hold (`graph.ts`). What a function cannot see, the things its parameters lead to,
 * are placeholders that a caller replaces by its own objects, after Whaley and Rinard, "Compositional Pointer and Escape
 * Analysis for Java Programs" (1999). The README says of each kind what it stands for.
 */
import type { Span } from '../syntax/index.ts';
import type { Region } from './region.ts';

export type Origin =
  | { readonly kind: 'allocation'; readonly span: Span }
  /** Made somewhere under a call. */
  | { readonly kind: 'call'; readonly span: Span; readonly callee: string }
  /** A copy out of the frame, or one of `same`: that is for the region to say in which it is to be made (`copies.ts`). */
  | { readonly kind: 'copy'; readonly span: Span; readonly same: Set<AbstractObject> }
  /**
   * The buffer of a growable vector, the directory of a segmented sequence, and the chunks of that directory: always beside its
   * owner, wherever it was when it grew.
   */
  | { readonly kind: 'buffer'; readonly owner: AbstractObject }
  /** Everything in the heap that globals and literals lead to. */
  | { readonly kind: 'outer' }
  /** What a global of the frame is kept in. */
  | { readonly kind: 'frame-global'; readonly global: string }
  /** What a global of the frame held when it was read, if that lives in the frame. */
  | { readonly kind: 'framed'; readonly global: string }
  /** Everything in the frame that its globals lead to, of one type where that is known. */
  | { readonly kind: 'frame-outer' }
  /** The closure of a named function, in static memory. */
  | { readonly kind: 'static'; readonly slot: number }
  | { readonly kind: 'parameter'; readonly index: number; readonly name: string }
  /** What a function value returns that was itself a parameter, or came out of one. */
  | { readonly kind: 'result'; readonly call: DeferredCall; readonly index: number }
  | {
      readonly kind: 'inside';
      readonly parent: AbstractObject;
      readonly field: Field;
      readonly depth: number;
    }
  /** Whatever can be reached from `parent`, too far away to be told apart. */
  | { readonly kind: 'beyond'; readonly parent: AbstractObject };

/** A field's offset, or ELEMENT for all addresses in the elements of an array. */
export type Field = number;
export const ELEMENT: Field = -1;

export interface AbstractObject {
  readonly region: Region;
  readonly origin: Origin;
  /** What makes it: an `allocate` expression, a call, or what stands for one callee at one call. */
  readonly site: object | undefined;
  /** Index into the program's types; undefined where it is not known. */
  readonly type: number | undefined;
  /** What each field may hold, and which store says so first. */
  readonly fields: Map<Field, Map<AbstractObject, Witness>>;
  /** All that its fields may hold. */
  readonly leadsTo: Set<AbstractObject>;
  /** For closures: the table slots it may call. */
  readonly codes: Set<number>;
}

/** Why something may be held: a store here, or a call here that leads to a store there. */
export interface Witness {
  readonly span: Span;
  /** Whether it is a copy that holds this because its original does: that is no store into what it may be instead of one. */
  readonly copying?: true;
  /** What is set, where that is a global; `weak` where a weak reference is to lead there. */
  readonly into?: { readonly global: string } | 'weak';
  /** `site` stands for the callee at this call, as it does in what that makes. */
  readonly call: { readonly callee: string; readonly store: Span; readonly site?: object } | undefined;
}

/** A call of a function value that the caller will know more about than this function does. */
export interface DeferredCall {
  readonly closure: AbstractObject;
  /** Where the call stands: no block of the function's own. */
  readonly region: Region;
  readonly signature: string;
  readonly args: readonly Set<AbstractObject>[];
  readonly results: AbstractObject[];
  readonly span: Span;
}

export interface Violation {
  readonly holder: AbstractObject;
  readonly held: AbstractObject;
  readonly witness: Witness;
}

/** The parameter, or the result of a deferred call, that leads to a placeholder. */
export function rootOf(object: AbstractObject): AbstractObject {
  let root = object;
  while (root.origin.kind === 'inside' || root.origin.kind === 'beyond') root = root.origin.parent;
  return root;
}

/** What a buffer or a chunk belongs to, and any other object itself. */
export function ownerOf(object: AbstractObject): AbstractObject {
  let owner = object;
  while (owner.origin.kind === 'buffer') owner = owner.origin.owner;
  return owner;
}

/** Who knows what is stored in an object that others know. */
export function knownBy(object: AbstractObject): 'everybody' | 'others' {
  const isFrames = ['frame-global', 'framed', 'frame-outer'].includes(ownerOf(object).origin.kind);
  return isFrames ? 'everybody' : 'others';
}
