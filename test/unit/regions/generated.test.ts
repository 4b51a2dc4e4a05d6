import fc from 'fast-check';
import { expect, test } from 'vitest';
import { programs } from './generator.ts';
import { Escape, Interpreter } from './interpreter.ts';
import { judged } from './program.ts';

const long = process.env.SLUICE_LONG === '1';
const RUNS = long ? 100_000 : 1000;

test('no accepted program lets anything out of an arena when it runs', () => {
  let accepted = 0;
  let refusedRightly = 0;
  fc.assert(
    fc.property(
      programs,
      fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 }),
      (program, choices) => {
        const { diagnostics, proved } = judged(program.functions, { ...program, exports: ['main'] });
        const refused = diagnostics.length > 0;
        let next = 0;
        const decide = (): number => choices[next++ % choices.length] as number;
        const interpreter = new Interpreter(proved.functions, program.table, decide);
        try {
          for (let calls = 0; calls < 4; calls++) interpreter.callFromHost('main');
        } catch (error) {
          if (!(error instanceof Escape) || !refused) throw error;
          refusedRightly++;
        }
        if (!refused) accepted++;
      },
    ),
    { numRuns: RUNS, ...(long ? {} : { seed: 20250611 }) },
  );
  // Both must happen often, or the property says nothing.
  expect(accepted).toBeGreaterThan(RUNS / 20);
  expect(refusedRightly).toBeGreaterThan(RUNS / 100);
});
