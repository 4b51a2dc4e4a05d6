/**
 * The TextMate grammar for editors. vscode-textmate is not among the project's packages; the grammar keeps to patterns
 * that JavaScript and Oniguruma read alike, and a small tokeniser here applies them as TextMate does: at each place
 * the leftmost match wins, the first pattern among equals.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LANGUAGE_FORMS } from '../../../scripting/syntax/index.ts';
import { conformancePrograms } from '../../conformance/program.ts';

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly Rule[];
}

const FOLDER = new URL('../../../scripting/tools/vscode/', import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8'));
const grammar = json('syntaxes/sluice.tmLanguage.json') as Rule & {
  readonly scopeName: string;
  readonly repository: Readonly<Record<string, Rule>>;
};

/** Every pattern of a rule, with what it includes. */
function flat(rule: Rule): readonly Rule[] {
  if (rule.include !== undefined) return flat(grammar.repository[rule.include.slice(1)] ?? {});
  if (rule.match !== undefined || rule.begin !== undefined) return [rule];
  return (rule.patterns ?? []).flatMap(flat);
}

const RULES = flat(grammar);
const patterns = new Map<string, RegExp>();

/** Compiled once: there are as many tries as there are words. */
function regex(source: string): RegExp {
  const known = patterns.get(source) ?? new RegExp(source, 'dgu');
  patterns.set(source, known);
  return known;
}

interface Token {
  readonly text: string;
  readonly scope: string;
}

/** The tokens of a text; throws where something is left over that is no white space. */
function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  let open: Rule | undefined;
  for (const line of text.split('\n')) {
    let at = 0;
    while (at < line.length) {
      const rules: readonly Rule[] =
        open === undefined ? RULES : [{ match: open.end ?? '' }, ...(open.patterns ?? []).flatMap(flat)];
      const hit = leftmost(rules, line, at);
      const until = hit?.match.index ?? line.length;
      const between = line.slice(at, until);
      if (open !== undefined) found.push({ text: between, scope: open.name ?? '' });
      else if (!/^[\s,]*$/.test(between)) throw new Error(`nothing colours \`${between}\` in: ${line}`);
      if (hit === undefined) break;
      const { rule, match } = hit;
      at = match.index + match[0].length;
      if (rule.begin !== undefined) {
        open = rule;
        found.push({ text: match[0], scope: rule.name ?? '' });
      } else if (open !== undefined && rule === rules[0]) {
        found.push({ text: match[0], scope: open.name ?? '' });
        open = undefined;
      } else if (rule.captures !== undefined) {
        for (const [group, { name }] of Object.entries(rule.captures))
          if (match[Number(group)] !== undefined)
            found.push({ text: (match[Number(group)] as string).trim(), scope: name });
      } else found.push({ text: match[0], scope: rule.name ?? '' });
    }
  }
  if (open !== undefined) throw new Error('a string is still open at the end');
  return found;
}

function leftmost(
  rules: readonly Rule[],
  line: string,
  at: number,
): { rule: Rule; match: RegExpExecArray } | undefined {
  let best: { rule: Rule; match: RegExpExecArray } | undefined;
  for (const rule of rules) {
    const pattern = regex(rule.match ?? rule.begin ?? '');
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match !== null && (best === undefined || match.index < best.match.index)) best = { rule, match };
  }
  return best;
}

/** The scope of a word in a text, without the language's name. */
const scopeOf = (text: string, word: string): string | undefined =>
  tokens(text)
    .find((token) => token.text === word)
    ?.scope.replace(/\.sluice$/, '');

describe('the grammar', () => {
  it('gives each part of a script its scope', () => {
    const text = `(pub defn hit! ((enemy : Enemy) (mut by : i64)) : Unit ; takes hp
  "Says \\"ouch\\\\n\\" to {}."
  (let ((x (load path)?) (f (fn (v) (.hp v))))
    (set! *score* (-> enemy .hp (+ 0x1f -2.5e3)))
    (if true (println :left) \`(do ,x ,@xs))))
(defclass (Area 'a) (area : (Fn ['a] f64)))
(defglobal mut *score* : i64 0)
(defglobal frame *seen* : i64 0)`;
    const scopes = (word: string) => scopeOf(text, word);
    expect(
      [
        ...[
          'defn',
          'pub',
          'hit!',
          'Enemy',
          'mut',
          'i64',
          ':',
          '; takes hp',
          '\\\\',
          'let',
          '?',
          '.hp',
          'set!',
          '->',
        ],
        ...[
          '+',
          '0x1f',
          '-2.5e3',
          'true',
          'println',
          ':left',
          '`',
          ',',
          ',@',
          'defclass',
          "'a",
          'x',
          '(',
          '{}',
          'frame',
        ],
      ].map((word) => `${word} ${scopes(word)}`),
    ).toEqual([
      'defn keyword.other.definition',
      'pub keyword.other.definition',
      'hit! entity.name.function',
      'Enemy entity.name.type',
      'mut storage.modifier',
      'i64 support.type',
      ': punctuation.separator.type',
      '; takes hp comment.line.semicolon',
      '\\\\ constant.character.escape',
      'let keyword.control',
      '? keyword.operator.try',
      '.hp variable.other.member',
      'set! keyword.control',
      '-> keyword.operator.threading',
      '+ keyword.operator',
      '0x1f constant.numeric',
      '-2.5e3 constant.numeric',
      'true constant.language',
      'println entity.name.function.call',
      ':left constant.other.keyword',
      '` keyword.operator.quote',
      ', keyword.operator.quote',
      ',@ keyword.operator.quote',
      'defclass keyword.other.definition',
      "'a entity.name.type.parameter",
      'x variable.other',
      '( punctuation.section',
      '{} constant.other.placeholder',
      'frame storage.modifier',
    ]);
  });

  it.each([...LANGUAGE_FORMS.keys()])('colours the form %s', (name) => {
    const [, token] = tokens(`(${name} x y)`);
    expect(token?.text).toBe(name);
    expect(token?.scope).toMatch(/^keyword\./);
  });

  it('colours no word that only begins like a form', () => {
    expect(scopeOf('(lettuce x)', 'lettuce')).toBe('entity.name.function.call');
    expect(scopeOf('(do-it x)', 'do-it')).toBe('entity.name.function.call');
    expect(scopeOf('(f if-x level?)', 'level?')).toBe('variable.other');
  });

  it('finds its way through every script of the suite', () => {
    for (const { source, modules } of conformancePrograms(
      fileURLToPath(new URL('../../conformance/', import.meta.url)),
    ))
      for (const { name, text } of [source, ...modules])
        if (!/unclosed-string|characters/.test(name)) expect(() => tokens(text), name).not.toThrow();
  });
});

describe('the editor’s folder', () => {
  const manifest = json('package.json') as {
    contributes: {
      languages: { id: string; extensions: string[]; configuration: string }[];
      grammars: { language: string; scopeName: string; path: string }[];
    };
  };

  it('names files that are there', () => {
    const { languages, grammars } = manifest.contributes;
    expect(languages.map(({ id, extensions }) => [id, extensions])).toEqual([['sluice', ['.slu']]]);
    expect(grammars.map(({ language, scopeName }) => [language, scopeName])).toEqual([
      ['sluice', grammar.scopeName],
    ]);
    for (const path of [...languages.map((l) => l.configuration), ...grammars.map((g) => g.path)])
      expect(existsSync(new URL(path, FOLDER)), path).toBe(true);
  });

  it('has patterns that are regular expressions', () => {
    const { wordPattern, indentationRules } = json('language-configuration.json') as {
      wordPattern: string;
      indentationRules: Readonly<Record<string, string>>;
    };
    for (const pattern of [wordPattern, ...Object.values(indentationRules)])
      expect(() => regex(pattern), pattern).not.toThrow();
    const indents = (line: string) =>
      new RegExp(indentationRules.increaseIndentPattern ?? '', 'u').test(line);
    expect(['(defn f ((x : i64))', '  (let ((x 1)', '(f x) (g'].map(indents)).toEqual([true, true, true]);
    expect(['(defn f (x) 1)', '  (f (g x)))', 'x', '; ('].map(indents)).toEqual([false, false, false, false]);
  });
});
