import { describe, expect, test } from 'vitest';
import { Culprit, FrameRecorder, Measure, spread, summarise } from '../../../engine/profile/index.ts';

describe('the frame recorder', () => {
  test('begins each row with zeros, also when it overwrites an old one', () => {
    const recorder = new FrameRecorder(2);
    for (let i = 0; i < 3; i += 1) {
      recorder.begin(i, 16);
      expect(recorder.read(Measure.SCRIPT)).toBe(0);
      recorder.set(Measure.SCRIPT, i + 1);
    }
    expect(recorder.read(Measure.SCRIPT)).toBe(3);
    expect(recorder.read(Measure.SCRIPT, 1)).toBe(2);
  });

  test('holds the newest frames up to its capacity, and returns them oldest first', () => {
    const recorder = new FrameRecorder(4);
    for (let i = 0; i < 10; i += 1) {
      recorder.begin(i, 0);
      recorder.add(Measure.GAP, i);
    }
    expect(recorder.frames).toBe(10);
    expect(recorder.length).toBe(4);
    expect([...recorder.series(Measure.GAP)]).toEqual([6, 7, 8, 9]);
  });

  test('refuses to read a frame it does not hold', () => {
    const recorder = new FrameRecorder(4);
    expect(() => recorder.read(Measure.GAP)).toThrow(RangeError);
    recorder.begin(0, 0);
    expect(() => recorder.read(Measure.GAP, 1)).toThrow(RangeError);
  });
});

describe('a summary', () => {
  test('returns median, 99th percentile and maximum by nearest rank', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(spread(values)).toEqual({ p50: 50, p99: 99, max: 100 });
    expect(spread(Float64Array.of(7))).toEqual({ p50: 7, p99: 7, max: 7 });
    expect(spread(new Float64Array(0))).toEqual({ p50: 0, p99: 0, max: 0 });
  });

  test('adds up what is counted and takes sizes from the last frame', () => {
    const recorder = new FrameRecorder(10);
    for (let i = 1; i <= 3; i += 1) {
      recorder.begin(i, 16);
      recorder.set(Measure.COLLECTIONS, 1);
      recorder.set(Measure.LIVE, i * 100);
      recorder.set(Measure.LONGEST, i === 2 ? 5 : 1);
    }
    expect(summarise(recorder)).toMatchObject({ frames: 3, collections: 3, live: 300, longestSlice: 5 });
  });

  test('tells slices by kind, survival, debt and who was late', () => {
    const recorder = new FrameRecorder(10);
    for (let i = 0; i < 4; i += 1) {
      recorder.begin(i, 16);
      recorder.set(Measure.GAP_LENGTH, 10);
      recorder.set(Measure.GAP, 3);
      recorder.set(Measure.MARK_SLICES, 2);
      recorder.set(Measure.MARK_TIME, 1.5);
      recorder.set(Measure.EXAMINED, 1000);
      recorder.set(Measure.SURVIVED, 250);
      recorder.set(Measure.DEBT, i * 10);
    }
    recorder.set(Measure.GUARANTEED, 1);
    recorder.set(Measure.LATE, 1);
    recorder.set(Measure.MISSED_BY, Culprit.STAGE);
    recorder.set(Measure.END, 20);
    recorder.set(Measure.START, 3);
    recorder.set(Measure.START_BY, Culprit.FRAME_BEFORE);
    const summary = summarise(recorder);
    expect(summary.kinds.mark).toEqual({ count: 8, time: 6 });
    expect(summary).toMatchObject({ survival: 0.25, debt: 30, guaranteed: 1, guaranteedFrames: 1, late: 1 });
    expect(summary.gapUsed).toBeCloseTo(11 / 40, 9);
    expect(summary.lateBy[Culprit.STAGE]).toBe(1);
    expect([summary.start.max, summary.end.max]).toEqual([3, 20]);
    expect(summary.startBy).toEqual(
      Object.values(Culprit).map((who) => (who === Culprit.FRAME_BEFORE ? 3 : 0)),
    );
  });
});
