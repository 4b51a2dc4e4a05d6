/** Sources that are compiled again and again: what was found out about a text by itself is kept, and never where it may be another. */
import { expect, test } from 'vitest';
import { expandProgram } from '../../../scripting/macros/index.ts';
import { Diagnostics, print, read, Source } from '../../../scripting/syntax/index.ts';
import { analyse } from '../../../scripting/tools/index.ts';

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
