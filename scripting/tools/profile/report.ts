/** What `sluice profile` prints of a recording. */
import { type Cause, Causes, selfOf } from './causes.ts';
import { ownWorkOf, type ProfiledFrame, type Recording, workOf } from './recording.ts';
import { histogram, mean, type Percentiles, percentiles, RANGES, sum } from './spread.ts';
import { trends } from './trends.ts';

const WORST = 10;
const FUNCTIONS = 12;
/** Functions that a caller is named by, at most, in the way to one. */
const STEPS = 6;

/** The whole report, with a line end. */
export function report(recording: Recording): string {
  const causes = new Causes(recording);
  const worst = causes.worst(WORST);
  const parts = [
    summary(recording),
    histograms(recording.frames),
    remarks(recording),
    [
      'the worst frames, by when their work ended after their time, less waits for other programs',
      ...worst.flatMap((frame) => told(frame)),
    ],
    functionTable(recording, recording.frames, 'a frame'),
    lineTable(recording, recording.frames),
    functionTable(recording, worst, `in the ${worst.length} worst frames`),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;

  function told(frame: ProfiledFrame): string[] {
    const [first, ...others] = causes.of(frame);
    const late = frame.late ? `, late by ${frame.lateBy}` : '';
    const more = others.filter(({ time }) => time >= Math.max(SMALL, frame.end / 20));
    const suppressed = frame.suppressed > 0 ? '; collections are suppressed' : '';
    const debt = frame.debt > 0 ? `; ${kilobytes(frame.debt)} KB beyond the soft limit` : '';
    return [
      `  frame ${frame.number}: ${ms(frame.end)} ms${late}; allocated ${kilobytes(frame.allocated)} KB${suppressed}${debt}`,
      ...[...(first === undefined ? [] : [first]), ...more].map((cause) => `    ${toldCause(frame, cause)}`),
    ];
  }

  function toldCause(frame: ProfiledFrame, cause: Cause): string {
    const time = `${ms(cause.time)} ms (usually ${ms(cause.usual)})`;
    switch (cause.kind) {
      case 'script':
        return `script ${time}${scriptDetail(frame)}`;
      case 'host': {
        const calls = frame.hostCalls.find(({ name }) => name === cause.name);
        const count = calls?.count ?? 0;
        const longest = count > 1 ? `, the longest ${ms(calls?.longest ?? 0)}` : '';
        return `host ${cause.name}: ${time} in ${count} ${count === 1 ? 'call' : 'calls'}${longest}${calledBy(frame)}`;
      }
      case 'v8': {
        const kinds = frame.v8.map(({ kind, length }) => `${kind} ${ms(length)}`).join(', ');
        return `a collection of V8's ${time}: ${kinds}; outside our work: what the host or Node has made`;
      }
      case 'waited':
        return `the thread waited ${time} while other programs had the processor: outside our work`;
      case 'collection':
        return `a collection of the script's heap inside the frame ${time}`;
      case 'slices':
        return `our slices ran past its time by ${time}${slicesBefore(frame)}`;
      case 'input':
        return `input ${time}`;
      case 'frame before':
        return `the frame before was still at work: ${time}`;
      case 'outside':
        return `began late by ${time}: outside our work`;
    }
  }

  function scriptDetail(frame: ProfiledFrame): string {
    const [top] = causes.functionsOf(frame);
    if (top === undefined) return frame.script >= SMALL ? ': no sample fell on a function of the script' : '';
    const heap = top.heap > top.self / 4 ? `, ${ms(top.heap)} of it in the heap` : '';
    return `: \`${functionName(recording, top.function)}\` (${place(recording, top.function)}) ${ms(top.self)}${heap}${line(frame, top.function)}${frame.path.at(-1) === top.function ? way(frame) : ''}`;
  }

  function line(frame: ProfiledFrame, index: number): string {
    const top = frame.lines.find(({ line }) => recording.lines[line]?.function === index);
    const found = recording.lines[top?.line ?? -1];
    if (top === undefined || found === undefined) return '';
    const inner = found.inner === recording.functions[index]?.name ? '' : ` in \`${found.inner}\``;
    return `, ${ms(top.self)} of it${inner} at ${found.file}:${found.line}`;
  }

  function way({ path }: ProfiledFrame): string {
    if (path.length < 2) return '';
    const names = path.map((index) => functionName(recording, index));
    const shown = names.length > STEPS ? ['...', ...names.slice(-STEPS)] : names;
    return `, by ${shown.join(' > ')}`;
  }

  function calledBy(frame: ProfiledFrame): string {
    const caller = frame.path.at(-1);
    return caller === undefined
      ? ''
      : `, from \`${functionName(recording, caller)}\` (${place(recording, caller)})`;
  }

  function slicesBefore({ number }: ProfiledFrame): string {
    const before = recording.frames[number - 1];
    if (before === undefined || before.slices.length === 0) return '';
    const times = new Map<string, number>();
    for (const { kind, length } of before.slices) times.set(kind, (times.get(kind) ?? 0) + length);
    return `: ${[...times].map(([kind, time]) => `${kind} ${ms(time)}`).join(', ')}`;
  }
}

/** Milliseconds that are not worth a line of their own. */
const SMALL = 0.05;

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
        `up to ${kilobytes(suppressed.bytes)} KB wait for the end of that`,
    );
  if (debt !== undefined)
    lines.push(
      `the heap is beyond its soft limit in ${counted(debt.frames)}, by up to ${kilobytes(debt.bytes)} KB: ` +
        `frames were charged ${ms(debt.guaranteed)} ms for it`,
    );
  return lines;
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
      return `  ${figures}  ${functionName(recording, index)} (${place(recording, index)})`;
    }),
  ];
}

/** Which lines have the functions' own time. */
function lineTable(recording: Recording, frames: readonly ProfiledFrame[]): string[] {
  const times = recording.lines.map(() => 0);
  for (const { lines } of frames)
    for (const { line, self } of lines) times[line] = (times[line] ?? 0) + self / frames.length;
  const rows = recording.lines
    .map((line, index) => ({ line, self: times[index] ?? 0 }))
    .sort((a, b) => b.self - a.self)
    .slice(0, FUNCTIONS);
  if (rows.length === 0) return [];
  return [
    "lines of loops and recursive calls, ms a frame of their functions' own time",
    ...rows.map(({ line: { inner, file, line, function: index }, self }) => {
      const outer = functionName(recording, index);
      const put = inner === outer ? '' : `, put into ${outer}`;
      return `  ${ms(self).padStart(9)}  ${file}:${line} in ${inner}${put}`;
    }),
  ];
}

const totalOf = ({ samples }: ProfiledFrame, index: number): number =>
  samples.find((found) => found.function === index)?.total ?? 0;

function functionName({ functions }: Recording, index: number): string {
  const name = functions[index]?.name ?? '';
  return name === '' ? 'a function without a name' : name;
}

function place({ functions }: Recording, index: number): string {
  const found = functions[index];
  return found === undefined ? '' : `${found.file}:${found.line}`;
}

const counted = (frames: number): string => `${frames} ${frames === 1 ? 'frame' : 'frames'}`;

const rate = (interval: number): string => String(Math.round(100_000 / interval) / 100);

const ms = (time: number): string => time.toFixed(time >= 100 ? 1 : 3);

const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1);
