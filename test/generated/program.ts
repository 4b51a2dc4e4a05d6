/**
 * The small language in which programs are made by chance, printed, and evaluated: what `printer.ts` writes as Sluice and
 * `interpreter.ts` says the meaning of. All expressions have one shape, so that the shrinker can walk them.
 */
import type { Type } from './type.ts';

export interface Binding {
  readonly name: string;
  readonly type: Type;
  readonly mutable: boolean;
}

export type Pattern =
  | { readonly kind: 'any' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: bigint | string | boolean }
  | { readonly kind: 'variant'; readonly name: string; readonly parts: readonly Pattern[] }
  | { readonly kind: 'tuple'; readonly parts: readonly Pattern[] };

export type Literal = bigint | number | boolean | string | undefined;

/** What an expression is, and what its parts stand for. */
export type Kind =
  | 'literal' // `value`
  | 'variable' // `name`
  | 'global' // `name`
  | 'function' // `name`: a function as a value
  | 'primitive' // `name` of the prelude; arguments
  | 'call' // `name`; arguments; `value` is true where it is a tail call
  | 'apply' // the function value; arguments
  | 'method' // `name`; arguments: the first's type decides
  | 'host' // `name` of an extern; arguments
  | 'construct' // `name` of a struct, value or variant; fields
  | 'tuple' // fields
  | 'vector' // elements
  | 'field' // `name`; what has it
  | 'update' // `name` of the field; what has it, the new value
  | 'set-variable' // `name`; value
  | 'set-global' // `name`; value
  | 'set-field' // `name`; what has it, value
  | 'set-element' // vector, index, value
  | 'lambda' // `binds` are the parameters; body
  | 'let' // one in `binds`; value, body
  | 'let-tuple' // `binds` for the fields; value, body
  | 'do' // in sequence
  | 'if' // condition, then, else
  | 'when' // condition, body
  | 'and' // two
  | 'or' // two
  | 'match' // `patterns` of the arms; subject, arms
  | 'for' // one in `binds`; how often, body
  | 'while' // one in `binds`, which counts; how often, body
  | 'for-each' // `binds`: one, or the fields of a tuple; collection, body
  | 'break'
  | 'continue'
  | 'return' // what is returned
  | 'arena' // `name`; body
  | 'outside' // `name`, or the innermost where that is empty; what is evaluated
  | 'copy-out' // what is copied
  | 'quiet' // `without-collection`; body
  | 'try' // postfix `?`; what is unwrapped
  | 'weak' // one in `binds`; a node, body; prints the node's number after it
  | 'annotate'; // what has the expression's type

export interface Expression {
  readonly kind: Kind;
  readonly type: Type;
  readonly parts: readonly Expression[];
  readonly name: string;
  readonly value: Literal;
  readonly binds: readonly Binding[];
  readonly patterns: readonly Pattern[];
}

export function expression(
  kind: Kind,
  type: Type,
  parts: readonly Expression[] = [],
  rest: Partial<Pick<Expression, 'name' | 'value' | 'binds' | 'patterns'>> = {},
): Expression {
  return { kind, type, parts, name: '', value: undefined, binds: [], patterns: [], ...rest };
}

export interface FieldDeclaration {
  readonly name: string;
  readonly type: Type;
  readonly mutable: boolean;
}

export interface ProductDeclaration {
  readonly name: string;
  readonly params: readonly string[];
  /** A `defvalue`: it has no identity. */
  readonly flat: boolean;
  readonly fields: readonly FieldDeclaration[];
  /** A field that is all that an own instance of `Show` shows; undefined where it is derived. */
  readonly shown: string | undefined;
}

export interface VariantDeclaration {
  readonly name: string;
  readonly fields: readonly Type[];
}

export interface SumDeclaration {
  readonly name: string;
  readonly params: readonly string[];
  readonly variants: readonly VariantDeclaration[];
}

export interface FunctionDeclaration {
  readonly name: string;
  readonly params: readonly Binding[];
  readonly result: Type;
  readonly body: Expression;
  /** It calls itself until there is no room for it: made to fail. */
  readonly endless?: boolean;
}

/** An instance of the class `Weigh`, for the type that `of` begins with. */
export interface MethodDeclaration {
  readonly of: Type;
  /** Where `of` has an argument: which must be weighed too. */
  readonly needs: Type | undefined;
  readonly param: Binding;
  readonly body: Expression;
}

export interface GlobalDeclaration {
  readonly name: string;
  readonly type: Type;
  readonly frame: boolean;
  readonly init: Expression;
}

/** A module with things of its own that have the names of those in others: `name:*held*` is its `*held*`. */
export interface ModuleDeclaration {
  readonly name: string;
  readonly product: ProductDeclaration;
  readonly globals: readonly GlobalDeclaration[];
  /** Nobody else calls it. */
  readonly hidden: FunctionDeclaration;
  /** What cases call: it stores what it is given. */
  readonly keep: FunctionDeclaration;
  /** Prints the globals; makes them what they are at first. */
  readonly report: FunctionDeclaration;
  readonly reset: FunctionDeclaration;
}

export const functionsOf = ({ hidden, keep, report, reset }: ModuleDeclaration): FunctionDeclaration[] => [
  hidden,
  keep,
  report,
  reset,
];

/** As it is written: without the module. */
export const bare = (name: string): string => name.slice(name.indexOf(':') + 1);

/** What the cases of a program share: its types and classes, and generic functions. */
export interface World {
  readonly products: readonly ProductDeclaration[];
  readonly sums: readonly SumDeclaration[];
  readonly methods: readonly MethodDeclaration[];
  readonly functions: readonly FunctionDeclaration[];
  /** Whether types and generic functions are in a module of their own. */
  readonly apart: boolean;
  readonly modules: readonly ModuleDeclaration[];
}

/** One generated program; many are compiled together. The host calls its `step`, some rounds long. */
export interface Case {
  readonly index: number;
  readonly globals: readonly GlobalDeclaration[];
  readonly functions: readonly FunctionDeclaration[];
  readonly rounds: number;
}

export interface Program {
  readonly world: World;
  readonly cases: readonly Case[];
}

/** Names of what the host calls in a case. */
export const entry = {
  /** `(Fn [i64] Unit)`: what the case does, given the round. */
  step: (index: number) => `step-${index}`,
  /** `(Fn [i64] i64)`: what the host calls from within its own functions. */
  visit: (index: number) => `visit-${index}`,
  /** `(Fn [i64] t)`, t a vector that the host then holds: not in every case. */
  give: (index: number) => `give-${index}`,
  /** `(Fn [t] Unit)`: gets it back. */
  take: (index: number) => `take-${index}`,
  /** `(Fn [] Unit)`: prints the globals. */
  report: (index: number) => `report-${index}`,
  /** `(Fn [] Unit)`: makes the globals what they are at first. */
  reset: (index: number) => `reset-${index}`,
};

/** Whether the host calls a function of the case. */
export const isCalledByHost = (name: string, index: number): boolean =>
  [entry.step, entry.visit, entry.give, entry.take].some((of) => of(index) === name);

/**
 * What the host does with a case, one after the other. `collect` is a full collection, a `gap` a slice of one. A young collection comes
 * to its end in a whole gap; in another the call after it makes it give up, unless it was little.
 */
export type HostAct =
  | { readonly kind: 'reset' | 'collect' | 'report' | 'take' }
  | { readonly kind: 'gap'; readonly work: number; readonly whole: boolean }
  | { readonly kind: 'step' | 'give'; readonly round: number };

/** Work of the slices in a round: little, so that a cycle takes several. */
const SLICES = [20, 60] as const;

export function hostActs({ index, functions, rounds }: Case): readonly HostAct[] {
  const gives = [entry.give(index), entry.take(index)].every((name) =>
    functions.some((f) => f.name === name),
  );
  const acts: HostAct[] = [{ kind: 'reset' }];
  for (let round = 0; round < rounds; round += 1) {
    acts.push({ kind: 'step', round });
    if (gives) acts.push({ kind: 'give', round });
    const whole = index % 4 !== 3;
    // A full collection ends what slices have begun: without it, a cycle goes on beside the next rounds.
    acts.push(index % 2 === 0 ? { kind: 'collect' } : { kind: 'gap', work: SLICES[0], whole });
    acts.push({ kind: 'report' }, { kind: 'gap', work: SLICES[1], whole });
    if (gives) acts.push({ kind: 'take' });
  }
  return acts;
}

/** The globals that a case shows: those that do not hold functions. */
export function reported(one: Case): readonly GlobalDeclaration[] {
  return one.globals.filter((global) => !global.type.text.includes('Fn'));
}
