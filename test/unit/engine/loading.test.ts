import { describe, expect, test } from 'vitest';
import { GapScheduler } from '../../../engine/gap/index.ts';
import { Loading, type LoadPhase, type Report } from '../../../engine/loading/index.ts';
import { HeadlessDriver, Loop } from '../../../engine/loop/index.ts';
import { FrameRecorder, Measure } from '../../../engine/profile/index.ts';
import { STATS_YOUNG_BYTES, SUPPRESSED } from '../../../scripting/heap/index.ts';
import { Machine } from '../../../scripting/machine/index.ts';
import { imageOf, MODES } from '../tools/script.ts';
import { FakeMachine, ManualClock } from './fake-machine.ts';

function setUp() {
  const clock = new ManualClock();
  const machine = new FakeMachine(clock);
  const recorder = new FrameRecorder(10);
  const loop = new Loop({ machine, clock, recorder, gap: new GapScheduler(clock, recorder) });
  return { machine, recorder, loop, loading: new Loading(loop, () => machine) };
}

describe('loading', () => {
  test('suppresses collection, then forces a moving one, and returns what was loaded', async () => {
    const { machine, loading } = setUp();
    const result = await loading.run(async () => {
      machine.calls.push('load');
      await Promise.resolve();
      return 42;
    });
    expect(result).toBe(42);
    expect(machine.calls).toEqual(['suppress', 'load', 'resume', 'force']);
    expect(machine.forced).toMatchObject([{ move: true, shrink: false }]);
  });

  test('lets frames draw but holds the script until the collection is done', async () => {
    const { machine, loop, loading } = setUp();
    loop.stage = { run: () => void machine.calls.push('stage') };
    await loading.run(() => loop.frame(0));
    expect(machine.calls).toEqual(['suppress', 'stage', 'resetFrame', 'resume', 'force']);
    loop.frame(16);
    expect(machine.calls.slice(5)).toEqual(['step', 'stage', 'resetFrame']);
  });

  test('passes an error on, with suppression undone and the script running again', async () => {
    const { machine, loop, loading } = setUp();
    const failing = loading.run(async () => {
      throw new Error('no such level');
    });
    await expect(failing).rejects.toThrow('no such level');
    expect(machine.calls).toEqual(['suppress', 'resume']);
    expect(loop.loading).toBe(false);
  });

  test('says how far it is from what the load reports, and never less than before', async () => {
    const { loading } = setUp();
    const seen: [LoadPhase, number][] = [];
    const load = (report: Report) => {
      for (const fraction of [0, 0.5, 0.25, 1]) report(fraction);
    };
    await loading.run(load, { onProgress: (phase, fraction) => seen.push([phase, fraction]) });
    expect(seen).toEqual([
      ['load', 0],
      ['load', 0.4],
      ['load', 0.4],
      ['load', 0.8],
      ['load', 0.8],
      ['mark', 0.9],
      ['move', 1],
    ]);
    await expect(loading.run((report) => report(1.5))).rejects.toThrow('is 0 to 1, not 1.5');
  });

  test('collects once for loads that overlap, when the last has ended', async () => {
    const { machine, loop, loading } = setUp();
    await loading.run(async () => {
      await loading.run(() => undefined, { shrink: true });
      expect(loop.loading).toBe(true);
    });
    expect(machine.calls).toEqual(['suppress', 'suppress', 'resume', 'resume', 'force']);
    expect(machine.forced).toMatchObject([{ move: true, shrink: true }]);
    await loading.run(() => undefined);
    expect(machine.forced[1]).toMatchObject({ shrink: false });
  });

  test('refuses what is no load, and options it does not have', async () => {
    const { machine, loading } = setUp();
    const wrong = loading.run as (load: unknown, options?: object) => Promise<unknown>;
    const refused = (load: unknown, options?: object) => expect(wrong.call(loading, load, options)).rejects;
    await refused('level').toThrow('loading needs a function that loads');
    await refused(() => 1, { bar: 1 }).toThrow('loading has no option `bar`; it has shrink and onProgress');
    await refused(() => 1, { shrink: 'yes' }).toThrow('`shrink` of loading is true or false, not yes');
    await refused(() => 1, { onProgress: 3 }).toThrow('`onProgress` of loading is a function, not 3');
    expect(machine.calls).toEqual([]);
  });
});

describe('collect', () => {
  test('is a forced collection of the machine', async () => {
    const { machine, loading } = setUp();
    expect(await loading.collect({ move: true })).toMatchObject({ kind: 'done' });
    expect(machine.forced).toEqual([{ move: true }]);
  });

  test('gives no memory back outside of a load; inside of one it is noted for its end', async () => {
    const { machine, loading } = setUp();
    await expect(loading.collect({ shrink: true })).rejects.toThrow(
      'memory can be given back while loading only',
    );
    await loading.run(async () => {
      expect(await loading.collect({ shrink: true })).toEqual({ kind: 'noted' });
    });
    expect(machine.forced).toMatchObject([{ move: true, shrink: true }]);
  });
});

test('a frame that comes while objects move is left out', () => {
  const { machine, recorder, loop } = setUp();
  machine.moving = true;
  loop.frame(0);
  expect(machine.calls).toEqual([]);
  expect(recorder.frames).toBe(0);
  machine.moving = false;
  loop.frame(16);
  expect(machine.calls).toEqual(['step', 'resetFrame']);
});

const LEVELS = `(defstruct Thing (mut id : i64) (name : String))
(defvalue Spot (x : f32) (y : f32))
(defglobal mut *level* : (MutVec Thing) (mut-vec))
(defglobal mut *spots* : (MutVec Spot) (mut-vec))
(defglobal mut *sum* : i64 0)
(pub defn load-level ((n : i64)) : Unit
  (set! *level* (mut-vec))
  (set! *spots* (mut-vec))
  (for (i 0 (< i n))
    (push! *level* (Thing i (str "thing " i)))
    (push! *spots* (Spot (f32 i) 1.0))))
(defn frame ((dt : f64)) : Unit
  (set! *sum* 0)
  (for-each (thing *level*) (set! *sum* (+ *sum* (.id thing)))))
(pub defn sum () : i64 *sum*)`;

describe.each(MODES)('a game without a page, in %s', (mode) => {
  test('loads a large level, then a small one, returns the memory back, and goes on', async () => {
    const machine = await Machine.create(await imageOf(LEVELS, { mode }));
    const driver = new HeadlessDriver(machine, { rate: 60 });
    const loading = new Loading(driver.loop, () => machine);
    const column = machine.column('*spots*');
    const size = () => machine.memory.buffer.byteLength;

    await loading.run((report) => {
      machine.call('load-level', 200_000);
      report(1);
    });
    driver.run(10);
    expect(machine.call('sum')).toBe((200_000 * 199_999) / 2);
    const large = size();

    await loading.run(
      () => {
        expect(machine.statistic(SUPPRESSED)).toBe(1);
        machine.call('load-level', 1000);
      },
      { shrink: true },
    );
    expect(machine.statistic(STATS_YOUNG_BYTES)).toBe(0);
    expect(size()).toBeLessThan(large / 4);
    const recorder = driver.run(20);
    expect(machine.call('sum')).toBe((1000 * 999) / 2);
    expect(recorder.read(Measure.MEMORY)).toBe(size());
    column.locate();
    expect([column.length, machine.views.f32[(column.address + 999 * 8) >>> 2]]).toEqual([1000, 999]);
    expect(machine.verify()).toBeUndefined();

    await loading.run(() => void machine.call('load-level', 200_000));
    driver.run(10);
    expect(machine.call('sum')).toBe((200_000 * 199_999) / 2);
    expect(machine.verify()).toBeUndefined();
  });
});
