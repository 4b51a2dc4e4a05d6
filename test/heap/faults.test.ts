/**
 * Each rule of the barrier and of the cycle, switched off in a heap built for it: the named sequences or the generated
 * programs that a whole heap survives must then find a failure. A rule whose absence nobody notices is either not
 * needed or not tested.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STRESS_EAGER, STRESS_POISON } from '../../scripting/heap/index.ts';
import { FAULTS, faultyHeap } from './faulty-heap.ts';
import { type HeapOptions, HeapUnderTest } from './heap-under-test.ts';
import { type Command, command } from './model/commands.ts';
import { Mutator } from './model/mutator.ts';
import { SEQUENCES } from './sequences/index.ts';

const STRESS = STRESS_EAGER | STRESS_POISON;
const LONG = process.env.SLUICE_LONG === '1';
const RUNS = LONG ? 2000 : 30;

/** Whether a named sequence or a generated program finds something wrong. */
function isNoticed(options: HeapOptions): boolean {
  for (const sequence of Object.values(SEQUENCES)) {
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

describe('it is noticed when', () => {
  test('one rule is off: each has a number of its own', () => {
    const numbers = FAULTS.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('nothing is wrong (it must not be)', () => {
    expect(isNoticed({})).toBe(false);
  });

  test('stores pass no barrier', () => {
    expect(isNoticed({ barrier: false })).toBe(true);
  });

  test.each(FAULTS.map(({ text, number }) => [text, number] as const))('%s', async (_, fault) => {
    const binary = await faultyHeap(fault);
    expect(isNoticed({ module: new WebAssembly.Module(binary as BufferSource) })).toBe(true);
  });
});
