import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { RULES, type Rule } from '../../../scripting/regions/index.ts';
import { RARE } from './rare.ts';
import { cases, tryOut } from './search.ts';

const long = process.env.SLUICE_LONG === '1';
const RUNS = long ? 100_000 : 1500;

test('no accepted program lets anything out of an arena when it runs', () => {
  let accepted = 0;
  let refusedRightly = 0;
  fc.assert(
    fc.property(cases(), ([program, choices]) => {
      const outcome = tryOut(program, choices);
      expect(outcome.accepted && outcome.escapes).toBe(false);
      if (outcome.accepted) accepted++;
      if (outcome.escapes) refusedRightly++;
    }),
    { numRuns: RUNS, ...(long ? {} : { seed: 20250611 }) },
  );
  if (long) console.log(`${RUNS} programs: ${accepted} accepted, ${refusedRightly} let something out`);
  // Both must happen often, or the property says nothing.
  expect(accepted).toBeGreaterThan(RUNS / 20);
  expect(refusedRightly).toBeGreaterThan(RUNS / 100);
});

/** Seeds from which a program is soon found that only the rule refuses. */
const SEEDS: Partial<Record<Rule, number>> = { older: 6 };
const MOST = long ? 100_000 : 4000;

describe('without it, the proof accepts a program that lets something out:', () => {
  const rules = Object.entries(RULES) as [Rule, string][];
  it.each(rules)('%s (%s)', (rule) => {
    const rare = RARE[rule];
    if (rare !== undefined) {
      expect(tryOut(rare, [1])).toEqual({ accepted: false, escapes: true });
      expect(tryOut(rare, [1], rule)).toEqual({ accepted: true, escapes: true });
      return;
    }
    const search = fc.check(
      fc.property(cases(), ([program, choices]) => {
        const { accepted, escapes } = tryOut(program, choices, rule);
        return !(accepted && escapes);
      }),
      { numRuns: MOST, seed: SEEDS[rule] ?? 1, endOnFailure: true },
    );
    expect(search.failed).toBe(true);
  });
});
