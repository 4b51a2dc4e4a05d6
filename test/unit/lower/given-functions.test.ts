/** Which functions of a script are compiled anew, in a release, for the functions that they are given. */
import { describe, expect, test } from 'vitest';
import { type Program, visit } from '../../../scripting/ir/index.ts';
import { Source } from '../../../scripting/syntax/index.ts';
import { analyse, type CompileOptions } from '../../../scripting/tools/index.ts';

function lowered(text: string, mode: CompileOptions['mode'] = 'release'): Program {
  const { program, diagnostics } = analyse([new Source('test.slu', text)], { mode });
  expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([]);
  if (program === undefined) throw new Error('no program without errors');
  return program;
}

/** The functions of a name that know what they are given. */
const copies = (program: Program, name: string): number =>
  [...program.functions.values()].filter((f) => f.name === name && f.key.includes(' with ')).length;

/** What `run` and the functions that know what they are given make, and call by a function value. */
function made(program: Program): string[] {
  const found: string[] = [];
  for (const f of program.functions.values()) {
    if (f.name !== 'run' && !f.key.includes(' with ')) continue;
    visit(
      f.body,
      (s) => {
        if ((s.kind === 'set-call' || s.kind === 'tail-call') && s.call.to === 'closure')
          found.push(`${f.name} calls a value`);
      },
      (e) => {
        if (e.kind === 'call' && e.call.to === 'closure') found.push(`${f.name} calls a value`);
        if (e.kind === 'allocate' || e.kind === 'static-closure') found.push(`${f.name} makes ${e.kind}`);
      },
    );
  }
  return found;
}

const BOTH = '(defn both ((n : i64) (f : (Fn [i64] i64))) : i64 (+ (f n) (f (+ n 1))))';

describe('a function is compiled for what it is given', () => {
  test('where it only calls that: without function values', () => {
    const program = lowered(`${BOTH} (pub defn run ((n : i64)) : i64 (both 2 (fn (x) (* x n))))`);
    expect(copies(program, 'both')).toBe(1);
    expect(made(program)).toEqual([]);
  });

  test('once for each, be it a `fn`, a function of a name, or an operator', () => {
    const program = lowered(`${BOTH} (defn half ((n : i64)) : i64 (/ n 2))
      (pub defn run ((n : i64)) : i64 (+ (both 2 (fn (x) (* x n))) (both n half) (both 3 half) (both 4 abs)))`);
    expect(copies(program, 'both')).toBe(3);
    expect(made(program)).toEqual([]);
  });

  test('and what it passes that on to, itself among it', () => {
    const program = lowered(`${BOTH}
      (defn sum ((n : i64) (f : (Fn [i64] i64))) : i64 (if (= n 0) 0 (+ (both n f) (sum (- n 1) f))))
      (pub defn run ((n : i64)) : i64 (sum 9 (fn (x) (* x n))))`);
    expect([copies(program, 'sum'), copies(program, 'both')]).toEqual([1, 1]);
    expect(made(program)).toEqual([]);
  });

  test('and where a function of the library calls it', () => {
    const program = lowered(`
      (defn all ((xs : (Vector i64)) (f : (Fn [i64] i64))) : i64 (fold (fn (sum x) (+ sum (f x))) 0 xs))
      (pub defn run ((xs : (Vector i64)) (n : i64)) : i64 (all xs (fn (x) (* x n))))`);
    expect(copies(program, 'all')).toBe(1);
    expect(made(program)).toEqual([]);
  });
});

describe('a function is compiled once', () => {
  test.each([
    ['where it keeps what it is given', '(set! (.f *kept*) f) (f n)'],
    ['where it compares that', '(if (same? f (.f *kept*)) (f n) 0)'],
    ['where it gives it a name', '(let ((g f)) (g n))'],
    ['where it passes it on to what keeps it', '(keep! f) (f n)'],
    ['where it opens an arena', '(with-arena a (f n))'],
    ['where it is large', `(+ ${'(f n) '.repeat(80)})`],
  ])('%s', (_, body) => {
    const program = lowered(`
      (defstruct Kept (mut f : (Fn [i64] i64)))
      (defglobal *kept* : Kept (Kept (fn (x) x)))
      (defn keep! ((f : (Fn [i64] i64))) : Unit (set! (.f *kept*) f))
      (defn given ((n : i64) (f : (Fn [i64] i64))) : i64 ${body})
      (pub defn run ((n : i64)) : i64 (given 2 (fn (x) (* x n))))`);
    expect(copies(program, 'given')).toBe(0);
  });

  test('where it is given another in each round, after some rounds', () => {
    const program = lowered(`
      (defn nested ((n : i64) (f : (Fn [i64] i64))) : i64
        (if (= n 0) (f 1)
          (+ (nested (- n 1) (fn (x) (+ 1 (f x)))) (nested (- n 2) (fn (x) (* 2 (f x)))) (nested 0 (fn (x) (- (f x)))))))
      (pub defn run ((n : i64)) : i64 (nested n (fn (x) (* x n))))`);
    expect(copies(program, 'nested')).toBe(16);
  });

  test('in development, where a reload may replace it', () => {
    const text = `${BOTH} (pub defn run ((n : i64)) : i64 (both 2 (fn (x) (* x n))))`;
    expect(copies(lowered(text, 'development'), 'both')).toBe(0);
  });
});
