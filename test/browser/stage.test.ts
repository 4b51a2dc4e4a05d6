/** What is seen of a game: how its picture fits, and whose renderer draws it. */
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

describe('the stage', { timeout: PATIENCE }, () => {
  test('draws the same when the display goes from one pixel to two and back', async () => {
    const session = await page.context().newCDPSession(page);
    const ratio = (deviceScaleFactor: number) =>
      session.send('Emulation.setDeviceMetricsOverride', {
        width: 560,
        height: 560,
        deviceScaleFactor,
        mobile: false,
      });
    const picture = () =>
      page.evaluate(async () => {
        await trial.frames(2);
        return trial.picture(game);
      });
    await page.evaluate(async () => {
      globalThis.game = await trial.start();
    });
    const one = await picture();
    await ratio(2);
    const two = await picture();
    await ratio(1);
    const again = await picture();
    await page.evaluate(() => game.end());
    expect(one.digest).toContain('400x200 ');
    expect(two.digest).toContain('800x400 ');
    expect(two.drawn / one.drawn).toBeCloseTo(4, 0);
    expect(again).toEqual(one);
  });

  test.each([
    ['width', '400x200'],
    ['contain', '400x200'],
    ['cover', '400x300'],
    ['height', '400x300'],
    ['screen', '560x280'],
  ] as const)('fits %s: a picture of %s, where the pointer finds its places', async (fit, size) => {
    const seen = await page.evaluate(async (how) => {
      const game = await trial.start({ fit: how });
      await trial.frames(2);
      const { canvas } = game.stage;
      canvas.style.border = '7px solid';
      await trial.frames(2);
      const bounds = canvas.getBoundingClientRect();
      const middle = {
        clientX: (bounds.left + bounds.right) / 2,
        clientY: (bounds.top + bounds.bottom) / 2,
      };
      canvas.dispatchEvent(
        new PointerEvent('pointermove', { ...middle, isPrimary: true, pointerType: 'mouse' }),
      );
      await trial.frames(1);
      const { pointerX, pointerY } = game.input;
      canvas.style.border = '';
      await trial.frames(2);
      const { digest } = await trial.picture(game);
      const { width, height } = game.stage;
      game.end();
      return { pointerX, pointerY, digest, width, height };
    }, fit);
    expect(seen.digest).toContain(`${size} `);
    expect(seen.pointerX).toBeCloseTo(fit === 'height' ? seen.width / 2 : 100, -0.5);
    expect(seen.pointerY).toBeCloseTo(50, -0.5);
    expect(errors).toEqual([]);
  });

  test('fits what is inside of its parent’s padding, and of its own', async () => {
    const seen = await page.evaluate(async () => {
      const box = document.getElementById('box');
      if (box === null) throw new Error('the page has no box');
      box.style.padding = '30px 50px';
      box.style.boxSizing = 'border-box';
      const game = await trial.start({ fit: 'contain' });
      const { canvas } = game.stage;
      const size = async () => (await trial.picture(game)).digest.split(' ', 1)[0];
      await trial.frames(2);
      const first = await size();
      const { left, top } = canvas.getBoundingClientRect();
      canvas.style.padding = '20px 10px';
      await trial.frames(2);
      const second = await size();
      // The left top corner of the picture, which lies in the middle of what is inside.
      canvas.dispatchEvent(
        new PointerEvent('pointermove', {
          clientX: left + 10,
          clientY: top + 20 + 30,
          isPrimary: true,
          pointerType: 'mouse',
        }),
      );
      await trial.frames(1);
      const { pointerX, pointerY } = game.input;
      box.style.padding = '';
      game.end();
      return { first, second, pointer: [pointerX, pointerY], corner: [left, top] };
    });
    expect(seen).toEqual({ first: '300x150', second: '280x140', pointer: [0, 0], corner: [50, 30] });
  });

  test('enlarges pixel art by whole numbers, in the middle of its canvas', async () => {
    const seen = await page.evaluate(async () => {
      const found: unknown[] = [];
      for (const fit of ['width', 'contain', 'cover', 'height'] as const) {
        const game = await trial.start({ fit, pixelArt: true, width: 90, height: 50 });
        await trial.frames(3);
        const { canvas } = game.stage;
        const { paddingLeft, paddingTop, paddingRight, paddingBottom } = canvas.style;
        const paddings = [paddingTop, paddingRight, paddingBottom, paddingLeft].map(Number.parseFloat);
        const [top = 0, right = 0, bottom = 0, left = 0] = paddings;
        const { width, height } = canvas.getBoundingClientRect();
        found.push([
          fit,
          [canvas.width, canvas.height],
          // Browsers lay pages out in steps of a 64th.
          [(width - left - right) / canvas.width, (height - top - bottom) / canvas.height].map((by) =>
            Number(by.toFixed(3)),
          ),
          [left, right],
        ]);
        game.end();
      }
      return found;
    });
    expect(seen).toEqual([
      ['width', [90, 50], [4, 4], [20, 20]],
      ['contain', [90, 50], [4, 4], [20, 20]],
      ['cover', [66, 50], [6, 6], [2, 2]],
      ['height', [66, 50], [6, 6], [2, 2]],
    ]);
  });

  test('draws pixel art a pixel a unit, and caps its resolution', async () => {
    const digests = await page.evaluate(async () => {
      const found: string[] = [];
      for (const options of [{ pixelArt: true }, { resolutionCap: 0.5 }, { antialias: true }]) {
        const game = await trial.start(options);
        await trial.frames(1);
        found.push((await trial.picture(game)).digest.split(' ', 1)[0] as string);
        game.end();
      }
      return found;
    });
    expect(digests).toEqual(['200x100', '200x100', '400x200']);
  });

  test('refuses a renderer that is not for WebGL 2, and options that do not fit', async () => {
    const reasons = await page.evaluate(async () => {
      const { WebGLRenderer, CanvasRenderer, WebGPURenderer } = trial.pixi;
      const old = new WebGLRenderer();
      await old.init({ preferWebGLVersion: 1 });
      const container = new trial.pixi.Container();
      const wrong = [
        { renderer: old },
        { renderer: new CanvasRenderer() },
        { renderer: new WebGPURenderer() },
        { renderer: {} as typeof old },
        { container },
        { resolutionCap: 0 },
        { pixelArt: 'yes' as unknown as boolean },
      ];
      const reasons: string[] = [];
      for (const options of wrong) reasons.push(await trial.start(options).then(() => 'started', String));
      old.destroy();
      return reasons;
    });
    expect(reasons).toEqual([
      expect.stringContaining('draws with WebGL 2; this renderer is for WebGL 1'),
      expect.stringContaining('this renderer is for a canvas without WebGL'),
      expect.stringContaining('this renderer is for WebGPU'),
      expect.stringContaining('this renderer is none of PixiJS'),
      expect.stringContaining('a container is for a renderer of your own'),
      expect.stringContaining('resolutionCap is a number from 0.1 to 8, not 0'),
      expect.stringContaining('pixelArt is true or false, not yes'),
    ]);
  });

  test('is a guest of a renderer that is the page’s own', async () => {
    const seen = await page.evaluate(async () => {
      const { WebGLRenderer, Container, Ticker } = trial.pixi;
      const renderer = new WebGLRenderer<HTMLCanvasElement>();
      await renderer.init({ width: 300, height: 150, backgroundColor: 0x102030 });
      const { started } = Ticker.system;
      const page = new Container();
      const place = new Container({ x: 40 });
      page.addChild(place);
      const game = await trial.start({ renderer, container: place });
      await trial.frames(5);
      const idle = Number(game.machine.call('steps'));
      const time = performance.now();
      for (let i = 0; i < 4; i += 1) {
        game.frame(time + 16 * i);
        renderer.render(page);
      }
      const stepped = Number(game.machine.call('steps'));
      const pixels = new Uint8Array(4);
      const { gl } = renderer;
      // The middle of the first circle, from below.
      gl.readPixels(90, 150 - 50, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      await trial.frames(2);
      game.end();
      const left = [place.children.length, page.children.length, renderer.canvas.width, gl.isContextLost()];
      const ticks = [started, Ticker.system.started];
      const attached = renderer.canvas.isConnected;
      // Without a container the game draws by itself, with the page's renderer.
      const alone = await trial.start({ renderer });
      alone.frame(performance.now());
      gl.readPixels(50, 150 - 50, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
      const red = pixels[0];
      const own = await trial.start().then((other) => {
        try {
          other.frame(0);
          return 'ran';
        } catch (error) {
          return String(error);
        } finally {
          other.end();
        }
      });
      alone.end();
      renderer.destroy();
      return { idle, stepped, pixel: [...pixels], left, ticks, attached, red, own };
    });
    expect(seen).toMatchObject({
      idle: 0,
      stepped: 4,
      left: [0, 1, 300, false],
      ticks: [true, true],
      attached: false,
    });
    expect(seen.pixel[0]).toBeGreaterThan(150);
    expect(seen.red).toBeGreaterThan(150);
    expect(seen.own).toContain('this game has frames by itself');
    expect(errors).toEqual([]);
  });

  test('runs nothing of PixiJS outside of its phase, and unloads nothing', async () => {
    const seen = await page.evaluate(async () => {
      const { Ticker } = trial.pixi;
      const game = await trial.start();
      const inside: boolean[] = [];
      let drawing = false;
      const { run } = game.stage;
      game.stage.run = (time) => {
        drawing = true;
        run.call(game.stage, time);
        drawing = false;
      };
      const listener = () => void inside.push(drawing);
      Ticker.system.add(listener);
      await trial.frames(5);
      const { started } = Ticker.system;
      game.end();
      const after = Ticker.system.started;
      Ticker.system.remove(listener);
      return { inside, started, after };
    });
    expect(seen.inside.length).toBeGreaterThan(2);
    expect(new Set(seen.inside)).toEqual(new Set([true]));
    expect(seen).toMatchObject({ started: false, after: true });
  });
});
