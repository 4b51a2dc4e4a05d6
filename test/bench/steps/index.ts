/**
 * The longest step between two readings of the clock, whatever a heap is full of. A case is built anew for each round and does
 * the same steps in each; what a step takes in the quickest of its rounds is what it costs, and all beyond that is the machine's.
 * That is shown beside it: the control.
 */
import { percentile } from '../harness/statistics.ts';
import { CASES, type Case } from './cases.ts';
import { controlSteps } from './control.ts';
import { type Step, StepRecorder } from './recorder.ts';

export { CASES } from './cases.ts';
export { reportSteps } from './report.ts';

/** Milliseconds between two readings of the clock. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly 'p99.9': number;
  readonly max: number;
}

export interface CaseResult {
  readonly name: string;
  /** Steps of a round. */
  readonly steps: number;
  /** Of all steps of all rounds, as the clock has them. */
  readonly measured: Spread;
  /** Of as many steps of a loop that does nothing, each as long as the median of those. */
  readonly control: Spread;
  /** Of a round's steps, each in its quickest round. */
  readonly corrected: Spread;
  /** The longest step of each kind, corrected; the worst first. */
  readonly kinds: readonly Kind[];
}

export interface Kind {
  readonly kind: string;
  readonly count: number;
  readonly longest: number;
}

/** How many rounds, and how many before those that count. */
interface Often {
  readonly rounds: number;
  readonly warmUp: number;
}

/** Steps of the control are no shorter: of fewer microseconds the clock says little. */
const SHORTEST = 0.005;

export async function measureSteps(
  options: Often & { readonly only: string },
  progress: (text: string) => void,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const each of CASES.filter(({ name }) => name.includes(options.only)))
    results.push(await measure(each, options, progress));
  return results;
}

async function measure(
  each: Case,
  { rounds, warmUp }: Often,
  progress: (text: string) => void,
): Promise<CaseResult> {
  const counted: (readonly Step[])[] = [];
  const control: number[] = [];
  for (let round = -warmUp; round < rounds; round++) {
    progress(`steps: ${each.name}, ${round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}`}`);
    // The memory of the round before, which is large.
    globalThis.gc?.();
    const steps = await stepsOf(each, 1);
    if (round < 0) continue;
    counted.push(steps);
    const times = steps.map(({ ms }) => ms);
    control.push(...controlSteps(steps.length, Math.max(SHORTEST, percentile(times, 50))));
  }
  return summariseCase(each.name, counted, control);
}

/** The steps of one round of a case, of which a share is built. Throws where its heap is not sound after it. */
export async function stepsOf(each: Case, share: number): Promise<readonly Step[]> {
  const { heap, run } = await each.prepare(share);
  const recorder = new StepRecorder(heap);
  run(recorder);
  return recorder.steps;
}

/** What the rounds of a case come to. Throws where their steps are not the same. */
export function summariseCase(
  name: string,
  rounds: readonly (readonly Step[])[],
  control: readonly number[],
): CaseResult {
  const quickest = quickestOf(name, rounds);
  return {
    name,
    steps: quickest.length,
    measured: spreadOf(rounds.flatMap((steps) => steps.map((s) => s.ms))),
    control: spreadOf(control),
    corrected: spreadOf(quickest.map((s) => s.ms)),
    kinds: kindsOf(quickest),
  };
}

function quickestOf(name: string, rounds: readonly (readonly Step[])[]): Step[] {
  const [first = [], ...others] = rounds;
  return first.map(({ kind, ms }, i) => {
    const again = others.map((steps) => {
      const step = steps[i];
      if (step?.kind !== kind || steps.length !== first.length)
        throw new Error(`${name}: step ${i + 1} is '${kind}' in one round, '${step?.kind}' in another`);
      return step.ms;
    });
    return { kind, ms: Math.min(ms, ...again) };
  });
}

function kindsOf(steps: readonly Step[]): Kind[] {
  const kinds = new Map<string, { count: number; longest: number }>();
  for (const { kind, ms } of steps) {
    const { count, longest } = kinds.get(kind) ?? { count: 0, longest: 0 };
    kinds.set(kind, { count: count + 1, longest: Math.max(longest, ms) });
  }
  return [...kinds].map(([kind, of]) => ({ kind, ...of })).sort((a, b) => b.longest - a.longest);
}

function spreadOf(samples: readonly number[]): Spread {
  return {
    p50: percentile(samples, 50),
    p99: percentile(samples, 99),
    'p99.9': percentile(samples, 99.9),
    max: percentile(samples, 100),
  };
}
