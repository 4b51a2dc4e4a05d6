import type { Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { servedDemos } from './demo-server.ts';
import { SMALL } from './in-browser.ts';
import { bodies, movement, outside, SCRIPT, tellBodies, turn, waitFrames } from './physics-page.ts';

const BODIES = 'physics/bodies.slu';
/** In `step!`: how a body that comes to rest is drawn. */
const DIMMED = '(set! (.alpha (.look b))';

const demos = servedDemos(tellBodies, SMALL);
let original: string;
let originalBodies: string;
let page: Page;
let errors: string[];

beforeAll(async () => {
  const { server } = demos;
  // Few bodies, since the processor draws them.
  server.edit(SCRIPT, ['(set-body-count 500)', '(set-body-count 100)']);
  server.edit('physics/index.html', ['value="500"', 'value="100"']);
  original = server.read(SCRIPT);
  originalBodies = server.read(BODIES);
});

beforeEach(async () => {
  ({ page, errors } = await demos.open('physics/'));
  await waitFrames(page, 10);
});

afterEach(async () => {
  // Not before the page has seen the restored script may the next test open its own: it would see it too.
  const seen = await page.evaluate(() => game.replacements + game.scenes);
  // What it has already brings nothing.
  for (const [file, text] of [
    [SCRIPT, original],
    [BODIES, originalBodies],
  ] as const) {
    if (demos.server.read(file) === text) continue;
    demos.server.write(file, text);
    await page.waitForFunction((n) => game.replacements + game.scenes > n, seen);
  }
});

const replacements = (count: number) => page.waitForFunction((n) => game.replacements >= n, count);
const overlay = () => page.getByRole('alert');

describe('a script that is saved while the demo runs', { timeout: PATIENCE }, () => {
  test('changes what the demo does, and the bodies stay where they are', async () => {
    await page.locator('#bodies').fill('200');
    await waitFrames(page, 5);
    // The world waits meanwhile, however long compiling takes here.
    await page.evaluate(() => {
      game.paused = true;
    });
    const before = await bodies(page);
    demos.server.edit(SCRIPT, [DIMMED, `(set! (.rotation (.place b)) 1.5) ${DIMMED}`]);
    await replacements(1);
    expect(await bodies(page)).toEqual(before);
    await page.evaluate(async () => {
      game.paused = false;
      const { frames } = game.recorder;
      while (game.recorder.frames < frames + 2) await new Promise(requestAnimationFrame);
      game.paused = true;
    });
    const after = await bodies(page);
    expect(after).toHaveLength(200);
    expect(new Set(after.map(({ rotation }) => rotation))).toEqual(new Set([1.5]));
    // In a world that was made anew they would be anywhere, hundreds of units away.
    expect(movement(before, after)).toBeLessThan(60);
    expect(await page.evaluate(() => game.scenes)).toBe(1);
    expect(errors).toEqual([]);
  });

  test('shows its errors with the source line while the old code goes on, until they are mended', async () => {
    demos.server.edit(SCRIPT, [DIMMED, '(set! (.alfa (.look b))']);
    await overlay().waitFor();
    const text = await overlay().textContent();
    expect(text).toContain('physics.slu:');
    expect(text).toContain('(set! (.alfa (.look b))');
    await turn(page);
    const before = await bodies(page);
    await waitFrames(page, 10);
    expect(movement(before, await bodies(page))).toBeGreaterThan(0.1);

    demos.server.edit(SCRIPT, ['.alfa', '.alpha']);
    await overlay().waitFor({ state: 'hidden' });
    await replacements(1);
    expect(await page.evaluate(() => game.scenes)).toBe(1);
    expect(errors).toEqual([]);
  });

  test('asks where live objects lack what a type has now, and starts the scene anew when told to', async () => {
    await page.locator('#bodies').fill('200');
    demos.server.edit(
      BODIES,
      ['(mut asleep : Bool))', '(mut asleep : Bool)\n  (mut heat : f64))'],
      [':asleep false', ':asleep false :heat 0.0'],
    );
    const alert = page.getByRole('alert');
    await alert.getByText('field `heat` of `Body` is new, and has no default').waitFor();
    expect(await page.evaluate(() => game.scenes)).toBe(1);
    await alert.getByRole('button', { name: 'begin anew with it' }).click();
    await page.waitForFunction(() => game.scenes === 2);
    await page
      .locator('.strip')
      .filter({ hasText: /restarted.*Body/ })
      .waitFor();
    await waitFrames(page, 10);
    const now = await bodies(page);
    // What the page had told the old scene, it tells the new one.
    expect(now).toHaveLength(200);
    expect(outside(now)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test('reports a failure of the running script once, with its place, and frames go on', async () => {
    demos.server.edit(SCRIPT, ['(step! dt))))', '(step! dt))\n    (nth *tints* -5)))']);
    await replacements(1);
    await waitFrames(page, 20);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/physics\.slu:\d+:\d+: index -5 is out of range/);
    expect(errors[0]).toContain('at frame');
    await turn(page);
    const before = await bodies(page);
    await waitFrames(page, 10);
    expect(movement(before, await bodies(page))).toBeGreaterThan(0.1);
  });
});

test('a demo whose script does not compile at first starts when the script is mended', {
  timeout: PATIENCE,
}, async () => {
  demos.server.edit(SCRIPT, [DIMMED, '(set! (.alfa (.look b))']);
  await overlay().waitFor();
  await demos.open('physics/');
  await overlay().waitFor();
  expect(await page.evaluate(() => globalThis.game)).toBeUndefined();
  demos.server.write(SCRIPT, original);
  await waitFrames(page, 5);
  expect(await bodies(page)).toHaveLength(100);
  expect(await overlay().isHidden()).toBe(true);
});
