/** Sprites where there is little memory, where objects move at any time, and where numbers are none. */
import { expect, test } from 'vitest';
import { STRESS_COLLECT, STRESS_MOVE, STRESS_POISON, STRESS_VERIFY } from '../../../scripting/heap/index.ts';
import { thrown } from '../tools/script.ts';
import { Drawing } from './drawn.ts';

const MEBIBYTE = 2 ** 20;

const countsOf = (drawing: Drawing): unknown =>
  Object.fromEntries([...drawing.draw()].map(([name, instances]) => [name, instances.length]));

const CROWD = `(deflayers (w :sort :y) (none))
  (defentity Ball (look : Sprite) (n : i64))
  (pub defn more ((n : i64)) : Unit
    (for (i 0 (< i n))
      (add-entity! (Ball (sprite "p1" :at (Vec2 (f64 (rem i 100)) (f64 (rem (* i 7919) 80)))) i))
      ()))
  (pub defn fewer () : Unit (for-entities (b Ball) (when (> (.n b) 100) (remove-entity! b))))`;

// Full where pictures are read, and full where a column grows.
test.each([[2], [4]])(
  'where memory is full, drawing fails and goes on when there is room: %i MiB',
  async (limit) => {
    const drawing = await Drawing.of(CROWD, 'development', { hardLimit: limit * MEBIBYTE });
    const { machine } = drawing;
    try {
      machine.call('more', 5000 * limit);
    } catch {
      // So there is no room at all.
    }
    for (let frame = 0; frame < 2; frame++) {
      expect(String(thrown(() => drawing.draw()))).toContain('out of memory');
      machine.resetFrame();
    }
    machine.call('fewer');
    drawing.machine.step(0.01);
    machine.resetFrame();
    machine.collect();
    for (let frame = 0; frame < 2; frame++) expect(countsOf(drawing)).toEqual({ w: 101, none: 0 });
    expect(machine.verify()).toBeUndefined();
  },
);

const LIMBS = `(import sluice.game :all)
  (deflayers (a :sort :y) (empty))
  (defstruct Hat (look : Sprite))
  (deftype State Idle (Burning Sprite String) (Twin Sprite Sprite) (Chain Sprite State))
  (defvalue Limb (name : String) (look : (Option Sprite)))
  (defentity Body
    (mut place : Place) (name : String) (limbs : (Tuple Limb Limb)) (mut state : State) (hat : (Option Hat)) (mut up : (Option (Weak Body))))
  (defentity Dot (look : Sprite) (place : Place))
  (defglobal mut *frames* : i64 0)
  (defn at (x y) (sprite "p1" :at (Vec2 x y) :layer :a :z (rem x 3.0)))
  (defn state ((x : f64)) : State
    (cond
      ((< x 20.0) (Burning (at 1.0 2.0) (str "fire " x)))
      ((< x 40.0) (Twin (at 4.0 2.0) (at 5.0 6.0)))
      (else (Chain (at 3.0 3.0) (Chain (at 9.0 9.0) Idle)))))
  (defn body ((x : f64)) : Body
    (let ((arm (Limb (str "arm " x) (Some (at x 3.0)))) (leg (Limb "leg" None)))
      (add-entity! (Body (Place (Vec2 x 1.0) 0.1 1.0) (str "body " x) (tuple arm leg) (state x) (Some (Hat (at 1.0 1.0))) None))))
  (defn start () : Unit
    (let ((mut last (body 0.0)))
      (for (i 1 (< i 8))
        (let ((next (body (f64 (* i 8)))))
          (attach! next last)
          (set! (.up next) (Some (weak last)))
          (set! last next)))))
  (behave Body (b dt) (match (.state b) ((Burning s name) (set! (.state b) (Burning s (str name ".")))) (_ ())))
  (defn so-many (n) (let ((all (mut-vec))) (for (i 0 (< i n)) (push! all i)) all))
  (defn frame ((dt : f64)) : Unit
    (+= *frames* 1)
    (with-arena frame (draw! (map (fn (i) (at (f64 i) (f64 (rem i 7)))) (so-many (* 5 *frames*)))))
    (match (first-entity Body)
      (None ())
      ((Some b)
        (for (i 0 (< i 3)) (attach! (add-entity! (Dot (at (f64 i) 9.0) (Place (Vec2 0.0 0.0) 0.0 1.0))) b))
        (when (= *frames* 6) (remove-entity! b))))
    (println (map (fn (b) (.name b)) (entities-at Body (Vec2 3.0 3.0))))
    (println (match (entity-at Body (Vec2 3.0 3.0)) ((Some b) (.name b)) (None "nobody"))))`;

test('what is drawn is the same where objects move and are collected at any time', async () => {
  const drawn = async (stress: number): Promise<string> => {
    let printed = '';
    const output = (text: string) => {
      printed += text;
    };
    const timeLimit = Number.POSITIVE_INFINITY;
    const drawing = await Drawing.of(LIMBS, 'development', { stress, timeLimit, output });
    drawing.machine.call('start');
    const frames: unknown[] = [];
    for (let frame = 0; frame < 8; frame++) {
      frames.push([...drawing.draw()]);
      expect(drawing.machine.verify()).toBeUndefined();
      drawing.machine.gapSlice(1000);
    }
    expect(drawing.machine.failures).toEqual([]);
    return JSON.stringify([frames, printed]);
  };
  const calm = await drawn(0);
  for (const stress of [STRESS_COLLECT | STRESS_VERIFY, STRESS_MOVE, STRESS_COLLECT | STRESS_MOVE])
    expect(await drawn(stress | STRESS_POISON)).toBe(calm);
});

test('a camera that is nowhere is an error, and the one of before stays', async () => {
  const drawing = await Drawing.of(
    `(deflayers (near) (far :camera 3.0))
     (defentity Ball (look : Sprite))
     (defn start () : Unit
       (add-entity! (Ball (sprite "p1" :at (Vec2 50.0 40.0) :layer :near)))
       (add-entity! (Ball (sprite "p1" :at (Vec2 50.0 40.0) :layer :far)))
       ())
     (pub defn show ((x : f64) (zoom : f64) (rotation : f64)) : Unit (set-camera! (Camera (Vec2 x 40.0) zoom rotation)))`,
    'development',
  );
  const { machine } = drawing;
  machine.call('start');
  machine.call('show', 50, 1, 0);
  const none = [Number.NaN, Number.POSITIVE_INFINITY];
  for (const no of none) {
    expect(String(thrown(() => machine.call('show', no, 1, 0)))).toContain('are finite');
    expect(String(thrown(() => machine.call('show', 50, 1, no)))).toContain('are finite');
    expect(String(thrown(() => machine.call('show', 50, no, 0)))).toMatch(/are finite|above 0/);
  }
  expect(countsOf(drawing)).toEqual({ near: 1, far: 1 });
  // A layer that follows it threefold would be the wrong way round.
  machine.call('show', 50, 0.25, 0);
  drawing.draw();
  expect(drawing.views().map(([scale]) => scale)).toEqual([0.25, 0]);
});

test('a camera is shaken for a while, and kept in what there is', async () => {
  const drawing = await Drawing.of(
    `(deflayers (near))
     (defentity Ball (look : Sprite))
     (defn start () : Unit
       (add-entity! (Ball (sprite "p1" :at (Vec2 50.0 40.0))))
       (set-camera! (Camera (Vec2 50.0 40.0) 1.0 0.0)))
     (pub defn shake ((strength : f64) (seconds : f64)) : Unit (shake! strength seconds))
     (pub defn keep ((x : f64) (width : f64)) : Unit (keep-camera-in! (Rect x 0.0 width 500.0)))
     (pub defn at () : String (str (.at (camera))))`,
    'development',
  );
  const { machine } = drawing;
  machine.call('start');
  const shown = (): string => {
    machine.step(0.1);
    drawing.draw();
    machine.resetFrame();
    return JSON.stringify(drawing.views());
  };
  const calm = shown();
  machine.call('shake', 5, 0.35);
  const shaken = [shown(), shown(), shown(), shown()];
  expect(new Set([calm, ...shaken.slice(0, 2)]).size).toBe(3);
  expect(shaken.at(-1)).toBe(calm);
  for (const no of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(String(thrown(() => machine.call('shake', no, 1)))).toContain('is finite');
    expect(String(thrown(() => machine.call('shake', 1, no)))).toContain('is finite');
    expect(String(thrown(() => machine.call('keep', no, 1000)))).toContain('is finite');
    expect(String(thrown(() => machine.call('keep', 0, no)))).toContain('is finite');
    expect(shown()).toBe(calm);
  }
  machine.call('keep', 200, 1000);
  expect(machine.call('at')).toContain(':x 250.0');
});

test('an animation runs backwards at a rate below zero', async () => {
  const drawing = await Drawing.of(
    `(pub defn page ((time : f64) (loops : Bool)) : String
       (let ((run (animation "run" :rate -1.0 :loops loops :time time)))
         (str (frame-of run))))`,
    'development',
  );
  const pages = (loops: boolean) => [0, 1, 2, 3, 4].map((time) => drawing.machine.call('page', time, loops));
  const [first, last, middle] = pages(true);
  expect(new Set([first, last, middle]).size).toBe(3);
  expect(pages(true)).toEqual([first, last, middle, first, last]);
  expect(pages(false)).toEqual([first, first, first, first, first]);
});
