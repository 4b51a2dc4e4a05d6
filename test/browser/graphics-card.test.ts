/** What a game keeps on the graphics card: what becomes of it with the context, and how long it stays there. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { onTrialPage, servedTrial, TRIAL, TRIAL_SCRIPT } from './trial.ts';

const demos = servedTrial();
let page: Page;
let errors: string[];

onTrialPage(demos, (opened) => {
  ({ page, errors } = opened);
});

describe('a lost context', { timeout: PATIENCE }, () => {
  test.each(['while it plays', 'while it loads', 'while it restarts', 'while code is replaced'])(
    '%s: the picture is the same when it is back',
    async (when) => {
      if (when === 'while code is replaced') demos.server.write(TRIAL, TRIAL_SCRIPT);
      await page.evaluate(async () => {
        globalThis.game = await trial.start();
        const sprite = new trial.pixi.Sprite(trial.pixi.Texture.from(drawing()));
        sprite.position.set(120, 10);
        game.stage.scene.addChild(sprite);

        function drawing(): HTMLCanvasElement {
          const canvas = document.createElement('canvas');
          canvas.width = 20;
          canvas.height = 20;
          const context = canvas.getContext('2d');
          if (context === null) throw new Error('no canvas');
          context.fillStyle = '#f00';
          context.fillRect(5, 5, 10, 10);
          return canvas;
        }
      });
      const before = await page.evaluate(() => trial.picture(game));
      const lose = () =>
        page.evaluate(async () => {
          const gl = game.stage.canvas.getContext('webgl2');
          const extension = gl?.getExtension('WEBGL_lose_context');
          if (!extension) throw new Error('the context cannot be lost');
          extension.loseContext();
          Object.assign(globalThis, { restore: () => extension.restoreContext() });
          await trial.frames(3);
        });
      const restore = () =>
        page.evaluate(async () => {
          (globalThis as unknown as { restore(): void }).restore();
          await trial.frames(4);
        });
      if (when === 'while it plays') {
        await lose();
        await restore();
      } else if (when === 'while it loads') {
        await page.evaluate(() => {
          Object.assign(globalThis, {
            load: game.loading(() => new Promise<void>((done) => Object.assign(globalThis, { done }))),
          });
        });
        await lose();
        await restore();
        await page.evaluate(async () => {
          const { done, load } = globalThis as unknown as { done(): void; load: Promise<void> };
          done();
          await load;
        });
      } else if (when === 'while it restarts') {
        const restarted = page.evaluate(() => game.restart());
        await lose();
        await restarted;
        await restore();
      } else {
        await lose();
        demos.server.edit(TRIAL, ['(+ *steps* 1)', '(+ *steps* 2)']);
        await page.waitForFunction(() => game.replacements === 1);
        await restore();
      }
      const after = await page.evaluate(() => trial.picture(game));
      await page.evaluate(() => game.end());
      expect(before.drawn).toBeGreaterThan(5000);
      expect(after).toEqual(before);
      expect(errors).toEqual([]);
    },
  );
});

test('what was not drawn for 70 seconds is still on the graphics card', { timeout: PATIENCE }, async () => {
  const uploads = await page.evaluate(async () => {
    const game = await trial.start();
    const canvas = document.createElement('canvas');
    canvas.width = 64;
    canvas.height = 64;
    const sprite = new trial.pixi.Sprite(trial.pixi.Texture.from(canvas));
    game.stage.scene.addChild(sprite);
    let count = 0;
    const gl = game.stage.canvas.getContext('webgl2') as unknown as Record<
      string,
      (...all: unknown[]) => unknown
    >;
    for (const name of ['texImage2D', 'texSubImage2D', 'texStorage2D', 'createBuffer']) {
      const real = gl[name];
      gl[name] = (...all) => {
        count += 1;
        return real?.apply(gl, all);
      };
    }
    await trial.frames(3);
    const first = count;
    sprite.visible = false;
    await trial.frames(3);
    count = 0;
    // The clock that PixiJS asks, a second further in each frame.
    const now = performance.now.bind(performance);
    let ahead = 0;
    performance.now = () => now() + ahead;
    for (; ahead < 70_000; ahead += 1000) await trial.frames(1);
    sprite.visible = true;
    await trial.frames(3);
    performance.now = now;
    game.end();
    return { first, later: count };
  });
  expect(uploads.first).toBeGreaterThan(0);
  expect(uploads.later).toBe(0);
});
