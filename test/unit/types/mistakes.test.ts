/**
 * What people type by mistake, and what they are told. The tables are the text files of `mistakes/`: for each mistake the
 * program, what is said of it, the hint, and where it helps the program as it was meant, which must compile:
 *
 *     wrong: (defn f () nil)
 *     unknown-name: there is no `nil` here
 *     hint: what may be missing is an `Option`: `None`, or `(Some x)`
 *     right: (defn f () : (Option i64) None)
 *
 * A line that begins with two spaces continues the one before it; `warning: unused-value: ...` is a warning. A mistake
 * is told once: more than one diagnostic is a failure.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkText } from './program.ts';

const FOLDER = new URL('mistakes/', import.meta.url);

interface Mistake {
  readonly wrong: string;
  /** `code: message`, with `warning: ` in front of what does not stop a program. */
  readonly said: string;
  readonly hint: string | undefined;
  readonly right: string | undefined;
}

function mistakesOf(file: string): readonly Mistake[] {
  const blocks = readFileSync(new URL(file, FOLDER), 'utf8').trim().split(/\n\n+/);
  return blocks.map((block) => {
    const lines = block.replace(/\n {2}/g, '\r').split('\n');
    const text = (line: string) => line.slice(line.indexOf(': ') + 2).replaceAll('\r', '\n');
    const of = (name: string) => lines.filter((line) => line.startsWith(`${name}: `)).map(text)[0];
    const said = lines.find((line) => !/^(wrong|hint|right): /.test(line));
    const wrong = of('wrong');
    if (wrong === undefined || said === undefined) throw new Error(`${file}: no mistake:\n${block}`);
    return { wrong, said: said.replaceAll('\r', '\n'), hint: of('hint'), right: of('right') };
  });
}

const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));

describe.each(FILES)('%s', (file) => {
  const mistakes = mistakesOf(file);

  test.each(mistakes)('$wrong', ({ wrong, said, hint }) => {
    const found = checkText(wrong).diagnostics.all.map((d) => ({
      said: `${d.severity === 'warning' ? 'warning: ' : ''}${d.code}: ${d.message}`,
      hint: d.hint,
    }));
    expect(found).toEqual([{ said, hint }]);
  });

  test.each(mistakes.flatMap(({ right }) => right ?? []))('right: %s', (right) => {
    expect(checkText(right).report).toBe('');
  });
});
