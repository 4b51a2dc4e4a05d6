import { describe, expect, test } from 'vitest';
import { expand } from '../../../scripting/macros/index.ts';
import { Diagnostics, headName, print, read, render, Source } from '../../../scripting/syntax/index.ts';

function expandText(text: string) {
  const diagnostics = new Diagnostics();
  const forms = expand(read(new Source('main.slu', text), diagnostics), diagnostics);
  const made = forms.filter((form) => headName(form) !== 'defmacro');
  return {
    text: made.map(print).join('\n'),
    forms: made,
    diagnostics,
    codes: diagnostics.all.map((d) => d.code),
  };
}

describe('expansion', () => {
  test.each([
    ['(-> x (f 1) .y g)', '(g (.y (f x 1)))'],
    ['(->> x (f 1) g)', '(g (f 1 x))'],
    ['(defmacro m (c &rest body) `(if (not ,c) (do ,@body))) (m a b c)', '(if (not a) (do b c))'],
    ['(defmacro m (a) (f ,a)) (m 1)', '(f 1)'],
    ['(m 1) (defmacro m (a) (f ,a))', '(f 1)'],
    ['(defmacro m (a) (f ,a) (g ,a)) (x (m 1))', '(x (do (f 1) (g 1)))'],
    ['(defmacro m "says what it does" (a) (f ,a))'.replace(/ "[^"]*"/, ''), ''],
    ['(defmacro m (a) "says what it does" (f ,a)) (m 1)', '(f 1)'],
    ['(defmacro m ((a b) c) [,b ,a ,c]) (x (m (1 2) 3))', '(x [2 1 3])'],
    ['(defmacro m (xs) (f ,@xs)) (m (1 2 3))', '(f 1 2 3)'],
    ['(defmacro m (a) (n ,a)) (defmacro n (a) (f ,a)) (x (m 1))', '(x (f 1))'],
    ['(defmacro make (name v) (defmacro ,name (x) (+ ,x ,v))) (make m 3) (x (m 4))', '(x (+ 4 3))'],
    ['(defmacro make (name v) `(defmacro ,name (x) `(+ ,x ,,v))) (make m 3) (x (m 4))', '(x (+ 4 3))'],
    ['(defmacro two (a b) (do (defn ,a () 1) (defn ,b () 2))) (two f g)', '(defn f () 1)\n(defn g () 2)'],
    ['(defmacro d (a) (defn ,a () 1)) (pub d f)', '(pub defn f () 1)'],
    ['(defmacro m (a) (f ,a)) (defn g (m) (m 1))', '(defn g (m) (m 1))'],
    ['(defmacro m (a) (f ,a)) (let ((m g)) (m 1))', '(let ((m g)) (m 1))'],
    ['(defn -> (x) x) (-> 1)', '(defn -> (x) x)\n(-> 1)'],
  ])('%s', (text, expected) => {
    const result = expandText(text);
    expect(result.codes).toEqual([]);
    expect(result.text).toBe(expected);
  });

  test.each([
    ['(defmacro m (a) ,b) (m 1)', 'bad-template', '`b` is not a parameter of `m`'],
    ['(defmacro m (a) ,(f a)) (m 1)', 'bad-template', 'only parameters of the macro can be unquoted'],
    ['(defmacro m (a) (f ,@a)) (m 1)', 'bad-template', '`,@` takes a list apart, and `m` was given none'],
    ['(defmacro m (a) (f ,a)) (m 1 2)', 'bad-macro-call', 'this is not what the macro `m` takes'],
    ['(defmacro m (a))', 'bad-form', 'this `defmacro` is not put together right'],
    ['(defmacro m (a) (m ,a)) (m 1)', 'macro-limit', 'the expansion of `m` does not come to an end'],
    [
      '(defmacro m (a) (f (m ,a) (m ,a))) (m 1)',
      'macro-limit',
      'the expansion of `m` does not come to an end',
    ],
    ['(defmacro m (a) 1) (defmacro m (a) 2)', 'duplicate-definition', 'the macro `m` is defined twice'],
    [
      '(defmacro if (c a) `(when ,c ,a))',
      'reserved-name',
      '`if` is part of the language and cannot be redefined',
    ],
    ['(defmacro m [a] (f ,a))', 'bad-form', 'this `defmacro` is not put together right'],
    ['(defmacro m (a "b") (f ,a))', 'bad-form', 'this is no parameter of a macro'],
    ['(defmacro m (a : i64) (f ,a))', 'bad-form', 'this is no parameter of a macro'],
    ['(defmacro m (a &rest) (f ,a))', 'bad-form', 'this is no parameter of a macro'],
    ['(defmacro m (a &rest b c) (f ,a))', 'bad-form', 'this is no parameter of a macro'],
    ['(defmacro m ((a 1)) (f ,a))', 'bad-form', 'this is no parameter of a macro'],
    ['(->)', 'bad-form', '`->` has nothing to begin with'],
    [
      `(defmacro m (a) (f ,a)) (-> x ${'m '.repeat(1000)})`,
      'nesting-limit',
      'forms are nested more than 256 deep here',
    ],
  ])('%s is refused', (text, code, message) => {
    const { diagnostics } = expandText(text);
    expect(diagnostics.all[0]).toMatchObject({ code, message });
  });

  test.each(['->', '->>'])('%s takes thousands of steps', (name) => {
    const { codes, text } = expandText(`(${name} x ${'(f a) '.repeat(5000)})`);
    expect(codes).toEqual([]);
    expect(text.match(/\(f /g)).toHaveLength(5000);
  });

  test('what is wrong in an expansion is told at the call, and where the macros put it', () => {
    const { forms } = expandText('(defmacro m (a) (f ,a))\n(defmacro n (a) (m ,a))\n(n 1)');
    const diagnostics = new Diagnostics();
    diagnostics.error(
      'unknown-name',
      forms[0]?.kind === 'list' ? (forms[0].items[0]?.span ?? forms[0].span) : never(),
      'message',
    );
    expect(diagnostics.all.map(render).join('')).toBe(
      [
        'main.slu:3:1: error: message [unknown-name]',
        '  3 | (n 1)',
        '    | ^^^^^',
        '  main.slu:1:18: the macro `m` put it there',
        '  1 | (defmacro m (a) (f ,a))',
        '    |                  ^',
        '  main.slu:2:17: the macro `n` put it there',
        '  2 | (defmacro n (a) (m ,a))',
        '    |                 ^^^^^^',
      ].join('\n'),
    );
  });
});

function never(): never {
  throw new Error('the form is a list');
}
