/**
 * A page for trying the engine itself: it starts nothing, and holds what a test needs to start games in it. Three circles
 * that stand still are drawn, so that pictures can be compared.
 */

import type * as pixi from 'pixi.js';
import { afterEach, beforeAll } from 'vitest';
import type * as engine from '../../engine/index.ts';
import type * as image from '../../scripting/image/index.ts';
import { type ServedDemos, servedDemos } from './demo-server.ts';
import type { Opening, WatchedPage } from './in-browser.ts';

declare global {
  /** What the page holds for tests. */
  var trial: {
    readonly engine: typeof engine;
    readonly pixi: typeof pixi;
    readonly image: typeof image;
    readonly script: image.ScriptModule;
    /** A game of the trial's script in the page's box, with its circles. */
    start(options?: Partial<engine.GameOptions>): Promise<engine.Game>;
    /** Has the page itself be busy for so many milliseconds, in a timer. */
    stall(length: number): Promise<void>;
    /** Waits for so many animation frames. */
    frames(count: number): Promise<void>;
    /** Pixels of a canvas right after its next frame, as a digest; and how many are not of the background. */
    picture(game: engine.Game): Promise<{ readonly digest: string; readonly drawn: number }>;
  };
}

export const TRIAL_SCRIPT = `
(import sluice.profile (mark))
(defvalue Circle (x : f32) (y : f32) (radius : f32) (tint : f32))
(defglobal mut *circles* : (MutVec Circle) (mut-vec))
(defglobal mut *steps* : i64 0)

(defn circle! ((x : f64) (y : f64) (radius : f64)) : Unit
  (push! *circles* (Circle (f32 x) (f32 y) (f32 radius) (f32 16776960.0))))

(defstruct Event (name : String))
(defglobal mut *log* : (MutVec Event) (mut-vec))

(pub defn start () : Unit
  (circle! 50.0 50.0 30.0)
  (circle! 150.0 50.0 20.0)
  (circle! 100.0 80.0 10.0))

(pub defn frame ((dt : f64)) : Unit
  (set! *steps* (+ *steps* 1)))

(pub defn steps () : i64 *steps*)
(pub defn log! ((n : i64)) : Unit
  (for (i 0 (< i n)) (push! *log* (Event (str "event " i)))))
(pub defn waste! ((n : i64)) : Unit
  (for (i 0 (< i n)) (push! *log* (Event "wasted")))
  (clear! *log*))
(defglobal mut *names* : (MutMap i64 Event) (mut-map))
(pub defn note! ((n : i64)) : Unit
  (for (i 0 (< i n)) (map-set! *names* (len *names*) (Event "noted"))))
(pub defn name-frame ((name : String)) : Unit (mark name))
`;

const HTML = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Trial</title><link rel="icon" href="data:,"></head>
<body style="margin:0"><div id="box" style="width:400px;height:300px"></div>
<script type="module" src="./trial.ts"></script></body></html>`;

const PAGE = `
import * as engine from '../../engine/index.ts';
import * as pixi from 'pixi.js';
import * as image from '../../scripting/image/index.ts';
import script from './trial.slu';

const frames = async (count) => {
  for (let i = 0; i < count; i += 1) await new Promise(requestAnimationFrame);
};

function fetchScores(length, done) {
  const end = performance.now() + length;
  while (performance.now() < end);
  done();
}

const stall = (length) => new Promise((resolve) => setTimeout(fetchScores, 0, length, resolve));

async function start(options = {}) {
  const parent = document.getElementById('box');
  const game = await engine.Game.start({ script, parent, width: 200, height: 100, background: 0x102030, ...options });
  game.add(new engine.Circles('*circles*'));
  return game;
}

async function picture(game) {
  const { canvas } = game.stage;
  // In the callback of a frame that was asked for after the game's: the game has drawn, and nothing is presented yet.
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext('2d', { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const digest = await crypto.subtle.digest('SHA-256', data);
  let drawn = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] !== 0x10 || data[i + 1] !== 0x20 || data[i + 2] !== 0x30) drawn += 1;
  return { digest: copy.width + 'x' + copy.height + ' ' + [...new Uint8Array(digest)].join(' '), drawn };
}

globalThis.trial = { engine, pixi, image, script, start, stall, frames, picture };
`;

export const TRIAL = 'physics/trial.slu';

/** Serves the page to the file that calls it. */
export function servedTrial(): ServedDemos {
  return servedDemos((server) => {
    server.write(TRIAL, TRIAL_SCRIPT);
    server.write('physics/trial.ts', PAGE);
    server.write('physics/trial.html', HTML);
  });
}

export async function openTrial(demos: ServedDemos, opening?: Opening): Promise<WatchedPage> {
  const opened = await demos.open('physics/trial.html', opening);
  await opened.page.waitForFunction(() => globalThis.trial !== undefined);
  return opened;
}

/** Opens the page once for all tests of a file, and hands it over; what went wrong in it in one test is not of the next. */
export function onTrialPage(demos: ServedDemos, use: (opened: WatchedPage) => void): void {
  let opened: WatchedPage | undefined;
  beforeAll(async () => {
    opened = await openTrial(demos);
    use(opened);
  });
  afterEach(() => {
    if (opened !== undefined) opened.errors.length = 0;
  });
}
