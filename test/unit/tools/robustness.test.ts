/**
 * Whatever the text, the whole compiler ends, and returns a valid image or positioned errors: never an exception. The
 * front end's own cases are in `test/unit/types/robustness.test.ts`; here programs go on through lowering, the proof,
 * and WebAssembly. Seeds are fixed, unless SLUICE_LONG is set: then they are fresh, and there are many more.
 */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NESTING_LIMIT, render, Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { conformancePrograms } from '../../conformance/program.ts';

const LONG = process.env.SLUICE_LONG === '1';

/** How often a property is tried, and from which seed. */
const runs = (count: number, seed: number) =>
  LONG ? { numRuns: 20 * count } : { numRuns: Math.ceil(count / 3), seed };

/** Optimising takes long: one text in so many is compiled for release too, or in four where there is time. */
const RELEASED = LONG ? 4 : 16;
let texts = 0;

/** Compiles a text, as far as it goes. */
async function ends(text: string): Promise<void> {
  texts += 1;
  for (const mode of texts % RELEASED === 0
    ? (['development', 'release'] as const)
    : (['development'] as const)) {
    const { image, diagnostics } = await compile([new Source('fuzz.slu', text)], { mode });
    for (const diagnostic of diagnostics) {
      // In the prelude there is nothing that its users could mend.
      expect(render(diagnostic)).toMatch(/^fuzz\.slu:\d+:\d+: /);
      expect(diagnostic.span.start).toBeGreaterThanOrEqual(0);
      expect(diagnostic.span.end).toBeLessThanOrEqual(text.length);
    }
    if (image === undefined) {
      expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
      return;
    }
    expect(WebAssembly.validate(image.wasm as Uint8Array<ArrayBuffer>)).toBe(true);
  }
}

/** The words and brackets of good programs. */
const PROGRAMS = conformancePrograms(fileURLToPath(new URL('../../conformance/', import.meta.url)))
  .filter(({ modules, source }) => modules.length === 0 && source.text.length < 8000)
  .map(
    ({ source }) =>
      source.text.replace(/;.*$/gm, '').match(/[()[\]{}]|"(?:[^"\\]|\\.)*"|[^\s()[\]{}"]+/g) ?? [],
  )
  .filter((words) => words.length > 0);

const isBracket = (word: string): boolean => /^[()[\]{}]$/.test(word);

/** A program in which a few words stand where others stood: its brackets are whole, so that it gets far. */
const exchanged = fc
  .record({
    program: fc.nat(PROGRAMS.length - 1),
    changes: fc.array(fc.record({ at: fc.nat(), from: fc.nat(), other: fc.nat(PROGRAMS.length - 1) }), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ program, changes }) => {
    const words = [...(PROGRAMS[program] as readonly string[])];
    for (const { at, from, other } of changes) {
      const place = at % words.length;
      const source = other % 3 === 0 ? (PROGRAMS[other] as readonly string[]) : words;
      const word = source[from % source.length] as string;
      if (!isBracket(words[place] as string) && !isBracket(word)) words[place] = word;
    }
    return words.join(' ');
  });

/** A program without one of its forms, or with one twice, or with one where another stood. */
const rebuilt = fc
  .record({
    program: fc.nat(PROGRAMS.length - 1),
    at: fc.nat(),
    from: fc.nat(),
    kind: fc.constantFrom('leave out', 'double', 'replace'),
  })
  .map(({ program, at, from, kind }) => {
    const words = PROGRAMS[program] as readonly string[];
    const [start, end] = formAt(words, at);
    const [first, last] = formAt(words, from);
    const piece = kind === 'leave out' ? [] : words.slice(first, last);
    const kept = kind === 'double' ? start : end;
    return [...words.slice(0, start), ...piece, ...words.slice(kept)].join(' ');
  });

/** Where a form begins and ends: the one whose bracket is nearest after a place, or the word there. */
function formAt(words: readonly string[], place: number): [start: number, end: number] {
  const start = place % words.length;
  let depth = 0;
  for (let i = start; i < words.length; i += 1) {
    const word = words[i] as string;
    if (/^[([{]$/.test(word)) depth += 1;
    if (/^[)\]}]$/.test(word)) depth -= 1;
    if (depth <= 0) return [start, i + 1];
  }
  return [start, start + 1];
}

describe('the compiler ends with an image or errors for', () => {
  it('any text', () =>
    fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), ends), runs(40, 31)));

  it('brackets and signs in any order', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.constantFrom(...'()[]{}"\\`,@\'?:;.&%!*-+'.split(''), 'a', ' ', '\n', '0', 'defn', 'let'),
          {
            maxLength: 80,
          },
        ),
        (pieces) => ends(pieces.join('')),
      ),
      runs(40, 32),
    ));

  it('programs with words exchanged', () => fc.assert(fc.asyncProperty(exchanged, ends), runs(60, 33)));

  it('programs with forms left out, doubled or put elsewhere', () =>
    fc.assert(fc.asyncProperty(rebuilt, ends), runs(60, 34)));

  it('programs that are cut off', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(PROGRAMS.length - 1), fc.nat(), (program, at) => {
        const words = PROGRAMS[program] as readonly string[];
        return ends(words.slice(0, at % words.length).join(' '));
      }),
      runs(15, 35),
    ));
});

const DEEP = 10_000;
/** As deep as is allowed, with the forms around it. */
const ALLOWED = NESTING_LIMIT - 8;

const nested = (open: string, inner: string, close: string, depth: number) =>
  open.repeat(depth) + inner + close.repeat(depth);

describe.each([
  ['refused', DEEP],
  ['compiled or refused', ALLOWED],
])('deep nesting is %s at %i', (_, depth) => {
  it.each([
    ['brackets', nested('(', '', ')', depth)],
    ['vectors', `(defn main () (println ${nested('[', '1', ']', depth)}))`],
    ['maps', nested('{', '', '}', depth)],
    ['calls', `(defn f ((x : i64)) : i64 ${nested('(f ', 'x', ')', depth)})`],
    ['sums', `(defn f ((x : i64)) : i64 ${nested('(+ 1 ', 'x', ')', depth)})`],
    ['conditionals', `(defn f ((x : i64)) : i64 ${nested('(if (= x 1) 1 ', 'x', ')', depth)})`],
    ['blocks', `(defn f () : Unit ${nested('(do ', '', ')', depth)})`],
    ['bindings', `(defn f ((x : i64)) : i64 ${nested('(let ((x (+ x 1))) ', 'x', ')', depth)})`],
    ['loops', `(defn f () : Unit ${nested('(while true ', '', ')', depth)})`],
    ['arenas', `(defn f () : Unit ${nested('(with-arena a ', '', ')', depth)})`],
    ['lambdas', `(defn f () ${nested('(fn () ', '1', ')', depth)})`],
    ['matches', `(defn f ((x : i64)) : i64 ${nested('(match x (0 1) (_ ', 'x', '))', depth)})`],
    ['tries', `(defn f () : (Result i64 String) ${nested('(Ok ', '1', '?)', depth)})`],
    ['accessors', `(defstruct S (s : S)) (defn f ((x : S)) : S ${nested('(.s ', 'x', ')', depth)})`],
    ['types', `(defn f ((x : ${nested('(Vector ', 'i64', ')', depth)})) : i64 1)`],
    ['templates', `(defmacro m (a) ${nested('`(do ', ',a', ')', depth)}) (m 1)`],
    ['backquotes', `(defmacro m (a) ${'`'.repeat(depth)}x) (m 1)`],
    ['threads', `(defn f ((x : i64)) : i64 (-> x ${'(+ 1) '.repeat(depth)}))`],
    ['checks', `(deftest "deep" ${nested('(check (not ', 'true', '))', depth)})`],
    ['top-level blocks', nested('(do ', '(defn f () 1)', ')', depth)],
    ['strings in strings', `(println "${'\\"'.repeat(depth)}")`],
  ])('%s', async (_what, text) => {
    await ends(text);
  });
});

describe('size is no matter', () => {
  it.each([
    [
      'many functions',
      Array.from({ length: 2000 }, (_, i) => `(defn f${i} ((x : i64)) : i64 (+ x ${i}))`).join('\n'),
    ],
    [
      'a long chain of calls',
      Array.from({ length: 1000 }, (_, i) => `(defn f${i} (x) ${i === 0 ? 'x' : `(f${i - 1} x)`})`).join(
        '\n',
      ),
    ],
    [
      'many fields',
      `(defstruct S ${Array.from({ length: 500 }, (_, i) => `(f${i} : i64)`).join(' ')}) (defn f ((s : S)) (println s))`,
    ],
    [
      'many variants',
      `(deftype T ${Array.from({ length: 500 }, (_, i) => `(V${i} i64)`).join(' ')}) (defn f ((t : T)) : i64 (match t ${Array.from({ length: 500 }, (_, i) => `((V${i} x) x)`).join(' ')}))`,
    ],
    ['a long vector', `(defn f () (println [${'1 '.repeat(3000)}]))`],
    ['a long string', `(defn f () (println "${'x'.repeat(200_000)}"))`],
    [
      'many locals',
      `(defn f ((x0 : i64)) : i64 (let (${Array.from({ length: 1500 }, (_, i) => `(x${i + 1} (+ x${i} 1))`).join(' ')}) x1500))`,
    ],
    ['many statements', `(defn f () : Unit ${'(println 1) '.repeat(3000)})`],
    ['many mistakes', '(foo) '.repeat(3000)],
    [
      'many clauses',
      `(defn f ((x : i64)) : i64 (cond ${Array.from({ length: 150 }, (_, i) => `((= x ${i}) ${i})`).join(' ')} (else 0)))`,
    ],
  ])('%s', async (_, text) => {
    await ends(text);
  });
});
