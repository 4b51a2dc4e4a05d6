/** What is seen of a game: how its picture fits, whose renderer draws it, and what becomes of it with the graphics context. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE, startBrowser } from './browser.ts';
import { DemoServer } from './demo-server.ts';
import { addTrial, openTrial, TRIAL, TRIAL_SCRIPT } from './trial.ts';

let server: DemoServer;
let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([DemoServer.start(), startBrowser()]);
  addTrial(server);
  ({ page, errors } = await openTrial(browser, server));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(() => {
  errors.length = 0;
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
      const bounds = await field.boundingBox();
      const stage = await page.locator('canvas').boundingBox();
      if (bounds === null || stage === null) throw new Error('the field is not seen');
      expect(bounds.y + bounds.height / 2).toBeGreaterThan(stage.y);
      expect(Math.abs(bounds.x + bounds.width / 2 - (stage.x + stage.width / 2))).toBeLessThan(2);
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

describe('a lost context', { timeout: PATIENCE }, () => {
  test.each(['while it plays', 'while it loads', 'while it restarts', 'while code is replaced'])(
    '%s: the picture is the same when it is back',
    async (when) => {
      if (when === 'while code is replaced') server.write(TRIAL, TRIAL_SCRIPT);
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
        server.edit(TRIAL, ['(+ *steps* 1)', '(+ *steps* 2)']);
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
