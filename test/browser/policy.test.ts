/**
 * What a built page does late, under the strict content policy: the overlay of errors, where a trace is read, PixiJS's text and graphics, and
 * sound, which are all fetched or made when they are first used, the timeline. And a bundler may put a second copy of our classes into a page.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Timeline } from '../../engine/index.ts';
import { sluice } from '../../scripting/tools/index.ts';
import { PATIENCE } from './browser.ts';
import { PROJECT } from './demo-server.ts';
import { inBrowser } from './in-browser.ts';
import { StaticServer } from './static-server.ts';

const SCRIPT = `(import sluice.stage :all)
(deflayers (ground) (ui))
(pub defn pick ((n : i64)) : i64
  (nth [1 2 3] n))
(pub defn frame ((dt : f64)) : Unit
  (println (pick 7)))
`;

const MAIN = `
import { BitmapText, Graphics, Text } from 'pixi.js';
import { Game, Timeline } from ${JSON.stringify(`${PROJECT}engine/index.ts`)};
import { encodeImage } from ${JSON.stringify(`${PROJECT}scripting/image/index.ts`)};
import * as copy from './copy/image/index.ts';
import script from './late.slu';
import sound from './beep.wav';

globalThis.late = {
  forbidden: [],
  heard: [],
  start: () => Game.start({
    script, parent: document.body, width: 80, height: 40, overlay: true,
    onFailure: ({ error, count }) => late.heard.push([error.report(), count]),
  }),
  draw: (game) => {
    const ui = game.stage.layer('ui');
    ui.addChild(new Text({ text: 'late' }), new BitmapText({ text: 'later' }), new Graphics().rect(0, 0, 9, 9).fill(0xff0000));
  },
  look: async (game) => {
    const timeline = new Timeline(game);
    await timeline.show();
    return timeline;
  },
  play: () => new Promise((resolve, reject) => {
    const audio = new Audio(sound);
    audio.muted = true;
    audio.onended = () => resolve('played');
    audio.onerror = () => reject(audio.error);
    void audio.play();
  }),
  copied: async () => {
    const image = encodeImage(await script.load());
    const problem = { severity: 'error', code: 'x', message: 'odd', file: 'late.slu', line: 1, column: 1, excerpt: '(x)', length: 3 };
    const other = new copy.DeliveredScript('late.slu', { kind: 'failed', problems: [problem] });
    const error = await other.load().catch((error) => error);
    const starting = Game.start({ script: other, parent: document.body, width: 80, height: 40, overlay: true });
    return { error, mend: async () => {
      other.receive({ kind: 'compiled', image });
      return starting;
    } };
  },
};
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  late.forbidden.push(violatedDirective + ' forbids ' + blockedURI));
`;

const HTML = `<!doctype html><html lang="en"><head><title>Late</title><link rel="icon" href="data:,"></head>
<body><script type="module" src="./main.js"></script></body></html>`;

/** A tenth of a second of silence. */
function wave(): Uint8Array {
  const samples = 800;
  const bytes = Buffer.alloc(44 + samples, 0x80);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    bytes.writeUInt16LE(value, at);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(8000, 28);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples, 40);
  return bytes;
}

declare global {
  /** What the page has for this test. */
  var late: {
    readonly forbidden: readonly string[];
    readonly heard: readonly (readonly [report: string, count: number])[];
    start(): Promise<typeof game>;
    draw(running: typeof game): void;
    look(running: typeof game): Promise<Timeline>;
    play(): Promise<string>;
    copied(): Promise<{ readonly error: Error; mend(): Promise<typeof game> }>;
  };
}

const pages = inBrowser();
let folder: string;
let server: StaticServer;
let page: Page;
let errors: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'));
  const root = join(folder, 'page');
  mkdirSync(root);
  for (const room of ['image', 'atlas'])
    cpSync(join(PROJECT, 'scripting', room), join(root, 'copy', room), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'late.slu'), SCRIPT);
  writeFileSync(join(root, 'main.js'), MAIN);
  writeFileSync(join(root, 'index.html'), HTML);
  writeFileSync(join(root, 'beep.wav'), wave());
  await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'error',
    plugins: [sluice({ declarations: false })],
    build: { outDir: join(folder, 'dist'), target: 'es2022', chunkSizeWarningLimit: 2000 },
  });
  server = await StaticServer.start(join(folder, 'dist'));
  ({ page, errors } = await pages.open(server.url));
  await page.waitForFunction(() => globalThis.late !== undefined);
}, PATIENCE);

afterAll(async () => {
  server?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const forbidden = () => page.evaluate(() => late.forbidden);

test('an error of the first frame is told with its trace, and shown where that is asked for', {
  timeout: PATIENCE,
}, async () => {
  await page.evaluate(async () => {
    globalThis.game = await late.start();
  });
  await page.waitForFunction(() => late.heard.length > 0);
  const [heard, more] = await page.evaluate(() => late.heard);
  expect(heard?.[0]).toContain(
    'late.slu:4:3: index 7 is out of range for length 3\n  at pick (late.slu:4:3)',
  );
  expect(more).toBeUndefined();
  await expect.poll(() => page.getByRole('alert').textContent()).toContain('late.slu:4:3');
  expect(await forbidden()).toEqual([]);
  expect(errors.every((error) => error.includes('index 7 is out of range'))).toBe(true);
  errors.length = 0;
});

test('text, graphics, sound and the timeline that come late break no rule of the policy', {
  timeout: PATIENCE,
}, async () => {
  await page.evaluate(async () => {
    late.draw(game);
    const { frames } = game.recorder;
    while (game.recorder.frames < frames + 3) await new Promise(requestAnimationFrame);
  });
  expect(await page.evaluate(() => late.play())).toBe('played');
  const width = await page.evaluate(async () => {
    const timeline = await late.look(game);
    const plot = document.querySelector('sluice-timeline')?.shadowRoot?.querySelector('canvas');
    const drawn = plot?.getBoundingClientRect().width;
    timeline.remove();
    return drawn;
  });
  expect(width).toBeGreaterThan(300);
  expect(await forbidden()).toEqual([]);
  expect(errors).toEqual([]);
  // And what does break one is noted.
  await page.evaluate(() => fetch('https://elsewhere.invalid/').catch(() => undefined));
  expect(await forbidden()).toEqual([expect.stringContaining('connect-src')]);
  await page.evaluate(() => game.end());
});

test('the problems of a script of another copy of our classes are shown, and the game starts when they are mended', {
  timeout: PATIENCE,
}, async () => {
  const copied = await page.evaluateHandle(() => late.copied());
  expect(await copied.evaluate(({ error }) => [error.name, error.message])).toEqual([
    'ScriptProblemsError',
    'late.slu does not compile: late.slu:1:1: odd',
  ]);
  await expect.poll(() => page.getByRole('alert').textContent()).toContain('odd');
  const picked = await copied.evaluate(async ({ mend }) => {
    const started = await mend();
    const answer = started.machine.call('pick', 1);
    started.end();
    return Number(answer);
  });
  expect(picked).toBe(2);
});
