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
