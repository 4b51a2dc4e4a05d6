/** A program of the suite as a benchmark of its own: the same work in Sluice for release and for development, V8 and Lua. */
import type { Image } from '../../../scripting/image/index.ts';
import { type Benchmark, type Contender, expectResult, type Sample, timed } from '../harness/benchmark.ts';
import { loadLua } from '../peers/lua.ts';
import { loadJavaScript, programFile } from '../peers/program.ts';
import { compileSluice, runSluice } from '../peers/sluice.ts';
import { document } from './document.ts';
import type { Program } from './plan.ts';

export const RELEASE = 'Sluice';
export const DEVELOPMENT = 'Sluice (development)';
export const V8 = 'V8';
export const LUA = 'Lua (wasmoon)';
/** Milliseconds of all the process's threads: V8's collect and compile as well. */
export const CPU = 'CPU (ms)';

interface JavaScript {
  /** Gets what the program reads, where it reads anything. */
  readonly prepare?: (text: string) => void;
  readonly run: (argument: number) => number;
}

/** `release` is the program's image, so that its size can be told as well. */
export function benchmarkOf(program: Program, release: Image): Benchmark {
  const { name, argument, expected, lua } = program;
  const file = fileOf(program);
  return {
    name,
    work: `run(${argument})`,
    aims: [{ peer: V8, ratio: program.aim }],
    rounds: 11,
    warmUp: 4,
    contenders: async () => {
      const text = name === 'Json' ? document() : undefined;
      const script = await loadJavaScript<JavaScript>(file);
      if (text !== undefined) script.prepare?.(text);
      const contenders = [
        await sluice(RELEASE, release, program, text),
        { name: V8, round: () => measured(V8, () => script.run(argument), expected) },
        await sluice(DEVELOPMENT, await compileSluice(sourceOf(program), 'development'), program, text),
      ];
      if (lua === undefined) return contenders;
      return [...contenders, await inLua(file, lua, script.run(lua.argument), text)];
    },
  };
}

export function sourceOf(program: Program): string {
  return programFile(`${fileOf(program)}.slu`);
}

function fileOf({ name }: Program): string {
  return `suite/${name.toLowerCase()}`;
}

async function sluice(
  name: string,
  image: Image,
  program: Program,
  text: string | undefined,
): Promise<Contender> {
  const machine = await runSluice(image);
  if (text !== undefined) machine.call('prepare', text);
  return {
    name,
    round: () => measured(name, () => Number(machine.call('run', program.argument)), program.expected),
  };
}

async function inLua(
  file: string,
  { argument, share }: NonNullable<Program['lua']>,
  expected: number,
  text: string | undefined,
): Promise<Contender> {
  const program = await loadLua(file, 'suite/core', 'suite/red-black-tree');
  if (text !== undefined) program.call('prepare', text);
  return {
    name: LUA,
    share,
    rounds: 1,
    round: () => {
      const { ms, further = {} } = measured(LUA, () => program.call('run', argument), expected);
      return { ms: ms / share, further: { [CPU]: (further[CPU] ?? Number.NaN) / share } };
    },
    close: () => program.close(),
  };
}

function measured(who: string, work: () => number, expected: number): Sample {
  const before = process.cpuUsage();
  const sample = timed(work, (result) => expectResult(result, expected, who));
  const { user, system } = process.cpuUsage(before);
  return { ...sample, further: { [CPU]: (user + system) / 1000 } };
}
