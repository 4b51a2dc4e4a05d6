/** Boxes and circles of demos/physics stack, rest and stay where they may be. */
import { beforeAll, describe, expect, test } from 'vitest';
import { controlNumber } from '../../../scripting/image/index.ts';
import { BOX, farthest, type Seen } from '../../browser/physics-page.ts';
import { MODES } from '../tools/script.ts';
import { overlap } from './overlap.ts';
import { PhysicsScript } from './physics-script.ts';

/** Frames in which everything has come to rest, with time to spare. */
const TO_REST = 1200;

/** Of turning and pushing. */
const FRAMES = process.env.SLUICE_LONG === '1' ? 3000 : 1000;

let physics: PhysicsScript;

beforeAll(async () => {
  physics = await PhysicsScript.start('release');
});

describe('a tower of boxes', () => {
  test('comes to rest as it was built and stays, bit for bit', () => {
    physics.machine.call('build-tower', 12);
    physics.run(300);
    expect(physics.awake).toBe(0);
    const rested = physics.bodies;
    expect(rested).toHaveLength(12);
    rested.forEach(({ x, y, rotation }, i) => {
      expect(Math.abs(x - 480)).toBeLessThan(1);
      // Each presses a little into the one below.
      expect(Math.abs(y - (580 - 40 * i))).toBeLessThan(1);
      expect(Math.abs(rotation)).toBeLessThan(0.01);
    });
    physics.run(3000);
    expect(physics.bodies).toEqual(rested);
  });

  test('wakes when something falls on it, and rests again', () => {
    physics.machine.call('build-tower', 6);
    physics.run(300);
    expect(physics.awake).toBe(0);
    physics.machine.call('drop-circle');
    let most = 0;
    physics.run(120, () => {
      most = Math.max(most, physics.awake);
    });
    expect(most).toBe(7);
    physics.run(TO_REST);
    expect(physics.awake).toBe(0);
  });

  test('stops what comes at it so fast that it would be past it in one step', () => {
    physics.machine.call('build-tower', 3);
    physics.run(120);
    const [bottom] = physics.bodies;
    physics.machine.call('shoot-circle', 6000);
    physics.run(60, () => {
      const circle = physics.bodies.find(({ box }) => !box);
      expect(circle?.x).toBeLessThan(bottom?.x ?? Number.NaN);
    });
  });

  test('stands on a slope that friction holds, and slides down a steeper one', () => {
    // Friction is 0.45 of what presses: up to 0.42 radians.
    for (const [angle, slides] of [
      [0.3, false],
      [0.6, true],
    ] as const) {
      physics.machine.call('build-tower', 1);
      physics.run(120);
      const [{ x: before } = { x: Number.NaN }] = physics.bodies;
      physics.machine.call('tilt', -angle);
      physics.run(120);
      const [{ x: after } = { x: Number.NaN }] = physics.bodies;
      if (slides) expect(after - before).toBeGreaterThan(100);
      else expect(Math.abs(after - before)).toBeLessThan(0.5);
    }
  });
});

test.each([100, 500])('%i bodies rest in the end, none in another or in a wall', (count) => {
  physics.machine.call('set-body-count', count);
  const unit = Number(physics.machine.call('unit'));
  physics.run(TO_REST);
  expect(physics.awake).toBe(0);
  const rested = physics.bodies;
  expect(rested).toHaveLength(count);
  expect(deepest(rested) / unit).toBeLessThan(0.1);
  physics.run(500);
  expect(physics.bodies).toEqual(rested);
});

test(`no body leaves the walls in ${FRAMES} frames of turning and pushing, and none makes garbage`, () => {
  physics.machine.call('set-body-count', 300);
  physics.run(1);
  const { machine, input } = physics;
  const mouse = controlNumber('mouse-left') ?? Number.NaN;
  let allocated = machine.allocatedBytes;
  let outside = 0;
  physics.run(FRAMES, (frame) => {
    if (frame % 500 === 0) machine.call('turn');
    input.movePointer(60 + (frame % 840), 570 - (frame % 300));
    if (frame % 400 === 100) input.setControl(mouse, true);
    if (frame % 400 === 200) input.setControl(mouse, false);
    if (frame % 25 > 0) return;
    expect(machine.allocatedBytes).toBe(allocated);
    for (const { x, y } of physics.bodies)
      if (!(x > 0 && x < BOX.width && y > 0 && y < BOX.height)) outside += 1;
    // The answer is an object.
    allocated = machine.allocatedBytes;
  });
  expect(outside).toBe(0);
});

test('is the same in development and in release', async () => {
  const [a, b] = await Promise.all(MODES.map((mode) => PhysicsScript.start(mode)));
  for (const each of [a, b]) each?.run(100);
  expect(a?.bodies).toEqual(b?.bodies);
  expect(a?.bodies).toHaveLength(500);
});

/** How far the worst pair of bodies is in one another, or the worst body in a wall. */
function deepest(bodies: readonly Seen[]): number {
  const inWalls = bodies.flatMap((body) => [
    farthest(body, 1, 0) - BOX.width,
    farthest(body, -1, 0),
    farthest(body, 0, 1) - BOX.height,
    farthest(body, 0, -1),
  ]);
  const inOthers = bodies.map((a, i) => Math.max(...bodies.slice(0, i).map((b) => overlap(a, b))));
  return Math.max(...inWalls, ...inOthers);
}
