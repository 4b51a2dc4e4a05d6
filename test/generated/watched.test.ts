/** A search that meets a compiler which never ends says so, and goes on. */
import { expect, it } from 'vitest';
import { ONE_PROGRAM } from './search.ts';
import { searchWatched } from './watched.ts';

const SEED = 20;

it('tells the seed and the text of a program that does not come to an end, and goes on with the next', async () => {
  const two = { ...ONE_PROGRAM, together: 1, cases: 2, most: 5 };
  const { found, made } = await searchWatched({ ...two, seed: SEED, limit: 5000, endlessAt: SEED });
  // On a machine that has much else to do, the next one may take as long.
  expect(found[0]).toMatchObject({ what: 'endless', seed: SEED });
  expect(found[0]?.text).toContain('(pub defn step-0 ');
  expect(made).toBe(2);
});
