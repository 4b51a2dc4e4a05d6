import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { PROJECT, servedDemos } from './demo-server.ts';
import { SMALL } from './in-browser.ts';
import { bodies, drawnPart, movement, outside, tellBodies, waitForRest, waitFrames } from './physics-page.ts';

const demos = servedDemos(tellBodies, SMALL);

const open = () => demos.open('physics/');

describe('the physics demo in Chromium', { timeout: PATIENCE }, () => {
  test('bodies fall, stay in the box and come to rest, until the box is turned', async () => {
    const { page, errors } = await open();
    await waitFrames(page, 1);
    const first = await bodies(page);
    expect(first).toHaveLength(500);
    await waitFrames(page, 10);
    expect(movement(first, await bodies(page))).toBeGreaterThan(1);

    await page.locator('#bodies').fill('100');
    await waitForRest(page);
    const rested = await bodies(page);
    expect(outside(rested)).toEqual([]);
    await waitFrames(page, 10);
    expect(await bodies(page)).toEqual(rested);

    await page.getByRole('button', { name: 'Turn' }).click();
    await waitFrames(page, 10);
    await waitForRest(page);
    const turned = await bodies(page);
    expect(outside(turned)).toEqual([]);
    const meanX = (all: typeof turned) => all.reduce((sum, { x }) => sum + x, 0) / all.length;
    expect(meanX(rested)).toBeGreaterThan(400);
    expect(meanX(turned)).toBeLessThan(300);
    expect(errors).toEqual([]);
  });

  test('draws what the script says: a picture is written', async () => {
    const { page } = await open();
    await page.setViewportSize({ width: 560, height: 560 });
    await waitFrames(page, 10);
    expect(await drawnPart(page)).toBeGreaterThan(0.2);
    const folder = join(PROJECT, 'test/output');
    mkdirSync(folder, { recursive: true });
    const picture = join(folder, 'physics.png');
    await page.screenshot({ path: picture });
    expect(statSync(picture).size).toBeGreaterThan(10_000);
  });

  test('goes on drawing when memory grows in mid-game', async () => {
    const { page, errors } = await open();
    await waitFrames(page, 10);
    const memory = () => page.evaluate(() => game.machine.memory.buffer.byteLength);
    const small = await memory();
    await page.locator('#bodies').fill('2000');
    await waitFrames(page, 10);
    expect(await memory()).toBeGreaterThan(small);
    const before = await bodies(page);
    expect(before).toHaveLength(2000);
    await waitFrames(page, 10);
    const after = await bodies(page);
    expect(outside(after)).toEqual([]);
    expect(movement(before, after)).toBeGreaterThan(0.5);
    expect(await drawnPart(page)).toBeGreaterThan(0.1);
    expect(await page.locator('#count').textContent()).toBe('2,000');

    await page.locator('#bodies').fill('100');
    await waitFrames(page, 5);
    expect(await bodies(page)).toHaveLength(100);
    expect(await drawnPart(page)).toBeGreaterThan(0.2);
    expect(errors).toEqual([]);
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
    expect(outside(await bodies(page))).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('bodies flee from the pointer', async () => {
    const { page, errors } = await open();
    await waitFrames(page, 1);
    await page.locator('#bodies').fill('200');
    await waitForRest(page);
    const near = async () => {
      const all = await bodies(page);
      return all.filter(({ x, y }) => Math.hypot(x - 480, y - 540) < 60).length;
    };
    const before = await near();
    expect(before).toBeGreaterThan(3);
    const canvas = await page.locator('#stage canvas').boundingBox();
    if (canvas === null) throw new Error('the canvas is not shown');
    await page.mouse.move(canvas.x + canvas.width / 2, canvas.y + 0.9 * canvas.height);
    await page.mouse.down();
    await expect.poll(near, { timeout: PATIENCE }).toBeLessThan(before / 2);
    await page.mouse.up();
    expect(errors).toEqual([]);
  });
});
