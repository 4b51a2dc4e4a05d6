/** A fixed step on displays of other rates: what is drawn lies between two steps, in the game's own time, one step late. */
import { describe, expect, test } from 'vitest';
import { GapScheduler } from '../../../engine/gap/index.ts';
import { Loop } from '../../../engine/loop/index.ts';
import { FrameRecorder } from '../../../engine/profile/index.ts';
import { STRESS_COLLECT, STRESS_MOVE, STRESS_POISON } from '../../../scripting/heap/index.ts';
import { ManualClock } from '../engine/fake-machine.ts';
import { Drawing, type Instance } from './drawn.ts';

const STEP = 1 / 60;

const centre = ({ at: [x, y], sides: [ax, ay, bx, by] }: Instance): readonly [number, number] => [
  x + (ax + bx) / 2,
  y + (ay + by) / 2,
];

/** Rounded, in the order in which they are drawn. */
const centres = (drawing: Drawing, between?: number): readonly (readonly number[])[] =>
  [...drawing.drawn(between).values()].flat().map((i) => centre(i).map((x) => Math.round(1000 * x) / 1000));

const MOVING = `(defentity Ball (mut look : Sprite))
  (defentity Ship (mut place : Place) (look : Sprite))
  (defglobal mut *frames* : i64 0)
  (defglobal mut *behaviours* : i64 0)
  (defn start () : Unit
    (add-entity! (Ball (sprite "p1" :at (Vec2 0.0 40.0))))
    (add-entity! (Ship (Place (Vec2 0.0 20.0) 3.0 1.0) (sprite "p1")))
    ())
  (defn frame ((dt : f64)) : Unit (+= *frames* 1))
  (behave Ball (b dt) (+= *behaviours* 1) (+= (.x (.at (.look b))) (* dt 10.0)))
  (behave Ship (s dt) (+= (.x (.at (.place s))) (* dt 10.0)) (+= (.rotation (.place s)) (* dt 2.0)))
  (pub defn frames () : i64 *frames*)
  (pub defn behaviours () : i64 *behaviours*)`;

test.each([30, 60, 144])('a display of %i Hz shows what moves evenly moving evenly', async (rate) => {
  const drawing = await Drawing.of(MOVING, 'development');
  const { machine } = drawing;
  machine.call('start');
  const clock = new ManualClock();
  const recorder = new FrameRecorder(10);
  const gap = new GapScheduler(clock, recorder);
  const loop = new Loop({ machine, clock, recorder, gap, fixedStep: STEP, interpolate: true });
  const xs: number[] = [];
  const turns: number[] = [];
  loop.stage = {
    run(_, between) {
      const [ball, ship] = drawing.drawn(between).get('main') ?? [];
      if (ball === undefined || ship === undefined) throw new Error('both are seen');
      expect(centre(ball)[0]).toBeCloseTo(centre(ship)[0], 4);
      xs.push(centre(ball)[0]);
      turns.push(Math.atan2(ship.sides[1], ship.sides[0]));
    },
  };
  for (let frame = 0; frame < 2 * rate; frame += 1) loop.frame((1000 * frame) / rate);
  // The first frames know no rate yet, and have no step before.
  const moves = xs.slice(1).map((x, i) => x - (xs[i] as number));
  for (const move of moves.slice(rate / 10)) expect(move).toBeCloseTo(10 / rate, 4);
  const turned = turns.slice(1).map((a, i) => a - (turns[i] as number));
  for (const by of turned.slice(rate / 10)) expect(Math.abs(Math.sin(by))).toBeCloseTo(Math.sin(2 / rate), 4);
  // Two seconds but for the last frame, at 60 Hz whatever the display's rate is.
  const steps = Number(machine.call('frames'));
  expect(Math.abs(steps - 120)).toBeLessThanOrEqual(2);
  expect(machine.call('behaviours')).toBe(steps);
});

test('what turns through a half turn goes the short way', async () => {
  const drawing = await Drawing.of(
    `(defentity Hand (mut look : Sprite))
     (defentity Ship (mut place : Place) (look : Sprite))
     (defn start () : Unit
       (add-entity! (Hand (sprite "p1" :at (Vec2 20.0 20.0) :rotation 3.0)))
       (add-entity! (Ship (Place (Vec2 60.0 20.0) 3.0 1.0) (sprite "p1")))
       ())
     (behave Hand (h dt) (set! (.rotation (.look h)) -3.0))
     (behave Ship (s dt) (set! (.rotation (.place s)) -3.0))`,
    'development',
  );
  const { machine } = drawing;
  machine.call('start');
  machine.keep();
  machine.step(STEP);
  for (const { sides } of drawing.drawn(0.5).get('main') ?? []) {
    expect(sides[0]).toBeCloseTo(-10, 4);
    expect(sides[1]).toBeCloseTo(0, 4);
  }
});

test('each sprite of an array lies between where it was and where it is', async () => {
  const drawing = await Drawing.of(
    `(defentity Train (mut cars : (Array 3 Sprite)) (mut light : Sprite))
     (defn start () : Unit
       (add-entity! (Train (build-array 3 (fn (i) (sprite "p1" :at (Vec2 (f64 (* i 20)) 40.0)))) (sprite "p1" :at (Vec2 70.0 40.0))))
       ())
     (behave Train (t dt)
       (for (i 0 (< i 3)) (+= (.x (.at (nth (.cars t) i))) (f64 (* i 4)))))`,
    'development',
  );
  const { machine } = drawing;
  machine.call('start');
  machine.keep();
  machine.step(STEP);
  const xs = (between: number): readonly (number | undefined)[] => centres(drawing, between).map(([x]) => x);
  expect(xs(0)).toEqual([0, 20, 40, 70]);
  expect(xs(0.5)).toEqual([0, 22, 44, 70]);
  expect(xs(1)).toEqual([0, 24, 48, 70]);
});

const CHANGING = `(deftype Shield None-at-all (Up Sprite))
  (defentity Spark (n : i64) (mut look : Sprite) (mut shield : Shield))
  (defentity Base (mut place : Place) (look : Sprite))
  (defentity Gun (mut place : Place) (look : Sprite))
  (defn at ((x : f64)) : Sprite (sprite "p1" :at (Vec2 x 40.0)))
  (defglobal *one* : Spark (Spark 1 (at 10.0) (Up (at 30.0))))
  (defglobal *two* : Spark (Spark 2 (at 20.0) None-at-all))
  (defglobal *base* : Base (Base (Place (Vec2 10.0 10.0) 0.0 1.0) (sprite "p1")))
  (defglobal *gun* : Gun (Gun (Place (Vec2 4.0 0.0) 0.0 1.0) (sprite "p1")))
  (defn start () : Unit
    (add-entity! *one*) (add-entity! *two*) (add-entity! *base*) (add-entity! *gun*)
    (attach! *gun* *base*))
  (defn move ((s : Spark) (by : f64)) : Unit
    (+= (.x (.at (.look s))) by)
    (match (.shield s) ((Up look) (set! (.shield s) (Up (update look :at (+ (.at look) (Vec2 by 0.0)))))) (None-at-all ())))
  (pub defn move-all ((by : f64)) : Unit
    (for-entities (s Spark) (move s by))
    (+= (.x (.at (.place *base*))) by)
    (+= (.x (.at (.place *gun*))) by))
  (pub defn swap () : Unit (set! (.shield *one*) None-at-all) (set! (.shield *two*) (Up (at 50.0))))
  (pub defn remove () : Unit (remove-entity! *one*))
  (pub defn add () : Unit (add-entity! *one*) ())
  (pub defn more () : Unit (add-entity! (Spark 3 (at 80.0) None-at-all)) ())
  (pub defn jump () : Unit (teleport! *base* (Vec2 50.0 10.0)))
  (pub defn jump-gun () : Unit (teleport! *gun* (Vec2 0.0 0.0)))
  (pub defn show () : Unit (appear! *two*))
  (pub defn loose () : Unit (detach! *gun*))
  (pub defn bound () : Unit (attach! *gun* *base*) (set! (.at (.place *gun*)) (Vec2 10.0 0.0)))`;

const BUILDS = [
  ['development', 0],
  ['development', STRESS_COLLECT | STRESS_POISON],
  ['release', STRESS_MOVE | STRESS_POISON],
] as const;

describe.each(BUILDS)('in a %s build, stress %i', (mode, stress) => {
  /** Where all is drawn, as x alone: two sparks with what shields them, base, gun. */
  const started = async () => {
    const drawing = await Drawing.of(CHANGING, mode, { stress });
    const { machine } = drawing;
    machine.call('start');
    return {
      machine,
      xs: (between?: number) => centres(drawing, between).map(([x]) => x),
      /** A step in which something is done. */
      step(...names: readonly string[]) {
        machine.keep();
        for (const name of names) machine.call(name, ...(name === 'move-all' ? [10] : []));
        machine.step(STEP);
        machine.resetFrame();
      },
    };
  };

  test('sprites, places and what is attached are on their way', async () => {
    const { xs, step } = await started();
    expect(xs(0.5)).toEqual([10, 30, 20, 10, 14]);
    step('move-all');
    expect(xs()).toEqual([20, 40, 30, 20, 34]);
    expect(xs(0)).toEqual([10, 30, 20, 10, 14]);
    expect(xs(0.5)).toEqual([15, 35, 25, 15, 24]);
  });

  test('what was not there is drawn where it is', async () => {
    const { xs, step } = await started();
    step('swap', 'more', 'move-all');
    expect(xs(0.5)).toEqual([15, 25, 60, 90, 15, 24]);
    step('move-all');
    expect(xs(0.5)).toEqual([25, 35, 65, 95, 25, 44]);
  });

  test('others stay on their way where one leaves, and what comes back appears', async () => {
    const { xs, step } = await started();
    step('remove', 'move-all');
    expect(xs(0.5)).toEqual([25, 15, 24]);
    step('add', 'move-all');
    expect(xs(0.5)).toEqual([35, 20, 40, 25, 44]);
    step('remove', 'add', 'move-all');
    expect(xs(0.5)).toEqual([45, 30, 50, 35, 64]);
  });

  test('what is put elsewhere appears there, with what is attached to it', async () => {
    const { xs, step } = await started();
    step('jump');
    expect(xs(0.5)).toEqual([10, 30, 20, 50, 54]);
    step('move-all', 'show', 'jump-gun');
    expect(xs(0.5)).toEqual([15, 35, 30, 55, 55]);
    step('loose');
    expect(xs(0.5)).toEqual([20, 40, 30, 60, 60]);
    step('bound');
    expect(xs(0.5)).toEqual([20, 40, 30, 60, 70]);
  });

  test('what is kept costs no allocation once there is room', async () => {
    const { machine, xs, step } = await started();
    for (let i = 0; i < 3; i += 1) step('move-all');
    xs(0.5);
    const before = machine.allocatedBytes;
    for (let i = 0; i < 5; i += 1) {
      machine.keep();
      machine.draw(0.5);
    }
    expect(machine.allocatedBytes).toBe(before);
  });
});

test('the camera is on its way with what it follows', async () => {
  const drawing = await Drawing.of(
    `(deflayers (world) (ui :camera :screen))
     (defentity Hero (mut look : Sprite))
     (defglobal *hero* : Hero (Hero (sprite "p1" :at (Vec2 50.0 40.0))))
     (defn start () : Unit (add-entity! *hero*) (look-at! (.at (.look *hero*))))
     (defn frame ((dt : f64)) : Unit
       (+= (.x (.at (.look *hero*))) 8.0)
       (look-at! (.at (.look *hero*))))`,
    'development',
  );
  const { machine } = drawing;
  machine.call('start');
  for (let step = 0; step < 3; step += 1) {
    machine.keep();
    machine.step(STEP);
    for (const between of [0, 0.25, 0.75]) {
      const [hero] = drawing.drawn(between).get('world') ?? [];
      const [view] = drawing.views();
      if (hero === undefined || view === undefined) throw new Error('the hero is seen');
      expect(centre(hero)[0] + (view[2] ?? 0)).toBeCloseTo(50, 4);
      expect(centre(hero)[0]).toBeCloseTo(50 + 8 * (step + between), 4);
    }
    machine.resetFrame();
  }
});

test('a camera that jumps is cut to where it is, and is on its way again in the next step', async () => {
  const script = (jump: string) => `(defentity Rock (mut look : Sprite))
    (defglobal mut *steps* : i64 0)
    (defn start () : Unit
      (add-entity! (Rock (sprite "p1" :at (Vec2 50.0 40.0))))
      (look-at! (Vec2 50.0 40.0)))
    (defn frame ((dt : f64)) : Unit
      (+= *steps* 1)
      (when (= *steps* 2) (look-at! (Vec2 34.0 40.0)) ${jump})
      (when (= *steps* 3) (look-at! (Vec2 42.0 40.0))))`;
  const seen = async (jump: string): Promise<readonly number[]> => {
    const drawing = await Drawing.of(script(jump), 'development');
    const { machine } = drawing;
    machine.call('start');
    return [1, 2, 3].map(() => {
      machine.keep();
      machine.step(STEP);
      const [rock] = drawing.drawn(0.5).get('main') ?? [];
      const [view] = drawing.views();
      machine.resetFrame();
      if (rock === undefined || view === undefined) throw new Error('the rock is seen');
      return Math.round(centre(rock)[0] + (view[2] ?? 0));
    });
  };
  expect(await seen('')).toEqual([50, 58, 62]);
  expect(await seen('(cut!)')).toEqual([50, 66, 62]);
});
