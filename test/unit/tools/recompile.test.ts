/**
 * Programs that are compiled edit by edit: after each edit the program is what it would be if all of it were compiled at once, with the
 * same said of it. The conformance programs are edited, and a few that have what the rules are about.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Source } from '../../../scripting/syntax/index.ts';
import { Recompiler, type RecompilerRule } from '../../../scripting/tools/index.ts';
import { conformancePrograms } from '../../conformance/program.ts';
import type { Texts } from './edited-texts.ts';
import { compareVersions, editAndCompare, editAndRun } from './recompile.ts';

const LONG = process.env.SLUICE_LONG === '1';
const SEED = Number(process.env.SLUICE_SEED ?? (LONG ? Date.now() % 1_000_000 : 1));
/** So many edits in all, about; short programs, which are compiled quickly, are edited more often than long ones. */
const EDITS = Number(process.env.SLUICE_CASES ?? (LONG ? 100_000 : 1000));

const conformance = conformancePrograms(fileURLToPath(new URL('../../conformance/', import.meta.url)))
  .filter(({ errors }) => errors.length === 0)
  .map(({ source, modules }): Texts => new Map([...modules, source].map(({ name, text }) => [name, text])));

const length = (texts: Texts): number => [...texts.values()].reduce((sum, text) => sum + text.length, 0);
const average = conformance.length / conformance.reduce((sum, texts) => sum + 1 / length(texts), 0);

test(`${EDITS} edits of ${conformance.length} programs: repeat with SLUICE_SEED=${SEED} SLUICE_CASES=${EDITS}`, () => {
  let [edits, incremental] = [0, 0];
  for (const [i, texts] of conformance.entries()) {
    const own = Math.ceil((EDITS / conformance.length) * (average / length(texts)));
    const outcome = editAndCompare(texts, { seed: 1000 * SEED + i, edits: own });
    expect(outcome.difference, [...(outcome.texts.at(-1)?.values() ?? [])].join('\n')).toBe(undefined);
    edits += own;
    incremental += outcome.incremental;
  }
  expect(edits).toBeGreaterThanOrEqual(EDITS);
  // Programs that are compiled anew are the same for certain.
  expect(incremental).toBeGreaterThan(edits / 3);
});

test('and does the same when it runs', async () => {
  let incremental = 0;
  const some = conformance.filter((_, i) => LONG || i % 6 === SEED % 6);
  for (const [i, texts] of some.entries()) {
    const outcome = await editAndRun(texts, { seed: 1000 * SEED + i, edits: LONG ? 60 : 4 });
    expect(outcome.difference, [...(outcome.texts.at(-1)?.values() ?? [])].join('\n')).toBe(undefined);
    incremental += outcome.incremental;
  }
  expect(incremental).toBeGreaterThan(some.length);
});

/** For each rule an edit with which it matters. */
const RULES: Readonly<Record<RecompilerRule, readonly [text: string, before: string, after: string]>> = {
  signature: ['(defn one () BODY)\n(defn main () : Unit (println (one)))', '1', '(error "none")'],
  event: [
    `(on-event :hit (what) (println what))
(defn f () : Unit BODY)
(defn main () : Unit (f))`,
    '(emit :hit 1)',
    '(println "none")',
  ],
  'open-global': [
    `(defglobal *seen* (mut-vec))
(defn note () : Unit BODY)
(defn main () : Unit (note) (println *seen*))`,
    '(push! *seen* 1)',
    '(println "none")',
  ],
  head: [
    '(defn twice BODY)\n(defn main () : Unit (println (twice 3)))',
    '((x : i64)) : i64 7',
    '((x : f64)) : i64 8',
  ],
  order: [
    `(defglobal *a* : i64 (f))
(defglobal *b* : i64 (do 20))
(defn f () : i64 BODY)
(defn main () : Unit (println *a* *b*))`,
    '*b*',
    '3',
  ],
  place: [
    '; BODY\n(defn f ((x : i64)) : i64 (/ 10 x))\n(defn main () : Unit (println (f 0)))',
    'short',
    'two\n; lines',
  ],
  warning: [
    '(defn f ((x : i64)) : i64 BODY x)\n(defn main () : Unit (println (f 3)))',
    '(+ x 1)',
    '(println x)',
  ],
  made: ['(defn main () : Unit (println (map (fn (x) BODY) [1 2 3])))', '(+ x 1)', '(- x 1)'],
  instance: [
    `(declare pick (Fn ['a 'a] 'a))
(defn pick (a b) BODY)
(defn main () : Unit (println (pick 1 2) (pick "a" "b")))`,
    'a',
    'b',
  ],
  frame: [
    `(import sluice.game :all)
(defglobal mut *n* : i64 0)
(defn begin () : Unit BODY)
(defn frame ((dt : f64)) : Unit (begin))`,
    '(set! *n* 1)',
    '(after 1.0 (set! *n* 0))',
  ],
};

test.for(Object.entries(RULES))('the rule "%s" is needed', ([rule, [text, before, after]]) => {
  const texts = [before, after].map((body) => new Map([['game.slu', text.replace('BODY', body)]]));
  expect(compareVersions(texts, rule as RecompilerRule)).not.toBe(undefined);
  expect(compareVersions(texts)).toBe(undefined);
});

test('what is compiled by itself is the body of a function with a signature', () => {
  const compiler = new Recompiler();
  const isAlone = (text: string): boolean => {
    const { diagnostics } = compiler.analyse([new Source('game.slu', text)]);
    expect(diagnostics).toEqual([]);
    return compiler.wasIncremental;
  };
  const program = (body: string, result = 'i64', rest = ''): string =>
    `(defglobal mut *n* : i64 1)\n${rest}(defn f () : ${result} ${body})\n(defn g () : i64 (f))\n(defn main () : Unit (println (g)))`;
  expect(isAlone(program('1'))).toBe(false);
  expect(isAlone(program('(+ 1 1)'))).toBe(true);
  expect(isAlone(program('(+ 1 1)', 'i64', '; a comment\n\n'))).toBe(true);
  expect(isAlone(program('(* *n* 2)'))).toBe(true);
  expect(isAlone(program('(len [1 2 3])'))).toBe(true);
  expect(isAlone(program('3', 'i64', '(defn h () : i64 4)\n'))).toBe(false);
  expect(isAlone(program('3', 'i64', '(defn h () : i64 (f))\n'))).toBe(true);
  expect(isAlone(program('3', 'i64', '(defn k () : i64 (f))\n'))).toBe(false);
});

test.for([
  ['(+ 1', 'a text that ends too early'],
  ['(+ 1 "one")', 'a mistake in a body'],
  ['(nobody)', 'a name that means nothing'],
])('%s: after it is mended, the body is compiled by itself', ([wrong]) => {
  const compiler = new Recompiler();
  const compile = (body: string): boolean => {
    const text = `(defn f () : i64 ${body})\n(defn main () : Unit (println (f)))`;
    return compiler.analyse([new Source('game.slu', text)]).program !== undefined;
  };
  expect(compile('1')).toBe(true);
  expect(compile(wrong as string)).toBe(false);
  expect(compile('(+ 1 2)')).toBe(true);
  expect(compiler.wasIncremental).toBe(true);
});
