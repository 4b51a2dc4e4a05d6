/**
 * What new code does to names: which mutable globals keep their values, which go, which come. A mutable global whose module, name
 * and type stay keeps its cells; constants and new globals get fresh ones and are computed. The value of one that goes is put aside: a
 * later version that names it again, with the same type, has it again.
 */
import {
  type GlobalEntry,
  type LayerEntry,
  type Manifest,
  pooledType,
  signatureText,
} from '../image/index.ts';
import { leadsToChanged, type Misfits, type Types } from './kept.ts';
import type { Migrated, Problem } from './migration/index.ts';
import type { CellPool } from './statics.ts';

/** What new code found, and what it did to globals; all by the names that people use. */
export interface ReplaceReport {
  /** Globals that kept their values, those that were put aside before included. */
  readonly kept: readonly string[];
  /** Globals that did not: constants, new ones, and those of another type. */
  readonly computed: readonly string[];
  /** Mutable globals that are gone, or of another type: their values wait (`dropParked`). */
  readonly parked: readonly string[];
  /** Those of the kept ones that earlier code had put aside. */
  readonly restored: readonly string[];
  /**
   * A global that is gone and a new one of its type, each the only one, or the only one called so where a module has another name: `rename`
   * gives the new one the old one's value.
   */
  readonly renames: readonly Rename[];
  /** Mutable globals whose initial value this code changes, while the game goes on with another (`applyInitial`). */
  readonly notApplied: readonly string[];
  /** Live objects that were given another layout, by their types. */
  readonly migrated: readonly Migrated[];
  /** Types of collections that were made anew, since keys are hashed or compared otherwise. */
  readonly rearranged: readonly string[];
  /** Globals that the program has no more, of types that it has nothing of any more, and of which something lies otherwise: they are given up. */
  readonly forgotten: readonly string[];
  /**
   * Constants that held objects of the host, and are gone or made anew: what the host had made for them is there still, as a text on the
   * stage is until its scene is left.
   */
  readonly leftBehind: readonly string[];
  /** Exports that the host has called and that are gone. */
  readonly lostExports: readonly string[];
  /** Exports that the host has called and that take or return something else now. */
  readonly changedExports: readonly string[];
}

export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** What `Machine.replace` did. */
export type ReplaceOutcome =
  /** The new code runs from now on. */
  | ({ readonly kind: 'replaced' } & ReplaceReport)
  /** What lives does not fit the new code: nothing has changed. `types` names those that are others now. */
  | { readonly kind: 'restart'; readonly reason: string; readonly types: readonly string[] };

/** The new code lacks what the game can hardly do without: nothing has changed. To be asked for again, without `ask`. */
export interface ReplaceQuestion {
  readonly kind: 'confirm';
  readonly reason: string;
  readonly lostExports: readonly string[];
  /** Globals whose values would be put aside: all there are, or none where only exports are lost. */
  readonly lostGlobals: readonly string[];
}

/** What lives cannot be given the new code's layouts: nothing has changed. To be asked for again, without `ask`, to begin anew. */
export interface ReplaceRefusal {
  readonly kind: 'refused';
  readonly reason: string;
  readonly problems: readonly Problem[];
}

/** The value of a global that the program has no more. */
export interface Parked {
  readonly entry: GlobalEntry;
  readonly cells: readonly number[];
  /** Types of the version that had it last. */
  readonly types: Types;
  /** Layers of that version. */
  readonly layers: readonly LayerEntry[];
  /** What its first value was made of. */
  readonly initial: string | undefined;
  /** It was given another layout: what first values are made of is another text then, though nobody has changed it. */
  readonly isMigrated: boolean;
}

/** Parked values by `parkedKey`. */
export type ParkedGlobals = ReadonlyMap<string, Parked>;

export const parkedKey = ({ key, type }: GlobalEntry): string => `${key} ${type}`;

/** Sprites that live keep the numbers of their layers. Why the scene starts anew where these are other layers now; undefined where not. */
export function restartForLayers(
  old: readonly LayerEntry[],
  next: readonly LayerEntry[],
): ReplaceOutcome | undefined {
  // What was drawn before there was a `deflayers` is in its first layer now, as all that names none.
  const moved = old.find(({ name, implied }, i) => implied !== true && next[i]?.name !== name);
  if (moved === undefined || next.length === 0) return undefined;
  return { kind: 'restart', reason: `the layer \`${moved.name}\` is not where it was`, types: [] };
}

/** Why the scene starts anew; `problems` are those of giving live objects the new layouts. */
export function restart(
  { layouts, functions, arrangements, rearranged }: Misfits,
  problems: readonly Problem[] = [],
): ReplaceOutcome {
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  const reason =
    problems.length > 0
      ? problemsText(problems)
      : arrangements.length > 0
        ? `what is in ${list(arrangements)} is hashed or compared otherwise now, and would not be found`
        : functions.length > 0
          ? `functions of the type ${list(functions)} have changed, and those of before may live on where arenas are used`
          : layouts.length === 1
            ? `the layout of ${list(layouts)} has changed`
            : `the layouts of ${list(layouts)} have changed`;
  return {
    kind: 'restart',
    reason,
    types: [layouts, arrangements, functions, rearranged].find(({ length }) => length > 0) ?? [],
  };
}

export function refusal(problems: readonly Problem[]): ReplaceRefusal {
  return { kind: 'refused', reason: problemsText(problems), problems };
}

/** So many problems are told; they are seldom more than one. */
const MOST_TOLD = 3;

function problemsText(problems: readonly Problem[]): string {
  const told = problems.slice(0, MOST_TOLD).map(({ reason, count }) => `${reason} (${count} alive)`);
  const more = problems.length - told.length;
  return `${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** Which globals of the new code have values already. */
export interface GlobalsPlan {
  /** Of the running program. */
  readonly kept: readonly GlobalEntry[];
  /** Put aside before. */
  readonly restored: readonly GlobalEntry[];
  /** To be computed, in the manifest's order. */
  readonly fresh: readonly GlobalEntry[];
  /** Of the running program: their values are to be put aside. */
  readonly gone: readonly GlobalEntry[];
}

/** `types` are those of the running version. */
export function planGlobals(
  next: Manifest,
  running: Manifest | undefined,
  parked: ParkedGlobals,
  types: Types,
): GlobalsPlan {
  const before = new Map((running?.globals ?? []).map((global) => [global.key, global]));
  const kept: GlobalEntry[] = [];
  const restored: GlobalEntry[] = [];
  const fresh: GlobalEntry[] = [];
  for (const global of next.globals) {
    const old = before.get(global.key);
    if (old !== undefined && (survives(old, global) || lasts(old, global, types, next))) kept.push(global);
    else if (hasValue(global) && parked.has(parkedKey(global))) restored.push(global);
    else fresh.push(global);
  }
  const stays = new Set(kept.map(({ key }) => key));
  const gone = [...before.values()].filter((old) => isOwn(old) && !stays.has(old.key));
  return { kept, restored, fresh, gone };
}

/** The cells of the globals that have values already. */
export function livingCells(
  { kept, restored }: GlobalsPlan,
  running: ReadonlyMap<string, readonly number[]>,
  parked: ParkedGlobals,
): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  for (const { key } of kept) found.set(key, running.get(key) ?? []);
  for (const global of restored) found.set(global.key, parked.get(parkedKey(global))?.cells ?? []);
  return found;
}

/** Finds cells for all globals of an image: those that values are in which stay as they are, else new ones. */
export function planCells(
  next: Manifest,
  found: ReadonlyMap<string, readonly number[]>,
  pool: CellPool,
): ReadonlyMap<string, readonly number[]> {
  return new Map(
    next.globals.map(({ key, cells }) => [key, found.get(key) ?? cells.map(({ rep }) => pool.take(rep))]),
  );
}

/** Returns the cells of a plan back that came to nothing. */
export function dropCells(
  globals: readonly GlobalEntry[],
  cells: ReadonlyMap<string, readonly number[]>,
  pool: CellPool,
): void {
  for (const global of globals)
    for (const [i, cell] of global.cells.entries())
      pool.give(cell.rep, (cells.get(global.key) as readonly number[])[i] as number);
}

/**
 * Globals that are gone and new ones of the same types: where both are called alike, as those of a module that has another name now, or only
 * one of each is left.
 */
export function renamesOf(next: Manifest, { gone, fresh }: GlobalsPlan): readonly Rename[] {
  const named = new Set(next.globals.map(({ key }) => key));
  const before = new Set(gone.map(({ key }) => key));
  let left = gone.filter(({ key }) => !named.has(key));
  let come = fresh.filter((global) => isOwn(global) && !before.has(global.key));
  const found: Rename[] = [];
  const pair = (isOne: (from: GlobalEntry, to: GlobalEntry) => boolean): void => {
    const pairs = left.flatMap((from) => {
      const [to, ...others] = come.filter((other) => isOne(from, other));
      const isOnly = to !== undefined && left.filter((other) => isOne(other, to)).length === 1;
      return isOnly && others.length === 0 ? [{ from, to }] : [];
    });
    left = left.filter((global) => !pairs.some(({ from }) => from === global));
    come = come.filter((global) => !pairs.some(({ to }) => to === global));
    for (const { from, to } of pairs)
      found.push(from.name === to.name ? { from: from.key, to: to.key } : { from: from.name, to: to.name });
  };
  pair((from, to) => from.type === to.type && ownName(from) === ownName(to));
  pair((from, to) => from.type === to.type);
  return found;
}

/** Without its module's. */
const ownName = ({ key }: GlobalEntry): string => key.slice(key.indexOf('.') + 1);

/** Exports that the host has called, and that the new code has no more, or with another signature. */
export function changedExports(
  old: Manifest,
  next: Manifest,
  called: ReadonlySet<string>,
): { readonly lost: readonly string[]; readonly changed: readonly string[] } {
  const after = new Map(next.exports.map((entry) => [entry.name, entry]));
  const used = old.exports.filter(({ name }) => called.has(name));
  const changed = used.filter((entry) => {
    const is = after.get(entry.name);
    return is !== undefined && signatureText(is, next.shapes) !== signatureText(entry, old.shapes);
  });
  const lost = used.filter(({ name }) => !after.has(name));
  return { lost: lost.map(({ name }) => name), changed: changed.map(({ name }) => name) };
}

/** What the new code lacks that it should not lack unasked; undefined where nothing. */
export function question(
  next: Manifest,
  running: Manifest,
  plan: GlobalsPlan,
  lostExports: readonly string[],
): ReplaceQuestion | undefined {
  const named = new Set(next.globals.map(({ key }) => key));
  const own = running.globals.filter(isOwn);
  const all = own.length > 0 && own.every(({ key }) => !named.has(key)) && renamesOf(next, plan).length === 0;
  if (lostExports.length === 0 && !all) return undefined;
  const lostGlobals = all ? own.map(({ name }) => name) : [];
  const names = [...lostExports, ...lostGlobals].map((name) => {
    const type = pooledType(name);
    return type === undefined ? `\`${name}\`` : `entities of \`${type}\``;
  });
  const reason = `the new code has no ${names.length > 1 ? `${names.slice(0, -1).join(', ')} and no ` : ''}${names.at(-1)}`;
  return { kind: 'confirm', reason, lostExports, lostGlobals };
}

/** A global of the frame has no value between frames, and old code was not proved to bear what new code puts there. */
const hasValue = ({ mutable, frame }: GlobalEntry): boolean => mutable && !frame;

function survives(old: GlobalEntry, next: GlobalEntry): boolean {
  return hasValue(old) && hasValue(next) && old.type === next.type;
}

/**
 * Whether a constant stays what it is: it holds objects of the host, as a text on the stage, and would be made as it was. Made anew it would
 * be there twice. Where its layout is another it is made anew all the same: new fields may go by constants, before anything is converted.
 */
function lasts(old: GlobalEntry, next: GlobalEntry, types: Types, manifest: Manifest): boolean {
  if (old.mutable || next.mutable || old.initial === undefined) return false;
  if (old.type !== next.type || old.initial !== next.initial) return false;
  return !leadsToChanged(old.type, types, manifest);
}

/** Constants with objects of the host, as only those have an `initial`, that do not stay what they are. */
export function leftBehind({ globals }: Manifest, { kept }: GlobalsPlan): readonly string[] {
  const stays = new Set(kept.map(({ key }) => key));
  return namesOf(
    globals.filter(
      ({ key, mutable, initial }) =>
        !mutable && initial !== undefined && !stays.has(key) && !/^(?:sluice\.|prelude\.)/.test(key),
    ),
  );
}

/** Whether it is a value of the script's: what the library keeps for itself means nothing without the code that goes with it. */
export function isOwn(global: GlobalEntry): boolean {
  return hasValue(global) && !/^(?:sluice\.|prelude\.|layer:)/.test(global.key);
}

/** Of globals as people say; those of the frame begin anew with each. */
export const namesOf = (globals: readonly GlobalEntry[]): readonly string[] =>
  globals.filter(({ frame }) => !frame).map(({ name }) => name);
