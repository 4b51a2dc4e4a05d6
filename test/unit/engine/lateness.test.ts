/** Which frames are late and whose doing it is: on a clock that is moved by hand, which timestamps are of as well. */
import { describe, expect, test, vi } from 'vitest';
import { GapScheduler } from '../../../engine/gap/index.ts';
import { Stretches } from '../../../engine/gap/stretches.ts';
import { FrameInterval, HeadlessDriver, Loop } from '../../../engine/loop/index.ts';
import { Culprit, FrameRecorder, Measure } from '../../../engine/profile/index.ts';
import { FORCED_STAGE } from '../../../scripting/heap/index.ts';
import { Machine } from '../../../scripting/machine/index.ts';
import { imageOf, MODES } from '../tools/script.ts';
import { FakeMachine, ManualClock } from './fake-machine.ts';

const INTERVAL = 16;

/** It says at the beginning of each gap that there is something to do, so that a slice may come at any time. */
class EagerMachine extends FakeMachine {
  override gapSlice(work: number): boolean {
    return work === 0 || super.gapSlice(work);
  }
}

function setUp(interval = new FrameInterval(INTERVAL)) {
  const clock = new ManualClock();
  const machine = new EagerMachine(clock);
  const recorder = new FrameRecorder(100);
  const loop = new Loop({ machine, clock, recorder, gap: new GapScheduler(clock, recorder), interval });
  return {
    clock,
    machine,
    recorder,
    loop,
    /** The browser calls for the frame of a refresh, at that moment or when the clock is beyond it; its script takes so long. */
    frame(timestamp: number, script: number): void {
      clock.time = Math.max(clock.time, timestamp);
      machine.stepTime = script;
      loop.frame(timestamp);
    },
    /** A slice begins at a moment and takes so long. */
    slice(begin: number, takes: number): void {
      clock.time = Math.max(clock.time, begin);
      machine.statistics.set(FORCED_STAGE, 1);
      machine.due = 1;
      machine.timePerThousand = takes * 1000;
      loop.turn();
      machine.statistics.set(FORCED_STAGE, 0);
    },
    /** What was recorded of the newest frame, or one before. */
    found(ago = 0) {
      const read = (measure: Measure) => recorder.read(measure, ago);
      return {
        start: read(Measure.START),
        by: read(Measure.START_BY),
        end: read(Measure.END),
        collector: read(Measure.COLLECTOR_DELAY),
        late: read(Measure.LATE),
        missedBy: read(Measure.MISSED_BY),
      };
    },
  };
}

const IN_TIME = { late: 0, missedBy: Culprit.NOBODY };

describe('a frame', () => {
  test('is in time up to its deadline', () => {
    const { frame, found } = setUp();
    frame(0, 16);
    expect(found()).toEqual({ start: 0, by: Culprit.NOBODY, end: 16, collector: 0, ...IN_TIME });
  });

  test('of 23 ms is late, though all timestamps are on the grid of refreshes', () => {
    const { frame, found, recorder } = setUp();
    frame(0, 5);
    frame(16, 23);
    expect(found()).toMatchObject({ end: 23, late: 1, missedBy: Culprit.SCRIPT });
    frame(32, 5);
    expect(found()).toEqual({ start: 7, by: Culprit.FRAME_BEFORE, end: 12, collector: 0, ...IN_TIME });
    frame(48, 5);
    expect(found()).toMatchObject({ start: 0, by: Culprit.NOBODY, end: 5, ...IN_TIME });
    expect([...recorder.series(Measure.INTERVAL)]).toEqual([0, 16, 16, 16]);
  });

  test('is in time where the timestamps skip a refresh, and its work did not', () => {
    const { frame, found } = setUp();
    frame(0, 5);
    frame(16, 5);
    frame(48, 5);
    expect(found(1)).toMatchObject(IN_TIME);
    expect(found()).toMatchObject({ start: 0, ...IN_TIME });
  });

  test('is late by the longest of its parts', () => {
    const { clock, machine, loop, frame, found } = setUp();
    let input = 14;
    let stage = 5;
    loop.input = { run: () => clock.advance(input) };
    loop.stage = { run: () => clock.advance(stage) };
    frame(0, 3);
    expect(found()).toMatchObject({ end: 22, late: 1, missedBy: Culprit.INPUT });
    [input, stage] = [3, 14];
    frame(160, 5);
    expect(found()).toMatchObject({ end: 22, late: 1, missedBy: Culprit.STAGE });
    // Emptying the arena is what the script has left to do.
    machine.resetTime = 13;
    [input, stage] = [0, 4];
    frame(320, 1);
    expect(found()).toMatchObject({ end: 18, late: 1, missedBy: Culprit.SCRIPT });
  });

  test('begins when the browser gets to it: 5 ms late and still in time, or too late', () => {
    const { clock, frame, found } = setUp();
    frame(0, 5);
    clock.time = 21;
    frame(16, 10);
    expect(found()).toEqual({ start: 5, by: Culprit.OUTSIDE, end: 15, collector: 0, ...IN_TIME });
    clock.time = 42;
    frame(32, 10);
    expect(found()).toMatchObject({ start: 10, end: 20, late: 1, missedBy: Culprit.OUTSIDE });
  });

  test('begins when the frame before is done, and may be late for that', () => {
    const { frame, found } = setUp();
    frame(0, 28);
    frame(16, 8);
    expect(found()).toMatchObject({ start: 12, by: Culprit.FRAME_BEFORE, end: 20, late: 1 });
    expect(found().missedBy).toBe(Culprit.FRAME_BEFORE);
  });

  test('may begin before its timestamp, where a browser tells when the frame will be shown', () => {
    const { machine, loop, found } = setUp();
    machine.stepTime = 5;
    loop.frame(4);
    expect(found()).toEqual({ start: 0, by: Culprit.NOBODY, end: 1, collector: 0, ...IN_TIME });
  });
});

describe('the collector', () => {
  test('makes a frame late by a slice that ran beyond its timestamp', () => {
    const { frame, slice, found } = setUp();
    frame(0, 2);
    slice(12, 10);
    frame(16, 12);
    expect(found()).toEqual({
      start: 6,
      by: Culprit.COLLECTOR,
      end: 18,
      collector: 6,
      late: 1,
      missedBy: Culprit.COLLECTOR,
    });
    // The frame whose gap it was is not late for it.
    expect(found(1)).toMatchObject(IN_TIME);
  });

  test('makes no frame late that would be late without it', () => {
    const { frame, slice, found } = setUp();
    frame(0, 2);
    slice(12, 10);
    frame(16, 17);
    expect(found()).toMatchObject({ by: Culprit.COLLECTOR, collector: 6, late: 1, missedBy: Culprit.SCRIPT });
  });

  test('delays nothing by a slice that ended before the timestamp, whatever the browser does then', () => {
    const { clock, frame, slice, found } = setUp();
    frame(0, 2);
    slice(6, 10);
    clock.time = 25;
    frame(16, 10);
    expect(found()).toMatchObject({ start: 9, by: Culprit.OUTSIDE, collector: 0, missedBy: Culprit.OUTSIDE });
  });

  test('shares a start with others: whoever had most of it is named, and each has what it had', () => {
    const { clock, frame, slice, found } = setUp();
    frame(0, 18);
    slice(19, 6);
    clock.time = 26;
    frame(16, 5);
    // 2 of the frame before, 6 of the slice, 1 of the browser on each side of it.
    expect(found()).toEqual({ start: 10, by: Culprit.COLLECTOR, end: 15, collector: 6, ...IN_TIME });
    slice(31, 3);
    clock.time = 44;
    frame(32, 7);
    expect(found()).toMatchObject({
      start: 12,
      by: Culprit.OUTSIDE,
      collector: 2,
      late: 1,
      missedBy: Culprit.OUTSIDE,
    });
  });

  test('has the slices of the gap before the frame before, where they made that one begin after this timestamp', () => {
    const { frame, slice, found } = setUp();
    frame(0, 2);
    slice(12, 30);
    frame(16, 2);
    expect(found()).toMatchObject({ start: 26, late: 1, missedBy: Culprit.COLLECTOR });
    frame(32, 5);
    // Until 42 the slice, until 44 the frame before.
    expect(found()).toEqual({
      start: 12,
      by: Culprit.COLLECTOR,
      end: 17,
      collector: 10,
      late: 1,
      missedBy: Culprit.COLLECTOR,
    });
  });

  test('has what debt is charged when the frame is called', () => {
    const { clock, machine, loop, frame, found } = setUp();
    frame(0, 2);
    machine.statistics.set(FORCED_STAGE, 1);
    machine.due = 1;
    machine.timePerThousand = 3000;
    clock.time = 16;
    frame(16, 14);
    expect(found()).toMatchObject({ start: 3, by: Culprit.COLLECTOR, end: 17, missedBy: Culprit.COLLECTOR });
    expect(loop.recorder.read(Measure.GUARANTEED, 1)).toBe(3);
  });

  test('makes a frame late by a collection inside of it, and the next one by the frame before', () => {
    const { machine, frame, found } = setUp();
    machine.midRunTime = 24;
    frame(0, 6);
    expect(found()).toMatchObject({ start: 0, end: 30, collector: 24, late: 1, missedBy: Culprit.COLLECTOR });
    machine.midRunTime = 0;
    frame(16, 4);
    expect(found()).toMatchObject({ start: 14, by: Culprit.FRAME_BEFORE, collector: 0, late: 1 });
    expect(found().missedBy).toBe(Culprit.FRAME_BEFORE);
  });

  test('inside of a frame is no work of the script', () => {
    const { clock, machine, loop, frame, found } = setUp();
    loop.stage = { run: () => clock.advance(14) };
    machine.midRunTime = 15;
    frame(0, 8);
    expect(found()).toMatchObject({ end: 37, collector: 15, late: 1, missedBy: Culprit.STAGE });
  });

  test('delays a frame by a collection that the page forces, as far as nobody else did', () => {
    const { machine, frame, found } = setUp();
    frame(0, 2);
    machine.collect(22);
    frame(16, 10);
    expect(found()).toMatchObject({
      start: 8,
      by: Culprit.COLLECTOR,
      collector: 8,
      missedBy: Culprit.COLLECTOR,
    });
    frame(32, 2);
    // It is counted once: this start is the frame before's.
    expect(found()).toMatchObject({ start: 2, by: Culprit.FRAME_BEFORE, collector: 0 });
  });

  test('of another machine is not counted, however much that has collected', () => {
    const { clock, loop, frame, found } = setUp();
    const next = new FakeMachine(clock);
    next.collectorTime = 500;
    loop.reload = {
      run: () => {
        loop.machine = next;
      },
    };
    frame(0, 2);
    expect(found().collector).toBe(0);
    clock.time = 20;
    frame(16, 2);
    expect(found()).toMatchObject({ start: 4, by: Culprit.OUTSIDE, collector: 0 });
  });
});

describe('stretches of slices', () => {
  test('tell what ran after a moment, those that had begun before it with the rest of them', () => {
    const stretches = new Stretches();
    expect(stretches.after(0)).toBe(0);
    for (const [begun, ended] of [
      [1, 3],
      [3, 4],
      [6, 8],
    ] as const)
      stretches.add(begun, ended);
    expect([0, 1, 2, 4, 7, 8].map((moment) => stretches.after(moment))).toEqual([5, 5, 4, 2, 1, 0]);
  });

  test('hold the newest, however many there were', () => {
    const stretches = new Stretches();
    for (let time = 0; time < 1000; time += 10) stretches.add(time, time + 4);
    expect(stretches.after(950)).toBe(20);
  });

  test('forget what was done after a moment that the clock was set back to', () => {
    const stretches = new Stretches();
    for (const [begun, ended] of [
      [1, 3],
      [400, 405],
    ] as const)
      stretches.add(begun, ended);
    stretches.forgetAfter(16);
    stretches.add(17, 18);
    expect(stretches.after(0)).toBe(3);
  });
});

describe('frames that have no frame before them', () => {
  test('are not late by an interval that is guessed, only by one that was measured', () => {
    const { frame, found } = setUp(new FrameInterval());
    frame(0, 500);
    expect(found()).toMatchObject({ end: 500, ...IN_TIME });
    for (let time = 1000; time < 1100; time += 10) frame(time, 2);
    frame(1100, 11);
    expect(found()).toMatchObject({ end: 11, late: 1, missedBy: Culprit.SCRIPT });
  });

  test('are as late after a page was in the background as they are themselves', () => {
    const { clock, loop, machine, frame, slice, found } = setUp();
    frame(0, 2);
    loop.interval.interrupt();
    loop.gap.close();
    loop.gap.open(machine, Number.POSITIVE_INFINITY, INTERVAL, true);
    slice(1000, 4);
    clock.time = 60_000;
    loop.interval.interrupt();
    slice(60_000, 4);
    frame(60_001, 5);
    expect(found()).toEqual({ start: 3, by: Culprit.COLLECTOR, end: 8, collector: 3, ...IN_TIME });
  });
});

describe('a headless run', () => {
  function headless() {
    const clock = new ManualClock();
    const machine = new FakeMachine(clock);
    return { clock, machine, driver: new HeadlessDriver(machine, { rate: 1000 / INTERVAL, clock }) };
  }

  test('knows its interval from the first frame, and none is late by the frame before', () => {
    const { machine, driver } = headless();
    machine.stepTime = 20;
    driver.run(2);
    machine.stepTime = 15;
    const recorder = driver.run(1);
    expect([...recorder.series(Measure.LATE)]).toEqual([1, 1, 0]);
    expect([...recorder.series(Measure.MISSED_BY)]).toEqual([Culprit.SCRIPT, Culprit.SCRIPT, Culprit.NOBODY]);
    expect([...recorder.series(Measure.START)]).toEqual([0, 0, 0]);
    expect([...recorder.series(Measure.END)]).toEqual([20, 20, 15]);
  });

  test('delays a frame by the slice that ran beyond its beginning, and only that one', () => {
    const { machine, driver } = headless();
    machine.stepTime = 14;
    driver.run(1);
    machine.statistics.set(FORCED_STAGE, 1);
    machine.due = 1;
    machine.timePerThousand = 7000;
    const recorder = driver.run(3);
    expect([...recorder.series(Measure.START)]).toEqual([0, 0, 5, 0]);
    expect([...recorder.series(Measure.LATE)]).toEqual([0, 0, 1, 0]);
    expect(recorder.read(Measure.MISSED_BY, 1)).toBe(Culprit.COLLECTOR);
  });
});

/** Each reading of the machine's clock is a millisecond after the one before, so that a collection takes one. */
describe.each(MODES)('a heap that is full in the middle of a frame, in %s', (mode) => {
  test('says what its collections took of the frame', async () => {
    const source = `(defstruct Spark (x : f64) (next : (Option Spark)))
      (defglobal mut *sparks* : i64 1000000)
      (defglobal mut *last* : (Option Spark) None)
      (defn frame ((dt : f64)) : Unit
        (for (i 0 (< i *sparks*)) (set! *last* (Some (Spark 1.0 None))))
        (set! *sparks* 10))`;
    const machine = await Machine.create(await imageOf(source, { mode }), {
      hardLimit: 4 << 20,
      timeLimit: 1e9,
    });
    const driver = new HeadlessDriver(machine, { clock: new ManualClock() });
    let time = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      time += 1;
      return time;
    });
    const recorder = driver.run(2);
    clock.mockRestore();
    const collections = recorder.series(Measure.COLLECTIONS_IN_FRAME);
    expect(collections[0]).toBeGreaterThan(1);
    expect([...recorder.series(Measure.COLLECTOR_DELAY)]).toEqual([...collections]);
    expect(collections[1]).toBe(0);
    expect(machine.collectorTime).toBe(
      (collections[0] ?? 0) + recorder.series(Measure.SLICES).reduce((a, b) => a + b, 0),
    );
  });
});
