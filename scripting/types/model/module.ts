/**
 * Modules: the names of one source, what it imports, and what is around it: the prelude, and what is built in. A name
 * that a macro brought in means what it means where the macro is defined.
 */

import type { SymbolForm } from '../../syntax/index.ts';
import type { AliasEntry, ClassEntry, Definition } from './definition.ts';
import type { TypeDefinition } from './type.ts';

/** The three things a name may be, each by its own rules: a program may have a type and a function of one name. */
interface Tables {
  readonly values: Map<string, Definition>;
  readonly types: Map<string, TypeDefinition | AliasEntry>;
  readonly classes: Map<string, ClassEntry>;
}

type Meaning<T extends keyof Tables> = Tables[T] extends Map<string, infer M> ? M : never;

/** One import, when its module is known: some names, all of them, or those after `alias.` */
interface Link {
  readonly module: Module;
  readonly names: ReadonlySet<string> | undefined;
  readonly alias: string | undefined;
}

/** Names of the prelude that begin so are its own. */
export const HIDDEN = '%';

/** The constructor of a type whose fields are hidden: programs make its values by functions. */
function isOpaque(definition: Definition): boolean {
  return definition.kind === 'constructor' && definition.makes.fields.some((f) => f.name.startsWith(HIDDEN));
}

export class Module implements Tables {
  readonly values = new Map<string, Definition>();
  readonly types = new Map<string, TypeDefinition | AliasEntry>();
  readonly classes = new Map<string, ClassEntry>();
  /** Names of macros: nothing is left of them but that they are there. */
  readonly macros = new Set<string>();
  /** What other modules may import. Nobody imports the prelude. */
  readonly public = new Set<string>();
  readonly links: Link[] = [];
  /** Names whose import was refused, and reported: their uses are no mistakes of their own. */
  readonly refused = new Set<string>();
  /** What a refused import was to bring in: names, what begins as `p.` does, or anything where it does not say. */
  readonly lacked = new Set<string>();
  /** Dotted: `levels.one`. */
  readonly name: string;
  readonly outer: Module | undefined;
  /** True for what people write, false for the library and what is built in. */
  readonly isUsers: boolean;
  /** All modules by the names of their sources. */
  readonly #all: ReadonlyMap<string, Module>;
  readonly #prefix: string;

  /**
   * `number` counts the modules of this name, as of `world.slu` and `../world.slu`, or a script called `prelude`. Without a `kind` it is
   * what is built in.
   */
  constructor(
    name: string,
    outer: Module | undefined,
    all: ReadonlyMap<string, Module>,
    { kind, number = 1 }: { readonly kind?: 'library' | 'user'; readonly number?: number } = {},
  ) {
    this.name = name;
    this.#prefix = number === 1 ? name : `${name}:${number}`;
    this.outer = outer;
    this.isUsers = kind === 'user';
    this.#all = all;
  }

  /** What a definition of this name is called in the whole program. */
  key(name: string): string {
    // A name may have dots too: `b.c` of the module `a` is not `c` of `a.b`.
    return `${this.#prefix}${name.includes('.') ? ':' : '.'}${name}`;
  }

  value(symbol: SymbolForm): Definition | undefined {
    const found = this.#meaning('values', symbol);
    return this.isUsers && found !== undefined && isOpaque(found) ? undefined : found;
  }

  type(symbol: SymbolForm): TypeDefinition | AliasEntry | undefined {
    return this.#meaning('types', symbol);
  }

  class(symbol: SymbolForm): ClassEntry | undefined {
    return this.#meaning('classes', symbol);
  }

  /** The modules that a name is imported from, where several give it a meaning and nothing says which is meant. */
  ambiguity(symbol: SymbolForm): readonly Module[] {
    const home = this.#homes(symbol)[0];
    if (home !== this || this.values.has(symbol.name)) return [];
    const by = (isNamed: boolean) =>
      this.links.flatMap(({ module, names, alias }) =>
        alias === undefined &&
        (names !== undefined) === isNamed &&
        (names ?? module.public).has(symbol.name) &&
        module.values.has(symbol.name)
          ? [module]
          : [],
      );
    const named = by(true);
    const found = [...new Set(named.length > 0 ? named : by(false))];
    return found.length > 1 ? found : [];
  }

  /** True where the program itself gives the name a meaning, so that it is no special form. */
  shadows(symbol: SymbolForm): boolean {
    const home = this.#homes(symbol)[0];
    if (home === undefined || !home.isUsers) return false;
    return home.#own('values', symbol.name) !== undefined;
  }

  /** All names that mean something here, for suggestions. */
  *names(table: keyof Tables): Iterable<string> {
    yield* this[table].keys();
    for (const { module, names, alias } of this.links)
      for (const name of names ?? module.public)
        if (module[table].has(name)) yield alias === undefined ? name : `${alias}.${name}`;
    if (this.outer === undefined) return;
    for (const name of this.outer.names(table)) if (!this.isUsers || !name.startsWith(HIDDEN)) yield name;
  }

  /** Where a name is looked for: in the modules of the macros that brought it in, latest first, then here. */
  #homes({ marks }: SymbolForm): readonly Module[] {
    if (marks === undefined) return [this];
    const homes = marks.flatMap((mark) => this.#all.get(mark.module) ?? []);
    return [...new Set([...homes.reverse(), this])];
  }

  #meaning<T extends keyof Tables>(table: T, symbol: SymbolForm): Meaning<T> | undefined {
    for (const home of this.#homes(symbol)) {
      // What the library's macros call is the language's own, whatever the program defines.
      const builtIn = home === this || home.isUsers ? undefined : home.#around(table, symbol.name);
      const own = home.#own(table, symbol.name) ?? builtIn;
      if (own !== undefined) return own;
    }
    if (this.isUsers && symbol.name.startsWith(HIDDEN)) return undefined;
    return this.#around(table, symbol.name);
  }

  /** What a name means in the modules around this one. */
  #around<T extends keyof Tables>(table: T, name: string): Meaning<T> | undefined {
    let around = this.outer;
    while (around !== undefined) {
      const found = around[table].get(name) as Meaning<T> | undefined;
      if (found !== undefined) return found;
      around = around.outer;
    }
    return undefined;
  }

  /** Whether a name may be one that a refused import was to bring in. */
  lacks(name: string): boolean {
    const alias = name.slice(0, name.indexOf('.') + 1);
    const isLacked = [name, alias, ''].some((one) => this.lacked.has(one));
    return isLacked || this.outer?.lacks(name) === true;
  }

  /** Whether another module is around this one, or imported by it, directly or not: its instances count here. */
  sees(other: Module | undefined): boolean {
    const pending: Module[] = [this];
    const seen = new Set<Module>();
    for (const module of pending) {
      if (module === other) return true;
      if (seen.has(module)) continue;
      seen.add(module);
      if (module.outer !== undefined) pending.push(module.outer);
      pending.push(...module.links.map((link) => link.module));
    }
    return false;
  }

  /** What the module itself defines or imports; a name that is imported by itself goes before one of `:all`. */
  #own<T extends keyof Tables>(table: T, name: string): Meaning<T> | undefined {
    const own = this[table].get(name) as Meaning<T> | undefined;
    if (own !== undefined) return own;
    const byName = this.links.filter((l) => l.names !== undefined);
    const others = this.links.filter((l) => l.names === undefined);
    for (const { module, names, alias } of [...byName, ...others]) {
      const plain =
        alias === undefined ? name : name.startsWith(`${alias}.`) ? name.slice(alias.length + 1) : undefined;
      if (plain === undefined || !module.public.has(plain) || (names !== undefined && !names.has(plain)))
        continue;
      const found = module[table].get(plain) as Meaning<T> | undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
