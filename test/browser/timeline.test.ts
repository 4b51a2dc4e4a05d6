/** The timeline of frames in a page: what a person finds with it, by keyboard alone, and what it leaves. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Timeline } from '../../engine/index.ts';
import { PATIENCE } from './browser.ts';
import { countInPage, countsOf } from './counts.ts';
import { openTrial, servedTrial } from './trial.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Milliseconds that a planted frame is busy: more than all that else may delay one on a machine under load. */
const PLANTED = 900;

/** What a trace has of `console.timeStamp`. */
interface Bar {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly track: string;
  readonly trackGroup: string;
  readonly color: string;
}

declare global {
  /** Of the page's game. */
  var timeline: Timeline;
}

const demos = servedTrial();
let page: Page;
let errors: string[];

beforeAll(async () => {
  ({ page, errors } = await openTrial(demos));
});

const region = () => page.getByRole('region', { name: 'Timeline of frames' });
const said = () => region().getByRole('status');
const press = (name: string) => region().getByRole('button', { name, exact: true }).press('Enter');

/** Starts a game that has a timeline, with its button above; the one before it ends. */
const startGame = () =>
  page.evaluate(async () => {
    globalThis.game?.end();
    globalThis.game = await trial.start();
    globalThis.timeline = new trial.engine.Timeline(game);
    document.body.prepend(timeline.button);
    // Until it is known how long a frame is, none is late.
    while (!game.loop.interval.known) await trial.frames(1);
  });

/** Starts a game, and shows its timeline by its button. */
async function open(): Promise<void> {
  await startGame();
  await page.getByRole('button', { name: 'Timeline' }).press('Enter');
  await region().waitFor();
}

/** Has the stage or the script be busy in one frame, and returns the frame's number. */
const plant = (where: 'stage' | 'script') =>
  page.evaluate(
    async ([part, length]) => {
      const busy = () => {
        const end = performance.now() + length;
        while (performance.now() < end);
      };
      let frame = 0;
      if (part === 'stage') {
        const update = () => {
          if (frame > 0) return;
          frame = game.recorder.frames;
          busy();
        };
        game.stage.updates.push(update);
      } else {
        const { machine } = game;
        const step = machine.step.bind(machine);
        machine.step = (dt: number) => {
          machine.step = step;
          frame = game.recorder.frames;
          busy();
          return step(dt);
        };
      }
      await trial.frames(4);
      return frame;
    },
    [where, PLANTED] as const,
  );

/** What the list of details says, by its terms. */
const details = async () => {
  const [terms, words] = await Promise.all([
    region().locator('dt').allTextContents(),
    region().locator('dd').allTextContents(),
  ]);
  return new Map(terms.map((term, i) => [term, words[i] ?? '']));
};

describe('a timeline', { timeout: PATIENCE }, () => {
  test('is fetched and shown by its key, and hidden by it', async () => {
    const fetched = () =>
      page.evaluate(
        () => performance.getEntriesByType('resource').filter(({ name }) => /uplot/i.test(name)).length,
      );
    await startGame();
    expect(await fetched()).toBe(0);
    await page.keyboard.press('Backquote');
    await region().waitFor();
    expect(await fetched()).toBeGreaterThan(0);
    expect(await page.evaluate(() => timeline.button.getAttribute('aria-expanded'))).toBe('true');
    await page.keyboard.press('Backquote');
    await region().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Timeline' }).press('Enter');
    await region().waitFor();
  });

  test.each([
    ['stage', 'the stage', 'Stage'],
    ['script', 'the script', 'Script'],
  ] as const)(
    'finds by "worst frame" the one in which the %s was busy, and says so',
    async (where, who, term) => {
      await open();
      const frame = await plant(where);
      await press('Worst frame');
      await expect.poll(() => said().textContent()).toContain(`Frame ${frame.toLocaleString('en')}:`);
      expect(await said().textContent()).toContain(`ms late, by ${who}`);
      const found = await details();
      expect(Number.parseFloat(found.get(term) ?? '')).toBeGreaterThanOrEqual(PLANTED);
      expect(found.get('Late')).toContain(who);
      expect(await region().locator('dd.blamed').allTextContents()).toEqual([
        found.get('Late'),
        found.get(term),
      ]);
    },
  );

  test('shows a burst of garbage where it was made, and that collections are suppressed', async () => {
    await open();
    await page.evaluate(async () => {
      const { machine } = game;
      const step = machine.step.bind(machine);
      machine.step = (dt: number) => {
        machine.step = step;
        timeline.mark('burst');
        machine.call('waste!', 40_000);
        return step(dt);
      };
      await trial.frames(3);
      game.suppress();
      await trial.frames(3);
      game.resume();
    });
    await press('Freeze');
    await region().getByRole('slider').focus();
    await page.keyboard.press('End');
    const told: { readonly burst: boolean; readonly bytes: number; readonly suppressed: boolean }[] = [];
    for (let i = 0; i < 20; i += 1) {
      const found = await details();
      const [size = '', unit = ''] = (found.get('Allocated') ?? '').split(' ');
      told.push({
        burst: found.get('Marks')?.includes('burst') ?? false,
        bytes:
          Number.parseFloat(size.replaceAll(',', '')) *
          (unit === 'KB' ? 2 ** 10 : unit === 'MB' ? 2 ** 20 : 1),
        suppressed: found.has('Collector suppressed'),
      });
      await page.keyboard.press('ArrowLeft');
    }
    const burst = told.filter((frame) => frame.burst);
    expect(burst.length).toBe(1);
    // An event and its place in the vector.
    expect(burst[0]?.bytes).toBeGreaterThan(40_000 * 20);
    for (const { burst, bytes } of told) if (!burst) expect(bytes).toBeLessThan(100_000);
    expect(told.some(({ suppressed }) => suppressed)).toBe(true);
    expect(told.some(({ suppressed }) => !suppressed)).toBe(true);
  });

  test("names our collector where it was forced in a frame's time", async () => {
    await open();
    await page.evaluate(async (length) => {
      game.machine.call('log!', 20_000);
      await trial.frames(2);
      await new Promise<void>((resolve) =>
        setTimeout(() => {
          const end = performance.now() + length;
          while (performance.now() < end) game.machine.collect();
          resolve();
        }),
      );
      await trial.frames(4);
    }, PLANTED);
    await press('Worst frame');
    await expect.poll(() => said().textContent()).toContain("ms late, by the script's collector");
    const found = await details();
    expect(found.get('Waited')).toContain("mostly for the script's collector");
    expect(Number.parseFloat(found.get('Delayed by our collector') ?? '')).toBeGreaterThan(PLANTED / 2);
  });

  test('lays a stall of the page on what is outside, says which script it was, and calls it no collection', async () => {
    await open();
    await page.evaluate(async (length) => {
      await trial.frames(3);
      await trial.stall(length);
      await trial.frames(3);
    }, PLANTED);
    await press('Worst frame');
    await expect.poll(() => said().textContent()).toContain('ms late, by what is outside our work');
    expect(await said().textContent()).not.toMatch(/collect/i);
    const found = await details();
    expect(Number.parseFloat(found.get('Outside our work') ?? '')).toBeGreaterThan(PLANTED / 2);
    expect(found.get('Outside our work')).toMatch(
      / ms between (its timestamp|the end of frame [\d,]+) and its start$/,
    );
    expect(found.get("The browser's word")).toMatch(
      /^fetchScores in .*trial\.ts, by TimerHandler:setTimeout: /,
    );
    expect(await region().locator('dd.blamed').allTextContents()).toEqual([
      found.get('Late'),
      found.get('Waited'),
    ]);
  });

  test('tells of a collection of the browser as a hint', async () => {
    await open();
    const session = await page.context().newCDPSession(page);
    await page.evaluate(() => trial.frames(3));
    await session.send('HeapProfiler.collectGarbage');
    await page.evaluate(() => trial.frames(5));
    await press('Freeze');
    await region().getByRole('slider').focus();
    await page.keyboard.press('End');
    let hints = 0;
    for (let i = 0; i < 60; i += 1) {
      const hint = (await details()).get('A hint');
      if (hint !== undefined) {
        expect(hint).toBe('a browser collection happened since the frame before');
        expect(await region().locator('dd.blamed').allTextContents()).not.toContain(hint);
        expect(await said().textContent()).not.toMatch(/browser collection/);
        hints += 1;
      }
      await page.keyboard.press('ArrowLeft');
    }
    expect(hints).toBeGreaterThan(0);
    expect(hints).toBeLessThan(10);
  });

  test('has its frames as tracks in a trace of DevTools, when it is asked for', async () => {
    const browser = page.context().browser();
    if (browser === null) throw new Error('the page has no browser');
    /** What a trace has of our tracks, while frames pass and the stage is busy in one. */
    const traced = async () => {
      await browser.startTracing(page, { categories: ['devtools.timeline', 'blink.console'] });
      // A busy browser takes its time until the page's own process traces.
      await page.evaluate(() => trial.frames(6));
      const frame = await plant('stage');
      const recorded = await page.evaluate((number) => {
        const { Measure } = trial.engine;
        const [start, input, script, stage, end] = (
          ['START', 'INPUT', 'SCRIPT', 'STAGE', 'END'] as const
        ).map((name) => game.recorder.read(Measure[name], game.recorder.frames - number)) as [
          number,
          number,
          number,
          number,
          number,
        ];
        return { stageAt: start + input + script, stage, end };
      }, frame);
      await page.evaluate(() => trial.frames(3));
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
        traceEvents: { name: string; args?: { data?: Bar } }[];
      };
      const bars = traceEvents.flatMap(({ name, args }) =>
        name === 'TimeStamp' && args?.data?.trackGroup === 'Sluice' ? [args.data] : [],
      );
      return { bars, recorded };
    };
    await open();
    expect((await traced()).bars).toEqual([]);
    await press("Tracks in the browser's DevTools");
    expect(
      await region()
        .getByRole('button', { name: "Tracks in the browser's DevTools" })
        .getAttribute('aria-pressed'),
    ).toBe('true');
    const { bars, recorded } = await traced();
    // Moments are microseconds in a trace, of the trace's own clock.
    const milliseconds = ({ start, end }: Bar) => (end - start) / 1000;
    const late = bars.find((bar) => bar.name === 'late frame' && milliseconds(bar) >= PLANTED);
    const stage = bars.find((bar) => bar.name === 'stage' && milliseconds(bar) >= PLANTED);
    if (late === undefined || stage === undefined) throw new Error(`not found in ${JSON.stringify(bars)}`);
    expect([late.track, late.color, stage.track]).toEqual(['Frames', 'error', 'Work']);
    expect(milliseconds(late)).toBeCloseTo(recorded.end, 1);
    expect(milliseconds(stage)).toBeCloseTo(recorded.stage, 1);
    expect((stage.start - late.start) / 1000).toBeCloseTo(recorded.stageAt, 1);
    await press("Tracks in the browser's DevTools");
    expect((await traced()).bars).toEqual([]);
  });

  test('saves its frames as a table', async () => {
    await open();
    await page.evaluate(() => trial.frames(10));
    const [download] = await Promise.all([page.waitForEvent('download'), press('Save these frames as CSV')]);
    expect(download.suggestedFilename()).toBe('frames.csv');
    const [head, ...rows] = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(head).toMatch(/^FRAME,TIME,/);
    expect(rows.length).toBeGreaterThan(8);
  });

  test('saves its frames as a file, which another page reads into the same timeline', async () => {
    await open();
    const frame = await plant('stage');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      press('Save these frames as a file'),
    ]);
    expect(download.suggestedFilename()).toBe('frames.json');
    expect(await said().textContent()).toMatch(/^[\d,]+ frames are saved as frames\.json\.$/);
    const text = readFileSync(await download.path(), 'utf8');
    await page.evaluate(async (saved) => {
      game.end();
      globalThis.timeline = new trial.engine.Timeline(trial.engine.readRecording(saved));
      await timeline.show();
    }, text);
    await press('Worst frame');
    expect(await said().textContent()).toContain(`Frame ${frame.toLocaleString('en')}:`);
    expect(await said().textContent()).toContain('ms late, by the stage');
    await page.evaluate(() => timeline.remove());
    expect(errors).toEqual([]);
  });

  test('stands still while it is frozen and the game goes on, and goes from frame to frame by the arrow keys', async () => {
    await open();
    await page.evaluate(async () => {
      while (game.recorder.frames < 150) await trial.frames(5);
    });
    await press('Freeze');
    const slider = region().getByRole('slider', { name: 'Frame' });
    await slider.focus();
    await page.keyboard.press('End');
    const newest = Number(await slider.getAttribute('aria-valuenow'));
    const text = await said().textContent();
    await page.evaluate(() => trial.frames(40));
    expect(await page.evaluate(() => game.recorder.frames)).toBeGreaterThan(newest + 20);
    expect(await said().textContent()).toBe(text);
    expect(Number(await slider.getAttribute('aria-valuemax'))).toBe(newest);
    const chosen = async (key: string) => {
      await page.keyboard.press(key);
      return Number(await slider.getAttribute('aria-valuenow'));
    };
    expect(await chosen('ArrowRight')).toBe(newest);
    expect(await chosen('ArrowLeft')).toBe(newest - 1);
    expect(await chosen('PageDown')).toBe(newest - 11);
    expect(await said().textContent()).toContain(`Frame ${(newest - 11).toLocaleString('en')}:`);
    const oldest = Number(await slider.getAttribute('aria-valuemin'));
    expect(await chosen('Home')).toBe(oldest);
    // A click chooses as well: at the left edge the oldest is seen now.
    const box = await slider.boundingBox();
    if (box === null) throw new Error('the frames are not seen');
    await page.mouse.click(box.x + box.width - 8, box.y + box.height / 2);
    const right = Number(await slider.getAttribute('aria-valuenow'));
    expect(right).toBeGreaterThan(oldest + 100);
    await page.keyboard.press('+');
    await page.mouse.click(box.x + box.width - 8, box.y + box.height / 2);
    expect(Number(await slider.getAttribute('aria-valuenow'))).toBeLessThanOrEqual(right);
    await press('Go on');
    await expect.poll(async () => Number(await slider.getAttribute('aria-valuemax'))).toBeGreaterThan(newest);
  });

  test('marks what the page has named, new code, loads, and collections', async () => {
    await open();
    await page.evaluate(async () => {
      timeline.mark('boss');
      game.machine.call('name-frame', 'the end is near');
      await game.loading(() => trial.frames(3));
      await game.restart();
      await trial.frames(3);
      game.stage.updates.push(() => {
        game.stage.updates.length = 0;
        game.machine.collect();
      });
      await trial.frames(3);
    });
    await press('Freeze');
    await region().getByRole('slider').focus();
    await page.keyboard.press('End');
    const heard = new Set<string>();
    for (let i = 0; i < 40; i += 1) {
      for (const mark of ((await details()).get('Marks') ?? '').split('; ')) heard.add(mark);
      await page.keyboard.press('ArrowLeft');
    }
    expect([...heard]).toEqual(
      expect.arrayContaining([
        'boss',
        'the end is near',
        'new code came into the game',
        'a load was in progress',
      ]),
    );
    expect([...heard].join()).toMatch(/\d collections? ended/);
  });

  test('shows the heap while the game goes on: what leaks, and what keeps an object alive', async () => {
    await open();
    await press("Heap: what the script's objects are");
    const heap = region().getByRole('region', { name: 'Heap' });
    for (const count of [50, 100, 150]) {
      await page.evaluate(() => game.machine.call('log!', 50));
      const frames = await page.evaluate(() => game.recorder.frames);
      await heap.getByRole('button', { name: 'Take a snapshot' }).press('Enter');
      const row = heap.getByRole('row', { name: `Event ${count}` });
      await row.waitFor();
      expect(await page.evaluate(() => game.recorder.frames)).toBeGreaterThan(frames);
      expect(await page.evaluate(() => game.suppressions)).toBe(0);
    }
    expect(await said().textContent()).toMatch(/^The heap has [\d,]+ objects that can be reached, /);
    const cells = (caption: RegExp) =>
      heap.locator('table', { has: page.locator('caption', { hasText: caption }) }).locator('tbody tr');
    const [leak = ''] = await cells(/is a leak$/).allInnerTexts();
    expect(leak.split('\t').slice(0, 3)).toEqual(['*log*[]', 'Event', '50, 100, 150']);
    // A map that grows is named as well.
    for (const count of [30, 60]) {
      await page.evaluate(() => game.machine.call('note!', 30));
      await heap.getByRole('button', { name: 'Take a snapshot' }).press('Enter');
      await heap.getByRole('row', { name: `Event ${150 + count}` }).waitFor();
    }
    expect((await cells(/is a leak$/).allInnerTexts()).map((row) => row.split('\t').slice(0, 3))).toEqual([
      [expect.stringMatching(/^\*names\*\.values/), 'Event', '0, 30, 60'],
    ]);
    await heap.getByRole('searchbox', { name: 'Type' }).fill('String');
    const strings = await cells(/^Objects/).allInnerTexts();
    expect(strings.map((row) => row.split('\t').slice(0, 3))).toEqual(
      expect.arrayContaining([['*log*[0].name', 'String', '*log*[0]']]),
    );
    // The key of the timeline is a letter in a field.
    await heap.getByRole('searchbox', { name: 'Field' }).fill('nowhere');
    expect(await cells(/^Objects/).count()).toBe(0);
    await heap.getByRole('searchbox', { name: 'Field' }).fill('');
    expect(
      await page.evaluate(async () => {
        const taken = timeline.snapshot();
        game.end();
        return taken.then(
          () => 'taken',
          (error: Error) => error.name,
        );
      }),
    ).toBe('AbortError');
    await open();
    await press("Heap: what the script's objects are");
    await heap.getByRole('button', { name: 'Take a snapshot' }).press('Enter');
    await cells(/^By type/)
      .first()
      .waitFor();
  });

  test('has nothing that axe would find, by day or by night', async () => {
    await page.addScriptTag({ content: AXE });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(of: string): Promise<AxeResults> } };
        const { violations, passes } = await axe.run('sluice-timeline');
        return {
          passes: passes.length,
          violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        };
      });
      expect([colorScheme, ...found.violations]).toEqual([colorScheme]);
      expect(found.passes).toBeGreaterThan(10);
    }
  });

  test('is hidden by Escape, which gives the focus to its button', async () => {
    await region().getByRole('slider').focus();
    await page.keyboard.press('Escape');
    await region().waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement === timeline.button)).toBe(true);
  });

  test('leaves its key to a field for text, and one with a key that is none is refused', async () => {
    const typed = page.evaluate(() => {
      const field = document.createElement('input');
      field.ariaLabel = 'Name';
      document.body.append(field);
      field.focus();
    });
    await typed;
    await page.keyboard.press('Backquote');
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('`');
    expect(await page.evaluate(() => timeline.shown)).toBe(false);
    const refusals = await page.evaluate(() => {
      document.querySelector('input')?.remove();
      return ['Sideways', 7].map((key) => {
        try {
          new trial.engine.Timeline(game, { key: key as string });
          return 'made';
        } catch (error) {
          return String(error);
        }
      });
    });
    expect(refusals).toEqual([
      expect.stringContaining('RangeError: there is no key `Sideways`'),
      expect.stringContaining('TypeError: key is a KeyboardEvent.code'),
    ]);
  });

  test('leaves nothing in the page, hidden or when its game ends', async () => {
    await page.evaluate(() => game.end());
    expect(await page.getByRole('button', { name: 'Timeline' }).count()).toBe(0);
    expect(errors).toEqual([]);
    // In a page of its own: tests hold on to elements that they have looked at.
    const other = await openTrial(demos, { before: countInPage });
    const session = await other.page.context().newCDPSession(other.page);
    await session.send('Performance.enable');
    const round = (last: 'hide' | 'end') =>
      other.page.evaluate(async (how) => {
        const running = await trial.start();
        const shown = new trial.engine.Timeline(running);
        document.body.prepend(shown.button);
        await shown.show();
        await trial.frames(20);
        if (how === 'hide') {
          shown.hide();
          await shown.show();
          shown.hide();
        }
        running.end();
      }, last);
    await round('hide');
    const before = await countsOf(other.page, session);
    for (let i = 0; i < 4; i += 1) await round(i % 2 === 0 ? 'hide' : 'end');
    expect(await countsOf(other.page, session)).toEqual(before);
    expect(other.errors).toEqual([]);
  });
});
