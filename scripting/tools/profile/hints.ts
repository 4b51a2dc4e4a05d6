/**
 * What could be done about the sites that make most, each with the edit that does it. An edit is proposed only where it was tried: the
 * compiler takes the text, and the same frames, played again with it, have the heap given less.
 *
 *     (defn find-contacts () (let (...) ... contacts))                    makes 15.6 KB of `Contact` a frame, of which nothing survives
 *     (defn find-contacts () (with-arena work (let (...) ... contacts)))  refused: what it returns leaves it
 *     (defn update () (with-arena work (total (find-contacts))))          its caller: compiles, and the heap is given 0.0 KB: proposed
 */
import type { GlobalEntry } from '../../image/index.ts';
import { arenaEdits } from './arena-edits.ts';
import { type BufferEdit, bufferEdit } from './buffer-edits.ts';
import { keptBy } from './kept-by.ts';
import type { Hint, ProfiledSite, Recording, TextEdit } from './recording.ts';
import { type SiteSums, siteSums } from './site-table.ts';
import { sum } from './spread.ts';
import { isAccepted, isRecursive, type Played, type TrialGame, tried } from './trial.ts';
import { valueEdits } from './value-edits.ts';

/** Less a frame, and a smaller part of all that the heap is given, is not worth an edit. */
const LEAST_BYTES = 1024;
const LEAST_PART = 0.05;
/** Sites that edits are tried for: where one compiles, all frames are played again. */
const MOST_SITES = 3;
/** An arena is for what nothing of survives, or next to nothing. */
const SURVIVORS = 0.05;
/** An edit has worked where so much of it is gone. */
const GONE = 0.5;
/** Bytes of the first half of the frames that are worth a word where they stay, and the part of what was made there. */
const KEPT_BYTES = 4096;
const KEPT_PART = 0.25;

export async function findHints(
  recording: Recording,
  globals: readonly GlobalEntry[],
  game: TrialGame,
): Promise<Hint[]> {
  return [...(await editHints(recording, game)), ...keptHints(recording, globals, game)];
}

async function editHints(recording: Recording, game: TrialGame): Promise<Hint[]> {
  const sums = siteSums(recording);
  const all = sum(sums.map(({ bytes }) => bytes));
  const least = Math.max(LEAST_BYTES, LEAST_PART * all);
  const worth = sums.filter(
    ({ bytes, site: { file, survived = 1 } }) => file !== '' && bytes >= least && survived <= SURVIVORS,
  );
  const errors = sum(recording.frames.map((frame) => frame.errors));
  const trials = new Trials(recording.frames.length, errors, game);
  const hints: Hint[] = [];
  for (const sums of worth.slice(0, MOST_SITES)) {
    // What is proposed already may have all of this in it too.
    if (trials.isSolved(sums)) continue;
    const arena = await arenaHint(sums, trials);
    const others = arena.length > 0 ? [] : await bufferHint(sums, all, recording.sites ?? [], trials);
    hints.push(...arena, ...others, ...(await valueHint(sums, all, trials)));
  }
  return hints;
}

/** Edits that were tried. */
class Trials {
  readonly #frames: number;
  readonly #errors: number;
  readonly #game: TrialGame;
  readonly #accepted: Trial[] = [];

  constructor(frames: number, errors: number, game: TrialGame) {
    this.#frames = frames;
    this.#errors = errors;
    this.#game = game;
  }

  get sources(): TrialGame['sources'] {
    return this.#game.sources;
  }

  /** Undefined where the edit is refused, or the game fails with it. */
  async try(edits: readonly TextEdit[]): Promise<Trial | undefined> {
    const played = await tried(this.#game, edits);
    if (played === undefined || played.errors > this.#errors) return undefined;
    return new Trial(played, this.#frames);
  }

  /** Whether the vector of an edit is its function's alone. */
  async isSafe({ proof }: BufferEdit, site: ProfiledSite): Promise<boolean> {
    return isAccepted(this.#game, proof) && !(await isRecursive(this.#game, site));
  }

  accept(trial: Trial): void {
    this.#accepted.push(trial);
  }

  isSolved({ site, bytes }: SiteSums): boolean {
    return this.#accepted.some((trial) => trial.bytes(site) <= bytes * GONE);
  }
}

/** What frames are like with an edit. */
class Trial {
  readonly #played: Played;
  readonly #frames: number;

  constructor(played: Played, frames: number) {
    this.#played = played;
    this.#frames = frames;
  }

  /** Bytes that the heap is given a frame, of a site or in all. */
  bytes(site?: ProfiledSite): number {
    const { sites, counts } = this.#played;
    const own = counts.filter((count) => site === undefined || isSame(sites[count.site], site));
    return sum(own.map(({ bytes }) => bytes)) / this.#frames;
  }
}

/** Edits move no lines. */
function isSame(one: Played['sites'][number] | undefined, other: ProfiledSite): boolean {
  return (
    one !== undefined &&
    one.file === other.file &&
    one.line === other.line &&
    one.function === other.function &&
    one.type === other.type
  );
}

async function arenaHint({ index, site, bytes: before }: SiteSums, trials: Trials): Promise<Hint[]> {
  const part = site.paths[0]?.part ?? 1;
  for (const { name, arena, edits } of arenaEdits(trials.sources, site)) {
    const trial = await trials.try(edits);
    if (trial === undefined || trial.bytes(site) > before * (1 - GONE * part)) continue;
    trials.accept(trial);
    return [{ kind: 'arena', site: index, name, arena, edits, before, after: trial.bytes(site) }];
  }
  return [];
}

async function bufferHint(
  { index, site, bytes }: SiteSums,
  before: number,
  sites: readonly ProfiledSite[],
  trials: Trials,
): Promise<Hint[]> {
  const found = bufferEdit(trials.sources, site, sites);
  if (found === undefined || !(await trials.isSafe(found, site))) return [];
  const { vector, edits } = found;
  const trial = await trials.try(edits);
  if (trial === undefined || trial.bytes() > before - GONE * bytes) return [];
  trials.accept(trial);
  return [{ kind: 'buffer', site: index, name: site.function, vector, edits, before, after: trial.bytes() }];
}

async function valueHint({ index, site, bytes }: SiteSums, before: number, trials: Trials): Promise<Hint[]> {
  const edits = valueEdits(trials.sources, site.type);
  const trial = edits.length === 0 ? undefined : await trials.try(edits);
  if (trial === undefined || trial.bytes() > before - GONE * bytes) return [];
  trials.accept(trial);
  return [{ kind: 'value', site: index, name: site.type, edits, before, after: trial.bytes() }];
}

/** Globals that are given more and more. */
function keptHints(recording: Recording, globals: readonly GlobalEntry[], { sources }: TrialGame): Hint[] {
  const { sites = [], frames } = recording;
  const half = frames.slice(0, Math.ceil(frames.length / 2));
  const madeEarly = siteSums({ sites, frames: half });
  const byGlobal = new Map<string, { hint: Extract<Hint, { kind: 'kept' }>; most: number }>();
  for (const { index, site, bytes } of madeEarly) {
    const early = bytes * half.length;
    // What a game makes once, as it begins, stays and does not grow.
    const isGrowing = site.kept - site.keptLong >= site.keptLong / 2;
    if (site.file === '' || site.keptLong < KEPT_PART * early || !isGrowing) continue;
    const { name: global = '', type = '' } = keptBy(sources, globals, site) ?? {};
    const key = global === '' ? `${site.file}:${site.line}` : global;
    const known = byGlobal.get(key) ?? {
      hint: { kind: 'kept', site: index, global, type, bytes: 0 },
      most: 0,
    };
    const isMost = site.keptLong > known.most;
    byGlobal.set(key, {
      hint: {
        ...known.hint,
        site: isMost ? index : known.hint.site,
        bytes: known.hint.bytes + site.keptLong,
      },
      most: Math.max(known.most, site.keptLong),
    });
  }
  return [...byGlobal.values()]
    .map(({ hint }) => hint)
    .filter(({ bytes }) => bytes >= KEPT_BYTES)
    .sort((a, b) => b.bytes - a.bytes);
}
