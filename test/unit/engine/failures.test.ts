import { describe, expect, test } from 'vitest';
import { type Failure, Failures } from '../../../engine/failures.ts';
import { GapScheduler } from '../../../engine/gap/index.ts';
import { Loop } from '../../../engine/loop/index.ts';
import { FrameRecorder } from '../../../engine/profile/index.ts';
import { FakeMachine, ManualClock } from './fake-machine.ts';

function setUp() {
  const clock = new ManualClock();
  const machine = new FakeMachine(clock);
  const recorder = new FrameRecorder(10);
  const heard: Failure[] = [];
  const failures = new Failures((failure) => heard.push(failure));
  const gap = new GapScheduler(clock, recorder);
  const loop = new Loop({ machine, clock, recorder, gap, failures });
  return { clock, machine, loop, heard, failures };
}

describe('a part of a frame that throws', () => {
  test.each([
    ['observer', 'the panels'],
    ['input', 'input'],
    ['reload', 'reload'],
    ['stage', 'stage'],
  ] as const)('%s: the rest of the frame and the gap come, and it is told once', (part, where) => {
    const { clock, machine, loop, heard, failures } = setUp();
    let frame = 0;
    loop[part] = {
      run: () => {
        throw new Error(`broken in frame ${frame}`);
      },
    };
    machine.due = 1000;
    machine.grow();
    for (; frame < 600; frame += 1) {
      clock.time = frame * 16;
      loop.frame(frame * 16);
    }
    expect(machine.calls).toEqual(Array(600).fill(['step', 'resetFrame']).flat());
    expect(loop.turn()).toBe(false);
    expect(machine.due).toBe(0);
    expect(heard).toHaveLength(1);
    expect(heard[0]?.where).toBe(where);
    expect(String(heard[0]?.error)).toBe('Error: broken in frame 0');
    expect(failures.all.map(({ count }) => count)).toEqual([600]);
  });

  test('the machine itself: the stage draws, and the frame ends', () => {
    const { machine, loop, heard } = setUp();
    machine.step = () => {
      throw new TypeError('the clock broke');
    };
    loop.stage = { run: () => void machine.calls.push('stage') };
    loop.frame(0);
    loop.frame(16);
    expect(machine.calls).toEqual(['stage', 'resetFrame', 'stage', 'resetFrame']);
    expect(heard.map(({ where }) => where)).toEqual(['script']);
  });

  test('the collector: frames go on', () => {
    const { machine, loop, heard } = setUp();
    machine.gapSlice = () => {
      throw new Error('the heap is broken');
    };
    loop.frame(0);
    loop.frame(16);
    expect(machine.steps).toHaveLength(2);
    expect(loop.turn()).toBe(false);
    expect(heard.map(({ where }) => where)).toEqual(['the collector']);
  });

  test('several at a time: each is told', () => {
    const { loop, heard } = setUp();
    for (const part of ['input', 'stage'] as const)
      loop[part] = {
        run: () => {
          throw part;
        },
      };
    loop.frame(0);
    expect(heard.map(({ error }) => error)).toEqual(['input', 'stage']);
  });

  test('where nobody listens, it is thrown when the frame is over', () => {
    const clock = new ManualClock();
    const machine = new FakeMachine(clock);
    const recorder = new FrameRecorder(10);
    const loop = new Loop({ machine, clock, recorder, gap: new GapScheduler(clock, recorder) });
    loop.input = {
      run: () => {
        throw new Error('first');
      },
    };
    expect(() => loop.frame(0)).toThrow('first');
    loop.input = undefined;
    loop.frame(16);
    expect(machine.calls).toEqual(['step', 'resetFrame', 'step', 'resetFrame']);
  });
});

test('a frame inside a frame is refused, and the one around it goes on', () => {
  const { machine, loop, heard } = setUp();
  loop.input = { run: () => loop.frame(1) };
  loop.frame(0);
  expect(machine.calls).toEqual(['step', 'resetFrame']);
  expect(String(heard[0]?.error)).toContain('a frame is running');
});

test('what is to be done after a frame waits for its end, and is done at once between frames', () => {
  const { machine, loop } = setUp();
  const after = (what: string): void => loop.afterFrame(() => void machine.calls.push(what));
  loop.input = {
    run: () => {
      after('after');
      after('later');
    },
  };
  loop.frame(0);
  expect(machine.calls).toEqual(['step', 'resetFrame', 'after', 'later']);
  after('between');
  expect(machine.calls.at(-1)).toBe('between');
});

test('there is an end to the kinds of failure that are told', () => {
  let heard = 0;
  const failures = new Failures(() => {
    heard += 1;
  });
  for (let i = 0; i < 1000; i += 1) failures.note('stage', i);
  expect(heard).toBe(100);
});

test('new code: what fails from now on is news again', () => {
  const heard: number[] = [];
  const failures = new Failures(({ count }) => heard.push(count));
  const error = new Error('broken');
  for (let i = 0; i < 3; i += 1) failures.note('input', error);
  failures.forget();
  failures.note('input', error);
  expect(heard).toEqual([1, 1]);
  expect(failures.all).toHaveLength(1);
});

describe('a script that does not end by itself', () => {
  function endless(longCall: number | undefined) {
    const clock = new ManualClock();
    const machine = new FakeMachine(clock);
    machine.step = () => {
      machine.steps.push(clock.time);
      clock.time += 2000;
      return 1;
    };
    const recorder = new FrameRecorder(10);
    const gap = new GapScheduler(clock, recorder);
    const loop = new Loop({ machine, clock, recorder, gap, ...(longCall !== undefined && { longCall }) });
    const frames = (count: number) => {
      for (let i = 0; i < count; i += 1) {
        clock.time += 16;
        loop.frame(clock.time);
      }
    };
    return { machine, loop, frames };
  }

  test('rests as long as it took, so that new code has its turn', () => {
    const { machine, loop, frames } = endless(2000);
    frames(1);
    expect(machine.steps).toHaveLength(1);
    frames(124);
    expect(machine.steps).toHaveLength(1);
    frames(1);
    expect(machine.steps).toHaveLength(2);
    loop.wake();
    frames(1);
    expect(machine.steps).toHaveLength(3);
  });

  test('is not begun again while new code is on its way', () => {
    const { machine, loop, frames } = endless(2000);
    const reload = { coming: true, run: () => {} };
    loop.reload = reload;
    frames(1000);
    expect(machine.steps).toHaveLength(1);
    reload.coming = false;
    frames(1);
    expect(machine.steps).toHaveLength(2);
  });

  test('goes on at once where nobody develops it', () => {
    const { machine, frames } = endless(undefined);
    frames(3);
    expect(machine.steps).toHaveLength(3);
  });
});
