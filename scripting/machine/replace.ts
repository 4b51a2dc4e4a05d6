/**
 * New code over living data, the thin way: the new image is linked beside the old one on the same memory. Mutable
 * globals whose name and type stay keep their cells; constants and new globals get fresh ones and are computed anew. Old
 * code keeps its table slots and its constants, because closures that live may still be it.
 */
import type { GlobalEntry, Manifest } from '../image/index.ts';
import type { Misfits } from './kept.ts';
import type { LinkedProgram } from './program.ts';
import type { CellPool } from './statics.ts';

/** What `Machine.replace` did. */
export type ReplaceOutcome =
  /** The new code runs from now on. `kept` and `computed` name the globals that did and did not keep their values. */
  | { readonly kind: 'replaced'; readonly kept: readonly string[]; readonly computed: readonly string[] }
  /** What lives does not fit the new code: nothing has changed. `types` names those that are others now. */
  | { readonly kind: 'restart'; readonly reason: string; readonly types: readonly string[] };

/** Keys of the types of the globals that keep their values. */
export function keptGlobals(old: Manifest, next: Manifest): readonly string[] {
  const before = new Map(old.globals.map((global) => [global.key, global]));
  return next.globals.flatMap((global) => {
    const was = before.get(global.key);
    return was !== undefined && survives(was, global) ? [global.type] : [];
  });
}

/** Sprites that live keep the numbers of their layers. Why the scene starts anew where these are other layers now; undefined where not. */
export function restartForLayers(old: Manifest, next: Manifest): ReplaceOutcome | undefined {
  const moved = old.layers.find(({ name }, i) => next.layers[i]?.name !== name);
  if (moved === undefined || next.layers.length === 0) return undefined;
  return { kind: 'restart', reason: `the layer \`${moved.name}\` is not where it was`, types: [] };
}

/** Why the scene starts anew. */
export function restart({ layouts, functions, arrangements }: Misfits): ReplaceOutcome {
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  const reason =
    layouts.length === 0
      ? arrangements.length > 0
        ? `what is in ${list(arrangements)} is hashed or compared otherwise now, and would not be found`
        : `functions of the type ${list(functions)} have changed, and those of before may live on where arenas are used`
      : layouts.length === 1
        ? `the layout of ${list(layouts)} has changed`
        : `the layouts of ${list(layouts)} have changed`;
  return {
    kind: 'restart',
    reason,
    types: [layouts, arrangements, functions].find(({ length }) => length > 0) ?? [],
  };
}

interface CellPlan {
  readonly cells: Map<string, readonly number[]>;
  readonly kept: readonly GlobalEntry[];
  /** To be computed, in the manifest's order. */
  readonly fresh: readonly GlobalEntry[];
}

/** Finds cells for all globals of an image: those of the running program where values stay, else new ones. */
export function planCells(next: Manifest, running: LinkedProgram | undefined, pool: CellPool): CellPlan {
  const before = new Map((running?.manifest.globals ?? []).map((global) => [global.key, global]));
  const cells = new Map<string, readonly number[]>();
  const kept: GlobalEntry[] = [];
  const fresh: GlobalEntry[] = [];
  for (const global of next.globals) {
    const old = before.get(global.key);
    const keeps = old !== undefined && survives(old, global);
    (keeps ? kept : fresh).push(global);
    const oldCells = keeps ? running?.cells.get(global.key) : undefined;
    cells.set(global.key, oldCells ?? global.cells.map((cell) => pool.take(cell.rep)));
  }
  return { cells, kept, fresh };
}

/** Returns the cells of a plan back that came to nothing. */
export function dropPlan(plan: CellPlan, pool: CellPool): void {
  for (const global of plan.fresh)
    for (const [i, cell] of global.cells.entries())
      pool.give(cell.rep, (plan.cells.get(global.key) as readonly number[])[i] as number);
}

/** A global of the frame has no value between frames, and old code was not proved to bear what new code puts there. */
function survives(old: GlobalEntry, next: GlobalEntry): boolean {
  if (old.frame || next.frame) return false;
  return old.mutable && next.mutable && old.type === next.type;
}
