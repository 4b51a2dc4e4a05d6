/** Which places of the script make what, as a report writes it. */
import { kilobytes, siteName } from './in-words.ts';
import type { ProfiledFrame, ProfiledSite, Recording } from './recording.ts';
import { sum } from './spread.ts';

const SITES = 12;
/** Steps of a path. */
const STEPS = 6;

/** What sites have made in some frames, a frame on average, by their numbers. */
export interface SiteSums {
  readonly index: number;
  readonly site: ProfiledSite;
  readonly objects: number;
  readonly bytes: number;
  readonly arenaBytes: number;
}

/** Those that have made anything, most bytes in the heap first. */
export function siteSums({ sites = [], frames }: Pick<Recording, 'sites' | 'frames'>): SiteSums[] {
  const sums = sites.map((site, index) => ({ index, site, objects: 0, bytes: 0, arenaBytes: 0 }));
  for (const frame of frames)
    for (const { site, objects, bytes, arenaBytes } of frame.sites) {
      const known = sums[site];
      if (known === undefined) continue;
      known.objects += objects / frames.length;
      known.bytes += bytes / frames.length;
      known.arenaBytes += arenaBytes / frames.length;
    }
  return sums
    .filter(({ objects }) => objects > 0)
    .sort((a, b) => b.bytes - a.bytes || b.arenaBytes - a.arenaBytes);
}

/** The top sites of some frames; nothing where the run did not count. */
export function siteTable({ sites }: Recording, frames: readonly ProfiledFrame[], where: string): string[] {
  if (sites === undefined) return [];
  const sums = siteSums({ sites, frames });
  if (sums.length === 0) return [`allocation sites, ${where}: nothing was made`];
  const all = sum(sums.map(({ bytes }) => bytes));
  const inArenas = sum(sums.map(({ arenaBytes }) => arenaBytes));
  const rows = sums.slice(0, SITES);
  return [
    `allocation sites, ${where}: ${kilobytes(all)} KB in the heap, ${kilobytes(inArenas)} KB in arenas`,
    `  ${['KB', 'arena KB', 'objects', 'survive', 'frames'].map((name) => name.padStart(9)).join('')}`,
    ...rows.map(row),
    ...(sums.length > SITES
      ? [
          `  and ${sums.length - SITES} more with ${kilobytes(sum(sums.slice(SITES).map(({ bytes }) => bytes)))} KB`,
        ]
      : []),
  ];
}

function row({ site, objects, bytes, arenaBytes }: SiteSums): string {
  const figures = [
    kilobytes(bytes),
    kilobytes(arenaBytes),
    objects.toFixed(objects < 10 ? 1 : 0),
    bytes === 0 || site.survived === undefined ? '' : `${(100 * site.survived).toFixed(0)} %`,
    bytes === 0 ? '' : (site.lifetime?.toFixed(0) ?? 'stays'),
  ];
  return `  ${figures.map((text) => text.padStart(9)).join('')}  ${siteName(site)}: ${site.type}${way(site)}`;
}

/** Who called the function that the site is in, most often. */
function way({ paths }: ProfiledSite): string {
  const [first] = paths;
  const steps = first?.steps.slice(0, -1) ?? [];
  if (first === undefined || steps.length === 0) return '';
  const names = steps.map(({ name, line }) => `${name}:${line}`);
  const shown = names.length > STEPS ? ['...', ...names.slice(-STEPS)] : names;
  const part = first.part > 0.95 ? '' : ` (${(100 * first.part).toFixed(0)} %)`;
  return `, by ${shown.join(' > ')}${part}`;
}
