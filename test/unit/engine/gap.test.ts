import { describe, expect, test } from 'vitest';
import { GapScheduler } from '../../../engine/gap/index.ts';
import { FrameRecorder, Measure } from '../../../engine/profile/index.ts';
import {
  FORCED_STAGE,
  STATS_COLLECTIONS,
  STATS_GIVEN_UP,
  STATS_LIVE_BYTES,
  STATS_YOUNG_BYTES,
  STATS_YOUNG_SURVIVED,
} from '../../../scripting/heap/index.ts';
import { FakeMachine, ManualClock } from './fake-machine.ts';

function setUp(options: ConstructorParameters<typeof GapScheduler>[2] = {}) {
  const clock = new ManualClock();
  const machine = new FakeMachine(clock);
  const recorder = new FrameRecorder(10);
  recorder.begin(0, 0);
  return { clock, machine, recorder, gap: new GapScheduler(clock, recorder, options) };
}

const INTERVAL = 16;

describe('the gap scheduler', () => {
  test('does nothing before it is opened, nor after it is closed', () => {
    const { gap, machine } = setUp();
    machine.due = 1000;
    expect(gap.turn()).toBe(false);
    gap.open(machine, INTERVAL, INTERVAL, true);
    gap.close();
    expect(gap.turn()).toBe(false);
    expect(machine.slices).toEqual([]);
  });

  test('yields to the browser after 4 ms, and asks for another turn while there is work and time', () => {
    const { clock, gap, machine } = setUp();
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    gap.open(machine, INTERVAL, INTERVAL, true);
    expect(gap.turn()).toBe(true);
    expect(clock.time).toBeGreaterThanOrEqual(4);
    expect(clock.time).toBeLessThan(5);
  });

  test('stops before the next frame, with its margin', () => {
    const { clock, gap, machine } = setUp();
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    gap.open(machine, INTERVAL, INTERVAL, true);
    while (gap.turn()) expect(clock.time).toBeLessThan(INTERVAL);
    expect(machine.due).toBeGreaterThan(0);
    expect(clock.time).toBeLessThanOrEqual(INTERVAL);
    expect(clock.time).toBeGreaterThan(INTERVAL / 2);
  });

  test('finishes what is due and then asks for no further turn', () => {
    const { gap, machine, recorder } = setUp();
    machine.due = 3000;
    machine.timePerThousand = 0.1;
    gap.open(machine, INTERVAL, INTERVAL, true);
    expect(gap.turn()).toBe(false);
    expect(machine.due).toBe(0);
    expect(recorder.read(Measure.COLLECTIONS)).toBe(1);
    expect(recorder.read(Measure.SLICES)).toBe(machine.slices.length);
    expect(recorder.read(Measure.GAP)).toBeCloseTo(0.3, 6);
  });

  test('says of each slice what it was, and when, as it is recorded', () => {
    const heard: { kind: string; begun: number; ended: number }[] = [];
    const onSlice = (kind: string, begun: number, ended: number) => heard.push({ kind, begun, ended });
    const { clock, gap, machine, recorder } = setUp({ onSlice });
    machine.due = 30_000;
    machine.timePerThousand = 0.1;
    gap.open(machine, INTERVAL, INTERVAL, true);
    while (gap.turn()) clock.time += 1;
    expect(heard).toHaveLength(recorder.read(Measure.SLICES));
    expect(heard.reduce((sum, { begun, ended }) => sum + ended - begun, 0)).toBeCloseTo(
      recorder.read(Measure.GAP),
      6,
    );
    expect(heard.filter(({ kind }) => kind !== 'mark')).toEqual([]);
    for (const [i, { begun }] of heard.entries())
      expect(begun).toBeGreaterThanOrEqual(heard[i - 1]?.ended ?? 0);
  });

  test('counts no slice when nothing was due', () => {
    const { gap, machine, recorder } = setUp();
    gap.open(machine, INTERVAL, INTERVAL, true);
    expect(gap.turn()).toBe(false);
    expect(recorder.read(Measure.SLICES)).toBe(0);
  });

  test('bounds slices by work: dear work makes them small, cheap work large', () => {
    const sizes = [10, 0.01].map((timePerThousand) => {
      const { gap, machine } = setUp();
      machine.due = 100_000_000;
      machine.timePerThousand = timePerThousand;
      for (let frame = 0; frame < 20; frame += 1) {
        gap.open(machine, frame * INTERVAL + INTERVAL, INTERVAL, true);
        while (gap.turn());
        gap.close();
      }
      return Math.max(...machine.slices);
    });
    expect(sizes[0]).toBeLessThan(1000);
    expect(sizes[1]).toBeGreaterThan(10_000);
  });

  test('learns nothing from a slice that did little, whatever it took', () => {
    const { gap, machine } = setUp();
    // A collector that says each slice did one unit: as when it begins a cycle, or collects the nursery.
    machine.due = 100_000;
    machine.timePerThousand = 0;
    machine.reported = 1;
    for (let frame = 0; frame < 20; frame += 1) {
      gap.open(machine, frame * INTERVAL + INTERVAL, INTERVAL, true);
      while (gap.turn());
      gap.close();
    }
    expect(new Set(machine.slices).size).toBe(1);
  });

  test('gives a collection that a script asked for all of the gap, and a turn after a late frame', () => {
    const { clock, gap, machine, recorder } = setUp();
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    machine.statistics.set(FORCED_STAGE, 1);
    gap.open(machine, INTERVAL, INTERVAL);
    while (gap.turn());
    gap.close();
    expect(clock.time).toBeGreaterThan(INTERVAL / 2);
    expect(clock.time).toBeLessThanOrEqual(INTERVAL);
    expect(recorder.read(Measure.GUARANTEED)).toBe(0);
    const late = clock.time + INTERVAL;
    clock.advance(late);
    const begun = clock.time;
    gap.open(machine, late - INTERVAL, INTERVAL);
    while (gap.turn());
    gap.close();
    expect(clock.time - begun).toBeGreaterThan(3.5);
    expect(clock.time - begun).toBeLessThan(5);
    expect(recorder.read(Measure.GUARANTEED)).toBeCloseTo(clock.time - begun, 6);
  });

  test('leaves the rest of a turn to input that is waiting', () => {
    let pending = false;
    const { clock, gap, machine } = setUp({ inputPending: () => pending });
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    gap.open(machine, INTERVAL, INTERVAL, true);
    pending = true;
    expect(gap.turn()).toBe(true);
    expect(clock.time).toBe(0);
    pending = false;
    gap.turn();
    expect(clock.time).toBeGreaterThan(0);
  });

  test("lets the browser's own deadline end the gap earlier, never later", () => {
    const { clock, gap, machine } = setUp();
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    gap.open(machine, INTERVAL, INTERVAL, true);
    gap.idle(2);
    while (gap.turn());
    expect(clock.time).toBeLessThan(3);
    gap.open(machine, clock.time + INTERVAL, INTERVAL, true);
    const opened = clock.time;
    gap.idle(50);
    while (gap.turn());
    expect(clock.time - opened).toBeLessThanOrEqual(INTERVAL);
  });

  test('widens its margin when slices overrun, and narrows it again when they do not', () => {
    const { clock, gap, machine } = setUp();
    const first = gap.margin;
    machine.due = 256;
    machine.timePerThousand = (1000 / 256) * (INTERVAL + 2);
    gap.open(machine, INTERVAL, INTERVAL, true);
    gap.turn();
    gap.close();
    const widened = gap.margin;
    expect(widened).toBeGreaterThan(first);
    expect(widened).toBeLessThanOrEqual(INTERVAL / 3);
    machine.timePerThousand = 0.1;
    for (let frame = 0; frame < 400; frame += 1) {
      machine.due = 256;
      gap.open(machine, clock.time + INTERVAL, INTERVAL, true);
      while (gap.turn());
      gap.close();
    }
    expect(gap.margin).toBeLessThan(first);
  });

  test('gives the collector nothing when the frame came late', () => {
    const { clock, gap, machine } = setUp();
    machine.due = 1000;
    clock.advance(INTERVAL + 1);
    gap.open(machine, INTERVAL, INTERVAL, true);
    expect(gap.turn()).toBe(false);
    expect(machine.slices).toEqual([]);
  });

  test('gives it its guaranteed share all the same when the heap has grown past the soft limit, and says so', () => {
    const { clock, gap, machine, recorder } = setUp({ softLimit: 1000, guarantee: 2 });
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    machine.statistics.set(STATS_LIVE_BYTES, 2000);
    clock.advance(INTERVAL + 1);
    gap.open(machine, INTERVAL, INTERVAL);
    const begun = clock.time;
    while (gap.turn());
    expect(clock.time - begun).toBeGreaterThanOrEqual(2);
    expect(clock.time - begun).toBeLessThan(2.5);
    expect(recorder.read(Measure.GUARANTEED)).toBeCloseTo(clock.time - begun, 6);
    expect(recorder.read(Measure.DEBT)).toBe(1000);
  });

  test('gives the guaranteed share before the next frame where the browser left no turn for it', () => {
    const { clock, gap, machine, recorder } = setUp({ softLimit: 1000 });
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    machine.statistics.set(STATS_LIVE_BYTES, 2000);
    clock.advance(INTERVAL + 1);
    gap.open(machine, INTERVAL, INTERVAL);
    gap.close();
    expect(recorder.read(Measure.GUARANTEED)).toBeGreaterThanOrEqual(1);
    expect(recorder.read(Measure.GUARANTEED)).toBeLessThan(1.5);
  });

  test('finds its way back to gaps that are shorter than the margin has become', () => {
    const { clock, gap, machine } = setUp();
    // Something took much longer than anything before it.
    machine.due = 256;
    machine.timePerThousand = (1000 / 256) * 2 * INTERVAL;
    gap.open(machine, INTERVAL, INTERVAL, true);
    gap.turn();
    gap.close();
    machine.due = 100_000;
    machine.timePerThousand = 0.1;
    // From now on a frame leaves a quarter of itself.
    const share = INTERVAL / 4;
    expect(gap.margin).toBeGreaterThan(share);
    let frames = 0;
    for (const before = machine.due; machine.due === before && frames < 100; frames += 1) {
      clock.time = (10 + frames) * INTERVAL;
      gap.open(machine, clock.time + share, INTERVAL);
      while (gap.turn());
      clock.time += share;
      gap.close();
    }
    expect(frames).toBeLessThan(60);
  });

  test('does not let a guaranteed share widen the margin', () => {
    const { clock, gap, machine } = setUp({ softLimit: 1000 });
    const { margin } = gap;
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    machine.statistics.set(STATS_LIVE_BYTES, 2000);
    clock.advance(INTERVAL + 1);
    gap.open(machine, INTERVAL, INTERVAL);
    while (gap.turn());
    gap.close();
    expect(gap.margin).toBeLessThanOrEqual(margin);
  });

  test('stops when the cycle has had the share it needs, however long the gap is', () => {
    const { clock, gap, machine, recorder } = setUp();
    machine.due = 10_000_000;
    machine.timePerThousand = 0.2;
    gap.open(machine, INTERVAL, INTERVAL);
    while (gap.turn());
    expect(recorder.read(Measure.GAP)).toBeGreaterThan(0);
    expect(recorder.read(Measure.GAP)).toBeLessThan(1);
    expect(clock.time).toBeLessThan(1);
  });

  test('plans from what a collection has left that somebody else made', () => {
    const { gap, machine } = setUp();
    gap.open(machine, INTERVAL, INTERVAL);
    machine.grow();
    machine.statistics.set(STATS_COLLECTIONS, 1);
    gap.open(machine, INTERVAL, INTERVAL);
    expect(gap.plan?.goal).toBe(2 * machine.statistic(STATS_LIVE_BYTES));
  });

  test('takes no more of a gap than the budget while the soft limit is kept', () => {
    const { gap, machine, recorder } = setUp({ budget: 2 });
    gap.adopt(machine);
    gap.open(machine, INTERVAL, INTERVAL);
    gap.close();
    machine.due = 10_000_000;
    machine.timePerThousand = 0.2;
    machine.grow();
    gap.open(machine, INTERVAL, INTERVAL);
    while (gap.turn());
    expect(recorder.read(Measure.GAP)).toBeGreaterThanOrEqual(2);
    expect(recorder.read(Measure.GAP)).toBeLessThan(2.6);
  });

  test('begins no young collection that does not fit, believes its price less each time, and tries again', () => {
    const { clock, gap, machine } = setUp();
    const young = (bytes: number, takes: number) => {
      machine.nursery(bytes, takes);
      gap.open(machine, clock.time + INTERVAL, INTERVAL);
      while (gap.turn());
      gap.close();
      return machine.statistic(STATS_YOUNG_BYTES) === 0;
    };
    let slow = 0;
    while (young(1_000_000, 60)) slow += 1;
    // One that is slow does not make the next too dear.
    expect(slow).toBeGreaterThan(3);
    let skipped = 0;
    while (!young(1_000_000, 1) && skipped < 100) skipped += 1;
    expect(skipped).toBeLessThan(10);
  });

  /** Young collections are so dear that none fits a gap; one is due. */
  function dearNursery(options?: Parameters<typeof setUp>[0]) {
    const all = setUp(options);
    const { clock, gap, machine } = all;
    do {
      machine.nursery(1_000_000, 60);
      gap.open(machine, clock.time + INTERVAL, INTERVAL);
      while (gap.turn());
      gap.close();
    } while (machine.statistic(STATS_YOUNG_BYTES) === 0);
    machine.nursery(1_000_000, 1);
    /** A gap of half a frame; whether what is young was collected in time. */
    const short = () => {
      const end = clock.time + INTERVAL / 2;
      gap.open(machine, end, INTERVAL);
      while (gap.turn());
      const inTime = machine.statistic(STATS_YOUNG_BYTES) === 0;
      clock.time = end;
      return inTime;
    };
    return { ...all, short };
  }

  test('begins in debt, when the gap is closed, what did not fit it', () => {
    const { gap, machine, recorder, short } = dearNursery({ softLimit: 4_000_000 });
    machine.statistics.set(STATS_LIVE_BYTES, 5_000_000);
    expect(short()).toBe(false);
    gap.close();
    expect(machine.statistic(STATS_YOUNG_BYTES)).toBe(0);
    expect(recorder.read(Measure.GUARANTEED)).toBe(1);
  });

  test('goes on in the next gap, whatever a young collection takes, where one has given up', () => {
    const { machine, short } = dearNursery();
    machine.statistics.set(STATS_GIVEN_UP, 1);
    expect(short()).toBe(true);
  });

  test('counts one young collection however many portions it has, and reads the clock between two of them', () => {
    const { clock, gap, machine, recorder } = setUp();
    machine.nursery(300_000, 10, 20);
    gap.open(machine, INTERVAL, INTERVAL);
    expect(gap.turn()).toBe(true);
    expect(clock.time).toBeLessThan(5);
    while (gap.turn());
    expect(machine.statistic(STATS_YOUNG_BYTES)).toBe(0);
    expect(recorder.read(Measure.YOUNG_SLICES)).toBe(1);
    expect(recorder.read(Measure.YOUNG_TIME)).toBeCloseTo(10, 6);
    expect(recorder.read(Measure.SLICES)).toBe(20);
    expect(recorder.read(Measure.LONGEST)).toBeCloseTo(0.5, 6);
  });

  test('has young collections begin later while they fit, and sooner after one that gave up', () => {
    const { clock, gap, machine } = setUp();
    const starts = Array.from({ length: 60 }, (_, frame) => {
      machine.nursery(300_000, 0.5);
      if (frame === 50) machine.statistics.set(STATS_GIVEN_UP, 1);
      machine.statistics.set(STATS_YOUNG_SURVIVED, 200_000);
      gap.open(machine, clock.time + INTERVAL, INTERVAL);
      while (gap.turn());
      gap.close();
      return machine.youngStart;
    });
    expect(starts[0]).toBe(0);
    expect(starts[49]).toBeGreaterThan(1 << 20);
    expect(starts[50]).toBeLessThan((starts[49] ?? 0) * 0.6);
  });

  test('ends a young collection that does not come to its end in the midst, before the next frame', () => {
    const { clock, gap, machine } = setUp();
    machine.nursery(300_000, 100, 200);
    gap.open(machine, INTERVAL, INTERVAL);
    while (gap.turn());
    gap.close();
    expect(machine.statistic(STATS_YOUNG_BYTES)).toBe(300_000);
    expect(clock.time).toBeLessThanOrEqual(INTERVAL);
    expect(gap.margin).toBeLessThan(1.5);
  });

  test.each([
    [{ softLimit: 0 }, 'softLimit is 0, and has to be a number of bytes above 0'],
    [
      { softLimit: 2048 },
      'softLimit is 2048 bytes, more than the hard limit of 1000: lower it, or raise hardLimit',
    ],
    [{ budget: Number.NaN }, 'budget is NaN, and has to be a number of milliseconds of a gap above 0'],
    [{ guarantee: 9 }, 'guarantee is 9 ms of every late frame; at most 4 can be given'],
  ])('refuses %o', (options, message) => {
    const { gap, machine } = setUp(options);
    machine.hardLimit = 1000;
    expect(() => gap.adopt(machine)).toThrow(new RangeError(message));
  });
});
