/**
 * One changed function to running code in a compiler that is warm, as a development server is: the whole way from text
 * through a new image to the call that runs the new code over the living program.
 */
import { Machine } from '../../scripting/machine/index.ts';
import { render } from '../../scripting/syntax/index.ts';
import { KeptSources, Recompiler } from '../../scripting/tools/index.ts';
import { generateProject } from './compile-project.ts';
import { type Benchmark, type Contender, expectResult } from './harness/benchmark.ts';

/** Lines: a demo's, a small game's, a large one's. */
const SIZES = [250, 1000, 5000] as const;

export const change: Benchmark = {
  name: 'change',
  work: 'a changed function, from text to running code',
  aims: [],
  rounds: 15,
  warmUp: 15,
  contenders: () => Promise.all(SIZES.map(program)),
};

async function program(lines: number): Promise<Contender> {
  const { sluice } = generateProject(lines, 1n);
  const last = `score-${sluice.size - 1}`;
  let version = 0;
  // As a development server has them.
  const kept = new KeptSources();
  const compiler = new Recompiler();
  /** The module that all others build on, with another number in one of its functions. */
  const image = async () => {
    version += 1;
    const sources = [...sluice].map(([name, text]) =>
      kept.source(
        name,
        text.replace('score-0 ((n : i64)) : i64 n)', `score-0 ((n : i64)) : i64 (+ n ${version}))`),
      ),
    );
    const { image: made, diagnostics } = await compiler.compile(sources);
    if (made === undefined) throw new Error(diagnostics.map(render).join('\n'));
    return made;
  };
  const machine = await Machine.create(await image());
  const before = machine.call(last, 0);
  expectResult(before, 1, 'the first version');
  return {
    name: `Sluice, ${lines} lines`,
    round: async () => {
      const begin = performance.now();
      const made = await image();
      const compiled = performance.now();
      const outcome = machine.replace(await machine.prepare(made));
      const result = machine.call(last, 0);
      const ms = performance.now() - begin;
      if (outcome.kind !== 'replaced') throw new Error(outcome.reason);
      expectResult(result, version, 'the changed function');
      return { ms, further: { compile: compiled - begin, swap: begin + ms - compiled } };
    },
  };
}
