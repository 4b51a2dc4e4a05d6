/**
 * A scene that new code has not, though the game is in it, or on its way there. Without what is done when it begins and ends the game would
 * stand in it for good, so the scene starts anew, or the old code goes on.
 */
import type { Manifest } from '../image/index.ts';
import type { LinkedProgram } from './program.ts';
import type { ReplaceOutcome } from './replace.ts';
import { readString } from './text.ts';
import type { MemoryViews } from './views.ts';

/** The globals that say so, of the type `(Option Scene)`, and what they hold: as `library/modules/game.slu` has it. */
const HOLDERS = ['sluice.game.*scene*', 'sluice.game.*next-scene*'];
const SCENE = 'sluice.game.Scene';

/** Undefined where there is none. Between calls, when nothing moves. */
export function restartForScene(
  { manifest, cells }: LinkedProgram,
  next: Manifest,
  views: MemoryViews,
): Extract<ReplaceOutcome, { kind: 'restart' }> | undefined {
  const entry = manifest.types.find(({ of }) => of?.kind === 'struct' && of.type === SCENE);
  const key = entry?.fields.find(({ name }) => name === '%key');
  if (key === undefined) return undefined;
  const named = new Set(next.globals.map((global) => global.key));
  for (const holder of HOLDERS) {
    const scene = views.word(cells.get(holder)?.[0] ?? 0);
    if (scene === 0) continue;
    const own = readString(views, views.word(scene + key.offset));
    // One that was made elsewhere than by `scene` has no global of its own.
    const global = manifest.globals.find((other) => other.key === own);
    if (global === undefined || named.has(own)) continue;
    const reason = `the game is in the scene \`${global.name}\`, which the new code has not`;
    return { kind: 'restart', reason, types: [] };
  }
  return undefined;
}
