/** That no address waits on the operand stack while something may allocate is looked at in each conformance program, there. */
import { expect, test } from 'vitest';
import { lowered, named, statementKinds, waitingAddresses } from './lowered.ts';

test('the check of that invariant finds an address that waits', () => {
  const program = lowered('(defstruct S (n : i64)) (pub defn two ((s : S)) : i64 (+ (.n s) 1))');
  const func = named(program, 'two');
  const [local] = func.params;
  if (local === undefined) throw new Error('two has a parameter');
  const get = { kind: 'get', rep: 'ref', local } as const;
  const load = { kind: 'load', rep: 'ref', stored: 'ref', target: get, offset: 8 } as const;
  const { span } = func;
  const allocate = { kind: 'allocate', rep: 'ref', type: 1, fields: [], span } as const;
  const call = { to: 'function', key: 'two', args: [load, allocate], reps: [], span } as const;
  expect(waitingAddresses({ ...func, body: [{ kind: 'tail-call', call }] })).toEqual(['tail-call']);
});

test('arguments are evaluated from left to right, also when a later one is a block', () => {
  const text = `
    (defglobal mut *log* : i64 0)
    (defn note ((n : i64)) : i64 (set! *log* (+ (* 10 *log*) n)) n)
    (defn three ((a : i64) (b : i64) (c : i64)) : i64 (+ a (* 0 (+ b c))))
    (pub defn run () : i64 (three (note 1) (let ((x (note 2))) x) (note 3)))`;
  const run = named(lowered(text), 'run');
  expect(statementKinds(run.body)).toEqual(['set', 'set', 'tail-call']);
});

test('a call in tail position is a tail call, but not out of an arena', () => {
  const text = `
    (defn count ((n : i64)) : i64 (if (= n 0) 0 (count (- n 1))))
    (pub defn plain ((n : i64)) : i64 (count n))
    (pub defn inside ((n : i64)) : i64 (with-arena work (count n)))`;
  const program = lowered(text);
  expect(statementKinds(named(program, 'plain').body)).toEqual(['tail-call']);
  expect(statementKinds(named(program, 'inside').body)).not.toContain('tail-call');
});
