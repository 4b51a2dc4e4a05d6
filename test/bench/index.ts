/**
 * `npm run bench [-- names...]` measures, prints tables and writes bench-results.json. `--rounds N` and
 * `--warm-up N` set how often (default: what each benchmark needs), `--frames N` how many frames a round of `frames`
 * and `memory` has, `--live 16,64,256` the live megabytes of `pause`; `--page-frames N` the frames of a cell in the matrix of
 * `delivered`, of which a game has four times as many, and `--only TEXT` runs the worlds of `delivered`, the cases of `steps` and the
 * programs of `suite` in whose name that stands.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { alloc, allocIntegers } from './alloc.ts';
import { arena } from './arena.ts';
import { barrierLarge, barrierOld, barrierYoung } from './barrier.ts';
import { change } from './change.ts';
import { compile } from './compile.ts';
import { measureDelivered, reportDelivered } from './delivered/index.ts';
import { DEFAULT_PLAN } from './delivered/plan.ts';
import { demo } from './demo.ts';
import { frames } from './frames.ts';
import type { Benchmark } from './harness/benchmark.ts';
import { describeHost } from './harness/host.ts';
import { report } from './harness/report.ts';
import { type Outcome, run } from './harness/run.ts';
import { leak } from './leak.ts';
import { memory } from './memory.ts';
import { pause } from './pause.ts';
import { push } from './push.ts';
import { recorder, snapshot } from './recorder.ts';
import { measureScale, reportScale } from './scale/index.ts';
import { measureSteps, reportSteps } from './steps/index.ts';
import { measureSuite, reportSuite, type SuiteResult } from './suite/index.ts';
import { binaryTrees, gcbench, splay } from './throughput.ts';
import { tiers } from './tiers.ts';

const BENCHMARKS: readonly Benchmark[] = [
  alloc,
  allocIntegers,
  arena,
  compile,
  change,
  demo,
  frames,
  pause,
  push,
  barrierOld,
  barrierYoung,
  barrierLarge,
  binaryTrees,
  gcbench,
  splay,
  leak,
  memory,
  recorder,
  snapshot,
  tiers,
];
/** In a browser, not in this process: the pages have plans of their own. */
const DELIVERED = 'delivered';
/** In processes of its own, one for each of its programs. */
const SUITE = 'suite';
const SCALE = 'scale';
const SCALE_ROUNDS = 3;
/** Whose cases are built anew for each round. */
const STEPS = 'steps';
const STEPS_ROUNDS = 3;
const RESULTS = 'bench-results.json';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    'warm-up': { type: 'string' },
    frames: { type: 'string', default: '1500' },
    'page-frames': { type: 'string', default: '300' },
    only: { type: 'string', default: '' },
    live: { type: 'string', default: '16,64,256' },
  },
});

const names = [...BENCHMARKS.map((b) => b.name), DELIVERED, SCALE, STEPS, SUITE];
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exit(1);
}

const isChosen = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
const chosen = BENCHMARKS.filter((b) => isChosen(b.name));
const often = {
  ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
  ...(values['warm-up'] === undefined ? {} : { warmUp: Number(values['warm-up']) }),
};
const outcomes: Outcome[] = [];
for (const benchmark of chosen) {
  const outcome = await run(benchmark, {
    ...often,
    scale: { frames: Number(values.frames), sizes: values.live.split(',').map(Number) },
    progress,
  });
  progress('');
  outcomes.push(outcome);
  console.log(`${report(outcome)}\n`);
}
let delivered: Awaited<ReturnType<typeof measureDelivered>> = [];
if (isChosen(DELIVERED)) {
  const frames = Number(values['page-frames']);
  const rounds = Number(values.rounds ?? DEFAULT_PLAN.rounds);
  const sizes = { matrix: frames, games: 4 * frames, rounds, only: values.only };
  delivered = await measureDelivered({ ...DEFAULT_PLAN, ...sizes, rate: 60 }, progress);
  progress('');
  console.log(`${reportDelivered(delivered)}\n`);
}
let suite: readonly SuiteResult[] = [];
if (isChosen(SUITE)) {
  suite = await measureSuite({ ...often, only: values.only }, progress);
  progress('');
  console.log(`${reportSuite(suite)}\n`);
}
let scale: Awaited<ReturnType<typeof measureScale>> = [];
if (isChosen(SCALE)) {
  scale = await measureScale(Number(values.rounds ?? SCALE_ROUNDS), progress);
  progress('');
  console.log(`${reportScale(scale)}\n`);
}
let steps: Awaited<ReturnType<typeof measureSteps>> = [];
if (isChosen(STEPS)) {
  const plan = { rounds: STEPS_ROUNDS, warmUp: 1, ...often, only: values.only };
  steps = await measureSteps(plan, progress);
  progress('');
  console.log(`${reportSteps(steps)}\n`);
}
writeFileSync(
  RESULTS,
  `${JSON.stringify({ host: describeHost(), outcomes, delivered, scale, steps, suite }, null, 2)}\n`,
);
console.log(`all samples are in ${RESULTS}`);

/** What is being done, on a line of its own that is written over. Silent where nobody watches. */
function progress(text: string): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\x1b[K${text}`);
}
