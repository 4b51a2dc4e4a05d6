/**
 * One script's tests: compiled into the program, called one after another on one machine. What each prints and which of
 * its checks fail is kept apart; a run-time error fails its test, and the machine unwinds for the next.
 */

import type { Image } from '../image/index.ts';
import { testExport } from '../lower/index.ts';
import { Machine, type MachineOptions, ScriptError } from '../machine/index.ts';
import { Source } from '../syntax/index.ts';
import { optimiseScripts } from './script-tiers.ts';
import { verify } from './verified.ts';

/** A condition that did not hold. */
interface FailedCheck {
  readonly text: string;
  readonly file: string;
  /** Offsets into the file's text. */
  readonly start: number;
  readonly end: number;
  /** The operands of a comparison, as they are written, with their values. */
  readonly sides: readonly { readonly text: string; readonly value: string }[];
}

export interface TestOutcome {
  readonly name: string;
  readonly checks: readonly FailedCheck[];
  readonly error: ScriptError | undefined;
  /** What the test printed. */
  readonly printed: string;
}

const TEST = testExport('');

/** The names of the tests in an image, in the order of the text. */
export function testNames(image: Image): readonly string[] {
  return image.manifest.exports.flatMap(({ name }) =>
    name.startsWith(TEST) ? [name.slice(TEST.length)] : [],
  );
}

/**
 * Runs the named tests of an image that was compiled with them. Throws a `ScriptError` where the script's top level
 * fails, since then nothing can be tested. `machine` are options of the machine, its time limit for each test; `verified`: a test
 * also fails where the heap is broken after it.
 */
export async function runTests(
  image: Image,
  names: readonly string[],
  { machine: options, verified }: { readonly machine: MachineOptions; readonly verified: boolean },
): Promise<readonly TestOutcome[]> {
  let printed = '';
  let checks: FailedCheck[] = [];
  let sides: { text: string; value: string }[] = [];
  // What scripts call `sluice.test`; see the prelude.
  const log = {
    '%check-side': (text: string, value: string) => sides.push({ text, value }),
    '%check-failed': (text: string, file: string, start: number, end: number) => {
      checks.push({ text, file, start, end, sides });
      sides = [];
    },
  };
  optimiseScripts();
  const machine = await Machine.create(image, {
    ...options,
    host: { ...options.host, 'sluice.test': log },
    output: (text) => {
      printed += text;
    },
  });
  return names.map((name) => {
    printed = '';
    checks = [];
    sides = [];
    const error = failureOf(() => {
      machine.call(testExport(name));
      if (verified) verify(machine);
    });
    return { name, checks, error, printed };
  });
}

function failureOf(body: () => unknown): ScriptError | undefined {
  try {
    body();
    return undefined;
  } catch (error) {
    if (error instanceof ScriptError) return error;
    throw error;
  }
}

/** A failed check for a terminal: its place, its line, and what was compared. */
export function renderCheck(check: FailedCheck, sources: readonly Source[]): string {
  const source = sources.find(({ name }) => name === check.file) ?? new Source(check.file, '');
  const { line, column } = source.position(check.start);
  const text = source.line(line);
  const margin = ' '.repeat(String(line).length);
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const marks = '^'.repeat(Math.max(1, Math.min(check.end - check.start, text.length - column + 1)));
  const computed = check.sides.filter((side) => side.text !== side.value);
  const width = Math.max(0, ...computed.map((side) => side.text.length));
  return [
    `${check.file}:${line}:${column}: the check \`${check.text}\` failed`,
    `  ${line} | ${text}`,
    `  ${margin} | ${indent}${marks}`,
    ...computed.map((side) => `  ${side.text.padEnd(width)} is ${side.value}`),
  ].join('\n');
}
