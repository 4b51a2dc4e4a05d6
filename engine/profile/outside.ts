/** What a page can know of the time that none of our work had. No API names the browser's collections, so nothing here does. */
import { Measure } from './recorder.ts';

/** A script that took part in a long frame of the browser's, ours among them. Times are milliseconds by the page's clock. */
export interface LongScript {
  readonly start: number;
  readonly length: number;
  /** What called it, as `TimerHandler:setTimeout` or `BUTTON#save.onclick`. */
  readonly invoker: string;
  /** Where it is from; empty where the browser does not say. */
  readonly source: string;
  readonly name: string;
}

export interface Outside {
  /** The oldest first. */
  readonly scripts: readonly LongScript[];
  /** Timestamps of frames before which, and after the frame before, the browser has collected. The oldest first. */
  readonly collections: readonly number[];
}

/** Milliseconds by the clock of the timestamps. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Reads measures of a frame; a `Snapshot` has the same. */
type Read = (measure: Measure, frame: number) => number;

/** From where our work before it ended, or its timestamp, until its work began. */
export function beforeStart(read: Read, frame: number, oldest: number): Stretch & { afterFrame: boolean } {
  const time = read(Measure.TIME, frame);
  const ended =
    frame > oldest ? read(Measure.TIME, frame - 1) + read(Measure.END, frame - 1) : Number.NEGATIVE_INFINITY;
  return {
    from: Math.max(time, ended),
    to: time + read(Measure.START, frame),
    afterFrame: ended > time,
  };
}

/** Scripts that had at least a millisecond of a stretch, those that had most of it first, and how much. */
export function scriptsIn(
  { from, to }: Stretch,
  scripts: readonly LongScript[],
): (readonly [LongScript, number])[] {
  return scripts
    .map(
      (script) =>
        [script, Math.min(to, script.start + script.length) - Math.max(from, script.start)] as const,
    )
    .filter(([, had]) => had >= 1)
    .sort(([, a], [, b]) => b - a);
}

/** Whether the browser has collected since the frame before. */
export function collectedBefore(
  read: Read,
  frame: number,
  oldest: number,
  collections: readonly number[],
): boolean {
  const time = read(Measure.TIME, frame);
  const before = frame > oldest ? read(Measure.TIME, frame - 1) : Number.NEGATIVE_INFINITY;
  return collections.some((at) => at > before && at <= time);
}
