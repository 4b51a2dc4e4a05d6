/** That macros are hygienic is seen where names are resolved: whichever side binds, the other's names are not touched. */
import { describe, expect, test } from 'vitest';
import { checkText, functionOf } from './program.ts';

/** The type of f's result tells which `x` a name meant: the macro's are strings, the caller's are numbers. */
function resultOf(text: string): string {
  const { result } = functionOf(text, 'f');
  return result.kind === 'named' ? result.definition.name : result.kind;
}

describe('names in macros', () => {
  test.each([
    [
      "a macro's binder does not capture the caller's name",
      '(defmacro m (e) (let ((x "a")) ,e)) (defn f () (let ((x 1)) (m x)))',
      'i64',
    ],
    [
      "a macro's own name is not captured by the caller's binder",
      '(defmacro m (b e) (let ((x "a")) (let ((,b 1)) x))) (defn f () (m x x))',
      'String',
    ],
    [
      "a macro's name for a function is not captured by a local",
      '(defn g () "a") (defmacro m () (g)) (defn f () (let ((g 1)) (m)))',
      'String',
    ],
    [
      "a name that the caller gives for binding binds the caller's body",
      '(defmacro m (b e) (let ((,b 1)) ,e)) (defn f () (m x x))',
      'i64',
    ],
    [
      'two expansions do not see one another',
      '(defmacro m (e) (let ((x "a")) (do x ,e))) (defn f () (let ((x 1)) (m (m x))))',
      'i64',
    ],
    [
      'a macro in a macro',
      '(defmacro inner (e) (let ((x "a")) ,e)) (defmacro m (e) (let ((x 2.5)) (inner (do x ,e)))) (defn f () (let ((x 1)) (m x)))',
      'i64',
    ],
    [
      "the inner macro's argument keeps the outer macro's name",
      '(defmacro inner (e) (let ((x "a")) ,e)) (defmacro m () (let ((x 2.5)) (inner x))) (defn f () (let ((x 1)) (m)))',
      'f64',
    ],
    ['lambda parameters', '(defmacro m (e) ((fn (x) ,e) "a")) (defn f () (let ((x 1)) (m x)))', 'i64'],
    [
      'functions of a body',
      '(defmacro m (e) (do (defn x () "a") ,e)) (defn f () (let ((x (fn () 1))) (m (x))))',
      'i64',
    ],
    [
      'letrec',
      '(defmacro m (e) (letrec ((x (fn () "a"))) ,e)) (defn f () (let ((x (fn () 1))) (m (x))))',
      'i64',
    ],
    ['if-let', '(defmacro m (e) (if-let ((Some x) (Some "a")) ,e 2)) (defn f () (let ((x 1)) (m x)))', 'i64'],
    [
      "a function of a body hides a macro's name in the forms around it",
      '(defmacro m (x) "a") (defn f () (defn m (x) x) (m 1))',
      'i64',
    ],
    ['match arms', '(defmacro m (e) (match "a" (x ,e))) (defn f () (let ((x 1)) (m x)))', 'i64'],
    [
      'loops',
      '(defmacro m (e) (for-each (x ["a"]) ,e)) (defn f () (let ((x 1) (mut y 0)) (m (set! y x)) y))',
      'i64',
    ],
    [
      'a local name that is that of a special form does not change the macro',
      '(defmacro m (e) (if true ,e 1)) (defn f () (let ((when 1)) (m when)))',
      'i64',
    ],
    [
      'what a macro defines at top level is there for all',
      '(defmacro m () (defn g () 1)) (m) (defn f () (g))',
      'i64',
    ],
    [
      'types and instances',
      '(defmacro m (t) (do (defstruct ,t (x : i64)) (instance (Show ,t) (defn show (s) (str (.x s)))))) (m P) (defn f () (show (P 1)))',
      'String',
    ],
  ])('%s', (_, text, type) => {
    expect(resultOf(text)).toBe(type);
  });

  test('a macro of another module uses the names of its own', () => {
    const files = {
      'util.slu': '(defn hidden () "a") (pub defmacro m (e) (do (hidden) ,e))',
      'main.slu': '(import util (m)) (defn hidden () : i64 2) (defn f () : i64 (m (hidden)))',
    };
    expect(checkText(files).report).toBe('');
  });
});

describe('a macro that is called like a form', () => {
  const result = (files: Readonly<Record<string, string>>) => {
    const { program, report } = checkText(files);
    const f = program?.functions.find(({ name }) => name === 'f');
    if (f === undefined) throw new Error(report);
    return f.result.kind === 'named' ? f.result.definition.name : f.result.kind;
  };

  test('changes nothing that is made of that form elsewhere', () => {
    const lib = '(pub defmacro m (e) `(when true ,e))';
    const own = '(import lib (m)) (defmacro when (a b) "a")';
    expect(result({ 'lib.slu': lib, 'main.slu': `${own} (defn f () (m 1))` })).toBe('Unit');
    expect(result({ 'lib.slu': lib, 'main.slu': `${own} (defn f () (when true 1))` })).toBe('String');
    expect(result({ 'lib.slu': lib, 'main.slu': `${own} (defn f () (m (when true 1)))` })).toBe('Unit');
  });

  test('goes with the macros of its module, and is imported like any other', () => {
    const lib = '(pub defmacro when (a b) "a") (pub defmacro m () `(when true 1))';
    expect(result({ 'lib.slu': lib, 'main.slu': '(import lib (m)) (defn f () (m))' })).toBe('String');
    expect(result({ 'lib.slu': lib, 'main.slu': '(import lib (m)) (defn f () (when true 1))' })).toBe('Unit');
    expect(result({ 'lib.slu': lib, 'main.slu': '(import lib (when)) (defn f () (when true 1))' })).toBe(
      'String',
    );
  });
});
