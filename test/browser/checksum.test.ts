/**
 * The same game with the same input comes to the same in Node and in a browser: 2,000 frames (10,000 in the long run), driven without a
 * screen in both, whose worlds are summed up. When the collector works is another matter on each machine.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type * as input from '../../engine/input/index.ts';
import type * as loop from '../../engine/loop/index.ts';
import type * as pictures from '../../engine/pictures/index.ts';
import type { ScriptModule } from '../../scripting/image/index.ts';
import type * as machine from '../../scripting/machine/index.ts';
import { Workshop } from '../unit/tools/command.ts';
import { PATIENCE } from './browser.ts';
import { PROJECT, servedDemos } from './demo-server.ts';

declare global {
  /** What runs a game without a screen, in a page. */
  var headless: typeof input & typeof loop & typeof pictures & typeof machine;
  var scripts: Readonly<Record<string, ScriptModule>>;
}

const FRAMES = process.env.SLUICE_LONG === '1' ? 10_000 : 2000;

/** What engines could do in different ways: numbers that are rounded, chance, order; and garbage in each frame. */
const ORBITS = `
(import sluice.game :all)
(import sluice.input :all)
(import sluice.math :all)
(defentity Moon (mut at : Vec2) (mut angle : f64) (name : String))
(defglobal mut *trail* : (Vector f64) [])
(defglobal *names* : (MutMap String i64) (mut-map))
(defglobal mut *nearest* : (Option (Weak Moon)) None)

(defn rise! ((x : f64)) : Unit
  (add-entity! (Moon (Vec2 x (random)) (random) (format "moon {}" (random-int 0 50)))))
(defn start () : Unit (for (i 0 (< i 40)) (rise! (f64 i))))

(behave Moon (moon dt)
  (set! (.angle moon) (+ (.angle moon) (* dt (exp (sin (.angle moon))))))
  (set! (.at moon) (+ (.at moon) (Vec2 (cos (.angle moon)) (atan2 (sin (.angle moon)) (pointer-y)))))
  (map-update! *names* (.name moon) 0 (fn (n) (+ n 1)))
  (when (> (.angle moon) 60.0)
    (rise! (pointer-x))
    (set! *nearest* (Some (weak moon)))
    (remove-entity! moon)))

(defn frame ((dt : f64)) : Unit
  (when (held? :arrow-up) (set! *trail* (append *trail* (* (pointer-x) (sqrt (pointer-y))))))
  (when (pressed? :space) (map-remove! *names* "moon 7")))
`;

const MAIN = `
import * as input from '../../engine/input/index.ts';
import * as loop from '../../engine/loop/index.ts';
import * as pictures from '../../engine/pictures/index.ts';
import * as machine from '../../scripting/machine/index.ts';
import hello from '../hello/hello.slu';
import orbits from './orbits.slu';
globalThis.scripts = { hello, orbits };
globalThis.headless = { ...input, ...loop, ...pictures, ...machine };
`;

const PAGE = `<!doctype html><html lang="en"><title>Orbits</title><link rel="icon" href="data:,">
<script type="module" src="main.ts"></script></html>`;

const RECORDED = `
10 pointer 120.5 40
30 press arrow-up
90 release arrow-up
200 press space
201 release space
2000 pointer 3 599.25
2500 press arrow-up
2600 release arrow-up
8000 press space
9000 pointer 700 0.125
9998 press arrow-up
`;

const workshop = new Workshop();
const demos = servedDemos((server) => {
  server.write('orbits/orbits.slu', ORBITS);
  server.write('orbits/main.ts', MAIN);
  server.write('orbits/index.html', PAGE);
});

/** The checksum that `sluice play` prints. */
async function played(folder: string, recorded: string, ...more: string[]): Promise<string> {
  const file = workshop.write('recorded.txt', recorded);
  const { code, out, error } = await workshop.sluice(
    'play',
    folder,
    '--frames',
    String(FRAMES),
    '--input',
    file,
    ...more,
  );
  expect([code, error]).toEqual([0, '']);
  return /checksum +([0-9a-f]{16})\n/.exec(out)?.[1] ?? out;
}

describe.each(['hello', 'orbits'])('%s', (name) => {
  test(`comes to the same after ${FRAMES} frames in Node and in a browser`, {
    timeout: PATIENCE,
  }, async () => {
    workshop.write('orbits/orbits.slu', ORBITS);
    const folder = name === 'hello' ? join(PROJECT, 'demos/hello') : workshop.path('orbits');
    const inNode = await played(folder, RECORDED);
    expect(await played(folder, RECORDED, '--release')).toBe(inNode);
    expect(await played(folder, RECORDED.replaceAll('press space', 'press tab'))).not.toBe(inNode);

    const { page, errors } = await demos.open('orbits/');
    await page.waitForFunction(() => globalThis.headless !== undefined);
    const inBrowser = await page.evaluate(
      async ([which, text, frames]) => {
        const {
          InputPage,
          inputHost,
          Pictures,
          stageHost,
          Machine,
          HeadlessDriver,
          RecordedInput,
          checksum,
        } = headless;
        const keys = new InputPage();
        const recorded = new RecordedInput(text);
        const host = { ...inputHost(keys), ...stageHost(new Pictures()) };
        const script = scripts[which];
        if (script === undefined) throw new Error(`there is no script ${which}`);
        const world = await Machine.create(await script.load(), { host });
        world.call('start');
        const driver = new HeadlessDriver(world);
        let frame = 0;
        driver.loop.input = {
          run: () => {
            recorded.apply(keys, frame);
            frame += 1;
            keys.publish(world.memory);
          },
        };
        driver.run(frames);
        return checksum(world);
      },
      [name, RECORDED, FRAMES] as const,
    );
    expect(errors).toEqual([]);
    expect(inBrowser).toBe(inNode);
  });
});
