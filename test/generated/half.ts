/** One of the two halves of the long search, which two workers run beside one another. */
import { expect } from 'vitest';
import { searchWatched } from './watched.ts';

export const LONG = process.env.SLUICE_LONG === '1';

const CASES = Number(process.env.SLUICE_CASES ?? 50_000);
const TOGETHER = 20;
/** Optimising takes long: one program of so many is compiled for release too. */
const RELEASED = 100;
/** Milliseconds for one program: enough on any machine. */
const LIMIT = 60_000;
/** Findings after which it ends. */
const MOST = 5;
/** Milliseconds: a day, since the number of cases says when it ends. */
export const ENOUGH = 86_400_000;

/** So often a half says how far it is. */
const STRETCH = 2_500;
/** Cases without an answer are not counted, so that some programs have fewer than they were made with. */
const SPARE = 2;

/** Seeds that neither the halves nor their stretches share. */
export async function searchHalf(half: 0 | 1): Promise<void> {
  const first = Number(process.env.SLUICE_SEED ?? Math.floor(Date.now() / 1000) % 1_000_000_000);
  // Both halves need the same first seed only where somebody repeats a run.
  console.log(
    `generated programs, half ${half}: repeat with SLUICE_LONG=1 SLUICE_SEED=${first} SLUICE_CASES=${CASES}`,
  );
  const begun = performance.now();
  const findings: string[] = [];
  for (let done = 0; done < CASES && findings.length < MOST; done += STRETCH) {
    const { found, ...figures } = await searchWatched({
      seed: first + Math.ceil((SPARE * (half * CASES + done)) / TOGETHER),
      cases: Math.min(STRETCH, CASES - done),
      together: TOGETHER,
      released: RELEASED,
      most: MOST - findings.length,
      shrinking: 120_000,
      limit: LIMIT,
      modes: ['development', 'checked'],
      onFinding: (finding, at) => console.log(`seed ${at}: ${JSON.stringify(finding)}`),
    });
    const seconds = Math.round((performance.now() - begun) / 1000);
    console.log(`half ${half}, from case ${done} on: ${JSON.stringify(figures)}; ${seconds} s in all`);
    for (const { seed: at, mode, detail, text } of found)
      findings.push(`seed ${at}, ${mode}: ${detail}\n${text}`);
  }
  expect(findings).toEqual([]);
}
