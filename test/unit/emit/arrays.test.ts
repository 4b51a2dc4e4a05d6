/** Fixed arrays are never made: vector mathematics, a product of matrices and a ring buffer come to code that allocates nothing. */
import binaryen from 'binaryen';
import { beforeAll, describe, expect, test } from 'vitest';
import { findEffects } from '../../../scripting/emit/effects.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { lowered } from '../lower/lowered.ts';

const TEXT = `
(defvalue Vec3 (x : f64) (y : f64) (z : f64))
(deftype-alias Matrix (Array 16 f64))
(defvalue Ring (items : (Array 8 f64)) (next : i64) (count : i64))
(defstruct Log (mut ring : Ring) (mut rows : (Array 4 (Array 4 i32))))

(defn dot ((a : (Array 3 f64)) (b : (Array 3 f64))) : f64
  (let ((mut s 0.0)) (for (i 0 (< i 3)) (+= s (* (nth a i) (nth b i)))) s))
(defn cross ((a : (Array 3 f64)) (b : (Array 3 f64))) : (Array 3 f64)
  (build-array 3 (fn (i)
    (let ((j (mod (+ i 1) 3)) (k (mod (+ i 2) 3))) (- (* (nth a j) (nth b k)) (* (nth a k) (nth b j)))))))
(pub defn volume ((a : Vec3) (b : Vec3) (c : Vec3)) : f64
  (dot (array (.x a) (.y a) (.z a)) (cross (array (.x b) (.y b) (.z b)) (array (.x c) (.y c) (.z c)))))

(pub defn product ((a : Matrix) (b : Matrix)) : Matrix
  (let ((mut c (make-array 16 0.0)))
    (for (i 0 (< i 4))
      (for (j 0 (< j 4))
        (for (k 0 (< k 4))
          (+= (nth c (+ (* i 4) j)) (* (nth a (+ (* i 4) k)) (nth b (+ (* k 4) j)))))))
    c))

(pub defn average ((n : i64)) : f64
  (let ((mut ring (Ring (make-array 8 0.0) 0 0)))
    (for (i 0 (< i n))
      (set! (nth (.items ring) (.next ring)) (f64 i))
      (set! (.next ring) (mod (+ (.next ring) 1) 8))
      (set! (.count ring) (min 8 (+ (.count ring) 1))))
    (/ (fold + 0.0 (.items ring)) (f64 (.count ring)))))

(pub defn note ((log : Log) (value : f64) (i : i64)) : i64
  (set! (nth (.items (.ring log)) (.next (.ring log))) value)
  (inc! (nth (nth (.rows log) i) 2))
  (i64 (nth (nth (.rows log) 1) i)))
`;

const NAMES = ['volume', 'product', 'average', 'note'] as const;

/** What each function comes to in a release image. */
const code = new Map<string, string>();

beforeAll(async () => {
  const { image, diagnostics } = await compile([new Source('test.slu', TEXT)], { mode: 'release' });
  if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
  const module = binaryen.readBinary(image.wasm);
  for (const text of module.emitText().split('\n (func $').slice(1))
    code.set(/^"?([^" )]+)/.exec(text)?.[1] ?? '', text);
  module.dispose();
});

/** What a function calls by name, itself or through what it calls; what fails is a call of the host. */
function called(name: string, found = new Set<string>()): Set<string> {
  const text = code.get(name);
  if (text === undefined) throw new Error(`there is no function ${name}`);
  for (const [, callee = ''] of text.matchAll(/\((?:return_)?call(?:_indirect)? \$"?([^" )\n]+)/g)) {
    if (found.has(callee) || callee.startsWith('fimport')) continue;
    found.add(callee);
    if (!callee.startsWith('scripting/')) called(callee, found);
  }
  return found;
}

describe('nothing is allocated', () => {
  test.each(NAMES)('by %s, as it is written', (name) => {
    const program = lowered(TEXT);
    const [key] = [...program.functions].find(([, func]) => func.name === name) ?? [''];
    const call = { to: 'function', key, args: [], reps: [], span: program.functions.get(key)?.span } as never;
    expect(findEffects(program, false).allocates(call)).toBe(false);
  });

  test.each(NAMES)('by %s in a release, which calls nothing', (name) => {
    expect([...called(name)]).toEqual([]);
  });

  test('while a vector of the same elements is', () => {
    const program = lowered(
      TEXT.replace('(fold + 0.0 (.items ring))', '(fold + 0.0 (map (fn (x) x) (.items ring)))'),
    );
    const [key] = [...program.functions].find(([, func]) => func.name === 'average') ?? [''];
    const call = { to: 'function', key, args: [], reps: [], span: program.functions.get(key)?.span } as never;
    expect(findEffects(program, false).allocates(call)).toBe(true);
  });
});

test('a product of two 4x4 matrices, three loops, is a row of multiplications and additions', () => {
  const text = code.get('product') ?? '';
  expect(text.match(/f64\.mul/g)).toHaveLength(64);
  expect(text).not.toMatch(
    /\((?:if|loop|block|br|br_if|br_table|select|call|[if](?:32|64)\.(?:load|store))\b/,
  );
});

test('an index that is computed is an address where the array lies in an object', () => {
  const text = code.get('note') ?? '';
  // One element is stored, one counted up, one read; how many there are makes no difference.
  expect(text.match(/f64\.store/g)).toHaveLength(1);
  expect(text.match(/i32\.store/g)).toHaveLength(1);
  expect(text).not.toMatch(/\(select\b/);
});
