import { describe, expect, test } from 'vitest';
import { FrameRecorder, Measure, spread, summarise } from '../../../engine/profile/index.ts';

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

  test('holds the newest frames up to its capacity, and gives them oldest first', () => {
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
  test('gives median, 99th percentile and maximum by nearest rank', () => {
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
});
