/**
 * Characters that begin nothing here, and what other languages mean by them. What is a comment or a string there is one mistake: its
 * text is not looked at.
 */
import { endOfName, isNameCharacter, isWhiteSpace } from './characters.ts';

/** Something that means nothing here. */
interface Piece {
  readonly kind: 'comment' | 'string' | 'word';
  readonly end: number;
  /** What is refused of it: it begins with that. */
  readonly shown: string;
  readonly hint: string | undefined;
  /** What a string's author meant it to be. */
  readonly string?: string;
}

/**
 * What begins at an offset, if it means nothing. `outside` of all brackets more is a comment; inside, what stands after something else in
 * its line is one where the text `fits` together without what is up to its end.
 */
export function foreignPiece(
  text: string,
  at: number,
  outside: boolean,
  fits: (end: number) => boolean,
): Piece | undefined {
  const comment = endOfForeignComment(text, at, outside, fits);
  if (comment !== undefined) {
    const shown = text[at] === '#' ? '#' : text.slice(at, at + 2);
    return { kind: 'comment', end: comment, shown, hint: 'a comment begins with `;`' };
  }
  const string = endOfForeignString(text, at);
  if (string !== undefined) {
    const shown = text.slice(at, string);
    return { kind: 'string', end: string, shown, hint: characterHint(shown), string: shown.slice(1, -1) };
  }
  const lambda = endOfForeignFunction(text, at);
  if (lambda !== undefined)
    return {
      kind: 'word',
      end: lambda,
      shown: text.slice(at, lambda),
      hint: 'a function without a name is `(fn (x) ...)`',
    };
  const word = endOfHole(text, at) ?? endOfStray(text, at);
  const shown = text.slice(at, word);
  return word === at ? undefined : { kind: 'word', end: word, shown, hint: characterHint(shown) };
}

/** Where a run of characters ends that belong nowhere, with the word that they touch: `#t`, `\\a`. */
function endOfStray(text: string, from: number): number {
  let at = from;
  for (let code = text.codePointAt(at); code !== undefined; code = text.codePointAt(at)) {
    const character = String.fromCodePoint(code);
    if (isWhiteSpace(character) || isNameCharacter(character) || '()[]{}";`\':'.includes(character)) break;
    at += character.length;
  }
  return at === from ? at : endOfName(text, at);
}

/** What to write instead of what begins with such a character. */
function characterHint(run: string): string | undefined {
  if (run.startsWith('|')) return '`or` is a word: `(or a b)`, and `(bit-or a b)` for bits';
  if (run.startsWith('#')) return 'a comment begins with `;`, and the truth values are `true` and `false`';
  if (run.startsWith('^')) return '`(pow x 2.0)` is a power, `(bit-xor a b)` works on bits';
  if (run.startsWith('~'))
    return '`(bit-not n)` turns all bits; in a template `,x` is what a macro is given as `x`';
  if (run.startsWith('$') || run.startsWith('`')) return TEXT;
  if (run.startsWith('\\')) return 'a character is a string of length 1: `"a"`';
  if (run.startsWith('@')) return '`(deref a)` is what an atom holds';
  if (/^['\u2018-\u201f\u00ab\u00bb]/.test(run)) return 'a string stands between plain `"`';
  return undefined;
}

const TEXT = 'a string stands between `"`; `(format "{} has {} hp" name hp)` fills values in';

/** `${x}`: a value in a text. */
function endOfHole(text: string, at: number): number | undefined {
  return after(/\$\{[^{}\n]{0,200}\}/y, text, at);
}

/** Where `#(+ % 1)` and `|x| (+ x 1)` end: functions without a name. */
function endOfForeignFunction(text: string, at: number): number | undefined {
  const start = after(/#(?=\()|\|[^|()\n]{1,60}\|[ \t]*/y, text, at);
  if (start === undefined || text[start] !== '(') return start;
  let depth = 0;
  for (let end = start; end - at < MOST_CHARACTERS && text[end] !== '\n'; end++) {
    if (text[end] === '(') depth++;
    if (text[end] === ')' && --depth === 0) return end + 1;
  }
  return undefined;
}

/** Where a match that begins at an offset ends. */
function after(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Quotes of other languages, and of text programs, with what closes them. */
const QUOTES: Readonly<Record<string, string>> = {
  '`': '`',
  "'": "'",
  '\u2018': "\u2019'",
  '\u201a': '\u2018\u2019',
  '\u201c': '\u201d\u201c"',
  '\u201d': '\u201d"',
  '\u201e': '\u201c\u201d"',
  '\u00ab': '\u00bb',
};

/** Whether as many brackets open in a text as close. */
function isClosed(text: string): boolean {
  return (text.match(/[([{]/g)?.length ?? 0) === (text.match(/[)\]}]/g)?.length ?? 0);
}

/** Longer strings are not looked for: an input costs no more than its length. */
const MOST_CHARACTERS = 200;

/** Where a string between other quotes ends, in the same line; undefined where none begins. */
function endOfForeignString(text: string, at: number): number | undefined {
  const opening = text[at] ?? '';
  const closing = Object.hasOwn(QUOTES, opening) ? (QUOTES[opening] as string) : '';
  if (closing === '') return undefined;
  for (let end = at + 1; end - at < MOST_CHARACTERS && text[end] !== '\n'; end++)
    if (closing.includes(text[end] ?? '\n')) {
      // `'a 'b`: two type variables; and a backquote in front of a form begins a template.
      const isName = opening === "'" && isNameCharacter(String.fromCodePoint(text.codePointAt(end + 1) ?? 0));
      const isTemplate =
        opening === '`' && (/[^\s)\]}]/.test(text[end + 1] ?? ' ') || !isClosed(text.slice(at + 1, end)));
      return isName || isTemplate ? undefined : end + 1;
    }
  return undefined;
}

/**
 * Where a comment of another language ends; undefined where none begins. `#` begins one in front of a blank and at the beginning of a
 * line; `//` and `/*`, which could be names, at the beginning of a line and between top-level forms.
 */
function endOfForeignComment(
  text: string,
  at: number,
  outside: boolean,
  fits: (end: number) => boolean,
): number | undefined {
  const [, sign, after = ''] = /^(#|\/\/|\/\*)(.?)/su.exec(text.slice(at, at + 4)) ?? [];
  if (sign === undefined) return undefined;
  const isFirst = isFirstOfLine(text, at);
  const isBlank = /^\s?$/.test(after);
  if (sign === '#' ? !isBlank && !isFirst : !outside && !(isFirst && isBlank)) return undefined;
  const closing = text.indexOf(sign === '/*' ? '*/' : '\n', at);
  const end = closing < 0 ? text.length : sign === '/*' ? closing + 2 : closing;
  return outside || isFirst || fits(end) ? end : undefined;
}

function isFirstOfLine(text: string, at: number): boolean {
  let before = at - 1;
  while (text[before] !== '\n' && isWhiteSpace(text[before] ?? '')) before--;
  return before < 0 || text[before] === '\n';
}
