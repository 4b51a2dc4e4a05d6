/** How the frames of the page `delivered` are judged: what is late, because of whom, and what a trace tells. */
import { expect, it } from 'vitest';
import { collectionsIn, type TraceEvent } from '../../bench/delivered/chromium-trace.ts';
import { CONTENDERS, DEFAULT_PLAN, planOf, runsOf, wordsOf } from '../../bench/delivered/plan.ts';
import { checkResults, type RunResult, summariseRun } from '../../bench/delivered/run-result.ts';

const INTERVAL = 10;
const run = {
  world: { name: 'a world', kind: 'churn', made: 1, tiles: 1 },
  contender: 'sluice',
  round: 0,
  frames: 4,
  warmUp: 1,
  rate: 'display',
} as const;

/** Frames on the display's grid, which begin and end so many milliseconds after their timestamps. */
function resultOf(
  spans: readonly (readonly [number, number])[],
  further: { readonly delay?: readonly number[]; readonly collector?: RunResult['collector'] } = {},
): RunResult {
  const timestamp = spans.map((_, i) => 100 + i * INTERVAL);
  const at = (which: 0 | 1): number[] => spans.map((span, i) => (timestamp[i] as number) + span[which]);
  return {
    run,
    zero: 100,
    result: 1,
    peak: 2 ** 20,
    cycles: 0,
    collectionsInFrames: 0,
    times: {
      timestamp,
      begin: at(0),
      end: at(1),
      script: spans.map(([begin, end]) => end - begin),
      slices: spans.map(() => 0),
      delay: spans.map((_, i) => further.delay?.[i] ?? 0),
    },
    ...(further.collector !== undefined && { collector: further.collector }),
  };
}

it('a frame is late where its work ends after the next was due, though timestamps stay on the grid', () => {
  const { late, interval, delivered, max } = summariseRun(
    resultOf([
      [0, 4],
      [0, 13],
      [3, 9],
      [0, 4],
    ]),
  );
  expect({ late, interval, delivered, max }).toEqual({ late: 1, interval: INTERVAL, delivered: 1, max: 13 });
});

it('a frame that would have been in time without a slice is late because of the collector', () => {
  const frames = [
    [0, 4],
    [0, 4],
    [6, 13],
    [0, 14],
  ] as const;
  const { late, lateByCollector } = summariseRun(resultOf(frames, { delay: [0, 0, 5, 0] }));
  expect({ late, lateByCollector }).toEqual({ late: 2, lateByCollector: 1 });
});

it('so is one that V8 collects in, and that collection is inside a frame', () => {
  const frames = [
    [0, 4],
    [0, 13],
    [0, 4],
    [0, 4],
  ] as const;
  const collector = [
    [105, 107],
    [112, 116],
  ] as const;
  const { lateByCollector, inFrames, v8 } = summariseRun(resultOf(frames, { collector }));
  expect({ lateByCollector, inFrames, v8 }).toEqual({ lateByCollector: 1, inFrames: 1, v8: 6 / 4 });
});

it('frames that the browser left out are not delivered', () => {
  const result = resultOf([
    [0, 4],
    [0, 4],
    [0, 4],
    [0, 4],
  ]);
  const timestamp = [100, 110, 140, 150];
  expect(summariseRun({ ...result, times: { ...result.times, timestamp } }).delivered).toBeCloseTo(4 / 6);
});

it('a trace says when V8 collected on the thread of the mark, and each moment counts once', () => {
  const event = (name: string, ts: number, dur: number, tid = 1): TraceEvent => ({
    name,
    ph: 'X',
    pid: 1,
    tid,
    ts,
    dur,
  });
  const mark: TraceEvent = { name: 'mark', ph: 'I', pid: 1, tid: 1, ts: 50_000 };
  const events = [
    event('V8.GCScavenger', 51_100, 800),
    event('MinorGC', 51_000, 1000),
    mark,
    event('MinorGC', 51_000, 9000, 2),
    event('FunctionCall', 40_000, 9000),
    event('V8.GCIncrementalMarking', 60_000, 500),
  ];
  expect(collectionsIn(events, 'mark', 7)).toEqual([
    [8, 9],
    [17, 17.5],
  ]);
  expect(() => collectionsIn(events, 'another', 7)).toThrow('the trace has no mark "another"');
});

it('contenders that come to different results are told of', () => {
  const one = resultOf([[0, 4]]);
  expect(checkResults([one, one])).toEqual([]);
  const other: RunResult = { ...one, run: { ...run, contender: 'javascript' }, result: 2 };
  expect(checkResults([one, other])).toEqual(['a world: javascript came to 2, sluice to 1.']);
});

it('a plan is the same after it stood in an address, and its runs take turns', () => {
  const plan = { ...DEFAULT_PLAN, matrix: 0, rounds: 2, rate: 120, only: '10000' };
  expect(planOf(wordsOf(plan))).toEqual(plan);
  expect(runsOf(plan).map(({ contender }) => contender)).toEqual([...CONTENDERS, ...CONTENDERS]);
  expect(runsOf(DEFAULT_PLAN)).toHaveLength(CONTENDERS.length * 11);
  expect(() => planOf(new URLSearchParams('games=many'))).toThrow('games is a whole number, not many');
  expect(() => planOf(new URLSearchParams('rate=0'))).toThrow('rate is display, or 1 to 1000');
});
