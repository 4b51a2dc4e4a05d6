/** Local names: what parameters, `let`, loops and patterns bind, innermost first. */

import { bindingKey, type Form, type Span, type SymbolForm } from '../../syntax/index.ts';
import type { FieldOwner, Scheme } from './definition.ts';
import type { Module } from './module.ts';
import type { Type } from './type.ts';
import type { Binding, TypedArena } from './typed.ts';

/** A literal number that has a name. */
export interface NamedNumber {
  readonly form: Extract<Form, { readonly kind: 'integer' | 'float' }>;
  /** What it is in the places where it is used, and where it is bound. */
  readonly types: Type[];
}

/**
 * A local binding; `scheme` is set where it is generic or a function of a `let-functions`: that of a value that is no function has no
 * parameters and returns it.
 */
export interface Local {
  readonly binding: Binding;
  readonly scheme?: Scheme;
  /** Set where it is a name of a literal number: each use is as one written there. */
  readonly number?: NamedNumber;
  /**
   * Set where it is what an object was before a reload: no value, since the program does not know its type any more. Gives the name
   * that stands for one of its fields.
   */
  readonly former?: (field: string, span: Span) => Binding;
  /** Set while a function of a `let-functions` is inferred: the type arguments of its uses, which are known at the end. */
  readonly uses?: Type[][];
}

/** What holds for a whole function or lambda body. */
export interface Body {
  readonly module: Module;
  /** Type variables that the enclosing signature or an annotation has named. */
  readonly typeVariables: Map<string, Type>;
  /** What the enclosing function or lambda returns: where `?` and `return` go. */
  readonly result: Type;
  /** It is asked for nothing, and drops what is returned: its type says so, or a `(return)` did. */
  drops: boolean;
  /** Where a `return` says what the result is, before anything else did. */
  returned?: Span;
  /** False for globals and top-level expressions, from which nothing can return. */
  readonly isFunction: boolean;
  /** Inside `(unsafe ...)`. */
  readonly isUnsafe?: boolean;
  /** Set in the default of a field: what it is a field of. */
  readonly defaultOf?: FieldOwner;
  /** The function or lambda, for messages. */
  readonly span: Span;
}

export class Scope {
  readonly body: Body;
  /** True where `break` and `continue` have a loop to act on. */
  readonly inLoop: boolean;
  /** The arenas that are open here and were opened in this function, outermost first. */
  readonly arenas: readonly TypedArena[];
  readonly #outer: Scope | undefined;
  /** The name that what stands here is going to have. */
  #awaited: string | undefined;
  readonly #names = new Map<string, Local>();
  /** Names of arenas are their own: they hide no function, local or global that is called the same. */
  readonly #arenaNames = new Map<string, Local>();

  constructor(body: Body, outer?: Scope, inLoop = false, arenas: readonly TypedArena[] = []) {
    this.arenas = arenas;
    this.body = body;
    this.inLoop = inLoop;
    this.#outer = outer;
  }

  /** A scope inside this one. */
  inner(inLoop = this.inLoop): Scope {
    return new Scope(this.body, this, inLoop, this.arenas);
  }

  /** The scope of a value that is going to have a name, which it does not know itself. */
  awaiting(symbol: SymbolForm): Scope {
    const scope = this.inner();
    scope.#awaited = bindingKey(symbol);
    return scope;
  }

  /** Whether what stands here is going to have that name. */
  isAwaited(symbol: SymbolForm): boolean {
    return this.#awaited === bindingKey(symbol) || this.#outer?.isAwaited(symbol) === true;
  }

  /** The scope of an arena's block. */
  inArena(arena: TypedArena, name: SymbolForm): Scope {
    const scope = new Scope(this.body, this, this.inLoop, [...this.arenas, arena]);
    if (arena.binding !== undefined) scope.#arenaNames.set(bindingKey(name), { binding: arena.binding });
    return scope;
  }

  /** The scope of an `unsafe` block. */
  unsafe(): Scope {
    return new Scope({ ...this.body, isUnsafe: true }, this, this.inLoop, this.arenas);
  }

  /** The scope of a lambda's body: sees these names, but not the loop around it. */
  lambda(result: Type, drops: boolean, span: Span): Scope {
    return new Scope({ ...this.body, result, drops, isFunction: true, span }, this, false);
  }

  /** Gives a name a meaning; false where it had one in this very scope, so that one of two bound together is lost. */
  define(symbol: SymbolForm, local: Local): boolean {
    const key = bindingKey(symbol);
    const isNew = !this.#names.has(key);
    this.#names.set(key, local);
    return isNew;
  }

  lookup(symbol: SymbolForm): Local | undefined {
    return this.#find(symbol, (scope) => scope.#names);
  }

  /** The arena of that name whose block this is in, be it of a function around. Not the loop's own. */
  lookupArena(symbol: SymbolForm): Local | undefined {
    return this.#find(symbol, (scope) => scope.#arenaNames);
  }

  #find(symbol: SymbolForm, names: (scope: Scope) => ReadonlyMap<string, Local>): Local | undefined {
    const key = bindingKey(symbol);
    let scope: Scope | undefined = this;
    while (scope !== undefined) {
      const found = names(scope).get(key);
      if (found !== undefined) return found;
      scope = scope.#outer;
    }
    return undefined;
  }

  /** All local names, for suggestions. */
  *names(): Iterable<string> {
    for (const names of [this.#names, this.#arenaNames])
      for (const { binding } of names.values()) yield binding.name;
    if (this.#outer !== undefined) yield* this.#outer.names();
  }
}
