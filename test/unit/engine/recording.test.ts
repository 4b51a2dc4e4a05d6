/** Frames as text: what is saved is read again, and what cannot be is refused with the reason. */
import { describe, expect, test } from 'vitest';
import {
  FrameRecorder,
  Measure,
  readRecording,
  saveRecording,
  tableOf,
} from '../../../engine/profile/index.ts';

const INTERVAL = { interval: { estimate: 1000 / 60, known: true } };

/** A game of so many frames, each with values of its own. */
function played(frames: number, capacity = 8): FrameRecorder {
  const recorder = new FrameRecorder(capacity);
  for (let frame = 1; frame <= frames; frame += 1) {
    recorder.begin(frame * 16, 16);
    for (const measure of Object.values(Measure)) recorder.set(measure, 100 * frame + measure);
    if (frame === 3) recorder.set(Measure.FINISH, Number.POSITIVE_INFINITY);
    recorder.mark(`frame ${frame}`);
  }
  return recorder;
}

const saved = (recorder: FrameRecorder): string => saveRecording({ recorder, loop: INTERVAL });

/** The recording with something else in it. */
const changed = (change: object): string => JSON.stringify({ ...JSON.parse(saved(played(3))), ...change });

describe('a recording', () => {
  test.each([0, 1, 3, 8, 9, 1000])('of %i frames is read as it was, numbers and names too', (frames) => {
    const recorder = played(frames);
    const read = readRecording(saved(recorder));
    expect([read.recorder.frames, read.recorder.length]).toEqual([recorder.frames, recorder.length]);
    for (const measure of Object.values(Measure))
      expect([...read.recorder.series(measure)]).toEqual([...recorder.series(measure)]);
    expect(read.recorder.marks).toEqual(recorder.marks);
    expect(read.loop).toEqual(INTERVAL);
    expect(read.clockStep).toBe(0.1);
    expect(saveRecording(read)).toBe(saved(recorder));
  });

  test('keeps the step of the clock that it was made by, and that no interval was known', () => {
    const interval = { estimate: 16, known: false };
    const text = saveRecording({ recorder: played(1), clockStep: 0.005, loop: { interval } });
    expect(readRecording(text)).toMatchObject({ clockStep: 0.005, loop: { interval: { known: false } } });
  });

  test('keeps what is known of the time outside, and none is nothing', () => {
    const outside = {
      scripts: [{ start: 1, length: 60, invoker: 'FrameRequestCallback', source: '', name: 'draw' }],
      collections: [16],
    };
    const text = saveRecording({ recorder: played(1), loop: INTERVAL, outside });
    expect(readRecording(text).outside).toEqual(outside);
    const { outside: left, ...older } = JSON.parse(text);
    expect(left).toEqual(outside);
    expect(readRecording(JSON.stringify(older)).outside).toEqual({ scripts: [], collections: [] });
  });

  test('of a version with other measures has those that both know', () => {
    const { measures, frames, ...rest } = JSON.parse(saved(played(2)));
    const renamed = measures.map((name: string) => (name === 'SCRIPT' ? 'THOUGHT' : name));
    const { recorder } = readRecording(JSON.stringify({ ...rest, measures: renamed, frames }));
    expect(recorder.read(Measure.SCRIPT)).toBe(0);
    expect(recorder.read(Measure.STAGE)).toBe(200 + Measure.STAGE);
  });

  test.each([
    ['no JSON', 'frames', SyntaxError, 'JSON'],
    ['nothing', 'null', TypeError, 'this is no recording of frames'],
    ['something else', '{"traceEvents":[]}', TypeError, 'this is no recording of frames'],
    ['another format', changed({ format: 7 }), RangeError, 'has format 7, and this version reads 1'],
    ['a capacity beyond all measure', changed({ capacity: 1e12 }), RangeError, 'how many frames'],
    ['a number that is none', changed({ last: -1 }), RangeError, 'how many frames'],
    ['fewer frames than it says', changed({ last: 5 }), RangeError, 'it has 3 of 5'],
    ['an interval that is none', changed({ interval: -1 }), RangeError, 'interval'],
    ['a clock that stands still', changed({ clockStep: 0 }), RangeError, 'clock'],
    ['measures without names', changed({ measures: [1] }), TypeError, 'what its numbers are'],
    ['a frame that lacks numbers', changed({ frames: [[1], [2], [3]] }), TypeError, 'other numbers'],
    [
      'a frame of words',
      changed({ measures: ['GAP'], frames: [['a'], [1], [2]] }),
      TypeError,
      'other numbers',
    ],
    ['one of scripts that took no time', changed({ outside: { scripts: [{}] } }), TypeError, 'outside'],
    [
      'one of collections at no time',
      changed({ outside: { scripts: [], collections: [null] } }),
      TypeError,
      'outside',
    ],
    ['a name without a frame', changed({ marks: [{ name: 'boss' }] }), TypeError, 'names of frames'],
    [
      'a frame that there is not',
      changed({ marks: [{ name: 'boss', frame: 9 }] }),
      TypeError,
      'names of frames',
    ],
  ])('is refused where it is %s', (_, text, kind, words) => {
    expect(() => readRecording(text)).toThrow(kind);
    expect(() => readRecording(text)).toThrow(words);
  });
});

test('a table has a line for each frame that is held, under the names of the measures', () => {
  const lines = tableOf(played(10)).split('\r\n');
  expect(lines.pop()).toBe('');
  const [head, ...rows] = lines.map((line) => line.split(','));
  expect(head).toEqual(['FRAME', ...Object.keys(Measure)]);
  expect(rows.map(([frame]) => frame)).toEqual(['3', '4', '5', '6', '7', '8', '9', '10']);
  expect(rows[7]?.[1 + Measure.GAP]).toBe(String(1000 + Measure.GAP));
  expect(rows[0]?.[1 + Measure.FINISH]).toBe('Infinity');
});
