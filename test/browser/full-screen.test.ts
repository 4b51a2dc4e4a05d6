/** A game that fills the screen: its picture, the texts that it asks for, and the key that leaves it. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { onTrialPage, servedTrial } from './trial.ts';

const demos = servedTrial();
let page: Page;
let errors: string[];

onTrialPage(demos, (opened) => {
  ({ page, errors } = opened);
});

describe('full screen', { timeout: PATIENCE }, () => {
  /** What is at the middle of the window, and what the picture is like there. */
  const middle = () =>
    page.evaluate(async () => {
      await trial.frames(3);
      const { canvas } = game.stage;
      const { width, height } = canvas.getBoundingClientRect();
      const seen = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
      return {
        picture: (await trial.picture(game)).digest.split(' ', 1)[0],
        canvas: [width, height],
        seen: seen?.localName,
        alone: document.fullscreenElement === canvas,
      };
    });

  /** Whoever is asked for full screen by a click, as browsers demand. */
  const fillScreen = (what: 'canvas' | 'parent') =>
    page.evaluate((which) => {
      const button = document.createElement('button');
      button.textContent = 'Full screen';
      button.style.position = 'fixed';
      button.style.bottom = '0';
      button.onclick = () => {
        const { canvas } = game.stage;
        void (which === 'canvas' ? canvas : canvas.parentElement)?.requestFullscreen();
        button.remove();
      };
      document.body.append(button);
    }, what);

  test.each([
    ['canvas', 'width'],
    ['canvas', 'screen'],
    ['parent', 'contain'],
  ] as const)(
    'of the %s (fit: %s) shows the scene whole, and a text is asked for on it',
    async (what, fit) => {
      await page.evaluate(async (how) => {
        globalThis.game = await trial.start({ fit: how });
      }, fit);
      const before = await middle();
      await fillScreen(what);
      await page.getByRole('button', { name: 'Full screen' }).click();
      await page.waitForFunction(() => document.fullscreenElement !== null);
      expect(await middle()).toEqual({
        picture: '560x280',
        canvas: [560, 560],
        seen: 'canvas',
        alone: what === 'canvas',
      });

      const asked = page.evaluate(() => game.input.askText({ label: 'Your name' }));
      const field = page.getByRole('textbox', { name: 'Your name' });
      await field.waitFor();
      expect((await middle()).seen).toMatch(/^(input|label)$/);
      await page.keyboard.type('Ada ');
      // Out of it, and in again: the field is where the canvas is, and goes on.
      await page.evaluate(() => document.exitFullscreen());
      await page.waitForFunction(() => document.fullscreenElement === null);
      // It comes there when the page has been laid out anew.
      const besides = async () => {
        const [bounds, stage] = await Promise.all([
          field.boundingBox(),
          page.locator('canvas').boundingBox(),
        ]);
        if (bounds === null || stage === null) throw new Error('the field is not seen');
        expect(bounds.y + bounds.height / 2).toBeGreaterThan(stage.y);
        return Math.abs(bounds.x + bounds.width / 2 - (stage.x + stage.width / 2));
      };
      await expect.poll(besides, { timeout: PATIENCE }).toBeLessThan(2);
      await page.keyboard.type('L');
      await page.keyboard.press('Enter');
      expect(await asked).toBe('Ada L');
      expect(await middle()).toEqual(before);
      await page.evaluate(() => game.end());
      expect(errors).toEqual([]);
    },
  );

  test('is left by Escape, which no game keeps', async () => {
    await page.evaluate(async () => {
      globalThis.game = await trial.start({ input: { claim: ['escape'] } });
    });
    await fillScreen('canvas');
    await page.getByRole('button', { name: 'Full screen' }).click();
    await page.waitForFunction(() => document.fullscreenElement !== null);
    await page.evaluate(() => {
      addEventListener('keydown', ({ code, defaultPrevented }) => {
        document.body.title = `${code} ${defaultPrevented ? 'kept' : 'left'}`;
      });
    });
    // Without a window, nobody hears of the key but the page: that it is the browser's is all that can be seen.
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.body.title === 'Escape left');
    await page.evaluate(async () => {
      await document.exitFullscreen();
      game.end();
    });
  });
});
