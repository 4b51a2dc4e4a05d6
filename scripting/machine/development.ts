/**
 * What a machine has in development besides: it links further versions of a program beside the first, on the same memory and table, and
 * gives back what earlier ones took up when nothing needs it any more.
 */
import { BLOCK_SIZE, GRANULE_SIZE } from '../heap/index.ts';
import type { GlobalEntry } from '../image/index.ts';
import type { FrameGlobals } from './frame-globals.ts';
import type { DevelopmentHeap } from './heap.ts';
import { Generations } from './kept.ts';
import {
  growTable,
  type LinkedProgram,
  type LinkTarget,
  linkDevelopment,
  type PreparedImage,
  type Room,
} from './program.ts';
import { RangePool } from './ranges.ts';
import {
  dropPlan,
  keptGlobals,
  planCells,
  type ReplaceOutcome,
  restart,
  restartForLayers,
} from './replace.ts';
import type { Rebindable } from './shrink.ts';
import { CellPool } from './statics.ts';
import { Versions } from './versions.ts';

export class Development {
  readonly #target: LinkTarget;
  readonly #room: Room;
  readonly #cells: CellPool;
  readonly #frameGlobals: FrameGlobals;
  readonly #generations = new Generations();
  readonly #versions: Versions;
  /** Computes globals of a program. */
  readonly #initialise: (program: LinkedProgram, globals: readonly GlobalEntry[]) => void;
  #program: LinkedProgram;

  /** Links the first version; its globals are not computed yet. */
  constructor(
    prepared: PreparedImage,
    heap: DevelopmentHeap,
    target: LinkTarget,
    frameGlobals: FrameGlobals,
    initialise: (program: LinkedProgram, globals: readonly GlobalEntry[]) => void,
  ) {
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
    this.#versions = new Versions(target, this.#room, this.#cells, frameGlobals);
    const { cells } = planCells(prepared.image.manifest, undefined, this.#cells);
    this.#program = linkDevelopment(prepared, target, this.#room, cells);
    this.#generations.add(prepared.image.manifest);
    this.#generations.run(prepared.image.manifest);
  }

  get program(): LinkedProgram {
    return this.#program;
  }

  /** All modules whose code may run, the heap's first. */
  get modules(): readonly Rebindable[] {
    return [this.#room.heap, ...this.#versions.modules, this.#program];
  }

  /** Of how many earlier versions anything is there, and the code. */
  get earlier(): { readonly statics: number; readonly code: number } {
    return this.#versions.counts;
  }

  /** Gives back what nothing needs. */
  tidy(): void {
    this.#versions.giveBack(this.#keptCells());
  }

  /** Cells that are used whatever is found. */
  #keptCells(): ReadonlySet<number> {
    return new Set([...this.#program.cells.values()].flat());
  }

  replace(prepared: PreparedImage): ReplaceOutcome {
    const { manifest } = prepared.image;
    const running = this.#program.manifest;
    const layers = restartForLayers(running, manifest);
    if (layers !== undefined) return layers;
    const { types } = this.#generations;
    const roots = keptGlobals(running, manifest).map((type) => ({ type, types }));
    const misfits = this.#generations.misfits(manifest, roots);
    if (Object.values(misfits).some(({ length }: readonly string[]) => length > 0)) return restart(misfits);
    this.#versions.tidy(this.#keptCells());
    const plan = planCells(manifest, this.#program, this.#cells);
    let next: LinkedProgram | undefined;
    try {
      next = linkDevelopment(prepared, this.#target, this.#room, plan.cells);
      this.#generations.add(manifest);
      this.#frameGlobals.add(manifest.globals, plan.cells);
      this.#initialise(next, plan.fresh);
    } catch (error) {
      if (next !== undefined) this.#versions.addFailed(next);
      this.#frameGlobals.remove(plan.fresh, plan.cells);
      dropPlan(plan, this.#cells);
      throw error;
    }
    this.#versions.add(this.#program);
    this.#program = next;
    this.#generations.run(manifest);
    const names = (globals: typeof plan.kept) =>
      globals.filter(({ frame }) => !frame).map(({ name }) => name);
    return { kind: 'replaced', kept: names(plan.kept), computed: names(plan.fresh) };
  }
}
