/** What an arena reports in a release, where objects are not made that need not be. */
import { expect, test } from 'vitest';
import { imageOf, start } from './script.ts';

const TEXT = `(defstruct Spot (mut x : i64) (mut y : i64))
(defn area ((s : Spot)) : i64 (* (.x s) (.y s)))
(pub defn used () : i64
  (with-arena work
    (let ((mut sum 0)) (for (i 0 (< i 10)) (let ((s (Spot i i))) (set! sum (+ sum (area s))))) (arena-used work))))
(pub defn limited () : i64
  (with-arena (work :limit 4096)
    (let ((mut sum 0)) (for (i 0 (< i 100)) (let ((s (Spot i i))) (set! sum (+ sum (area s))))) sum)))`;

test('a release needs no more of an arena than development, and so keeps within its limit', async () => {
  const used: number[] = [];
  for (const mode of ['development', 'release'] as const) {
    const { machine } = await start(await imageOf(TEXT, { mode }));
    expect(machine.call('limited')).toBe(328350);
    used.push(Number(machine.call('used')));
  }
  const [inDevelopment = 0, inRelease = 0] = used;
  expect(inDevelopment).toBeGreaterThan(0);
  expect(inRelease).toBeLessThanOrEqual(inDevelopment);
});
