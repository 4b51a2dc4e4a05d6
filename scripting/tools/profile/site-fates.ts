/** What a recording has of a site: of its samples, how long its objects live and who called. */
import type { ProfiledSite, SitePath, SiteStep } from './recording.ts';
import type { ScriptStacks } from './script-stacks.ts';
import type { CountedSite, SampledCall } from './site-counts.ts';
import { sum } from './spread.ts';
import type { Fate } from './survivors.ts';

/** Ways to a site that are kept, and their steps: the innermost. */
const PATHS = 3;
const STEPS = 12;

/** `frames`: how many were played. */
export function profiledSite(
  { place, type, fate, calls }: CountedSite,
  frames: number,
  stacks: Pick<ScriptStacks, 'way'>,
): ProfiledSite {
  const { function: name, file, line, column } = place;
  const { survived, died, kept } = fate;
  const bytes = (of: Fate['kept']): number => sum(of.map((sample) => sample.bytes * sample.weight));
  const lifetime = lifetimeOf(fate);
  return {
    function: name,
    file,
    line,
    column,
    type,
    paths: pathsOf(calls, stacks),
    ...(survived + died > 0 && { survived: survived / (survived + died) }),
    ...(lifetime !== undefined && { lifetime }),
    kept: bytes(kept),
    keptLong: bytes(kept.filter(({ frame }) => frame < frames / 2)),
  };
}

/** Frames until half were found dead. */
function lifetimeOf({ deaths, kept }: Fate): number | undefined {
  const half = (sum(deaths.map(({ weight }) => weight)) + sum(kept.map(({ weight }) => weight))) / 2;
  let dead = 0;
  for (const { frames, weight } of [...deaths].sort((a, b) => a.frames - b.frames)) {
    dead += weight;
    if (dead >= half) return frames;
  }
  return undefined;
}

function pathsOf(calls: readonly SampledCall[], stacks: Pick<ScriptStacks, 'way'>): SitePath[] {
  const found = new Map<string, { readonly steps: readonly SiteStep[]; weight: number }>();
  for (const { stack, weight } of calls) {
    const steps = withoutRepeats(stacks.way(stack.stack ?? '')).slice(-STEPS);
    const key = steps.map(({ name, file, line }) => `${name} ${file}:${line}`).join(' > ');
    const known = found.get(key) ?? { steps, weight: 0 };
    known.weight += weight;
    found.set(key, known);
  }
  const all = sum(calls.map(({ weight }) => weight));
  return [...found.values()]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, PATHS)
    .map(({ steps, weight }) => ({ steps, part: weight / all }));
}

/** A function that calls itself is one step, as is the call of a frame's stages, which is called as the script's own `frame` is. */
function withoutRepeats(steps: readonly SiteStep[]): readonly SiteStep[] {
  return steps.filter(({ name, file }, i) => {
    const next = steps[i + 1];
    return next === undefined || next.name !== name || next.file !== file;
  });
}
