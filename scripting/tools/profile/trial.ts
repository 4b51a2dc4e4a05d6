/** Tries a change of a game's text: whether the compiler takes it, and what the same frames allocate with it. */
import { ScriptError } from '../../machine/index.ts';
import type { Source } from '../../syntax/index.ts';
import type { Streams } from '../command.ts';
import { analyse, type CompileOptions, print } from '../compile.ts';
import { type HeadlessGame, startHeadless } from '../headless-game.ts';
import { edited } from './edits.ts';
import type { ProfiledSite, SiteCount, TextEdit } from './recording.ts';
import { SiteCounts } from './site-counts.ts';

/** What is played again. */
export interface TrialGame {
  readonly sources: readonly Source[];
  readonly images: Pick<CompileOptions, 'images'>;
  /** As before anything was played: the player's input from its beginning. */
  readonly anew: () => Promise<Omit<HeadlessGame, 'image' | 'sources'>>;
}

/** What was made in all frames. */
export interface Played {
  readonly sites: readonly Pick<ProfiledSite, 'function' | 'file' | 'line' | 'type'>[];
  readonly counts: readonly SiteCount[];
  /** Calls of the script that failed. */
  readonly errors: number;
}

const SILENT: Streams = { out: () => undefined, error: () => undefined };

/**
 * Undefined where the compiler refuses it, or the game does not start with it. What the host's modules remember of a run before they still
 * do.
 */
export async function tried(
  { sources: before, images, anew }: TrialGame,
  edits: readonly TextEdit[],
): Promise<Played | undefined> {
  const sources = edited(before, edits);
  const options: CompileOptions = { mode: 'development', counted: true, ...images };
  const { program } = analyse(sources, options);
  if (program === undefined) return undefined;
  const image = await print(program, options);
  const counts = new SiteCounts(image.manifest.allocationSites ?? []);
  const game = await anew();
  const started = await startHeadless({ ...game, sources, image, allocations: counts }, SILENT).catch(
    (error: unknown) => {
      if (error instanceof ScriptError) return undefined;
      throw error;
    },
  );
  if (started === undefined) return undefined;
  const { machine, driver } = started;
  counts.clear();
  const made: SiteCount[] = [];
  driver.loop.stage = { run: () => made.push(...counts.endFrame()) };
  driver.run(game.frames);
  return {
    sites: counts.sites.map(({ place, type }) => ({ ...place, type })),
    counts: made,
    errors: machine.failures.reduce((sum, { count }) => sum + count, 0),
  };
}

/** Whether the compiler takes an edit. */
export function isAccepted({ sources, images }: TrialGame, edits: readonly TextEdit[]): boolean {
  return analyse(edited(sources, edits), { mode: 'development', ...images }).program !== undefined;
}

/** Whether a function, or one of that name in the file, may be entered while it runs. */
export async function isRecursive(
  { sources, images }: TrialGame,
  { function: name, file }: Pick<ProfiledSite, 'function' | 'file'>,
): Promise<boolean> {
  const { program } = analyse(sources, { mode: 'development', ...images });
  const { findEffects } = await import('../../emit/index.ts');
  if (program === undefined) return true;
  const { recursive } = findEffects(program, false);
  return [...program.functions.values()].some(
    (func) => func.name === name && func.span.source.name === file && recursive.has(func.key),
  );
}
