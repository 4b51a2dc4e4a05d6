import { describe, expect, test } from 'vitest';
import { GapScheduler } from '../../../engine/gap/index.ts';
import { Loop, type LoopOptions, Steps } from '../../../engine/loop/index.ts';
import { FrameRecorder } from '../../../engine/profile/index.ts';
import { FakeMachine, ManualClock } from './fake-machine.ts';

function setUp(options: Partial<LoopOptions> = {}) {
  const clock = new ManualClock();
  const machine = new FakeMachine(clock);
  const recorder = new FrameRecorder(10);
  const loop = new Loop({ machine, clock, recorder, gap: new GapScheduler(clock, recorder), ...options });
  loop.input = { run: () => void machine.calls.push('input') };
  return { machine, loop };
}

describe('a fixed step', () => {
  test('comes as often as it is due, and the rest is kept', () => {
    const steps = new Steps({ fixedStep: 0.01 });
    expect([0.016, 0.016, 0.034, 0.004, 0.02].map((seconds) => steps.take(seconds))).toEqual([1, 2, 3, 1, 2]);
    expect(steps.length).toBe(0.01);
  });

  test.each([30, 60, 75, 144])('comes once a frame on a display of its own rate, %i Hz', (rate) => {
    const steps = new Steps({ fixedStep: 1 / rate });
    let last = 0;
    for (let i = 1; i <= 10_000; i += 1) {
      const time = i * (1000 / rate);
      expect(steps.take((time - last) / 1000)).toBe(1);
      last = time;
    }
  });

  test('catches up within its bound, and loses what is beyond, but not the rest', () => {
    const steps = new Steps({ fixedStep: 0.01, mostSteps: 3 });
    expect(steps.take(60.006)).toBe(3);
    expect(steps.take(0.003)).toBe(0);
    expect(steps.take(0.002)).toBe(1);
  });

  test('gives each step an empty arena, and what came of input to the first alone', () => {
    const { machine, loop } = setUp({ fixedStep: 0.01 });
    loop.frame(0);
    machine.calls.length = 0;
    loop.frame(30);
    const one = ['input', 'step', 'resetFrame'];
    expect(machine.calls).toEqual([...one, ...one, ...one]);
    expect(machine.steps).toEqual(Array(4).fill(0.01));
  });

  test('has places kept before the last step of a frame, and tells the stage how far it is from there', () => {
    const { machine, loop } = setUp({ fixedStep: 0.01, interpolate: true });
    const parts: number[] = [];
    loop.stage = { run: (_, between) => void parts.push(Number(between.toFixed(6))) };
    loop.frame(0);
    machine.calls.length = 0;
    for (const time of [25, 29, 44]) loop.frame(time);
    const one = ['input', 'step', 'resetFrame'];
    const kept = ['input', 'keep', 'step', 'resetFrame'];
    expect(machine.calls).toEqual([...one, ...one, ...kept, 'resetFrame', ...one, ...kept]);
    // The first frame took as long as a frame is thought to: one step, and two thirds of another.
    expect(parts.map((part, i) => (i === 0 ? part : part - (parts[0] ?? 0)).toFixed(3))).toEqual([
      '0.667',
      '-0.500',
      '-0.100',
      '-0.600',
    ]);
  });

  test('draws what is where it is where nothing is interpolated, and where it could not be kept', () => {
    const parts: number[] = [];
    const run = (_: number, between: number) => void parts.push(between);
    const plain = setUp({ fixedStep: 0.01 });
    plain.loop.stage = { run };
    plain.loop.frame(0);
    expect(plain.machine.calls).not.toContain('keep');
    const full = setUp({ fixedStep: 0.01, interpolate: true });
    full.loop.stage = { run };
    full.machine.keep = () => {
      throw new Error('out of memory');
    };
    expect(() => full.loop.frame(0)).toThrow('out of memory');
    expect(parts).toEqual([1, 1]);
    expect(full.machine.calls).toContain('step');
  });

  test('leaves input for the next step in a frame that has none', () => {
    const { machine, loop } = setUp({ fixedStep: 0.1 });
    loop.frame(0);
    loop.frame(16);
    expect(machine.calls).toEqual(['resetFrame', 'resetFrame']);
    loop.frame(95);
    expect(machine.calls.slice(2)).toEqual(['input', 'step', 'resetFrame']);
  });
});

describe('time in the game', () => {
  test('goes as fast as it is told to, and never in longer steps than the longest', () => {
    const steps = new Steps({ timeScale: 0.5, longestStep: 0.05 });
    expect(steps.take(0.02)).toBe(1);
    expect(steps.length).toBeCloseTo(0.01, 9);
    steps.scale = 4;
    steps.take(0.02);
    expect(steps.length).toBe(0.05);
  });

  test('stands still at a scale of 0, without steps of no length', () => {
    const { machine, loop } = setUp();
    loop.timeScale = 0;
    loop.frame(0);
    loop.frame(16);
    expect(machine.steps).toEqual([]);
  });

  test('goes on step by step while the game is paused', () => {
    const { machine, loop } = setUp();
    loop.paused = true;
    loop.frame(0);
    loop.singleStep();
    loop.singleStep();
    for (const time of [16, 32, 48]) loop.frame(time);
    expect(machine.steps).toHaveLength(2);
    expect(machine.steps[0]).toBeCloseTo(1 / 60, 3);
  });

  test.each([
    [{ fixedStep: 0 }, 'fixedStep is a number from 0.0001 to 10, not 0'],
    [{ longestStep: Number.NaN }, 'longestStep is a number from 0.001 to 10, not NaN'],
    [{ timeScale: -1 }, 'timeScale is a number from 0 to 100, not -1'],
    [{ mostSteps: 1.5 }, 'mostSteps is a whole number, not 1.5'],
    [{ mostSteps: 0 }, 'mostSteps is a number from 1 to 1000, not 0'],
    [{ interpolate: true }, 'interpolate needs a fixedStep: with a variable step every frame has its own'],
    [{ fixedStep: '60' as unknown as number }, 'fixedStep is a number from 0.0001 to 10, not 60'],
  ])('refuses %o', (options, message) => {
    expect(() => new Steps(options)).toThrow(new RangeError(message));
  });
});
