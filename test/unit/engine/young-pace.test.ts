/** What a young collection is expected to take: numbers in, numbers out. */
import { describe, expect, test } from 'vitest';
import { YoungPace } from '../../../engine/gap/young-pace.ts';

const MEGABYTE = 1 << 20;
const QUOTA = 8 * MEGABYTE;
/** Milliseconds of the fixed part, and for a megabyte that survives, of the heap that is learned from. */
const FIXED = 0.3;
const PRICE = 0.8;

/** Collections of `bytes`, of which a part survives that goes up and down around `survival`. */
function learned(bytes: number, survival: number): YoungPace {
  const pace = new YoungPace();
  for (let i = 0; i < 400; i += 1) {
    const survived = bytes * survival * (0.5 + ((i * 7) % 11) / 10);
    pace.learn(bytes, survived, FIXED + (PRICE * survived) / MEGABYTE);
  }
  return pace;
}

describe('what a young collection is expected to take', () => {
  test('follows from what survives, not from what is young', () => {
    const few = learned(4 * MEGABYTE, 0.02);
    expect(few.expected(4 * MEGABYTE, QUOTA)).toBeLessThan(FIXED + 0.3);
    expect(few.expected(8 * MEGABYTE, QUOTA)).toBeLessThan(FIXED + 0.5);
    const many = learned(4 * MEGABYTE, 0.8);
    expect(many.expected(4 * MEGABYTE, QUOTA)).toBeGreaterThan(2);
    expect(many.expected(8 * MEGABYTE, QUOTA)).toBeGreaterThan(4);
  });

  test('is near to what it takes, at the survival that was seen', () => {
    const pace = learned(4 * MEGABYTE, 0.5);
    const exact = FIXED + PRICE * 4 * pace.survival;
    expect(Math.abs(pace.expected(4 * MEGABYTE, QUOTA) - exact)).toBeLessThan(exact / 5);
  });

  test('is nothing beyond the quota, as what is young becomes old as it stands', () => {
    expect(new YoungPace().expected(QUOTA + 1, QUOTA)).toBe(0);
  });

  test('is taken for that of a heap that survives whole until one was seen', () => {
    expect(new YoungPace().expected(MEGABYTE, QUOTA)).toBeGreaterThan(1);
  });

  test('rises when one gave up, and is believed again after some that did not', () => {
    const pace = learned(4 * MEGABYTE, 0.1);
    const before = pace.expected(4 * MEGABYTE, QUOTA);
    pace.gaveUp();
    pace.gaveUp();
    expect(pace.expected(4 * MEGABYTE, QUOTA)).toBeGreaterThan(2 * before);
    for (let i = 0; i < 30; i += 1) pace.learn(4 * MEGABYTE, 0.1 * 4 * MEGABYTE, FIXED + PRICE * 0.4);
    expect(pace.expected(4 * MEGABYTE, QUOTA)).toBeLessThan(1.1 * before);
  });

  test('never grows without end, however many give up', () => {
    const pace = learned(4 * MEGABYTE, 0.1);
    const before = pace.expected(4 * MEGABYTE, QUOTA);
    for (let i = 0; i < 100; i += 1) pace.gaveUp();
    expect(pace.expected(4 * MEGABYTE, QUOTA)).toBeLessThan(5 * before);
  });
});
