/** When young collections begin, on games that are made up of numbers: what they allocate, and for how many frames it lives. */
import { describe, expect, test } from 'vitest';
import { YoungPace } from '../../../engine/gap/young-pace.ts';
import { YoungTrigger } from '../../../engine/gap/young-trigger.ts';

const MEGABYTE = 1 << 20;
const LEAST = MEGABYTE / 4;

interface Game {
  /** Megabytes that a frame allocates, and frames that they live. */
  readonly megabytes: number;
  readonly lives: number;
  /** Milliseconds of a collection in which nothing survives; of a gap; and for a megabyte that survives. */
  readonly fixed?: number;
  readonly gap?: number;
  readonly price?: number;
  readonly softLimit?: number;
  /** Megabytes that are old. */
  readonly old?: number;
  /** False: the trigger stays at the least. */
  readonly adapts?: boolean;
}

/** Plays 3,000 frames, and says what the last 1,000 cost a frame. */
function play(game: Game) {
  const { megabytes, lives, fixed = 0.3, gap = 10, price = 0.8, softLimit = 512 * MEGABYTE, old = 64 } = game;
  const pace = new YoungPace();
  const trigger = new YoungTrigger(pace, softLimit);
  let frames = 0;
  const counted = { time: 0, promoted: 0, given: 0, longest: 0 };
  for (let frame = 0; frame < 3000; frame += 1) {
    frames += 1;
    trigger.observe(gap, old * MEGABYTE, false);
    const young = frames * megabytes * MEGABYTE;
    const start = game.adapts === false ? LEAST : trigger.bytes || LEAST;
    if (young < start || pace.expected(young, Number.POSITIVE_INFINITY) > gap) continue;
    const survived = Math.min(frames, lives) * megabytes * MEGABYTE;
    const time = fixed + (price * survived) / MEGABYTE;
    const last = frame >= 2000 ? 1 / 1000 : 0;
    if (time > gap) {
      pace.gaveUp();
      trigger.gaveUp();
      counted.given += last;
      counted.promoted += young * last;
    } else {
      pace.learn(young, survived, time);
      trigger.completed();
      counted.promoted += survived * last;
    }
    counted.time += Math.min(time, gap) * last;
    counted.longest = Math.max(counted.longest, last > 0 ? Math.min(time, gap) : 0);
    frames = 0;
  }
  return { ...counted, bytes: trigger.bytes || LEAST };
}

/** The same with the trigger as it is and as it was. */
function beside(game: Game) {
  return { adapted: play(game), before: play({ ...game, adapts: false }) };
}

describe('the trigger of young collections', () => {
  test('rises where what is new lives for two frames: less time, and less that is kept', () => {
    const { adapted, before } = beside({ megabytes: 0.3, lives: 2 });
    expect(adapted.bytes).toBe(8 * MEGABYTE);
    expect(adapted.time).toBeLessThan(before.time / 4);
    expect(adapted.promoted).toBeLessThan(before.promoted / 4);
  });

  test('rises where it lives for ten, so that most of it dies young', () => {
    const { adapted, before } = beside({ megabytes: 0.3, lives: 10 });
    expect(adapted.time).toBeLessThan(before.time * 0.6);
    expect(adapted.promoted).toBeLessThan(before.promoted * 0.6);
    expect(adapted.given).toBe(0);
  });

  test('rises no further than the gap has room where it lives for forty', () => {
    const { adapted, before } = beside({ megabytes: 0.5, lives: 40 });
    expect(adapted.bytes).toBeGreaterThan(2 * MEGABYTE);
    expect(adapted.longest).toBeLessThan(6);
    expect(adapted.time).toBeLessThan(before.time);
    expect(adapted.given).toBe(0);
  });

  test('stays low where gaps are short', () => {
    const { adapted } = beside({ megabytes: 0.3, lives: 40, gap: 2 });
    expect(adapted.bytes).toBeLessThan(1.5 * MEGABYTE);
    expect(adapted.longest).toBeLessThan(2);
  });

  test('rises where a game stores into everything, as each collection goes through all of that', () => {
    for (const fixed of [3, 7]) {
      const { adapted, before } = beside({ megabytes: 0.3, lives: 1, fixed });
      expect(adapted.bytes).toBe(8 * MEGABYTE);
      expect(adapted.time).toBeLessThan(before.time / 4);
    }
  });

  test('is a small part of the soft limit', () => {
    expect(play({ megabytes: 0.3, lives: 2, softLimit: 64 * MEGABYTE }).bytes).toBe(2 * MEGABYTE);
    expect(play({ megabytes: 0.3, lives: 2, softLimit: MEGABYTE }).bytes).toBe(LEAST);
  });

  test('is a small part of what is old, beyond the first megabytes', () => {
    const bytes = (old: number) => play({ megabytes: 0.3, lives: 2, old }).bytes;
    expect([0, 8, 20, 100].map(bytes)).toEqual([2, 2, 5, 8].map((count) => count * MEGABYTE));
  });

  test('falls to half when a collection gives up, and to the least where memory is short', () => {
    const pace = new YoungPace();
    const trigger = new YoungTrigger(pace, 512 * MEGABYTE);
    const settle = () => {
      for (let i = 0; i < 50; i += 1) {
        trigger.observe(10, 64 * MEGABYTE, false);
        pace.learn(4 * MEGABYTE, 2 * MEGABYTE, 1);
        trigger.completed();
      }
      return trigger.bytes;
    };
    const settled = settle();
    trigger.gaveUp();
    expect(trigger.bytes).toBe(settled / 2);
    expect(settle()).toBe(settled);
    trigger.observe(10, 64 * MEGABYTE, true);
    expect(trigger.bytes).toBe(0);
  });
});
