/**
 * Where in a program something is made: what is in scope, which arenas are open, and how long things live there.
 *
 * Lifetimes are numbers: 0 is the heap and whatever a function was given, 1 the frame, 2 and more the blocks that are open in
 * a function, outermost first. The generator keeps to what it believes the escape proof accepts, most of the time: what is
 * wanted for a place must not be of a higher number than the place. It need not be right, only seldom wrong.
 */
import type { Binding, Expression, FunctionDeclaration, GlobalDeclaration, World } from './program.ts';
import type { Random } from './random.ts';
import type { Type } from './type.ts';

/** An expression, and between which lifetimes what it returns lies. */
export interface Made {
  readonly e: Expression;
  readonly low: number;
  readonly high: number;
}

export interface Variable extends Binding {
  readonly low: number;
  readonly high: number;
}

/** An arena that is open in the function at hand. */
export interface Region {
  readonly name: string;
  readonly lifetime: number;
  /** Where its block was entered from. */
  readonly outer: number;
}

/** What the generator knows of a function that it has made. */
export interface Known extends FunctionDeclaration {
  /** Whether it stores any of what it is given. */
  readonly stores: boolean;
  /** Whether its first parameter says how often it calls itself; then how often that may be. */
  readonly repeats: number;
}

/** What is the same in a whole function. */
export interface Body {
  readonly random: Random;
  readonly world: World;
  readonly types: readonly Type[];
  readonly globals: readonly GlobalDeclaration[];
  readonly functions: readonly Known[];
  /** The index of the case. */
  readonly index: number;
  readonly budget: { left: number };
  /** How often the lifetimes are not looked at. */
  readonly boldness: number;
  /** The number of the next name. */
  readonly names: { next: number };
  /** Set where the function stores something. */
  readonly found: { stores: boolean };
}

export interface Scope {
  readonly body: Body;
  readonly variables: readonly Variable[];
  readonly regions: readonly Region[];
  /** Where things are made. */
  readonly lifetime: number;
  /** The highest lifetime of what may be in scope. */
  readonly open: number;
  readonly inLoop: boolean;
  /** The result type that `?` returns to; undefined where there is none. */
  readonly result: Type | undefined;
  /** What the function or lambda at hand returns, and how long that must live; undefined where it is not left early. */
  readonly returns: { readonly type: Type; readonly goal: number } | undefined;
  /** Inside a `fn`: what is given is not stored. */
  readonly inLambda: boolean;
  /** How much deeper expressions may nest. */
  readonly depth: number;
  readonly make: Make;
}

/** The generator's parts, which know one another by this alone. */
export interface Make {
  expression(type: Type, scope: Scope, goal: number): Made;
  block(type: Type, scope: Scope, goal: number, statements: number): Made;
  lambda(type: Type, scope: Scope): Made;
  /** Puts something into what a function was given, where there is a way. */
  filling(given: Variable, scope: Scope): Expression | undefined;
}

export function fresh(scope: Scope, prefix: string): string {
  const { names } = scope.body;
  names.next += 1;
  return `${prefix}${names.next}`;
}

export const deeper = (scope: Scope): Scope => ({ ...scope, depth: scope.depth - 1 });

export const withVariables = (scope: Scope, ...more: readonly Variable[]): Scope => ({
  ...scope,
  variables: [...scope.variables, ...more],
});

/** Variables of a type that live long enough. */
export function variablesOf(scope: Scope, type: Type, goal: number): readonly Variable[] {
  return scope.variables.filter((v) => v.type === type && v.high <= goal);
}

export const isBold = ({ body }: Scope): boolean => body.random.chance(body.boldness);

/** What must live as long as a place, or now and then not: the proof shall say. */
export const asLongAs = (low: number, scope: Scope): number => (isBold(scope) ? scope.open : low);
