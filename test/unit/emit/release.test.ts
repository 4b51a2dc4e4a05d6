/** What Binaryen is told of a release image's functions. */
import { expect, test } from 'vitest';
import { patternsFor } from '../../../scripting/emit/release.ts';

/** As Binaryen reads patterns: `*` stands for any text. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}

test.each([
  [[], ['a', 'b']],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    ['heap/a', 'heap/b/c'],
    ['heap/a', 'heap/b/c', 'heap/b/d', 'game'],
  ],
  [['ab'], ['ab', 'abc']],
  [['abc'], ['ab', 'abc', 'abcd']],
  [
    ['heap/trace/mark', 'heap/trace/sweep', 'spin'],
    ['heap/trace/mark', 'heap/trace/sweep', 'heap/allocate', 'spin', 'sp'],
  ],
])('patterns for %j match no other of %j', (kept, names) => {
  const patterns = patternsFor(new Set(kept), names);
  expect(names.filter((name) => patterns.some((pattern) => matches(pattern, name)))).toEqual(kept);
  expect(patterns.length).toBeLessThanOrEqual(kept.length);
});
