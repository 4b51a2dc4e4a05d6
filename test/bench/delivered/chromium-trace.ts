/** What a trace of Chromium's tells of V8's collections on a page's main thread. */
import type { Interval } from './run-result.ts';

/** Of a trace's events, what is read here. Times are microseconds of a clock that the mark sets against the page's. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
}

/** What has to be traced for it. */
export const TRACED = ['v8', 'blink.user_timing'] as const;

/** Those that hold all others: young collections, steps of marking, and full collections' ends. */
const COLLECTING =
  /^(?:MinorGC|MajorGC|V8\.GC(?:Scavenger|IncrementalMarking|IncrementalMarkingStart|FinalizeMC))$/;

/**
 * When V8 collected on the thread that made the performance mark `mark`, whose time by the page's clock is `zero`: in order, and
 * without overlaps. Throws an `Error` where the trace lacks the mark.
 */
export function collectionsIn(
  events: readonly TraceEvent[],
  mark: string,
  zero: number,
): readonly Interval[] {
  const marked = events.find(({ name }) => name === mark);
  if (marked === undefined) throw new Error(`the trace has no mark "${mark}"`);
  const { pid, tid, ts } = marked;
  const found = events
    .filter(
      (event) => event.pid === pid && event.tid === tid && event.ph === 'X' && COLLECTING.test(event.name),
    )
    .map(({ ts: from, dur = 0 }): Interval => [zero + (from - ts) / 1000, zero + (from + dur - ts) / 1000])
    .sort(([a], [b]) => a - b);
  const merged: Interval[] = [];
  for (const [from, to] of found) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
}
