/**
 * Programs that are compiled edit by edit: after each edit the program is what it would be if all of it were compiled at once, with the
 * same said of it. The conformance programs are edited, and a few that have what the rules are about.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Program } from '../../../scripting/ir/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { KeptSources, Recompiler, type RecompilerRule } from '../../../scripting/tools/index.ts';
import { conformancePrograms } from '../../conformance/program.ts';
import type { Texts } from './edited-texts.ts';
import { compareReloads, compareVersions, editAndCompare, editAndRun } from './recompile.ts';

const LONG = process.env.SLUICE_LONG === '1';
const SEED = Number(process.env.SLUICE_SEED ?? (LONG ? Date.now() % 1_000_000 : 1));
/** So many edits in all, about; short programs, which are compiled quickly, are edited more often than long ones. */
const EDITS = Number(process.env.SLUICE_CASES ?? (LONG ? 100_000 : 1000));

const conformance = conformancePrograms(fileURLToPath(new URL('../../conformance/', import.meta.url)))
  .filter(({ errors }) => errors.length === 0)
  .map(({ source, modules }): Texts => new Map([...modules, source].map(({ name, text }) => [name, text])));

const length = (texts: Texts): number => [...texts.values()].reduce((sum, text) => sum + text.length, 0);
/** Each edit is held against a whole compilation: of the shorter half of the programs, unless there is time. */
const edited = conformance
  .toSorted((a, b) => length(a) - length(b))
  .slice(0, LONG ? undefined : conformance.length / 2);
const average = edited.length / edited.reduce((sum, texts) => sum + 1 / length(texts), 0);

test(
  `${EDITS} edits of ${edited.length} programs: repeat with SLUICE_SEED=${SEED} SLUICE_CASES=${EDITS}`,
  () => {
    let [edits, incremental] = [0, 0];
    for (const [i, texts] of edited.entries()) {
      const own = Math.ceil((EDITS / edited.length) * (average / length(texts)));
      const outcome = editAndCompare(texts, { seed: 1000 * SEED + i, edits: own });
      expect(outcome.difference, [...(outcome.texts.at(-1)?.values() ?? [])].join('\n')).toBe(undefined);
      edits += own;
      incremental += outcome.incremental;
    }
    expect(edits).toBeGreaterThanOrEqual(EDITS);
    // Programs that are compiled anew are the same for certain.
    expect(incremental).toBeGreaterThan(edits / 3);
  },
  Math.max(300_000, EDITS * 300),
);

test('and does the same when it runs', async () => {
  let incremental = 0;
  const some = conformance.filter((_, i) => LONG || i % 15 === SEED % 15);
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

const PROGRAM = {
  'parts.slu': `(defmacro twice (x) (+ ,x ,x))
(declare swapped (Fn [(Tuple 'a 'b)] (Tuple 'b 'a)))
(pub defn swapped (pair) (tuple (.1 pair) (.0 pair)))
(pub defn doubled ((n : i64)) : i64 (twice n))
(pub defn guessed (n) (+ n 1))
(pub defstruct Foe (mut hp : i64 3))
(pub defentity Spark (mut age : f64))`,
  'game.slu': `(import parts :all)
(defglobal mut *score* : i64 (doubled 2))
(behave Spark (s dt) (set! (.age s) (+ (.age s) dt)))
(defn hit! ((foe : Foe)) : Unit (set! (.hp foe) (- (.hp foe) 1)))
(defn sums () : (Vector i64) (map (fn (x) (+ x *score*)) [1 2 3]))
(defn frame ((dt : f64)) : Unit (hit! (Foe)) (println (sums) (swapped (tuple 1 "a")) (swapped (tuple true 2.0)) (guessed 1)))`,
};

/** Edits, with the functions that they have compiled; `all` where all of the program is compiled anew. */
const COMPILED: readonly (readonly [
  file: keyof typeof PROGRAM,
  from: string,
  to: string,
  compiled: string | 'all',
])[] = [
  ['game.slu', '(- (.hp foe) 1)', '(- (.hp foe) 2)', 'game.hit!'],
  ['game.slu', '(defn hit!', '; a comment\n\n(defn   hit!', ''],
  ['game.slu', '(set! (.hp foe)', '(set!   ; what hurts\n (.hp foe)', ''],
  ['parts.slu', '(pub defn doubled', '; a comment\n(pub defn doubled', ''],
  ['parts.slu', '(twice n)', '(twice (+ n 1))', 'parts.doubled'],
  ['parts.slu', '(defmacro twice (x) (+ ,x ,x))', '(defmacro twice (y)   (+ ,y ,y)) ; y now', ''],
  ['parts.slu', '(+ ,x ,x)', '(* 2 ,x)', 'parts.doubled'],
  [
    'parts.slu',
    '(tuple (.1 pair) (.0 pair))',
    '(let ((a (.1 pair))) (tuple a (.0 pair)))',
    'parts.swapped<Bool f64> parts.swapped<i64 String>',
  ],
  ['game.slu', '(+ (.age s) dt)', '(+ (.age s) 1.0)', 'game.behave Spark'],
  [
    'game.slu',
    '(+ x *score*)',
    '(* x *score*)',
    'game.sums game.sums fn 0 lifted prelude.map<(Vector i64) i64 i64> with 0: game.sums fn 0 lifted',
  ],
  // What others know of a definition.
  ['parts.slu', '(+ n 1)', '(+ n 2)', 'all'],
  ['parts.slu', '((n : i64)) : i64 (twice n)', '((m : i64)) : i64 (twice m)', 'all'],
  ['parts.slu', 'hp : i64 3', 'hp : i64 4', 'all'],
  ['game.slu', '*score* : i64 (doubled 2)', '*score* : i64 (doubled 3)', 'all'],
  ['game.slu', '(import parts :all)', '(import parts :all)\n(defn more () : i64 1)', 'all'],
];

test.for(COMPILED)('%s: %s -> %s has %s compiled', ([file, from, to, expected]) => {
  const compiler = new Recompiler();
  const kept = new KeptSources();
  const compile = (texts: Readonly<Record<string, string>>): Program => {
    const sources = Object.entries(texts).map(([name, text]) => kept.source(name, text));
    const { program, diagnostics } = compiler.analyse(sources);
    if (program === undefined) throw new Error(diagnostics.map(render).join('\n'));
    return program;
  };
  const before = compile(PROGRAM);
  const next = PROGRAM[file].replace(from, to);
  expect(next).not.toBe(PROGRAM[file]);
  const after = compile({ ...PROGRAM, [file]: next });
  const compiled = [...after.functions].filter(([key, func]) => before.functions.get(key) !== func);
  const keys = compiled.map(([key]) => key).filter((key) => key !== 'sluice:step');
  expect(compiler.wasIncremental ? keys.sort().join(' ') : 'all').toBe(expected);
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

const CALLS_MACRO = `(import parts :all)
(defn f ((n : i64)) : i64 (mac (/ 10 n) (/ 10 n)))
(defn main () : Unit (println (f 0)))`;
const macro = (template: string): Texts =>
  new Map([
    ['parts.slu', `(pub defmacro mac (x y) \`${template})`],
    ['game.slu', CALLS_MACRO],
  ]);
const shared = (call: string): Texts =>
  new Map([
    [
      'game.slu',
      `(defmacro one (x) \`(do (defn f () : i64 ,x) (defn g () : i64 ,x)))
(defmacro two (x y) \`(do (defn f () : i64 ,x) (defn g () : i64 ,y)))
(defn zero () : i64 0)
${call}
(defn main () : Unit (println (g)))`,
    ],
  ]);

/** What macros are given stands in one place, however often it is put somewhere. */
const GIVEN: Readonly<Record<string, readonly Texts[]>> = {
  'another operation on what it was given': ['(+ ,x ,y)', '(- ,x ,y)'].map(macro),
  'an argument again that was left out': ['(+ ,x ,y)', '1', '(- ,x ,y)'].map(macro),
  'an argument once that was put in twice': ['(+ ,x ,x)', '(+ ,x ,y)'].map(macro),
  'arguments that change places': ['(+ ,x ,y)', '(+ ,y ,x)'].map(macro),
  'an argument of two functions': ['(one (/ 10 (zero)))', '(two (/ 10 (zero)) (/ 10 (zero)))'].map(shared),
  'an argument of one function that was that of two': [
    '(one (/ 10 (zero)))',
    '(two 3 (/ 10 (zero)))',
    '(two 3   (/ 10 (zero)))',
  ].map(shared),
};

test.for(Object.entries(GIVEN))('a macro is given %s: places are those of the text', ([, versions]) => {
  expect(compareVersions(versions)).toBe(undefined);
});

/** A game that holds functions, and what becomes of it edit by edit. */
const HELD: Readonly<Record<string, readonly string[]>> = {
  'functions that were given slots in another order': [
    '(println (map (fn (x) (+ x 1)) [1])) (set! *held* [(fn (x) (+ x 20))])',
    '(set! *held* [(fn (x) (+ x 1)) (fn (x) (+ x 20))])',
    '(set! *held* [(fn (x) (+ x 2)) (fn (x) (+ x 20))])',
    '(set! *held* [(fn (x) (+ x 3)) (fn (x) (+ x 20)) (fn (x) (+ x 300))])',
  ].map(
    (body) => `(defglobal mut *held* : (Vector (Fn [i64] i64)) [])
(defn make () : Unit ${body})
(defn start () : Unit (make))
(defn frame ((dt : f64)) : Unit (println (map (fn (f) (f 1)) *held*)) (when (= (len *held*) 1) (make)))`,
  ),
  'timers, until nothing makes any': ['(after 2.5 (println "late"))', '(println 1)', '(println 2)'].map(
    (body) => `(import sluice.game :all)
(defn go () : Unit ${body})
(defn start () : Unit (go))
(defn frame ((dt : f64)) : Unit (println dt))`,
  ),
  'a function that is made no more, where arenas are used': [
    '[(fn (g) (g)) (fn (g) (g))]',
    '[(fn (g) (g))]',
  ].map(
    (made) => `(defglobal mut *held* : (Vector (Fn [(Fn [] Unit)] Unit)) [])
(defglobal mut *n* : i64 0)
(defn start () : Unit (set! *held* ${made}))
(defn frame ((dt : f64)) : Unit
  (with-arena frame (println [1 2]))
  (for-each (f *held*) (f (fn () (set! *n* (+ *n* 1)))))
  (println *n*))`,
  ),
};

test.for(Object.entries(HELD))('%s: a running game goes on as with whole programs', async ([, texts]) => {
  const versions = texts.map((text) => new Map([['game.slu', text]]));
  expect(await compareReloads(versions)).toBe(undefined);
});
