/**
 * The package as a new user has it: packed, installed in an empty folder outside of the checkout, with a space in its path; a project
 * made, checked, built, served and played. Only the registry is the one that this checkout is installed from.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { PROJECT } from './demo-server.ts';
import { inBrowser } from './in-browser.ts';
import { StaticServer } from './static-server.ts';

const LONG = process.env.SLUICE_LONG === '1';
/** pnpm is fetched by the long tests only. */
const PNPM = 'pnpm@10.34.5';
const QUIET = ['--prefer-offline', '--no-audit', '--no-fund'];

/** Puts what belongs to whom into files of their own. */
const SIZE_CONFIG = `import { serve, sluice } from 'sluice/vite';
import { defineConfig } from 'vite';
// In this order, since each takes what its files import along.
const groups = [
  { name: 'pixi', test: /node_modules.(?!sluice|stats|@jridgewell)/ },
  // What is fetched when there is trouble to be shown, by development images, or when a game has a use for it, is none of it.
  { name: 'sluice', test: /\\.slu|node_modules.sluice.(?!.*(reload.(shown|reloader)|stage.display-objects|profile.drawn|input.(ask-text|pads)|image.(name-section|signature)|machine.(allocations|lost-scene|owned|rebind|naming|tracing|trace|places|check-message|development|link-development|versions|ranges|kept|replace|migration|function-values|function-uses|set-aside|living-globals|forced|reset|seed|shrink)))/ },
];
const output = { codeSplitting: { groups } };
export default defineConfig({
  base: './',
  plugins: [sluice(), serve()],
  build: { target: 'es2022', rolldownOptions: { output } },
});
`;

/** The page of `hello`, whose bytes are counted: its game, and a word when its first frame is drawn. */
const HELLO_PAGE = `import { Game } from 'sluice';
import script from './hello.slu';
const [parent, score] = ['stage', 'score'].map((id) => document.getElementById(id));
const game = await Game.start({ script, parent, width: 800, height: 600, background: 0x0d1420 });
game.stage.updates.push(() => {
  score.textContent = 'drawn';
});
`;

const folder = mkdtempSync(join(tmpdir(), 'sluice package '));
const project = join(folder, 'my game');
const pages = inBrowser();
let tarball: string;

beforeAll(() => {
  pack();
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
}, PATIENCE);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Packs as `npm pack` does, but for the heaps: those that all tests use are packed, since to build them takes a third of the time. */
function pack(): void {
  if (LONG) {
    npm(PROJECT, 'pack', '--pack-destination', folder);
    return;
  }
  const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  const [heaps, ...before] = String(scripts.prepack).split(' && ');
  expect(heaps).toBe('npm run build:heap');
  try {
    for (const step of before) run(PROJECT, 'sh', ['-c', step]);
    npm(PROJECT, 'pack', '--ignore-scripts', '--pack-destination', folder);
  } finally {
    run(PROJECT, 'sh', ['-c', scripts.postpack]);
  }
}

/** Runs npm in a folder and returns what it prints; an error where it fails. None of this process's npm settings count. */
function npm(cwd: string, ...args: string[]): string {
  return run(cwd, 'npm', args);
}

function run(cwd: string, command: string, args: readonly string[]): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_)/.test(name)));
  try {
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  }
}

/** Plays until stars were caught, and returns what went wrong. */
async function play(url: string): Promise<readonly string[]> {
  const { page, errors } = await pages.open(url);
  await notePolicy(page);
  await page.waitForFunction(() => /\d/.test(document.getElementById('score')?.textContent ?? ''));
  const stage = await page.locator('canvas').boundingBox();
  if (stage === null) throw new Error('there is no canvas');
  await page.mouse.move(stage.x + stage.width / 2, stage.y + stage.height / 2);
  await page.waitForFunction(() => /[1-9]/.test(document.getElementById('score')?.textContent ?? ''));
  expect(await page.locator('canvas').count()).toBe(1);
  return [...errors];
}

/** What the policy forbids from now on is an error of the console anyway; this says which directive it was. */
async function notePolicy(page: Page): Promise<void> {
  await page.evaluate(() =>
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`${violatedDirective} forbids ${blockedURI}`),
    ),
  );
}

/** A development server in a project; its address when it listens. */
async function developmentServer(cwd: string): Promise<{ url: string; process: ChildProcess }> {
  const vite = join(cwd, 'node_modules/vite/bin/vite.js');
  const server = spawn(process.execPath, [vite, '--host', '127.0.0.1', '--port', '0'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (bytes) => {
      text += bytes;
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
      if (found !== undefined) resolve(found);
    });
    server.on('exit', () => reject(new Error(`the development server ended: ${text}`)));
  });
  return { url, process: server };
}

/** Checks, builds and plays a project that was installed. */
async function useProject(cwd: string): Promise<void> {
  npm(cwd, 'run', 'typecheck');
  npm(cwd, 'run', 'build');
  const server = await StaticServer.start(join(cwd, 'dist'));
  expect(await play(server.url)).toEqual([]);
  server.stop();
  const development = await developmentServer(cwd);
  try {
    expect(await play(development.url)).toEqual([]);
  } finally {
    development.process.kill();
  }
}

test('holds code, declarations, the heap, the library and licences, and nothing else', {
  timeout: PATIENCE,
}, () => {
  const files = run(folder, 'tar', ['-tzf', tarball]).trim().split('\n');
  const odd = files.filter((file) => !/\.(d\.ts|js|slu)$/.test(file) && !file.includes('/demos/template/'));
  expect(odd.map((file) => file.replace('package/', '')).sort()).toEqual([
    'LICENSE',
    'NOTICE',
    'README.md',
    'build/package/build/heap-checked.wasm',
    'build/package/build/heap.wasm',
    'build/package/scripting/tools/short-run.mjs',
    'build/package/scripting/tools/start.mjs',
    'build/package/sluice.mjs',
    'package.json',
  ]);
  expect(files.filter((file) => /test\//.test(file))).toEqual([]);
  const manifest = JSON.parse(run(folder, 'tar', ['-xzOf', tarball, 'package/package.json']));
  expect(manifest.scripts).toBeUndefined();
  expect(JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')).scripts).toBeDefined();
});

describe('a project that the package has made', () => {
  beforeAll(() => {
    // As the bin of an installed package does it; installing twice would show no more.
    const unpacked = join(folder, 'unpacked');
    mkdirSync(unpacked);
    run(unpacked, 'tar', ['-xzf', tarball]);
    symlinkSync(join(PROJECT, 'node_modules'), join(unpacked, 'node_modules'));
    const bin = join(unpacked, 'package/build/package/sluice.mjs');
    run(folder, process.execPath, [bin, 'new', project, '--package', tarball]);
    npm(project, 'install', ...QUIET);
    expect(npm(project, 'exec', '--', 'sluice', '--help')).toContain('Usage: sluice');
  }, PATIENCE);

  test('passes tsc, builds, and plays, built and served', { timeout: PATIENCE }, () => useProject(project));

  test('has the images beside its script in a page of its own', () => {
    const pages = readdirSync(join(project, 'dist/assets')).filter((name) => name.startsWith('images-'));
    expect(pages).toEqual([expect.stringMatching(/^images-1-[\w-]{8}\.png$/)]);
    expect(npm(project, 'exec', '--', 'sluice', 'check', 'game.slu')).toBe('');
  });

  test('has one PixiJS, and no compiler in its page', () => {
    const pixi = readdirSync(join(project, 'node_modules'), { recursive: true, encoding: 'utf8' });
    expect(pixi.filter((path) => /pixi\.js\/package\.json$/.test(path))).toEqual(['pixi.js/package.json']);
    const built = readdirSync(join(project, 'dist/assets')).filter((name) => name.endsWith('.js'));
    const text = built.map((name) => readFileSync(join(project, 'dist/assets', name), 'utf8')).join('\n');
    expect(text).not.toContain('binaryen');
    expect(readFileSync(join(project, 'dist/licenses.md'), 'utf8')).toContain('pixi.js');
  });

  test('fetches no more than it should until it is drawn', { timeout: PATIENCE }, async () => {
    writeFileSync(join(project, 'size.config.ts'), SIZE_CONFIG);
    const hello = join(PROJECT, 'demos/hello');
    for (const file of ['hello.slu', 'images/ball.png', 'images/ball@2x.png'])
      copyFileSync(join(hello, file), join(project, file));
    writeFileSync(join(project, 'hello.js'), HELLO_PAGE);
    const index = join(project, 'index.html');
    const own = readFileSync(index, 'utf8');
    writeFileSync(index, own.replace('./main.ts', './hello.js'));
    run(project, 'node', ['node_modules/vite/bin/vite.js', 'build', '--config', 'size.config.ts']);
    writeFileSync(index, own);
    const server = await StaticServer.start(join(project, 'dist'));
    const { page } = await pages.open('about:blank', {
      before: () =>
        new MutationObserver(() => {
          if (/drawn/.test(document.getElementById('score')?.textContent ?? ''))
            document.documentElement.dataset.drawn ??= String(performance.now());
        }).observe(document, { subtree: true, childList: true, characterData: true }),
    });
    const bodies: Promise<readonly [path: string, body: Buffer]>[] = [];
    page.on('response', (response) =>
      bodies.push(response.body().then((body) => [new URL(response.url()).pathname, body])),
    );
    await page.goto(server.url);
    const later = await page.waitForFunction(() => {
      const drawn = Number(document.documentElement.dataset.drawn);
      const files = performance.getEntriesByType('resource').filter(({ startTime }) => startTime > drawn);
      const paths = files.map(({ name }) => new URL(name).pathname);
      return paths.length < 2 ? undefined : paths;
    });
    const late = await later.jsonValue();
    // What a trace is read by.
    expect(late?.map((path) => /(tracing|places)-[^/]*$/.exec(path)?.[1]).sort()).toEqual([
      'places',
      'tracing',
    ]);
    const bytes = { pixi: 0, ours: 0, others: 0 };
    for (const [path, body] of await Promise.all(bodies)) {
      if (/\.(png|ico)$/.test(path) || late?.includes(path)) continue;
      const whose = /\/pixi-/.test(path) ? 'pixi' : /\/(sluice-|.*\.wasm$)/.test(path) ? 'ours' : 'others';
      bytes[whose] += gzipSync(body, { level: 9 }).length;
    }
    server.stop();
    console.log(`bytes fetched, gzip: ${JSON.stringify(bytes)}`);
    const all = bytes.pixi + bytes.ours + bytes.others;
    // `packaging/README.md` has the same numbers, but for what compresses a little otherwise elsewhere.
    const told = readFileSync(join(PROJECT, 'packaging/README.md'), 'utf8');
    const figures = [...told.matchAll(/^\| .*? \| +([\d,]+) +\|/gm)].map(([, n]) =>
      Number(n?.replace(',', '')),
    );
    for (const [i, measured] of [bytes.pixi, bytes.ours, bytes.others, all].entries())
      expect(Math.abs((figures[i] ?? 0) - measured), `row ${i}: ${measured}`).toBeLessThan(
        measured / 50 + 50,
      );
    expect(bytes.pixi).toBeGreaterThan(100_000);
    expect(bytes.ours).toBeGreaterThan(40_000);
    expect(bytes.ours).toBeLessThanOrEqual(60 * 1024);
    expect(all).toBeLessThanOrEqual(212 * 1024);
  });

  test('knows what its script exports', () => {
    const main = join(project, 'main.ts');
    const text = readFileSync(main, 'utf8');
    writeFileSync(main, text.replace("call('steer', input.pointerX)", "call('steer', 'left')"));
    expect(() => npm(project, 'run', 'typecheck')).toThrow(
      /'string' is not assignable to parameter of type 'number'/,
    );
    writeFileSync(main, text);
  });
});

describe.runIf(LONG)('and', () => {
  test('installed by pnpm', { timeout: PATIENCE }, async () => {
    const other = join(folder, 'with pnpm');
    run(PROJECT, 'node', ['build/package/sluice.mjs', 'new', other, '--package', `file:${tarball}`]);
    run(other, 'npx', ['--yes', PNPM, 'install']);
    await useProject(other);
  });

  test('linked from where it was built', { timeout: PATIENCE }, async () => {
    const other = join(folder, 'linked');
    run(PROJECT, 'node', ['build/package/sluice.mjs', 'new', other, '--package', `file:${PROJECT}`]);
    npm(other, 'install', ...QUIET, '--install-links=false');
    await useProject(other);
  });
});
