import { describe, expect, test } from 'vitest';
import { Diagnostics, print, read, render, Source } from '../../../scripting/syntax/index.ts';

function readText(text: string) {
  const diagnostics = new Diagnostics();
  const forms = read(new Source('test.slu', text), diagnostics);
  return { text: forms.map(print).join(' '), forms, codes: diagnostics.all.map((d) => d.code), diagnostics };
}

describe('forms', () => {
  test.each([
    ['(a b) [1 2] {:a 1}', '(a b) [1 2] {:a 1}'],
    ['1_000 0xff -7 +3', '1000 255 -7 3'],
    ['3.14 -0.5 1e10 2.0', '3.14 -0.5 10000000000.0 2.0'],
    ["(Fn ['a] 'b)", "(Fn ['a] 'b)"],
    ['(x : f64)', '(x : f64)'],
    ['1, 2,,3 ; comment\n4', '1 2 3 4'],
    ['true false', 'true false'],
    ['"a\\n\\t\\"\\\\\\u{1F600}"', '"a\\n\\t\\"\\\\😀"'],
    ['"a\r\n\r\nb\rc\\r\\n"', '"a\\n\\nb\\rc\\r\\n"'],
    ['.hp math.add *max* a->b x!', '.hp math.add *max* a->b x!'],
    ['(f x)?', '(f x)?'],
    ['(x ?)', '(x ?)'],
    ['(n (parse s) ?)', '(n (parse s)?)'],
    ['((f x)?)', '((f x)?)'],
    ['level?', 'level?'],
    ['(a,b)', '(a b)'],
    ['`(a ,b ,@c , d)', '`(a ,b ,@c d)'],
    ['(defmacro m (a, b) (if ,a ,@b))', '(defmacro m (a b) (if ,a ,@b))'],
    ['(pub defmacro m (a,b) (if ,a))', '(pub defmacro m (a b) (if ,a))'],
  ])('%s reads as %s', (text, printed) => {
    const result = readText(text);
    expect(result.codes).toEqual([]);
    expect(result.text).toBe(printed);
  });

  test('every form knows its place', () => {
    const [form] = readText('  (a "b"\n c)').forms;
    expect(form?.span).toMatchObject({ start: 2, end: 12 });
    expect(form?.kind === 'list' && form.items.map((i) => [i.span.start, i.span.end])).toEqual([
      [3, 4],
      [5, 8],
      [10, 11],
    ]);
  });
});

describe('errors', () => {
  test.each([
    ['(a (b)', 'unclosed', '(a (b))'],
    ['a) b', 'unmatched-close', 'a b'],
    ['(a [b) c', 'mismatched-close', '(a [b]) c'],
    ['"abc', 'unclosed-string', '"abc"'],
    ['"\\q"', 'bad-escape', '"q"'],
    ['"\\u{D800}"', 'bad-escape', '"\uFFFD"'],
    ['12ab', 'bad-number', '0'],
    ['1e999', 'bad-number', '0'],
    ['(a # b)', 'unexpected-character', '(a # b)'],
    ["(a ' b)", 'unexpected-character', '(a b)'],
    ['(`)', 'missing-form', '()'],
  ])('%s returns %s and goes on', (text, code, printed) => {
    const result = readText(text);
    expect(result.codes).toEqual([code]);
    expect(result.text).toBe(printed);
  });

  test('a form that is not closed ends before the next one in the first column', () => {
    const result = readText('(defn f (x)\n  (+ x 1)\n(defn g () 2)\n(defn h () (\n(defn i () 3)');
    expect(result.text).toBe('(defn f (x) (+ x 1)) (defn g () 2) (defn h () ()) (defn i () 3)');
    expect(result.codes).toEqual(['unclosed', 'unclosed']);
  });

  test('a string that is never closed is told where it probably begins, and nothing is told of what is after it', () => {
    const result = readText(
      '(defn f ()\n  (str "a" "b\n    c))\n(defn g ()\n  (len "it\'s"))\n(defn h ()\n  (len "x" "\\q"))',
    );
    expect(result.diagnostics.all.map(render).join('\n')).toBe(
      [
        'test.slu:2:12: error: this string is never closed [unclosed-string]',
        '  2 |   (str "a" "b',
        '    |            ^',
        '  hint: a `"` is missing, probably in this line',
      ].join('\n'),
    );
  });

  test('the report shows what is open and where it probably ends', () => {
    const result = readText('(defn f ()\n  (g 1)\n(defn g (x) x)\n');
    expect(result.diagnostics.all.map(render).join('\n')).toBe(
      [
        'test.slu:1:1: error: this is never closed [unclosed]',
        '  1 | (defn f ()',
        '    | ^',
        '  test.slu:3:1: it probably ends before this',
        '  3 | (defn g (x) x)',
        '    | ^',
        '  hint: a `)` is missing',
      ].join('\n'),
    );
  });

  test.each(['(', '[', '{', '`', '(`', '((('])('100,000 times %s is refused without overflow', (piece) => {
    const result = readText(piece.repeat(100_000));
    expect(result.codes.length).toBeGreaterThan(0);
  });

  test('nesting within the limit is read, beyond it is refused once', () => {
    expect(readText('('.repeat(200) + ')'.repeat(200)).codes).toEqual([]);
    expect(readText('('.repeat(10_000) + ')'.repeat(10_000)).codes).toEqual(['nesting-limit']);
  });
});

describe('a diagnostic in a very long line', () => {
  test('shows the part around it', () => {
    const { diagnostics } = readText(`${'a '.repeat(100)}12ab ${'b '.repeat(200)}`);
    const [, line = '', marks = ''] = render(diagnostics.all[0] ?? never()).split('\n');
    expect(line).toMatch(/^ {2}1 \| \.\.\.(a )+12ab (b )+b?\.\.\.$/);
    expect(line.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('12ab');
  });

  test('prefixes nest no deeper than brackets', () => {
    expect(readText(`${'`'.repeat(10_000)}a`).codes).toEqual(['nesting-limit']);
    expect(readText(`${'`('.repeat(5000)}a${')'.repeat(5000)}`).codes).toEqual(['nesting-limit']);
  });
});

function never(): never {
  throw new Error('there should be a diagnostic');
}
