/** Characters that begin nothing here, and what other languages mean by them. */

/** What to write instead of what begins with such a character. */
export function characterHint(run: string): string | undefined {
  if (run.startsWith('|')) return '`or` is a word: `(or a b)`, and `(bit-or a b)` for bits';
  if (run.startsWith('#')) return 'a comment begins with `;`, and the truth values are `true` and `false`';
  if (run.startsWith('^')) return '`(pow x 2.0)` is a power, `(bit-xor a b)` works on bits';
  if (run.startsWith('~')) return '`(bit-not n)` turns all bits';
  if (run.startsWith('\\')) return 'a character is a string of length 1: `"a"`';
  if (run.startsWith('@')) return '`(deref a)` is what an atom holds';
  if (run.startsWith('\u201c') || run.startsWith('\u201d')) return 'a string stands between plain `"`';
  return undefined;
}
