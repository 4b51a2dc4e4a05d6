/** What is broken in the compiler on purpose is found by whole programs, from a recorded seed. */
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../scripting/regions/rules.ts';
import { withoutRule, withoutStores } from './faults.ts';
import { ONE_PROGRAM, search } from './search.ts';

/** From which program it is found that a rule of the proof is left out. */
const SEEDS: readonly (readonly [rule: Rule, seed: number])[] = [
  ['local', 511],
  ['result', 534],
  ['global', 502],
  ['carried-store', 500],
  ['field', 501],
];

describe('it is found that there is missing', () => {
  it('one store into the shadow stack of every seven', async () => {
    const { found } = await search({ ...ONE_PROGRAM, seed: 200, cases: 30, compiler: withoutStores(7) });
    expect(found).not.toEqual([]);
  });

  it.each(SEEDS)('the rule `%s` of the proof', async (rule, seed) => {
    const { found } = await search({ ...ONE_PROGRAM, seed, compiler: withoutRule(rule) });
    expect(found).not.toEqual([]);
  });
});
