/**
 * The typed tree: what inference makes of a program and what `lower` reads. Names are resolved, arguments stand in the
 * order of their parameters, every node has its type, and what is generic says with which types it is used. Class
 * methods are still named by class and type: `lower` picks the instance, when all types are concrete.
 */

import type { LayerEntry } from '../../image/index.ts';
import type { Source, Span } from '../../syntax/index.ts';
import type { PrimitiveName } from './primitives.ts';
import type { GlobalDefinition, Parameter, Predicate, Type, TypeDefinition } from './type.ts';

export interface TypedProgram {
  readonly sources: readonly Source[];
  readonly types: readonly TypeDefinition[];
  /** The prelude's functions come first; `lower` compiles only what is reached. */
  readonly functions: readonly TypedFunction[];
  readonly globals: readonly TypedGlobal[];
  /** Operators that instances of `Num` leave out: what is there in their place only fails. */
  readonly lacking: ReadonlyMap<InstanceDefinition, readonly string[]>;
  readonly externs: readonly TypedExtern[];
  readonly instances: readonly InstanceDefinition[];
  readonly behaviours: readonly TypedBehaviour[];
  readonly tests: readonly TypedTest[];
  readonly migrations: readonly TypedMigration[];
  /** What `deflayers` declares, back to front. */
  readonly layers: readonly LayerEntry[];
  /** Bare expressions at top level, in order. */
  readonly expressions: readonly TypedExpression[];
}

/** A name bound by a parameter, `let`, a loop or a pattern. Identity is the object itself. */
export interface Binding {
  readonly name: string;
  type: Type;
  readonly mutable: boolean;
  readonly span: Span;
}

/** An arena's block. Identity is the object itself. */
export interface TypedArena {
  readonly name: string;
  /** The name's binding; undefined for the loop's own, `frame`. */
  readonly binding: Binding | undefined;
}

export interface TypedFunction {
  readonly name: string;
  /** Unique in the program; instance methods carry class and type in it. */
  readonly key: string;
  readonly public: boolean;
  readonly typeParameters: readonly Parameter[];
  readonly constraints: readonly Predicate[];
  readonly params: readonly TypedParameter[];
  readonly result: Type;
  readonly body: TypedExpression;
  readonly span: Span;
  readonly documentation?: string;
}

export interface TypedParameter {
  /** Only patterns that cannot fail. */
  readonly pattern: TypedPattern;
  readonly type: Type;
  /** The name callers may use; undefined for a destructured parameter. */
  readonly name: string | undefined;
}

export interface TypedGlobal {
  readonly definition: GlobalDefinition;
  readonly value: TypedExpression;
}

export interface TypedExtern {
  /** Unique in the program. */
  readonly key: string;
  readonly module: string;
  readonly name: string;
  readonly params: readonly {
    readonly name: string;
    readonly type: Type;
    /** A function that the host uses during the call only. */
    readonly borrows: boolean;
  }[];
  readonly result: Type;
  readonly span: Span;
}

/** An instance: `methods` are functions whose type parameters are the instance's, in `parameters`' order. */
export interface InstanceDefinition {
  readonly class: string;
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Predicate[];
  readonly args: readonly Type[];
  readonly methods: ReadonlyMap<string, TypedFunction>;
  /**
   * Of a class of the language that the program has spelled out, and made its own: the program means it, the prelude does not.
   */
  readonly restated?: boolean;
  readonly span: Span | undefined;
}

/** `(behave T (b dt) ...)`: a function of an entity and the frame's seconds, run for each living entity. */
export interface TypedBehaviour {
  readonly entity: TypeDefinition;
  readonly function: TypedFunction;
}

/** `(migrate ((old T)) :field e ...)`. */
export interface TypedMigration {
  readonly definition: TypeDefinition;
  /** By fields, keys of the functions that compute them. Their parameters are called like the fields that they read of the object. */
  readonly functions: ReadonlyMap<string, string>;
}

/** `(deftest "name" ...)`: compiled for a test run only. */
interface TypedTest {
  readonly name: string;
  readonly function: TypedFunction;
}

export type TypedExpression = { readonly type: Type; readonly span: Span } & (
  | { readonly kind: 'integer'; readonly value: bigint }
  /** `single` is the number as an `f32`, where that is not `value` rounded. */
  | { readonly kind: 'float'; readonly value: number; readonly single?: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'keyword'; readonly name: string }
  /** A picture of the game's by its name, or those of an animation: a value of `sluice.stage`'s `Region` or `Frames`. */
  | { readonly kind: 'picture'; readonly name: string; readonly as: 'region' | 'frames' }
  | { readonly kind: 'unit' }
  | { readonly kind: 'local'; readonly binding: Binding }
  | { readonly kind: 'global'; readonly definition: GlobalDefinition }
  /** A named function, as callee or as value. `typeArguments` answer its `typeParameters`. */
  | { readonly kind: 'function'; readonly key: string; readonly typeArguments: readonly Type[] }
  /** A class's method at `classArguments` (the class's own parameters). */
  | {
      readonly kind: 'method';
      readonly class: string;
      readonly method: string;
      readonly classArguments: readonly Type[];
      readonly typeArguments: readonly Type[];
    }
  /** A primitive the compiler knows (`len`, `push!`, `str`, `println` ...); its own type says at which types. */
  | { readonly kind: 'primitive'; readonly name: PrimitiveName }
  | { readonly kind: 'extern'; readonly extern: TypedExtern }
  | { readonly kind: 'call'; readonly callee: TypedExpression; readonly args: readonly TypedExpression[] }
  /**
   * A struct, value, tuple or variant made from its fields in declared order. `order` returns the indices of `fields` in
   * the order they were written, which is the order of evaluation. `variant` is set for sums.
   */
  | {
      readonly kind: 'construct';
      readonly definition: TypeDefinition;
      readonly variant?: string;
      readonly fields: readonly TypedExpression[];
      readonly order?: readonly number[];
    }
  /** A constructor or field accessor used as a function value is a `lambda` around these, made by inference. */
  | { readonly kind: 'field'; readonly target: TypedExpression; readonly field: string }
  | { readonly kind: 'set-local'; readonly binding: Binding; readonly value: TypedExpression }
  | { readonly kind: 'set-global'; readonly definition: GlobalDefinition; readonly value: TypedExpression }
  /**
   * `(set! (.a x) v)`. Where the target is a `defvalue` or a tuple, it is itself a place (a mutable local, global or field, or an
   * element), and storing replaces one component of it.
   */
  | {
      readonly kind: 'set-field';
      readonly target: TypedExpression;
      readonly field: string;
      readonly value: TypedExpression;
    }
  /** `(set! (nth xs i) v)`. */
  | {
      readonly kind: 'set-element';
      readonly target: TypedExpression;
      readonly index: TypedExpression;
      readonly value: TypedExpression;
    }
  /** `(update e :hp 3)`: a copy with some fields changed. */
  | {
      readonly kind: 'update';
      readonly target: TypedExpression;
      readonly fields: readonly { readonly name: string; readonly value: TypedExpression }[];
    }
  | {
      readonly kind: 'let';
      readonly bindings: readonly { readonly pattern: TypedPattern; readonly value: TypedExpression }[];
      readonly body: TypedExpression;
    }
  /**
   * Functions that are generic, or know one another: bound by `let`, `letrec` or `defn` in a body, lowered once per set of types that
   * they are used at. They capture like lambdas. Functions that set what they capture are not generic. Or one generic value of a `let`.
   */
  | {
      readonly kind: 'let-functions';
      readonly functions: readonly { readonly binding: Binding; readonly function: TypedLocalFunction }[];
      readonly body: TypedExpression;
    }
  | { readonly kind: 'local-function'; readonly binding: Binding; readonly typeArguments: readonly Type[] }
  | {
      readonly kind: 'if';
      readonly condition: TypedExpression;
      readonly then: TypedExpression;
      readonly else: TypedExpression;
    }
  | { readonly kind: 'do'; readonly body: readonly TypedExpression[] }
  | {
      readonly kind: 'match';
      readonly subject: TypedExpression;
      readonly arms: readonly { readonly pattern: TypedPattern; readonly body: TypedExpression }[];
    }
  | {
      readonly kind: 'while';
      readonly condition: TypedExpression;
      readonly body: TypedExpression;
      /** Between its rounds nobody looks at the clock: the library's `%while`. */
      readonly unwatched?: true;
    }
  /** `(for (i from test step) body)`; `step` is the next value of `i`. The binding is fresh and immutable in the body. */
  | {
      readonly kind: 'for';
      readonly binding: Binding;
      readonly from: TypedExpression;
      readonly test: TypedExpression;
      readonly step: TypedExpression;
      readonly body: TypedExpression;
    }
  | {
      readonly kind: 'for-each';
      readonly pattern: TypedPattern;
      readonly collection: TypedExpression;
      readonly body: TypedExpression;
    }
  /**
   * `(for-entities (b Ball) ...)`: the living entities of a type, as many as there were when the loop began. Or of all types of a class:
   * then the body is lowered for each, with the type in the place of `parameter`.
   */
  | {
      readonly kind: 'for-entities';
      readonly binding: Binding;
      readonly entities: readonly TypeDefinition[];
      readonly parameter: Parameter | undefined;
      readonly body: TypedExpression;
    }
  | { readonly kind: 'count-entities'; readonly entities: readonly TypeDefinition[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'lambda'; readonly params: readonly TypedParameter[]; readonly body: TypedExpression }
  /** Vector literal. */
  | { readonly kind: 'vector'; readonly items: readonly TypedExpression[] }
  /** Chunk and limit are bytes. */
  | {
      readonly kind: 'with-arena';
      readonly arena: TypedArena;
      readonly chunk: number;
      readonly limit: number | undefined;
      readonly body: TypedExpression;
    }
  /** Allocates where the arena, one around it in the same function, was opened from. */
  | { readonly kind: 'outside'; readonly arena: TypedArena; readonly body: TypedExpression }
  /** A copy of what would end with the arena. */
  | { readonly kind: 'copy-out'; readonly arena: TypedArena; readonly value: TypedExpression }
  | { readonly kind: 'without-collection'; readonly body: TypedExpression }
  /** Postfix `?`: unwraps, or returns from the function; `convert` is the `From` method where error types differ. */
  | {
      readonly kind: 'try';
      readonly value: TypedExpression;
      readonly carrier: 'Result' | 'Option';
      readonly convert: TypedExpression | undefined;
    }
  /** Leaves the function. */
  | { readonly kind: 'return'; readonly value: TypedExpression }
  /** `error` nodes stand where inference failed; a program with one is never lowered. */
  | { readonly kind: 'error' }
);

export interface TypedLocalFunction {
  /** A value that is no function, which is the body; there are no parameters. */
  readonly isValue: boolean;
  readonly typeParameters: readonly Parameter[];
  readonly constraints: readonly Predicate[];
  readonly params: readonly TypedParameter[];
  readonly result: Type;
  readonly body: TypedExpression;
  readonly span: Span;
}

export type TypedPattern = { readonly type: Type; readonly span: Span } & (
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'name'; readonly binding: Binding }
  | { readonly kind: 'literal'; readonly value: TypedExpression }
  /** A variant with its data, or a struct, value or tuple by position. */
  | {
      readonly kind: 'construct';
      readonly definition: TypeDefinition;
      readonly variant?: string;
      readonly fields: readonly TypedPattern[];
    }
  /** `{:x px :y}`: some fields by name. */
  | {
      readonly kind: 'fields';
      readonly fields: readonly { readonly name: string; readonly pattern: TypedPattern }[];
    }
);
