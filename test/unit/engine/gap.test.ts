import { describe, expect, test } from 'vitest';
import { GapScheduler } from '../../../engine/gap/index.ts';
import { FrameRecorder, Measure } from '../../../engine/profile/index.ts';
import { STATS_YOUNG_BYTES } from '../../../scripting/heap/index.ts';
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
    gap.open(machine, INTERVAL, INTERVAL);
    gap.close();
    expect(gap.turn()).toBe(false);
    expect(machine.slices).toEqual([]);
  });

  test('yields to the browser after 4 ms, and asks for another turn while there is work and time', () => {
    const { clock, gap, machine } = setUp();
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    gap.open(machine, INTERVAL, INTERVAL);
    expect(gap.turn()).toBe(true);
    expect(clock.time).toBeGreaterThanOrEqual(4);
    expect(clock.time).toBeLessThan(5);
  });

  test('stops before the next frame, with its margin', () => {
    const { clock, gap, machine } = setUp();
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    gap.open(machine, INTERVAL, INTERVAL);
    while (gap.turn()) expect(clock.time).toBeLessThan(INTERVAL);
    expect(machine.due).toBeGreaterThan(0);
    expect(clock.time).toBeLessThanOrEqual(INTERVAL);
    expect(clock.time).toBeGreaterThan(INTERVAL / 2);
  });

  test('finishes what is due and then asks for no further turn', () => {
    const { gap, machine, recorder } = setUp();
    machine.due = 3000;
    machine.timePerThousand = 0.1;
    gap.open(machine, INTERVAL, INTERVAL);
    expect(gap.turn()).toBe(false);
    expect(machine.due).toBe(0);
    expect(recorder.read(Measure.COLLECTIONS)).toBe(1);
    expect(recorder.read(Measure.SLICES)).toBe(machine.slices.length);
    expect(recorder.read(Measure.GAP)).toBeCloseTo(0.3, 6);
  });

  test('counts no slice when nothing was due', () => {
    const { gap, machine, recorder } = setUp();
    gap.open(machine, INTERVAL, INTERVAL);
    expect(gap.turn()).toBe(false);
    expect(recorder.read(Measure.SLICES)).toBe(0);
  });

  test('bounds slices by work: dear work makes them small, cheap work large', () => {
    const sizes = [10, 0.01].map((timePerThousand) => {
      const { gap, machine } = setUp();
      machine.due = 100_000_000;
      machine.timePerThousand = timePerThousand;
      for (let frame = 0; frame < 20; frame += 1) {
        gap.open(machine, frame * INTERVAL + INTERVAL, INTERVAL);
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
      gap.open(machine, frame * INTERVAL + INTERVAL, INTERVAL);
      while (gap.turn());
      gap.close();
    }
    expect(new Set(machine.slices).size).toBe(1);
  });

  test('leaves the rest of a turn to input that is waiting', () => {
    let pending = false;
    const { clock, gap, machine } = setUp({ inputPending: () => pending });
    machine.due = 1_000_000;
    machine.timePerThousand = 0.2;
    gap.open(machine, INTERVAL, INTERVAL);
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
    gap.open(machine, INTERVAL, INTERVAL);
    gap.idle(2);
    while (gap.turn());
    expect(clock.time).toBeLessThan(3);
    gap.open(machine, clock.time + INTERVAL, INTERVAL);
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
    gap.open(machine, INTERVAL, INTERVAL);
    gap.turn();
    gap.close();
    const widened = gap.margin;
    expect(widened).toBeGreaterThan(first);
    expect(widened).toBeLessThanOrEqual(INTERVAL / 3);
    machine.timePerThousand = 0.1;
    for (let frame = 0; frame < 400; frame += 1) {
      machine.due = 256;
      gap.open(machine, clock.time + INTERVAL, INTERVAL);
      while (gap.turn());
      gap.close();
    }
    expect(gap.margin).toBeLessThan(first);
  });

  test('gives the collector nothing when the frame came late', () => {
    const { clock, gap, machine } = setUp();
    machine.due = 1000;
    clock.advance(INTERVAL + 1);
    gap.open(machine, INTERVAL, INTERVAL);
    expect(gap.turn()).toBe(false);
    expect(machine.slices).toEqual([]);
  });

  test('gives it one small slice all the same when the heap has grown past the soft limit', () => {
    const { clock, gap, machine } = setUp({ softLimit: 1000 });
    machine.due = 10_000;
    machine.statistics.set(STATS_YOUNG_BYTES, 2000);
    clock.advance(INTERVAL + 1);
    gap.open(machine, INTERVAL, INTERVAL);
    expect(gap.turn()).toBe(false);
    expect(machine.slices).toHaveLength(1);
  });
});
