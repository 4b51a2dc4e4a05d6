/**
 * 5,000 lines through the front end (syntax, macros, types, lower, regions: all that finds mistakes), in a worker that has
 * compiled nothing before, beside `tsc --noEmit` on the same project in TypeScript. tsc's time is that of its process, as
 * its users have it; what it reports as its own is a further figure. TypeScript 7 is native code, the compiler of Sluice
 * is JavaScript that starts without a warm-up, translated by tsx: a page or server that stays open is in the table as warm.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { generateProject, type Project } from './compile-project.ts';
import { runFrontEnd, type Stages } from './front-end.ts';
import type { Benchmark, Contender, Sample } from './harness/benchmark.ts';

const LINES = 5000;
const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

export const compile: Benchmark = {
  name: 'compile',
  work: 'the front end over 5,000 lines',
  per: { count: LINES, unit: 'line' },
  aims: [{ peer: 'tsc --noEmit', ratio: 1 / 3 }],
  rounds: 5,
  warmUp: 1,
  contenders: async () => {
    const project = generateProject(LINES, 1n);
    return [cold(project), warm(project), tsc(project)];
  },
};

function cold({ sluice }: Project): Contender {
  return {
    name: 'Sluice',
    round: () =>
      new Promise<Sample>((resolve, reject) => {
        const worker = new Worker(new URL('./compile-worker.mjs', import.meta.url), { workerData: sluice });
        worker.once('message', (stages: Stages) => resolve(sample(stages)));
        worker.once('error', reject);
      }),
  };
}

function warm({ sluice }: Project): Contender {
  return { name: 'Sluice (warm)', round: () => sample(runFrontEnd(sluice)) };
}

function sample(stages: Stages): Sample {
  const { read, expand, types, lower, regions } = stages;
  return { ms: read + expand + types + lower + regions, further: { ...stages } };
}

function tsc({ typescript }: Project): Contender {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-compile-'));
  for (const [name, text] of typescript) writeFileSync(join(folder, name), text);
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    target: 'ES2022',
    lib: ['ES2022'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    allowImportingTsExtensions: true,
    types: [],
    noEmit: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  return {
    name: 'tsc --noEmit',
    round: () => {
      const begin = performance.now();
      const { status, stdout } = spawnSync(process.execPath, [TSC, '-p', folder, '--diagnostics'], {
        encoding: 'utf8',
      });
      const ms = performance.now() - begin;
      if (status !== 0) throw new Error(`tsc refused the project:\n${stdout}`);
      const total = /Total time:\s*([\d.]+)s/.exec(stdout)?.[1];
      return { ms, further: { 'its own': Number(total) * 1000 } };
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
