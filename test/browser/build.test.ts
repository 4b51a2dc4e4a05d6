import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTENT_POLICY } from '../../scripting/tools/index.ts';
import { PATIENCE } from './browser.ts';
import { PROJECT } from './demo-server.ts';
import { inBrowser } from './in-browser.ts';
import { drawnPart, waitFrames } from './physics-page.ts';
import { StaticServer } from './static-server.ts';

let folder: string;
let server: StaticServer;
const pages = inBrowser();
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
  await build({
    configFile: join(PROJECT, 'vite.config.ts'),
    logLevel: 'error',
    plugins: [noteContents],
    build: { outDir: folder, emptyOutDir: false },
  });
  server = await StaticServer.start(folder);
});

afterAll(async () => {
  server?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

test('a built demo runs from any path under a strict content policy', { timeout: PATIENCE }, async () => {
  const { page, errors } = await pages.open(server.url);
  await page.getByRole('link', { name: 'Boxes and circles' }).click();
  await waitFrames(page, 60);
  expect(await page.evaluate(() => game.machine.manifest.mode)).toBe('release');
  expect(await drawnPart(page)).toBeGreaterThan(0.2);
  expect(errors).toEqual([]);
});

test('a page that is opened as a file says that it needs a server', { timeout: PATIENCE }, async () => {
  for (const path of ['index.html', 'physics/index.html']) {
    const { page } = await pages.open(pathToFileURL(join(folder, path)).href);
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('opened as a file');
  }
});

test('a page that may not compile WebAssembly says which policy lacks what', {
  timeout: PATIENCE,
}, async () => {
  const strict = await StaticServer.start(folder, CONTENT_POLICY.replace(" 'wasm-unsafe-eval'", ''));
  const { page } = await pages.open(`${strict.url}physics/`);
  await expect.poll(() => page.getByRole('alert').textContent()).toContain("needs 'wasm-unsafe-eval'");
  strict.stop();
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
