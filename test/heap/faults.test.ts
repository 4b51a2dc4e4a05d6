/**
 * Each rule of the barrier and of the cycle, switched off in a heap built for it: the named sequences or the generated
 * programs that a whole heap survives must then find a failure. A rule whose absence nobody notices is either not
 * needed or not tested.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STRESS_EAGER, STRESS_POISON } from '../../scripting/heap/index.ts';
import { type Command, command } from './commands.ts';
import { type HeapOptions, HeapUnderTest } from './heap-under-test.ts';
import { Mutator } from './model.ts';
import { MOVING } from './moving.ts';
import { SEQUENCES } from './sequences.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STRESS = STRESS_EAGER | STRESS_POISON;
const LONG = process.env.SLUICE_LONG === '1';
const RUNS = LONG ? 2000 : 30;

/** The heap with one rule off, as `scripting/heap/fault.ts` numbers them. */
async function faulty(fault: number): Promise<WebAssembly.Module> {
  let binary: Uint8Array | undefined;
  const config = [
    '--config',
    'scripting/heap/asconfig.json',
    '--target',
    'release',
    '--outFile',
    'heap.wasm',
  ];
  const { error, stderr } = await asc.main([...config, '--use', `SLUICE_FAULT=${fault}`], {
    readFile: (name, base) => {
      try {
        return readFileSync(join(ROOT, base, name), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => null,
  });
  if (error !== null || binary === undefined) throw new Error(stderr.toString());
  return new WebAssembly.Module(binary as BufferSource);
}

/** Whether a named sequence or a generated program finds something wrong. */
function isNoticed(options: HeapOptions): boolean {
  for (const sequence of Object.values({ ...SEQUENCES, ...MOVING })) {
    try {
      sequence(new HeapUnderTest({ stress: STRESS, ...options }));
    } catch {
      return true;
    }
  }
  const run = (commands: Command[]): void => {
    new Mutator(new HeapUnderTest({ stress: STRESS, ...options })).run(commands);
  };
  const programs = fc.property(fc.array(command, { minLength: 1, maxLength: 400, size: 'max' }), run);
  return fc.check(programs, { numRuns: RUNS, seed: 7, endOnFailure: true }).failed;
}

const names = [
  ...readFileSync(join(ROOT, 'scripting/heap/fault.ts'), 'utf8').matchAll(
    /(FAULT_\w+): u32 = (\d+); \/\/ (.*)/g,
  ),
];

describe('it is noticed when', () => {
  test('one rule is off: each has a number of its own', () => {
    const numbers = names.map(([, , number]) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('nothing is wrong (it must not be)', () => {
    expect(isNoticed({})).toBe(false);
  });

  test('stores pass no barrier', () => {
    expect(isNoticed({ barrier: false })).toBe(true);
  });

  test.each(names.map(([, , number, text]) => [text, Number(number)] as const))('%s', async (_, fault) => {
    expect(isNoticed({ module: await faulty(fault) })).toBe(true);
  });
});
