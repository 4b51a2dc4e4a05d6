/**
 * What calls code of a program's own in the middle leaves a whole collection, with each element once, whatever that code
 * does: here it fails, or changes the same map, at each of its calls.
 */
import { describe, expect, test } from 'vitest';
import { type Machine, ScriptError } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, STRESS, start } from '../tools/script.ts';
import { MEDDLED_QUEUE } from './meddled-queues.ts';
import { COMPLETE, MEDDLED_VECTOR, MEDDLED_WHOLE } from './meddled-vectors.ts';
import { MEDDLED_MAP, type Meddling } from './meddling.ts';
import { atEveryPlace } from './stops.ts';

/** What `body` returns, or undefined where it fails. */
function attempt(body: () => unknown): unknown {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return undefined;
  }
}

function fail(): never {
  throw new Error('the host fails');
}

/** Everything that may be in the map where the step goes on after the meddling, or is not done. */
function allowed(machine: Machine, state: number, step: number, way: number): Set<unknown> {
  const order: readonly (readonly string[])[] = [
    ['meddle'],
    ['step'],
    ['meddle', 'step'],
    ['step', 'meddle'],
  ];
  return new Set(
    order.map((names) => {
      machine.call('make', state);
      machine.call('arm', -1, way);
      for (const name of names) attempt(() => machine.call(name, ...(name === 'step' ? [step] : [])));
      return machine.call('look');
    }),
  );
}

/**
 * What is meddled with, and the steps that have parts of which some may be done before the meddling and some after: loops, of the
 * program's own or over elements, and what is given what was there before.
 */
const MEDDLED: readonly { name: string; meddling: Meddling; loops: ReadonlySet<number> }[] = [
  { name: 'a map', meddling: MEDDLED_MAP, loops: new Set([12, 13, 14]) },
  { name: 'a priority queue', meddling: MEDDLED_QUEUE, loops: new Set() },
  { name: 'a vector that is changed as a whole', meddling: MEDDLED_WHOLE, loops: new Set([2]) },
];

describe.each(MODES)('in %s', (mode) => {
  test.each(MEDDLED)(
    '$name is whole, whatever the code of its keys does to it',
    async ({ meddling, loops }) => {
      const { text, states, steps, ways } = meddling;
      const { machine } = await start(await imageOf(text, { mode }), { host: { host: { throw: fail } } });
      let calls = 0;
      for (let state = 0; state < states; state++)
        for (let step = 0; step < steps; step++)
          for (let way = 0; way < ways; way++) {
            const results = allowed(machine, state, step, way);
            calls += atEveryPlace((n) => {
              machine.call('make', state);
              machine.call('arm', n, way);
              attempt(() => machine.call('step', step));
              const happened = machine.call('armed') === false;
              const where = `state ${state}, step ${step}, way ${way} at call ${n}`;
              expect(machine.verify(), where).toBeUndefined();
              const text = machine.call('look') as string;
              expect(text, where).not.toMatch(/twice|miscounted|lost/);
              if (!loops.has(step)) expect([...results], where).toContain(text);
              machine.call('live');
              expect(machine.call('look'), where).not.toMatch(/twice|miscounted|lost/);
              return happened;
            });
          }
      expect(calls).toBeGreaterThan(500);
    },
  );

  test('a vector is whole, and so is what is made of it, whatever callbacks do to it', async () => {
    const { text, states, steps, ways } = MEDDLED_VECTOR;
    const image = await imageOf(text, { mode });
    const { machine } = await start(image, { host: { host: { throw: fail } }, stress: STRESS });
    let calls = 0;
    for (let state = 0; state < states; state++)
      for (let step = 0; step < steps; step++)
        for (let way = 0; way < ways; way++) {
          machine.call('make', state);
          const before = machine.call('look') as string;
          machine.call('arm', -1, way);
          attempt(() => machine.call('meddle'));
          const meddled = machine.call('look');
          calls += atEveryPlace((n) => {
            machine.call('make', state);
            machine.call('arm', n, way);
            const made = attempt(() => machine.call('step', step));
            const happened = machine.call('armed') === false;
            const where = `state ${state}, step ${step}, way ${way} at call ${n}`;
            expect(machine.verify(), where).toBeUndefined();
            expect(machine.call('look'), where).toBe(happened ? meddled : before);
            if (step < COMPLETE && made !== undefined)
              expect((made as string).split(' ').sort(), where).toEqual(before.split(' ').sort());
            return happened;
          });
        }
    expect(calls).toBeGreaterThan(1000);
  });
});
