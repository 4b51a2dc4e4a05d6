import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STRESS_COLLECT, STRESS_POISON } from '../../../../scripting/heap/index.ts';
import { RETAIN_RULES, type RetainRule } from '../../../../scripting/lower/index.ts';
import { cases, textOf } from './program.ts';
import { wrongIn } from './search.ts';

const LONG = process.env.SLUICE_LONG === '1';
const RUNS = LONG ? Number(process.env.SLUICE_SHARED ?? 100_000) : 50;
const STRESS = STRESS_COLLECT | STRESS_POISON;

test('programs drop all that they share once, when the last owner has let go, and use nothing after that', {
  timeout: 6 * 3600_000,
}, async () => {
  const seed = LONG ? Date.now() & 0x3fffffff : 20261128;
  let made = 0;
  await fc.assert(
    fc.asyncProperty(cases(), async (one) => {
      made += 1;
      const wrong = await wrongIn(one, undefined, made % 3 === 0 ? STRESS : 0);
      if (wrong !== undefined) throw new Error(`${wrong}\n${textOf(one)}`);
    }),
    { numRuns: RUNS, seed },
  );
  if (LONG) console.log(`seed ${seed}: ${made} programs`);
});

/** The program that finds a rule missing: which of those of seed 1. */
const FOUND: Readonly<Record<RetainRule, number>> = {
  used: 2,
  'in-loop': 4,
  'while-lent': 0,
  'while-matched': 2,
  place: 0,
  borrowed: 29,
  captured: 9,
  copied: 17,
};

test.each(Object.keys(RETAIN_RULES) as RetainRule[])(
  'without the rule %s, a program goes wrong',
  async (rule) => {
    const one = fc.sample(cases(), { numRuns: FOUND[rule] + 1, seed: 1 })[FOUND[rule]];
    if (one === undefined) throw new Error('there is no such program');
    expect(await wrongIn(one)).toBeUndefined();
    expect(await wrongIn(one, rule)).toBeDefined();
  },
);
