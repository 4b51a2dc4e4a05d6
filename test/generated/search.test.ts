/**
 * Generated programs do what the reference says: in development and checked, collected at every allocation and moved at
 * every chance, some in release too. Seeds are fixed; with SLUICE_LONG the halves in `first-half.test.ts` and
 * `second-half.test.ts` run fresh ones. And what is broken on purpose is found from a recorded seed.
 */
import { describe, expect, it } from 'vitest';
import { withoutRule, withoutStores } from './faults.ts';
import { search } from './search.ts';

const FEW = { cases: 10, together: 10, released: 0, most: 1, shrinking: 0 } as const;

describe('generated programs do what they mean', () => {
  it('in development and in checked builds', async () => {
    const { found, made, refused } = await search({
      ...FEW,
      seed: 1,
      cases: 20,
      modes: ['development', 'checked'],
    });
    expect(found).toEqual([]);
    // Most of what is made is accepted, or little would be seen.
    expect(refused / made).toBeLessThan(0.4);
  });

  it('in release', async () => {
    const { found } = await search({ ...FEW, seed: 100, modes: ['release'] });
    expect(found).toEqual([]);
  });
});

describe('what is broken on purpose is found:', () => {
  it.each([3, 7])('every store into the shadow stack but one of %i', async (nth) => {
    const { found } = await search({ ...FEW, seed: 200, cases: 30, compiler: withoutStores(nth) });
    expect(found).not.toEqual([]);
  });

  it.each(['local', 'global', 'carried-store', 'field'] as const)(
    'the rule of the proof `%s` left out',
    async (rule) => {
      const { found } = await search({ ...FEW, seed: SEEDS[rule], compiler: withoutRule(rule) });
      expect(found).not.toEqual([]);
    },
  );
});

/** From which programs each fault is found. */
const SEEDS = { local: 304, global: 301, 'carried-store': 302, field: 315 } as const;
