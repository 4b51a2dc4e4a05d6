/** Compiles a generated program by the real pipeline, runs it in a machine, and compares with the reference. */
import { STRESS_COLLECT, STRESS_EAGER, STRESS_MOVE, STRESS_POISON } from '../../scripting/heap/index.ts';
import type { Image } from '../../scripting/image/index.ts';
import { Machine, ScriptError } from '../../scripting/machine/index.ts';
import { type Diagnostic, render, Source, type Span } from '../../scripting/syntax/index.ts';
import { type Analysis, analyse, type compile, print as printImage } from '../../scripting/tools/index.ts';
import { MachineHost } from './host.ts';
import type { Outcome } from './interpreter.ts';
import { type Module, print } from './printer.ts';
import { type Case, hostActs, type Program } from './program.ts';

/** What went wrong with a program: with one case, where that is known. */
export interface Finding {
  readonly what: 'diagnostic' | 'crash' | 'difference' | 'heap' | 'endless';
  readonly mode: string;
  readonly index: number | undefined;
  readonly detail: string;
}

export interface Compiled {
  readonly image: Image | undefined;
  /** Cases that the escape proof refuses. */
  readonly refused: ReadonlySet<number>;
  /** Those among them that the image is compiled without. */
  readonly leftOut: ReadonlySet<number>;
  readonly findings: readonly Finding[];
}

export type Compiler = typeof compile;

/**
 * The compiler, which remembers what it found of the last program: the same one is wanted in several modes. A program of which some
 * cases are refused is compiled all the same, so that it need not be analysed again without them: they are not run.
 */
export function remembering(): Compiler {
  let text = '';
  let analysis: Analysis | undefined;
  return async (sources, options) => {
    const next = JSON.stringify(sources);
    if (next !== text || analysis === undefined) analysis = analyse(sources, options);
    text = next;
    const { program, refused = program, diagnostics } = analysis;
    return refused === undefined
      ? { diagnostics }
      : { image: await printImage(refused, options), diagnostics };
  };
}

/** How a program is compiled. */
export type Mode = 'development' | 'checked' | 'release';

export const STRESSES: readonly (readonly [name: string, bits: number])[] = [
  ['collecting and moving', STRESS_COLLECT | STRESS_MOVE | STRESS_POISON],
  ['in slices', STRESS_EAGER | STRESS_POISON],
];

/** Recursion may use so much: enough for what ends, and soon passed by what does not. */
const DEPTH_LIMIT = 64 << 10;

/** Compiles what the proof accepts of a program; in every mode that is the same, so what was left out in one saves time in the next. */
export async function compileAccepted(
  program: Program,
  mode: Mode,
  compiler: Compiler = remembering(),
  alreadyLeftOut: ReadonlySet<number> = new Set(),
): Promise<Compiled> {
  let leftOut = alreadyLeftOut;
  // Each round leaves out what was refused in the one before.
  for (;;) {
    const refused = new Set(leftOut);
    const ended = (finding?: Omit<Finding, 'mode'>): Compiled => ({
      image: undefined,
      refused,
      leftOut,
      findings: finding === undefined ? [] : [{ ...finding, mode }],
    });
    const cases = program.cases.filter((c) => !leftOut.has(c.index));
    if (cases.length === 0) return ended();
    const { modules, owners } = print({ ...program, cases });
    try {
      const { image, diagnostics } = await compiler(sourcesOf(modules), {
        mode: mode === 'release' ? mode : 'development',
        checked: mode === 'checked',
      });
      const errors = diagnostics.filter((d) => d.severity === 'error');
      const mistake = errors.find((error) => !isRefusal(error));
      if (mistake !== undefined)
        return ended({ what: 'diagnostic', index: ownerOf(mistake, owners), detail: render(mistake) });
      const indices = errors.map((error) => ownerOf(error, owners));
      for (const index of indices) if (index !== undefined) refused.add(index);
      if (image !== undefined && errors.every((error) => isAlone(error, owners)))
        return { ...ended(), image };
      // What is refused in the prelude's text may be any case's fault.
      if (refused.size === leftOut.size) refused.add((cases.at(-1) as Case).index);
      leftOut = refused;
    } catch (error) {
      return ended({ what: 'crash', index: undefined, detail: told(error) });
    }
  }
}

const isRefusal = ({ code }: Diagnostic): boolean => code.startsWith('arena-');
const sourcesOf = (modules: readonly Module[]) => modules.map(({ name, text }) => new Source(name, text));

/**
 * Whether what an error says concerns one case, and nothing is left unsaid of the others. A proof that has given up has judged none of
 * them; and what is refused in a text that they share is told once, for whichever came first.
 */
const isAlone = ({ code, span }: Diagnostic, owners: readonly (number | undefined)[]): boolean =>
  code !== 'arena-tangled' && caseAt(span, owners) !== undefined;

/** The case whose text an error, or else one of its notes, stands in. */
function ownerOf(
  { span, notes = [] }: Diagnostic,
  owners: readonly (number | undefined)[],
): number | undefined {
  return [span, ...notes.map((note) => note.span)]
    .map((at) => caseAt(at, owners))
    .find((owner) => owner !== undefined);
}

function caseAt({ source, start }: Span, owners: readonly (number | undefined)[]): number | undefined {
  return source.name === 'main.slu' ? owners[source.position(start).line - 1] : undefined;
}

/** Runs some cases in one machine and says where they differ from what is expected. */
export async function runCases(
  image: Image,
  mode: string,
  cases: readonly Case[],
  outcomes: ReadonlyMap<number, readonly Outcome[]>,
): Promise<Finding[]> {
  const host = new MachineHost();
  const findings: Finding[] = [];
  let output = '';
  try {
    const machine = await Machine.create(image, {
      host: { host: host.functions },
      timeLimit: Number.POSITIVE_INFINITY,
      depthLimit: DEPTH_LIMIT,
      stress: STRESSES[0]?.[1] ?? 0,
      output: (text) => {
        output += text;
      },
    });
    host.adopt(machine);
    const seenOf = (body: () => void): Outcome => {
      output = '';
      try {
        body();
        return { output, failure: undefined };
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        return { output, failure: `${error.kind}: ${error.message}` };
      }
    };
    for (const [stress, bits] of STRESSES) {
      machine.setStress(bits);
      for (const one of cases) {
        host.forget();
        const seen = hostActs(one).map((act) => seenOf(() => host.act(act, one.index)));
        const detail = difference(outcomes.get(one.index) ?? [], seen);
        if (detail !== undefined)
          findings.push({ what: 'difference', mode: `${mode}, ${stress}`, index: one.index, detail });
        // A heap that is broken would be found broken by all cases after this one.
        if (detail !== undefined) return findings;
      }
      const broken = machine.verify();
      if (broken !== undefined) {
        findings.push({
          what: 'heap',
          mode: `${mode}, ${stress}`,
          index: undefined,
          detail: JSON.stringify(broken),
        });
        return findings;
      }
    }
  } catch (error) {
    findings.push({ what: 'crash', mode, index: undefined, detail: told(error) });
  }
  return findings;
}

/** The first line in which two runs differ. */
function difference(expected: readonly Outcome[], seen: readonly Outcome[]): string | undefined {
  for (const [i, want] of expected.entries()) {
    const got = seen[i] ?? { output: '', failure: 'not run' };
    if (want.output !== got.output) {
      const [a, b] = [want.output.split('\n'), got.output.split('\n')];
      const line = a.findIndex((text, at) => text !== b[at]);
      const at = line < 0 ? a.length : line;
      return `call ${i}, line ${at + 1}: expected ${shortened(a[at])}, saw ${shortened(b[at])}; failures: expected ${want.failure}, saw ${got.failure}`;
    }
    if (want.failure !== got.failure)
      return `call ${i}: expected failure ${want.failure}, saw ${got.failure}`;
  }
  return undefined;
}

function shortened(text: string | undefined): string {
  return text === undefined ? 'nothing' : text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

function told(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
}
