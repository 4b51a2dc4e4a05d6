/**
 * The pusher, a test of latency: a map of 200,000 messages of 1 KiB, into which 1,000,000 are pushed while the oldest are
 * dropped. What counts is the worst single step: a collection inside of one, or a map that grows all at once. A
 * thousand pushes are a frame; after it Sluice gets a gap, as in a game, and V8 the same time to do as it likes.
 */
import { IN_FRAME } from '../../scripting/heap/index.ts';
import { type Benchmark, type Contender, expectResult, type Sample } from './harness/benchmark.ts';
import { Gaps } from './harness/gap.ts';
import { percentile } from './harness/statistics.ts';
import { loadJavaScript, programFile } from './peers/program.ts';
import { loadSluice } from './peers/sluice.ts';

const PUSHED = 1_000_000;
const KEPT = 200_000;
const FRAME = 1000;
/** Milliseconds of a gap. */
const BUDGET = 4;

export const push: Benchmark = {
  name: 'push',
  work: '1,000,000 messages of 1 KiB pushed into a map that keeps the last 200,000; steps in ms',
  per: { count: PUSHED, unit: 'ns/push' },
  aims: [{ peer: 'V8', ratio: 1 / 10, figure: 'worst' }],
  rounds: 3,
  warmUp: 1,
  contenders: async () => [await sluice(), await v8()],
};

async function sluice(): Promise<Contender> {
  const machine = await loadSluice(programFile('push.slu'), { hardLimit: 2 * 2 ** 30 });
  return {
    name: 'Sluice',
    round: () => {
      const gaps = new Gaps();
      machine.call('prepare');
      machine.collect();
      const steps = pushAll(
        (number) => machine.call('push-message', number, KEPT),
        () => machine.views.setWord(IN_FRAME, 1),
        () => {
          machine.resetFrame();
          gaps.give(machine, BUDGET);
        },
      );
      expectResult(machine.call('sum'), expected(), 'Sluice');
      return sample(steps);
    },
  };
}

async function v8(): Promise<Contender> {
  const program = await loadJavaScript<{
    prepare(): void;
    pushMessage(number: number, limit: number): void;
    sum(): number;
  }>('push');
  const nothing = (): void => {};
  return {
    name: 'V8',
    round: () => {
      program.prepare();
      const steps = pushAll((number) => program.pushMessage(number, KEPT), nothing, nothing);
      expectResult(program.sum(), expected(), 'V8');
      return sample(steps);
    },
  };
}

/** The milliseconds of each push. */
function pushAll(step: (number: number) => void, begin: () => void, end: () => void): Float64Array {
  const steps = new Float64Array(PUSHED);
  for (let number = 0; number < PUSHED; number++) {
    if (number % FRAME === 0) begin();
    const start = performance.now();
    step(number);
    steps[number] = performance.now() - start;
    if (number % FRAME === FRAME - 1) end();
  }
  return steps;
}

function sample(steps: Float64Array): Sample {
  const all = [...steps];
  return {
    ms: all.reduce((a, b) => a + b, 0),
    further: {
      'p99.9': percentile(all, 99.9),
      worst: all.reduce((a, b) => Math.max(a, b), 0),
    },
  };
}

function expected(): number {
  let sum = 0;
  for (let number = PUSHED - KEPT; number < PUSHED; number++) sum += number & 255;
  return sum;
}
