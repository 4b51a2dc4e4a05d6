/**
 * Random types, values of them in many places, and random edits: after each reload everything that lives must be shown as a plain model
 * has it, which goes by names; where the model has no answer, or the new code fails, nothing may have changed.
 */
import { describe, expect, it } from 'vitest';
import { FAMILIES, familyOf, noCounts, STEPS, VERSIONS, WALKS, walk } from './migrating-walk.ts';

const LONG = process.env.SLUICE_LONG === '1';
const EACH = WALKS * STEPS;
const COUNT = Number(process.env.SLUICE_CASES ?? (LONG ? Math.ceil(100_000 / EACH) : FAMILIES));
const SEED = Number(process.env.SLUICE_SEED ?? (LONG ? Date.now() % 1_000_000 : 1));

describe('a reload of changed types', () => {
  it(
    `shows what a model has that goes by names, or changes nothing (from seed ${SEED})`,
    async () => {
      const counts = noCounts();
      for (let seed = SEED; seed < SEED + COUNT; seed += 1) {
        const family = await familyOf(seed, VERSIONS);
        for (let number = 0; number < WALKS; number += 1) {
          const found = await walk(family, number, STEPS).catch((error: unknown) => {
            throw new Error(`seed ${seed}, walk ${number}: ${String(error)}`, { cause: error });
          });
          for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += found[name];
        }
      }
      const reloads = COUNT * EACH;
      expect(counts.replaced + counts.refused + counts.restart + counts.failed).toBe(reloads);
      if (COUNT < 5) return;
      expect(counts.values).toBeGreaterThan(reloads * 15);
      expect(counts.migrated).toBeGreaterThan(reloads / 6);
      expect(counts.rearranged).toBeGreaterThan(reloads / 100);
      expect(counts.refused + counts.restart).toBeGreaterThan(reloads / 60);
      for (const name of ['failed', 'renamed', 'restored', 'applied'] as const)
        expect(counts[name], name).toBeGreaterThan(reloads / 100);
    },
    COUNT * 60_000,
  );
});
