/** The swarm in Chromium: played by keys and by the pointer, lost, begun again, and handed over to its twin and back. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Contender } from '../../demos/swarm/contender.ts';
import { PATIENCE } from './browser.ts';
import { countInPage, countsOf } from './counts.ts';
import { servedDemos } from './demo-server.ts';
import { type Opening, SMALL, type WatchedPage } from './in-browser.ts';
import { drawnPart, waitFrames } from './physics-page.ts';

declare global {
  /** Who plays in the demo's page: the script or its twin. */
  var contender: Contender;
}

/** How many nodes the page's readings may have exchanged and not yet given back. */
const TEXTS_IN_PASSING = 8;

const LONG = process.env.SLUICE_LONG === '1';

/** Few, since the processor draws them. */
const BULLETS = 300;

const demos = servedDemos((server) => {
  server.edit('swarm/index.html', [
    'min="1000" max="50000" step="1000" value="10000"',
    `min="100" max="50000" step="100" value="${BULLETS}"`,
  ]);
}, SMALL);

async function open(opening?: Opening): Promise<WatchedPage> {
  const opened = await demos.open('swarm/', opening);
  await opened.page.waitForFunction(() => globalThis.contender !== undefined);
  return opened;
}

const ship = (page: Page) =>
  page.evaluate(() => [Number(game.machine.call('ship-x')), Number(game.machine.call('ship-y'))] as const);

const focusCanvas = (page: Page) => page.locator('#stage canvas').focus();

describe('the swarm in Chromium', { timeout: PATIENCE }, () => {
  test('is steered by keys and by dragging, and shoots by itself', async () => {
    const { page, errors } = await open();
    await focusCanvas(page);
    await waitFrames(page, 2);
    const [x0] = await ship(page);
    await page.keyboard.down('ArrowLeft');
    await page.waitForFunction((from) => Number(game.machine.call('ship-x')) < from - 40, x0);
    await page.keyboard.up('ArrowLeft');

    const [, y1] = await ship(page);
    const canvas = await page.locator('#stage canvas').boundingBox();
    if (canvas === null) throw new Error('the canvas is not shown');
    const [x, y] = [canvas.x + canvas.width / 4, canvas.y + canvas.height * 0.7];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await waitFrames(page, 3);
    await page.mouse.move(x, y - canvas.height / 5, { steps: 4 });
    await page.waitForFunction((from) => Number(game.machine.call('ship-y')) < from - 40, y1);
    await page.mouse.up();

    await page.waitForFunction(() => contender.bullets > 20);
    expect(await drawnPart(page)).toBeGreaterThan(0.01);
    expect(errors).toEqual([]);
  });

  test('is lost among the enemies, says so, and begins again', async () => {
    const { page, errors } = await open();
    await focusCanvas(page);
    await page.evaluate(() => {
      game.timeScale = 3;
    });
    await page.keyboard.down('ArrowUp');
    await page.waitForFunction(() => contender.over);
    await page.keyboard.up('ArrowUp');
    expect(await page.evaluate(() => contender.lives)).toBe(0);
    expect(await page.locator('#lives').textContent()).toBe('0');
    expect(await page.locator('#message').textContent()).toContain('Lost');
    // Whoever has the page read to them hears it too.
    expect(await page.getByRole('status').allTextContents()).toContainEqual(expect.stringContaining('Lost'));

    // The game waits for a moment, so that who is still steering sees what happened.
    await page.waitForFunction(() => Number(game.machine.call('seconds-over')) > 1);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => !contender.over);
    expect(await page.evaluate(() => [contender.lives, contender.wave])).toEqual([3, 1]);
    expect(errors).toEqual([]);
  });

  test('goes on when memory grows in mid-game, and starts anew with what was chosen', async () => {
    const { page, errors } = await open();
    await waitFrames(page, 5);
    const memory = await page.evaluate(() => game.machine.memory.buffer.byteLength);
    await page.locator('#bullets').fill('20000');
    await page.waitForFunction((small) => game.machine.memory.buffer.byteLength > small, memory);
    expect(await drawnPart(page)).toBeGreaterThan(0.01);
    await page.locator('#bullets').fill(String(BULLETS));
    await page.waitForFunction((most) => contender.bullets <= most, BULLETS);

    await page.evaluate(() => game.restart());
    await page.waitForFunction(() => contender.bullets > 100);
    await waitFrames(page, 20);
    expect(await page.evaluate(() => contender.bullets)).toBeLessThanOrEqual(BULLETS);
    expect(errors).toEqual([]);
  });

  test('is paused by a key, and from the start where less motion is asked for', async () => {
    const { page } = await demos.open('swarm/', { reducedMotion: 'reduce' });
    await page.getByRole('button', { name: 'Play' }).waitFor();
    expect(await page.evaluate(() => game.paused)).toBe(true);
    await page.keyboard.press('p');
    expect(await page.evaluate(() => game.paused)).toBe(false);
    await page.getByRole('button', { name: 'Pause' }).click();
    expect(await page.evaluate(() => game.paused)).toBe(true);
    await page.getByRole('button', { name: 'Restart' }).click();
    expect(await page.evaluate(() => game.paused)).toBe(false);
  });

  test('is handed to its twin and back, which leaves nothing', async () => {
    const { page, errors } = await open({ before: countInPage });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const choose = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const round = async () => {
      await choose('In the gaps');
      await page.waitForFunction(() => globalThis.game !== undefined && contender.bullets > 0);
      await choose('Suppressed');
      await page.waitForFunction(() => game.suppressions === 1);
      await choose('Plain JavaScript');
      await page.waitForFunction(
        () => globalThis.contender !== undefined && contender.memory === undefined && contender.bullets > 0,
      );
    };
    await round();
    // While the twin plays: a game that runs asks for gaps as it needs them.
    const before = await countsOf(page, session);
    expect(before).toMatchObject({ memories: 0, idles: 0, timers: 0, contexts: 1 });
    for (let i = 0; i < 3; i += 1) await round();
    const after = await countsOf(page, session);
    expect({ ...after, nodes: before.nodes }).toEqual(before);
    // The page's readings change all the while, and a text that was just taken out is a node until it is collected.
    // Three rounds that left a canvas, a button and a text each would be more.
    expect(after.nodes).toBeLessThanOrEqual(before.nodes + TEXTS_IN_PASSING);
    expect(errors).toEqual([]);
  });

  // The script's twin, beside which it is measured: its own play is for the long run.
  test.skipIf(!LONG)('is the same game in plain JavaScript: steered, lost, and begun again', async () => {
    const { page, errors } = await open();
    await page.getByRole('button', { name: 'Plain JavaScript' }).click();
    await page.waitForFunction(() => globalThis.contender !== undefined && contender.memory === undefined);
    await focusCanvas(page);
    await page.keyboard.down('ArrowUp');
    await page.waitForFunction(() => contender.over);
    await page.keyboard.up('ArrowUp');
    expect(await page.locator('#voice').textContent()).toContain('Lost');
    await page.getByRole('button', { name: 'Restart' }).click();
    expect(await page.evaluate(() => [contender.over, contender.lives, contender.wave])).toEqual([
      false,
      3,
      1,
    ]);
    expect(errors).toEqual([]);
  });
});
