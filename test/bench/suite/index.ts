/**
 * `npm run bench -- suite`: the fourteen programs of the cross-language set "Are We Fast Yet" (Marr, Daloze and Mössenböck, DLS 2016) by its
 * rules, Fibonacci's numbers, and three loops that games are made of; each in a process of its own.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programFile } from '../peers/program.ts';
import { compileSluice } from '../peers/sluice.ts';
import { beyond, codeSize } from './code-size.ts';
import type { Measured, Message, ProgramOptions } from './measure-program.ts';
import { type Program, programsNamed } from './plan.ts';
import type { SuiteResult } from './report.ts';

export { reportSuite, type SuiteResult } from './report.ts';

const PROCESS = fileURLToPath(new URL('./program-run.mjs', import.meta.url));

export interface SuiteOptions extends ProgramOptions {
  /** Only programs in whose name this stands. Default: all. */
  readonly only?: string;
}

/** Runs the programs one after the other. Throws where a side comes to what is wrong. */
export async function measureSuite(
  { only = '', ...options }: SuiteOptions,
  progress: (text: string) => void,
): Promise<readonly SuiteResult[]> {
  progress('suite: compiling a program that does nothing');
  const nothing = codeSize((await compileSluice(programFile('suite/nothing.slu'), 'release')).wasm);
  const results: SuiteResult[] = [];
  for (const program of programsNamed(only)) {
    const { outcome, size } = await inProcess(program, options, progress);
    results.push({ program, outcome, size: beyond(size, nothing) });
  }
  return results;
}

function inProcess(
  { name }: Program,
  options: ProgramOptions,
  progress: (text: string) => void,
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(PROCESS, [name, JSON.stringify(options)], { execArgv: [] });
    let measured: Measured | undefined;
    child.on('message', (message: Message) => {
      if (message.kind === 'progress') progress(`suite: ${message.text}`);
      else measured = message;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (measured !== undefined && code === 0) resolve(measured);
      else reject(new Error(`suite: ${name} failed: its process ended with ${code}`));
    });
  });
}
