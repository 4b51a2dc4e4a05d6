/**
 * Two recordings of a game: what got slower, by how much, and whether that is more than chance. Times differ from run to run. Where both have
 * the same frames, with the same input and seed, a frame does the same in both, and what is the same code takes about the same multiple of
 * the time everywhere. So recordings are cut into eight stretches, and what the stretches differ by from the one ratio is chance:
 *
 *     before   2.0  8.0  2.0  1.9 ...   mean 3.5     a busy stretch is one in both
 *     after    2.6  9.9  2.5  2.3 ...   mean 4.4     ratio 1.26; less 1.26 of before: 0.1  -0.2  0.0  -0.1 ..., standard error 0.04
 *
 * 0.9 is more than four times 0.04, more than 20 %, and more than 0.02 ms: slower. Where the frames are not the same, the means of the
 * stretches themselves are compared.
 */
import { selfOf } from './causes.ts';
import { ownWorkOf, type ProfiledFrame, type Recording } from './recording.ts';
import { mean, percentiles, sum } from './spread.ts';

const STRETCHES = 8;
const ERRORS = 4;
/** Runs of the same code on a machine that others use too differed by up to a sixth from one to the next, all of them alike. */
const LEAST_PART = 0.2;
const LEAST_TIME = 0.02;
/** A worst frame is worse where it has so much more, and so many times as much: there is one of it, and nothing to average. */
const WORSE_TIME = 2;
const WORSE_FACTOR = 3;

/** Milliseconds a frame. */
export interface Difference {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** What a difference has to exceed to be more than chance. */
  readonly noise: number;
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

/** Whether a difference is more than chance: 1 for slower, -1 for faster, 0 for neither. */
export function verdict({ before, after, noise }: Difference): -1 | 0 | 1 {
  const change = after - before;
  if (Math.abs(change) <= noise) return 0;
  return change > 0 ? 1 : -1;
}

/** What is printed of it, with a line end; `file` is where the older one was. */
export function comparisonReport(before: Recording, after: Recording, file: string): string {
  const { phases, functions } = compare(before, after);
  const changed = functions.filter((one) => verdict(one) !== 0 || isWorse(one));
  const line = (one: Difference): string => {
    const worst = isWorse(one) ? `; in its worst frame ${ms(one.worstBefore)} -> ${ms(one.worstAfter)}` : '';
    return `  ${WORDS[verdict(one)].padEnd(8)}${time(one.before)} -> ${time(one.after)}  ${part(one).padStart(8)}  ${one.name}${worst}`;
  };
  const same = functions.length - changed.length;
  const [was, is] = [before, after].map((recording) => percentiles(recording.frames.map(ownWorkOf)).p99);
  return `${[
    `compared with ${file}: ${before.frames.length} frames, ${before.mode}; ms a frame, on average`,
    ...unlike(before, after),
    ...phases.map(line),
    `  ${''.padEnd(8)}${time(was ?? 0)} -> ${time(is ?? 0)}  ${''.padStart(8)}  p99 of work less waits`,
    'functions, what they take themselves',
    ...(changed.length === 0 ? ['  none got slower or faster beyond the noise'] : changed.map(line)),
    ...(changed.length > 0 && same > 0 ? [`  the other ${same} differ by no more than the noise`] : []),
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
  const was = mean(before);
  const error = before.length === after.length ? pairedError(before, after) : unpairedError(before, after);
  return {
    name,
    before: was,
    after: mean(after),
    noise: Math.max(ERRORS * error, LEAST_PART * was, LEAST_TIME),
    worstBefore: percentiles(before).max,
    worstAfter: percentiles(after).max,
  };
}

/** Of what `after` is more than `before`, where they would have one ratio everywhere. */
function pairedError(before: readonly number[], after: readonly number[]): number {
  const all = sum(before);
  // What was not there at all did not come by chance.
  if (all === 0 || sum(after) === 0) return 0;
  const ratio = sum(after) / all;
  return standardError(after.map((value, i) => value - ratio * (before[i] ?? 0)));
}

function unpairedError(before: readonly number[], after: readonly number[]): number {
  return Math.hypot(standardError(before), standardError(after));
}

/** Of the mean, from those of stretches. */
function standardError(values: readonly number[]): number {
  const length = Math.ceil(values.length / STRETCHES);
  const means: number[] = [];
  for (let at = 0; at < values.length; at += length) means.push(mean(values.slice(at, at + length)));
  if (means.length < 2) return 0;
  const middle = mean(means);
  const variance = sum(means.map((value) => (value - middle) ** 2)) / (means.length - 1);
  return Math.sqrt(variance / means.length);
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
