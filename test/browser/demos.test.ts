/** The small demos, played from their first frame to their end: they take input, go on when memory grows, begin again, and leave nothing. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { countInPage, countsOf } from './counts.ts';
import { servedDemos } from './demo-server.ts';
import { SMALL } from './in-browser.ts';
import { drawnPart, waitFrames } from './physics-page.ts';

/** What the demos' scripts are asked besides: what is in the world, and to take memory. */
const ASKED = `
(defglobal mut *ballast* : (MutVec f64) (mut-vec))
(pub defn take-memory! () : Unit (for (i 0 (< i 2000000)) (push! *ballast* 1.0)))
(pub defn others () : i64 (count-entities NAME))
`;

const demos = servedDemos(undefined, SMALL);

const others = (page: Page) => page.evaluate(() => Number(game.machine.call('others')));

/** Plays a demo: `act` does something to it that changes how many `entity` there are. */
async function plays(name: string, entity: string, act: (page: Page) => Promise<void>): Promise<void> {
  const script = `${name}/${name}.slu`;
  const { server } = demos;
  server.write(script, server.read(script) + ASKED.replace('NAME', entity));
  const { page, errors } = await demos.open(`${name}/`, { before: countInPage });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await waitFrames(page, 3);
  const first = await others(page);
  expect(first).toBeGreaterThan(50);
  expect(await drawnPart(page)).toBeGreaterThan(0.005);

  await page.locator('#stage canvas').focus();
  await act(page);
  await page.waitForFunction((count) => Number(game.machine.call('others')) !== count, first);

  const memory = await page.evaluate(() => game.machine.memory.buffer.byteLength);
  await page.evaluate(() => game.machine.call('take-memory!'));
  await waitFrames(page, 3);
  expect(await page.evaluate(() => game.machine.memory.buffer.byteLength)).toBeGreaterThan(memory);
  expect(await drawnPart(page)).toBeGreaterThan(0.005);

  await page.evaluate(() => game.restart());
  await waitFrames(page, 3);
  expect(await drawnPart(page)).toBeGreaterThan(0.005);
  expect((await countsOf(page, session)).contexts).toBe(1);

  await page.evaluate(() => game.end());
  expect(await countsOf(page, session)).toMatchObject({
    contexts: 0,
    textures: 0,
    buffers: 0,
    idles: 0,
    timers: 0,
  });
  expect(await page.locator('#stage canvas').count()).toBe(0);
  expect(errors).toEqual([]);
}

describe('a demo is played and left', { timeout: PATIENCE }, () => {
  test('hello: Space takes balls away', async () => {
    await plays('hello', 'Ball', (page) => page.keyboard.press('Space'));
  });

  test('physics: the slider says how many bodies there are', async () => {
    await plays('physics', 'Body', (page) => page.locator('#bodies').fill('100'));
  });
});
