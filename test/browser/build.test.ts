import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import type { Browser } from 'playwright-core';
import { build, type Plugin } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage, PATIENCE, startBrowser } from './browser.ts';
import { PROJECT } from './demo-server.ts';
import { circles, drawnPart, outside, waitFrames } from './physics-page.ts';

/** Somebody's portal: the game lies under a path of its own, and the server adds a strict policy. */
const PATH = '/games/sluice/';
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.jpg': 'image/jpeg',
};

let folder: string;
let server: Server;
let browser: Browser;
/** Packages whose code is in the built pages, and folders of `scripting/` whose code is. */
const packages = new Set<string>();
const rooms = new Set<string>();

const noteContents: Plugin = {
  name: 'note-contents',
  generateBundle(_options, bundle) {
    for (const output of Object.values(bundle)) {
      if (output.type !== 'chunk') continue;
      for (const [id, { renderedLength }] of Object.entries(output.modules)) {
        if (renderedLength === 0) continue;
        const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1];
        if (name !== undefined) packages.add(name);
        const room = /\/scripting\/([^/]+)\//.exec(id)?.[1];
        if (room !== undefined) rooms.add(room);
      }
    }
  },
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-build-'));
  [browser] = await Promise.all([
    startBrowser(),
    build({
      configFile: join(PROJECT, 'vite.config.ts'),
      logLevel: 'error',
      plugins: [noteContents],
      build: { outDir: folder, emptyOutDir: false },
    }),
  ]);
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://localhost').pathname;
    const file = normalize(join(folder, path.slice(PATH.length), path.endsWith('/') ? 'index.html' : ''));
    const type = TYPES[extname(file)];
    if (!path.startsWith(PATH) || !file.startsWith(folder) || type === undefined) {
      response.writeHead(404).end();
      return;
    }
    readFile(file).then(
      (bytes) =>
        response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': POLICY }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test('a built demo runs from any path under a strict content policy', { timeout: PATIENCE }, async () => {
  const { port } = server.address() as AddressInfo;
  const { page, errors } = await openPage(browser, `http://127.0.0.1:${port}${PATH}`);
  await page.getByRole('link', { name: 'Circles in a box' }).click();
  await waitFrames(page, 60);
  expect(await page.evaluate(() => game.machine.manifest.mode)).toBe('release');
  expect(outside(await circles(page))).toEqual([]);
  expect(await drawnPart(page)).toBeGreaterThan(0.2);
  expect(errors).toEqual([]);
});

test('the notice names every package whose code is shipped', () => {
  const notice = readFileSync(join(PROJECT, 'NOTICE'), 'utf8');
  expect(packages.has('pixi.js')).toBe(true);
  expect([...packages].filter((name) => !notice.includes(name))).toEqual([]);
});

test('a built game contains no compiler', () => {
  expect([...rooms].sort()).toEqual(['heap', 'image', 'machine']);
  expect([...packages].filter((name) => /binaryen|assemblyscript|tsx/.test(name))).toEqual([]);
});
