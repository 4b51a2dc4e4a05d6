/** New code while sprites are on the stage: they are drawn as before, or the scene starts anew. */
import { expect, test } from 'vitest';
import type { ReplaceOutcome } from '../../../scripting/machine/index.ts';
import { imageOf } from '../tools/script.ts';
import { Drawing } from './drawn.ts';

const SCRIPT = `(import sluice.stage :all)
(import sluice.math :all)
(import sluice.game :all)
(deflayers (back) (front))
(defentity Ball (look : Sprite))
(defn start () : Unit
  (add-entity! (Ball (sprite "p1" :at (Vec2 20.0 40.0) :layer :front)))
  (every 0.01 (draw! [(sprite "p2" :at (Vec2 60.0 (.y (region-size (find-region "p3")))))]))
  ())`;

const pagesOf = (drawing: Drawing): unknown =>
  Object.fromEntries(
    [...drawing.draw()].map(([name, instances]) => [name, instances.map(({ page }) => page)]),
  );

async function replace(drawing: Drawing, script: string): Promise<ReplaceOutcome> {
  const image = await imageOf(script, { mode: 'development' });
  return drawing.machine.replace(await drawing.machine.prepare(image));
}

async function started(): Promise<Drawing> {
  const drawing = await Drawing.of(SCRIPT, 'development');
  drawing.machine.call('start');
  drawing.draw();
  expect(pagesOf(drawing)).toEqual({ back: [2], front: [1] });
  return drawing;
}

test('what lives is drawn by new code, and what code of before draws too', async () => {
  const drawing = await started();
  for (const name of ['one', 'two']) {
    const outcome = await replace(drawing, `${SCRIPT}\n(defn ${name} () 1)`);
    expect(outcome.kind).toBe('replaced');
    expect(pagesOf(drawing)).toEqual({ back: [2], front: [1] });
    expect(pagesOf(drawing)).toEqual({ back: [2], front: [1] });
  }
});

test('a layer may come in front of the others, and be sorted otherwise', async () => {
  const drawing = await started();
  const outcome = await replace(drawing, SCRIPT.replace('(front)', '(front :sort :y) (top)'));
  expect(outcome.kind).toBe('replaced');
  expect(pagesOf(drawing)).toEqual({ back: [2], front: [1], top: [] });
});

test.each(['(front) (back)', '(back) (middle) (front)', '(front)'])(
  'where layers stand elsewhere the scene starts anew: %s',
  async (layers) => {
    const drawing = await started();
    const outcome = await replace(drawing, SCRIPT.replace('(back) (front)', layers));
    expect(outcome).toMatchObject({
      kind: 'restart',
      reason: expect.stringMatching(/the layer `\w+` is not/),
    });
    expect(pagesOf(drawing)).toEqual({ back: [2], front: [1] });
  },
);

test('what took a new layout is drawn where it is, also between two steps', async () => {
  const text = (fields: string): string => `(import sluice.stage :all)
(import sluice.math :all)
(import sluice.game :all)
(deflayers (front))
(defentity Ball ${fields})
(defentity Ship (mut place : Place) (mut look : Sprite))
(defn start () : Unit
  (add-entity! (Ball :look (sprite "p1" :at (Vec2 20.0 40.0))))
  (attach! (add-entity! (Ship (Place (Vec2 9.0 9.0) 0.0 1.0) (sprite "p1"))) (add-entity! (Ship (Place (Vec2 30.0 9.0) 0.0 1.0) (sprite "p1"))))
  ())
(behave Ball (b dt) (+= (.x (.at (.look b))) 10.0))
(behave Ship (s dt) (+= (.x (.at (.place s))) 10.0))`;
  const drawing = await Drawing.of(text('(mut look : Sprite)'), 'development');
  const { machine } = drawing;
  machine.call('start');
  machine.keep();
  machine.step(0.1);
  machine.resetFrame();
  const places = (between?: number) =>
    [...drawing.drawn(between).values()].flat().map(({ at }) => at.map(Math.round));
  const now = places();
  expect(places(0.5)).not.toEqual(now);
  const next = text('(name : String "ball") (mut look : Sprite) (shade : (Option Sprite) None)');
  expect(await replace(drawing, next)).toMatchObject({
    kind: 'replaced',
    migrated: [{ type: 'Ball', count: 1 }],
  });
  expect(machine.verify()).toBeUndefined();
  expect(places()).toEqual(now);
  // The ball was given another layout; the ships, which were not, are on their way.
  expect(places(0.5)[0]).toEqual(now[0]);
  machine.keep();
  machine.step(0.1);
  machine.resetFrame();
  expect(places()).not.toEqual(now);
});

test('what was there before the first `deflayers` is in its first layer from then on, and what code of before draws too', async () => {
  const script = SCRIPT.replace('(deflayers (back) (front))', '').replace(' :layer :front', '');
  const drawing = await Drawing.of(script, 'development');
  drawing.machine.call('start');
  drawing.draw();
  expect(pagesOf(drawing)).toEqual({ main: [1, 2] });
  for (const layers of ['(ground) (top)', '(ground) (top) (ui)']) {
    const outcome = await replace(drawing, `${script}\n(deflayers ${layers})`);
    expect(outcome).toMatchObject({ kind: 'replaced', parked: [], restored: [] });
    expect(pagesOf(drawing)).toMatchObject({ ground: [1, 2], top: [] });
  }
  const outcome = await replace(drawing, `${script}\n(deflayers (top) (ground))`);
  expect(outcome).toMatchObject({ kind: 'restart', reason: 'the layer `ground` is not where it was' });
});
