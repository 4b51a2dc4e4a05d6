/** Games that start and end in one page, many times: they leave nothing there. */
import type { CDPSession, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE } from './browser.ts';
import { countInPage, countsOf } from './counts.ts';
import { openTrial, servedTrial, TRIAL_SCRIPT } from './trial.ts';

const ROUNDS = process.env.SLUICE_LONG === '1' ? 50 : 10;

declare global {
  /** A further script of the page's. */
  var owners: typeof trial.script;
}

/** Owns two sounds of the page's. */
const OWNERS = `${TRIAL_SCRIPT}
(extern "sounds" (defn playing! ((change : i64)) : Unit))
(defstruct Sound (id : i64))
(instance (Drop Sound) (defn drop ((_ : Sound)) : Unit (playing! -1)))
(defn play ((id : i64)) : (Owned Sound) (playing! 1) (own (Sound id)))
(defglobal *sounds* : (MutVec (Owned Sound)) (mut-vec (play 1) (play 2)))`;

const demos = servedTrial();
let page: Page;
let errors: string[];
let session: CDPSession;

beforeAll(async () => {
  ({ page, errors } = await openTrial(demos, { before: countInPage }));
  session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  // What PixiJS and the browser make once.
  await failedRound();
  await round();
});

/** Starts a game, has it draw and show everything that it has, and ends it. */
const round = () =>
  page.evaluate(async () => {
    const game = await trial.start({ pauseOnBlur: true, overlay: true });
    document.body.append(game.panels.element);
    await trial.frames(2);
    await game.restart();
    await trial.frames(2);
    game.stage.updates.push(() => {
      throw new Error('shown for a few seconds');
    });
    await trial.frames(1);
    game.end();
    game.end();
  });

/** Games that fail at every stage of their start. */
const failedRound = () =>
  page.evaluate(async () => {
    const wrong = [
      { hardLimit: 1 },
      { width: -1 },
      { gap: { softLimit: -1 } },
      { frameCap: 0 },
      { fit: 'x' as 'width' },
    ];
    const starts = await Promise.allSettled(wrong.map((options) => trial.start(options)));
    return starts.map((result) => (result.status === 'rejected' ? String(result.reason) : 'started'));
  });

describe('games that start and end in one page', { timeout: PATIENCE }, () => {
  test('leave nothing', async () => {
    errors.length = 0;
    const before = await countsOf(page, session);
    for (let i = 0; i < ROUNDS; i += 1) await round();
    expect(await countsOf(page, session)).toEqual(before);
    expect(errors).toHaveLength(ROUNDS);
    expect(before).toMatchObject({ textures: 0, buffers: 0, contexts: 0, memories: 0, timers: 0 });
  });

  test('drop what their scripts own, when a scene starts anew too', async () => {
    demos.server.write('physics/owners.slu', OWNERS);
    demos.server.write('physics/owners.ts', "import script from './owners.slu'; globalThis.owners = script;");
    await page.addScriptTag({ url: '/physics/owners.ts', type: 'module' });
    await page.waitForFunction(() => globalThis.owners !== undefined);
    const playing = await page.evaluate(async () => {
      let count = 0;
      const host = {
        sounds: {
          'playing!': (change: bigint | number) => {
            count += Number(change);
          },
        },
      };
      const counts: number[] = [];
      const game = await trial.start({ script: owners, host });
      counts.push(count);
      await game.restart();
      counts.push(count);
      await trial.frames(2);
      game.end();
      counts.push(count);
      return counts;
    });
    expect(playing).toEqual([2, 2, 0]);
  });

  test('leave nothing but a sentence where they cannot start', async () => {
    await failedRound();
    const before = await countsOf(page, session);
    for (let i = 0; i < 3; i += 1) {
      const reasons = await failedRound();
      expect(reasons).toEqual([
        expect.stringContaining('hardLimit'),
        expect.stringContaining('width is a number from'),
        expect.stringContaining('RangeError'),
        expect.stringContaining('frameCap is a number from'),
        expect.stringContaining('fit is one of'),
      ]);
    }
    expect(await countsOf(page, session)).toEqual(before);
    expect(await page.getByRole('alert').count()).toBe(1);
    expect(await page.getByRole('alert').textContent()).toContain('could not start');
  });

  test('would be found out if they left something', async () => {
    const before = await countsOf(page, session);
    await page.evaluate(async () => {
      const game = await trial.start();
      const circles = new trial.engine.Circles('*circles*');
      // An object that frees nothing, and a game that somebody's listener holds on to.
      game.add({ view: circles.view, attach: (m) => circles.attach(m), update: () => circles.update() });
      const { machine } = game;
      addEventListener('resize', () => void machine.collect());
      await trial.frames(2);
      game.end();
      const renderer = new trial.pixi.WebGLRenderer();
      await renderer.init({ gcActive: false });
      const scene = new trial.pixi.Container();
      scene.addChild(
        new trial.engine.Circles('*circles*').view,
        new trial.pixi.Sprite(trial.pixi.Texture.WHITE),
      );
      renderer.render(scene);
      Object.assign(globalThis, { renderer });
    });
    const after = await countsOf(page, session);
    expect(after.listeners).toBeGreaterThan(before.listeners);
    expect(after.memories).toBeGreaterThan(before.memories);
    for (const kind of ['textures', 'buffers', 'contexts', 'canvases'] as const)
      expect([kind, after[kind] > before[kind]]).toEqual([kind, true]);
  });
});
