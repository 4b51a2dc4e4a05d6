/**
 * Ten thousand frames (in the long run a hundred thousand) leave nothing after: what is alive at the end is what was alive at
 * the beginning, and memory does not grow any more.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { HeadlessDriver } from '../../../engine/loop/index.ts';
import { Measure, summarise } from '../../../engine/profile/index.ts';
import { STATS_LIVE_BYTES } from '../../../scripting/heap/index.ts';
import { Machine } from '../../../scripting/machine/index.ts';
import { Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';

/** Works in the frame's arena in every frame, and never comes to rest. */
const CIRCLES = new URL('../../bench/programs/circles.slu', import.meta.url);

/** Every frame replaces some of its objects and makes others that only live for a while. */
const CHURN = `
(defstruct Item (mut name : String) (mut next : (MutVec Item)) (age : i64))
(defglobal mut *items* : (MutVec Item) (mut-vec))
(defglobal mut *tick* : i64 0)
(defn item ((n : i64)) : Item (Item (str "item " n) (mut-vec) n))
(defn start () : Unit (for (i 0 (< i 1000)) (push! *items* (item i))))
(defn frame ((dt : f64)) : Unit
  (set! *tick* (+ *tick* 1))
  (for (k 0 (< k 50))
    (let ((i (mod (+ (* *tick* 7) (* k 13)) 1000)) (new (item i)))
      (push! (.next new) (item 0))
      (set! (nth *items* i) new)
      (set! (.name new) (str "item " (+ 1000 i)))))
  LEAK)`;

const LEAK = '(push! (.next (nth *items* 0)) (item *tick*)) (push! *lost* (item *tick*))';
const LOST = '(defglobal mut *lost* : (MutVec Item) (mut-vec))';

const FRAMES = process.env.SLUICE_LONG === '1' ? 100_000 : 10_000;
const EARLY = 1_000;

/** Bytes that are alive after a forced collection early on and at the end, and what memory came to. */
async function liveBytes(text: string, prepare: (machine: Machine) => void = () => {}) {
  const { image, diagnostics } = await compile([new Source('run.slu', text)], { mode: 'release' });
  if (image === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  const machine = await Machine.create(image, { output: () => {} });
  machine.call('start');
  prepare(machine);
  // A soft limit so near that there are several cycles in a run.
  const driver = new HeadlessDriver(machine, { rate: 60, capacity: FRAMES, gap: { softLimit: 4 << 20 } });
  driver.run(EARLY);
  machine.collect();
  const early = machine.statistic(STATS_LIVE_BYTES);
  const recorder = driver.run(FRAMES - EARLY);
  const summary = summarise(recorder);
  const memory = recorder.series(Measure.MEMORY);
  const growth = (memory.at(-1) ?? 0) - (memory[FRAMES / 2] ?? 0);
  machine.collect();
  expect(machine.verify()).toBeUndefined();
  return { early, late: machine.statistic(STATS_LIVE_BYTES), summary, growth };
}

describe(`after ${FRAMES} frames as many bytes are alive as after ${EARLY}`, () => {
  test('in a simulation of circles', async () => {
    const { early, late, summary } = await liveBytes(readFileSync(CIRCLES, 'utf8'), (machine) => {
      machine.call('set-body-count', 150);
    });
    expect(late).toBe(early);
    expect(summary.errors).toBe(0);
    expect(summary.collectionsInFrame).toBe(0);
  });

  test('in a script that keeps replacing objects', async () => {
    const { early, late, summary, growth } = await liveBytes(CHURN.replace('LEAK', ''));
    expect(late).toBe(early);
    // At most the smallest step that memory grows by.
    expect(growth).toBeLessThanOrEqual(1 << 20);
    expect(early).toBeGreaterThan(0);
    expect(summary.collections).toBeGreaterThan(0);
    expect(summary.collectionsInFrame).toBe(0);
  });

  test('but not where a leak is planted', async () => {
    const { early, late } = await liveBytes(LOST + CHURN.replace('LEAK', LEAK));
    expect(late).toBeGreaterThan(early);
  });
});

/** What is made anew in each frame, and something small that stays a while. */
const BESIDE = (made: string, stays: string): string => `
(defstruct Item (mut name : String) (age : i64))
(defglobal mut *texts* : (MutVec String) (mut-vec))
(defglobal mut *items* : (MutVec Item) (mut-vec))
(defglobal mut *found* : (Vector i64) [])
(defglobal mut *rows* : (MutVec (MutVec i64)) (mut-vec))
(defglobal mut *tick* : i64 0)
(defn frame ((dt : f64)) : Unit
  (set! *tick* (+ *tick* 1))
  ${made}
  ${stays}
  (while (> (len *texts*) 10) (remove-at! *texts* 0))
  (while (> (len *items*) 50) (remove-at! *items* 0)))`;

const FILTERED = '(set! *found* (filter (fn (x) (> x 10)) (range 0 4000)))';
const PUSHED = `(let ((row (mut-vec))) (for (i 0 (< i 3000)) (push! row i)) (push! *rows* row)
  (while (> (len *rows*) 2) (remove-at! *rows* 0)))`;
const TEXT = '(push! *texts* (str "frame " *tick*))';
const ITEMS = '(for (i 0 (< i 3)) (push! *items* (Item (str "item " i) *tick*)))';

describe('memory does not fill up with holes', () => {
  test.each([
    ['a vector beside a text', FILTERED, TEXT],
    ['a vector beside some objects', FILTERED, ITEMS],
    ['a vector that grows, beside a text', PUSHED, TEXT],
    ['all of that', FILTERED + PUSHED, TEXT + ITEMS],
  ])('%s', async (_, made, stays) => {
    const source = new Source('beside.slu', BESIDE(made, stays));
    const { image, diagnostics } = await compile([source], { mode: 'release' });
    if (image === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));
    const machine = await Machine.create(image, { output: () => {} });
    const recorder = new HeadlessDriver(machine, { rate: 60, capacity: 8000 }).run(8000);
    // Some 20 MiB; more where other programs take the gaps' time. Filled with holes it would be hundreds.
    expect(Math.max(...recorder.series(Measure.MEMORY))).toBeLessThan(40 << 20);
    expect(summarise(recorder).collectionsInFrame).toBe(0);
    expect(machine.verify()).toBeUndefined();
  });
});
