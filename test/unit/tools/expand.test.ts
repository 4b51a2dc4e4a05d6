/** `sluice expand`: what it prints reads back, and means what the script means. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Machine } from '../../../scripting/machine/index.ts';
import { Diagnostics, layOut, print, read, render, Source } from '../../../scripting/syntax/index.ts';
import { analyse, compile, expandLast } from '../../../scripting/tools/index.ts';
import { conformancePrograms, runProgram } from '../../conformance/program.ts';

const LONG = process.env.SLUICE_LONG === '1';

/** The text of a script's forms after its macros. */
function expanded(text: string): string {
  const diagnostics = new Diagnostics();
  const forms = expandLast([new Source('game.slu', text)], diagnostics);
  expect(diagnostics.all.filter(({ severity }) => severity === 'error').map(render)).toEqual([]);
  return forms.map((form) => layOut(form)).join('\n');
}

describe('names', () => {
  it.each([
    [
      'a template has a local of its own beside the caller’s',
      '(defmacro swap! (a b) `(let ((old ,a)) (set! ,a ,b) (set! ,b old))) (defn f (old x) (swap! old x))',
      '(defn f (old x) (let ((old%1 old)) (set! old x) (set! x old%1)))',
    ],
    [
      'two expansions have locals of their own',
      '(defmacro twice (e) `(let ((x ,e)) (+ x x))) (defn f (x) (twice (twice x)))',
      '(defn f (x) (let ((x%1 (let ((x%2 x)) (+ x%2 x%2)))) (+ x%1 x%1)))',
    ],
    [
      'a local does not hide the global that a template means',
      '(defglobal *n* 1) (defmacro n () `*n*) (defn f (*n*) (+ *n* (n)))',
      '(defglobal *n* 1)\n(defn f (*n*%1) (+ *n*%1 *n*))',
    ],
    [
      'a field that binds its own name keeps the field when the name is another',
      '(defstruct P (x : i64)) (defn x () 1) (defmacro one () `(x)) (defn f ((p : P)) (let (({:x} p)) (+ x (one))))',
      '(defstruct P (x : i64))\n(defn x () 1)\n(defn f ((p : P)) (let (({:x x%1} p)) (+ x%1 (x))))',
    ],
    [
      'variants in patterns are no local names',
      '(defmacro or-0 (o) `(match ,o ((Some n) n) (None 0))) (defn f (n) (or-0 (Some (or-0 n))))',
      '(defn f (n) (match (Some (match n ((Some n%2) n%2) (None 0))) ((Some n%1) n%1) (None 0)))',
    ],
    [
      'defaults of fields are expressions, fields and types are not',
      '(defmacro two () `2) (defmacro x (n) `,n) (defstruct (P two) (x : x) (mut y : i64 (x (two)))) (deftype S (A (x : i64 (two)) (x 1)))',
      '(defstruct (P two) (x : x) (mut y : i64 2))\n(deftype S (A (x : i64 2) (x 1)))',
    ],
    [
      'the name of what an object was hides a macro, and is told from the names that templates bring in',
      '(defmacro old (n) `,n) (defmacro m (e) `(let ((was 1)) (+ was ,e))) (migrate ((was P)) :x (m (.x was)) :y (old 3))',
      '(migrate ((was P)) :x (let ((was%1 1)) (+ was%1 (.x was))) :y 3)',
    ],
  ])('%s', (_, text, output) => {
    expect(expanded(text)).toBe(output);
  });

  it('a mutable local hides a macro of its name', () => {
    expect(expanded('(defmacro m (x) `(+ ,x 1)) (defn f (g) (let ((mut m g)) (m 2)))')).toBe(
      '(defn f (g) (let ((mut m g)) (m 2)))',
    );
  });
});

it('long forms stand on several lines, special forms with their bodies indented', () => {
  const sum =
    '(+ (first-of-the-numbers numbers) (second-of-the-numbers numbers) (third-of-the-numbers numbers) 42)';
  expect(
    expanded(`(pub defn long ((numbers : (Vector i64))) : i64 "Adds." (let ((a 1) (b 2)) ${sum} ${sum}))`),
  ).toBe(
    `(pub defn long ((numbers : (Vector i64))) : i64
  "Adds."
  (let ((a 1)
        (b 2))
    (+ (first-of-the-numbers numbers)
       (second-of-the-numbers numbers)
       (third-of-the-numbers numbers)
       42)
    (+ (first-of-the-numbers numbers)
       (second-of-the-numbers numbers)
       (third-of-the-numbers numbers)
       42)))`,
  );
});

const programs = conformancePrograms(fileURLToPath(new URL('../../conformance/', import.meta.url)));

describe.each(
  programs
    .filter(({ errors, modules }) => errors.length === 0 && modules.length === 0)
    .map((program, i) => [program.source.name, program, i] as const),
)('%s, expanded', (_, { source, output, failure }, i) => {
  const text = expanded(source.text);
  const again = new Source('again.slu', text);
  const hasMacros = source.text.includes('defmacro');

  it('reads back as it is and is a program', () => {
    const diagnostics = new Diagnostics();
    expect(read(again, diagnostics).map(print)).toEqual(
      expandLast([source], diagnostics).map((form) => print(form)),
    );
    // The others expand the library's macros alone.
    if (!LONG && !hasMacros && i % 3 !== 0) return;
    const { program, diagnostics: found } = analyse([again]);
    expect(program, found.map(render).join('\n')).toBeDefined();
  });

  if (!hasMacros || failure !== undefined) return;

  it('prints the same', async () => {
    const { image } = await compile([again], { mode: 'development' });
    if (image === undefined) throw new Error('it should compile');
    let printed = '';
    const machine = await Machine.create(image, { output: (piece) => (printed += piece) });
    runProgram(machine, image);
    expect(printed).toBe(output);
  });
});
