/** Games that keep too much, planted: `sluice profile --heap` names the global and the field, and calls nothing a leak that is none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Recording } from '../../../../scripting/tools/profile/index.ts';
import { Workshop } from '../command.ts';

const workshop = new Workshop();

async function profile(game: string, script: string, frames: number, ...more: string[]) {
  workshop.write(`${game}/${game}.slu`, script);
  const json = workshop.path(`${game}.json`);
  const args = [join(workshop.folder, game), '--frames', `${frames}`, '--heap', '--json', json, ...more];
  const { code, out, error } = await workshop.sluice('profile', ...args);
  expect([code, error]).toEqual([0, '']);
  const { heap } = JSON.parse(readFileSync(json, 'utf8')) as Recording;
  if (heap === undefined) throw new Error('the recording has no heap');
  return { out, heap };
}

const LEAK = `(defstruct Event (name : String) (at : i64))
(defstruct Journal (mut events : (MutVec Event)))
(defglobal *journal* : Journal (Journal (mut-vec)))
(defglobal mut *steady* : (MutVec Event) (mut-vec))
(defglobal mut *frame* : i64 0)
(defn start () : Unit
  (for (i 0 (< i 100)) (push! *steady* (Event (str "steady " i) i))))
(defn frame ((dt : f64)) : Unit
  (inc! *frame*)
  (set! (nth *steady* 3) (Event (str "other " *frame*) 0))
  (for (i 0 (< i 5)) (push! (.events *journal*) (Event (str "hit " i) *frame*))))\n`;

it.each([[[]], [['--release']]])('a leak into a global is found with the way to it %j', async (options) => {
  const { out, heap } = await profile('leak', LEAK, 60, ...options);
  const [first, ...others] = heap.grown;
  expect(first).toMatchObject({ path: '*journal*.events[]', type: 'Event', counts: [100, 200, 300] });
  expect(others).toEqual([]);
  // Each event and its name, and its place in the vector.
  expect(first?.bytes).toBeGreaterThan(200 * (16 + 32 + 4));
  expect(out).toMatch(
    /^ {2}more from each to the next after frames 19, 39 and 59: .*\n {4}\*journal\*\.events\[\]: Event, 100, 200, 300 of them; \d+\.\d KB more/m,
  );
  expect(heap.largest[0]).toMatchObject({ path: '*journal*', type: 'Journal' });
  expect(heap.types.find(({ type }) => type === 'Event')).toMatchObject({ count: 400 });
});

it('what is made and dies, and a map that is full, are no leaks', async () => {
  const { out, heap } = await profile(
    'calm',
    `(defglobal mut *names* : (MutMap i64 String) (mut-map))
(defglobal mut *frame* : i64 0)
(defn start () : Unit (for (i 0 (< i 50)) (map-set! *names* i (str "name " i))))
(defn frame ((dt : f64)) : Unit
  (inc! *frame*)
  (map-set! *names* (mod *frame* 50) (str "frame " *frame*)))\n`,
    60,
  );
  expect(heap.grown).toEqual([]);
  expect(out).toContain('nothing has become more from each to the next after frames 19, 39 and 59');
  expect(heap.types.find(({ type }) => type === 'String')?.count).toBe(50);
});

it('a map that grows, and a vector of numbers that does, are named', async () => {
  const { heap } = await profile(
    'grows',
    `(defglobal mut *best* : (MutMap i64 String) (mut-map))
(defglobal mut *times* : (MutVec f64) (mut-vec))
(defglobal mut *frame* : i64 0)
(defn frame ((dt : f64)) : Unit
  (inc! *frame*)
  (for (i 0 (< i 40)) (push! *times* dt))
  (map-set! *best* *frame* (str "frame " *frame*)))\n`,
    60,
  );
  expect(heap.grown.map(({ path, type }) => `${path} ${type}`).sort()).toEqual([
    expect.stringMatching(/^\*best\*\.values.* String$/),
    expect.stringMatching(/^\*times\* /),
  ]);
});
