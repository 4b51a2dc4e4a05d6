/** Programs with fixed arrays by chance do what a model says, collected at every allocation. */
import { expect, test } from 'vitest';
import { Random } from '../../generated/random.ts';
import { imageOf, MODES, STRESS, start } from '../tools/script.ts';
import { arrayProgram } from './array-program.ts';

const LONG = process.env.SLUICE_LONG === '1';
const PROGRAMS = LONG ? 2000 : 12;
const first = LONG ? Math.floor(Date.now() / 1000) : 1;

test.each(MODES)('as the model says, in %s', async (mode) => {
  for (let seed = first; seed < first + PROGRAMS; seed++) {
    const { text, expected } = arrayProgram(new Random(seed));
    const checked = seed % 3 === 0 && mode === 'development';
    const { machine, printed } = await start(await imageOf(text, { mode, checked }), { stress: STRESS });
    machine.call('run');
    expect(printed(), `seed ${seed}\n${text}`).toBe(expected);
    expect(machine.verify()).toBeUndefined();
  }
});
