import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GapScheduler } from '../../../engine/gap/index.ts';
import { Loop, PageDriver, type PageOptions } from '../../../engine/loop/index.ts';
import { FrameRecorder } from '../../../engine/profile/index.ts';
import { FakeMachine, ManualClock } from './fake-machine.ts';

/** A page that does nothing by itself: the test runs its callbacks. */
class FakePage extends EventTarget {
  hidden = false;
  frames: ((time: number) => void)[] = [];
  messages: (() => void)[] = [];
  idles: ((deadline: { timeRemaining(): number }) => void)[] = [];

  install(): void {
    const page = this;
    vi.stubGlobal('document', this);
    vi.stubGlobal('addEventListener', this.addEventListener.bind(this));
    vi.stubGlobal('removeEventListener', this.removeEventListener.bind(this));
    vi.stubGlobal('requestAnimationFrame', (callback: (time: number) => void) => this.frames.push(callback));
    vi.stubGlobal('cancelAnimationFrame', () => {
      this.frames = [];
    });
    vi.stubGlobal('requestIdleCallback', (callback: (deadline: { timeRemaining(): number }) => void) =>
      this.idles.push(callback),
    );
    vi.stubGlobal('cancelIdleCallback', () => {
      this.idles = [];
    });
    vi.stubGlobal(
      'MessageChannel',
      class {
        readonly port1 = { onmessage: () => undefined, close: () => undefined };
        readonly port2 = { postMessage: () => page.messages.push(() => this.port1.onmessage()) };
      },
    );
  }

  frame(time: number): void {
    const due = this.frames;
    this.frames = [];
    for (const callback of due) callback(time);
  }

  /** Delivers what has been posted so far; returns how many messages that were. */
  deliver(): number {
    const due = this.messages;
    this.messages = [];
    for (const callback of due) callback();
    return due.length;
  }
}

let page: FakePage;

beforeEach(() => {
  page = new FakePage();
  page.install();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function setUp(options: PageOptions = {}) {
  const clock = new ManualClock();
  const machine = new FakeMachine(clock);
  const recorder = new FrameRecorder(10);
  const loop = new Loop({ machine, clock, recorder, gap: new GapScheduler(clock, recorder) });
  const driver = new PageDriver(loop, options);
  driver.start();
  return { clock, machine, recorder, loop, driver };
}

describe('a loop that is driven by a page', () => {
  test('goes on with the next frame after one that throws', () => {
    const { machine, loop } = setUp();
    loop.stage = {
      run: () => {
        throw new Error('the stage broke');
      },
    };
    expect(() => page.frame(0)).toThrow('the stage broke');
    loop.stage = undefined;
    page.frame(16);
    expect(machine.steps).toHaveLength(2);
  });

  test('collects in messages that arrive after the paint, a turn a message', () => {
    const { clock, machine } = setUp();
    page.frame(0);
    page.deliver();
    machine.due = 100_000;
    machine.timePerThousand = 0.1;
    machine.grow();
    page.frame(1);
    expect(machine.slices).toEqual([]);
    page.deliver();
    expect(clock.time).toBeGreaterThanOrEqual(4);
    expect(page.messages).toHaveLength(1);
    while (page.deliver() > 0);
    expect(machine.due).toBe(0);
  });

  test('posts one message at a time, whoever asks for turns', () => {
    const { machine } = setUp();
    machine.due = 1_000_000;
    machine.timePerThousand = 0.1;
    page.frame(0);
    for (const idle of page.idles) idle({ timeRemaining: () => 50 });
    expect(page.messages).toHaveLength(1);
  });

  test('stops collecting when the next frame begins, also if a message is still on its way', () => {
    const { machine, loop } = setUp();
    machine.due = 1_000_000;
    machine.timePerThousand = 0.1;
    page.frame(0);
    let slices = -1;
    loop.input = {
      run: () => {
        page.deliver();
        slices = machine.slices.length;
      },
    };
    page.frame(16);
    expect(slices).toBe(0);
  });

  test('has all the time it needs for a cycle in the background, in turns, whatever the browser says of idle time', () => {
    const { clock, machine } = setUp();
    page.frame(0);
    machine.due = 100_000_000;
    machine.timePerThousand = 0.1;
    page.hidden = true;
    page.dispatchEvent(new Event('visibilitychange'));
    for (const idle of page.idles) idle({ timeRemaining: () => 50 });
    let longest = 0;
    for (let turns = 1; turns > 0; ) {
      const before = clock.time;
      turns = page.deliver();
      longest = Math.max(longest, clock.time - before);
    }
    expect(machine.due).toBe(0);
    expect(clock.time).toBeGreaterThan(9_000);
    expect(longest).toBeLessThan(5);
  });

  test('finishes what is due when the page goes into the background, and loses no game time there', () => {
    const { clock, machine } = setUp();
    for (let time = 0; time < 160; time += 16) page.frame(time);
    machine.due = 1_000_000;
    machine.timePerThousand = 0.1;
    page.hidden = true;
    page.dispatchEvent(new Event('visibilitychange'));
    while (page.deliver() > 0);
    expect(machine.due).toBe(0);
    page.hidden = false;
    page.dispatchEvent(new Event('visibilitychange'));
    clock.advance(60_000);
    page.frame(60_000);
    expect(machine.steps.at(-1)).toBeCloseTo(0.016, 6);
  });

  test('ends when it is stopped', () => {
    const { machine, driver } = setUp();
    page.frame(0);
    driver.stop();
    page.frame(16);
    page.deliver();
    expect(machine.steps).toHaveLength(1);
  });

  test('may be stopped twice, and by the frame itself: nothing is asked for afterwards', () => {
    const { machine, loop, driver } = setUp();
    loop.input = {
      run: () => {
        driver.stop();
        driver.stop();
      },
    };
    page.frame(0);
    expect([page.frames, page.messages, page.idles]).toEqual([[], [], []]);
    expect(machine.steps).toHaveLength(1);
  });

  test('leaves frames out that come sooner than the cap allows', () => {
    const { machine } = setUp({ frameCap: 30 });
    for (let i = 0; i < 120; i += 1) page.frame((i * 1000) / 60);
    expect(machine.steps).toHaveLength(60);
    expect(machine.steps.at(-1)).toBeCloseTo(1 / 30, 6);
  });

  test('has as many frames as the cap says where the display is no multiple of it', () => {
    const { machine } = setUp({ frameCap: 60 });
    for (let i = 0; i < 1440; i += 1) page.frame((i * 1000) / 144);
    expect(Math.abs(machine.steps.length - 600)).toBeLessThan(5);
  });

  test('has every frame where the cap is the rate of the display', () => {
    const { machine } = setUp({ frameCap: 60 });
    for (let i = 0; i < 600; i += 1) page.frame((i * 1000) / 60 + (i % 3) * 0.2);
    expect(machine.steps).toHaveLength(600);
  });

  test('refuses a cap that is none', () => {
    expect(() => setUp({ frameCap: 0 })).toThrow('frameCap is a number from 1 to 1000, not 0');
  });

  test.each([true, false])(
    'stands still while the window has no keyboard, if it is to: %s',
    (pauseOnBlur) => {
      const { machine, loop } = setUp({ pauseOnBlur });
      page.frame(0);
      page.dispatchEvent(new Event('blur'));
      page.frame(16);
      expect(machine.steps).toHaveLength(pauseOnBlur ? 1 : 2);
      loop.paused = true;
      page.dispatchEvent(new Event('focus'));
      page.frame(32);
      expect(machine.steps).toHaveLength(pauseOnBlur ? 1 : 2);
      loop.paused = false;
      page.frame(48);
      expect(machine.steps).toHaveLength(pauseOnBlur ? 2 : 3);
    },
  );

  test('asks for no frames where somebody else begins them, and has its gaps all the same', () => {
    const { machine, driver } = setUp({ driven: true });
    page.frame(0);
    expect(machine.steps).toEqual([]);
    machine.due = 1000;
    driver.frame(0);
    expect(page.frames).toEqual([]);
    page.deliver();
    expect(machine.due).toBe(0);
  });
});
