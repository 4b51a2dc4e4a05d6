/** The images of a game as its page draws them: served, edited while it runs, with a lost context, and built. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve, sluice } from '../../scripting/tools/vite.ts';
import { PATIENCE } from './browser.ts';
import { PROJECT, servedDemos } from './demo-server.ts';
import type { WatchedPage } from './in-browser.ts';
import { addPictures, framed, HEIGHT, readable, veil, WIDTH } from './pictures-page.ts';
import { StaticServer } from './static-server.ts';

const RED = 0xff0000;
const GREEN = 0x00ff00;
const BLUE = 0x0000ff;
const WHITE = 0xffffff;
const LETTERS = { r: RED, g: GREEN, b: BLUE, w: WHITE, m: 0xff00ff, h: 0x808080, '.': 0 };

/** The images of each test. */
const IMAGES: Readonly<Record<string, Uint8Array>> = {
  'ball.png': framed(4, 3, GREEN, RED),
  'ball@2x.png': framed(8, 6, GREEN, BLUE),
  'plain.png': framed(5, 5, WHITE, WHITE),
  'veil.png': veil(6, 4),
  // So large that it has a page of its own.
  'sky/large.png': framed(2046, 2046, BLUE, BLUE),
};

const NAMES = ['ball.png', 'plain.png', 'sky/large.png', 'veil.png'];

/** A picture of the page's size with these rows in its left upper corner. */
const picture = (...rows: string[]): string[] =>
  Array.from({ length: HEIGHT }, (_none, y) => (rows[y] ?? '').padEnd(WIDTH, '.'));

const BALL = picture('rrrr', 'rggr', 'rrrr');

let page: Page;
let errors: string[];

const demos = servedDemos((server) => {
  addPictures((file, text) => server.write(file, text));
  for (const [name, bytes] of Object.entries(IMAGES)) server.write(`pictures/images/${name}`, bytes);
});

async function opened(opening: Promise<WatchedPage>): Promise<void> {
  ({ page, errors } = await opening);
  await page.waitForFunction(() => globalThis.pictures !== undefined);
}

const drawn = async (name: string, scale = 1) =>
  readable(
    await page.evaluate(([image, by]) => pictures.pixels(textures, image, by), [name, scale] as const),
    LETTERS,
  );

/** Loads the images in the page for a display with so many pixels a unit. */
const load = (ratio: number) =>
  page.evaluate(async (pixels) => {
    globalThis.textures = await pictures.load(pixels);
    return { pages: textures.textures.length, names: textures.names() };
  }, ratio);

test('a game fetches what a finer display needs when its window comes there', {
  timeout: PATIENCE,
}, async () => {
  const { page: hello, errors: wrong } = await demos.open('hello/');
  await hello.waitForFunction(() => globalThis.game?.recorder.frames > 2);
  const fetched = () =>
    hello.evaluate(
      () => performance.getEntriesByType('resource').filter(({ name }) => /\.png$/.test(name)).length,
    );
  const before = await fetched();
  const session = await hello.context().newCDPSession(hello);
  await session.send('Emulation.setDeviceMetricsOverride', {
    width: 560,
    height: 560,
    deviceScaleFactor: 2,
    mobile: false,
  });
  await hello.waitForFunction(
    (count) =>
      performance.getEntriesByType('resource').filter(({ name }) => /\.png$/.test(name)).length > count,
    before,
  );
  expect(before).toBe(1);
  expect(wrong).toEqual([]);
});

describe('the images of a game that is served', { timeout: PATIENCE }, () => {
  beforeEach(() => opened(demos.open('pictures/')));

  test('are drawn as their files have them, and nothing of a neighbour beside them', async () => {
    expect(await load(1)).toEqual({ pages: 2, names: NAMES });
    expect(await drawn('ball.png')).toEqual(BALL);
    expect(await drawn('plain.png', 3)).toEqual(picture(...Array.from({ length: 15 }, () => 'w'.repeat(15))));
    expect(await drawn('veil.png')).toEqual(picture(...Array.from({ length: 4 }, () => 'hhhhhh')));
    expect(errors).toEqual([]);
  });

  test('of two texels a unit are for fine displays, and as large in units', async () => {
    expect(await load(2)).toEqual({ pages: 3, names: NAMES });
    expect(await drawn('ball.png', 2)).toEqual(
      picture('bbbbbbbb', 'bggggggb', 'bggggggb', 'bggggggb', 'bggggggb', 'bbbbbbbb'),
    );
    const sizes = await page.evaluate(() => {
      const { width, height } = textures.region('ball.png') as { width: number; height: number };
      return [width, height];
    });
    expect(sizes).toEqual([4, 3]);
  });

  test('are others when the window comes to a finer display, and goes back', async () => {
    await load(1);
    await page.evaluate(() => textures.show(2));
    expect(await drawn('ball.png', 2)).toEqual(
      picture('bbbbbbbb', 'bggggggb', 'bggggggb', 'bggggggb', 'bggggggb', 'bbbbbbbb'),
    );
    await page.evaluate(() => textures.show(1));
    expect(await drawn('ball.png')).toEqual(BALL);
    expect(await page.evaluate(() => textures.textures.length)).toBe(2);
  });

  test('are the same after the graphics context was lost', async () => {
    await load(1);
    expect(await drawn('ball.png')).toEqual(BALL);
    await page.evaluate(() => pictures.loseContext());
    expect(await drawn('ball.png')).toEqual(BALL);
    expect(await drawn('plain.png')).toEqual(picture(...Array.from({ length: 5 }, () => 'wwwww')));
    expect(errors).toEqual([]);
  });

  test('change in the page when they are edited, and a page that has not changed stays', async () => {
    await page.evaluate(async () => {
      const changes: string[] = [];
      globalThis.textures = await pictures.load(1, {
        changed: () => changes.push(`${before.map(({ source }) => source.destroyed)}`),
      });
      const before = textures.textures;
      Object.assign(globalThis, { changes, before });
    });
    expect(await drawn('ball.png')).toEqual(BALL);
    const small = await page.evaluate(() => pictures.script.atlas?.pages[1]?.url);
    demos.server.write('pictures/images/ball.png', framed(4, 3, RED, WHITE));
    await page.waitForFunction((url) => pictures.script.atlas?.pages[1]?.url !== url, small);
    const seen = await page.evaluate(async () => {
      const { changes, before } = globalThis as unknown as {
        changes: string[];
        before: typeof textures.textures;
      };
      const old = before.map(({ source }) => source.resource as ImageBitmap);
      await textures.replace(pictures.script.atlas ?? { pages: [], regions: [] });
      return {
        changes,
        same: textures.textures.map((texture) => before.includes(texture)),
        freed: old.map((bitmap) => bitmap.width === 0),
      };
    });
    // What goes is freed only after everybody has heard.
    expect(seen).toEqual({ changes: ['false,false'], same: [true, false], freed: [false, true] });
    expect(await drawn('ball.png')).toEqual(picture('wwww', 'wrrw', 'wwww'));
    expect(errors).toEqual([]);
    demos.server.write('pictures/images/ball.png', IMAGES['ball.png'] as Uint8Array);
    // The same pixels have the same address.
    await page.waitForFunction((url) => pictures.script.atlas?.pages[1]?.url === url, small);
  });

  test('that are gone become a checkerboard and an error, until they are back', async () => {
    await page.evaluate(async () => {
      const failures: string[] = [];
      globalThis.textures = await pictures.load(1, { failed: ({ message }) => failures.push(message) });
      pictures.script.subscribe((event) => {
        if (event.kind === 'images') void textures.replace(event.atlas);
      });
      Object.assign(globalThis, { failures });
    });
    const failures = () => page.evaluate(() => (globalThis as unknown as { failures: string[] }).failures);
    demos.server.remove('pictures/images/ball.png');
    demos.server.remove('pictures/images/ball@2x.png');
    await page.waitForFunction(() => !textures.names().includes('ball.png'));
    // Eight by eight squares in 16 by 12 pixels.
    const squares = Array.from({ length: 12 }, (_none, y) =>
      Array.from({ length: 16 }, (_also, x) => 'm.'[((x >> 1) + Math.floor((y * 2 + 1) / 3)) % 2]).join(''),
    );
    expect(await drawn('ball.png', 4)).toEqual(picture(...squares));
    expect(await failures()).toEqual(['the image `ball.png` is gone: a checkerboard is drawn in its place']);
    demos.server.write('pictures/images/ball.png', IMAGES['ball.png'] as Uint8Array);
    demos.server.write('pictures/images/ball@2x.png', IMAGES['ball@2x.png'] as Uint8Array);
    await page.waitForFunction(() => textures.names().includes('ball.png'));
    expect(await drawn('ball.png')).toEqual(BALL);
    expect(await page.evaluate(() => textures.textures.length)).toBe(2);
    expect(await failures()).toHaveLength(1);
    await page.waitForFunction(() => pictures.script.atlas?.regions.length === 5);
    expect(errors).toEqual([]);
  });

  test('go on as they were where a page of others does not come, and a newer atlas overtakes an older one', async () => {
    await load(1);
    const seen = await page.evaluate(async () => {
      const { atlas } = pictures.script;
      if (atlas === undefined) throw new Error('there is no atlas');
      const before = textures.textures;
      const lacking = { ...atlas, pages: atlas.pages.map((each) => ({ ...each, url: '/nowhere.png' })) };
      const reason = await textures.replace(lacking).catch(String);
      const kept = textures.textures === before;
      // The page answers what it does not have with itself; only the newest counts.
      const slow = textures.replace(lacking).then(() => 'overtaken', String);
      await textures.replace({ pages: [], regions: [] });
      const overtaken = await slow;
      const rest = [textures.textures.length, textures.names().length];
      const late = textures.replace(atlas);
      textures.destroy();
      await late;
      textures.destroy();
      const left = [textures.textures.length, textures.names().length, textures.region('ball.png')];
      return { reason, kept, overtaken, rest, left, freed: before.map(({ destroyed }) => destroyed) };
    });
    expect(seen.reason).toMatch(/^Error: the images \/nowhere\.png cannot be (fetched|decoded)/);
    expect(seen).toMatchObject({ kept: true, overtaken: 'overtaken', rest: [1, 0], freed: [true, true] });
    expect(seen.left).toEqual([0, 0, undefined]);
  });
});

describe('the images of a game that is built', { timeout: PATIENCE }, () => {
  let folder: string;
  let built: StaticServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-pictures-'));
    for (const name of ['engine', 'scripting', 'node_modules', 'package.json'])
      symlinkSync(join(PROJECT, name), join(folder, name));
    const root = join(folder, 'demos');
    const write = (file: string, content: string | Uint8Array) => {
      const path = join(root, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    };
    addPictures(write);
    for (const [name, bytes] of Object.entries(IMAGES)) write(`pictures/images/${name}`, bytes);
    await build({
      configFile: false,
      root,
      base: './',
      logLevel: 'error',
      plugins: [sluice({ declarations: false }), serve()],
      build: {
        outDir: join(folder, 'dist'),
        target: 'es2022',
        rolldownOptions: { input: join(root, 'pictures/index.html') },
        chunkSizeWarningLimit: 1500,
      },
    });
    built = await StaticServer.start(join(folder, 'dist'));
  }, PATIENCE);

  afterAll(() => {
    built?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  test('are drawn from any path under a strict content policy, from files with hashed names', async () => {
    await opened(demos.open(`${built.url}pictures/`));
    expect(await load(1)).toEqual({ pages: 2, names: NAMES });
    expect(await drawn('ball.png')).toEqual(BALL);
    const urls = await page.evaluate(() => pictures.script.atlas?.pages.map(({ url }) => url));
    expect(urls).toHaveLength(3);
    for (const url of urls ?? []) expect(url).toMatch(/\/games\/sluice\/assets\/images-\d-[\w-]{8}\.png$/);
    expect(errors).toEqual([]);
  });
});
