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
  const powers = await release('(pub defn answer ((x : f64)) : f64 (+ (exp x) (pow 2.0 x)))');
  const digits = await release('(pub defn answer ((x : f64)) : String (str x))');
  expect(letters.wasm.length - small.wasm.length).toBeGreaterThan(7000);
  expect(powers.wasm.length - small.wasm.length).toBeGreaterThan(2000);
  const turns = await release('(pub defn answer ((x : f64)) : f64 (+ (sin x) (cos x)))');
  expect(powers.wasm.length - turns.wasm.length).toBeGreaterThan(2000);
  expect(digits.wasm.length - small.wasm.length).toBeGreaterThan(2000);
  expect((await Machine.create(small)).call('answer')).toBe(42);
  expect((await Machine.create(letters)).call('answer', 'straße, абв')).toBe('STRASSE, АБВ');
  expect((await Machine.create(powers)).call('answer', 1)).toBe(Math.E + 2);
  expect((await Machine.create(turns)).call('answer', 0)).toBe(1);
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

it('is nothing that looks the heap through, where nobody will', async () => {
  const script = '(pub defn answer () : (Vector i64) (map (fn (n) (* n n)) (range 0 4)))';
  const whole = await release(script);
  const finished = await imageOf(script, { mode: 'release', verifier: false });
  expect(whole.wasm.length - finished.wasm.length).toBeGreaterThan(5000);
  const machine = await Machine.create(finished);
  expect(machine.call('answer')).toEqual([0, 1, 4, 9]);
  expect(() => machine.verify()).toThrow('this image has no verifier');
  expect((await Machine.create(whole)).verify()).toBeUndefined();
});
