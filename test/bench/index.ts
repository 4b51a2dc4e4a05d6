/**
 * `npm run bench [-- names...]` measures, prints tables and writes bench-results.json. `--rounds N` and
 * `--warm-up N` set how often (default: what each benchmark needs), `--frames N` how many frames a round of `frames`
 * and `memory` has, `--live 16,64,256` the live megabytes of `pause`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { alloc, allocIntegers } from './alloc.ts';
import { arena } from './arena.ts';
import { barrierLarge, barrierOld, barrierYoung } from './barrier.ts';
import { change } from './change.ts';
import { compile } from './compile.ts';
import { demo } from './demo.ts';
import { frames } from './frames.ts';
import type { Benchmark } from './harness/benchmark.ts';
import { describeHost } from './harness/host.ts';
import { report } from './harness/report.ts';
import { type Outcome, run } from './harness/run.ts';
import { memory } from './memory.ts';
import { pause } from './pause.ts';
import { push } from './push.ts';
import { binaryTrees, gcbench, splay } from './throughput.ts';

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
  memory,
];
const RESULTS = 'bench-results.json';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    'warm-up': { type: 'string' },
    frames: { type: 'string', default: '1500' },
    live: { type: 'string', default: '16,64,256' },
  },
});

const unknown = positionals.filter((name) => !BENCHMARKS.some((b) => b.name === name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${BENCHMARKS.map((b) => b.name).join(', ')}`);
  process.exit(1);
}

const chosen = BENCHMARKS.filter((b) => positionals.length === 0 || positionals.includes(b.name));
const outcomes: Outcome[] = [];
for (const benchmark of chosen) {
  const outcome = await run(benchmark, {
    ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
    ...(values['warm-up'] === undefined ? {} : { warmUp: Number(values['warm-up']) }),
    scale: { frames: Number(values.frames), sizes: values.live.split(',').map(Number) },
    progress,
  });
  progress('');
  outcomes.push(outcome);
  console.log(`${report(outcome)}\n`);
}
writeFileSync(RESULTS, `${JSON.stringify({ host: describeHost(), outcomes }, null, 2)}\n`);
console.log(`all samples are in ${RESULTS}`);

/** What is being done, on a line of its own that is written over. Silent where nobody watches. */
function progress(text: string): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\x1b[K${text}`);
}
