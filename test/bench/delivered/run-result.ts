/** What a run came to, and the figures that are judged. */
import { percentile } from '../harness/statistics.ts';
import type { Column } from './frame-times.ts';
import type { Run } from './plan.ts';

export interface RunResult {
  readonly run: Run;
  /** In milliseconds by the page's clock, a number a frame. */
  readonly times: Readonly<Record<Column, readonly number[]>>;
  /** When measuring began, by the page's clock. */
  readonly zero: number;
  /** The world's checksum. */
  readonly result: number;
  /** Most bytes of JavaScript's heap, as far as the browser tells, and linear memory together. */
  readonly peak: number;
  readonly cycles: number;
  readonly collectionsInFrames: number;
  /** What a trace of Chromium's says of V8's collections on the page's thread, where there was one. */
  readonly collector?: readonly Interval[];
}

/** Where the page keeps what its runs came to, in the session's storage; and what it marks the first measured frame with. */
export const STORED = 'delivered';
export const MARK = 'delivered: measured from here';

/** From and to, in milliseconds by the page's clock. */
export type Interval = readonly [number, number];

/** Times are milliseconds, or milliseconds a frame; NaN where nothing is known. */
export interface Figures {
  readonly run: Run;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** A frame of the display, as most of them came. */
  readonly interval: number;
  /** Frames that came, of those there was time for. */
  readonly delivered: number;
  readonly late: number;
  readonly lateByCollector: number;
  /** On the page's thread, a frame: our slices, and V8's collections. */
  readonly slices: number;
  readonly v8: number;
  readonly inFrames: number;
  readonly cycles: number;
  /** Megabytes. */
  readonly peak: number;
}

const MEGABYTE = 2 ** 20;

export function summariseRun({ run, times, collector, ...rest }: RunResult): Figures {
  const { script, timestamp, begin, end } = times;
  const frames = script.length;
  const steps = timestamp.slice(1).map((time, i) => time - (timestamp[i] as number));
  // Most frames come in time, and a pause between two portions of a run is none.
  const interval = run.rate === 'display' ? percentile(steps, 25) : 1000 / run.rate;
  const slots = steps.map((step) => Math.round(step / interval)).filter((count) => count < SLEPT);
  let late = 0;
  let lateByCollector = 0;
  for (let i = 0; i < frames; i += 1) {
    const deadline = (timestamp[i] as number) + interval;
    const ended = end[i] as number;
    if (ended <= deadline) continue;
    late += 1;
    const from = timestamp[i] as number;
    if (ended - (times.delay[i] as number) - overlap(collector ?? [], from, ended) <= deadline)
      lateByCollector += 1;
  }
  const frameSpans = Array.from(
    { length: frames },
    (_, i): Interval => [begin[i] as number, end[i] as number],
  );
  const last = end.at(-1) ?? 0;
  const within = collector?.filter(([from, to]) => to > rest.zero && from < last);
  return {
    run,
    p50: percentile(script, 50),
    p99: percentile(script, 99),
    p999: percentile(script, 99.9),
    max: percentile(script, 100),
    interval,
    delivered: (slots.length + 1) / (slots.reduce((sum, count) => sum + Math.max(1, count), 0) + 1),
    late,
    lateByCollector,
    slices: times.slices.reduce((sum, ms) => sum + ms, 0) / frames,
    v8: within === undefined ? Number.NaN : within.reduce((sum, [from, to]) => sum + to - from, 0) / frames,
    inFrames: rest.collectionsInFrames + (within === undefined ? 0 : countInside(within, frameSpans)),
    cycles: rest.cycles,
    peak: rest.peak / MEGABYTE,
  };
}

/** A wait of so many frames is not a late frame: a run was held, or the page could not be seen. */
const SLEPT = 30;

function overlap(intervals: readonly Interval[], from: number, to: number): number {
  return intervals.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, to) - Math.max(a, from)), 0);
}

/** Both in order of time. */
function countInside(intervals: readonly Interval[], frames: readonly Interval[]): number {
  return intervals.filter(([from]) => frames.some(([begin, end]) => from >= begin && from < end)).length;
}

/** Says where contenders of one world came to different results. */
export function checkResults(results: readonly RunResult[]): readonly string[] {
  return results.flatMap(({ run, result }) => {
    const first = results.find((other) => other.run.world.name === run.world.name);
    if (first === undefined || Object.is(first.result, result)) return [];
    return [
      `${run.world.name}: ${run.contender} came to ${result}, ${first.run.contender} to ${first.result}.`,
    ];
  });
}
