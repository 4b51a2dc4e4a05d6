/**
 * `npm run pictures` makes the pictures of "Why did my frame stutter?" (`engine/profile/stutter/`): the demo with boxes and circles is played in
 * Chromium, something is planted that makes a frame long, and what the timeline says of it is photographed.
 */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Game } from '../../engine/index.ts';
import { workersBrowser } from './browser.ts';
import { DemoServer } from './demo-server.ts';

const FOLDER = fileURLToPath(new URL('../../engine/profile/stutter/', import.meta.url));

declare global {
  /** What is planted, in the page. */
  var planted: { readonly busy: () => void; readonly frames: (count: number) => Promise<void> };
}

/** The demo with few bodies, since the processor draws; its timeline is shown, and it is known how long a frame is. */
async function prepare(page: Page): Promise<void> {
  await page.goto(`${server.url}physics/`);
  await page.waitForFunction(() => 'game' in globalThis);
  await page.evaluate(async () => {
    const frames = async (count: number) => {
      for (let i = 0; i < count; i += 1) await new Promise(requestAnimationFrame);
    };
    // Longer than anything that the browser does when it loads the page.
    const busy = () => {
      const end = performance.now() + 500;
      while (performance.now() < end);
    };
    Object.assign(globalThis, { planted: { busy, frames } });
    game.machine.call('set-body-count', 60);
    while (!game.loop.interval.known) await frames(1);
    await frames(200);
  });
  await page.getByRole('button', { name: 'Timeline', exact: true }).click();
  await page.getByRole('region', { name: 'Timeline of frames' }).waitFor();
  await page.evaluate(() => planted.frames(30));
}

const press = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Timeline of frames' }).getByRole('button', { name, exact: true }).click();

async function worst(page: Page): Promise<void> {
  await page.evaluate(() => planted.frames(12));
  await press(page, 'Worst frame');
}

const SCENES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async script(page) {
    await page.evaluate(() => {
      const { machine } = game as Game;
      const step = machine.step.bind(machine);
      machine.step = (dt: number) => {
        machine.step = step;
        planted.busy();
        return step(dt);
      };
    });
    await worst(page);
  },
  async stage(page) {
    await page.evaluate(() => {
      game.stage.updates.push(() => {
        game.stage.updates.length = 0;
        planted.busy();
      });
    });
    await worst(page);
  },
  async outside(page) {
    await page.evaluate(async () => {
      await new Promise<void>((resolve) =>
        setTimeout(function saveScores() {
          planted.busy();
          resolve();
        }),
      );
    });
    await worst(page);
  },
  async suppressed(page) {
    await page.evaluate(async () => {
      game.suppress();
      await planted.frames(60);
    });
    await press(page, 'Freeze');
    await page.getByRole('slider', { name: 'Frame' }).focus();
    await page.keyboard.press('End');
  },
  async heap(page) {
    await press(page, "Heap: what the script's objects are");
    for (const bodies of [60, 120, 240]) {
      await page.evaluate(async (count) => {
        game.machine.call('set-body-count', count);
        await planted.frames(20);
      }, bodies);
      const take = page.getByRole('button', { name: 'Take a snapshot' });
      await take.click();
      await page.waitForFunction(
        () =>
          document
            .querySelector('sluice-timeline')
            ?.shadowRoot?.querySelector<HTMLButtonElement>('.heap header button')?.disabled === false,
      );
    }
    await page.getByRole('searchbox', { name: 'Type' }).fill('Body');
  },
};

const server = await DemoServer.start();
const browser = await workersBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 980, height: 900 }, colorScheme: 'light' });
  // tsx gives functions their names by this, also those that run in the page.
  await page.addInitScript('globalThis.__name = (named) => named');
  for (const [name, plant] of Object.entries(SCENES)) {
    await prepare(page);
    await plant(page);
    await page.mouse.move(0, 0);
    await page.locator('sluice-timeline').screenshot({ path: `${FOLDER}${name}.png` });
    process.stdout.write(`${name}.png\n`);
  }
} finally {
  await browser.close();
  await server.stop();
}
