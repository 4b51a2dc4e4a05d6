/** What loops over collections, sums and small structs come to in a release image, seen in the code that is printed. */
import binaryen from 'binaryen';
import { beforeAll, describe, expect, test } from 'vitest';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';

const FUNCTIONS = {
  // Over vectors, which may be trees.
  fold: '((xs : (Vector i64)) (k : i64)) : i64 (fold (fn (sum x) (+ sum (* k x))) 0 xs)',
  sum: '((xs : (Vector i64))) : i64 (fold + 0 xs)',
  each: '((xs : (Vector i64))) : i64 (let ((mut s 0)) (for-each (x xs) (set! s (+ s x))) s)',
  any: '((xs : (Vector i64)) (k : i64)) : Bool (any? (fn (x) (= x k)) xs)',
  count: '((xs : (Vector i64)) (k : i64)) : i64 (count-if (fn (x) (= x k)) xs)',
  find: '((xs : (Vector i64)) (k : i64)) : i64 (unwrap-or (find (fn (x) (> x k)) xs) 0)',
  // Over others.
  'fold-mut-vec': '((xs : (MutVec i64)) (k : i64)) : i64 (fold (fn (sum x) (+ sum (* k x))) 0 xs)',
  'each-mut-vec': '((xs : (MutVec i64))) : i64 (let ((mut s 0)) (for-each (x xs) (set! s (+ s x))) s)',
  'each-list': '((xs : (List i64))) : i64 (let ((mut s 0)) (for-each (x xs) (set! s (+ s x))) s)',
  'fold-list': '((xs : (List i64)) (k : i64)) : i64 (fold (fn (sum x) (+ sum (* k x))) 0 xs)',
  'each-map': '((m : (Map i64 i64))) : i64 (let ((mut s 0)) (for-each ((k v) m) (set! s (+ s (* k v)))) s)',
  'each-mut-map':
    '((m : (MutMap i64 i64))) : i64 (let ((mut s 0)) (for-each ((k v) m) (set! s (+ s (* k v)))) s)',
  'fold-map': '((m : (Map i64 i64))) : i64 (fold (fn (sum (k v)) (+ sum (* k v))) 0 m)',
  'each-set': '((m : (Set i64))) : i64 (let ((mut s 0)) (for-each (x m) (set! s (+ s x))) s)',
  'each-mut-set': '((m : (MutSet i64))) : i64 (let ((mut s 0)) (for-each (x m) (set! s (+ s x))) s)',
  // What makes vectors.
  map: '((xs : (Vector i64)) (k : i64)) : (Vector i64) (map (fn (x) (* k x)) xs)',
  filter: '((xs : (Vector i64)) (k : i64)) : (Vector i64) (filter (fn (x) (> x k)) xs)',
  chain: '((xs : (Vector Enemy))) : i64 (fold + 0 (map .hp xs))',
  'long-chain':
    '((xs : (Vector i64)) (k : i64)) : i64 (fold + 0 (map (fn (x) (* x k)) (filter (fn (x) (> x k)) xs)))',
  // What needs no object.
  variant: '((r : f64) (k : i64)) : f64 (area (if (> k 1) (Circle r) (if (= k 1) (Square r r) Point)))',
  value: `((n : i64)) : f64
    (let ((mut p (Vec2 0.0 0.0))) (for (i 0 (< i n)) (set! p (add p (Vec2 1.0 2.0)))) (.y p))`,
  option: '((n : i64) (k : i64)) : i64 (match (if (> n k) (Some k) None) ((Some i) i) (None -1))',
  result: `((a : i64)) : i64
    (match (if (> a 0) (ann (Result i64 String) (Ok a)) (Err "no")) ((Ok v) v) ((Err _) 0))`,
  // Tail calls.
  'is-even': '((n : i64)) : Bool (if (= n 0) true (run-is-odd (- n 1)))',
  'is-odd': '((n : i64)) : Bool (if (= n 0) false (run-is-even (- n 1)))',
  'call-last': '((f : (Fn [i64] i64)) (n : i64)) : i64 (f n)',
} as const;

type Name = keyof typeof FUNCTIONS;

const TEXT = `
(defstruct Enemy (name : String) (mut hp : i64))
(deftype Shape (Circle f64) (Square f64 f64) Point)
(defvalue Vec2 (x : f64) (y : f64))
(defn area ((s : Shape)) : f64 (match s ((Circle r) (* 3.0 r r)) ((Square a b) (* a b)) (Point 0.0)))
(defn add ((a : Vec2) (b : Vec2)) : Vec2 (Vec2 (+ (.x a) (.x b)) (+ (.y a) (.y b))))
${Object.entries(FUNCTIONS)
  .map(([name, rest]) => `(pub defn run-${name} ${rest})`)
  .join('\n')}`;

/** Each function's text by its name. */
const code = new Map<string, string>();

beforeAll(async () => {
  const { image, diagnostics } = await compile([new Source('test.slu', TEXT)], { mode: 'release' });
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  const module = binaryen.readBinary(image.wasm);
  for (const text of module.emitText().split('\n (func $').slice(1)) {
    const [, quoted, plain] = /^(?:"([^"]*)"|([^ )]+))/.exec(text) ?? [];
    code.set(quoted ?? plain ?? '', text);
  }
  module.dispose();
});

/** What a function calls by name, itself or through what it calls. The heap's functions and the host's end the search. */
function called(name: string, found = new Set<string>()): Set<string> {
  const text = code.get(name);
  if (text === undefined) throw new Error(`there is no function ${name}`);
  for (const [, quoted, plain] of text.matchAll(/\((?:return_)?call \$(?:"([^"]*)"|([^ )\n]+))/g)) {
    const callee = quoted ?? plain ?? '';
    if (found.has(callee) || callee.startsWith('fimport')) continue;
    found.add(callee);
    if (!callee.startsWith('scripting/')) called(callee, found);
  }
  return found;
}

const isIndirect = (name: string): boolean => /call_indirect/.test(code.get(name) ?? '');
const reached = (name: Name): string[] => [`run-${name}`, ...called(`run-${name}`)];

test.each(Object.keys(FUNCTIONS).filter((name) => name !== 'call-last') as Name[])(
  '%s calls no function through the table',
  (name) => {
    expect(reached(name).filter(isIndirect)).toEqual([]);
  },
);

describe('nothing is allocated', () => {
  const making: readonly Name[] = ['map', 'filter', 'chain', 'long-chain'];
  test.each((Object.keys(FUNCTIONS) as Name[]).filter((name) => !making.includes(name)))('by %s', (name) => {
    expect(reached(name).filter((callee) => callee.startsWith('scripting/'))).toEqual([]);
  });
});

test.each(['fold', 'sum', 'each', 'any', 'count', 'find'] as const)(
  'a loop over a vector, %s, calls the library only for trees',
  (name) => {
    const inner = reached(name).filter((callee) => !/^(run-|fold|%rope-leaf)/.test(callee));
    expect(inner).toEqual([]);
  },
);

test.each(['fold-mut-vec', 'each-mut-vec', 'each-list', 'variant', 'value', 'option', 'result'] as const)(
  '%s is one function without calls',
  (name) => {
    expect([...called(`run-${name}`)]).toEqual([]);
  },
);

test('a lambda that is given to a library function becomes part of the loop', () => {
  // `(* k x)` stands where the loop does.
  const multiplies = (name: Name): boolean =>
    reached(name).some((callee) => /\(loop[\s\S]*i64\.mul/.test(code.get(callee) ?? ''));
  for (const name of ['fold', 'fold-mut-vec', 'fold-list', 'fold-map', 'map', 'long-chain'] as const)
    expect(multiplies(name), name).toBe(true);
});

test('calls in tail position take no stack', () => {
  const mutual = `${code.get('run-is-even')}${code.get('run-is-odd')}`;
  expect(mutual).not.toMatch(/\(call \$run-is/);
  expect(mutual).toMatch(/return_call|\(loop/);
  expect(code.get('run-call-last')).toContain('return_call_indirect');
});
