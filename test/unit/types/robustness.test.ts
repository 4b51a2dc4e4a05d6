/** Whatever the text, the front end ends, and returns a program or positioned errors. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Diagnostics, print, read, Source } from '../../../scripting/syntax/index.ts';
import { checkText } from './program.ts';

const FOLDER = new URL('../../conformance/', import.meta.url);
const PROGRAMS = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.slu'))
  .sort()
  .map((name) => readFileSync(new URL(name, FOLDER), 'utf8'));

/** Words a program is made of, so that nonsense is near enough to sense to get far. */
const WORDS = (
  '( ) [ ] { } (defn f (x) (let ((x 1)) (fn (x) x)) (if (match x ((Some y) y) (_ 1)) (set! x (.y (defstruct S (y : i64)) ' +
  "(deftype T A (B i64)) (defclass (C 'a) (m : (Fn ['a] 'a))) (instance (C T) (defn m (t) t)) (defmacro k (a) (f ,a)) (k " +
  '(for (i 0 (< i 3)) (while true (break) (with-arena a (+ - * < = 1 2.5 "s" true :k \'a : mut ? ` , ,@ & A (B 3) None ' +
  '(Ok 1) x y f map fold [1 2] (S 1) (update (ann i64 (cond (else (-> (tuple 1 2) (pub (import a :all) (declare f (Fn [i64] i64))'
).split(' ');

function ends(text: string): void {
  const { program, diagnostics } = checkText(text);
  expect(program !== undefined || diagnostics.failed).toBe(true);
  for (const { span } of diagnostics.all) {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeLessThanOrEqual(span.source.text.length);
  }
}

const LONG = process.env.SLUICE_LONG === '1';

/** How often a property is tried, and from which seed. */
const runs = (count: number, seed: number) =>
  LONG ? { numRuns: 100 * count } : { numRuns: Math.ceil(count / 3), seed };

describe('any text ends', () => {
  test('words in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }), (words) => ends(words.join(' '))),
      runs(75, 21),
    );
  });

  test('good programs with pieces cut out, doubled or exchanged', () => {
    const tokens = PROGRAMS.map(
      (text) => text.replace(/;.*$/gm, '').match(/[()[\]{}]|"(?:[^"\\]|\\.)*"|[^\s()[\]{}"]+/g) ?? [],
    );
    const change = fc.record({
      program: fc.nat(tokens.length - 1),
      at: fc.nat(),
      length: fc.nat(3),
      from: fc.nat(),
      kind: fc.constantFrom('cut', 'double', 'exchange'),
    });
    fc.assert(
      fc.property(change, ({ program, at, length, from, kind }) => {
        const words = [...(tokens[program] ?? [])];
        const start = at % words.length;
        const piece = words.slice(start, start + 1 + length);
        const other = from % words.length;
        if (kind === 'cut') words.splice(start, 1 + length);
        else if (kind === 'double') words.splice(other, 0, ...piece);
        else words.splice(start, 1 + length, ...words.slice(other, other + 1 + length));
        ends(words.join(' '));
      }),
      runs(75, 22),
    );
  });

  test.each([
    ['parentheses', '('.repeat(10_000) + ')'.repeat(10_000)],
    ['calls', `(defn f (x) ${'(f '.repeat(10_000)}x${')'.repeat(10_000)})`],
    ['calls within the limit', `(defn f (x) ${'(f '.repeat(240)}x${')'.repeat(240)})`],
    ['lambdas within the limit', `(defn f () ${'(fn (x) '.repeat(240)}x${')'.repeat(240)})`],
    ['lets within the limit', `(defn f () ${'(let ((x 1)) '.repeat(120)}x${')'.repeat(120)})`],
    ['vectors within the limit', `(defn f () ${'['.repeat(240)}${']'.repeat(240)})`],
    ['types within the limit', `(defn f ((x : ${'(Vector '.repeat(240)}i64${')'.repeat(240)})) x)`],
    [
      'patterns within the limit',
      `(defn f (x) (match x (${'(Some '.repeat(200)}y${')'.repeat(200)} 1) (_ 2)))`,
    ],
    ['threads', `(defn f (x) (-> x ${'f '.repeat(10_000)}))`],
    ['threads of macros', `(defmacro m (x) (f ,x)) (defn f (x) (-> x ${'m '.repeat(10_000)}))`],
    ['a long cond', `(defn f (x) (cond ${'((= x 1) 2) '.repeat(5000)}(else 3)))`],
    ['many operands', `(defn f (x) (+ ${'x '.repeat(10_000)}))`],
    ['many statements', `(defn f (x) ${'(println x) '.repeat(2000)})`],
    ['a long vector', `(defn f () [${'1 '.repeat(5000)}])`],
    [
      'many variants',
      `(deftype T ${Array.from({ length: 500 }, (_, i) => `V${i}`).join(' ')}) (defn f (t) (match t ${Array.from({ length: 500 }, (_, i) => `(V${i} ${i})`).join(' ')}))`,
    ],
    ['macros that double', '(defmacro m (a) (n ,a ,a)) (defmacro n (a b) (m (+ ,a ,b))) (defn f (x) (m x))'],
    [
      'types that double',
      `(defn f (a) (let (${Array.from({ length: 40 }, (_, i) => `(${i === 0 ? 'b0' : `b${i}`} (tuple ${i === 0 ? 'a a' : `b${i - 1} b${i - 1}`}))`).join(' ')}) b39))`,
    ],
    [
      'generalised types that double',
      `(defn f () (let (${Array.from({ length: 30 }, (_, i) => `(g${i} (fn (x) ${i === 0 ? '(tuple x x)' : `(g${i - 1} (g${i - 1} x))`}))`).join(' ')}) (g29 1)))`,
    ],
    [
      'functions whose types double',
      `(defn g0 (x) (tuple x x)) ${Array.from({ length: 30 }, (_, i) => `(defn g${i + 1} (x) (g${i} (g${i} x)))`).join(' ')}`,
    ],
    [
      'aliases that double',
      `(deftype-alias A0 i64) ${Array.from({ length: 40 }, (_, i) => `(deftype-alias A${i + 1} (Tuple A${i} A${i}))`).join(' ')} (defn f ((x : A40)) x)`,
    ],
    [
      'a long chain of bindings',
      `(defn f (b0) (let (${Array.from({ length: 3000 }, (_, i) => `(b${i + 1} [b${i}])`).join(' ')}) b3000))`,
    ],
    [
      'patterns with many combinations',
      `(defn f (a) (match a ${Array.from({ length: 14 }, (_, i) => `((tuple ${Array.from({ length: 14 }, (_, j) => (i === j ? 'true' : '_')).join(' ')}) ${i})`).join(' ')} (_ 0)))`,
    ],
    [
      'instances that lead ever further',
      "(defclass (C 'a) (m : (Fn ['a] i64))) (instance (=> (C (Vector (Vector 'a))) (C (Vector 'a))) (defn m (x) 1)) (defn f () (m [1]))",
    ],
  ])('%s', (_, text) => {
    ends(text);
  });

  test('what is read prints and reads again', () => {
    for (const text of PROGRAMS) {
      const forms = read(new Source('a', text), new Diagnostics());
      const again = read(new Source('b', forms.map(print).join('\n')), new Diagnostics());
      expect(again.map(print)).toEqual(forms.map(print));
    }
  });
});
