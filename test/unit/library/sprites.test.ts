/** What is drawn of a script's sprites: which, where, and in what order. */
import { describe, expect, test } from 'vitest';
import { MODES } from '../tools/script.ts';
import { Drawing, HEIGHT, type Instance, WIDTH } from './drawn.ts';

const lefts = (instances: readonly Instance[] | undefined): number[] =>
  (instances ?? []).map(({ at }) => at[0]);
const pages = (instances: readonly Instance[] | undefined): number[] =>
  (instances ?? []).map(({ page }) => page);

describe.each(MODES)('sprites in %s', (mode) => {
  test('lie where their fields say, turned and mirrored about their anchors', async () => {
    const drawing = await Drawing.of(
      `(defentity Thing (look : Sprite))
       (defn start () : Unit
         (add-entity! (Thing (sprite "p1" :at (Vec2 50.0 40.0))))
         (add-entity! (Thing (sprite "p2" :at (Vec2 50.0 40.0) :anchor (Vec2 0.0 0.0) :scale (Vec2 2.0 0.5) :tint 0x123456 :alpha 0.5)))
         (add-entity! (Thing (sprite "p3" :at (Vec2 50.0 40.0) :anchor (Vec2 0.0 0.0) :flip-x true)))
         (add-entity! (Thing (sprite "p4" :at (Vec2 50.0 40.0) :anchor (Vec2 0.0 0.0) :rotation (/ pi 2.0)))))`,
      mode,
    );
    drawing.machine.call('start');
    const [plain, large, flipped, turned] = drawing.draw().get('main') ?? [];
    expect(plain).toEqual({
      sides: [10, 0, -0, 20],
      at: [45, 30],
      corners: [0.25, 0, 0.5, 1],
      tint: 0xffffff,
      alpha: 255,
      page: 1,
    });
    expect(large).toMatchObject({ sides: [20, 0, -0, 10], at: [50, 40], tint: 0x123456, alpha: 128 });
    expect(flipped).toMatchObject({ sides: [-10, -0, -0, 20], at: [50, 40] });
    for (const [i, side] of [0, 10, -20, 0].entries()) expect(turned?.sides[i]).toBeCloseTo(side, 5);
  });

  test('are found wherever they lie flat, and not elsewhere', async () => {
    const drawing = await Drawing.of(
      `(defvalue Limb (n : i64) (look : Sprite))
       (deftype State Idle (Burning Sprite))
       (defstruct Hat (look : Sprite))
       (defentity Thing (first : Sprite) (limbs : (Tuple Limb Limb)) (mut maybe : (Option Sprite)) (state : State) (hat : Hat) (others : (Vector Sprite)))
       (defn at (x) (sprite "p1" :at (Vec2 x 40.0) :anchor (Vec2 0.0 0.0)))
       (defglobal mut *thing* : (Option Thing) None)
       (defn start () : Unit
         (set! *thing* (Some (add-entity! (Thing (at 1.0) (tuple (Limb 1 (at 2.0)) (Limb 2 (at 3.0))) (Some (at 4.0)) (Burning (at 5.0)) (Hat (at 6.0)) [(at 7.0)])))))
       (pub defn bare () : Unit (set! (.maybe (unwrap *thing*)) None))
       (pub defn kill () : Unit (remove-entity! (unwrap *thing*)))`,
      mode,
    );
    drawing.machine.call('start');
    expect(lefts(drawing.draw().get('main'))).toEqual([1, 2, 3, 4, 5]);
    drawing.machine.call('bare');
    expect(lefts(drawing.draw().get('main'))).toEqual([1, 2, 3, 5]);
    drawing.machine.call('kill');
    expect(drawing.draw().get('main')).toEqual([]);
  });

  test('are found in every element of an array, in its order, as they are set', async () => {
    const drawing = await Drawing.of(
      `(defvalue Limb (n : i64) (look : Sprite))
       (defentity Thing (mut looks : (Array 4 Sprite)) (limbs : (Array 2 Limb)) (mut maybe : (Array 3 (Option Sprite))))
       (defn at (x) (sprite "p1" :at (Vec2 x 40.0) :anchor (Vec2 0.0 0.0)))
       (defglobal mut *thing* : (Option Thing) None)
       (defn start () : Unit
         (set! *thing* (Some (add-entity! (Thing (build-array 4 (fn (i) (at (f64 (+ i 1)))))
                                                 (array (Limb 1 (at 5.0)) (Limb 2 (at 6.0)))
                                                 (array None (Some (at 7.0)) None))))))
       (pub defn move ((i : i64)) : Unit
         (let ((thing (unwrap *thing*)))
           (+= (.x (.at (nth (.looks thing) i))) 10.0)
           (set! (nth (.maybe thing) i) (Some (at 8.0)))
           (set! (.visible (nth (.looks thing) (- 3 i))) false)))
       (pub defn kill () : Unit (remove-entity! (unwrap *thing*)))`,
      mode,
    );
    drawing.machine.call('start');
    expect(lefts(drawing.draw().get('main'))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    drawing.machine.call('move', 2);
    expect(lefts(drawing.draw().get('main'))).toEqual([1, 13, 4, 5, 6, 7, 8]);
    drawing.machine.call('kill');
    expect(drawing.draw().get('main')).toEqual([]);
  });

  test('are found in options of options, and in the first of values that hold their like', async () => {
    const drawing = await Drawing.of(
      `(defstruct Hat (look : Sprite) (next : (Option Hat)))
       (defvalue Arm (shield : (Option Sprite)) (hat : Hat))
       (deftype Body End (Part Sprite (Option Hat) Body))
       (defentity Thing (first : Sprite) (arm : (Option Arm)) (pair : (Tuple i64 (Tuple Sprite Bool))) (body : Body) (hat : (Option Hat)))
       (defn at (x) (sprite "p1" :at (Vec2 x 40.0) :anchor (Vec2 0.0 0.0)))
       (defglobal *hat* : Hat (Hat (at 9.0) None))
       (defn start () : Unit
         (add-entity! (Thing (at 1.0) (Some (Arm (Some (at 2.0)) *hat*)) (tuple 1 (tuple (at 3.0) true)) (Part (at 4.0) (Some *hat*) (Part (at 5.0) None End)) (Some *hat*)))
         ())`,
      mode,
    );
    drawing.machine.call('start');
    expect(lefts(drawing.draw().get('main'))).toEqual([1, 2, 3, 4]);
  });

  test('are drawn by `draw!` in the frame that says so, after the entities', async () => {
    const drawing = await Drawing.of(
      `(defentity Thing (look : Sprite))
       (defvalue Bullet (n : i64) (look : Sprite))
       (defglobal *bullets* : (MutVec Bullet) (mut-vec))
       (defn at (x) (sprite "p1" :at (Vec2 x 40.0) :anchor (Vec2 0.0 0.0)))
       (defglobal mut *drawing* : Bool true)
       (defn start () : Unit
         (push! *bullets* (Bullet 1 (at 9.0)))
         (add-entity! (Thing (at 1.0)))
         ())
       (pub defn stop () : Unit (set! *drawing* false))
       (defn frame ((dt : f64)) : Unit
         (when *drawing* (draw! *bullets*) (draw! [(at 3.0)]) (draw! [(tuple 1 None) (tuple 2 (Some (at 4.0)))])))`,
      mode,
    );
    drawing.machine.call('start');
    expect(lefts(drawing.draw().get('main'))).toEqual([1, 9, 3, 4]);
    expect(lefts(drawing.draw().get('main'))).toEqual([1, 9, 3, 4]);
    drawing.machine.call('stop');
    expect(lefts(drawing.draw().get('main'))).toEqual([1]);
  });

  test('are left out where nothing of them can be seen', async () => {
    const drawing = await Drawing.of(
      `(deflayers (world) (ui :camera :screen))
       (defentity Thing (look : Sprite))
       (defn start () : Unit
         (for-each (x [-5.1 -4.9 104.9 105.1]) (add-entity! (Thing (sprite "p1" :at (Vec2 x 40.0)))) ())
         (add-entity! (Thing (sprite "p1" :at (Vec2 -6.0 40.0) :rotation (/ pi 4.0))))
         (add-entity! (Thing (sprite "p1" :at (Vec2 50.0 40.0) :visible false)))
         (add-entity! (Thing (sprite "p1" :at (Vec2 50.0 40.0) :alpha 0.0)))
         (add-entity! (Thing (sprite "p1" :at (Vec2 1050.0 40.0))))
         (add-entity! (Thing (sprite "p1" :at (Vec2 10.0 10.0) :layer :ui)))
         ())
       (pub defn go () : Unit (set-camera! (Camera (Vec2 1050.0 40.0) 2.0 0.0)))`,
      mode,
    );
    drawing.machine.call('start');
    const first = drawing.draw();
    expect(first.get('world')).toHaveLength(3);
    expect(first.get('ui')).toHaveLength(1);
    drawing.machine.call('go');
    const second = drawing.draw();
    expect(lefts(second.get('world'))).toEqual([1045]);
    expect(second.get('ui')).toHaveLength(1);
    // The point that the camera looks at is in the middle, twice as large; the layer of the screen is as it was.
    expect(drawing.views()).toEqual([
      [2, 0, WIDTH / 2 - 2100, HEIGHT / 2 - 80],
      [1, 0, 0, 0],
    ]);
  });

  test('lie relative to the place of their entity', async () => {
    const drawing = await Drawing.of(
      `(defentity Thing (place : Place) (look : Sprite))
       (defentity Other (look : Sprite))
       (defn start () : Unit
         (add-entity! (Thing (Place (Vec2 50.0 40.0) (/ pi 2.0) 2.0) (sprite "p1" :at (Vec2 10.0 0.0) :anchor (Vec2 0.0 0.0))))
         (add-entity! (Other (sprite "p1" :at (Vec2 10.0 0.0) :anchor (Vec2 0.0 0.0))))
         ())`,
      mode,
    );
    drawing.machine.call('start');
    const [placed, plain] = drawing.draw().get('main') ?? [];
    for (const [i, side] of [0, 20, -40, 0].entries()) expect(placed?.sides[i]).toBeCloseTo(side, 4);
    expect(placed?.at[0]).toBeCloseTo(50, 4);
    expect(placed?.at[1]).toBeCloseTo(60, 4);
    expect(plain?.at).toEqual([10, 0]);
  });

  test('stand in order: by y, then z, then as they come; elsewhere by z alone', async () => {
    const drawing = await Drawing.of(
      `(deflayers (plain) (deep :sort :y))
       (defentity Thing (look : Sprite))
       (defglobal mut *seed* : i64 1)
       (defn next () : i64 (set! *seed* (rem (* *seed* 48271) 2147483647)) *seed*)
       (pub defn fill ((count : i64)) : Unit
         (for (i 0 (< i count))
           (let ((y (f64 (- (rem (next) 60) 5))) (z (* 0.5 (f64 (- (rem (next) 3) 1)))))
             (for-each (layer [false true])
               (add-entity! (Thing (update (sprite "p1" :at (Vec2 (* 0.001 (f64 i)) y) :anchor (Vec2 0.0 0.0) :z z) :layer (if layer :deep :plain))))
               ()))))
       (pub defn all () : (Vector (Tuple f64 f64 f64))
         (let ((found (mut-vec)))
           (for-entities (t Thing)
             (let ((look (.look t))) (push! found (tuple (.x (.at look)) (.y (.at look)) (.z look)))))
           (freeze found)))`,
      mode,
    );
    drawing.machine.call('fill', 3000);
    const all = drawing.machine.call('all') as [number, number, number][];
    const sprites = all.filter((_, i) => i % 2 === 0);
    const xs = (order: readonly (readonly number[])[]) => order.map(([x]) => Math.fround(x ?? 0));
    const layers = drawing.draw();
    expect(lefts(layers.get('plain'))).toEqual(xs([...sprites].sort((a, b) => a[2] - b[2])));
    expect(lefts(layers.get('deep'))).toEqual(xs([...sprites].sort((a, b) => a[1] - b[1] || a[2] - b[2])));
    // The second time, nothing is allocated.
    const before = drawing.machine.allocatedBytes;
    drawing.machine.draw();
    expect(drawing.machine.allocatedBytes).toBe(before);
  });

  test('need no more than eight pages at once', async () => {
    const script = `
      (defentity Thing (look : Sprite))
      (defn start () : Unit
        (for (i 0 (< i 12))
          (add-entity! (Thing (sprite (find-region (str "p" (rem (* 5 i) 12))) :at (Vec2 50.0 40.0))))
          ()))`;
    const few = await Drawing.of(script.replaceAll('12', '7'), mode);
    few.machine.call('start');
    expect(pages(few.draw().get('main'))).toEqual([0, 5, 3, 1, 6, 4, 2]);
    expect(few.runs()).toEqual([[0, 0, 0, 1, 2, 3, 4, 5, 6, 7]]);
    const many = await Drawing.of(script, mode, { pages: 12 });
    many.machine.call('start');
    expect(pages(many.draw().get('main'))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3]);
    expect(many.runs()).toEqual([
      [0, 0, 0, 5, 10, 3, 8, 1, 6, 11],
      [0, 8, 4, 9, 2, 7, 0, 0, 0, 0],
    ]);
  });

  test('show the pictures of an animation in the order of their numbers', async () => {
    const drawing = await Drawing.of(
      `(defentity Thing (mut look : Sprite) (mut run : Animation))
       (defglobal *thing* : Thing (Thing (sprite "p1") (animation "run" :rate 10.0)))
       (defglobal mut *other* : Animation (animation "nothing" :loops false))
       (pub defn animated ((dt : f64)) : i64
         (animate! (.look *thing*) (.run *thing*) dt)
         (let ((shown (.region (.look *thing*))))
           (cond
             ((= shown (find-region "run-2.png")) 2)
             ((= shown (find-region "run-7.png")) 7)
             ((= shown (find-region "run-10.png")) 10)
             (else 0))))
       (pub defn once () : Unit (set! (.run *thing*) (animation "run" :rate 10.0 :loops false)))
       (pub defn over () : Bool (done? (.run *thing*)))
       (pub defn empty () : Bool (done? *other*))`,
      mode,
    );
    const shown = [0, 0.1, 0.1, 0.1, 0.15].map((dt) => Number(drawing.machine.call('animated', dt)));
    expect(shown).toEqual([2, 7, 10, 2, 7]);
    drawing.machine.call('once');
    expect(drawing.machine.call('over')).toBe(false);
    expect([0.2, 0.05, 0.2].map((dt) => Number(drawing.machine.call('animated', dt)))).toEqual([10, 10, 10]);
    expect(drawing.machine.call('over')).toBe(true);
    expect(drawing.machine.call('empty')).toBe(true);
  });

  test('keep the number of a picture, whatever becomes of it', async () => {
    const drawing = await Drawing.of(
      `(defentity Thing (look : Sprite))
       (defn start () : Unit
         (add-entity! (Thing (sprite "p1" :at (Vec2 50.0 40.0))))
         (add-entity! (Thing (sprite "gone" :at (Vec2 50.0 40.0))))
         ())
       (pub defn size () : Vec2 (region-size (find-region "p2")))
       (pub defn search () : Vec2 (region-size (find-region "p99")))`,
      mode,
    );
    expect(drawing.machine.call('size')).toEqual({ x: 10, y: 20 });
    expect(() => drawing.machine.call('search')).toThrow('there is no picture "p99"');
    drawing.machine.call('start');
    expect(pages(drawing.draw().get('main'))).toEqual([1, 7]);
    expect(drawing.missing).toEqual(['gone']);
    drawing.pictures.use({
      pages: 3,
      names: () => [],
      place: (name) =>
        name === 'gone' ? { page: 2, u0: 0, v0: 0, u1: 1, v1: 1, width: 4, height: 4 } : undefined,
    });
    const [first, second] = drawing.draw().get('main') ?? [];
    expect(first?.page).toBe(3);
    expect(second).toMatchObject({ page: 2, sides: [4, 0, -0, 4] });
    expect(drawing.missing).toEqual(['gone', 'p1', 'p2']);
  });
});
