/**
 * Two recordings of a game: what got slower, by how much, and whether that is more than chance. Times differ from run to run, so each
 * recording is cut into eight stretches of frames, and how far the means of these lie apart says what a difference has to exceed:
 *
 *     script     before  2.0 2.1 2.0 1.9 ...   mean 2.0, standard error 0.03
 *                after   2.6 2.4 2.5 2.5 ...   mean 2.5, standard error 0.03
 *     0.5 is more than four times sqrt(0.03^2 + 0.03^2) = 0.04, more than 5 %, and more than 0.02 ms: slower
 */
import { selfOf } from './causes.ts';
import { type ProfiledFrame, type Recording, workOf } from './recording.ts';
import { mean, percentiles, sum } from './spread.ts';

const STRETCHES = 8;
const ERRORS = 4;
const LEAST_PART = 0.05;
const LEAST_TIME = 0.02;

/** Milliseconds a frame. */
export interface Difference {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** What a difference has to exceed to be more than chance. */
  readonly noise: number;
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
      phase('script', ({ script }) => script),
      phase('gap', ({ gap }) => gap),
      phase('work', workOf),
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
  const changed = functions.filter((one) => verdict(one) !== 0);
  const line = (one: Difference): string =>
    `  ${WORDS[verdict(one)].padEnd(8)}${time(one.before)} -> ${time(one.after)}  ${part(one).padStart(8)}  ${one.name}`;
  const same = functions.length - changed.length;
  const [was, is] = [before, after].map((recording) => percentiles(recording.frames.map(workOf)).p99);
  return `${[
    `compared with ${file}: ${before.frames.length} frames, ${before.mode}; ms a frame, on average`,
    ...unlike(before, after),
    ...phases.map(line),
    `  ${''.padEnd(8)}${time(was ?? 0)} -> ${time(is ?? 0)}  ${''.padStart(8)}  p99 of work`,
    'functions, what they take themselves',
    ...(changed.length === 0 ? ['  none got slower or faster beyond the noise'] : changed.map(line)),
    ...(changed.length > 0 && same > 0 ? [`  the other ${same} differ by no more than the noise`] : []),
  ].join('\n')}\n`;
}

const WORDS = { '1': 'slower', '0': 'same', '-1': 'faster' } as const;

const time = (value: number): string => value.toFixed(3).padStart(9);

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
  const error = Math.hypot(standardError(before), standardError(after));
  const noise = Math.max(ERRORS * error, LEAST_PART * mean(before), LEAST_TIME);
  return { name, before: mean(before), after: mean(after), noise };
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
