import { expect, test } from 'vitest';
import { lowered, named } from './lowered.ts';

const layout = (text: string, name: string) => {
  const type = lowered(text).types.find((t) => t.name === name);
  return type === undefined
    ? undefined
    : { size: type.size, fields: type.fields.map((f) => `${f.name} ${f.stored}@${f.offset}`) };
};

test('small fields fill the room between the header and the first 8-byte field', () => {
  const text = '(defstruct S (a : f64) (b : i32) (c : f64)) (pub defn make () : S (S 1.0 2 3.0))';
  expect(layout(text, 'S')).toEqual({ size: 24, fields: ['a f64@8', 'b i32@4', 'c f64@16'] });
});

test('a value lies flat in the struct that holds it', () => {
  const text = `
    (defvalue V (x : f64) (y : f64))
    (defstruct S (name : String) (pos : V))
    (pub defn make () : S (S "s" (V 1.0 2.0)))`;
  expect(layout(text, 'S')).toEqual({ size: 24, fields: ['name ref@4', 'pos.x f64@8', 'pos.y f64@16'] });
});

test('elements lie in declared order, so that a host can read them', () => {
  const text = `
    (defvalue Circle (x : f32) (y : f32) (r : f32) (tint : f32))
    (pub defn make () : (MutVec Circle) (mut-vec (Circle 1.0 2.0 3.0 4.0)))`;
  const type = lowered(text).types.find((t) => t.name === '(Vector Circle)');
  expect(type?.stride).toBe(16);
  expect(type?.element.map((f) => `${f.name}@${f.offset}`)).toEqual(['x@0', 'y@4', 'r@8', 'tint@12']);
});

test('a value is passed and returned as its components', () => {
  const text = `
    (defvalue V (x : f64) (y : f64))
    (pub defn swap ((v : V)) : V (V (.y v) (.x v)))`;
  const swap = named(lowered(text), 'swap');
  expect(swap.params.map((p) => p.name)).toEqual(['v.x', 'v.y']);
  expect(swap.results).toEqual(['f64', 'f64']);
});

test('a generic function is compiled once for each concrete type it is used at', () => {
  const text = `
    (defn same (x) x)
    (pub defn a () : i64 (same (same 1)))
    (pub defn b () : f64 (same 1.0))`;
  const keys = [...lowered(text).functions.values()].filter((f) => f.name === 'same').map((f) => f.results);
  expect(keys).toEqual([['i64'], ['f64']]);
});

const elementOf = (declarations: string, element: string) => {
  const text = `${declarations} (pub defn make () : (MutVec ${element}) (mut-vec))`;
  const type = lowered(
    `${text} (pub defn fill ((xs : (MutVec ${element})) (x : ${element})) : Unit (push! xs x))`,
  );
  return type.types.find((t) => t.name === `(Vector ${element})`)?.element.map((f) => f.stored);
};

test.each([
  ['a text', '', 'String'],
  ['a struct', '(defstruct S (n : i64))', 'S'],
  ['a vector', '', '(MutVec i64)'],
  ['a function', '', '(Fn [] i64)'],
  ['a boxed sum, whose variants without data are objects too', '(deftype C End (Link C))', 'C'],
  ['a value with one such part', '(defvalue V (text : String))', 'V'],
  [
    'the same, deeper, beside what is nothing',
    '(defvalue V (n : Unit) (w : W)) (defvalue W (t : String))',
    'V',
  ],
  ['a tuple of one', '', '(Tuple String)'],
  ['an array of one', '', '(Array 1 String)'],
])('an option of %s is one address', (_, declarations, type) => {
  expect(elementOf(declarations, `(Option ${type})`)).toEqual(['ref']);
});

test.each([
  ['an option', '', '(Option String)'],
  ['a value that is an option', '(defvalue V (text : (Option String)))', 'V'],
  ['an array of one option', '', '(Array 1 (Option String))'],
])('an option of %s has a tag, as that may be 0 itself', (_, declarations, type) => {
  expect(elementOf(declarations, `(Option ${type})`)).toEqual(['i32', 'ref']);
});

test('so has a sum with two variants without data, and an option of two addresses', () => {
  expect(elementOf('(deftype T (Some-text String) Left Right)', 'T')).toEqual(['i32', 'ref']);
  expect(elementOf('', '(Option (Tuple String String))')).toEqual(['i32', 'ref', 'ref']);
});

test('an option of a value of one address is passed, returned and told from none by that address', () => {
  const text = `
    (defvalue V (text : String))
    (pub defn pass ((o : (Option V))) : (Option V) o)
    (pub defn there? ((o : (Option V))) : Bool (match o ((Some _) true) (None false)))`;
  const pass = named(lowered(text), 'pass');
  expect([pass.params.map((p) => p.rep), pass.results]).toEqual([['ref'], ['ref']]);
  expect(JSON.stringify(named(lowered(text), 'there?').body)).toMatch(/"of":"ref","op":"ne".*"kind":"null"/);
});
