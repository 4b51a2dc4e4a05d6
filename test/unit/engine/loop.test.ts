import { describe, expect, test } from 'vitest';
import { GapScheduler } from '../../../engine/gap/index.ts';
import { HeadlessDriver, Loop } from '../../../engine/loop/index.ts';
import { FrameRecorder, Measure } from '../../../engine/profile/index.ts';
import { STATS_COLLECTIONS } from '../../../scripting/heap/index.ts';
import { FakeMachine, ManualClock } from './fake-machine.ts';

function setUp() {
  const clock = new ManualClock();
  const machine = new FakeMachine(clock);
  const recorder = new FrameRecorder(10);
  const loop = new Loop({ machine, clock, recorder, gap: new GapScheduler(clock, recorder) });
  return { clock, machine, recorder, loop };
}

describe('a frame', () => {
  test('goes input, reload, script, stage, and then empties the frame arena', () => {
    const { machine, loop } = setUp();
    for (const part of ['input', 'reload', 'stage'] as const)
      loop[part] = { run: () => void machine.calls.push(part) };
    loop.frame(0);
    expect(machine.calls).toEqual(['input', 'reload', 'step', 'stage', 'resetFrame']);
  });

  test('runs the machine that a reload put in place, in the same frame', () => {
    const { clock, machine, loop } = setUp();
    const next = new FakeMachine(clock);
    loop.reload = {
      run: () => {
        loop.machine = next;
      },
    };
    loop.frame(0);
    expect(machine.calls).toEqual([]);
    expect(next.calls).toEqual(['step', 'resetFrame']);
  });

  test('returns the script seconds, and never more than the longest step', () => {
    const { machine, loop } = setUp();
    loop.frame(0);
    loop.frame(20);
    loop.frame(5000);
    expect(machine.steps[0]).toBeCloseTo(1 / 60, 6);
    expect(machine.steps[1]).toBeCloseTo(0.02, 6);
    expect(machine.steps[2]).toBe(0.1);
  });

  test('records how long each part took and what the script allocated', () => {
    const { clock, machine, recorder, loop } = setUp();
    loop.input = { run: () => clock.advance(1) };
    loop.stage = { run: () => clock.advance(3) };
    machine.stepTime = 2;
    machine.stepErrors = 4;
    machine.bytesPerStep = 640;
    loop.frame(0);
    expect(recorder.read(Measure.INPUT)).toBe(1);
    expect(recorder.read(Measure.SCRIPT)).toBe(2);
    expect(recorder.read(Measure.STAGE)).toBe(3);
    expect(recorder.read(Measure.ERRORS)).toBe(4);
    expect(recorder.read(Measure.ALLOCATED)).toBe(640);
    expect(recorder.read(Measure.MEMORY)).toBe(65536);
  });

  test('has the collections until the next frame, also those that somebody has forced', () => {
    const { machine, recorder, loop } = setUp();
    const collected = (count: number) => machine.statistics.set(STATS_COLLECTIONS, count);
    loop.stage = { run: () => void collected(1) };
    loop.frame(0);
    collected(3);
    loop.stage = undefined;
    loop.frame(20);
    expect([recorder.read(Measure.COLLECTIONS, 1), recorder.read(Measure.COLLECTIONS)]).toEqual([3, 0]);
    expect(recorder.read(Measure.COLLECTIONS_IN_FRAME, 1)).toBe(1);
  });

  test('leaves the script out while the loop is paused, and draws all the same', () => {
    const { machine, loop } = setUp();
    loop.stage = { run: () => void machine.calls.push('stage') };
    loop.paused = true;
    loop.frame(0);
    expect(machine.calls).toEqual(['stage', 'resetFrame']);
  });

  test('uses the gaps of a paused game for whole cycles, and begins them for less', () => {
    const { machine, loop } = setUp();
    loop.frame(0);
    expect(loop.gap.plan?.cycleBudget).toBeLessThan(1);
    const { cycleStart } = machine;
    loop.paused = true;
    loop.frame(16);
    expect(loop.gap.plan?.cycleBudget).toBe(Number.POSITIVE_INFINITY);
    expect(machine.cycleStart).toBeLessThan(cycleStart);
  });

  test('ends the gap when the next frame begins', () => {
    const { machine, loop } = setUp();
    machine.due = 1000;
    loop.frame(0);
    let turned: boolean | undefined;
    loop.input = {
      run: () => {
        turned = loop.gap.turn();
      },
    };
    loop.frame(16);
    expect(turned).toBe(false);
  });
});

describe('a headless run', () => {
  test.each([60, 90, 144])('steps equally long at %i Hz, however long frames take', (rate) => {
    const clock = new ManualClock();
    const machine = new FakeMachine(clock);
    machine.stepTime = 30;
    new HeadlessDriver(machine, { rate, clock }).run(5);
    expect(machine.steps).toEqual(Array(5).fill(1000 / rate / 1000));
  });

  test('gives the gap what a frame leaves of its interval, and no more', () => {
    const clock = new ManualClock();
    const machine = new FakeMachine(clock);
    machine.stepTime = 6;
    machine.due = 1_000_000;
    machine.timePerThousand = 0.5;
    const driver = new HeadlessDriver(machine, { rate: 100, clock });
    driver.run(1);
    machine.grow();
    const recorder = driver.run(3);
    expect(recorder.read(Measure.GAP)).toBeGreaterThan(1);
    expect(recorder.read(Measure.GAP)).toBeLessThan(4);
    expect(recorder.read(Measure.LATE)).toBe(0);
  });

  test('counts frames that take longer than their interval', () => {
    const clock = new ManualClock();
    const machine = new FakeMachine(clock);
    machine.stepTime = 20;
    const recorder = new HeadlessDriver(machine, { rate: 60, clock }).run(3);
    expect([...recorder.series(Measure.LATE)]).toEqual([1, 1, 1]);
  });
});
