/**
 * A migration: all live objects of types that lie otherwise in a new version are given its layout, in one step between calls.
 *
 *     check    after a full collection: each object of a changed type is converted on trial, and whatever cannot be is counted.
 *              Nothing has changed yet. What only code of before leads to does not count, as its constants
 *     run      memory is copied, and the constants that new fields go by are computed. From a copy each object is converted where it lies, or, if it no longer fits there, into a new one,
 *              and all who hold its address are told (`heap/moving/redirect.ts`). Then a full collection makes the heap whole
 *              before which collections are made anew that lie by what the new code says of their parts (`rearrange.ts`)
 *     undo     puts the copy back, and what JavaScript and scripts hold of one another (`converter.trial`), as if nothing had been
 *
 * Why no object of an old layout is left: after the collection every object that can be reached is one of the heap's, or static. The
 * heap's are gone through one by one, whatever holds them; a static one is a text, a closure that holds nothing, or a variant
 * without data, which is rewritten where it lies. What lies in cells of globals is converted with them. Code of earlier versions,
 * which would take new objects for old ones, does not run again: each function value that lives has a successor, or the
 * check says so.
 *
 * Why nobody sees an old layout with new code, or half of each: until all is converted, no code runs but that of the constants and of the
 * fields. It goes by no `mut` global (`lower/dependence.ts`), so that it reaches but what it has made itself, unless it is given
 * something. The host may be asked, and gives values, which are made anew by the new code; an object or function of the
 * script's that it has held before it cannot give, nor use, nor call the script (`site.closed`). Function values
 * have no code meanwhile (`function-values.ts`).
 */
import type { Manifest } from '../../image/index.ts';
import type { DevelopmentHeap } from '../development-heap.ts';
import type { FunctionPlan } from '../function-values.ts';
import type { LinkedProgram, LinkTarget } from '../program.ts';
import { findProblems, type Problem } from './check.ts';
import { Conversion, type Migrated } from './conversion.ts';
import type { LivingGlobal } from './globals.ts';
import { KnownObjects } from './known-objects.ts';
import { rearrange } from './rearrange.ts';
import { Site } from './site.ts';
import { forgetUnused } from './used-elements.ts';
import { type LinkedVersion, remember, VersionTypes } from './version-types.ts';

export interface MigrationParts {
  readonly target: LinkTarget;
  readonly heap: DevelopmentHeap;
  /** All whose objects may live; the running one last. */
  readonly versions: readonly LinkedVersion[];
  readonly next: Manifest;
  readonly functions: FunctionPlan;
  readonly globals: readonly LivingGlobal[];
  /** Keys of the types of collections that are to be made anew. */
  readonly rearranged: ReadonlySet<string>;
  /** Cells that only code of before reads, as those of its constants: it never runs again, and what they lead to need not live on. */
  readonly oldCells: readonly number[];
}

/** What is computed around a conversion. */
interface Around {
  /** The constants that it needs, where there are any that have no value yet. */
  readonly before: (() => void) | undefined;
  /** All others. */
  readonly after: () => void;
}

export class Migration {
  readonly #site: Site;
  readonly #objects: KnownObjects;
  readonly #globals: readonly LivingGlobal[];
  readonly #rearranged: ReadonlySet<string>;
  readonly #oldCells: readonly number[];
  /** Whether something cannot be converted that only these cells lead to, or what is out of use. Undefined while that is not known. */
  #mustForget: boolean | undefined;

  constructor({ target, heap, versions, next, functions, globals, rearranged, oldCells }: MigrationParts) {
    this.#oldCells = oldCells;
    this.#site = new Site(target, heap);
    this.#objects = new KnownObjects(this.#site, versions, remember(next), functions);
    this.#globals = globals;
    this.#rearranged = rearranged;
  }

  /** Whether a value lies as it did, and means the same, in its cells. */
  isSame({ type, types }: LivingGlobal): boolean {
    return this.#objects.valuesOf(types).isSame(type);
  }

  /** Keys of the constants that new fields go by, and collections that are made anew. */
  get needs(): ReadonlySet<string> {
    const types = [...this.#objects.next.kept.values()];
    const rules = types.flatMap(({ fieldDefaults }) => fieldDefaults ?? []);
    const arranged = types.filter(({ key }) => this.#rearranged.has(key));
    return new Set([
      ...rules.flatMap(({ needs }) => needs),
      ...arranged.flatMap(({ arrangedFrom }) => arrangedFrom ?? []),
    ]);
  }

  /** Looks whether everything can be converted: what cannot, the most frequent first. Takes as long as two collections, or four. */
  check(): readonly Problem[] {
    const site = this.#site;
    const find = (): readonly Problem[] => {
      site.collect();
      site.into.refresh();
      return findProblems(site, this.#objects, this.#globals);
    };
    const found = find();
    if (found.length === 0) {
      this.#mustForget = false;
      return found;
    }
    const left = site.onTrial(() => {
      this.#forgetOld();
      return find();
    });
    this.#mustForget = left.length === 0;
    return left;
  }

  /** Before a collection: what nobody can come by any more, though cells lead to it. */
  #forgetOld(): void {
    const { into } = this.#site;
    into.refresh();
    for (const cell of this.#oldCells) into.setWord(cell, 0);
    if (this.#mustForget !== false) forgetUnused(into, this.#objects);
  }

  /** Converts everything. `program` is linked, and `cells` are those of its globals. Where anything fails, all is as it was before but that. */
  run(
    program: LinkedProgram,
    cells: ReadonlyMap<LivingGlobal, readonly number[]>,
    { before, after }: Around,
  ): readonly Migrated[] {
    const site = this.#site;
    return site.trial(() => {
      const migrated = site.closed(() => {
        before?.();
        this.#forgetOld();
        // What was made by then is new, and what is left undone of a collection would be in the way.
        if (before !== undefined || this.#mustForget === true) {
          site.collect();
          site.copy();
        }
        return this.#convert(program, cells);
      });
      after();
      return migrated;
    });
  }

  #convert(program: LinkedProgram, cells: ReadonlyMap<LivingGlobal, readonly number[]>): readonly Migrated[] {
    const site = this.#site;
    site.program = program;
    const linked = { ...this.#objects.next, place: program.place, runs: true, failed: false };
    site.descriptors = new VersionTypes(site.target.views, linked, undefined).descriptors;
    let migrated: readonly Migrated[] = [];
    site.holding(() => {
      migrated = new Conversion(site, this.#objects, program.place.slots).run(this.#globals, cells);
      rearrange(site, this.#objects, program, this.#rearranged);
    });
    site.collect();
    return migrated;
  }
}
