/**
 * What a game has allocated and let go of is given back in time, whatever it was: memory stays in proportion to what is reachable and
 * to what a frame makes.
 */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Image } from '../../../scripting/image/index.ts';
import { compileSluice } from '../../bench/peers/sluice.ts';
import { play, shapeOf } from './survival.ts';

const LONG = process.env.SLUICE_LONG === '1';
const FRAMES = LONG ? 100_000 : 2000;
/** Those that took the most memory for what they had, before longer objects were put in holes and time was a reason for a cycle. */
const RECORDED = [12, 19, 26];
const SHAPES = Number(process.env.SLUICE_CASES ?? (LONG ? 20 : RECORDED.length));
const SEED = Number(process.env.SLUICE_SEED ?? (LONG ? Date.now() % 1_000_000 : 0));
const seeds = SEED === 0 ? RECORDED : Array.from({ length: SHAPES }, (_, i) => SEED + i);

describe('memory stays in proportion', () => {
  let image: Image;
  beforeAll(async () => {
    image = await compileSluice(fileURLToPath(new URL('survival.slu', import.meta.url)), 'release');
  });

  test.each(seeds)('in the game of seed %i', async (seed) => {
    const outcome = await play(image, shapeOf(seed), FRAMES);
    expect(outcome.memory, JSON.stringify(outcome)).toBeLessThanOrEqual(outcome.bound);
  });

  test('and not where nothing is collected', async () => {
    const outcome = await play(image, shapeOf(19), 1000, true);
    expect(outcome.memory).toBeGreaterThan(outcome.bound);
  });
});
