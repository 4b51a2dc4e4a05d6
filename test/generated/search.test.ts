/**
 * Generated programs do what the reference says: in development and checked, collected at every allocation and moved at
 * every chance, some in release too. Seeds are fixed; with SLUICE_LONG the halves in `first-half.test.ts` and
 * `second-half.test.ts` run fresh ones.
 */
import { describe, expect, it } from 'vitest';
import { ONE_PROGRAM, search } from './search.ts';

describe('generated programs do what they mean', () => {
  it('in development and in checked builds', async () => {
    const { found, made, refused } = await search({
      ...ONE_PROGRAM,
      seed: 1,
      cases: 20,
      modes: ['development', 'checked'],
    });
    expect(found).toEqual([]);
    // Most of what is made is accepted, or little would be seen.
    expect(refused / made).toBeLessThan(0.4);
  });

  it('in release', async () => {
    const { found } = await search({ ...ONE_PROGRAM, seed: 100, modes: ['release'] });
    expect(found).toEqual([]);
  });
});
