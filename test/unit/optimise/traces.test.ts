/** A release image's traces: every function and line of a failure, whatever was put where. */
import { expect, test } from 'vitest';
import { Machine, ScriptError } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { type CompileOptions, compile } from '../../../scripting/tools/index.ts';

/** `function:line` of each frame of the script's, the innermost first, where `run` fails. */
async function traceOf(text: string, mode: CompileOptions['mode'], argument: number): Promise<string[]> {
  const { image, diagnostics } = await compile([new Source('test.slu', text)], { mode });
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  const machine = await Machine.create(image);
  try {
    machine.call('run', argument);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return error.trace.map((f) => `${f.function}:${f.position?.line}`);
  }
  throw new Error('nothing failed');
}

const PROGRAMS: Readonly<Record<string, string>> = {
  'calls inside of calls': `
(defn third ((n : i64)) : i64 (/ 12 n))
(defn second ((n : i64)) : i64
  (+ 1 (third n)))
(defn first ((n : i64)) : i64
  (let ((m (* n 2)))
    (+ (second m) m)))
(pub defn run ((n : i64)) : i64
  (+ 1
     (first n)))`,
  'the same call twice': `
(defn risky ((n : i64)) : i64 (/ 12 n))
(pub defn run ((n : i64)) : i64
  (+ (risky (+ n 1))
     (risky n)
     (risky (+ n 2))))`,
  'the same call at the end of two branches': `
(defglobal mut *log* : i64 0)
(defn deep ((n : i64)) : i64
  (if (> n 100) (+ 1 (deep (- n 1))) (/ 12 n)))
(pub defn run ((n : i64)) : i64
  (+ 1 (if (> n 3)
    (do (set! *log* 1)
        (deep n))
    (do (set! *log* 2)
        (deep n)))))`,
  'in a loop, by a function of its own': `
(defn check! ((xs : (MutVec i64)) (i : i64)) : Unit
  (set! (nth xs i) (/ 10 (nth xs i))))
(pub defn run ((n : i64)) : i64
  (let ((xs (mut-vec 1 2 3)))
    (push! xs n)
    (for (i 0 (< i 4))
      (check! xs i))
    (nth xs 3)))`,
  'a lambda in a library function': `
(defn half ((n : i64)) : i64 (/ 10 n))
(pub defn run ((n : i64)) : i64
  (fold + 0 (map (fn (x)
                   (+ 1 (half (* x n))))
                 [1 2 3])))`,
  'a lambda in a function of the script, which passes it on': `
(defn each-of ((n : i64) (visit : (Fn [i64] i64))) : i64
  (+ (visit 4)
     (visit n)))
(defn below ((n : i64) (visit : (Fn [i64] i64))) : i64
  (if (< n 0)
    0
    (+ (each-of n visit)
       (below (- n 1) visit))))
(pub defn run ((n : i64)) : i64
  (+ n
     (below 3 (fn (x)
       (+ 1
          (/ 10 x))))))`,
  'a function value, one of few': `
(defstruct Held (f : (Fn [i64] i64)))
(defn run-held ((h : Held) (n : i64)) : i64
  (+ 1
     ((.f h) n)))
(pub defn run ((n : i64)) : i64
  (let ((all [(Held (fn (x) (* x n))) (Held (fn (x)
                                        (+ 1
                                           (/ n x))))]))
    (+ (run-held (nth all 0) n)
       (run-held (nth all 1) n))))`,
  'a recursion copied into itself': `
(defn down ((n : i64)) : i64
  (if (= n 0)
    (/ 1 n)
    (+ 1 (down (- n 1)))))
(pub defn run ((n : i64)) : i64 (+ 1 (down 5)))`,
  'a function that calls itself last': `
(defn count ((n : i64) (sum : i64)) : i64
  (if (= n 0)
    (/ sum n)
    (count (- n 1) (+ sum n))))
(pub defn run ((n : i64)) : i64 (+ 1 (count 5 n)))`,
  'two functions of one text': `
(defn one ((n : i64)) : i64 (if (> n 40) (+ 1 (one (- n 1))) (/ 7 n)))
(defn two ((n : i64)) : i64 (if (> n 40) (+ 1 (two (- n 1))) (/ 7 n)))
(pub defn run ((n : i64)) : i64
  (+ (one (+ n 2))
     (two n)))`,
};

test.each(Object.keys(PROGRAMS))('%s', async (name) => {
  const text = PROGRAMS[name] as string;
  const expected = await traceOf(text, 'development', 0);
  expect(await traceOf(text, 'release', 0)).toEqual(expected);
});
