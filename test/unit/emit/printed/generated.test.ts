/** Emission looks at itself: in the printed code of functions made at random, no address gets lost. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HEAP_BYTES } from './effects.ts';
import { choices, generatedProgram } from './generator.ts';
import { look } from './program.ts';

const long = process.env.SLUICE_LONG === '1';
const RUNS = long ? 5_000 : 200;

it('no function made at random loses an address', () => {
  let safepoints = 0;
  fc.assert(
    fc.property(choices, (given) => {
      const options = { mode: 'development', watch: true, heap: HEAP_BYTES } as const;
      const looked = look(generatedProgram(given), options);
      expect(looked.faults).toEqual([]);
      safepoints += looked.safepoints;
    }),
    { numRuns: RUNS, ...(long ? {} : { seed: 20261126 }) },
  );
  // There must be something to lose it at.
  expect(safepoints).toBeGreaterThan(5 * RUNS);
});
