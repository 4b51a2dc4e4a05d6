/** Which calls are replaced by what they call. */
import { describe, expect, test } from 'vitest';
import { type Program, visit } from '../../../scripting/ir/index.ts';
import { optimise } from '../../../scripting/optimise/index.ts';
import { lowered, named, statementKinds } from '../lower/lowered.ts';

const released = (text: string): Program => optimise(lowered(text), 'release');

/** What `run` calls, by name, in a release. */
function callsOf(text: string): string[] {
  const program = released(text);
  const found: string[] = [];
  const name = (key: string): string => program.functions.get(key)?.name ?? key;
  visit(
    named(program, 'run').body,
    (s) => {
      if ((s.kind === 'set-call' || s.kind === 'tail-call') && s.call.to === 'function')
        found.push(name(s.call.key));
    },
    (e) => {
      if (e.kind === 'call' && e.call.to === 'function') found.push(name(e.call.key));
    },
  );
  return found;
}

const LONG = `(defn long ((n : i64)) : i64
  (+ ${Array.from({ length: 120 }, (_, i) => `(* n (bit-xor n ${i}))`).join(' ')}))`;

describe('a call is replaced', () => {
  test('where what it calls is small', () => {
    expect(
      callsOf('(defn add ((a : i64)) : i64 (+ a 1)) (pub defn run ((n : i64)) : i64 (* (add n) (add 2)))'),
    ).toEqual([]);
  });

  test('where it is the only one', () => {
    const middling = LONG.replace('120', '60').replace(/\(\* n \(bit-xor n \d{2,3}\)\)/g, 'n');
    expect(callsOf(`${middling} (pub defn run ((n : i64)) : i64 (* 2 (long n)))`)).toEqual([]);
  });

  test('through several functions', () => {
    const text = `(defn a ((n : i64)) : i64 (+ n 1)) (defn b ((n : i64)) : i64 (a (a n))) (defn c ((n : i64)) : i64 (b (* n 2)))
      (pub defn run ((n : i64)) : i64 (c n))`;
    expect(callsOf(text)).toEqual([]);
    expect([...released(text).functions.values()].map((f) => f.name)).not.toContain('b');
  });

  test('by a loop, where a function calls itself last', () => {
    const text = '(pub defn run ((n : i64) (sum : i64)) : i64 (if (= n 0) sum (run (- n 1) (+ sum n))))';
    expect(callsOf(text)).toEqual([]);
    expect(statementKinds(named(released(text), 'run').body)).toContain('loop');
  });

  test('once more in a function that calls itself', () => {
    const text = '(pub defn run ((n : i64)) : i64 (if (< n 2) n (+ (run (- n 1)) (run (- n 2)))))';
    expect(callsOf(text)).toEqual(['run', 'run', 'run', 'run']);
  });
});

describe('a call stays', () => {
  test('where what it calls is large, and called elsewhere', () => {
    expect(callsOf(`${LONG} (pub defn run ((n : i64)) : i64 (+ (long n) (long 2)))`)).toEqual([
      'long',
      'long',
    ]);
  });

  test('where the function would grow without end', () => {
    const text = `(defn even ((n : i64)) : Bool (if (= n 0) true (odd (- n 1))))
      (defn odd ((n : i64)) : Bool (if (= n 0) false (even (- n 1)))) (pub defn run ((n : i64)) : Bool (even n))`;
    expect(callsOf(text).length).toBeGreaterThan(0);
    expect(callsOf(text).length).toBeLessThan(4);
  });
});

test('a development image keeps its calls', () => {
  const text = '(defn add ((a : i64)) : i64 (+ a 1)) (pub defn run ((n : i64)) : i64 (* (add n) 2))';
  const program = optimise(lowered(text), 'development');
  expect([...program.functions.values()].map((f) => f.name)).toContain('add');
});
