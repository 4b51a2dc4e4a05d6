/**
 * Values of globals that the program has no more, and what values began with. A global that goes leaves its value behind: a later
 * version that names it again, with the same type, has it again.
 */
import type { GlobalEntry, LayerEntry, Manifest } from '../image/index.ts';
import type { Types } from './kept.ts';
import type { LinkedProgram } from './program.ts';
import { type GlobalsPlan, isOwn, namesOf, type Parked, type ParkedGlobals, parkedKey } from './replace.ts';

/** What ran before a version, which is about to run instead. */
interface Before {
  readonly program: LinkedProgram;
  readonly types: Types;
  readonly layers: readonly LayerEntry[];
}

export class SetAside {
  readonly #parked = new Map<string, Parked>();
  /** By keys of mutable globals: what their values began with. */
  readonly #begun = new Map<string, string | undefined>();

  /** By `parkedKey`. */
  get values(): ParkedGlobals {
    return this.#parked;
  }

  get names(): readonly string[] {
    return namesOf([...this.#parked.values()].map(({ entry }) => entry));
  }

  /** The cells of all of them. */
  get cells(): readonly number[] {
    return [...this.#parked.values()].flatMap(({ cells }) => cells);
  }

  /** The value that a global of the plan's `restored` has. */
  of(global: GlobalEntry): Parked {
    return this.#parked.get(parkedKey(global)) as Parked;
  }

  /** Those called so, or, where there are none, with their module's name before theirs. */
  named(name: string): Parked[] {
    const all = [...this.#parked.values()];
    const found = all.filter(({ entry }) => entry.name === name);
    return found.length > 0 ? found : all.filter(({ entry }) => entry.key === name);
  }

  /** Another version is about to run. */
  park({ gone, restored, fresh }: GlobalsPlan, { program, types, layers }: Before): void {
    const parked = this.parkedOf({ gone }, program, types, layers);
    for (const global of restored) {
      this.take(global, this.of(global));
      this.#parked.delete(parkedKey(global));
    }
    for (const one of parked) this.#parked.set(parkedKey(one.entry), one);
    for (const { key } of gone) if (!restored.some((global) => global.key === key)) this.#begun.delete(key);
    this.noteBegun(fresh);
  }

  /** Values of a program's globals that go with it. */
  parkedOf(
    { gone }: Pick<GlobalsPlan, 'gone'>,
    { cells }: LinkedProgram,
    types: Types,
    layers: readonly LayerEntry[] = [],
  ): readonly Parked[] {
    return gone.map((entry) => ({
      entry,
      cells: cells.get(entry.key) ?? [],
      types,
      layers,
      initial: this.#begun.get(entry.key),
      isMigrated: false,
    }));
  }

  /** A value is in other cells, or of other types. */
  change(parked: Parked): void {
    const { layers } = this.of(parked.entry);
    this.#parked.set(parkedKey(parked.entry), { ...parked, layers });
  }

  forget({ entry }: Parked): void {
    this.#parked.delete(parkedKey(entry));
  }

  /** Globals were computed, or are taken to have been. */
  noteBegun(globals: readonly GlobalEntry[]): void {
    for (const { key, mutable, initial } of globals) if (mutable) this.#begun.set(key, initial);
  }

  /** A global has the value of one that was set aside. */
  take({ key, initial: now }: GlobalEntry, { initial, isMigrated }: Parked): void {
    this.#begun.set(key, isMigrated ? now : initial);
  }

  /** Kept globals of which new code changes the initial value, and which began with another. */
  changedInitials({ kept, restored }: GlobalsPlan, running: Manifest): readonly GlobalEntry[] {
    const before = new Map(running.globals.map(({ key, initial }) => [key, initial]));
    return [
      ...kept.filter(({ key, initial }) => initial !== before.get(key) && initial !== this.#begun.get(key)),
      ...restored.filter((global) => {
        const { initial, isMigrated } = this.of(global);
        return !isMigrated && global.initial !== initial;
      }),
    ].filter(isOwn);
  }

  /** Mutable globals whose values began with something else than their code says now. */
  notApplied({ globals }: Manifest): readonly GlobalEntry[] {
    return globals.filter((global) => isOwn(global) && global.initial !== this.#begun.get(global.key));
  }
}
