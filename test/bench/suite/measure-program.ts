/** What the process of one program does: measures it, and tells its parent. */
import { type Outcome, run } from '../harness/run.ts';
import { compileSluice } from '../peers/sluice.ts';
import { type CodeSize, codeSize } from './code-size.ts';
import { benchmarkOf, sourceOf } from './contenders.ts';
import { PROGRAMS } from './plan.ts';

export interface Measured {
  readonly outcome: Outcome;
  /** Of the release image, the heap in it included. */
  readonly size: CodeSize;
}

export interface ProgramOptions {
  readonly rounds?: number;
  readonly warmUp?: number;
}

export type Message =
  | { readonly kind: 'progress'; readonly text: string }
  | ({ readonly kind: 'measured' } & Measured);

export async function measureProgram(name: string, options: ProgramOptions): Promise<void> {
  const program = PROGRAMS.find((p) => p.name === name);
  if (program === undefined) throw new Error(`there is no program ${name}`);
  const image = await compileSluice(sourceOf(program), 'release');
  const outcome = await run(benchmarkOf(program, image), {
    ...options,
    scale: { frames: 0, sizes: [] },
    progress: (text) => tell({ kind: 'progress', text }),
  });
  tell({ kind: 'measured', outcome, size: codeSize(image.wasm) });
  process.disconnect();
}

function tell(message: Message): void {
  process.send?.(message);
}
