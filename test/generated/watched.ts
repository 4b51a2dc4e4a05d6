/**
 * The search in a process of its own, beside one that watches it: a compiler or a program that never ends is a finding like any
 * other, and the search goes on with the next program.
 */
import { fork } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../scripting/tools/bundle.mjs';
import { makeProgram } from './expected.ts';
import type { Finding } from './run.ts';
import { type SearchOptions, type SearchResult, textOf } from './search.ts';

export interface WatchedOptions extends Omit<SearchOptions, 'compiler' | 'onProgram' | 'progress'> {
  /** Milliseconds that compiling one program and running it may take. */
  readonly limit: number;
  /** For tests: the compiler does not end for the program of this seed. */
  readonly endlessAt?: number;
}

/** What the process is told. */
export type Order = Omit<WatchedOptions, 'limit' | 'onFinding'>;

/** What the process tells: what it begins, what it has found and makes small now, and all that it has found by then. */
export type Report =
  | { readonly kind: 'begins'; readonly seed: number }
  | { readonly kind: 'found'; readonly seed: number; readonly finding: Finding }
  | { readonly kind: 'so-far' | 'all'; readonly result: SearchResult };

const PROCESS = 'test/generated/watched-process.ts';
const OUTPUT = fileURLToPath(new URL('../output', import.meta.url));
/** Analyses make much that is soon gone: with room for it, it is not looked at twice. */
const ROOM = '--max-semi-space-size=64';

const nothing = (): SearchResult => ({
  made: 0,
  refused: 0,
  discarded: 0,
  failed: 0,
  released: 0,
  found: [],
});

export async function searchWatched(options: WatchedOptions): Promise<SearchResult> {
  await mkdir(OUTPUT, { recursive: true });
  const folder = await mkdtemp(join(OUTPUT, 'watched-'));
  try {
    // A loader that translates as it goes also slows down what it has translated, by a third.
    await bundle(folder, PROCESS);
    return await searchBundled(join(folder, 'watched-process.js'), options);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function searchBundled(
  file: string,
  { onFinding, limit, ...order }: WatchedOptions,
): Promise<SearchResult> {
  const total = nothing();
  for (let { seed } = order; total.made < order.cases && total.found.length < order.most; ) {
    const cases = order.cases - total.made;
    const most = order.most - total.found.length;
    const { result, unfinished, endless } = await inProcess(
      file,
      { ...order, seed, cases, most },
      limit,
      onFinding,
    );
    total.made += result.made;
    total.refused += result.refused;
    total.discarded += result.discarded;
    total.failed += result.failed;
    total.released += result.released;
    total.found.push(...result.found);
    if (endless === undefined) break;
    const { program } = makeProgram(endless, order.together);
    const detail = `no end after ${limit} ms`;
    const finding: Finding = { what: 'endless', mode: 'any', index: undefined, detail };
    onFinding?.(finding, endless);
    for (const one of [...unfinished, finding])
      total.found.push({ ...one, seed: endless, text: textOf(program) });
    total.made += program.cases.length;
    seed = endless + 1;
  }
  return total;
}

interface Ended {
  readonly result: SearchResult;
  /** What was found in the program at hand before the process was ended. */
  readonly unfinished: readonly Finding[];
  /** The seed of the program that did not end. */
  readonly endless: number | undefined;
}

function inProcess(
  file: string,
  order: Order,
  limit: number,
  onFinding: SearchOptions['onFinding'],
): Promise<Ended> {
  const child = fork(file, { execArgv: [ROOM], serialization: 'advanced' });
  child.send(order);
  let result = nothing();
  let unfinished: Finding[] = [];
  let timer: NodeJS.Timeout | undefined;
  return new Promise<Ended>((resolve, reject) => {
    const hear = (report: Report): void => {
      switch (report.kind) {
        case 'begins':
          clearTimeout(timer);
          timer = setTimeout(() => resolve({ result, unfinished, endless: report.seed }), limit);
          return;
        case 'found':
          unfinished.push(report.finding);
          onFinding?.(report.finding, report.seed);
          return;
        case 'so-far':
          result = report.result;
          unfinished = [];
          return;
        case 'all':
          resolve({ result: report.result, unfinished: [], endless: undefined });
      }
    };
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the search has ended with ${code}`)));
    child.on('message', hear);
  }).finally(() => {
    clearTimeout(timer);
    child.kill('SIGKILL');
  });
}
