import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPage, PATIENCE, startBrowser, type WatchedPage } from './browser.ts';
import { DemoServer, PROJECT } from './demo-server.ts';
import { circles, drawnPart, movement, outside, waitFrames } from './physics-page.ts';

let server: DemoServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([DemoServer.start(), startBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const open = (): Promise<WatchedPage> => openPage(browser, `${server.url}physics/`);

describe('the physics demo in Chromium', { timeout: PATIENCE }, () => {
  test('runs 100 frames without an error, and all bodies move and stay in the box', async () => {
    const { page, errors } = await open();
    await waitFrames(page, 1);
    let before = await circles(page);
    expect(before).toHaveLength(2000);
    for (let i = 0; i < 10; i += 1) {
      await waitFrames(page, 10);
      const now = await circles(page);
      expect(outside(now)).toEqual([]);
      expect(movement(before, now)).toBeGreaterThan(1);
      before = now;
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  test('draws what the script says: a picture is written', async () => {
    const { page } = await open();
    await waitFrames(page, 30);
    expect(await drawnPart(page)).toBeGreaterThan(0.2);
    const folder = join(PROJECT, 'test/output');
    mkdirSync(folder, { recursive: true });
    const picture = join(folder, 'physics.png');
    await page.screenshot({ path: picture });
    expect(statSync(picture).size).toBeGreaterThan(10_000);
    await page.close();
  });

  test('goes on drawing when memory grows in mid-game', async () => {
    const { page, errors } = await open();
    await waitFrames(page, 10);
    const memory = () => page.evaluate(() => game.machine.memory.buffer.byteLength);
    const small = await memory();
    await page.locator('#bodies').fill('10000');
    await waitFrames(page, 10);
    expect(await memory()).toBeGreaterThan(small);
    const before = await circles(page);
    expect(before).toHaveLength(10_000);
    await waitFrames(page, 10);
    const after = await circles(page);
    expect(outside(after)).toEqual([]);
    expect(movement(before, after)).toBeGreaterThan(0.5);
    expect(await drawnPart(page)).toBeGreaterThan(0.1);
    expect(await page.locator('#count').textContent()).toBe('10,000');

    await page.locator('#bodies').fill('100');
    await waitFrames(page, 5);
    expect(await circles(page)).toHaveLength(100);
    expect(await drawnPart(page)).toBeGreaterThan(0.2);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('suppress keeps the collector out, resume lets it in, collect asks for a collection', async () => {
    const { page, errors } = await open();
    await waitFrames(page, 5);
    const collections = () => page.evaluate(() => game.collections);
    const resume = page.locator('#resume');
    expect(await resume.isDisabled()).toBe(true);

    const first = await collections();
    await page.locator('#collect').click();
    await page.waitForFunction((count) => game.collections > count, first);

    await page.locator('#suppress').click();
    expect(await page.evaluate(() => game.suppressions)).toBe(1);
    expect(await resume.isDisabled()).toBe(false);
    const suppressed = await collections();
    await page.locator('#collect').click();
    await waitFrames(page, 20);
    expect(await collections()).toBe(suppressed);

    await resume.click();
    expect(await resume.isDisabled()).toBe(true);
    await page.locator('#collect').click();
    await page.waitForFunction((count) => game.collections > count, suppressed);
    expect(outside(await circles(page))).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('brings the pointer to the script: circles flee from it', async () => {
    const { page, errors } = await open();
    await waitFrames(page, 5);
    const near = async () => {
      const all = await circles(page);
      return all.filter(({ x, y }) => Math.hypot(x - 480, y - 300) < 60).length;
    };
    const before = await near();
    const canvas = await page.locator('#stage canvas').boundingBox();
    if (canvas === null) throw new Error('the canvas is not shown');
    await page.mouse.move(canvas.x + canvas.width / 2, canvas.y + canvas.height / 2);
    await page.mouse.down();
    await waitFrames(page, 30);
    expect(await near()).toBeLessThan(before / 2);
    await page.mouse.up();
    expect(errors).toEqual([]);
    await page.close();
  });
});
