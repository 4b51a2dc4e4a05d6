/** What a game does in a page, tried on games that a test starts in one page, one after the other. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { encodeImage, type ScriptState } from '../../scripting/image/index.ts';
import { render, Source } from '../../scripting/syntax/index.ts';
import { compile } from '../../scripting/tools/index.ts';
import { PATIENCE } from './browser.ts';
import { onTrialPage, servedTrial, TRIAL_SCRIPT } from './trial.ts';

const demos = servedTrial();
let page: Page;
let errors: string[];

onTrialPage(demos, (opened) => {
  ({ page, errors } = opened);
});

describe('a game in a page', { timeout: PATIENCE }, () => {
  test('reports what throws in a frame once, and frames go on', async () => {
    const seen = await page.evaluate(async () => {
      const heard: string[] = [];
      let frame = 0;
      const game = await trial.start({
        beforeScript: () => {
          frame += 1;
          throw new Error(`beforeScript in frame ${frame}`);
        },
        onFailure: ({ where, error }) => {
          heard.push(`${where}: ${String(error)}`);
          throw new Error('onFailure itself');
        },
      });
      game.stage.updates.push(() => {
        throw new Error('an update');
      });
      await trial.frames(30);
      const notices = [...document.querySelectorAll('sluice-overlay')].flatMap((overlay) =>
        [...(overlay.shadowRoot?.querySelectorAll('.failure') ?? [])].map((notice) => notice.textContent),
      );
      const steps = Number(game.machine.call('steps'));
      const { drawn } = await trial.picture(game);
      game.end();
      return { heard, notices, steps, drawn };
    });
    expect(seen.heard).toEqual(['input: Error: beforeScript in frame 1', 'stage: Error: an update']);
    expect(seen.notices).toEqual(seen.heard.map((text) => text.replace(': Error:', ' failed:')));
    expect(seen.steps).toBeGreaterThan(20);
    expect(seen.drawn).toBeGreaterThan(1000);
    // Each once, and once for each that `onFailure` itself failed.
    expect(errors).toHaveLength(4);
  });

  test('shows nothing where it is told not to, and tells why it cannot start all the same', async () => {
    const seen = await page.evaluate(async () => {
      const game = await trial.start({ overlay: false });
      game.stage.updates.push(() => {
        throw new Error('not shown');
      });
      await trial.frames(3);
      const shown = document.querySelectorAll('sluice-overlay').length;
      game.end();
      return shown;
    });
    expect(seen).toBe(0);
  });

  test('ends in the middle of a frame, with everything that it had', async () => {
    const seen = await page.evaluate(async () => {
      const game = await trial.start({ beforeScript: (self) => self.end() });
      await trial.frames(3);
      const refused = [() => game.machine, () => game.add(new trial.engine.Circles('*circles*'))].map(
        (use) => {
          try {
            use();
            return 'nothing';
          } catch (error) {
            return String(error);
          }
        },
      );
      return { refused, ended: game.ended, canvases: document.querySelectorAll('canvas').length };
    });
    expect(seen.refused).toEqual(Array(2).fill('Error: the game has ended'));
    expect(seen).toMatchObject({ ended: true, canvases: 0 });
    expect(errors).toEqual([]);
  });

  test('is given up before it has started, or ended, by a signal', async () => {
    const seen = await page.evaluate(async () => {
      const { script } = trial;
      const count = () => [
        document.querySelectorAll('canvas').length,
        document.querySelectorAll('sluice-overlay').length,
      ];
      const listeners = new Set<Parameters<typeof script.subscribe>[0]>();
      const waiting = {
        name: script.name,
        load: (): Promise<never> => {
          const problem = {
            severity: 'error',
            code: 'x',
            message: 'wrong',
            file: 'a.slu',
            line: 1,
            column: 1,
          } as const;
          return Promise.reject(
            new trial.image.ScriptProblemsError('waiting.slu', [{ ...problem, excerpt: '(', length: 1 }]),
          );
        },
        subscribe: (listener: Parameters<typeof script.subscribe>[0]) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      };
      const reasons: unknown[] = [];
      const giveUp = async (options: Parameters<typeof trial.start>[0], after: number) => {
        const controller = new AbortController();
        const started = trial.start({ ...options, signal: controller.signal }).then(() => 'started', String);
        for (let turn = 0; turn < after; turn += 1) await Promise.resolve();
        if (options?.script !== undefined) await trial.frames(3);
        controller.abort(new Error(`given up after ${after}`));
        reasons.push(await started);
      };
      for (const after of [0, 1, 5, 50]) await giveUp({}, after);
      await giveUp({ script: waiting }, 3);
      const left = [...count(), listeners.size];
      const controller = new AbortController();
      const game = await trial.start({ signal: controller.signal });
      await trial.frames(2);
      controller.abort();
      const wrong = await trial.start({ signal: {} as AbortSignal }).catch(String);
      const aborted = await trial.start({ signal: AbortSignal.abort(new Error('before')) }).catch(String);
      return { reasons, left, ended: game.ended, wrong, aborted, last: count() };
    });
    expect(seen.reasons).toEqual([0, 1, 5, 50, 3].map((after) => `Error: given up after ${after}`));
    expect(seen).toMatchObject({ left: [0, 0, 0], ended: true, aborted: 'Error: before', last: [0, 0] });
    expect(seen.wrong).toContain('signal is an AbortSignal');
    expect(errors).toHaveLength(1);
  });

  test('is one of several: each has its own scene, and goes on when another ends', async () => {
    const seen = await page.evaluate(async () => {
      const [first, second] = await Promise.all([trial.start(), trial.start({ background: 0x304050 })]);
      first.paused = true;
      await trial.frames(5);
      const steps = [first, second].map((game) => Number(game.machine.call('steps')));
      first.end();
      await trial.frames(5);
      const later = Number(second.machine.call('steps'));
      const { drawn } = await trial.picture(second);
      second.end();
      return { steps, later, drawn };
    });
    expect(seen.steps[1]).toBeGreaterThan(seen.steps[0] as number);
    expect(seen.later).toBeGreaterThan(seen.steps[1] as number);
    expect(seen.drawn).toBeGreaterThan(1000);
    expect(errors).toEqual([]);
  });

  test('is started anew by command, one restart after the other', async () => {
    const seen = await page.evaluate(async () => {
      const game = await trial.start();
      await trial.frames(5);
      const { machine } = game;
      await Promise.all([game.restart(), game.restart()]);
      const steps = Number(game.machine.call('steps'));
      const another = game.machine !== machine;
      const ended = game.restart().catch(String);
      game.end();
      return { steps, another, scenes: game.scenes, ended: await ended };
    });
    expect(seen.steps).toBeLessThan(3);
    expect(seen).toMatchObject({ another: true, scenes: 3, ended: 'Error: the game has ended' });
    expect(errors).toEqual([]);
  });

  test('goes on drawing where its new scene lacks what it draws', async () => {
    const seen = await page.evaluate(async () => {
      const game = await trial.start();
      let machine: unknown;
      let attached = 0;
      const view = new trial.pixi.Container();
      game.add({
        view,
        attach: (next) => {
          attached += 1;
          if (attached === 2) throw new Error('lacks a column');
          machine = next;
        },
        update: () => undefined,
      });
      const before = await trial.picture(game);
      const reason = await game.restart().catch(String);
      const same = machine === game.machine;
      const after = await trial.picture(game);
      const mended = await game.restart().catch(String);
      const last = await trial.picture(game);
      game.end();
      return { pictures: [before, after, last].map(({ digest }) => digest), reason, same, mended };
    });
    expect(seen.reason).toBe('Error: lacks a column');
    expect(seen.same).toBe(true);
    expect(seen.mended).toBeUndefined();
    expect(new Set(seen.pictures).size).toBe(1);
    expect(errors).toEqual([]);
  });

  test('takes code that was saved while it was starting', async () => {
    const replacements = await page.evaluate(async () => {
      const { script } = trial;
      const listeners = new Set<Parameters<typeof script.subscribe>[0]>();
      const game = await trial.start({
        script: {
          name: script.name,
          load: async () => {
            const [image, saved] = [await script.load(), await script.load()];
            setTimeout(() => {
              for (const listener of listeners) listener({ kind: 'compiled', image: saved });
            });
            return image;
          },
          subscribe: (listener) => {
            listeners.add(listener);
            return () => void listeners.delete(listener);
          },
        },
      });
      while (game.replacements === 0) await trial.frames(1);
      game.end();
      return [game.replacements, listeners.size];
    });
    expect(replacements).toEqual([1, 0]);
  });

  test('steps by command while it is paused', async () => {
    const steps = await page.evaluate(async () => {
      const game = await trial.start({ fixedStep: 1 / 50 });
      game.paused = true;
      await trial.frames(2);
      const from = Number(game.machine.call('steps'));
      game.singleStep();
      game.singleStep();
      await trial.frames(5);
      const to = Number(game.machine.call('steps'));
      game.end();
      return to - from;
    });
    expect(steps).toBe(2);
  });
});

/** A script as a built page has it. */
async function released(text: string): Promise<ScriptState> {
  const { image, diagnostics } = await compile([new Source('released.slu', text)], { mode: 'release' });
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  return { kind: 'compiled', image: encodeImage(image) };
}

describe('a released game', { timeout: PATIENCE }, () => {
  const endless = TRIAL_SCRIPT.replace(
    '(+ *steps* 1))',
    '(+ *steps* 1))\n  (when (= *steps* 4) (while true))',
  );

  test.each([true, undefined])(
    'ends what does not end by itself, and shows it only if it is to: %s',
    async (overlay) => {
      const seen = await page.evaluate(
        async ([state, shows]) => {
          const heard: string[] = [];
          const game = await trial.start({
            script: new trial.image.DeliveredScript('released.slu', state),
            timeLimit: 50,
            onFailure: ({ where, error }) => heard.push(`${where}: ${String(error)}`),
            ...(shows !== undefined && { overlay: shows }),
          });
          while (Number(game.machine.call('steps')) < 10) await trial.frames(1);
          const { drawn } = await trial.picture(game);
          const overlays = document.querySelectorAll('sluice-overlay').length;
          game.end();
          return { heard, drawn, overlays };
        },
        [await released(endless), overlay] as const,
      );
      expect(seen.heard).toEqual([expect.stringMatching(/^frame: .*the call ran longer than 50 ms/)]);
      expect(seen.drawn).toBeGreaterThan(1000);
      expect(seen.overlays).toBe(overlay === true ? 1 : 0);
      expect(errors).toHaveLength(1);
    },
  );

  test('tells players why it cannot start, unless it is told not to, and leaves nothing of a scene that fails', async () => {
    const state = await released(
      TRIAL_SCRIPT.replace('(circle! 50.0', '(error "no level")\n  (circle! 50.0'),
    );
    const seen = await page.evaluate(async (failing) => {
      const shown: (string | undefined)[] = [];
      for (const overlay of [undefined, false]) {
        const script = new trial.image.DeliveredScript('released.slu', failing);
        const reason = await trial.start({ script, ...(overlay !== undefined && { overlay }) }).catch(String);
        const alert = document.querySelector('sluice-overlay')?.shadowRoot?.querySelector('[role=alert]');
        shown.push(String(reason), alert?.textContent ?? undefined);
      }
      return { shown, canvases: document.querySelectorAll('canvas').length };
    }, state);
    expect(seen.shown[0]).toContain('no level');
    expect(seen.shown[1]).toMatch(/could not start.*no level/);
    expect(seen.shown[3]).toBeUndefined();
    expect(seen.canvases).toBe(0);
  });
});
