/** The prelude's functions are inferred when a program uses them. */
import { expect, it } from 'vitest';
import { preludeForms } from '../../../scripting/library/index.ts';
import { expandProgram } from '../../../scripting/macros/index.ts';
import { Diagnostics, read, render, Source } from '../../../scripting/syntax/index.ts';
import { check, type TypedProgram } from '../../../scripting/types/index.ts';

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
  expect(named('wrong')?.body).toBeDefined();
  expect(diagnostics.all.map((d) => d.code)).toEqual(['wrong-type']);
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
