/** The suite's programs come to the same in each language, and what they took is judged as its page says. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../bench/harness/benchmark.ts';
import { run } from '../../bench/harness/run.ts';
import { loadJavaScript, programFile } from '../../bench/peers/program.ts';
import { compileSluice, runSluice } from '../../bench/peers/sluice.ts';
import { beyond, codeSize } from '../../bench/suite/code-size.ts';
import { CPU, DEVELOPMENT, LUA, RELEASE, sourceOf, V8 } from '../../bench/suite/contenders.ts';
import { document } from '../../bench/suite/document.ts';
import { PROGRAMS, programsNamed } from '../../bench/suite/plan.ts';
import { geometricMean, reportSuite, type SuiteResult } from '../../bench/suite/report.ts';

/** Less work than a round's, and what that is known to come to where it is. */
const SMALL: Readonly<Record<string, readonly [argument: number, result?: number]>> = {
  Bounce: [1, 1331],
  List: [1, 10],
  Permute: [1, 8660],
  Queens: [1, 10],
  Sieve: [1, 669],
  Storage: [1, 5461],
  Towers: [1, 8191],
  Mandelbrot: [1, 128],
  NBody: [1, -0.16907495402506745],
  Richards: [1, 2_324_609_297],
  Json: [1, 156],
  DeltaBlue: [100],
  Havlak: [1, 160_505_213],
  CD: [10, 390],
  fib: [20, 6765],
  ecs: [2],
  astar: [1],
  particles: [40],
};

describe('programs', () => {
  it.each(PROGRAMS)('$name comes to the same in Sluice and in JavaScript', async (program) => {
    const [argument, known] = SMALL[program.name] as (typeof SMALL)[string];
    const machine = await runSluice(await compileSluice(sourceOf(program), 'development'));
    const script = await loadJavaScript<{ run(n: number): number; prepare?(text: string): void }>(
      `suite/${program.name.toLowerCase()}`,
    );
    if (program.name === 'Json') {
      machine.call('prepare', document());
      script.prepare?.(document());
    }
    const result = script.run(argument);
    expect(result).toBe(known ?? result);
    expect(machine.call('run', argument)).toBe(result);
  });

  it('have a file in Lua where Lua has a part', () => {
    for (const { name, lua } of PROGRAMS)
      expect(existsSync(programFile(`suite/${name.toLowerCase()}.lua`)), name).toBe(lua !== undefined);
  });

  it('are chosen by what stands in their names', () => {
    expect(programsNamed('B').map((p) => p.name)).toEqual([
      'Bounce',
      'Mandelbrot',
      'NBody',
      'DeltaBlue',
      'fib',
    ]);
    expect(programsNamed('').length).toBe(PROGRAMS.length);
    expect(programsNamed('sudoku')).toEqual([]);
  });
});

describe('code', () => {
  it('is counted in functions and bytes', () => {
    const type = [1, 4, 1, 0x60, 0, 0];
    const functions = [3, 3, 2, 0, 0];
    const code = [10, 7, 2, 2, 0, 0x0b, 2, 0, 0x0b];
    const module = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, ...functions, ...code]);
    expect(WebAssembly.validate(module)).toBe(true);
    expect(codeSize(module)).toEqual({ functions: 2, bytes: 7 });
    expect(beyond({ functions: 5, bytes: 70 }, codeSize(module))).toEqual({ functions: 3, bytes: 63 });
  });
});

describe('the report', () => {
  it('takes the geometric mean', () => {
    expect(geometricMean([0.5, 2])).toBeCloseTo(1);
    expect(geometricMean([1, 8, 1])).toBeCloseTo(2);
  });

  it('relates rounds to those beside them, in wall time and in CPU time', async () => {
    const text = reportSuite([await resultOf('Bounce', [10, 30, 20], [20, 30, 80])]);
    // 0.5, 1 and 0.25; the CPU took half of that on our side.
    expect(text).toMatch(/Bounce .* 0\.50 +0\.25 \.\. 1\.00 +0\.25 /);
  });

  it('says which aims are met, and by which programs they are missed', async () => {
    const text = reportSuite([
      await resultOf('Bounce', [10], [20]),
      await resultOf('List', [30], [20]),
      await resultOf('fib', [10], [20]),
    ]);
    expect(text).toContain("a geometric mean of at most 0.75 of V8's time: missed, 0.87");
    expect(text).toContain("no program of the set over V8's time: missed, List 1.50");
    expect(text).toContain("a geometric mean of at most 1/15 of Lua's time: met, 0.020");
    expect(text).toContain("fib at most 0.5 of V8's time: met, 0.50");
  });
});

/** What the program came to where its rounds took so many milliseconds. Lua takes fifty times as long as V8. */
async function resultOf(name: string, ours: readonly number[], v8: readonly number[]): Promise<SuiteResult> {
  const [program] = programsNamed(name);
  if (program === undefined) throw new Error(`there is no ${name}`);
  const rounds = (times: readonly number[], cpu: number) => {
    const left = [...times];
    return (): Sample => {
      const ms = left.shift() ?? Number.NaN;
      return { ms, further: { [CPU]: cpu * ms } };
    };
  };
  const outcome = await run(
    {
      name,
      work: '',
      aims: [],
      rounds: ours.length,
      warmUp: 0,
      contenders: async () => [
        { name: RELEASE, round: rounds(ours, 0.5) },
        { name: V8, round: rounds(v8, 1) },
        { name: DEVELOPMENT, round: rounds(ours, 1) },
        {
          name: LUA,
          rounds: 1,
          round: rounds(
            ours.map((ms) => 50 * ms),
            1,
          ),
        },
      ],
    },
    { scale: { frames: 0, sizes: [] }, progress: () => {} },
  );
  return { program, outcome, size: { functions: 1, bytes: 1024 } };
}
