/** Suppression: nested from host and script, its debt shown, the hard limit kept. */
import { describe, expect, test } from 'vitest';
import { HeadlessDriver } from '../../../engine/loop/index.ts';
import { Measure, summarise } from '../../../engine/profile/index.ts';
import { STATS_COLLECTIONS_MID_RUN, SUPPRESSED } from '../../../scripting/heap/index.ts';
import { Machine } from '../../../scripting/machine/index.ts';
import { Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { ManualClock } from './fake-machine.ts';

const MEGABYTE = 1 << 20;

/** About 96 KB of garbage a frame; `nested` counts how deep it is inside two blocks of its own. */
const GARBAGE = `
(defstruct Spark (x : f64) (y : f64) (next : (Option Spark)))
(defglobal mut *last* : (Option Spark) None)
(defn sparks ((n : i64)) : Unit
  (for (i 0 (< i n)) (set! *last* (Some (Spark 1.0 2.0 None)))))
(pub defn frame ((dt : f64)) : Unit (sparks 3000))
(pub defn nested () : Unit
  (without-collection (sparks 10) (without-collection (sparks 20000) (depth)) (sparks 20000) (depth))
  (depth))
(pub defn fails () : Unit (without-collection (without-collection (error "on purpose"))))
(extern "test" (defn depth () : Unit))`;

async function setUp(hardLimit = 64 * MEGABYTE) {
  const { image, diagnostics } = await compile([new Source('sparks.slu', GARBAGE)], { mode: 'release' });
  if (image === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  const depths: number[] = [];
  const failures: string[] = [];
  const machine: Machine = await Machine.create(image, {
    hardLimit,
    host: { test: { depth: () => void depths.push(machine.statistic(SUPPRESSED)) } },
    onFailure: ({ error }) => failures.push(error.message),
  });
  const driver = new HeadlessDriver(machine, { clock: new ManualClock() });
  return { machine, driver, depths, failures };
}

describe('while collection is suppressed', () => {
  test('nothing is collected in any gap until as many resumes have followed, and the profile shows the debt', async () => {
    const { machine, driver } = await setUp();
    const slices = (frames: number) => {
      driver.run(frames);
      return driver.loop.recorder.series(Measure.SLICES).slice(-frames);
    };
    expect(slices(20).some((count) => count > 0)).toBe(true);
    machine.suppress();
    machine.suppress();
    expect(Math.max(...slices(40))).toBe(0);
    const { recorder } = driver.loop;
    expect(recorder.read(Measure.SUPPRESSED)).toBe(2);
    expect(recorder.read(Measure.SUPPRESSED_BYTES)).toBeGreaterThan(
      recorder.read(Measure.SUPPRESSED_BYTES, 20) + MEGABYTE,
    );
    machine.resume();
    expect(Math.max(...slices(10))).toBe(0);
    expect(recorder.read(Measure.SUPPRESSED)).toBe(1);
    machine.resume();
    expect(slices(2)[0]).toBeGreaterThan(0);
    expect(recorder.read(Measure.SUPPRESSED)).toBe(0);
    expect(recorder.read(Measure.SUPPRESSED_BYTES)).toBe(0);
    expect(summarise(recorder)).toMatchObject({ suppressed: 2 });
    expect(machine.verify()).toBeUndefined();
  });

  test('blocks of a script nest in one another and in what the host has suppressed', async () => {
    const { machine, depths } = await setUp();
    machine.call('nested');
    machine.suppress();
    machine.call('nested');
    expect(depths).toEqual([2, 1, 0, 3, 2, 1]);
    machine.resume();
    expect(machine.statistic(SUPPRESSED)).toBe(0);
  });

  test('a block that fails leaves only itself', async () => {
    const { machine } = await setUp();
    machine.suppress();
    expect(() => machine.call('fails')).toThrow('on purpose');
    expect(machine.statistic(SUPPRESSED)).toBe(1);
  });

  test('the hard limit is kept: the frame fails with a clear error, and the game goes on when collection may', async () => {
    const { machine, driver, failures } = await setUp(8 * MEGABYTE);
    machine.suppress();
    const summary = summarise(driver.run(200));
    expect(failures).toEqual([
      expect.stringMatching(/^out of memory: \d+ bytes more would pass the limit of 8388608 bytes/),
    ]);
    expect(summary.collections).toBe(0);
    expect(machine.statistic(STATS_COLLECTIONS_MID_RUN)).toBe(0);
    expect(machine.memory.buffer.byteLength).toBeLessThanOrEqual(8 * MEGABYTE);
    expect(machine.verify()).toBeUndefined();
    machine.resume();
    driver.run(3);
    const { recorder } = driver.loop;
    expect([0, 1].map((ago) => recorder.read(Measure.ERRORS, ago))).toEqual([0, 0]);
    expect(machine.verify()).toBeUndefined();
  });
});
