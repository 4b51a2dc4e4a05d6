import { describe, expect, test } from 'vitest';
import { checkText } from './program.ts';

const SHAPES = `
(pub defstruct Square (side : f64))
(pub deftype Colour Red Green)
(pub defclass (Area 'a) (area : (Fn ['a] f64)))
(instance (Area Square) (defn area (s) (* (.side s) (.side s))))
(pub defglobal mut *count* : i64 0)
(pub deftype-alias Squares (Vector Square))
(pub defmacro twice (e) (do ,e ,e))
(pub defn double ((s : Square)) : Square (Square (scale (.side s))))
(defn scale ((x : f64)) : f64 (* x 2.0))
`;

function withMain(main: string) {
  return checkText({ 'game/shapes.slu': SHAPES, 'game/main.slu': main });
}

describe('imports', () => {
  test.each([
    ['by name', '(import game.shapes (Square double area)) (defn f () (area (double (Square 1.0))))'],
    ['all', '(import game.shapes :all) (defn f () (match Red (Red (area (Square 1.0))) (Green 0.0)))'],
    ['with an alias', '(import game.shapes :as s) (defn f ((x : s.Square)) (s.area (s.double x)))'],
    ['globals', '(import game.shapes (*count*)) (defn f () (set! *count* (+ *count* 1)))'],
    ['type aliases', '(import game.shapes (Squares Square)) (defn f ((x : Squares)) : Square (nth x 0))'],
    ['macros', '(import game.shapes (twice)) (defn f () (twice (println 1)))'],
    ['macros after an alias', '(import game.shapes :as s) (defn f () (s.twice (println 1)))'],
    [
      'an own name goes before what `:all` brings',
      '(import game.shapes :all) (defn double ((x : i64)) : i64 x) (defn f () : i64 (double 2))',
    ],
    ['a name of the same folder', '(import shapes (Square)) (defn f () (Square 1.0))'],
  ])('%s', (_, main) => {
    expect(withMain(main).report).toBe('');
  });

  test.each([
    ['(import game.shapes (scale))', 'private-name', '`scale` is private to `game.shapes`'],
    ['(import game.shapes (dubble))', 'unknown-name', '`game.shapes` has no `dubble`'],
    ['(import game.shape (double))', 'unknown-module', 'there is no module `game.shape`'],
    [
      '(import game.shapes (double)) (defn double () 1)',
      'duplicate-definition',
      '`double` is imported and defined here too',
    ],
    ['(import game.shapes)', 'bad-form', 'this `import` is not put together right'],
    ['(defn f () (double 1))', 'unknown-name', 'there is no `double` here'],
    ['(import game.shapes :as s) (defn f () (s.scale 1.0))', 'unknown-name', 'there is no `s.scale` here'],
    [
      '(import game.shapes (Square Area)) (instance (Area Square) (defn area (s) 1.0))',
      'duplicate-instance',
      'there is an instance (Area Square) already',
    ],
    [
      '(import game.shapes (Square)) (instance (Show Square) (defn show (s) "s"))',
      'orphan-instance',
      'neither `Show` nor `Square` is defined in this file',
    ],
  ])('%s is refused', (main, code, message) => {
    expect(withMain(main).diagnostics.all[0]).toMatchObject({ code, message });
  });

  test('modules that import one another are named', () => {
    const { diagnostics } = checkText({
      'a.slu': '(import b :all) (pub defn f () : i64 1)',
      'b.slu': '(import c :all) (pub defn g () : i64 1)',
      'c.slu': '(import a :all) (pub defn h () : i64 1)',
    });
    expect(diagnostics.all.map((d) => [d.code, d.message])).toEqual([
      ['circular-import', 'modules import one another: a -> b -> c -> a'],
    ]);
  });

  test('what modules call alike is not the same', () => {
    const { program } = checkText({ 'a.slu': '(defn f () : i64 1)', 'b.slu': '(defn f () : f64 1.0)' });
    expect(program?.functions.map((f) => f.key).filter((k) => /\.f$/.test(k))).toEqual(['a.f', 'b.f']);
  });
});
