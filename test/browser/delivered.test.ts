/** The page that measures frames in a browser: it runs its plan by itself, and shows its table. */
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONTENDER_NAMES } from '../bench/delivered/plan.ts';
import { PATIENCE } from './browser.ts';
import { inBrowser } from './in-browser.ts';
import { StaticServer } from './static-server.ts';

const SITE = fileURLToPath(new URL('../output/delivered-test', import.meta.url));

const pages = inBrowser();
let server: StaticServer;

beforeAll(async () => {
  const configFile = fileURLToPath(new URL('../bench/delivered/vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'error', build: { outDir: SITE } });
  server = await StaticServer.start(SITE);
}, PATIENCE);

afterAll(async () => {
  server?.stop();
  await rm(SITE, { recursive: true, force: true });
});

it(
  'runs every contender of a cell, which all come to the same, and tells what their frames took',
  async () => {
    const plan = 'games=0&matrix=12&warmUp=1&rate=60&only=3 MB a frame, 16';
    const { page, errors } = await pages.open(`${server.url}?${plan}`);
    await page.waitForFunction(() => /done|failed/.test(document.title));
    expect(errors).toEqual([]);
    expect(await page.locator('#what').textContent()).toBe('All runs are done.');
    const cells = await page.locator('tr td:first-child').allTextContents();
    const names = Object.values(CONTENDER_NAMES);
    expect(cells).toEqual([...names, ...names]);
    expect(await page.locator('figure canvas').count()).toBe(cells.length);
    const times = (await page.locator('tr td:nth-child(2)').allTextContents()).map(Number);
    expect(times.every((ms) => ms > 0)).toBe(true);
  },
  PATIENCE,
);
