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
}

type Types = ReadonlyMap<string, KeptType>;

/** A type of one version beside that of the other. */
type Pair = readonly [was: KeptType | undefined, is: KeptType | undefined];

/**
 * All versions of a program that were linked, be it in vain: what they gave to the host may come back at any time, and
 * function values that are their code may live on.
 */
export class Generations {
  /** By types of which the host may hold something: the types of the last version that had this one. */
  readonly #held = new Map<string, Types>();
  /** Types of which functions of several versions may live that do not come to the same. */
  readonly #mixed = new Set<string>();
  #opensArenas = false;

  /** A version is linked: from now on its code may run. The others fit it. */
  add({ kept }: Manifest): void {
    const types = typesOf(kept);
    for (const key of kept.handles) this.#held.set(key, types);
    this.#opensArenas ||= kept.opensArenas;
  }

  /**
   * What keeps `next` from being linked while `old` runs, of whose mutable globals those of the given types keep their
   * values. Where nothing does, `next` is to be added.
   */
  misfits(old: Manifest, next: Manifest, globals: readonly string[]): Misfits {
    const after = typesOf(next.kept);
    const layouts = new Set<string>();
    const met = new Map<string, Pair>();
    const meet = (root: string, before: Types): void => {
      const pending = [root];
      const seen = new Set<string>();
      for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
        if (seen.has(key)) continue;
        seen.add(key);
        const pair: Pair = [before.get(key), after.get(key)];
        const [was, is] = pair;
        // A type without end fits nothing.
        if (was?.layout === undefined || was.layout !== is?.layout) layouts.add(is?.name ?? was?.name ?? key);
        else {
          if (met.get(key)?.[0]?.code === undefined) met.set(key, pair);
          pending.push(...was.holds);
        }
      }
    };
    for (const key of globals) meet(key, typesOf(old.kept));
    for (const key of next.kept.handles) {
      const before = this.#held.get(key);
      if (before !== undefined) meet(key, before);
    }
    const functions = this.#changedFunctions(met);
    if (this.#opensArenas || next.kept.opensArenas) return named(layouts, functions, met);
    if (layouts.size === 0) for (const key of functions) this.#mixed.add(key);
    return named(layouts, [], met);
  }

  /** Types of functions that live on and do not come to the same as before, or as others of them. */
  #changedFunctions(met: ReadonlyMap<string, Pair>): readonly string[] {
    // Where no function of an earlier version can be held by what stays, no code of one runs again.
    if (![...met.values()].some(([was]) => was?.code !== undefined)) return [];
    return [...met]
      .filter(([key, [was, is]]) => was?.code !== is?.code || this.#mixed.has(key))
      .map(([key]) => key);
  }
}

const typesOf = ({ types }: Kept): Types => new Map(types.map((type) => [type.key, type]));

function named(
  layouts: ReadonlySet<string>,
  functions: readonly string[],
  met: ReadonlyMap<string, Pair>,
): Misfits {
  return { layouts: [...layouts], functions: functions.map((key) => met.get(key)?.[0]?.name ?? key) };
}
