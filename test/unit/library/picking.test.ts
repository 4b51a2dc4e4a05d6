/** What lies at a point of the stage, beside what was drawn there. */
import { expect, test } from 'vitest';
import { Random } from '../../generated/random.ts';
import { MODES } from '../tools/script.ts';
import { Drawing, HEIGHT, type Instance, WIDTH } from './drawn.ts';

const LAYERS = ['ground', 'actors', 'ui'] as const;
const COUNT = 60;

// A piece's tint is its number.
const SCRIPT = `(deflayers (ground) (actors :sort :y) (ui :camera :screen))
  (defentity Piece (id : i32) (look : Sprite) (mark : (Option Sprite)))
  (defn looks ((id : i32) (layer : i64) (x : f64) (y : f64) (z : f64)) : Sprite
    (let ((s (sprite "p1" :at (Vec2 x y) :z z :tint id)))
      (match layer (0 (update s :layer :ground)) (1 (update s :layer :actors)) (_ (update s :layer :ui)))))
  (pub defn add ((id : i32) (layer : i64) (x : f64) (y : f64) (z : f64) (marked : Bool)) : Unit
    (let ((mark (if marked (Some (looks id 2 (+ x 4.0) y z)) None)))
      (add-entity! (Piece id (looks id layer x y z) mark))
      ()))
  (defn start () : Unit (set-camera! (Camera (Vec2 30.0 20.0) 2.0 0.0)))
  (defn ids ((pieces : (Vector Piece))) : String (string-join (map (fn (p) (str (.id p))) pieces) " "))
  (pub defn seen-at ((x : f64) (y : f64)) : String (ids (entities-at Piece (Vec2 x y))))
  (pub defn ground-at ((x : f64) (y : f64)) : String (ids (entities-at Piece (Vec2 x y) :layer :ground)))
  (pub defn actors-at ((x : f64) (y : f64)) : String (ids (entities-at Piece (Vec2 x y) :layer :actors)))
  (pub defn ui-at ((x : f64) (y : f64)) : String (ids (entities-at Piece (Vec2 x y) :layer :ui)))
  (pub defn top-at ((x : f64) (y : f64)) : String
    (match (entity-at Piece (Vec2 x y)) ((Some p) (str (.id p))) (None "")))`;

type Point = readonly [x: number, y: number];

/** The pieces of these instances that cover a point of a layer, the last that was drawn first, each once. */
function covering(instances: readonly Instance[], [x, y]: Point): number[] {
  const hit = instances.filter(({ at, sides }) => {
    const [dx, dy] = [x - at[0], y - at[1]];
    return dx >= 0 && dx < sides[0] && dy >= 0 && dy < sides[3];
  });
  return [...new Set(hit.map(({ tint }) => tint).reverse())];
}

test.each(MODES)('what lies at a point comes as it was drawn, the last first: %s', async (mode) => {
  let most = 0;
  for (let seed = 1; seed <= 4; seed += 1) {
    const random = new Random(seed);
    const drawing = await Drawing.of(SCRIPT, mode);
    const { machine } = drawing;
    machine.call('start');
    for (let id = 1; id <= COUNT; id += 1) {
      const [x, y, z] = [random.below(WIDTH), random.below(HEIGHT), random.below(3)];
      machine.call('add', id, random.below(LAYERS.length), x, y, z, random.below(3) === 0);
    }
    const drawn = drawing.draw();
    const views = drawing.views();
    for (let i = 0; i < 50; i += 1) {
      const [x, y]: Point = [random.below(WIDTH) + 0.25, random.below(HEIGHT) + 0.25];
      const layers = LAYERS.map((name, n) => {
        const [a = 1, , e = 0, f = 0] = views[n] ?? [];
        const ids = covering(drawn.get(name) ?? [], [(x - e) / a, (y - f) / a]);
        expect(machine.call(`${name}-at`, x, y)).toBe(ids.join(' '));
        return ids;
      });
      const all = [...new Set(layers.reverse().flat())];
      most = Math.max(most, all.length);
      expect(machine.call('seen-at', x, y)).toBe(all.join(' '));
      expect(machine.call('top-at', x, y)).toBe(all.slice(0, 1).join(''));
    }
  }
  // Points where nothing lies one above the other would show nothing.
  expect(most).toBeGreaterThan(4);
});
