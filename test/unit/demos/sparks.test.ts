/** The sparks of demos/swarm are a ring: the newest are seen, and nothing is made for them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Drawing } from '../library/drawn.ts';
import { MODES } from '../tools/script.ts';

const SPARKS = readFileSync(new URL('../../../demos/swarm/sparks.slu', import.meta.url), 'utf8');
/** As many as there ever are. */
const MOST = 1500;
const OLD = 0xff0000;
const NEW = 0x00ff00;

/** What the drawing imports by itself is taken out. */
const SCRIPT = `(import sluice.game :all)
(deflayers (glow))
${SPARKS.replace(/^\(import .*$/gm, '').replaceAll('"spark.png"', '"p0"')}
(pub defn light ((count : i64) (tint : i32)) : Unit (burst! (Vec2 50.0 40.0) count 0.0 tint))
(pub defn end () : Unit (clear-sparks!))
(defn frame ((dt : f64)) : Unit (move-sparks! dt) (draw-sparks!))`;

test.each(MODES)('the newest sparks take the places of the oldest: %s', async (mode) => {
  const drawing = await Drawing.of(SCRIPT, mode);
  const { machine } = drawing;
  const tints = (): readonly number[] => (drawing.draw(0.01).get('glow') ?? []).map(({ tint }) => tint);
  const count = (tint: number, all = tints()): number => all.filter((each) => each === tint).length;
  expect(tints()).toEqual([]);

  machine.call('light', 100, OLD);
  expect(count(OLD)).toBe(100);
  machine.call('light', MOST - 40, NEW);
  const all = tints();
  expect([count(OLD, all), count(NEW, all)]).toEqual([40, MOST - 40]);
  // What the stage writes to is as long as it has to be now.
  const allocated = machine.allocatedBytes;

  machine.call('end');
  expect(tints()).toEqual([]);
  machine.call('light', 10, NEW);
  expect(count(NEW)).toBe(10);
  // None lasts longer than three quarters of a second.
  for (let i = 0; i < 76; i += 1) drawing.draw(0.01);
  expect(tints()).toEqual([]);
  expect(machine.allocatedBytes).toBe(allocated);
});
