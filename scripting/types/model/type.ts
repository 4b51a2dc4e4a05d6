import type { Span } from '../../syntax/index.ts';

/**
 * Types. After inference no `meta` is left: each was solved, defaulted (integer literals to `i64`, float literals to
 * `f64`), generalised to a `parameter`, or reported.
 */
export type Type =
  /** A defined type with its arguments: `i64`, `(Vector a)`, `(Tuple a b)`, a user's struct. */
  | { readonly kind: 'named'; readonly definition: TypeDefinition; readonly args: readonly Type[] }
  | { readonly kind: 'function'; readonly params: readonly Type[]; readonly result: Type }
  /** A type variable of a signature or a generalised one: stands for any type. */
  | { readonly kind: 'parameter'; readonly parameter: Parameter }
  /** A higher-kinded parameter or meta applied to arguments. */
  | { readonly kind: 'apply'; readonly head: Type; readonly args: readonly Type[] }
  | Meta;

/** An unknown that unification will fill. `level` is the let-depth it belongs to, for generalisation. */
export interface Meta {
  readonly kind: 'meta';
  readonly id: number;
  level: number;
  solution: Type | undefined;
  /** An integer literal's type may become any number; a float literal's any float. */
  literal: 'integer' | 'float' | undefined;
  /** What a generic function whose type argument this is writes for it: a number where nothing says that it is another type. */
  written: Meta['literal'];
}

export interface Parameter {
  readonly id: number;
  readonly name: string;
  /** The literals that were written in the function for a value of this type, where that was how it was inferred. */
  readonly written?: Meta['literal'];
}

export interface Predicate {
  readonly class: string;
  readonly args: readonly Type[];
}

/**
 * A type's definition. Builtin ones: `i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 Bool Unit String Keyword Vector MutVec
 * Tuple` (a tuple's fields are named `0`, `1`, ...), `Array 4` (one for each length) and `Arena` (what a block arena's name is bound to).
 */
export interface TypeDefinition {
  readonly kind: 'builtin' | 'struct' | 'value' | 'sum' | 'extern';
  readonly name: string;
  /** Unique in the program. */
  readonly key: string;
  readonly parameters: readonly Parameter[];
  /** For structs, values and tuples. */
  readonly fields: readonly FieldDefinition[];
  /** For arrays: how many elements they have. */
  readonly length?: number;
  /** For sums. */
  readonly variants: readonly VariantDefinition[];
  /** For extern types: the module of the host whose objects these are. */
  readonly host?: string;
  /** Made by `defentity`: the world keeps a pool of them. */
  readonly entity: boolean;
  readonly span: Span | undefined;
}

export interface FieldDefinition {
  readonly name: string;
  /** In terms of the definition's parameters. */
  readonly type: Type;
  readonly mutable: boolean;
  /**
   * Key of the function without parameters that computes what it is where nobody says so; its type parameters are the definition's.
   */
  readonly default?: string;
  readonly span: Span | undefined;
}

export interface VariantDefinition {
  readonly name: string;
  readonly fields: readonly FieldDefinition[];
  readonly span: Span | undefined;
}

export interface GlobalDefinition {
  readonly name: string;
  readonly key: string;
  type: Type;
  readonly mutable: boolean;
  /** It may hold what lives in `frame`, and has its initial value again in the next. */
  readonly frame: boolean;
  readonly public: boolean;
  readonly span: Span;
}
