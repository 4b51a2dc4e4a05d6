/**
 * What a machine has in development besides: it links further versions of a program beside the first, on the same memory and table, and
 * gives back what earlier ones took up when nothing needs it any more.
 */
import { BLOCK_SIZE, GRANULE_SIZE } from '../heap/index.ts';
import type { GlobalEntry, LayerEntry, Manifest } from '../image/index.ts';
import { countedHeap } from './allocations.ts';
import { DevelopmentHeap } from './development-heap.ts';
import type { FrameGlobals } from './frame-globals.ts';
import { lostUses, movesAll, moveUses } from './function-uses.ts';
import { type FunctionPlan, FunctionValues, type Takeover } from './function-values.ts';
import { Generations, leadsToChanged, type Misfits } from './kept.ts';
import { linkDevelopment, type Room } from './link-development.ts';
import { LivingGlobals } from './living-globals.ts';
import { restartForScene } from './lost-scene.ts';
import { type Migrated, Migration, type Problem, remember, Unconvertible } from './migration/index.ts';
import {
  growTable,
  hostServices,
  type LinkedProgram,
  type LinkTarget,
  type PreparedImage,
} from './program.ts';
import { RangePool } from './ranges.ts';
import { adoptAll, instantiateAll, type Rebindable } from './rebind.ts';
import {
  changedExports,
  dropCells,
  type GlobalsPlan,
  isOwn,
  leftBehind,
  livingCells,
  namesOf,
  type Parked,
  planCells,
  planGlobals,
  question,
  type Rename,
  type ReplaceOutcome,
  type ReplaceQuestion,
  type ReplaceRefusal,
  refusal,
  renamesOf,
  restart,
  restartForLayers,
} from './replace.ts';
import { SetAside } from './set-aside.ts';
import { CellPool } from './statics.ts';
import { referencesOf, Versions } from './versions.ts';

export { compileHeap } from './development-heap.ts';

interface DevelopmentParts {
  /** Is called once the heap is bound, before anything of it is used. */
  start(): void;
  readonly frameGlobals: FrameGlobals;
  /** Computes globals of a program. */
  readonly initialise: (program: LinkedProgram, globals: readonly GlobalEntry[]) => void;
}

/** What becomes of what there is. */
interface Changes {
  readonly plan: GlobalsPlan;
  readonly living: LivingGlobals;
  readonly functions: FunctionPlan;
  /** Undefined where all lies as it did. */
  readonly migration: Migration | undefined;
}

interface Linked {
  readonly next: LinkedProgram;
  readonly migrated: readonly Migrated[];
}

export class Development {
  readonly #target: LinkTarget;
  readonly #room: Room;
  readonly #cells: CellPool;
  readonly #frameGlobals: FrameGlobals;
  readonly #generations = new Generations();
  readonly #versions: Versions;
  readonly #functions: FunctionValues;
  /** Computes globals of a program. */
  readonly #initialise: (program: LinkedProgram, globals: readonly GlobalEntry[]) => void;
  readonly #aside = new SetAside();
  #isMigrating = false;
  /** The last that any version had. */
  #layers: readonly LayerEntry[];
  #program: LinkedProgram;

  /** Links the first version; its globals are not computed yet. */
  constructor(
    prepared: PreparedImage,
    heapModule: WebAssembly.Module,
    target: LinkTarget,
    { start, frameGlobals, initialise }: DevelopmentParts,
  ) {
    const { views, calls, allocations } = target;
    allocations?.attach({ views, typeOf: (object) => calls.types.of(object, views) });
    const heap = new DevelopmentHeap(heapModule, target.heap, hostServices(target, undefined), (exports) =>
      allocations === undefined ? exports : countedHeap(exports, views, allocations),
    );
    heap.adopt(heap.instantiate(target.views.memory));
    start();
    this.#target = target;
    this.#frameGlobals = frameGlobals;
    this.#initialise = initialise;
    this.#room = {
      heap,
      statics: new RangePool(GRANULE_SIZE, (size) => {
        const start = target.heap.allocateStatic(size) >>> 0;
        return { start, end: start + Math.ceil(size / BLOCK_SIZE) * BLOCK_SIZE };
      }),
      slots: new RangePool(1, (size) => {
        const start = growTable(target.table, size);
        return { start, end: start + size };
      }),
    };
    this.#cells = new CellPool(target.heap, target.views);
    this.#functions = new FunctionValues(target);
    this.#versions = new Versions(target, this.#room, this.#cells, frameGlobals, this.#functions);
    const { manifest } = prepared.image;
    const plan = planGlobals(manifest, undefined, this.#aside.values, new Map());
    const cells = planCells(manifest, new Map(), this.#cells);
    this.#layers = manifest.layers;
    this.#aside.noteBegun(plan.fresh);
    this.#program = linkDevelopment(prepared, target, this.#room, cells);
    this.#functions.run(remember(manifest), this.#program.place.slots);
    this.#generations.add(manifest);
    this.#generations.run(manifest);
  }

  get program(): LinkedProgram {
    return this.#program;
  }

  /** All versions whose code is there. */
  get #programs(): readonly LinkedProgram[] {
    return [...this.#versions.programs, this.#program];
  }

  /** All modules whose code may run, the heap's first. */
  get modules(): readonly Rebindable[] {
    return [this.#room.heap, ...this.#versions.modules, this.#program];
  }

  /** All modules are instances anew. */
  renew(): void {
    this.#functions.renew();
  }

  /** The program ends, with all versions of it. */
  end(): void {
    for (const program of this.#programs) program.end();
    this.#room.heap.end();
  }

  /** Throws while live objects are between the layouts of two versions: no code but that of the new one's first values may run. */
  expectNoMigration(): void {
    if (this.#isMigrating)
      throw new Error('the script cannot be called while live objects are given the layouts of new code');
  }

  /** Of how many earlier versions anything is there, and the code. */
  get earlier(): { readonly statics: number; readonly code: number } {
    return this.#versions.counts;
  }

  /** Gives back what nothing needs. */
  tidy(): void {
    this.#giveBack(() => this.#versions.giveBack(this.#keptCells()));
  }

  /**
   * The engine may keep every instance that has imported the table as long as that lives, as the V8 of Node 20 does, with some 4 KB each.
   * So where code was given back, what is left gets another table.
   */
  #giveBack(body: () => void): void {
    const { code } = this.#versions.counts;
    body();
    if (this.#versions.counts.code === code) return;
    const programs = [...this.#versions.modules, this.#program];
    const { views } = this.#target;
    adoptAll(programs, instantiateAll(this.#target, programs, views.memory, this.#room.heap.exports));
    this.renew();
  }

  /** Cells that are used whatever is found. */
  #keptCells(): ReadonlySet<number> {
    return new Set([...[...this.#program.cells.values()].flat(), ...this.#aside.cells]);
  }

  /** `called` are the exports that the host has called. Asks before much is lost, where it may. */
  replace(
    prepared: PreparedImage,
    called: ReadonlySet<string>,
    mayAsk: boolean,
  ): ReplaceOutcome | ReplaceQuestion | ReplaceRefusal {
    const { manifest } = prepared.image;
    const running = this.#program.manifest;
    this.#giveBack(() => this.#versions.tidy(this.#keptCells()));
    const plan = planGlobals(manifest, running, this.#aside.values, this.#generations.types);
    const functions = this.#functions.plan(remember(manifest));
    const { lost, changed } = changedExports(running, manifest, called);
    const asked = mayAsk ? question(manifest, running, plan, lost) : undefined;
    const before = { program: this.#program, types: this.#generations.types, aside: this.#aside };
    const living = new LivingGlobals(manifest, plan, before);
    const renames = renamesOf(manifest, plan);
    const misfits = this.#misfits(manifest, living, functions, renames);
    const refused = this.#movedLayers(manifest, plan.restored) ?? this.#refusal(misfits);
    if (refused !== undefined) return refused;
    const lostScene = this.#lostScene(manifest, mayAsk);
    if (lostScene !== undefined) return lostScene;
    if (asked !== undefined) return asked;
    const migration = this.#migration(manifest, living, functions, misfits);
    const lostFunctions = (): readonly Problem[] =>
      lostUses(this.#programs, manifest, new Set(misfits.rearranged));
    const problems = migration === undefined ? [] : [...migration.check(), ...lostFunctions()];
    const refuse = (found: readonly Problem[]) => (mayAsk ? refusal(found) : restart(misfits, found));
    if (problems.length > 0) return refuse(problems);
    const linked = this.#linkOrRefuse(prepared, { plan, living, functions, migration });
    if ('count' in linked) return refuse([linked]);
    const { next, migrated } = linked;
    const forgotten = migration === undefined ? [] : namesOf(living.lost.map(({ entry }) => entry));
    // What first values are made of is another text where types lie otherwise, though nobody has changed it.
    if (migration !== undefined) {
      this.#aside.noteBegun(plan.kept.filter(({ type }) => leadsToChanged(type, before.types, manifest)));
      for (const parked of plan.restored.map((global) => this.#aside.of(global)))
        if (leadsToChanged(parked.entry.type, parked.types, manifest))
          this.#aside.change({ ...parked, isMigrated: true });
    }
    const report = {
      leftBehind: leftBehind(running, plan),
      kept: namesOf([...plan.kept, ...plan.restored]),
      computed: namesOf(plan.fresh),
      parked: namesOf(plan.gone.filter(({ name }) => !forgotten.includes(name))),
      restored: namesOf(plan.restored),
      renames,
      notApplied: namesOf(this.#aside.changedInitials(plan, running)),
      migrated,
      rearranged: misfits.rearranged.map((key) => typeNameOf(manifest, key)),
      forgotten,
      lostExports: lost,
      changedExports: changed,
    };
    const restored = plan.restored.map((global) => this.#aside.of(global));
    this.#aside.park(plan, { ...before, layers: this.#layers });
    this.#versions.add(this.#program);
    this.#program = next;
    this.#functions.run(remember(manifest), next.place.slots, functions);
    if (migration !== undefined) this.#generations.migrated(manifest);
    this.#generations.run(manifest);
    if (manifest.layers.length > 0) this.#layers = manifest.layers;
    if (migration !== undefined) this.#moveParked(living, restored);
    return { kind: 'replaced', ...report };
  }

  /** Values that wait have the layouts of now, and so have those that waited until now. */
  #moveParked(living: LivingGlobals, restored: readonly Parked[]): void {
    for (const parked of living.lost) this.#unpark(parked);
    const moved = living.waiting(this.#generations.types);
    for (const [, parked] of moved) this.#aside.change(parked);
    for (const parked of [...moved.map(([was]) => was), ...restored]) this.#dropCells(parked);
    const { manifest } = this.#program;
    for (const cell of this.#oldCells(manifest, this.#keptCells())) this.#target.views.setWord(cell, 0);
  }

  #lostScene(next: Manifest, mayAsk: boolean): ReplaceOutcome | ReplaceRefusal | undefined {
    const { calls, views } = this.#target;
    // As a call: no collection is in the midst of moving objects.
    const found = calls.guard(() => restartForScene(this.#program, next, views));
    return found !== undefined && mayAsk ? { kind: 'refused', reason: found.reason, problems: [] } : found;
  }

  #movedLayers(next: Manifest, restored: readonly GlobalEntry[]): ReplaceOutcome | undefined {
    const back = restored.map((global) => this.#aside.of(global).layers);
    for (const layers of [this.#layers, ...back]) {
      const moved = restartForLayers(layers, next.layers);
      if (moved !== undefined) return moved;
    }
    return undefined;
  }

  /**
   * What waits for a name hinders nothing; but where there is a migration, it takes part in that. What may have only been renamed lives: it
   * would not fit its new name without one.
   */
  #misfits(
    next: Manifest,
    living: LivingGlobals,
    { captures, staying }: FunctionPlan,
    renames: readonly Rename[],
  ): Misfits {
    const found = this.#generations.misfits(next, [...living.named, ...captures], staying);
    const fits = found.layouts.length === 0 && found.rearranged.length === 0;
    if (fits && !renames.some(({ from }) => living.isWaitingChanged(from))) return found;
    return this.#generations.misfits(next, [...living.all, ...captures], staying);
  }

  /** Why what lives does not fit the new code, whatever its layouts are; undefined where it does. */
  #refusal(misfits: Misfits): ReplaceOutcome | undefined {
    const fits = misfits.functions.length === 0 && misfits.arrangements.length === 0;
    return fits ? undefined : restart(misfits);
  }

  /** What has to be done to what lives; undefined where it stays as it is. */
  #migration(
    next: Manifest,
    living: LivingGlobals,
    functions: FunctionPlan,
    { layouts, rearranged }: Misfits,
  ): Migration | undefined {
    if (layouts.length === 0 && rearranged.length === 0) return undefined;
    const { manifest, place } = this.#program;
    return new Migration({
      target: this.#target,
      heap: this.#room.heap,
      versions: [...this.#versions.linked, { ...remember(manifest), place, runs: true, failed: false }],
      next,
      functions,
      globals: living.all,
      oldCells: [...this.#oldCells(next, new Set(living.cells)), ...living.lostCells],
      rearranged: new Set(rearranged),
    });
  }

  /** Cells that only code of before reads, which never runs again where what lives is migrated. */
  #oldCells(next: Manifest, living: ReadonlySet<number>): readonly number[] {
    // Where the host calls functions by their version's adapters still, these may read its constants.
    const programs = [...this.#versions.loaded, this.#program].filter((program) => movesAll(program, next));
    return programs.flatMap(referencesOf).filter((cell) => !living.has(cell));
  }

  /** A problem that only shows when what lives has its new layout is one like those found before. */
  #linkOrRefuse(prepared: PreparedImage, changes: Changes): Linked | Problem {
    try {
      return this.#link(prepared, changes);
    } catch (error) {
      if (error instanceof Unconvertible) return { reason: error.message, count: 1 };
      throw error;
    }
  }

  /** Links new code, gives what lives its layouts, and computes what is new. All or nothing. */
  #link(prepared: PreparedImage, { plan, living, functions, migration }: Changes): Linked {
    const { manifest } = prepared.image;
    const found = new Map(livingCells(plan, this.#program.cells, this.#aside.values));
    for (const key of living.moved(migration)) found.delete(key);
    const cells = planCells(manifest, found, this.#cells);
    const dropped = manifest.globals.filter(({ key }) => !found.has(key));
    const { calls } = this.#target;
    let next: LinkedProgram | undefined;
    let taken: Takeover | undefined;
    const generations = this.#generations.save();
    try {
      next = linkDevelopment(prepared, this.#target, this.#room, cells);
      this.#generations.add(manifest);
      this.#frameGlobals.add(manifest.globals, cells);
      taken = this.#functions.take(functions, remember(manifest), next.place.slots);
      calls.hasWaitingCode = true;
      this.#isMigrating = migration !== undefined;
      const migrated = this.#computeAll(next, cells, taken, { plan, living, migration });
      return { next, migrated };
    } catch (error) {
      taken?.takeBack();
      if (migration !== undefined) generations();
      if (next !== undefined) this.#versions.addFailed(next);
      this.#frameGlobals.remove(plan.fresh, cells);
      dropCells(dropped, cells, this.#cells);
      living.takeBack(this.#cells);
      throw error;
    } finally {
      calls.hasWaitingCode = false;
      this.#isMigrating = false;
    }
  }

  /** Gives new globals their values: first those that migrating goes by. */
  #computeAll(
    next: LinkedProgram,
    cells: ReadonlyMap<string, readonly number[]>,
    taken: Takeover,
    { plan: { fresh }, living, migration }: Omit<Changes, 'functions'>,
  ): readonly Migrated[] {
    const { globals } = next.manifest;
    const compute = (wanted: readonly GlobalEntry[]): void => {
      for (const global of wanted) {
        taken.computed(globals.indexOf(global));
        this.#initialise(next, [global]);
      }
      taken.computed(globals.length);
    };
    if (migration === undefined) {
      compute(fresh);
      return [];
    }
    const first = fresh.filter(({ key }) => migration.needs.has(key));
    let takeBack = (): void => undefined;
    try {
      return migration.run(next, living.place(cells, migration, this.#cells), {
        // No function value of before may be called: none is given its code.
        before: first.length === 0 ? undefined : () => this.#initialise(next, first),
        after: () => {
          takeBack = moveUses(this.#programs, next);
          compute(fresh.filter((global) => !first.includes(global)));
        },
      });
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  // ------------------------------------------------------------------------------------------ what a reload leaves to be decided

  /** Globals that the program has no more, whose values are kept. */
  get parked(): readonly string[] {
    return this.#aside.names;
  }

  /** Mutable globals whose values began with something else than their code says now. */
  get notApplied(): readonly string[] {
    return namesOf(this.#aside.notApplied(this.#program.manifest));
  }

  /** Computes mutable globals anew. */
  applyInitial(wanted: readonly string[]): void {
    for (const name of wanted) {
      const global = this.#mutable(name);
      this.#initialise(this.#program, [global]);
      this.#aside.noteBegun([global]);
    }
  }

  /** Gives a global the value of one that is gone; its own is forgotten. */
  rename({ from, to }: Rename): void {
    const global = this.#mutable(to);
    const parked = this.#aside.named(from).find(({ entry }) => entry.type === global.type);
    if (parked === undefined) throw new TypeError(`there is no value of ${from} for ${to}`);
    const restored = [{ ...global, key: parked.entry.key }];
    const { manifest } = this.#program;
    const { staying } = this.#functions.plan(remember(manifest));
    const misfits = this.#generations.misfits(
      manifest,
      [{ type: global.type, types: parked.types }],
      staying,
    );
    const refused =
      this.#movedLayers(manifest, restored) ??
      this.#refusal(misfits) ??
      (misfits.layouts.length > 0 || misfits.rearranged.length > 0 ? restart(misfits) : undefined);
    if (refused?.kind === 'restart') throw new TypeError(`${from} does not fit ${to}: ${refused.reason}`);
    const { calls, views } = this.#target;
    const cells = this.#program.cells.get(global.key) ?? [];
    // As a call: no collection is in the midst of moving objects, or of looking through the cells.
    calls.guard(() => {
      for (const [i, cell] of cells.entries())
        for (const half of [0, 4]) views.setWord(cell + half, views.word((parked.cells[i] as number) + half));
    });
    this.#aside.take(global, parked);
    this.#unpark(parked);
  }

  /** Forgets values of globals that are gone. */
  dropParked(wanted: readonly string[]): void {
    for (const parked of wanted.flatMap((name) => this.#aside.named(name))) this.#unpark(parked);
  }

  #unpark(parked: Parked): void {
    this.#aside.forget(parked);
    this.#dropCells(parked);
  }

  /** Gives cells back that nobody has, if so it is. */
  #dropCells({ entry, cells }: Parked): void {
    if (cells.some((cell) => this.#keptCells().has(cell))) return;
    // Code of an earlier version may read them still; with that they go.
    if (this.#versions.uses(cells)) return;
    dropCells([entry], new Map([[entry.key, cells]]), this.#cells);
  }

  #mutable(name: string): GlobalEntry {
    const own = this.#program.manifest.globals.filter(isOwn);
    const found = own.find((global) => global.name === name) ?? own.find(({ key }) => key === name);
    if (found === undefined) throw new TypeError(`the script has no mutable global ${name}`);
    return found;
  }
}

/** A set is a map to nothing, which nobody has written. */
const typeNameOf = ({ kept }: Manifest, key: string): string =>
  (kept.types.find((type) => type.key === key)?.name ?? key).replace(
    /^\((Mut)?Map (.*) Unit\)$/,
    '($1Set $2)',
  );
