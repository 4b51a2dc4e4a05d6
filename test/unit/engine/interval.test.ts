import { describe, expect, test } from 'vitest';
import { FrameInterval } from '../../../engine/loop/index.ts';

function feed(interval: FrameInterval, step: number, count: number, start = 1000): number {
  let time = start;
  for (let i = 0; i < count; i += 1, time += step) interval.add(time);
  return time;
}

describe('the measured frame interval', () => {
  test.each([60, 90, 120, 144])('finds %i Hz whatever it guessed at first', (rate) => {
    const interval = new FrameInterval(1000 / 30);
    feed(interval, 1000 / rate, 20);
    expect(interval.settled).toBe(true);
    expect(interval.estimate).toBeCloseTo(1000 / rate, 6);
  });

  test('keeps its guess until it has seen a few frames', () => {
    const interval = new FrameInterval(16);
    feed(interval, 8, 4);
    expect(interval.settled).toBe(false);
    expect(interval.estimate).toBe(16);
  });

  test('stays at one refresh while every second frame takes two', () => {
    const interval = new FrameInterval();
    let time = 0;
    for (let i = 0; i < 60; i += 1) {
      time += i % 2 === 0 ? 10 : 20;
      interval.add(time);
    }
    expect(interval.estimate).toBe(10);
  });

  test('takes no sample from a page that slept, nor from two callbacks in one refresh', () => {
    const interval = new FrameInterval();
    let time = feed(interval, 10, 20);
    for (let i = 0; i < 40; i += 1) {
      time += i % 2 === 0 ? 60_000 : 1;
      interval.add(time);
    }
    expect(interval.estimate).toBe(10);
  });

  test('returns no elapsed time for the frame after an interruption', () => {
    const interval = new FrameInterval();
    const time = feed(interval, 10, 20);
    interval.interrupt();
    expect(interval.add(time + 5000)).toBe(0);
    expect(interval.add(time + 5010)).toBe(10);
  });

  test('follows a display that changes its rate', () => {
    const interval = new FrameInterval();
    const time = feed(interval, 1000 / 60, 100);
    feed(interval, 1000 / 120, 60, time);
    expect(interval.estimate).toBeCloseTo(1000 / 120, 6);
  });
});
