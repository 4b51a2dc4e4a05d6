/** What `\\` and the characters after it mean in a string. */

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  '"': '"',
  '\\': '\\',
};

interface Escape {
  readonly value: string;
  /** Where the text goes on. */
  readonly end: number;
  /** What is wrong with it, and for how many characters from the `\\` on. */
  readonly problem?: { readonly message: string; readonly hint: string; readonly length: number };
}

/** The escape whose first character after the `\\` is at an offset. */
export function escapeAt(text: string, at: number): Escape {
  const character = text[at] ?? '';
  const plain = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined;
  if (plain !== undefined) return { value: plain, end: at + 1 };
  const unicode = /^u\{([\da-fA-F]{1,6})\}/.exec(text.slice(at, at + 9));
  if (unicode) {
    const end = at + unicode[0].length;
    const code = Number.parseInt(unicode[1] as string, 16);
    if (code <= 0x10ffff && (code < 0xd800 || code > 0xdfff))
      return { value: String.fromCodePoint(code), end };
    const message = 'this is not the number of a Unicode character';
    const hint = 'they go up to 10FFFF, without D800 to DFFF';
    return { value: '\uFFFD', end, problem: { message, hint, length: end - at + 1 } };
  }
  const hint = 'there are `\\n`, `\\t`, `\\r`, `\\0`, `\\"`, `\\\\` and `\\u{1F600}`';
  return { value: '', end: at, problem: { message: 'this escape means nothing', hint, length: 2 } };
}
