/**
 * Globals with values when new code comes: those that it names, and those that wait for a name. All are given its layouts, in their
 * cells or, where they take others, in new ones.
 */
import type { GlobalEntry, Manifest } from '../image/index.ts';
import { leadsToChanged, type Types } from './kept.ts';
import { cellReps, type LivingGlobal, type Migration } from './migration/index.ts';
import type { LinkedProgram } from './program.ts';
import { dropCells, type GlobalsPlan, type Parked, parkedKey } from './replace.ts';
import type { SetAside } from './set-aside.ts';
import type { CellPool } from './statics.ts';

/** What is before a version. */
interface Before {
  readonly program: LinkedProgram;
  readonly types: Types;
  readonly aside: SetAside;
}

export class LivingGlobals {
  /** Those that have changed and are given up: the new code has nothing of their types. */
  readonly lost: readonly Parked[];
  readonly #next: Manifest;
  /** By keys of the new version's. */
  readonly #named: ReadonlyMap<string, LivingGlobal>;
  /** Those that wait, and that have changed. */
  readonly #waiting: readonly (readonly [Parked, LivingGlobal])[];
  /** Those that wait as they are. */
  readonly #unchanged: readonly LivingGlobal[];
  readonly #cells = new Map<LivingGlobal, readonly number[]>();

  constructor(next: Manifest, plan: GlobalsPlan, before: Before) {
    this.#next = next;
    const { program, types, aside } = before;
    const named = new Map<string, LivingGlobal>();
    for (const { key, name, type } of plan.kept)
      named.set(key, { name, type, types, was: program.cells.get(key) ?? [] });
    for (const global of plan.restored) named.set(global.key, living(aside.of(global)));
    this.#named = named;
    const back = new Set(plan.restored.map(parkedKey));
    const waiting = [
      ...[...aside.values.values()].filter(({ entry }) => !back.has(parkedKey(entry))),
      ...aside.parkedOf(plan, program, types),
    ];
    const changed = waiting.filter((parked) => leadsToChanged(parked.entry.type, parked.types, next));
    this.#unchanged = waiting.filter((parked) => !changed.includes(parked)).map(living);
    const hasType = ({ entry }: Parked): boolean =>
      next.kept.types.some(({ key, layout }) => key === entry.type && layout !== undefined);
    this.lost = changed.filter((parked) => !hasType(parked));
    this.#waiting = changed.filter(hasType).map((parked) => [parked, living(parked)] as const);
  }

  /** Those of the new version. */
  get named(): readonly LivingGlobal[] {
    return [...this.#named.values()];
  }

  get all(): readonly LivingGlobal[] {
    return [...this.named, ...this.#waiting.map(([, global]) => global)];
  }

  /** Whether a value that waits, of a global of this name, lies otherwise in the new version. */
  isWaitingChanged(name: string): boolean {
    return this.#waiting.some(([{ entry }]) => entry.name === name);
  }

  /** The cells of all that is not given up. */
  get cells(): readonly number[] {
    return [...this.all, ...this.#unchanged].flatMap(({ was }) => was);
  }

  /** Those of addresses that are given up. */
  get lostCells(): readonly number[] {
    return this.lost.flatMap(({ entry, cells }) => cells.filter((_, i) => entry.cells[i]?.rep === 'ref'));
  }

  /** Keys of those of the new version whose cells do not do any more. */
  moved(migration: Migration | undefined): readonly string[] {
    if (migration === undefined) return [];
    return [...this.#named].flatMap(([key, global]) => (migration.isSame(global) ? [] : [key]));
  }

  /** The cells of all of them in the new version, whose own are `cells`. */
  place(
    cells: ReadonlyMap<string, readonly number[]>,
    migration: Migration,
    pool: CellPool,
  ): ReadonlyMap<LivingGlobal, readonly number[]> {
    for (const [key, global] of this.#named) this.#cells.set(global, cells.get(key) ?? []);
    for (const [, global] of this.#waiting)
      this.#cells.set(
        global,
        migration.isSame(global)
          ? global.was
          : cellReps(this.#next, global.type).map((rep) => pool.take(rep)),
      );
    return this.#cells;
  }

  /** Nothing has come of it. */
  takeBack(pool: CellPool): void {
    for (const [parked, global] of this.#waiting) {
      const cells = this.#cells.get(global);
      if (cells !== undefined && cells !== global.was)
        dropCells([this.#entry(parked)], new Map([[parked.entry.key, cells]]), pool);
    }
  }

  /** Those that wait, as they are now, each with what it was. */
  waiting(types: Types): readonly (readonly [was: Parked, is: Parked])[] {
    return this.#waiting.map(([parked, global]) => {
      const cells = this.#cells.get(global) ?? [];
      return [parked, { ...parked, entry: this.#entry(parked), cells, types, isMigrated: true }] as const;
    });
  }

  #entry({ entry }: Parked): GlobalEntry {
    return { ...entry, cells: cellReps(this.#next, entry.type).map((rep) => ({ rep })) };
  }
}

const living = ({ entry: { name, type }, types, cells }: Parked): LivingGlobal => ({
  name,
  type,
  types,
  was: cells,
});
