/**
 * Two recordings of a game: what got slower, by how much, and whether that is more than chance. With the same input and seed a frame does the
 * same in both, but no two runs take the same time, and a single stall outweighs a hundred frames. So both are cut into sixteen stretches,
 * and these are compared one by one:
 *
 *     before   2.0  8.0  2.0  1.9  9.7 ...     a stall in the fifth
 *     after    2.6  9.9  2.5  2.4  2.4 ...
 *              more more more more less        15 of 16 have more, by half a millisecond in the middle: slower
 *
 * Slower is what has more in four of five stretches that have any, in five at least, and by more than a fifth and 0.05 ms in half of them. What
 * happens too seldom for that is compared by its worst frame.
 */
import { percentiles } from '../../../engine/profile/index.ts';
import { selfOf } from './causes.ts';
import { toldSiteDifferences } from './compare-sites.ts';
import { ownWorkOf, type ProfiledFrame, type Recording } from './recording.ts';
import { mean, median, sum } from './spread.ts';

const STRETCHES = 16;
/** Of the stretches, and how many at least. */
const AGREEING = 0.8;
const FEWEST = 5;
/** Runs of the same code on a machine that others use too differed by up to a sixth from one to the next, all of them alike. */
const LEAST_PART = 0.2;
/** Half of what one sample stands for. */
const LEAST_TIME = 0.05;
/** A worst frame is worse where it has so much more, and so many times as much: there is one of it, and nothing to average. */
const WORSE_TIME = 2;
const WORSE_FACTOR = 3;

/** Milliseconds a frame. */
export interface Difference {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** Whether that is more than chance: 1 for slower, -1 for faster, 0 for neither. */
  readonly verdict: -1 | 0 | 1;
  /** The most that it was in a frame. */
  readonly worstBefore: number;
  readonly worstAfter: number;
}

export interface Comparison {
  readonly phases: readonly Difference[];
  /** Functions' own time; the largest difference first. */
  readonly functions: readonly Difference[];
}

export function compare(before: Recording, after: Recording): Comparison {
  const phase = (name: string, of: (frame: ProfiledFrame) => number): Difference =>
    difference(name, before.frames.map(of), after.frames.map(of));
  const names = new Set([...before.functions, ...after.functions].map(nameOf));
  return {
    phases: [
      phase('script', ({ script, waited }) => script - waited),
      phase('gap', ({ gap }) => gap),
      phase('work less waits', ownWorkOf),
      ...[...hostNames(before), ...hostNames(after).filter((name) => !hostNames(before).includes(name))].map(
        (name) => phase(`host ${name}`, (frame) => hostTime(frame, name)),
      ),
    ],
    functions: [...names]
      .map((name) => difference(name, selfByFrame(before, name), selfByFrame(after, name)))
      .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before)),
  };
}

/** What is printed of it, with a line end; `file` is where the older one was. */
export function comparisonReport(before: Recording, after: Recording, file: string): string {
  const { phases, functions } = compare(before, after);
  const changed = functions.filter((one) => one.verdict !== 0 || isWorse(one));
  const line = (one: Difference): string => {
    const worst = isWorse(one) ? `; in its worst frame ${ms(one.worstBefore)} -> ${ms(one.worstAfter)}` : '';
    return `  ${WORDS[one.verdict].padEnd(8)}${time(one.before)} -> ${time(one.after)}  ${part(one).padStart(8)}  ${one.name}${worst}`;
  };
  const same = functions.length - changed.length;
  const [was, is] = [before, after].map((recording) => percentiles(recording.frames.map(ownWorkOf)).p99);
  return `${[
    `compared with ${file}: ${before.frames.length} frames, ${before.mode}; ms a frame, on average`,
    ...unlike(before, after),
    ...phases.map(line),
    `  ${''.padEnd(8)}${time(was ?? 0)} -> ${time(is ?? 0)}  ${''.padStart(8)}  p99 of work less waits`,
    'functions, what they take themselves',
    ...(changed.length === 0 ? ['  none got slower or faster by more than chance'] : changed.map(line)),
    ...(changed.length > 0 && same > 0 ? [`  the other ${same} differ by no more than chance`] : []),
    ...toldSiteDifferences(before, after),
  ].join('\n')}\n`;
}

const WORDS = { '1': 'slower', '0': 'same', '-1': 'faster' } as const;

/** Whether it has become much longer in a single frame. */
const isWorse = ({ worstBefore, worstAfter }: Difference): boolean =>
  worstAfter > worstBefore + WORSE_TIME && worstAfter > WORSE_FACTOR * worstBefore;

const ms = (value: number): string => value.toFixed(3);

const time = (value: number): string => ms(value).padStart(9);

function part({ before, after }: Difference): string {
  if (before === 0) return after === 0 ? '' : 'new';
  const change = (100 * (after - before)) / before;
  return `${change > 0 ? '+' : ''}${change.toFixed(0)} %`;
}

/** Why the two should not be compared. */
function unlike(before: Recording, after: Recording): string[] {
  const pairs = [
    ['game', before.script, after.script],
    ['mode', before.mode, after.mode],
    ['frame', `${before.interval.toFixed(3)} ms`, `${after.interval.toFixed(3)} ms`],
    ['number of frames', String(before.frames.length), String(after.frames.length)],
  ] as const;
  return pairs
    .filter(([, was, is]) => was !== is)
    .map(([what, was, is]) => `  not the same ${what}: ${was}, and now ${is}`);
}

function difference(name: string, before: readonly number[], after: readonly number[]): Difference {
  return {
    name,
    before: mean(before),
    after: mean(after),
    verdict: verdictOn(stretches(before), stretches(after)),
    worstBefore: percentiles(before).max,
    worstAfter: percentiles(after).max,
  };
}

function verdictOn(before: readonly number[], after: readonly number[]): -1 | 0 | 1 {
  const pairs = before
    .map((was, i) => ({ was, is: after[i] ?? 0 }))
    .filter(({ was, is }) => was > 0 || is > 0);
  const enough = Math.max(FEWEST, Math.ceil(AGREEING * pairs.length));
  const change = median(pairs.map(({ was, is }) => is - was));
  if (Math.abs(change) <= Math.max(LEAST_TIME, LEAST_PART * median(pairs.map(({ was }) => was)))) return 0;
  if (pairs.filter(({ was, is }) => is > was).length >= enough) return 1;
  return pairs.filter(({ was, is }) => is < was).length >= enough ? -1 : 0;
}

/** The means of as many stretches as there can be, one after the other. */
function stretches(values: readonly number[]): number[] {
  const count = Math.min(STRETCHES, values.length);
  const end = (i: number): number => Math.round((i * values.length) / count);
  return Array.from({ length: count }, (_, i) => mean(values.slice(end(i), end(i + 1))));
}

/** Lines move from version to version, and names seldom do. */
const nameOf = ({ name, file }: { readonly name: string; readonly file: string }): string =>
  `${name === '' ? 'a function without a name' : name} (${file})`;

function selfByFrame({ functions, frames }: Recording, name: string): number[] {
  const indices = functions.flatMap((one, index) => (nameOf(one) === name ? [index] : []));
  return frames.map((frame) => sum(indices.map((index) => selfOf(frame, index))));
}

const hostNames = ({ frames }: Recording): string[] => [
  ...new Set(frames.flatMap(({ hostCalls }) => hostCalls.map(({ name }) => name))),
];

const hostTime = ({ hostCalls }: ProfiledFrame, name: string): number =>
  hostCalls.find((calls) => calls.name === name)?.time ?? 0;
