import { describe, expect, test } from 'vitest';
import { clockStep } from '../../../engine/profile/clock-step.ts';
import { discrepancy } from '../../../engine/profile/discrepancy.ts';
import { Culprit, FrameRecorder, Measure } from '../../../engine/profile/index.ts';
import { histogramWords } from '../../../engine/profile/timeline/distribution.ts';
import { marksOf } from '../../../engine/profile/timeline/frame-marks.ts';
import { PHASES, scaleEnd, stacks } from '../../../engine/profile/timeline/phases.ts';
import { Snapshot } from '../../../engine/profile/timeline/snapshot.ts';
import { follow, lastOf, reveal, scroll, zoom } from '../../../engine/profile/timeline/view.ts';
import { bytes, detailsOf, length, sentence } from '../../../engine/profile/timeline/words.ts';

/** A recorder of so many rows, with a frame for each set of measures. */
function record(capacity: number, ...frames: readonly Partial<Record<keyof typeof Measure, number>>[]) {
  const recorder = new FrameRecorder(capacity);
  for (const [index, measures] of frames.entries()) {
    recorder.begin(index * 16, 16);
    for (const [name, value] of Object.entries(measures))
      recorder.set(Measure[name as keyof typeof Measure], value);
  }
  return recorder;
}

function snapshotOf(recorder: FrameRecorder): Snapshot {
  const snapshot = new Snapshot(recorder.capacity);
  snapshot.take(recorder);
  return snapshot;
}

const AROUND = { marks: [], interval: 16.7, step: 0.1, outside: { scripts: [], collections: [] } };

describe('a snapshot', () => {
  test('has the frames of the ring but for the newest, by their numbers, and keeps them while the recorder goes on', () => {
    const recorder = record(4, ...[1, 2, 3, 4, 5, 6].map((SCRIPT) => ({ SCRIPT })));
    const snapshot = snapshotOf(recorder);
    expect([snapshot.oldest, snapshot.newest]).toEqual([3, 5]);
    expect(snapshot.series(Measure.SCRIPT)).toEqual([3, 4, 5]);
    for (let i = 0; i < 9; i += 1) recorder.begin(0, 0);
    expect(snapshot.series(Measure.SCRIPT)).toEqual([3, 4, 5]);
    expect(() => snapshot.read(Measure.SCRIPT, 2)).toThrow(RangeError);
    expect(() => snapshot.read(Measure.SCRIPT, 6)).toThrow(RangeError);
  });

  test('is empty before a second frame has begun', () => {
    for (const recorder of [record(4), record(4, { END: 1 })]) {
      const snapshot = snapshotOf(recorder);
      expect(snapshot.isEmpty).toBe(true);
      expect(snapshot.worst()).toBeUndefined();
      expect(snapshot.series(Measure.END)).toEqual([]);
    }
  });

  test('finds the frame whose work ended latest, of several the first', () => {
    const ends = [3, 40, 7, 40, 1, 99];
    expect(snapshotOf(record(9, ...ends.map((END) => ({ END })))).worst()).toBe(2);
  });
});

describe('phases', () => {
  test('stand on one another, the last is drawn first, and each time is in one of them', () => {
    const snapshot = snapshotOf(
      record(
        4,
        { START: 1, INPUT: 2, SCRIPT: 4, STAGE: 8, YOUNG_TIME: 16, MARK_TIME: 32, WEAK_TIME: 64 },
        {},
      ),
    );
    const [frames, ...ends] = stacks(snapshot, 1, 1);
    expect(frames).toEqual([1]);
    expect(ends.map(([end]) => end)).toEqual([127, 127, 127, 31, 15, 7, 3, 1]);
    const measures = PHASES.flatMap((phase) => phase.measures);
    expect(new Set(measures).size).toBe(measures.length);
  });

  test('reach up to four intervals, and a calm game leaves room for its deadline', () => {
    expect(scaleEnd(2, 16)).toBe(24);
    expect(scaleEnd(40, 16)).toBe(42);
    expect(scaleEnd(900, 16)).toBe(64);
  });
});

describe('what is seen', () => {
  const held = { oldest: 101, newest: 700 };

  test('is the newest frames, and all that there are where the game has just begun', () => {
    expect(follow(held, 240)).toEqual({ first: 461, count: 240 });
    expect(follow({ oldest: 1, newest: 30 }, 240)).toEqual({ first: 1, count: 240 });
    expect(lastOf({ oldest: 1, newest: 30 }, { first: 1, count: 240 })).toBe(30);
  });

  test('scrolls as far as there are frames', () => {
    const view = follow(held, 200);
    expect(scroll(held, view, -100).first).toBe(401);
    expect(scroll(held, view, -1000).first).toBe(101);
    expect(scroll(held, view, 1000)).toEqual(view);
  });

  test('zooms around a frame, from twenty frames to all', () => {
    const view = { first: 300, count: 200 };
    const closer = zoom(held, view, 0.5, 350, 600);
    expect(closer).toEqual({ first: 325, count: 100 });
    expect(zoom(held, closer, 2, 350, 600)).toEqual(view);
    expect(zoom(held, view, 0.001, 350, 600).count).toBe(20);
    expect(zoom(held, view, 99, 350, 600)).toEqual({ first: 101, count: 600 });
  });

  test('comes to a frame that is not in sight, and stays where it is', () => {
    const view = { first: 300, count: 200 };
    expect(reveal(held, view, 499)).toEqual(view);
    expect(reveal(held, view, 500).first).toBe(400);
    expect(reveal(held, view, 101).first).toBe(101);
  });
});

describe('words', () => {
  test('never call a length 0, and say what the clock can tell', () => {
    expect([length(0, 0.1), length(0.09, 0.1), length(0.1, 0.1)]).toEqual(['< 0.1 ms', '< 0.1 ms', '0.1 ms']);
    expect([length(0.004, 0.005), length(0.005, 0.005)]).toEqual(['< 0.005 ms', '0.005 ms']);
    expect([length(12.34, 0.1), length(12.34, 0.005)]).toEqual(['12.3 ms', '12.3 ms']);
    expect([clockStep(false), clockStep(true)]).toEqual([0.1, 0.005]);
    expect([bytes(12), bytes(2048), bytes(3 * 1024 * 1024)]).toEqual(['12 bytes', '2.0 KB', '3.0 MB']);
  });

  const late = (who: Culprit, more: object = {}) =>
    snapshotOf(record(4, { LATE: 1, END: 63.1, MISSED_BY: who, ...more }, {}));

  test('name who made a frame late, and by how much', () => {
    expect(sentence(late(Culprit.SCRIPT), 1, AROUND)).toBe(
      'Frame 1: work ended 63.1 ms after its timestamp, 46.4 ms late, by the script.',
    );
    const blamed = (snapshot: Snapshot) =>
      detailsOf(snapshot, 1, AROUND).flatMap(({ term, blamed }) => (blamed ? [term] : []));
    expect(blamed(late(Culprit.SCRIPT))).toEqual(['Late', 'Script']);
    expect(blamed(late(Culprit.STAGE))).toEqual(['Late', 'Stage']);
    expect(blamed(late(Culprit.INPUT))).toEqual(['Late', 'Input']);
    for (const who of [Culprit.OUTSIDE, Culprit.COLLECTOR, Culprit.FRAME_BEFORE])
      expect(blamed(late(who, { START: 50, START_BY: who }))).toEqual(['Late', 'Waited']);
    expect(blamed(snapshotOf(record(4, { END: 2 }, {})))).toEqual([]);
  });

  test('of a stall outside call it that and no collection', () => {
    const snapshot = late(Culprit.OUTSIDE, { START: 60, START_BY: Culprit.OUTSIDE });
    const words = detailsOf(snapshot, 1, AROUND).map((detail) => detail.words);
    expect(words).toContain(
      '60.0 ms between its timestamp and its start, mostly for what is outside our work: the browser, the rest of the page, other programs',
    );
    expect(words.join()).not.toMatch(/collect/);
  });

  test('say from where to where nothing was ours, which scripts ran there, and a collection as a hint alone', () => {
    const recorder = new FrameRecorder(4);
    const begin = (time: number, measures: readonly (readonly [Measure, number])[]): void => {
      recorder.begin(time, 16);
      for (const [measure, value] of measures) recorder.set(measure, value);
    };
    begin(100, [[Measure.END, 20]]);
    begin(116, [
      [Measure.START, 64],
      [Measure.OUTSIDE, 60],
      [Measure.START_BY, Culprit.OUTSIDE],
      [Measure.END, 66],
      [Measure.LATE, 1],
      [Measure.MISSED_BY, Culprit.OUTSIDE],
    ]);
    begin(180, [[Measure.OUTSIDE, 1]]);
    begin(196, []);
    const snapshot = snapshotOf(recorder);
    const script = { invoker: 'BUTTON#save.onclick', source: 'https://game.example/page.js', name: 'save' };
    const timer = { invoker: 'TimerHandler:setTimeout', source: '', name: '' };
    const outside = {
      scripts: [
        { ...timer, start: 174, length: 40 },
        { ...script, start: 110, length: 60 },
        { ...script, start: 60, length: 60.5 },
      ],
      collections: [116, 190],
    };
    const found = (frame: number) =>
      new Map(
        detailsOf(snapshot, frame, { ...AROUND, outside }).map(({ term, words, blamed }) => [
          term,
          blamed ? `(blamed) ${words}` : words,
        ]),
      );
    expect(found(2).get('Outside our work')).toBe('60.0 ms between the end of frame 1 and its start');
    expect(found(2).get("The browser's word")).toBe(
      'save in https://game.example/page.js, by BUTTON#save.onclick: 50.0 ms; a script, by TimerHandler:setTimeout: 6.0 ms',
    );
    expect(found(2).get('A hint')).toBe('a browser collection happened since the frame before');
    expect(found(2).get('Waited')).toMatch(/^\(blamed\)/);
    expect([...found(3).keys()]).not.toContain('Outside our work');
    expect([...found(3).keys()]).not.toContain('A hint');
    expect(sentence(snapshot, 2, { ...AROUND, outside })).not.toMatch(/collect/);
  });

  test('list slices by kind and length, also one too short to be measured', () => {
    const snapshot = snapshotOf(
      record(4, { SLICES: 3, MARK_SLICES: 2, MARK_TIME: 1.24, SWEEP_SLICES: 1, LONGEST: 0.9 }, {}),
    );
    const details = new Map(detailsOf(snapshot, 1, AROUND).map(({ term, words }) => [term, words]));
    expect(details.get('Slices after it')).toBe('3: 2 mark 1.2 ms, 1 sweep < 0.1 ms; longest 0.9 ms');
    expect(details.get('Late')).toBe('in time');
  });

  test('judge no frame while the interval is not known', () => {
    const snapshot = snapshotOf(record(4, { END: 2 }, {}));
    expect(sentence(snapshot, 1, { ...AROUND, interval: undefined })).toContain('not judged yet');
    const early = snapshotOf(record(4, { END: 80 }, {}));
    expect(sentence(early, 1, AROUND)).toContain('not called late, since it was not known yet');
  });

  test('tell a histogram by the ranges that have frames', () => {
    expect(histogramWords([0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1])).toBe(
      'Histogram of frames: 3 under 0.5 ms, 1 of 100 ms and more',
    );
    expect(histogramWords([])).toBe('Histogram: no frames yet');
  });
});

test('marks are errors, names, new code, loads and collections', () => {
  const snapshot = snapshotOf(record(4, { ERRORS: 2, RELOADS: 1, LOADING: 1, COLLECTIONS: 1 }, {}, {}));
  const named = [{ frame: 2, name: 'boss' }];
  expect(marksOf(snapshot, named, 1).map(({ words }) => words)).toEqual([
    '2 failed calls of the script',
    'new code came into the game',
    'a load was in progress',
    '1 collection ended',
  ]);
  expect(marksOf(snapshot, named, 2)).toEqual([{ kind: 'named', words: 'boss' }]);
  expect(sentence(snapshot, 2, { ...AROUND, marks: named })).toMatch(/in time\. Boss\.$/);
});

test('discrepancy is an interval where frames are even, and a stall where there is one', () => {
  const even = Array.from({ length: 100 }, (_, i) => 5000 + 16 * i);
  expect(discrepancy([])).toBe(0);
  expect(discrepancy([7])).toBe(0);
  expect(discrepancy(even)).toBeCloseTo(16);
  // A stall of 80 ms more; the same as five frames of 16 more in a row; and such frames far from each other.
  const stalled = even.map((at, i) => (i < 50 ? at : at + 80));
  expect(discrepancy(stalled)).toBeGreaterThan(80);
  const more = (frames: readonly number[]) =>
    even.map((at, i) => at + 16 * frames.filter((f) => f <= i).length);
  expect(discrepancy(more([48, 49, 50, 51, 52]))).toBeGreaterThan(
    2 * discrepancy(more([10, 30, 50, 70, 90])),
  );
  // What the largest interval does not tell.
  expect(discrepancy([0, 1, 2, 3, 5, 7])).toBeGreaterThan(discrepancy([0, 1, 2, 3, 5, 6]));
  expect(discrepancy([0, 2, 3, 4])).toBeCloseTo(discrepancy([0, 2, 3, 4, 5]));
});
