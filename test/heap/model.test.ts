import fc from 'fast-check';
import { describe, test } from 'vitest';
import {
  STRESS_COLLECT,
  STRESS_EAGER,
  STRESS_MOVE,
  STRESS_OVERFLOW,
  STRESS_POISON,
} from '../../scripting/heap/index.ts';
import { CHECKED_MODULE, HeapUnderTest } from './heap-under-test.ts';
import { type Command, command } from './model/commands.ts';
import { Mutator } from './model/mutator.ts';

const LONG = process.env.SLUICE_LONG === '1';

const step = (op: Command['op'], a = 0, b = 0, c = 0): Command => ({ op, a, b, c });

/** Fresh seeds in a long run; otherwise always the same programs. */
function holds(seed: number, runs: number, length: number, body: (commands: Command[]) => void): void {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: length, size: 'max' }), body),
    LONG ? { numRuns: runs * 80 } : { numRuns: runs, seed },
  );
}

describe('generated programs leave the heap as the model says', () => {
  test('with plenty of memory', () => {
    holds(1, 20, 400, (commands) => new Mutator(new HeapUnderTest()).run(commands));
  });

  test('collecting at every allocation', () => {
    holds(2, 25, 200, (commands) => new Mutator(new HeapUnderTest({ stress: STRESS_COLLECT })).run(commands));
  });

  test('poisoning what is freed, with a mark stack that overflows', () => {
    const stress = STRESS_COLLECT | STRESS_POISON | STRESS_OVERFLOW;
    holds(3, 25, 200, (commands) => new Mutator(new HeapUnderTest({ stress })).run(commands));
  });

  test('with young collections and cycles in slices of every size', () => {
    const stress = STRESS_EAGER | STRESS_POISON;
    holds(5, 37, 400, (commands) => new Mutator(new HeapUnderTest({ stress })).run(commands));
  });

  test('the same with a mark stack that overflows', () => {
    const stress = STRESS_EAGER | STRESS_POISON | STRESS_OVERFLOW;
    holds(6, 37, 400, (commands) => new Mutator(new HeapUnderTest({ stress })).run(commands));
  });

  test('with objects that move at every occasion', () => {
    const stress = STRESS_MOVE | STRESS_EAGER | STRESS_POISON;
    holds(7, 30, 300, (commands) => new Mutator(new HeapUnderTest({ stress })).run(commands));
  });

  test('with cycles that begin in gaps and go on in mid-run', () => {
    const stress = STRESS_COLLECT | STRESS_EAGER | STRESS_POISON;
    holds(8, 20, 200, (commands) => new Mutator(new HeapUnderTest({ stress })).run(commands));
  });

  test('at a hard limit that is hit again and again', () => {
    const hardLimit = 4 << 20;
    const stress = STRESS_POISON;
    holds(4, 20, 400, (commands) => new Mutator(new HeapUnderTest({ hardLimit, stress })).run(commands));
  });

  // Found by a long run: the model kept what an outgrown buffer held.
  test.each<[string, Command[]]>([
    ['segments', [step('segments', 195), step('add', 603, 435, 333)]],
    [
      'a vector',
      [step('mut-vector', 602), step('node'), step('push', 950, 0, 925), step('push', 950, 0, 47)],
    ],
  ])('in the heap of checked builds, when %s in the frame grows twice', (_, growing) => {
    const commands = [step('enter-frame'), ...growing, step('force-all', 0, 267), step('node')];
    new Mutator(new HeapUnderTest({ module: CHECKED_MODULE, stress: STRESS_EAGER })).run(commands);
  });

  test.each([undefined, 6 << 20])('in the heap of checked builds (hard limit %j)', (hardLimit) => {
    const options = { module: CHECKED_MODULE, stress: STRESS_EAGER, ...(hardLimit && { hardLimit }) };
    holds(9, 15, 300, (commands) => new Mutator(new HeapUnderTest(options)).run(commands));
  });
});
