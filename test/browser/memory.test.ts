/** Memory goes back to the browser while the game goes on. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { servedDemos } from './demo-server.ts';
import { SMALL } from './in-browser.ts';
import {
  bodies,
  drawnPart,
  movement,
  outside,
  SCRIPT,
  tellBodies,
  turn,
  waitFrames,
} from './physics-page.ts';

/** A level that the script holds beside its bodies. */
const LEVEL = `
(defstruct Tile (id : i64) (name : String))
(defglobal mut *tiles* : (MutVec Tile) (mut-vec))
(pub defn load-level ((tiles : i64)) : i64
  (set! *tiles* (mut-vec))
  (for (i 0 (< i tiles)) (push! *tiles* (Tile i (str "tile " i))))
  (len *tiles*))
(pub defn last-tile () : String (.name (nth *tiles* (- (len *tiles*) 1))))
`;

const demos = servedDemos((server) => {
  tellBodies(server);
  server.write(SCRIPT, server.read(SCRIPT) + LEVEL);
}, SMALL);

const bytes = (page: Page): Promise<number> => page.evaluate(() => game.machine.memory.buffer.byteLength);

/** The game draws `count` bodies, and they move. */
async function expectPlaying(page: Page, count: number): Promise<void> {
  await turn(page);
  await waitFrames(page, 5);
  const before = await bodies(page);
  expect(before).toHaveLength(count);
  await waitFrames(page, 10);
  const after = await bodies(page);
  expect(outside(after)).toEqual([]);
  expect(movement(before, after)).toBeGreaterThan(0.1);
  expect(await drawnPart(page)).toBeGreaterThan(0.1);
}

describe('the physics demo in Chromium', { timeout: PATIENCE }, () => {
  test('gives memory back while it loads, and goes on in the smaller one', async () => {
    const { page, errors } = await demos.open('physics/');
    await waitFrames(page, 5);
    await page.evaluate(() => game.loading(() => void game.machine.call('load-level', 300_000)));
    await expectPlaying(page, 500);
    const large = await bytes(page);

    const progress = await page.evaluate(async () => {
      const seen: (readonly [string, number])[] = [];
      await game.loading(
        async (report) => {
          game.machine.call('load-level', 1000);
          report(0.5);
          // Frames draw in the meantime.
          await new Promise((resolve) => requestAnimationFrame(resolve));
          report(1);
        },
        { shrink: true, onProgress: (phase, fraction) => void seen.push([phase, fraction]) },
      );
      return seen;
    });
    const small = await bytes(page);
    console.log(`memory before: ${large} bytes, after: ${small} bytes`);
    expect(small).toBeLessThan(large / 2);
    expect(progress.map(([phase]) => phase)).toEqual(expect.arrayContaining(['load', 'shrink']));
    const fractions = progress.map(([, fraction]) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    await expectPlaying(page, 500);
    expect(await page.evaluate(() => game.machine.call('last-tile'))).toBe('tile 999');

    await page.locator('#bodies').fill('100');
    await expectPlaying(page, 100);
    expect(errors).toEqual([]);
  });

  test('collects on command while frames go on, and says that it cannot shrink outside of a load', async () => {
    const { page, errors } = await demos.open('physics/');
    await waitFrames(page, 5);
    const outcome = await page.evaluate(() => game.collect({ move: true }));
    expect(outcome.kind).toBe('done');
    const refusal = await page.evaluate(() => game.collect({ shrink: true }).catch((error) => String(error)));
    expect(refusal).toContain('while loading only');
    await expectPlaying(page, 500);
    expect(errors).toEqual([]);
  });
});
