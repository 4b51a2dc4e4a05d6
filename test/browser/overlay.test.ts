/** What a page shows of saves and of failures, in a game that counts its frames; and that no way of saving loses what it counted. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { servedDemos } from './demo-server.ts';
import { waitFrames } from './physics-page.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const EDITS = process.env.SLUICE_LONG === '1' ? 300 : 10;
/** Folders of games, one for each test: a page may not yet have heard of a file that the test before has saved. */
const FOLDERS = Array.from({ length: 30 }, (_none, i) => `counting-${i + 1}`);
/** Of the test at hand. */
let folder = '';
const FILE = 'counting.slu';
const PARTS = 'parts.slu';

const SCRIPT = `(import parts (one))
(defglobal mut *ticks* : i64 0)
(defglobal mut *course* : f64 0.0)
(pub defn ticks () : i64 *ticks*)
(pub defn steer ((x : f64)) : Unit (set! *course* x))
(pub defn start () : Unit (set! *ticks* 1000000))
(pub defn frame ((dt : f64)) : Unit (set! *ticks* (+ *ticks* (one))))
`;
const ONE = '(pub defn one () : i64 1)\n';
/** The script with another expression for the step in which it counts. */
const using = (step: string) => SCRIPT.replace('*ticks* (one)', () => `*ticks* ${step}`);
const FASTER = using('(* 2 (one))');

const MAIN = `
import { Game } from '../../engine/index.ts';
import script from './counting.slu';
globalThis.heard = [];
const send = script.report;
script.report = (report) => { heard.push(report); send(report); };
document.querySelector('button').onclick = () => game.machine.call('steer', 1);
const parent = document.querySelector('#stage');
globalThis.game = await Game.start({ script, parent, width: 80, height: 40, timeLimit: 1000 });
`;
const HTML = `<!doctype html><html lang="en"><head><title>Counting</title><link rel="icon" href="data:,"></head>
<body><main><h1>Counting</h1><button>Steer</button><div id="stage" style="width:160px;height:80px"></div></main>
<script type="module" src="main.ts"></script></body></html>`;

const demos = servedDemos((server) => {
  for (const name of FOLDERS)
    for (const [file, text] of Object.entries({
      'main.ts': MAIN,
      'index.html': HTML,
      [FILE]: SCRIPT,
      [PARTS]: ONE,
    }))
      server.write(`${name}/${file}`, text);
});
let page: Page;
let errors: string[];

const save = (file: string, text: string) => demos.server.write(`${folder}/${file}`, text);
const started = (opened: Page) => opened.waitForFunction(() => globalThis.game !== undefined);

beforeEach(async () => {
  folder = FOLDERS.shift() ?? '';
  ({ page, errors } = await demos.open(`${folder}/`));
  await started(page);
  await waitFrames(page, 3);
}, PATIENCE);

const ticks = () => page.evaluate(() => Number(game.machine.call('ticks')));
const scenes = () => page.evaluate(() => game.scenes);
const replaced = (count: number) => page.waitForFunction((n) => game.replacements >= n, count);
const alert = () => page.getByRole('alert');
const rest = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('however a file is saved, nothing is lost', { timeout: PATIENCE }, () => {
  const ways: Readonly<Record<string, () => Promise<void>>> = {
    ...Object.fromEntries(
      [10, 40, 90].map((pause) => [
        `emptied, and written ${pause} ms later`,
        async () => {
          save(FILE, '');
          await rest(pause);
          save(FILE, FASTER);
        },
      ]),
    ),
    'in two halves': async () => {
      save(FILE, FASTER.slice(0, 120));
      await rest(40);
      save(FILE, FASTER);
    },
    'by renaming': async () => demos.server.replace(`${folder}/${FILE}`, FASTER),
    'deleted, and made again': async () => {
      demos.server.remove(`${folder}/${FILE}`);
      await rest(60);
      save(FILE, FASTER);
    },
    'with another file': async () => {
      save(FILE, FASTER);
      save(PARTS, ONE.replace('1)', '3)'));
    },
  };

  test.each(Object.keys(ways))('%s', async (way) => {
    const seen = page.evaluate(async () => {
      let shown = false;
      while (game.replacements === 0) {
        const root = document.querySelector('sluice-overlay')?.shadowRoot;
        shown ||= root?.querySelector('section')?.hidden === false;
        await new Promise(requestAnimationFrame);
      }
      return shown;
    });
    await ways[way]?.();
    expect(await seen).toBe(false);
    await waitFrames(page, 20);
    expect(await page.evaluate(() => [game.replacements, game.scenes])).toEqual([1, 1]);
    expect(await ticks()).toBeGreaterThan(1_000_000);
    expect(errors).toEqual([]);
  });

  test('other line ends, a byte order mark and comments replace nothing', async () => {
    save(FILE, SCRIPT.replaceAll('\n', '\r\n'));
    await rest(100);
    save(FILE, `\uFEFF${SCRIPT.replace('\n', ' ; one\n')}`);
    await rest(100);
    save(FILE, FASTER);
    await replaced(1);
    expect(await page.evaluate(() => game.replacements)).toBe(1);
  });
});

test(`${EDITS} edits: no frame is left out, and nothing is lost`, { timeout: PATIENCE }, async () => {
  const counted = page.evaluate(async (edits) => {
    const { recorder } = game;
    const frames = recorder.frames;
    let shown = 0;
    while (game.replacements < edits) {
      await new Promise(requestAnimationFrame);
      shown += 1;
    }
    return [recorder.frames - frames - shown, game.scenes];
  }, EDITS);
  for (let i = 1; i <= EDITS; i += 1) {
    save(FILE, using(`(+ ${i} (one))`));
    await replaced(i);
  }
  const [difference, ran] = await counted;
  expect(Math.abs(difference ?? 2)).toBeLessThanOrEqual(1);
  expect(ran).toBe(1);
  expect(await ticks()).toBeGreaterThan(1_000_000 + EDITS);
  expect(errors).toEqual([]);
});

test('what became of a save is a strip that goes by itself, and a report for machines', {
  timeout: PATIENCE,
}, async () => {
  save(FILE, FASTER);
  const strip = page.locator('.strip');
  await strip.waitFor();
  expect(await strip.textContent()).toMatch(
    /^New code runs from frame \d+ on \(counting-\d+\/counting\.slu\); compiled \d+ ms, prepared \d+ ms, swapped \d+ ms$/,
  );
  expect(await page.evaluate(() => game.lastReload)).toMatchObject({
    outcome: 'replaced',
    changed: [`${folder}/counting.slu`],
    notes: [],
  });
  expect(await page.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard.length)).toBe(1);
  expect(await strip.evaluate((element) => element.parentElement?.getAttribute('role'))).toBe('status');
  await strip.waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
});

describe('an error', { timeout: PATIENCE }, () => {
  test('stays, opens its place in the editor, and is put aside with Esc until there is another', async () => {
    let opened = '';
    await page.route('**/__open-in-editor*', (route) => {
      opened = route.request().url();
      return route.fulfill({ body: '' });
    });
    save(FILE, using('(two)'));
    await alert().waitFor();
    expect(await alert().textContent()).toMatch(/An error in the script; the last good code goes on.*two/);
    await alert().getByRole('link').click();
    await expect
      .poll(() => decodeURIComponent(opened))
      .toMatch(/\/demos\/counting-\d+\/counting\.slu:\d+:\d+$/);
    await page.keyboard.press('Escape');
    await alert().waitFor({ state: 'hidden' });
    save(FILE, using('(three)'));
    await alert().waitFor();
    save(FILE, SCRIPT);
    await alert().waitFor({ state: 'hidden' });
    expect(errors).toEqual([]);
  });

  test('in a line of 300 KB is shown with what is around it', async () => {
    save(FILE, using(`(+ ${'1 '.repeat(150_000)}(two))`));
    await alert().waitFor();
    const text = (await alert().textContent()) ?? '';
    expect(text.length).toBeLessThan(1000);
    expect(await alert().locator('mark').textContent()).toBe('two');
  });

  test('a module that is not there: it is gone when the module is made', async () => {
    demos.server.remove(`${folder}/${PARTS}`);
    await alert().waitFor();
    expect(await alert().textContent()).toContain('parts');
    save(PARTS, ONE.replace('1)', '2)'));
    await alert().waitFor({ state: 'hidden' });
    await replaced(1);
    expect(await scenes()).toBe(1);
  });

  test('a deleted script says so, also in a page that is opened meanwhile and starts when it is back', async () => {
    demos.server.remove(`${folder}/${FILE}`);
    await alert().waitFor();
    expect(await alert().textContent()).toContain(`there is no file ${folder}/counting.slu`);
    const other = await demos.open(`${folder}/`, { beside: true });
    await other.page.getByRole('alert').waitFor();
    expect(await other.page.getByRole('alert').textContent()).toContain('there is no file');
    save(FILE, SCRIPT);
    await started(other.page);
    await alert().waitFor({ state: 'hidden' });
    expect(await ticks()).toBeGreaterThan(1_000_000);
    await other.page.close();
    expect([...errors, ...other.errors]).toEqual([]);
  });

  test('a call of the page that the script does not take any more is shown in the page', async () => {
    save(
      FILE,
      SCRIPT.replace('steer ((x : f64))', 'steer ((x : f64) (y : f64))').replace(
        '*course* x',
        '*course* (+ x y)',
      ),
    );
    await replaced(1);
    await expect
      .poll(() => page.locator('.strip').textContent())
      .toContain('`steer` takes or returns something else');
    await page.getByRole('button', { name: 'Steer' }).click();
    await alert().waitFor();
    await page.getByRole('button', { name: 'Steer' }).click();
    expect(await alert().textContent()).toContain(
      'a call of the page failed: steer takes 2 arguments, not 1',
    );
    await expect.poll(() => alert().locator('.count').textContent()).toBe('\u00d7 2');
    save(FILE, SCRIPT);
    await alert().waitFor({ state: 'hidden' });
  });
});

test('live objects take new layouts, and a page asks where they cannot', { timeout: PATIENCE }, async () => {
  const withBodies = (fields: string, made: string) =>
    `${SCRIPT.replace('(set! *ticks* 1000000)', `(set! *ticks* 1000000) (for (i 0 (< i 50)) (push! *bodies* (Body ${made})))`)}
(defstruct Body ${fields}) (defglobal mut *bodies* : (MutVec Body) (mut-vec))
(pub defn bodies () : String (str (len *bodies*) (last *bodies*)))\n`;
  const bodies = () => page.evaluate(() => game.machine.call('bodies'));
  save(FILE, withBodies('(n : i64)', 'i'));
  await replaced(1);
  await page.evaluate(() => game.restart());
  expect(await bodies()).toBe('50(Body :n 49)');
  const scene = await scenes();
  save(FILE, withBodies('(name : String "none") (n : f64)', ':n (f64 i)'));
  await page.waitForFunction(() => game.lastReload?.notes.some((note) => note.includes('took a new layout')));
  expect(await page.evaluate(() => game.lastReload?.notes)).toContain('50 `Body` took a new layout');
  expect(await bodies()).toBe('50(Body :name "none" :n 49.0)');
  expect(await scenes()).toBe(scene);
  save(FILE, withBodies('(name : String "none") (n : f64) (mass : f64)', '"x" (f64 i) 1.0'));
  await alert().getByText('live objects do not fit the new code').waitFor();
  expect(await alert().textContent()).toContain(
    'field `mass` of `Body` is new, and has no default (50 alive)',
  );
  expect(await bodies()).toBe('50(Body :name "none" :n 49.0)');
  const before = await ticks();
  await waitFrames(page, 3);
  expect(await ticks()).toBeGreaterThan(before);
  await alert().getByRole('button', { name: 'begin anew with it' }).click();
  await page.waitForFunction((n) => game.scenes > n, scene);
  expect(await bodies()).toBe('50(Body :name "x" :n 49.0 :mass 1.0)');
  expect(errors).toEqual([]);
});

test('code that lacks something is not used unless it is meant so', { timeout: PATIENCE }, async () => {
  await page.evaluate(() => {
    const { machine } = game;
    const replace = machine.replace.bind(machine);
    const asking = (patch: Parameters<typeof replace>[0], { ask }: { ask: boolean }) =>
      ask ? { kind: 'confirm', reason: 'the new code has no `frame`' } : replace(patch);
    Object.assign(machine, { replace: asking });
  });
  save(FILE, FASTER);
  await alert().waitFor();
  expect(await alert().textContent()).toMatch(/is the new code meant so\?.*the new code has no `frame`/);
  expect(await page.evaluate(() => [game.replacements, game.lastReload?.outcome])).toEqual([0, 'refused']);
  await alert().getByRole('button', { name: 'use it' }).click();
  await replaced(1);
  await alert().waitFor({ state: 'hidden' });
  expect(errors).toEqual([]);
});

test('reports say why code is refused: a first value that fails', { timeout: PATIENCE }, async () => {
  save(FILE, `${SCRIPT}(defglobal *first* : i64 (nth (range 0 1) 7))\n`);
  await alert().getByText('The new code could not be used').waitFor();
  expect(await page.evaluate(() => game.lastReload)).toMatchObject({
    outcome: 'refused',
    reason: expect.stringMatching(/counting\.slu:\d+:\d+: .*index 7/),
    changed: [`${folder}/counting.slu`],
  });
  save(FILE, FASTER);
  await replaced(1);
  await alert().waitFor({ state: 'hidden' });
  expect(await scenes()).toBe(1);
});

test('code that comes while a scene starts anew is for the new one', { timeout: PATIENCE }, async () => {
  await page.evaluate(() => {
    const { compile } = WebAssembly;
    const gate = new Promise<void>((resolve) => Object.assign(globalThis, { goOn: resolve }));
    WebAssembly.compile = async (bytes) => {
      WebAssembly.compile = compile;
      await gate;
      return compile(bytes);
    };
    void game.restart();
  });
  save(FILE, FASTER);
  await page.waitForFunction(() => game.loop.reload?.coming);
  await waitFrames(page, 20);
  expect(await page.evaluate(() => [game.scenes, game.replacements])).toEqual([1, 0]);
  await page.evaluate('goOn()');
  await replaced(1);
  const inAStep = () => {
    const before = Number(game.machine.call('ticks'));
    return game.machine.step(0) + Number(game.machine.call('ticks')) - before;
  };
  expect([await scenes(), await page.evaluate(inAStep)]).toEqual([2, 2]);
  expect(errors).toEqual([]);
});

describe('frames that fail', { timeout: PATIENCE }, () => {
  const failing = SCRIPT.replace('(one))))', '(one)))\n  (error "no level"))');

  test('are shown and marked until they are mended, with a count, and can be put aside', async () => {
    save(FILE, failing);
    await alert().waitFor();
    const mark = page.locator('.failing');
    await mark.waitFor();
    const count = async () => Number((await alert().locator('.count').textContent())?.slice(2));
    const before = await count();
    await expect.poll(count).toBeGreaterThan(before);
    const text = (await alert().textContent()) ?? '';
    expect(text).toMatch(/frame failed: no level/);
    expect(text).not.toMatch(/#\d/);
    expect(await alert().locator('article').count()).toBe(1);
    await page.keyboard.press('Escape');
    await alert().waitFor({ state: 'hidden' });
    expect(await mark.isVisible()).toBe(true);
    await page.getByRole('button', { name: 'frames fail' }).click();
    await alert().waitFor();
    save(FILE, SCRIPT);
    await alert().waitFor({ state: 'hidden' });
    await mark.waitFor({ state: 'hidden' });
    expect(errors).toHaveLength(1);
  });

  test('by an endless loop do not keep the save that mends them waiting', async () => {
    save(FILE, SCRIPT.replace('(one))))', '(one)))\n  (while true))'));
    await replaced(1);
    await alert().waitFor();
    const failed = () => page.evaluate(() => game.machine.failures[0]?.count ?? 0);
    const before = await failed();
    save(FILE, SCRIPT);
    await replaced(2);
    expect(before).toBeLessThanOrEqual(4);
    await waitFrames(page, 5);
    expect(await failed()).toBe(0);
    expect(await ticks()).toBeGreaterThan(1_000_000);
  });

  test('and everything else that is shown is readable, light or dark', async () => {
    await page.addScriptTag({ content: AXE });
    save(FILE, failing);
    await page.locator('.failing').waitFor();
    save(PARTS, ONE.replace('one', 'two'));
    await alert().locator('mark').first().waitFor();
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
