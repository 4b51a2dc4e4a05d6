/** An optimised program puts functions into one another; what failed is told all the same. */
import { describe, expect, test } from 'vitest';
import { ScriptError } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, start, thrown } from './script.ts';

/** A function that fails, by what it does; each stands on three lines, and fails in the last. */
const FAILING: Readonly<Record<string, string>> = {
  pick: '(nth [1 2 3] n)',
  share: '(/ 7 (- n 9))',
  refuse: '(if (> n 5) (error "too much") n)',
  letter: '(string-ref "abc" n)',
  opened: '(unwrap (if (> n 5) None (Some n)))',
  called: '((fn (m) (nth [1 2 3] m)) n)',
  field: '(.value (nth [(Cell 1)] n))',
};

const TEXT = [
  '(defstruct Cell (value : i64))',
  ...Object.entries(FAILING).flatMap(([name, body]) => [
    `(defn ${name} ((n : i64)) : i64`,
    '  (+ 1',
    `    ${body}))`,
  ]),
  ...Object.keys(FAILING).map((name) => `(defn through-${name} ((n : i64)) : i64 (* 2 (${name} n)))`),
  ...Object.keys(FAILING).map((name) => `(pub defn run-${name} ((n : i64)) : i64 (+ 5 (through-${name} n)))`),
].join('\n');

describe.each(MODES)('in %s', (mode) => {
  test('the innermost function and line of a trace are those that failed', async () => {
    const { machine } = await start(await imageOf(TEXT, { mode }));
    const lines = TEXT.split('\n');
    for (const name of Object.keys(FAILING)) {
      const error = thrown(() => machine.call(`run-${name}`, 9));
      if (!(error instanceof ScriptError)) throw error;
      const line = lines.indexOf(`(defn ${name} ((n : i64)) : i64`) + 3;
      const own = error.trace.find(({ position }) => position?.file === 'game.slu');
      expect([own?.position?.line, error.position?.line], name).toEqual([line, line]);
      expect(own?.function, name).toBe(name);
      expect(error.trace.at(-1)?.function, name).toBe(`run-${name}`);
    }
  });
});
