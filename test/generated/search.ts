/** The search: programs from one seed after the other, compiled, run, compared; what is found is made small. */
import { evaluate, makeProgram } from './expected.ts';
import { print } from './printer.ts';
import type { Case, Program } from './program.ts';
import { type Compiler, compileAccepted, type Finding, type Mode, remembering, runCases } from './run.ts';
import { shrink } from './shrink.ts';

export interface SearchOptions {
  /** The first seed; the next program has the next one. */
  readonly seed: number;
  /** Cases in all. */
  readonly cases: number;
  /** Cases that are compiled together. */
  readonly together: number;
  /** One program of so many is compiled for release too; 0 for none. */
  readonly released: number;
  /** Findings after which it ends. */
  readonly most: number;
  /** Milliseconds for making one finding small; 0 to leave it as it is. */
  readonly shrinking: number;
  /** How programs are compiled, in turn; development first. Default: in development. */
  readonly modes?: readonly Mode[];
  /** A compiler with a fault, to see it found. */
  readonly compiler?: Compiler;
  /** Hears of each program before it is made, compiled and run. */
  readonly onProgram?: (seed: number) => void;
  /** Hears of each program that is done with. */
  readonly progress?: (result: SearchResult) => void;
  /** Hears of each finding before it is made small. */
  readonly onFinding?: (finding: Finding, seed: number) => void;
}

/** A short search: one program, which is left as it is where it shows something. */
export const ONE_PROGRAM = { cases: 10, together: 10, released: 0, most: 1, shrinking: 0 } as const;

export interface Found extends Finding {
  readonly seed: number;
  /** The smallest program that shows it. */
  readonly text: string;
}

export interface SearchResult {
  /** Cases that were made; those that the reference has no answer to are not counted. */
  made: number;
  refused: number;
  discarded: number;
  /** Calls by the host that ended with an error, as they should. */
  failed: number;
  released: number;
  readonly found: Found[];
}

export async function search(options: SearchOptions): Promise<SearchResult> {
  const { compiler = remembering() } = options;
  const result: SearchResult = { made: 0, refused: 0, discarded: 0, failed: 0, released: 0, found: [] };
  for (let seed = options.seed; result.made < options.cases; seed += 1) {
    options.onProgram?.(seed);
    const { program, outcomes, discarded } = makeProgram(seed, options.together);
    result.made += program.cases.length;
    result.discarded += discarded;
    for (const all of outcomes.values()) result.failed += all.filter((o) => o.failure !== undefined).length;
    const modes: Mode[] = [...(options.modes ?? ['development' as const])];
    if (options.released > 0 && (seed - options.seed) % options.released === 0) modes.push('release');
    let without: ReadonlySet<number> | undefined;
    for (const mode of modes) {
      const { image, refused, leftOut, findings } = await compileAccepted(program, mode, compiler, without);
      without = leftOut;
      const accepted = program.cases.filter((c) => !refused.has(c.index));
      if (mode === 'development') result.refused += refused.size;
      if (mode === 'release') result.released += accepted.length;
      const all =
        image === undefined ? findings : [...findings, ...(await runCases(image, mode, accepted, outcomes))];
      for (const finding of all) {
        options.onFinding?.(finding, seed);
        result.found.push({
          ...finding,
          seed,
          text: await smallText(program, finding, mode, options.shrinking, compiler),
        });
        if (result.found.length >= options.most) return result;
      }
    }
    options.progress?.(result);
  }
  return result;
}

/** The text of the program, as small as it gets; or of the case alone where it does not show there. */
async function smallText(
  program: Program,
  { index, what }: Finding,
  mode: Mode,
  time: number,
  compiler: Compiler,
): Promise<string> {
  const suspects = index === undefined ? program.cases : program.cases.filter((c) => c.index === index);
  for (const one of time > 0 ? suspects : []) {
    const alone = { ...program, cases: [one] };
    const fails = async (p: Program) => (await findingIn(p, mode, compiler))?.what === what;
    if (await fails(alone)) return textOf(await shrink(alone, { fails, time }));
  }
  return textOf({ ...program, cases: suspects });
}

export const textOf = (program: Program): string =>
  print(program)
    .modules.map(({ name, text }) => `; ${name}\n${text}`)
    .join('\n');

/** What is wrong with a program of one case; undefined where nothing is, or where it is no program. */
export async function findingIn(
  program: Program,
  mode: Mode,
  compiler: Compiler = remembering(),
): Promise<Finding | undefined> {
  const one = program.cases[0] as Case;
  const expected = evaluate(program.world, one);
  if (expected === undefined) return undefined;
  const { image, refused, findings } = await compileAccepted(program, mode, compiler);
  if (image === undefined || refused.has(one.index)) return findings[0];
  return (await runCases(image, mode, [one], new Map([[one.index, expected]])))[0];
}
