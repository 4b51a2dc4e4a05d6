/** The demos' pages for whoever uses them: on every kind of screen, light and dark, with a keyboard, and through a reader. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { servedDemos } from './demo-server.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = [
  [320, 568],
  [390, 844],
  [844, 390],
  [1280, 800],
  [2560, 1440],
] as const;
const PAGES = ['', 'hello/', 'physics/', 'swarm/'];
/** Demos fit what is at least so high: their picture and what is played with are in sight. */
const LOWEST = 390;

const demos = servedDemos();

describe.each(PAGES)('the page /%s', (path) => {
  test('fits every screen, and axe finds nothing, light or dark', { timeout: PATIENCE }, async () => {
    const { page } = await demos.open(path, { reducedMotion: 'reduce' });
    if (path !== '') await page.waitForFunction(() => globalThis.game !== undefined);
    const timeline = page.getByRole('button', { name: 'Timeline' });
    if ((await timeline.count()) > 0) {
      await timeline.press('Enter');
      await page.getByRole('slider', { name: 'Frame' }).waitFor();
    }
    await page.addScriptTag({ content: AXE });
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([width, over]).toEqual([width, 0]);
      const bottom = await page.evaluate(
        () => document.querySelector('.demo .stage')?.getBoundingClientRect().bottom ?? 0,
      );
      if (width >= 600 && height >= LOWEST) expect([width, bottom <= height]).toEqual([width, true]);
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
        const { violations } = await axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect([colorScheme, ...found]).toEqual([colorScheme]);
    }
  });
});

test('who asked for less motion begins with a picture that stands still', { timeout: PATIENCE }, async () => {
  const { page } = await demos.open('physics/', { reducedMotion: 'reduce' });
  const pause = page.getByRole('button', { name: 'Go on' });
  await pause.waitFor();
  expect(await page.evaluate(() => game.paused)).toBe(true);
  await pause.press('Enter');
  expect(await page.evaluate(() => game.paused)).toBe(false);
  await page.getByRole('button', { name: 'Pause' }).press('Space');
  expect(await page.evaluate(() => game.paused)).toBe(true);
});

test('everything that can be used has a name, and keeps the focus when it is used', {
  timeout: PATIENCE,
}, async () => {
  const { page } = await demos.open('physics/');
  await page.waitForFunction(() => globalThis.game !== undefined);
  await page.getByRole('slider', { name: 'Bodies' }).waitFor();
  for (const name of ['Turn', 'Pause', 'Suppress', 'Resume', 'Collect']) {
    const button = page.getByRole('button', { name, exact: true });
    await button.focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      name === 'Pause' ? 'Go on' : name,
    );
  }
});
