/**
 * Earlier versions of a program, and what is given back of them. Each takes up a module with its slots of the table, the cells of its
 * constants, and a piece of static memory with its descriptors and literals. Something may need them for long:
 *
 *     code      a function value that is reached has the code of the version that made it, or of a later one whose function took its
 *               place. The host holds functions by a version's adapters. Code needs its version's constants, and these may hold
 *               functions again.
 *     statics   an object that is reached has the descriptor of the version that made it, and may hold its literals.
 *
 * What is needed a walk through the heap finds (`DevelopmentHeap.findUsedStatics`). As long as it is not known whether a version's code
 * is needed, its constants' cells must not count as roots: they are emptied for the walk, and filled again where the code is
 * needed after all.
 */
import {
  DESCRIPTOR_ID_AT,
  DESCRIPTOR_MAGIC,
  DESCRIPTOR_MAGIC_MASK,
  GRANULE_SHIFT,
  GRANULE_SIZE,
  STATS_COLLECTIONS,
} from '../heap/index.ts';
import type { Manifest, Rep } from '../image/index.ts';
import type { FrameGlobals } from './frame-globals.ts';
import type { FunctionValues } from './function-values.ts';
import type { Room } from './link-development.ts';
import { type LinkedVersion, type Remembered, remember, sharing } from './migration/index.ts';
import type { LinkedProgram, LinkTarget, Place } from './program.ts';
import type { Rebindable } from './rebind.ts';
import type { CellPool } from './statics.ts';

/** So many earlier versions are let be; a search takes as long as a collection. */
const MOST_EARLIER = 16;

export type Cells = ReadonlyMap<string, readonly number[]>;

interface Earlier {
  readonly place: Place;
  readonly manifest: Pick<Manifest, 'staticBytes' | 'tableSlots'>;
  readonly remembered: Remembered;
  /** Undefined where its code is gone. */
  program: LinkedProgram | undefined;
  /** It could not be loaded: its code never runs, but function values may name its slots. */
  readonly failed: boolean;
}

interface Cell {
  readonly rep: Rep;
  readonly address: number;
}

export class Versions {
  readonly #target: LinkTarget;
  readonly #room: Room;
  readonly #cells: CellPool;
  readonly #frameGlobals: FrameGlobals;
  readonly #functions: FunctionValues;
  #earlier: Earlier[] = [];
  /** When there are as many, a search is worth its time. */
  #limit = MOST_EARLIER;

  constructor(
    target: LinkTarget,
    room: Room,
    cells: CellPool,
    frameGlobals: FrameGlobals,
    functions: FunctionValues,
  ) {
    this.#target = target;
    this.#functions = functions;
    this.#room = room;
    this.#cells = cells;
    this.#frameGlobals = frameGlobals;
  }

  /** Modules of earlier versions whose code may run. */
  get modules(): readonly Rebindable[] {
    return this.loaded;
  }

  /** How many earlier versions take up anything; and of how many the code is there. */
  get counts(): { readonly statics: number; readonly code: number } {
    const code = this.#earlier.filter(({ program }) => program !== undefined).length;
    return { statics: this.#earlier.length, code };
  }

  /** All of which objects may live. */
  get linked(): readonly LinkedVersion[] {
    return this.#earlier.map(({ place, remembered, program, failed }) => ({
      ...remembered,
      place,
      runs: program !== undefined && !failed,
      failed,
    }));
  }

  /** Programs of earlier versions whose code is there. */
  get programs(): readonly LinkedProgram[] {
    return this.#earlier.flatMap(({ program }) => program ?? []);
  }

  /** Those of them that were loaded. */
  get loaded(): readonly LinkedProgram[] {
    return this.#earlier.flatMap(({ program, failed }) => (program === undefined || failed ? [] : [program]));
  }

  /** Whether code of an earlier version, which may run, has any of these cells. */
  uses(cells: readonly number[]): boolean {
    return this.#earlier.some((version) => cellsOf(version).some(({ address }) => cells.includes(address)));
  }

  /** Another version runs instead. */
  add(program: LinkedProgram): void {
    this.#add(program, false);
  }

  /**
   * New code of which a global's first value failed. It has run meanwhile, so that what stays may hold function values that are
   * its code; but its globals have no values, and their cells are given back. So none of it runs again: its slots of the table
   * are empty, and who calls such a function value is told (`calls.ts`), the host too. Its objects are like any others.
   */
  addFailed(program: LinkedProgram): void {
    program.fail();
    this.#target.calls.hasFailedCode = true;
    this.#emptySlots(program.place.slots, program.manifest.tableSlots);
    this.#add(program, true);
  }

  #add(program: LinkedProgram, failed: boolean): void {
    const { manifest, place } = program;
    const { staticBytes, tableSlots } = manifest;
    this.#earlier.push({
      place,
      manifest: { staticBytes, tableSlots },
      remembered: sharing(remember(manifest), this.#earlier.at(-1)?.remembered),
      program,
      failed,
    });
  }

  /** Gives back what nothing needs, once there is much of it. `kept` are cells that are used whatever is found. */
  tidy(kept: ReadonlySet<number>): void {
    if (this.#earlier.length >= this.#limit) this.giveBack(kept);
  }

  /** Gives back what nothing needs. Only while nothing is on the stack. */
  giveBack(kept: ReadonlySet<number>): void {
    if (this.#earlier.length === 0) return;
    // Addresses are read from cells, and written back after a walk: nothing may move in between.
    this.#target.heap.finishMove();
    const needless = this.#needless(kept);
    if (needless === undefined) return;
    for (const version of needless) this.#dropCode(version, kept);
    const { heap, views } = this.#target;
    // What is dead must be gone: a cycle in progress, and what looks through new objects, would read its descriptors.
    const collections = views.word(STATS_COLLECTIONS);
    heap.collect();
    if (views.word(STATS_COLLECTIONS) === collections) {
      // Whoever suppresses collection has other plans for this time: the next search waits for as many versions again.
      this.#limit = this.#earlier.length + MOST_EARLIER;
      return;
    }
    const flags = this.#room.heap.findUsedStatics();
    if (flags === 0) return;
    const used = this.#earlier.filter(
      (version) => version.program !== undefined || this.#flags(version, flags).some((flag) => flag !== 0),
    );
    for (const version of this.#earlier) if (!used.includes(version)) this.#dropStatics(version);
    this.#earlier = used;
    this.#limit = used.length + MOST_EARLIER;
  }

  /** Versions with code that nothing needs; undefined where the heap could not be searched. */
  #needless(kept: ReadonlySet<number>): readonly Earlier[] | undefined {
    const { views } = this.#target;
    const asked = new Set(this.#earlier.filter(({ program }) => program?.uses.size === 0));
    const needed = new Set(
      this.#earlier.filter((version) => version.program !== undefined && !asked.has(version)),
    );
    for (;;) {
      const held = new Set(kept);
      for (const version of needed) for (const { address } of cellsOf(version)) held.add(address);
      const roots = [...asked]
        .flatMap((version) => cellsOf(version))
        .filter(({ rep, address }) => rep === 'ref' && !held.has(address));
      const values = roots.map(({ address }) => views.word(address));
      for (const { address } of roots) views.setWord(address, 0);
      let flags: number;
      try {
        flags = this.#room.heap.findUsedStatics();
      } finally {
        for (const [i, { address }] of roots.entries()) views.setWord(address, values[i] as number);
      }
      if (flags === 0) return undefined;
      // A function value that was reached may have the code of a version after the one that made it.
      const reached = this.#earlier.filter((version) => this.#hasFunctions(version, flags));
      const codes = reached.flatMap(({ place }) => this.#functions.codesOf(place.slots));
      const found = [...asked].filter(
        (version) => reached.includes(version) || codes.some((code) => isSlotOf(version, code)),
      );
      if (found.length === 0) return [...asked];
      for (const version of found) {
        asked.delete(version);
        needed.add(version);
      }
    }
  }

  /** A copy: whatever follows may take memory. */
  #flags({ place: { statics }, manifest }: Earlier, flags: number): readonly number[] {
    const first = flags + (statics >>> GRANULE_SHIFT);
    return [...this.#target.views.u8.subarray(first, first + Math.ceil(manifest.staticBytes / GRANULE_SIZE))];
  }

  /** Whether a function value that it has made was reached. */
  #hasFunctions(version: Earlier, flags: number): boolean {
    return this.#flags(version, flags).some(
      (flag, granule) =>
        flag !== 0 && this.#isFunction(version, version.place.statics + granule * GRANULE_SIZE),
    );
  }

  /** Whether a descriptor of function values begins in the granule. */
  #isFunction({ remembered }: Earlier, granule: number): boolean {
    const { views } = this.#target;
    for (let at = granule; at < granule + GRANULE_SIZE; at += 4) {
      if ((views.word(at) & DESCRIPTOR_MAGIC_MASK) >>> 0 !== DESCRIPTOR_MAGIC) continue;
      const type = remembered.types[views.word(at + DESCRIPTOR_ID_AT)];
      if (type === undefined || type.kind === 'closure') return true;
    }
    return false;
  }

  #dropCode(version: Earlier, kept: ReadonlySet<number>): void {
    const { program, manifest, failed } = version;
    if (program === undefined) return;
    const { calls, converter } = this.#target;
    version.program = undefined;
    // Where one image was linked several times, its module is there as often.
    const at = calls.modules.indexOf(program.code);
    calls.modules = calls.modules.filter((_, i) => i !== at);
    const { slots } = version.place;
    this.#emptySlots(slots, manifest.tableSlots);
    converter.forgetCodes(slots, manifest.tableSlots);
    this.#functions.forget(slots);
    calls.types.keepOnly(version.place.statics, version.remembered.types);
    this.#room.slots.give(slots, manifest.tableSlots);
    if (failed) {
      calls.hasFailedCode = this.#earlier.some((other) => other.failed && other.program !== undefined);
      return;
    }
    this.#frameGlobals.remove(program.manifest.globals, program.cells);
    const held = new Set(kept);
    for (const other of this.#earlier) for (const { address } of cellsOf(other)) held.add(address);
    for (const { rep, address } of cellsOf({ program, failed }))
      if (!held.has(address)) this.#cells.give(rep, address);
  }

  #dropStatics({ place: { statics }, manifest }: Earlier): void {
    const { calls } = this.#target;
    calls.types.remove(statics);
    this.#room.statics.give(statics, manifest.staticBytes);
  }

  #emptySlots(first: number, count: number): void {
    for (let slot = first; slot < first + count; slot++) this.#target.table.set(slot, null);
  }
}

const isSlotOf = ({ place: { slots }, manifest }: Earlier, code: number): boolean =>
  code >= slots && code < slots + manifest.tableSlots;

/** Addresses of the cells of a program that hold addresses. */
export function referencesOf(program: LinkedProgram): readonly number[] {
  return cellsOf({ program, failed: false }).flatMap(({ rep, address }) => (rep === 'ref' ? [address] : []));
}

/** The cells that a version has; those of one that could not be loaded are others' by now. */
function cellsOf({ program, failed }: Pick<Earlier, 'program' | 'failed'>): readonly Cell[] {
  if (program === undefined || failed) return [];
  return program.manifest.globals.flatMap(({ key, cells }) =>
    cells.map(({ rep }, i) => ({ rep, address: (program.cells.get(key) as readonly number[])[i] as number })),
  );
}
