/** What names stand for: functions, globals, constructors, classes, methods, primitives, aliases. */

import type { Form, ListForm, Span } from '../../syntax/index.ts';
import type { FunctionType } from './builtin.ts';
import type { Module } from './module.ts';
import type { PrimitiveName } from './primitives.ts';
import type {
  FieldDefinition,
  GlobalDefinition,
  Parameter,
  Predicate,
  Type,
  TypeDefinition,
} from './type.ts';
import type { TypedExpression, TypedExtern, TypedFunction } from './typed.ts';

/** What a name in an expression may stand for, besides a local binding. */
export type Definition =
  | { readonly kind: 'function'; readonly function: FunctionEntry }
  | { readonly kind: 'global'; readonly global: GlobalEntry }
  | { readonly kind: 'constructor'; readonly makes: TypeDefinition; readonly variant?: string }
  | { readonly kind: 'method'; readonly class: ClassEntry; readonly method: MethodEntry }
  | { readonly kind: 'primitive'; readonly primitive: Primitive }
  | { readonly kind: 'extern'; readonly extern: TypedExtern };

/** A type for all values of its parameters that satisfy the constraints (Damas and Milner 1982; Jones 1992). */
export interface Scheme {
  readonly parameters: readonly Parameter[];
  readonly constraints: readonly Predicate[];
  readonly type: FunctionType;
}

/** A top-level function on its way from form to typed tree. */
export interface FunctionEntry {
  readonly name: string;
  readonly key: string;
  readonly module: Module;
  readonly public: boolean;
  readonly span: Span;
  /** The place of its name, for messages. */
  readonly nameSpan: Span;
  readonly params: readonly Form[];
  readonly result: Form | undefined;
  readonly body: readonly Form[];
  readonly documentation: string | undefined;
  /** What callers may call its arguments. */
  readonly parameterNames: readonly (string | undefined)[];
  /** Known before inference where the text gives all of it, otherwise after. */
  scheme: Scheme | undefined;
  /** True where `scheme` came from the text, so that the body is checked against it. */
  declared: boolean;
  /** While its group is inferred: its one type in all of the group, and the nodes that use it. */
  inferring:
    | { readonly type: FunctionType; readonly uses: ((typeArguments: readonly Type[]) => void)[] }
    | undefined;
  /** An instance's or behaviour's body is checked like a function, but cannot be called by name. */
  readonly discardsResult: boolean;
  /** For the default of a field: what it is a field of. Its body is a value, from which nothing can return. */
  readonly defaultOf?: FieldOwner;
  typed: TypedFunction | undefined;
}

/** A field that has a default, and what it is a field of: a type, or a variant of one. */
export interface FieldOwner {
  readonly field: string;
  /** Of the type, or of the variant. */
  readonly name: string;
  readonly fields: readonly FieldDefinition[];
}

export interface GlobalEntry {
  readonly definition: GlobalDefinition;
  readonly module: Module;
  readonly value: Form;
  readonly annotated: boolean;
  typed: TypedExpression | undefined;
}

export interface ClassEntry {
  readonly name: string;
  readonly key: string;
  readonly parameters: readonly Parameter[];
  /** In terms of the class's parameters. */
  readonly superclasses: readonly Predicate[];
  readonly methods: ReadonlyMap<string, MethodEntry>;
  /** What an instance's method is where the instance does not write it: `(defn name (x) ...)`. */
  readonly defaults: ReadonlyMap<string, ListForm>;
  /** Undefined for the language's own classes. */
  readonly module: Module | undefined;
  /** How many types each parameter takes before it is a type; none where undefined. */
  kinds?: readonly number[];
  /** True where the first argument determines the others, as a collection's type does its elements'. */
  readonly determined: boolean;
  readonly span: Span | undefined;
}

export interface MethodEntry {
  readonly name: string;
  /** Type variables of its own, besides the class's. */
  parameters: readonly Parameter[];
  constraints: readonly Predicate[];
  type: FunctionType;
  /** True for a value, as `(zero : 'a)`: a function without parameters that is called wherever it is named. */
  constant: boolean;
}

export interface Primitive<Name extends string = PrimitiveName> {
  readonly name: Name;
  readonly scheme: Scheme;
  /** Takes any number of arguments beyond what its scheme says, each as its last parameter. */
  readonly variadic: boolean;
}

/** A shorthand for a type: `(deftype-alias Grid (Vector i64))`. */
export interface AliasEntry {
  readonly kind: 'alias';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly form: Form;
  readonly module: Module;
  readonly span: Span;
  type: Type | undefined;
  /** While it is being resolved, so that an alias of itself is found. */
  resolving: boolean;
}
