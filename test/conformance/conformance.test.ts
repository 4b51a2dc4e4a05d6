/**
 * Runs every conformance program, optimised and not, also with a collection at every allocation, and in a checked build; and looks
 * at its representation and its printed code, in which no address may get lost. All of that is here because it shares what takes
 * longest: the analysis, and the printing.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Pictures, stageHost } from '../../engine/pictures/index.ts';
import { profileHost } from '../../engine/profile/index.ts';
import { inspect } from '../../scripting/emit/printed.ts';
import {
  STRESS_COLLECT,
  STRESS_MOVE,
  STRESS_POISON,
  STRESS_THIN,
  STRESS_VERIFY,
} from '../../scripting/heap/index.ts';
import type { Image } from '../../scripting/image/index.ts';
import type { Program } from '../../scripting/ir/index.ts';
import { Machine, ScriptError } from '../../scripting/machine/index.ts';
import { optimise } from '../../scripting/optimise/index.ts';
import { type Diagnostic, render, type Source } from '../../scripting/syntax/index.ts';
import { type Analysis, analyse, print } from '../../scripting/tools/index.ts';
import { HEAP_BYTES } from '../unit/emit/printed/effects.ts';
import { type Looked, lookAt } from '../unit/emit/printed/program.ts';
import { waitingAddresses } from '../unit/lower/lowered.ts';
import { hostValues } from './host-values.ts';
import { type Conformance, conformancePrograms, readConformance, runProgram } from './program.ts';

/** `npm run test:quick` is for the inner loop: it has no time for other builds than those of development. */
const QUICK = process.env.SLUICE_QUICK === '1';
const LONG = process.env.SLUICE_LONG === '1';

const programs = conformancePrograms(fileURLToPath(new URL('.', import.meta.url)));

/** What the programs that declare externs find. */
const host = {
  ...hostValues(),
  double: (n: number) => 2 * n,
  half: (x: number) => x / 2,
  greet: (name: string) => `hello ${name}`,
  flip: (b: boolean) => !b,
  turn: ({ x, y }: { x: number; y: number }) => ({ x: -y, y: x }),
  note: () => undefined,
  refuse: (why: string) => {
    throw new Error(why);
  },
};

/** The pictures of a program that has mistakes. */
const IMAGES: ReadonlySet<string> = new Set(['ball.png', 'hero/run.png', 'hero/turn-1.png']);

/**
 * A collection at every allocation, of programs that allocate much at each of the first thousands; in checked builds a verified heap at
 * each arena's end; objects that move whenever the host calls.
 */
const STRESS = STRESS_COLLECT | STRESS_POISON | STRESS_VERIFY | (LONG ? 0 : STRESS_THIN);
const MOVING = STRESS_MOVE | STRESS_POISON;

interface Run {
  readonly output: string;
  readonly failure: ScriptError | undefined;
  readonly broken: unknown;
}

/** Loads a program, calls its `main`, and gives it its frames. */
async function run(image: Image, stress: number): Promise<Run> {
  let output = '';
  let machine: Machine | undefined;
  let failure: ScriptError | undefined;
  try {
    machine = await Machine.create(image, {
      host: {
        ...stageHost(new Pictures()),
        ...profileHost(),
        host,
        other: { double: (n: number) => 100 * n },
        C: { abs: Math.abs },
      },
      // A machine under stress may take long; nothing here is endless.
      timeLimit: Number.POSITIVE_INFINITY,
      stress,
      output: (text) => {
        output += text;
      },
    });
    runProgram(machine, image);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    failure = error;
  }
  return { output, failure, broken: machine?.verify() };
}

function check({ source, output, failure }: Conformance, result: Run): void {
  if (failure === undefined && result.failure !== undefined) throw result.failure;
  expect(result.output).toBe(output);
  if (failure !== undefined) {
    expect(result.failure?.message).toContain(failure.text);
    expect(result.failure?.position).toMatchObject({ file: source.name, line: failure.line });
  }
  expect(result.broken).toBeUndefined();
}

interface Built {
  readonly image: Image;
  readonly looked: Looked | undefined;
}

/** As `print` does, and looks at the code before it is optimised where that is asked for. */
function build(program: Program, mode: 'development' | 'release', isLookedAt: boolean): Built {
  return inspect(program, { mode, watch: true, heap: HEAP_BYTES }, (printed) => {
    const looked = isLookedAt ? lookAt(printed, mode) : undefined;
    const image = printed.finish();
    return { looked, image: mode === 'development' ? { ...image, heap: HEAP_BYTES } : image };
  });
}

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** `line: code` of each, in the order of lines, and of codes in a line; those in modules have their file before them. */
function places(
  diagnostics: readonly Diagnostic[],
  severity: Diagnostic['severity'],
  main: Source,
): readonly string[] {
  return diagnostics
    .filter((d) => d.severity === severity)
    .map(({ code, span: { source, start } }) => ({ source, line: source.position(start).line, code }))
    .sort(
      (a, b) =>
        Number(b.source === main) - Number(a.source === main) ||
        a.line - b.line ||
        compareText(a.code, b.code),
    )
    .map(({ source, line, code }) => `${source === main ? '' : `${source.name} `}${line}: ${code}`);
}

describe.each(programs.map((program, i) => [program.source.name, program, i] as const))(
  '%s',
  (_, program, index) => {
    const { source, modules, errors, warnings } = program;
    if (errors.length > 0) {
      it('has exactly the errors it says', () => {
        const { diagnostics } = analyse([...modules, source], { images: IMAGES });
        expect(places(diagnostics, 'error', source)).toEqual(errors);
      });
      return;
    }

    // To look at the code takes as long as to print it, and stress as long as both: in a run of all tests each program has either in one mode.
    const isChosen = (mode: 'development' | 'release'): boolean =>
      LONG || (!QUICK && (mode === 'release') === (index % 2 === 0));
    let analysed: Analysis | undefined;
    const proved = (): Program => {
      analysed ??= analyse([...modules, source]);
      const { program: accepted, diagnostics } = analysed;
      if (accepted === undefined) throw new Error(diagnostics.map(render).join('\n'));
      expect(places(diagnostics, 'warning', source)).toEqual(warnings);
      return accepted;
    };
    const built = new Map<'development' | 'release', Built>();
    const builtFor = (mode: 'development' | 'release'): Built => {
      const before = built.get(mode) ?? build(proved(), mode, isChosen(mode));
      built.set(mode, before);
      return before;
    };

    async function runStressed(image: Image): Promise<void> {
      if (program.stressed) check(program, await run(image, STRESS));
      check(program, await run(image, MOVING));
    }

    it('does what it says in development', async () => {
      check(program, await run(builtFor('development').image, 0));
    });

    it.runIf(isChosen('development'))('does what it says in a checked build, under stress', async () => {
      await runStressed(await print(proved(), { mode: 'development', checked: true }));
    });

    it.skipIf(QUICK)('does what it says in release', async () => {
      check(program, await run(builtFor('release').image, 0));
    });

    it.runIf(isChosen('release'))('does what it says in release, under stress', async () => {
      await runStressed(builtFor('release').image);
    });

    const looked = (['development', 'release'] as const).filter((mode) => isChosen(mode));
    it.skipIf(QUICK).each(looked)('loses no address, printed for %s', (mode) => {
      const found = builtFor(mode).looked;
      built.delete(mode);
      expect(found?.faults).toEqual([]);
      expect(found?.functions).toBeGreaterThan(0);
    });

    it.skipIf(QUICK).each(looked)(
      'has no address waiting on the operand stack while something may allocate, in %s',
      (mode) => {
        const { functions } = mode === 'release' ? optimise(proved(), mode) : proved();
        for (const func of functions.values()) expect(waitingAddresses(func), func.name).toEqual([]);
      },
    );
  },
);

describe('reading expectations', () => {
  it('takes output, errors and a failure with their lines', () => {
    const text = '(f) ; expect: 1\n; expect: 2 ; 3\n(g) ; error: a-b, c\n(h) ; fails: index 9';
    expect(readConformance('x.slu', text)).toMatchObject({
      output: '1\n2 ; 3\n',
      errors: ['3: a-b', '3: c'],
      failure: { line: 4, text: 'index 9' },
    });
  });
});
