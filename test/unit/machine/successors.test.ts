/** Whose place a function takes in a new version. */
import { describe, expect, it } from 'vitest';
import type { KeptFunction } from '../../../scripting/image/index.ts';
import { successors } from '../../../scripting/machine/function-values.ts';

/** `a b` are functions with these texts in one function, `a:place` one that stands elsewhere, or captures something else. */
const functions = (text: string): KeptFunction[] =>
  text.split(' ').flatMap((word) => {
    if (word === '') return [];
    const [own = '', place = 'here'] = word.split(':');
    return { place, text: own, name: own, type: '(Fn [] Unit)', captures: [], needs: 0 };
  });

/** What takes the place of each, by texts. */
function after(was: string, is: string): string {
  const next = functions(is);
  return successors(functions(was), next)
    .map((slot) => (slot === undefined ? '-' : next[slot]?.text))
    .join(' ');
}

describe.each([
  ['a', 'a', 'a', 'the same'],
  ['a', 'A', 'A', 'changed'],
  ['a b', 'b a', 'a b', 'swapped'],
  ['a b', 'A B', 'A B', 'both changed'],
  ['a b', 'b A', '- b', 'one gone before another, one new after it'],
  ['a b', 'b', '- b', 'one gone before another'],
  ['a b', 'B', '- -', 'one gone, the other changed'],
  ['a b', 'c a B', 'a B', 'one new before, the last changed'],
  ['a b', 'c a b', 'a b', 'one new before'],
  ['a b c', 'a B c', 'a B c', 'changed between two'],
  ['a b c', 'a x B c', 'a - c', 'one new beside a changed one'],
  ['a b c', 'c B a', 'a - c', 'changed between two that are swapped'],
  ['a a', 'a a', 'a a', 'two of one text'],
  ['a a b', 'a b', 'a - b', 'one of two of one text gone'],
  ['a:x', 'a:y', '-', 'somewhere else'],
  ['a:x a:y', 'a:y a:x', 'a a', 'of one text, with other captures'],
  ['', 'a', '', 'none before'],
])('%s -> %s', (was, is, expected, text) => {
  it(`becomes ${expected}: ${text}`, () => {
    expect(after(was, is)).toBe(expected);
  });
});
