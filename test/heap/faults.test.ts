/**
 * Each rule of the barrier and of the cycle, switched off in a heap built for it: the named sequences or the generated
 * programs that a whole heap survives must then find a failure. A rule whose absence nobody notices is either not
 * needed or not tested.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STRESS_EAGER, STRESS_POISON } from '../../scripting/heap/index.ts';
import { FAULTS, faultyHeap } from './faulty-heap.ts';
import { FOUND_BY } from './found-by.ts';
import { type HeapOptions, HeapUnderTest } from './heap-under-test.ts';
import { type Command, command } from './model/commands.ts';
import { Mutator } from './model/mutator.ts';
import { SEQUENCES } from './sequences/index.ts';

const STRESS = STRESS_EAGER | STRESS_POISON;
const LONG = process.env.SLUICE_LONG === '1';
const RUNS = LONG ? 2000 : 30;

/** Whether a named sequence finds something wrong. */
function fails(name: string, options: HeapOptions): boolean {
  try {
    SEQUENCES[name]?.(new HeapUnderTest({ stress: STRESS, ...options }));
    return false;
  } catch {
    return true;
  }
}

/** Whether one of so many generated programs finds something wrong. */
function programsFail(seed: number, numRuns: number, options: HeapOptions): boolean {
  const run = (commands: Command[]): void => {
    new Mutator(new HeapUnderTest({ stress: STRESS, ...options })).run(commands);
  };
  const programs = fc.property(fc.array(command, { minLength: 1, maxLength: 400, size: 'max' }), run);
  return fc.check(programs, { numRuns, seed, endOnFailure: true }).failed;
}

/** Whether anything is found by what a fault is `recorded` to be found by, or by all there is. */
function isNoticed(options: HeapOptions, recorded?: string | number): boolean {
  if (typeof recorded === 'string') return fails(recorded, options);
  if (typeof recorded === 'number') return programsFail(recorded, 1, options);
  return Object.keys(SEQUENCES).some((name) => fails(name, options)) || programsFail(7, RUNS, options);
}

describe('it is noticed when', () => {
  test('one rule is off: each has a number of its own', () => {
    const numbers = FAULTS.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  // Otherwise `model.test.ts`, `sequences.test.ts` and the last test here say so.
  test.runIf(LONG)('nothing is wrong (it must not be)', () => {
    expect(isNoticed({})).toBe(false);
  });

  test('stores pass no barrier', () => {
    expect(isNoticed({ barrier: false })).toBe(true);
  });

  test.each(FAULTS.map(({ text, name, number }) => [text, name, number] as const))(
    '%s',
    async (_, name, fault) => {
      const module = new WebAssembly.Module((await faultyHeap(fault)) as BufferSource);
      expect(isNoticed({ module }, LONG ? undefined : FOUND_BY[name])).toBe(true);
    },
  );

  test('none is recorded that is not there, nor a sequence', () => {
    const names = new Set(FAULTS.map(({ name }) => name));
    for (const [name, by] of Object.entries(FOUND_BY)) {
      expect(names).toContain(name);
      if (typeof by === 'string') expect(Object.keys(SEQUENCES)).toContain(by);
    }
    for (const by of new Set(Object.values(FOUND_BY))) expect(isNoticed({}, by), String(by)).toBe(false);
  });
});
