/** Which calls of function values ask what they call. */
import { describe, expect, test } from 'vitest';
import { visit } from '../../../scripting/ir/index.ts';
import { optimise } from '../../../scripting/optimise/index.ts';
import { lowered, named } from '../lower/lowered.ts';

/** How often `run` asks whether a function value is a certain one, and how many calls of function values it is left with. */
function askedIn(text: string, mode: 'development' | 'release' = 'release'): [number, number] {
  const program = optimise(lowered(text), mode);
  let [asked, left] = [0, 0];
  visit(
    named(program, 'run').body,
    (s) => {
      if ((s.kind === 'set-call' || s.kind === 'tail-call') && s.call.to === 'closure') left++;
    },
    (e) => {
      if (e.kind === 'call' && e.call.to === 'closure') left++;
      if (e.kind === 'binary' && e.right.kind === 'code') asked++;
    },
  );
  return [asked, left];
}

/** A program with so many functions that `run` may call, each of a size that is copied. */
const program = (count: number, further = ''): string => `
  (defstruct Held (f : (Fn [i64 f64] f64)))
  (defglobal *held* : (MutVec Held) (mut-vec))
  (defn hold! ((by : f64)) : Unit
    ${Array.from({ length: count }, (_, i) => `(push! *held* (Held (fn (n x) (+ ${i}.5 (* by x (f64 n))))))`).join(' ')})
  ${further}
  (pub defn run ((n : i64)) : f64
    (when (= n 0) (hold! 2.0))
    (* 2.0 ((.f (nth *held* n)) n 1.5)))`;

describe('a call asks which function it calls', () => {
  test('where it is one of four, and calls what may be another all the same', () => {
    expect(askedIn(program(4))).toEqual([4, 1]);
  });

  test('and has the code of each in its place', () => {
    const numbers: unknown[] = [];
    visit(
      named(optimise(lowered(program(4)), 'release'), 'run').body,
      () => {},
      (e) => {
        if (e.kind === 'constant') numbers.push(e.value);
      },
    );
    expect(numbers).toEqual(expect.arrayContaining([0.5, 1.5, 2.5, 3.5]));
  });
});

describe('a call goes through the table', () => {
  test('where it is one of more', () => {
    expect(askedIn(program(5))).toEqual([0, 1]);
  });

  test('where it may be a function of the host', () => {
    const host = `(extern "game" (defn give () : (Fn [i64 f64] f64)))
      (pub defn further! () : Unit (push! *held* (Held (give))))`;
    expect(askedIn(program(2, host))).toEqual([0, 1]);
  });

  test('in development, where a reload may bring others', () => {
    expect(askedIn(program(2), 'development')).toEqual([0, 1]);
  });
});
