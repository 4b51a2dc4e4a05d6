/**
 * Whether values and functions of one version of a program may meet the code of another. They meet where a mutable global
 * keeps its value, and where the host returns what it was given; and so do those of all types that these lead to.
 */
import type { Kept, KeptType, Manifest } from '../image/index.ts';

/** What does not fit: names of types. */
export interface Misfits {
  /** Of values that lie otherwise in the new version. */
  readonly layouts: readonly string[];
  /** Of functions of which the proof of the arenas has found something else. */
  readonly functions: readonly string[];
  /** Of collections of which parts would be looked for elsewhere than where they are, or taken for others. */
  readonly arrangements: readonly string[];
  /** Keys of the types of such collections, where the new version can make them anew. */
  readonly rearranged: readonly string[];
}

/** Types by their keys, as a version has them. */
export type Types = ReadonlyMap<string, KeptType>;

/** A type of values that live on, with all types of the version that made them last. */
export interface Root {
  readonly type: string;
  readonly types: Types;
}

/** A type of one version beside that of the other. */
interface Pair {
  readonly was: KeptType;
  readonly is: KeptType;
}

/**
 * All versions of a program that were linked, be it in vain: what they gave to the host may come back at any time, and
 * function values that are their code may live on.
 */
export class Generations {
  /** By types of which the host may hold something: the types of the last version that had this one. */
  #held: ReadonlyMap<string, Types> = new Map();
  /** Types of which functions of several versions may live that do not come to the same. */
  readonly #mixed = new Set<string>();
  #opensArenas = false;
  #types: Types = new Map();

  /** Those of the version that runs. */
  get types(): Types {
    return this.#types;
  }

  /** A version is linked: from now on its code may run. The others fit it. */
  add({ kept }: Manifest): void {
    const types = this.#typesOf(kept);
    this.#held = new Map([...this.#held, ...kept.handles.map((key) => [key, types] as const)]);
    this.#opensArenas ||= kept.opensArenas;
  }

  /** What it returns takes back what is added: nothing that lives is of it. */
  save(): () => void {
    const held = this.#held;
    return () => {
      this.#held = held;
    };
  }

  /** This version runs from now on, which was added. */
  run({ kept }: Manifest): void {
    this.#types = this.#typesOf(kept);
  }

  /**
   * What keeps `next` from being linked where values of these types keep living, and code of functions of the types `staying`. Where
   * nothing does, `next` is to be added.
   */
  misfits(next: Manifest, roots: readonly Root[], staying: ReadonlySet<string>): Misfits {
    const after = typesOf(next.kept);
    const layouts = new Set<string>();
    const arrangements = new Set<string>();
    const rearranged = new Set<string>();
    const met: Pair[] = [];
    const seen = new Map<Types, Set<string>>();
    const held = next.kept.handles.flatMap((type) => {
      const types = this.#held.get(type);
      return types === undefined ? [] : [{ type, types }];
    });
    for (const { type, types } of [...roots, ...held]) {
      const known = seen.get(types) ?? new Set();
      seen.set(types, known);
      const pending = [type];
      for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
        if (known.has(key)) continue;
        known.add(key);
        const was = types.get(key);
        const is = after.get(key);
        // A type without end fits nothing.
        if (was?.layout === undefined || is === undefined || was.layout !== is.layout) {
          layouts.add(is?.name ?? was?.name ?? key);
          continue;
        }
        // Hashes go by how values lie, too.
        const moves = was.by !== undefined && leadsToChanged(was.by, types, next);
        if (differ(was.arrangement, is.arrangement) || moves) {
          if (is.arrangedFrom === undefined) arrangements.add(is.name);
          else rearranged.add(key);
        }
        met.push({ was, is });
        pending.push(...was.holds);
      }
    }
    const functions = this.#changedFunctions(met).filter(({ is }) => staying.has(is.key));
    const found = { layouts: [...layouts], arrangements: [...arrangements], rearranged: [...rearranged] };
    if (this.#opensArenas || next.kept.opensArenas)
      return { ...found, functions: [...new Set(functions.map(({ is }) => is.name))] };
    if (layouts.size === 0 && arrangements.size === 0)
      for (const { is } of functions) this.#mixed.add(is.key);
    return { ...found, functions: [] };
  }

  /** All that lives is as this version has it, which runs from now on. */
  migrated({ kept }: Manifest): void {
    const types = this.#typesOf(kept);
    this.#held = new Map([...this.#held].map(([key, was]) => [key, types.has(key) ? types : was]));
  }

  /** Types of functions that live on and do not come to the same as before, or as others of them. */
  #changedFunctions(met: readonly Pair[]): readonly Pair[] {
    // Where no function of an earlier version can be held by what stays, no code of one runs again.
    if (!met.some(({ was }) => was.code !== undefined)) return [];
    return met.filter(({ was, is }) => was.code !== is.code || this.#mixed.has(is.key));
  }

  /** A version that calls no method of a collection's keeps it as others have arranged it. */
  #typesOf(kept: Kept): Types {
    const types = new Map(typesOf(kept));
    for (const [key, type] of types) {
      const arrangement = type.arrangement ?? this.#types.get(key)?.arrangement;
      if (arrangement !== undefined) types.set(key, { ...type, arrangement });
    }
    return types;
  }
}

const typesOf = ({ types }: Kept): Types => new Map(types.map((type) => [type.key, type]));

/** Where one of them is missing, nothing was put anywhere, or nothing is looked for. */
const differ = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b;

/** Whether values of a type lead to any of a type that another version lays out otherwise. */
export function leadsToChanged(root: string, types: Types, { kept }: Manifest): boolean {
  const after = typesOf(kept);
  const seen = new Set([root]);
  for (const key of seen) {
    const was = types.get(key);
    const is = after.get(key);
    if (was === undefined || (is !== undefined && is.layout !== was.layout)) return true;
    for (const held of was.holds) seen.add(held);
  }
  return false;
}
