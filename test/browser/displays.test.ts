/** A script's texts and drawings as they are seen, and who gets a pointer that is over something else than the game. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { countInPage, countsOf } from './counts.ts';
import { servedDemos } from './demo-server.ts';
import { waitFrames } from './physics-page.ts';

const SCRIPT = `
(import sluice.game :all)
(import sluice.stage :all)
(import sluice.math :all)
(import sluice.input :all)
(deflayers (ground) (ui :camera :screen))
(defglobal mut *sign* : Display (text "MMMM" :at (Vec2 10.0 10.0) :size 30.0 :tint 0xff0000 :layer :ui))
(defglobal mut *board* : (Option Display) None)
(pub defn start () : Unit
  (let ((board (drawing :layer :ground)))
    (draw-rect! board (Rect 100.0 40.0 80.0 40.0) 0x00ff00)
    (set! *board* (Some board))))
(pub defn write ((content : String)) : Unit (set-text! *sign* content))
(pub defn fade ((alpha : f64)) : Unit (set-look! *sign* (update (look-of *sign*) :alpha alpha)))
(pub defn redraw () : Unit
  (match *board* ((Some board) (clear-drawing! board) (draw-circle! board (Vec2 140.0 60.0) 20.0 0x0000ff)) (None ())))
(pub defn drop () : Unit (remove! *sign*) (match *board* ((Some board) (remove! board)) (None ())))
(pub defn pan ((x : f64)) : Unit (look-at! (Vec2 x 50.0)))
(defn frame ((dt : f64)) : Unit ())
`;

const MAIN = `
import { Graphics } from 'pixi.js';
import { Game } from '../../engine/index.ts';
import script from './signs.slu';
globalThis.begin = async () => {
  globalThis.game = await Game.start({
    script, parent: document.querySelector('#stage'), width: 200, height: 100, background: 0x101010
  });
};
globalThis.listening = () => {
  const key = new Graphics().rect(0, 0, 40, 40).fill(0x404040);
  key.position.set(150, 50);
  key.eventMode = 'static';
  globalThis.pressed = 0;
  key.on('pointerdown', () => { pressed += 1; });
  game.stage.layer('ui').addChild(key);
};
await begin();
`;

const PAGE = `<!doctype html><html lang="en"><title>Signs</title><link rel="icon" href="data:,">
<body style="margin: 0; user-select: none"><div id="stage" style="width: 200px; position: relative">
<div id="over" style="position: absolute; left: 0; top: 60px; width: 40px; height: 40px; background: #333"></div></div>
<script type="module" src="main.ts"></script></body></html>`;

declare global {
  var begin: () => Promise<void>;
  /** Puts a display object that listens at (150, 50), 40 units large. */
  var listening: () => void;
  var pressed: number;
}

let page: Page;
let errors: string[];

const demos = servedDemos((server) => {
  server.write('signs/signs.slu', SCRIPT);
  server.write('signs/main.ts', MAIN);
  server.write('signs/index.html', PAGE);
});

beforeAll(async () => {
  ({ page, errors } = await demos.open('signs/', { before: countInPage }));
  await page.waitForFunction(() => globalThis.game !== undefined, undefined, { timeout: 30_000 });
  await waitFrames(page, 3);
}, PATIENCE);

/** How many pixels are red, green and blue, right after a frame. */
const colours = () =>
  page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const { canvas } = game.stage;
    const copy = document.createElement('canvas');
    copy.width = canvas.width;
    copy.height = canvas.height;
    const context = copy.getContext('2d', { willReadFrequently: true });
    context?.drawImage(canvas, 0, 0);
    const data = context?.getImageData(0, 0, copy.width, copy.height).data ?? [];
    const found = [0, 0, 0];
    for (let i = 0; i < data.length; i += 4)
      for (let c = 0; c < 3; c += 1)
        if ((data[i + c] as number) > 120 && (data[i + ((c + 1) % 3)] as number) < 80)
          (found[c] as number) += 1;
    return found;
  });
const call = (name: string, ...args: readonly (string | number)[]) =>
  page.evaluate(([what, given]) => void game.machine.call(what, ...given), [name, args] as const);
const held = () => page.evaluate(() => game.input.held('mouse-left'));

test('texts and drawings are seen as the script says, until they are removed', {
  timeout: PATIENCE,
}, async () => {
  // What draws them is fetched when there are some.
  await expect.poll(async () => (await colours())[0], { timeout: PATIENCE }).toBeGreaterThan(100);
  const [red = 0, green, blue] = await colours();
  expect([green, blue]).toEqual([3200, 0]);
  await call('write', 'M');
  const [less = 0] = await colours();
  expect(less).toBeGreaterThan(0);
  expect(less).toBeLessThan(red / 2);
  await call('fade', 0.1);
  expect((await colours())[0]).toBe(0);
  await call('redraw');
  const [, none, disc = 0] = await colours();
  expect(none).toBe(0);
  expect(Math.abs(disc - Math.PI * 400)).toBeLessThan(60);
  // A layer goes with the camera.
  await call('pan', 240);
  expect(Math.abs(((await colours())[2] ?? 0) - disc / 2)).toBeLessThan(60);
  await call('pan', 100);
  await page.evaluate(() => game.restart());
  expect((await colours())[1]).toBe(3200);
  expect((await colours())[0]).toBe(red);
  await call('drop');
  expect(await colours()).toEqual([0, 0, 0]);
});

test('a press on a display object that listens, on the page, or that the page has taken is not the game’s', {
  timeout: PATIENCE,
}, async () => {
  await page.evaluate(() => listening());
  await waitFrames(page, 2);
  const box = await page.locator('canvas').boundingBox();
  if (box === null) throw new Error('there is a canvas');
  const press = async (x: number, y: number): Promise<boolean> => {
    await page.mouse.move(box.x + x, box.y + y);
    await page.mouse.down();
    await waitFrames(page, 2);
    // It stays whose it is wherever it goes.
    await page.mouse.move(box.x + 100, box.y + 20);
    await waitFrames(page, 2);
    const seen = await held();
    await page.mouse.up();
    return seen;
  };
  expect(await press(60, 30)).toBe(true);
  expect(await press(170, 70)).toBe(false);
  expect(await page.evaluate(() => pressed)).toBe(1);
  expect(await press(20, 80)).toBe(false);
  await page.evaluate(() =>
    document.querySelector('#stage')?.addEventListener('pointerdown', (event) => event.preventDefault(), {
      capture: true,
      once: true,
    }),
  );
  expect(await press(60, 30)).toBe(false);
  expect(await press(60, 30)).toBe(true);
  // And the wheel.
  const wheel = async (x: number, y: number): Promise<number> => {
    await page.mouse.move(box.x + x, box.y + y);
    await page.evaluate(() => {
      const noted = globalThis as unknown as { turned: number };
      noted.turned = 0;
      const { input } = game;
      const turn = input.turnWheel.bind(input);
      input.turnWheel = (dy, dx) => {
        noted.turned += dy;
        turn(dy, dx);
      };
    });
    await page.mouse.wheel(0, 120);
    await waitFrames(page, 3);
    return page.evaluate(() => (globalThis as unknown as { turned: number }).turned);
  };
  expect(await wheel(60, 30)).toBe(120);
  expect(await wheel(170, 70)).toBe(0);
});

test('games that end leave nothing of their texts', { timeout: PATIENCE }, async () => {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const round = async (): Promise<void> => {
    await page.evaluate(() => begin());
    await expect.poll(async () => (await colours())[0], { timeout: PATIENCE }).toBeGreaterThan(100);
    await page.evaluate(() => {
      game.end();
      (globalThis as { game?: unknown }).game = undefined;
    });
  };
  await page.evaluate(() => game.end());
  await round();
  const before = await countsOf(page, session);
  for (let i = 0; i < 3; i += 1) await round();
  expect(await countsOf(page, session)).toEqual(before);
  expect(errors).toEqual([]);
});
