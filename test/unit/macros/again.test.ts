/** Sources that are compiled again and again: what was found out about a text by itself is kept, and never where it may be another. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandProgram } from '../../../scripting/macros/index.ts';
import { Diagnostics, print, read, Source } from '../../../scripting/syntax/index.ts';
import { analyse, KeptSources } from '../../../scripting/tools/index.ts';

/** What a program's sources expand to, and what is said of them. */
function expanded(sources: readonly Source[]): {
  forms: readonly (readonly object[])[];
  texts: string[];
  said: string[];
} {
  const diagnostics = new Diagnostics();
  const modules = expandProgram(
    sources.map((source) => ({ source, forms: read(source, new Diagnostics()) })),
    diagnostics,
  );
  return {
    forms: modules.map(({ forms }) => forms),
    texts: modules.map(({ forms }) => forms.map(print).join('\n')),
    said: diagnostics.all.map(({ code }) => code),
  };
}

const prelude = new Source('prelude.slu', '(defmacro twice (x) (+ ,x ,x))');
const plain = new Source('plain.slu', '(defn f (x) (twice (-> x (+ 1))))');

test('a text without macros around it is expanded once', () => {
  const other = new Source('other.slu', '(defn g (x) (twice x))');
  // The first module's macros are what makes it a prelude: it is no module of its own here.
  const alone = (sources: readonly Source[]) => expanded([new Source('prelude.slu', ''), ...sources]);
  const before = alone([plain, other]);
  const after = alone([plain, new Source('other.slu', '(defn g (x) (twice (twice x)))')]);
  expect(after.forms[1]).toBe(before.forms[1]);
  expect(after.texts[2]).not.toBe(before.texts[2]);
});

test('it is expanded anew where a module comes to have macros, and again where it has none any more', () => {
  const user = new Source('user.slu', '(import m :all)\n(defn f (x) (grow x))');
  const without = new Source('m.slu', '(pub defn grow (x) x)');
  const withMacro = (text: string) => new Source('m.slu', `(pub defmacro grow (x) ${text})`);
  const texts = [without, withMacro('(+ ,x 1)'), withMacro('(+ ,x 2)'), without].map(
    (m) => expanded([prelude, m, user]).texts[2],
  );
  expect(texts[0]).toContain('(grow x)');
  expect(texts[1]).toContain('(+ x 1)');
  expect(texts[2]).toContain('(+ x 2)');
  expect(texts[3]).toBe(texts[0]);
});

test('what hides a form that is rewritten is seen', () => {
  const user = new Source('user.slu', '(import m :all)\n(defn f (x) (-> x (+ 1)))');
  const hiding = new Source('m.slu', '(pub defn -> (x y) x)');
  const idle = new Source('m.slu', '(pub defn go (x y) x)');
  const texts = [idle, hiding, idle].map((m) => expanded([new Source('p.slu', ''), m, user]).texts[2]);
  expect(texts[0]).toContain('(+ x 1)');
  expect(texts[1]).toContain('(-> x (+ 1))');
  expect(texts[2]).toBe(texts[0]);
});

test('what is wrong is said each time', () => {
  const wrong = new Source('wrong.slu', '(defn f (x) (check))');
  const said = () => analyse([wrong]).diagnostics.map(({ code }) => code);
  const first = said();
  expect(first.length).toBeGreaterThan(0);
  expect(said()).toEqual(first);
});

test('tests and programs have checks of their own', () => {
  const checking = new Source('checking.slu', '(defn f () (check (= 1 1)))');
  const forms = (tests: boolean) => {
    const [, module] = expandProgram(
      [
        { source: new Source('p.slu', ''), forms: [] },
        { source: checking, forms: read(checking, new Diagnostics()) },
      ],
      new Diagnostics(),
      { tests },
    );
    return module?.forms.map(print).join('\n');
  };
  const [program, test_] = [forms(false), forms(true)];
  expect(program).not.toBe(test_);
  expect([forms(false), forms(true)]).toEqual([program, test_]);
});

test('whatever is saved one after another, it comes to what it would by itself', () => {
  // What each module may be: plain, with macros, with a name that is rewritten, with mistakes, importing others or not.
  const texts: Readonly<Record<string, readonly string[]>> = {
    'a.slu': [
      '(pub defn grow (x) x)',
      '(pub defmacro grow (x) (+ ,x 1))',
      '(pub defmacro grow (x) (let ((t 2)) (* ,x t)))',
      '(pub defn -> (x y) x)',
      '(defmacro own (x) ,x) (defn f (x) (own (own x)))',
      '(defmacro own (x) ,x) (defn f (x) (own))',
    ],
    'b.slu': [
      '(import a :all) (defn g (x) (grow (-> x (+ 1))))',
      '(import a (grow)) (defn g (t) (grow t))',
      '(import a :as a) (defn g (x) (a.grow x))',
      '(pub defmacro shrink (x) (- ,x 1)) (import a :all) (defn g (x) (shrink (grow x)))',
      '(defn g (x) (-> x))',
      '(defn g (x) (check))',
    ],
    'main.slu': [
      '(import a :all) (import b :all) (defn main () (println (grow (shrink 1))))',
      '(import b :all) (defn main () (println (->> 1 (grow) (shrink))))',
      '(defn main () (when true (println (-> 1 (+ 2)))))',
      '(defn main () (check (= 1 1)))',
    ],
  };
  const saves = fc.array(fc.tuple(fc.nat(5), fc.nat(5), fc.nat(3), fc.boolean()), {
    minLength: 2,
    maxLength: 8,
  });
  const prelude = new Source('prelude.slu', '');
  fc.assert(
    fc.property(saves, (all) => {
      const kept = new KeptSources();
      for (const [a, b, main, isThere] of all) {
        const sources = (of: (name: string, text: string) => Source) =>
          Object.entries(texts).flatMap(([name, choices], i) =>
            i === 0 && !isThere ? [] : [of(name, choices[[a, b, main][i] as number] as string)],
          );
        const fresh = expanded([prelude, ...sources((name, text) => new Source(name, text))]);
        const again = expanded([prelude, ...sources((name, text) => kept.source(name, text))]);
        expect([again.texts, again.said]).toEqual([fresh.texts, fresh.said]);
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});
