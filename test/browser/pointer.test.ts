/** Mouse, wheel and fingers by real events: where the pointer is, and whose it is. */
import { describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { inputPage } from './input-page.ts';

const input = inputPage();

describe('the pointer', { timeout: PATIENCE }, () => {
  test('holds each button until it is let go', async () => {
    const [x, y] = await input.corner();
    await input.page.mouse.move(x + 50, y + 50);
    await input.page.mouse.down({ button: 'left' });
    await input.page.mouse.down({ button: 'right' });
    expect(await input.held('mouse-left', 'mouse-right')).toEqual(['mouse-left', 'mouse-right']);
    await input.page.mouse.up({ button: 'left' });
    expect(await input.held('mouse-left', 'mouse-right')).toEqual(['mouse-right']);
    // Outside of the stage: the release is seen wherever it happens.
    await input.page.mouse.move(5, 5);
    await input.page.mouse.up({ button: 'right' });
    expect(await input.held('mouse-left', 'mouse-right')).toEqual([]);
  });

  test.each([
    ['nothing', {}, [100, 50], [200, 100]],
    // What is left inside of it has other proportions: the picture lies in its middle.
    ['a border', { border: '20px solid red', boxSizing: 'border-box' }, [40, 20], [0, 0]],
    ['padding', { padding: '10px 30px', boxSizing: 'border-box' }, [30, 15], [0, 0]],
    ['a transform', { transform: 'scale(0.5)', transformOrigin: '0 0' }, [100, 50], [400, 200]],
    [
      'a border and a transform',
      { border: '20px solid red', boxSizing: 'content-box', transform: 'scale(0.5)', transformOrigin: '0 0' },
      [10, 10],
      [0, 0],
    ],
  ])('is not shifted by %s', async (_, style, [dx, dy], place) => {
    await input.page.evaluate((rules) => Object.assign(game.stage.canvas.style, rules), style);
    await input.frames();
    const [x, y] = await input.corner();
    await input.page.mouse.move(x + (dx as number), y + (dy as number));
    const [px, py] = await input.pointer();
    await input.page.evaluate((names) => {
      for (const name of names)
        game.stage.canvas.style.setProperty(
          name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`),
          '',
        );
    }, Object.keys(style));
    expect([px, py].map((n) => Math.round(n as number))).toEqual(place);
  });

  test('has no menu over what the game claims', async () => {
    await input.page.evaluate(() => {
      const note = (event: Event) => {
        document.body.title = event.defaultPrevented ? 'no menu' : 'a menu';
      };
      addEventListener('contextmenu', note, { once: true });
    });
    const [x, y] = await input.corner();
    await input.page.mouse.click(x + 50, y + 50, { button: 'right' });
    await input.page.waitForFunction(() => document.body.title === 'no menu');
  });

  test('turns the wheel for the game, and not the page', async () => {
    const [x, y] = await input.corner();
    await input.page.mouse.move(x + 50, y + 50);
    // Looks before it turns: what was turned is seen in one frame only.
    await input.page.evaluate(() => {
      const look = () => {
        if (game.input.wheel === 0) requestAnimationFrame(look);
        else document.body.title = String(game.input.wheel);
      };
      look();
    });
    await input.page.mouse.wheel(0, 120);
    await input.page.waitForFunction(() => document.body.title === '120');
    expect(await input.page.evaluate(() => scrollY)).toBe(0);
  });

  test('is one finger; another is a touch of its own, and a cancelled one lets go of no key', async () => {
    const [x, y] = await input.corner();
    const touch = (
      type: 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel',
      ...points: readonly (readonly [id: number, x: number, y: number])[]
    ) =>
      input.devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([id, px, py]) => ({ x: x + px, y: y + py, id })),
      });
    const touches = async () => {
      await input.frames();
      return input.page.evaluate(() => game.input.touches.map((t) => [Math.round(t.x), Math.round(t.y)]));
    };
    await input.focusStage();
    await input.page.keyboard.down('KeyA');
    await touch('touchStart', [1, 50, 50]);
    await touch('touchStart', [1, 50, 50], [2, 100, 100]);
    expect(await touches()).toEqual([
      [100, 100],
      [200, 200],
    ]);
    await touch('touchMove', [1, 50, 50], [2, 120, 100]);
    expect(await touches()).toEqual([
      [100, 100],
      [240, 200],
    ]);
    expect((await input.pointer()).map(Math.round)).toEqual([100, 100]);
    await touch('touchEnd', [2, 120, 100]);
    expect(await touches()).toEqual([[100, 100]]);
    expect(await input.held('mouse-left', 'key-a')).toEqual(['mouse-left', 'key-a']);
    await touch('touchCancel');
    expect(await touches()).toEqual([]);
    expect(await input.held('mouse-left', 'key-a')).toEqual(['key-a']);
    await input.page.keyboard.up('KeyA');
  });
});
