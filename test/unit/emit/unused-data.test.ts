/** What a release image holds of the heap's tables. */
import { expect, it } from 'vitest';
import { leaveOutUnusedData } from '../../../scripting/emit/unused-data.ts';
import { Machine } from '../../../scripting/machine/index.ts';
import { loadHeap } from '../../../scripting/tools/index.ts';
import { imageOf } from '../tools/script.ts';

const release = (text: string) => imageOf(text, { mode: 'release' });

it('is what its code has a use for', async () => {
  const small = await release('(pub defn answer () : i64 42)');
  const letters = await release('(pub defn answer ((s : String)) : String (string-upcase s))');
  const digits = await release('(pub defn answer ((x : f64)) : String (str x))');
  expect(letters.wasm.length - small.wasm.length).toBeGreaterThan(7000);
  expect(digits.wasm.length - small.wasm.length).toBeGreaterThan(2000);
  expect((await Machine.create(small)).call('answer')).toBe(42);
  expect((await Machine.create(letters)).call('answer', 'straße, абв')).toBe('STRASSE, АБВ');
  expect((await Machine.create(digits)).call('answer', 0.1)).toBe('0.1');
});

it('is all of them for the whole heap: each table is named by its code', async () => {
  const heap = await loadHeap();
  expect(leaveOutUnusedData(heap)).toEqual(heap);
});

it('may be long', async () => {
  const long = 'a'.repeat(300_000);
  const image = await release(`(pub defn answer () : String "${long}")`);
  expect((await Machine.create(image)).call('answer')).toBe(long);
});
