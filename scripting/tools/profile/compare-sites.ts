/**
 * What two recordings allocate, site by site. With the same input and seed the counts are the same each time, so whatever differs has
 * changed: nothing of it is chance. Lines move from version to version, so a site is known by its function, its file and what it makes.
 */
import { kilobytes } from './in-words.ts';
import type { ProfiledSite, Recording } from './recording.ts';
import { siteSums } from './site-table.ts';
import { sum } from './spread.ts';

const SITES = 12;

/** Bytes a frame that the heap is given. */
export interface SiteDifference {
  /** `String in make-names (game.slu)` */
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** All that differ, the largest difference first; undefined where one of the two did not count. */
export function compareSites(before: Recording, after: Recording): SiteDifference[] | undefined {
  if (before.sites === undefined || after.sites === undefined) return undefined;
  const [was, is] = [bytesByName(before), bytesByName(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((name) => ({ name, before: was.get(name) ?? 0, after: is.get(name) ?? 0 }))
    .filter((one) => one.before !== one.after)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
}

/** Lines of a report; none where neither counted. */
export function toldSiteDifferences(before: Recording, after: Recording): string[] {
  const differences = compareSites(before, after);
  if (differences === undefined) {
    if (before.sites === undefined && after.sites === undefined) return [];
    const which = before.sites === undefined ? 'the older recording' : 'this run';
    return [
      `allocation sites cannot be compared: ${which} did not count them (\`--sites\`), so times differ as well`,
    ];
  }
  const [was, is] = [before, after].map((recording) => sum([...bytesByName(recording).values()]));
  const line = ({ name, ...bytes }: SiteDifference): string => `  ${change(bytes)}  ${name}`;
  return [
    'allocation sites, KB a frame that the heap is given',
    line({ name: 'in all', before: was ?? 0, after: is ?? 0 }),
    ...differences.slice(0, SITES).map(line),
    ...(differences.length > SITES ? [`  and ${differences.length - SITES} more that differ`] : []),
  ];
}

function change({ before, after }: Omit<SiteDifference, 'name'>): string {
  const word = after > before ? 'more' : after < before ? 'less' : 'same';
  return `${word.padEnd(8)}${kilobytes(before).padStart(9)} -> ${kilobytes(after).padStart(9)}`;
}

function bytesByName(recording: Recording): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const { site, bytes: own } of siteSums(recording))
    bytes.set(nameOf(site), (bytes.get(nameOf(site)) ?? 0) + own);
  return bytes;
}

function nameOf({ function: name, file, type }: ProfiledSite): string {
  return file === ''
    ? `${type}, for no line of the script`
    : `${type} in ${name === '' ? 'a function without a name' : name} (${file})`;
}
