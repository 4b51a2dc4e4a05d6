/** Sprites as they are seen: pixels beside those of a painter who draws one after the other. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type * as engine from '../../engine/index.ts';
import { PATIENCE } from './browser.ts';
import { servedDemos } from './demo-server.ts';
import { type Picture, paint, type Square } from './painter.ts';
import { framed } from './pictures-page.ts';

declare global {
  /** What the page holds for tests. */
  var sprites: {
    readonly game: engine.Game;
    /**
     * What the script has as it is to be seen, and red, green, blue and alpha of each pixel right after the next frame, row by row, one
     * letter each: as text, which comes out of a page much faster than so many values. Then it is all taken out of the world: it would be
     * drawn until somebody looks again.
     */
    look(): Promise<{ readonly seen: string; readonly pixels: string }>;
    /** Draws a square of the page's own after the sprites of a layer. */
    square(layer: string, x: number, y: number, side: number, color: number): void;
  };
}

const WIDTH = 240;
const HEIGHT = 160;
const BACKGROUND = 0x102030;

/** Both images of a name have a size of their own, so that turning and mirroring shows. */
const PICTURES: Readonly<Record<string, Picture>> = {
  'ball.png': { width: 12, height: 8, inside: 0xffffff, frame: 0x8040c0 },
  'box.png': { width: 10, height: 14, inside: 0x20c060, frame: 0xf0f010 },
  // So large that the others lie on another page.
  'sky.png': { width: 2046, height: 2046, inside: 0x4060ff, frame: 0xff2020 },
};

const SCRIPT = `
(import sluice.stage :all)
(import sluice.math (Vec2))
(deflayers (ground) (deep :sort :y) (glow :blend :add) (ui :camera :screen))

(defentity Thing (mut place : Place) (mut look : Sprite))
(defentity Flat (mut look : Sprite))
(defvalue Seen
  (region : i32) (x : f64) (y : f64) (turns : i64) (flip-x : Bool) (flip-y : Bool) (tint : i32) (layer : i64) (z : f64)
  (place-x : f64) (place-y : f64) (place-turns : i64))
(defglobal *seen* : (MutVec Seen) (mut-vec))
(defglobal mut *seed* : i64 1)

(defn below ((n : i64)) : i64
  (set! *seed* (rem (* *seed* 48271) 2147483647))
  (rem (/ *seed* 7) n))
(defn region-of ((n : i64)) : Region (match n (0 "ball.png") (1 "box.png") (_ "sky.png")))
(defn layer-of ((n : i64)) : Layer (match n (0 :ground) (1 :deep) (2 :glow) (_ :ui)))
(defn quarter ((turns : i64)) : f64 (* (f64 turns) (/ pi 2.0)))

(pub defn fill ((count : i64) (seed : i64)) : Unit
  (set! *seed* seed)
  (for (i 0 (< i count))
    (let ((region (below 2)) (layer (below 4)) (turns (below 4))
          (x (f64 (below 240))) (y (f64 (below 160))) (z (f64 (- (below 3) 1)))
          (flip-x (= (below 2) 0)) (flip-y (= (below 2) 0))
          (tint (i32 (nth [0xffffff 0xff0000 0x808080] (below 3))))
          (look (sprite (region-of region) :at (Vec2 x y) :rotation (quarter turns) :anchor (Vec2 0.0 0.0) :tint tint
                  :layer (layer-of layer) :z z :flip-x flip-x :flip-y flip-y)))
      (if (= (below 2) 0)
        (let ((px (f64 (below 30))) (py (f64 (below 30))) (place-turns (if (= (below 3) 0) 1 0)))
          (add-entity! (Thing (Place (Vec2 px py) (quarter place-turns) 1.0) look))
          (push! *seen* (Seen (i32 region) x y turns flip-x flip-y tint layer z px py place-turns)))
        (do
          (add-entity! (Flat look))
          (push! *seen* (Seen (i32 region) x y turns flip-x flip-y tint layer z -1.0 0.0 0)))))))

; All in the layer that is sorted by y. Of each thousand one is on another page, of which its left edge is seen.
(pub defn crowd ((count : i64) (seed : i64)) : Unit
  (set! *seed* seed)
  (for (i 0 (< i count))
    (let ((region (if (= (rem i 1000) 500) 2 (below 2)))
          (x (f64 (if (= region 2) (+ 200 (below 40)) (below 240)))) (y (f64 (below 160))) (z (f64 (- (below 3) 1)))
          (tint (i32 (nth [0xffffff 0xff0000 0x808080] (below 3))))
          (look (sprite (region-of region) :at (Vec2 x y) :anchor (Vec2 0.0 0.0) :tint tint :layer :deep :z z)))
      (add-entity! (Flat look))
      (push! *seen* (Seen (i32 region) x y 0 false false tint 1 z -1.0 0.0 0)))))

(pub defn sky () : Unit
  (add-entity! (Flat (sprite "sky.png" :at (Vec2 -20.0 -20.0) :anchor (Vec2 0.0 0.0) :layer :deep)))
  (push! *seen* (Seen (i32 2) -20.0 -20.0 0 false false (i32 0xffffff) 1 0.0 -1.0 0.0 0)))

(pub defn seen () : (Vector Seen) (freeze *seen*))
(pub defn clear () : Unit
  (for-entities (t Thing) (remove-entity! t))
  (for-entities (f Flat) (remove-entity! f))
  (truncate! *seen* 0))
`;

const PAGE = `
import { Graphics } from 'pixi.js';
import { Game } from '../../engine/index.ts';
import script from './sprites.slu';

const parent = document.getElementById('box');
const game = await Game.start({ script, parent, width: ${WIDTH}, height: ${HEIGHT}, background: ${BACKGROUND}, pixelArt: true });

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

async function look() {
  const { canvas } = game.stage;
  const seen = JSON.stringify(game.machine.call('seen'), (_, value) => (typeof value === 'bigint' ? Number(value) : value));
  await nextFrame();
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext('2d', { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  game.machine.call('clear');
  return { seen, pixels: Array.from(data, (byte) => String.fromCharCode(byte)).join('') };
}

function square(layer, x, y, side, color) {
  game.stage.layer(layer).addChild(new Graphics().rect(x, y, side, side).fill(color));
}

globalThis.sprites = { game, look, square };
`;

const HTML = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sprites</title><link rel="icon" href="data:,"></head>
<body style="margin:0"><div id="box" style="width:${WIDTH}px;height:${HEIGHT}px"></div>
<script type="module" src="./sprites.ts"></script></body></html>`;

let page: Page;
let errors: string[];

const demos = servedDemos((server) => {
  server.write('sprites/sprites.slu', SCRIPT);
  server.write('sprites/sprites.ts', PAGE);
  server.write('sprites/index.html', HTML);
  for (const [name, { width, height, inside, frame }] of Object.entries(PICTURES))
    server.write(`sprites/images/${name}`, framed(width, height, inside, frame));
});

beforeAll(async () => {
  ({ page, errors } = await demos.open('sprites/'));
  await page.waitForFunction(() => globalThis.sprites !== undefined);
});

/** Fills the page's world, and compares what is seen with what a painter would have drawn. */
async function compare<Given>(fill: (given: Given) => void, given: Given, square?: Square): Promise<void> {
  await page.evaluate(fill as (given: unknown) => void, given);
  const { seen, pixels } = await page.evaluate(() => sprites.look());
  const wanted = paint(WIDTH, HEIGHT, BACKGROUND, Object.values(PICTURES), JSON.parse(seen), square);
  expect(pixels).toHaveLength(wanted.length);
  let differences = 0;
  for (let i = 0; i < wanted.length; i += 4)
    // By more than rounding.
    if ([0, 1, 2].some((c) => Math.abs(pixels.charCodeAt(i + c) - (wanted[i + c] ?? 0)) > 2))
      differences += 1;
  expect(differences).toBeLessThan((WIDTH * HEIGHT) / 1000);
  expect(errors).toEqual([]);
}

describe('sprites', { timeout: PATIENCE }, () => {
  test.each([1, 2, 3])('are what a painter would have drawn, seed %i', (seed) =>
    compare((number) => sprites.game.machine.call('fill', 400, number), seed),
  );

  test('stand in exact order by y, 10,000 of them from two pages', () =>
    compare((count) => sprites.game.machine.call('crowd', count, 5), 10_000));

  test('keep their order on several pages, and the page’s own objects come after them', async () => {
    const square = { layer: 1, x: 100, y: 60, side: 40, color: 0x00ff80 };
    await compare(
      ({ x, y, side, color }) => {
        const { machine } = sprites.game;
        machine.call('fill', 100, 9);
        machine.call('sky');
        machine.call('fill', 100, 10);
        sprites.square('deep', x, y, side, color);
      },
      square,
      square,
    );
  });
});
