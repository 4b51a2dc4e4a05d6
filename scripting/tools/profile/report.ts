/** What `sluice profile` prints of a recording. */
import { histogram, type Percentiles, percentiles, RANGES } from '../../../engine/profile/index.ts';
import { selfOf } from './causes.ts';
import { heapTable } from './heap-watch.ts';
import { counted, functionName, kilobytes, ms, placeOf } from './in-words.ts';
import { ownWorkOf, type ProfiledFrame, type Recording, workOf } from './recording.ts';
import { siteTable } from './site-table.ts';
import { mean, sum } from './spread.ts';
import { ToldFrames } from './told-frame.ts';
import { toldHints } from './told-hints.ts';
import { trends } from './trends.ts';

const WORST = 10;
const FUNCTIONS = 12;

/** Frames by their numbers, both among them. */
export interface FrameRange {
  readonly first: number;
  readonly last: number;
}

/** The whole report, with a line end. With a range the tables are of its frames; all else is of all. */
export function report(recording: Recording, range?: FrameRange): string {
  const frames = range === undefined ? recording.frames : recording.frames.slice(range.first, range.last + 1);
  const where = range === undefined ? 'a frame' : `a frame from ${range.first} to ${range.last}`;
  const told = new ToldFrames(recording);
  const worst = told.worst(WORST);
  const parts = [
    summary(recording),
    histograms(recording.frames),
    remarks(recording),
    [
      'the worst frames, by when their work ended after their time, less waits for other programs',
      ...worst.flatMap((frame) => told.tell(frame)),
    ],
    functionTable(recording, frames, where),
    lineTable(recording, frames, where),
    siteTable(recording, frames, where),
    toldHints(recording),
    heapTable(recording.heap),
    functionTable(recording, worst, `in the ${worst.length} worst frames`),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function summary({ frames, script, mode, interval }: Recording): string[] {
  const line = (name: string, values: readonly number[]): string => {
    const { p50, p95, p99, p999, max } = percentiles(values) satisfies Percentiles;
    return `  ${name.padEnd(14)}${[p50, p95, p99, p999, max].map((value) => ms(value).padStart(10)).join('')}`;
  };
  const late = frames.filter((frame) => frame.late);
  const by = new Map<string, number>();
  for (const { lateBy } of late) by.set(lateBy, (by.get(lateBy) ?? 0) + 1);
  const blame = [...by].sort(([, a], [, b]) => b - a).map(([who, count]) => `${who} ${count}`);
  const waited = late.filter((frame) => frame.end - frame.waited <= interval).length;
  const errors = sum(frames.map((frame) => frame.errors));
  return [
    `${counted(frames.length)} of ${script}, ${mode}, ${rate(interval)} Hz; times in ms, under the profiler, which has a share in them`,
    `  ${''.padEnd(14)}${['p50', 'p95', 'p99', 'p99.9', 'max'].map((name) => name.padStart(10)).join('')}`,
    line(
      'script',
      frames.map((frame) => frame.script),
    ),
    line(
      'gap',
      frames.map((frame) => frame.gap),
    ),
    line('work', frames.map(workOf)),
    line('  less waits', frames.map(ownWorkOf)),
    `  ${'late frames'.padEnd(14)}${late.length} of ${frames.length}${blame.length > 0 ? ` (${blame.join(', ')})` : ''}${waited > 0 ? `; ${waited} of them would not be, had other programs not run` : ''}`,
    ...(errors > 0 ? [`  ${'errors'.padEnd(14)}${errors}`] : []),
  ];
}

/** As wide as the longest bar is. */
const BAR = 12;

function histograms(frames: readonly ProfiledFrame[]): string[] {
  const columns = [
    ['script', histogram(frames.map((frame) => frame.script))],
    ['gap', histogram(frames.map((frame) => frame.gap))],
    ['work', histogram(frames.map(workOf))],
  ] as const;
  const most = Math.max(...columns.flatMap(([, counts]) => counts));
  const used = RANGES.flatMap((_, range) =>
    columns.some(([, counts]) => (counts[range] ?? 0) > 0) ? [range] : [],
  );
  return [
    `${'  frames by ms'.padEnd(16)}${columns.map(([name]) => name.padEnd(BAR + 8)).join('')}`.trimEnd(),
    ...RANGES.flatMap((end, range) => {
      if (range < (used[0] ?? 0) || range > (used.at(-1) ?? 0)) return [];
      const label = end === Number.POSITIVE_INFINITY ? `>= ${RANGES[range - 1]}` : `< ${end}`;
      const cells = columns.map(([, counts]) => {
        const count = counts[range] ?? 0;
        return count === 0 ? ''.padEnd(BAR + 8) : `${bar(count, most)} ${count}`.padEnd(BAR + 8);
      });
      return [`  ${label.padEnd(14)}${cells.join('')}`.trimEnd()];
    }),
  ];
}

/** By the logarithm: of thousands of frames, the one that stutters is what one looks for. */
function bar(count: number, most: number): string {
  return '#'.repeat(Math.max(1, Math.round((BAR * Math.log2(count + 1)) / Math.log2(most + 1))));
}

function remarks(recording: Recording): string[] {
  const { growth, suppressed, debt } = trends(recording);
  const lines: string[] = [];
  if (growth !== undefined) {
    const each = kilobytes((growth.to - growth.from) / growth.frames);
    const doubt = growth.collected
      ? ''
      : '; no whole collection has ended meanwhile, so part of it may be garbage: play more frames to know';
    lines.push(
      `the heap grows: from ${kilobytes(growth.from)} KB to ${kilobytes(growth.to)} KB, ${each} KB a frame${doubt}`,
    );
  }
  if (suppressed !== undefined)
    lines.push(
      `collections are suppressed at the end of ${counted(suppressed.frames)}, from frame ${suppressed.since} on: ` +
        `up to ${kilobytes(suppressed.bytes)} KB wait for the end of that: for the \`game.resume()\` of a \`game.suppress()\`, or the end of a load`,
    );
  if (debt !== undefined)
    lines.push(
      `the heap is beyond its soft limit in ${counted(debt.frames)}, by up to ${kilobytes(debt.bytes)} KB: ` +
        `frames were charged ${ms(debt.guaranteed)} ms for it`,
    );
  return [...lines, ...allocation(recording)];
}

/** Bytes that the heap is given a frame, on average or at most, from which on it is worth knowing by whom. */
const MUCH = 16 * 1024;
const BURST = 256 * 1024;

/** How who allocates much would be known, where that was not counted. */
function allocation({ sites, frames }: Recording): string[] {
  if (sites !== undefined) return [];
  const each = mean(frames.map(({ allocated }) => allocated));
  const [most] = [...frames].sort((a, b) => b.allocated - a.allocated);
  if (most === undefined || (each < MUCH && most.allocated < BURST)) return [];
  return [
    `frames allocate ${kilobytes(each)} KB on average, and ${kilobytes(most.allocated)} KB in frame ${most.number}: ` +
      '`--sites` says at which lines, and what could be done',
  ];
}

/** Which functions have the script's time, in some frames. */
function functionTable(recording: Recording, frames: readonly ProfiledFrame[], where: string): string[] {
  const script = sum(frames.map((frame) => frame.script));
  const rows = recording.functions
    .map((_, index) => ({
      index,
      self: mean(frames.map((frame) => selfOf(frame, index))),
      total: mean(frames.map((frame) => totalOf(frame, index))),
    }))
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.self - a.self || b.total - a.total)
    .slice(0, FUNCTIONS);
  if (rows.length === 0) return [];
  const all = script / frames.length;
  return [
    `functions of the script, ms ${where}`,
    `  ${['self', 'total', 'self %'].map((name) => name.padStart(9)).join('')}`,
    ...rows.map(({ index, self, total }) => {
      const share = all > 0 ? `${((100 * self) / all).toFixed(1)} %` : '';
      const figures = [ms(self), ms(total), share].map((text) => text.padStart(9)).join('');
      return `  ${figures}  ${functionName(recording, index)} (${placeOf(recording, index)})`;
    }),
  ];
}

/** Which lines have the functions' own time. */
function lineTable(recording: Recording, frames: readonly ProfiledFrame[], where: string): string[] {
  const times = recording.lines.map(() => 0);
  for (const { lines } of frames)
    for (const { line, self } of lines) times[line] = (times[line] ?? 0) + self / frames.length;
  const rows = recording.lines
    .map((line, index) => ({ line, self: times[index] ?? 0 }))
    .filter(({ self }) => self > 0)
    .sort((a, b) => b.self - a.self)
    .slice(0, FUNCTIONS);
  if (rows.length === 0) return [];
  return [
    `lines of loops and recursive calls, ms ${where} of their functions' own time`,
    ...rows.map(({ line: { inner, file, line, function: index }, self }) => {
      const outer = functionName(recording, index);
      const put = inner === outer ? '' : `, put into ${outer}`;
      return `  ${ms(self).padStart(9)}  ${file}:${line} in ${inner}${put}`;
    }),
  ];
}

const totalOf = ({ samples }: ProfiledFrame, index: number): number =>
  samples.find((found) => found.function === index)?.total ?? 0;

const rate = (interval: number): string => String(Math.round(100_000 / interval) / 100);
