/** One of the two halves of the long search, which two workers run beside one another. */
import { expect } from 'vitest';
import { searchWatched } from './watched.ts';

export const LONG = process.env.SLUICE_LONG === '1';

const CASES = Number(process.env.SLUICE_CASES ?? 50_000);
const TOGETHER = 10;
/** Optimising takes long: one program of so many is compiled for release too. */
const RELEASED = 100;
/** Milliseconds for one program: enough on any machine. */
const LIMIT = 60_000;
/** Milliseconds: a day, since the number of cases says when it ends. */
export const ENOUGH = 86_400_000;

/** Seeds that the halves do not share: the second begins where the first ends. */
export async function searchHalf(half: 0 | 1): Promise<void> {
  const first = Number(process.env.SLUICE_SEED ?? Math.floor(Date.now() / 1000) % 1_000_000_000);
  // Both halves need the same first seed only where somebody repeats a run.
  const seed = first + half * Math.ceil(CASES / TOGETHER);
  console.log(
    `generated programs, half ${half}: repeat with SLUICE_LONG=1 SLUICE_SEED=${first} SLUICE_CASES=${CASES}`,
  );
  const begun = performance.now();
  const { found, ...figures } = await searchWatched({
    seed,
    cases: CASES,
    together: TOGETHER,
    released: RELEASED,
    most: 5,
    shrinking: 120_000,
    limit: LIMIT,
    modes: ['development', 'checked'],
    onFinding: (finding, at) => console.log(`seed ${at}: ${JSON.stringify(finding)}`),
  });
  console.log(
    `half ${half}: ${JSON.stringify(figures)} in ${Math.round((performance.now() - begun) / 1000)} s`,
  );
  expect(found.map(({ seed: at, mode, detail, text }) => `seed ${at}, ${mode}: ${detail}\n${text}`)).toEqual(
    [],
  );
}
