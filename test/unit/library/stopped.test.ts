/**
 * What calls no code of a script's own is done or not done, wherever it is stopped: every operation of every collection,
 * in every state, is stopped at every place there is.
 */
import { describe, expect, test } from 'vitest';
import { emit } from '../../../scripting/emit/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import type { Program } from '../../../scripting/ir/index.ts';
import type { Machine } from '../../../scripting/machine/index.ts';
import { Source } from '../../../scripting/syntax/index.ts';
import { analyse, loadHeap } from '../../../scripting/tools/index.ts';
import { imageOf, MODES, STRESS } from '../tools/script.ts';
import { atEveryPlace, STOPS, stoppable, stopped } from './stops.ts';
import { ENTITIES, SUBJECTS, type Subject } from './subjects.ts';

const LONG = process.env.SLUICE_LONG === '1';

/** How it looks, and how it looks after it has lived on. */
function seen(machine: Machine): readonly unknown[] {
  const now = machine.call('look');
  machine.call('live');
  return [now, machine.call('look')];
}

/** Stops each step in each state at every place; returns how many there were. */
async function stopEverywhere(image: Image, { states, steps, inFrame }: Subject): Promise<number> {
  let places = 0;
  for (const { stops, options } of STOPS) {
    const machine = await stoppable(image, options);
    for (let state = 0; state < states; state++)
      for (let step = 0; step < steps; step++) {
        // A frame of its own: all that was made in one is looked through at each collection.
        if (inFrame === true) {
          machine.resetFrame();
          machine.step(0);
        }
        machine.call('make', state);
        const before = seen(machine);
        machine.call('make', state);
        machine.call('step', step);
        const after = seen(machine);
        for (const stop of stops)
          places += atEveryPlace((n) => {
            machine.call('make', state);
            const error = stopped(machine, stop, n, () => machine.call('step', step));
            const where = `step ${step} in state ${state}, stopped at place ${n} of ${stop}`;
            expect(machine.verify(), where).toBeUndefined();
            expect(error === undefined ? [after] : [before, after], where).toContainEqual(seen(machine));
            return error !== undefined;
          });
      }
  }
  return places;
}

/** The program with a look at the clock between the rounds of every loop, those of the library's that must have none too. */
async function watchedThroughout(text: string): Promise<Image> {
  const { program } = analyse([new Source('game.slu', text)]);
  const watch = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || !('kind' in part)) return;
    if (part.kind === 'loop') Object.assign(part, { unwatched: undefined });
    for (const inner of Object.values(part)) if (Array.isArray(inner)) inner.forEach(watch);
  };
  for (const { body } of (program as Program).functions.values()) body.forEach(watch);
  const heap = await loadHeap();
  return { ...emit(program as Program, { mode: 'development', watch: true, heap }), heap };
}

/** What a long run alone stops in release as well: the library's code is the same there, and takes as long. */
const IN_RELEASE = SUBJECTS.filter((_, i) => LONG || i % 4 === 0);

describe.each(MODES)('in %s', (mode) => {
  test.each(mode === 'release' ? IN_RELEASE : SUBJECTS)('$name', async (subject) => {
    const image = await imageOf(subject.text, { mode, watch: true });
    expect(await stopEverywhere(image, subject)).toBeGreaterThan(0);
  });

  test('the end of a frame, which takes entities out of the world', async () => {
    const machine = await stoppable(await imageOf(ENTITIES, { mode, watch: true }), {});
    const end = (): void => {
      // What is stopped in a frame is reported, and the rest of it runs, without any time that is left.
      if (machine.step(0) > 0) throw machine.failures.at(-1)?.error;
    };
    const prepare = (): void => {
      machine.call('make', 9);
      end();
      machine.resetFrame();
      machine.call('leave');
    };
    prepare();
    end();
    machine.resetFrame();
    const after = seen(machine);
    const places = atEveryPlace((n) => {
      prepare();
      const error = stopped(machine, 'time', n, end);
      machine.resetFrame();
      expect(machine.verify()).toBeUndefined();
      expect(seen(machine)).toEqual(after);
      return error !== undefined;
    });
    expect(places).toBeGreaterThan(0);
  });

  test('an entity that there is no memory for', async () => {
    const image = await imageOf(ENTITIES, { mode, watch: true });
    for (let count = 0; count < 10; count++) {
      const machine = await stoppable(image, { stress: STRESS });
      machine.call('make', count);
      const before = machine.call('look');
      const places = atEveryPlace((n) => {
        const error = stopped(machine, 'memory', n, () => machine.call('add'));
        expect(machine.verify()).toBeUndefined();
        expect(machine.call('look') === before).toBe(error !== undefined);
        return error !== undefined;
      });
      expect(places).toBe(count === 0 || count === 4 || count === 8 ? 2 : 1);
    }
  });
});

test.each(SUBJECTS.filter(({ name }) => /map|set/.test(name)))(
  '$name is not whole where the library looks at the clock while it changes one',
  async (subject) => {
    const image = await watchedThroughout(subject.text);
    await expect(stopEverywhere(image, subject)).rejects.toThrow('stopped at place');
  },
);
