/** `steps` judges each step by its quickest round, and its cases do the same steps in each. */
import { describe, expect, it } from 'vitest';
import { CASES, reportSteps, stepsOf, summariseCase } from '../../bench/steps/index.ts';

const stepsOfKinds = (...steps: readonly (readonly [kind: string, ms: number])[]) =>
  steps.map(([kind, ms]) => ({ kind, ms }));

describe('a case', () => {
  const rounds = [
    stepsOfKinds(['mark', 0.1], ['mark', 9], ['sweep', 0.3]),
    stepsOfKinds(['mark', 4], ['mark', 0.2], ['sweep', 0.4]),
  ];

  it('is judged by the quickest round of each step', () => {
    const { steps, measured, corrected, kinds } = summariseCase('one', rounds, [1, 2, 3]);
    expect(steps).toBe(3);
    expect(measured.max).toBe(9);
    expect(corrected).toEqual({ p50: 0.2, p99: 0.3, 'p99.9': 0.3, max: 0.3 });
    expect(kinds).toEqual([
      { kind: 'sweep', count: 1, longest: 0.3 },
      { kind: 'mark', count: 2, longest: 0.2 },
    ]);
  });

  it('is refused where the rounds are not the same', () => {
    const other = stepsOfKinds(['mark', 1], ['sweep', 1], ['sweep', 1]);
    expect(() => summariseCase('one', [...rounds, other], [1])).toThrow(
      "one: step 2 is 'mark' in one round, 'sweep' in another",
    );
    expect(() => summariseCase('one', [rounds[0] ?? [], other.slice(0, 1)], [1])).toThrow('one: step 1');
  });

  it('misses the aim where one step is over half a millisecond', () => {
    const report = (ms: number) => reportSteps([summariseCase('one', [stepsOfKinds(['mark', ms])], [1])]);
    expect(report(0.4)).toContain('in the quickest of its rounds: met');
    expect(report(0.6)).toContain('in the quickest of its rounds: missed, one 0.600');
    expect(reportSteps([])).toContain('no case');
  });
});

describe('a hundredth of a case comes twice to the same steps, and to a sound heap:', () => {
  it.each(CASES)('$name', async (each) => {
    const kinds = async () => (await stepsOf(each, 0.01)).map(({ kind }) => kind);
    const first = await kinds();
    expect(first.length).toBeGreaterThan(5);
    expect(await kinds()).toEqual(first);
  });
});
