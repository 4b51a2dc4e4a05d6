import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { RULES, type Rule } from '../../../scripting/regions/index.ts';
import { KEPT, RARE } from './rare.ts';
import { cases, tryOut, tryOutRepaired } from './search.ts';
import type { Theme } from './swarm.ts';

const long = process.env.SLUICE_LONG === '1';
const RUNS = long ? Number(process.env.SLUICE_PROOFS ?? 1_000_000) : 500;
/** At once, so that what is found is shrunk from among few, and that a search can be seen to go on. */
const BATCH = 10_000;

test('no accepted program lets anything out of an arena when it runs', {
  timeout: 6 * 3600_000,
}, async () => {
  const first = long ? Date.now() & 0x3fffffff : 20250611;
  let made = 0;
  let accepted = 0;
  let refusedRightly = 0;
  let repaired = 0;
  for (let seed = first; made + repaired < RUNS; seed++) {
    fc.assert(
      fc.property(cases(), ([program, choices]) => {
        const outcome = tryOut(program, choices);
        expect(outcome.accepted && outcome.escapes).toBe(false);
        made++;
        if (outcome.escapes) refusedRightly++;
        if (outcome.accepted) {
          accepted++;
          return;
        }
        const { accepted: isRepaired, escapes } = tryOutRepaired(program, choices);
        expect(isRepaired && escapes).toBe(false);
        if (isRepaired) repaired++;
      }),
      { numRuns: Math.min(BATCH, RUNS), seed },
    );
    if (long)
      console.log(
        `seeds ${first} to ${seed}: ${made} programs, ${accepted} accepted, ${refusedRightly} let something out, ${repaired} accepted when repaired`,
      );
    // What is said is heard when nothing runs.
    await new Promise(setImmediate);
  }
  // All must happen often, or the property says nothing.
  expect(accepted).toBeGreaterThan(made / 20);
  expect(refusedRightly).toBeGreaterThan(made / 100);
  expect(repaired).toBeGreaterThan(made / 20);
});

test.each(Object.entries(KEPT))('%s', (_, program) => {
  const { accepted, escapes } = tryOut(program, [1]);
  expect(accepted && escapes).toBe(false);
});

/** Where a program was found that only the rule refuses: which of the programs of a seed, with a theme where it is rare. */
interface Found {
  readonly theme?: Theme;
  readonly seed: number;
  readonly path: string;
}

const COPYING: Theme = ['node', 'copy-out', 'probe', 'store', 'arena', 'make', 'vector', 'push'];

const FOUND: Partial<Record<Rule, Found>> = {
  field: { seed: 1, path: '8' },
  element: { seed: 1, path: '6' },
  birth: { seed: 1, path: '2' },
  global: { seed: 1, path: '73' },
  frame: { seed: 1, path: '16' },
  'frame-global': { seed: 1, path: '14' },
  older: { seed: 1, path: '155' },
  framed: { theme: ['frame-global', 'node', 'store', 'make', 'arena'], seed: 1, path: '120' },
  'frame-made': { theme: ['frame-global', 'node', 'store', 'make', 'arena'], seed: 1, path: '878' },
  local: { seed: 1, path: '153' },
  result: { seed: 1, path: '110' },
  'carried-store': { seed: 1, path: '36' },
  'carried-result': { seed: 1, path: '40' },
  outside: { seed: 1, path: '604' },
  within: { seed: 1, path: '26' },
  weak: { seed: 1, path: '172' },
  rope: { theme: ['list', 'in-list', 'arena', 'global'], seed: 2, path: '2092' },
  table: { theme: ['table', 'fill', 'in-table', 'arena', 'make', 'global'], seed: 1, path: '50' },
  placed: { seed: 1, path: '36' },
  restored: { theme: ['call', 'store', 'arena', 'make', 'node', 'push'], seed: 1, path: '1974' },
  deferred: { seed: 1, path: '36' },
  candidates: { seed: 1, path: '418' },
  lent: { seed: 1, path: '730' },
  shared: { theme: ['call', 'store', 'arena', 'apply', 'make'], seed: 2, path: '4011' },
  'own-blocks': {
    theme: ['arena', 'outside', 'apply', 'function', 'make', 'node', 'global', 'call'],
    seed: 1,
    path: '76',
  },
  copies: { theme: COPYING, seed: 1, path: '841' },
  'copied-together': { theme: ['copy-out', 'store', 'arena', 'make', 'node'], seed: 1, path: '3553' },
  'copied-buffers': { theme: COPYING, seed: 1, path: '841' },
  'given-copies': { theme: ['copy-out', 'arena', 'call', 'make', 'node'], seed: 1, path: '3194' },
};
const MOST = 100_000;

describe('without it, the proof accepts a program that lets something out:', () => {
  const rules = Object.entries(RULES) as [Rule, string][];
  it.each(rules)('%s (%s)', (rule) => {
    const rare = RARE[rule];
    if (rare !== undefined) {
      // What makes programs safe refuses none.
      const refuses = !rule.startsWith('restored');
      expect(tryOut(rare, [1])).toEqual({ accepted: !refuses, escapes: refuses });
      expect(tryOut(rare, [1], rule)).toEqual({ accepted: true, escapes: true });
    }
    const found = FOUND[rule];
    expect(found ?? rare).toBeDefined();
    if (found === undefined) return;
    const { theme, seed, path } = found;
    const where = long ? { seed: Date.now() & 0x3fffffff, numRuns: MOST } : { seed, path };
    const search = fc.check(
      fc.property(cases(theme), ([program, choices]) => {
        const { accepted, escapes } = tryOutRepaired(program, choices, rule);
        return !(accepted && escapes);
      }),
      { ...where, endOnFailure: true },
    );
    // Found because something was let out, and not because the proof or the program's run has failed.
    expect(search.errorInstance).toMatchObject({ message: 'Property failed by returning false' });
    if (long) console.log(`${rule}: found after ${search.numRuns} of seed ${search.seed}`);
  });
});
