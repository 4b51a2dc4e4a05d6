/**
 * 5,000 lines through the front end (syntax, macros, types, lower, regions: all that finds mistakes), in a process that has
 * compiled nothing before, beside `tsc --noEmit` on the same project in TypeScript. tsc's time is that of its process, as
 * its users have it; what it reports as its own is a further figure, and `sluice check` is our whole process. TypeScript 7
 * is native code on several threads, the compiler of Sluice is JavaScript that starts without a warm-up: a page or server
 * that stays open is in the table as warm.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, isFresh } from '../../scripting/tools/bundle.mjs';
import { generateProject, type Project } from './compile-project.ts';
import type { runFrontEnd as RunFrontEnd, Stages } from './front-end.ts';
import type { Benchmark, Contender, Sample } from './harness/benchmark.ts';

const LINES = 5000;
const COLD = fileURLToPath(new URL('./compile-cold.mjs', import.meta.url));
const SLUICE = fileURLToPath(new URL('../../scripting/tools/sluice.mjs', import.meta.url));
/** Bundled, as compilers are shipped. What tsx makes of sources for benchmarks names every closure that is made, at every run. */
const FRONT_END = {
  entry: 'test/bench/front-end.ts',
  folder: fileURLToPath(new URL('../../build/bench', import.meta.url)),
  url: new URL('../../build/bench/front-end.js', import.meta.url).href,
};
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
    if (!isFresh()) await bundle();
    await bundle(FRONT_END.folder, FRONT_END.entry);
    const { runFrontEnd }: typeof import('./front-end.ts') = await import(FRONT_END.url);
    return [cold(project), warm(project, runFrontEnd), command(project), tsc(project)];
  },
};

function cold({ sluice }: Project): Contender {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-compile-'));
  const files = join(folder, 'files.json');
  writeFileSync(files, JSON.stringify([...sluice]));
  return {
    name: 'Sluice',
    round: () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [COLD, FRONT_END.url, files], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      return sample(JSON.parse(stdout) as Stages);
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

function warm({ sluice }: Project, runFrontEnd: typeof RunFrontEnd): Contender {
  return { name: 'Sluice (warm)', round: () => sample(runFrontEnd(sluice)) };
}

/** The command line, as its users have it: Node's start, loading the compiler, reading files, and the front end. */
function command({ sluice }: Project): Contender {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-compile-'));
  mkdirSync(join(folder, 'game'));
  writeFileSync(join(folder, 'package.json'), '{}');
  for (const [name, text] of sluice) writeFileSync(join(folder, name), text);
  const main = join(folder, `game/part${sluice.size - 1}.slu`);
  return {
    name: 'sluice check',
    round: () => {
      const begin = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [SLUICE, 'check', main], { encoding: 'utf8' });
      const ms = performance.now() - begin;
      if (status !== 0) throw new Error(`sluice refused the project:\n${stderr}`);
      return { ms };
    },
    close: () => rmSync(folder, { recursive: true }),
  };
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
