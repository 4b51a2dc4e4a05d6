/** The prelude's functions are inferred when a program uses them. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { preludeForms } from '../../../scripting/library/index.ts';
import { expandProgram } from '../../../scripting/macros/index.ts';
import { Diagnostics, read, render, Source } from '../../../scripting/syntax/index.ts';
import { analyse } from '../../../scripting/tools/index.ts';
import { check, type TypedProgram } from '../../../scripting/types/index.ts';
import { lowered, named } from '../lower/lowered.ts';

/** A program beside a prelude of its own. */
function checked(...files: readonly (readonly [name: string, text: string])[]) {
  const diagnostics = new Diagnostics();
  const sources = files.map(([name, text]) => new Source(name, text));
  const forms = sources.map((source) => ({ source, forms: read(source, diagnostics) }));
  const program: TypedProgram | undefined = check(expandProgram(forms, diagnostics), diagnostics);
  return { program, diagnostics };
}

const PRELUDE = [
  'sluice/prelude.slu',
  `(declare right (Fn [] i64)) (defn right () 1)
   (declare wrong (Fn [] i64)) (defn wrong () "no number")`,
] as const;

it('every body of the prelude is right', () => {
  const diagnostics = new Diagnostics();
  const program = check(expandProgram([preludeForms(diagnostics)], diagnostics), diagnostics);
  expect(diagnostics.all.map(render)).toEqual([]);
  expect(program?.functions.length).toBeGreaterThan(100);
});

it('by itself the prelude is checked whole', () => {
  expect(checked(PRELUDE).diagnostics.all.map((d) => d.code)).toEqual(['wrong-type']);
});

it('beside a program, only what is asked for is inferred', () => {
  const { program, diagnostics } = checked(PRELUDE, ['main.slu', '(defn main () (right))']);
  expect(diagnostics.all).toEqual([]);
  const named = (name: string) => program?.functions.find((f) => f.name === name);
  expect(named('right')?.body.kind).toBe('integer');
  expect(diagnostics.all).toEqual([]);
  // That the library's own bodies are right, the tests before this one hold.
  expect(() => named('wrong')?.body).toThrow('the library: prelude.wrong is not right');
});

it('what a body comes to is shared by programs', () => {
  const prelude = [PRELUDE[0], PRELUDE[1].replace('"no number"', '2')] as const;
  const library = { source: new Source(...prelude), forms: read(new Source(...prelude), new Diagnostics()) };
  const bodies = ['(defn main () (wrong))', '(defn main () (+ (wrong) (right)))'].map((text) => {
    const diagnostics = new Diagnostics();
    const source = new Source('main.slu', text);
    const program = check([library, { source, forms: read(source, diagnostics) }], diagnostics);
    expect(diagnostics.all).toEqual([]);
    return program?.functions.find((f) => f.name === 'wrong')?.body;
  });
  expect(bodies[0]).toBeDefined();
  expect(bodies[1]).toBe(bodies[0]);
});

it('a type of another program is not taken for one of the same name', () => {
  // An option of a struct is an address, one of a value lies flat with its fields.
  const texts = ['(defstruct Body (x : i64))', '(defvalue Body (x : i64))', '(defstruct Body (x : i64))'];
  const results = texts.map((text) => {
    const first =
      '(pub defn first ((bodies : (Vector Body))) : (Option Body) (find (fn (b) (= (.x b) 1)) bodies))';
    return named(lowered(`${text} ${first}`), 'first').results;
  });
  expect(results).toEqual([['ref'], ['i32', 'i64'], ['ref']]);
});

it('what a generic function of the prelude asks of types is known where it is used', () => {
  const prelude = [
    'sluice/prelude.slu',
    "(declare twice (=> (Num 'a) (Fn ['a] 'a))) (defn twice (x) (inner x)) (declare inner (=> (Num 'a) (Fn ['a] 'a))) (defn inner (x) (* 2 x))",
  ] as const;
  const money = '(defvalue Money (cents : i64))';
  const instance =
    '(instance (Num Money) (defn + (a b) a) (defn - (a b) a) (defn * (a b) a) (defn negate (a) a))';
  const { diagnostics } = checked(prelude, ['main.slu', `${money} ${instance} (println (twice (Money 1)))`]);
  expect(diagnostics.all.map((d) => d.message)).toEqual([
    '`twice` works with number literals, and a literal cannot be `Money`',
  ]);
});

it('nothing of a program stays because of what it asked of the library', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const sources = Array.from({ length: 4 }, (_, i) => {
    const text = `(defstruct Body${i} (x : i64)) (pub defn first ((all : (Vector Body${i}))) : (Option Body${i}) (find (fn (b) (= (.x b) 1)) all))`;
    const source = new Source('main.slu', text);
    if (analyse([source]).program === undefined) throw new Error(text);
    return new WeakRef(source);
  });
  // A WeakRef that was just made lasts until the turn ends; the latest program may be kept.
  await new Promise((resolve) => setTimeout(resolve));
  collect();
  expect(sources.filter((source) => source.deref() !== undefined).length).toBeLessThanOrEqual(1);
});
