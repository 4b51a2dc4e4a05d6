/**
 * Worlds by chance beside a plain model: entities, events, timers and scenes, in every order and from everywhere, with what fails, and with
 * collections and moves between. The first seeds are for every run; `SLUICE_LONG=1` asks for many more, fresh ones.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { STRESS_COLLECT, STRESS_MOVE, STRESS_POISON, STRESS_VERIFY } from '../../../scripting/heap/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import { Random } from '../../generated/random.ts';
import { imageOf } from '../tools/script.ts';
import { FAULTS, WorldModel } from './world-model.ts';
import { machineWith, play, WORLD_SCRIPT } from './world-script.ts';

const LONG = process.env.SLUICE_LONG === '1';
const FIRST = LONG ? Math.floor(Math.random() * 2 ** 31) : 1;
const SEEDS = LONG ? 5000 : 24;

const BUILDS = [
  { name: 'development', options: { mode: 'development' }, stress: 0 },
  {
    name: 'a checked build',
    options: { mode: 'development', checked: true },
    stress: STRESS_COLLECT | STRESS_POISON | STRESS_VERIFY,
  },
  { name: 'release', options: { mode: 'release' }, stress: STRESS_MOVE | STRESS_POISON },
] as const;

function tapeOf(seed: number): readonly number[] {
  const random = new Random(seed);
  return Array.from({ length: 40 + random.below(200) }, () => random.below(1000));
}

describe.each(BUILDS)('in $name', ({ options, stress }) => {
  let image: Image;
  beforeAll(async () => {
    image = await imageOf(WORLD_SCRIPT, options);
  });

  test(`worlds from the seed ${FIRST} on are as they should be`, async () => {
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
      const tape = tapeOf(seed);
      const world = await machineWith(image, tape, { stress, whole: seed % 2 === 0 });
      expect(play(world), `seed ${seed}`).toBe(play(new WorldModel(tape)));
      expect(world.machine.verify(), `seed ${seed}`).toBeUndefined();
    }
  });
});

/** Each rule matters to some world of the first seeds: were it broken, the search would say so. */
test.each(FAULTS)('it would be noticed if %s', (fault) => {
  const differs = Array.from({ length: 60 }, (_, i) => tapeOf(i + 1)).some(
    (tape) => play(new WorldModel(tape, fault)) !== play(new WorldModel(tape)),
  );
  expect(differs).toBe(true);
});
