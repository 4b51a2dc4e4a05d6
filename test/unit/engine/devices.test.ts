/** Keyboard, pointers and gamepads, by events and states that look like a browser's. */
import { describe, expect, test } from 'vitest';
import {
  InputPage,
  Keyboard,
  type KeyPress,
  type KeyTarget,
  type PointerPress,
  Pointers,
} from '../../../engine/input/index.ts';
import { type PadState, Pads } from '../../../engine/input/pads.ts';

const memory = new WebAssembly.Memory({ initial: 1 });

function held(page: InputPage, ...names: string[]): readonly string[] {
  page.publish(memory);
  return names.filter((name) => page.held(name));
}

describe('the keyboard', () => {
  function setUp(claimed: readonly string[] = [], losesKeys = true) {
    const page = new InputPage();
    const keyboard = new Keyboard(page, (code) => claimed.includes(code), losesKeys);
    const press = (code: string, more: Partial<KeyPress> = {}, target: KeyTarget = 'game'): boolean => {
      let prevented = false;
      keyboard.down(
        event(code, {
          ...more,
          preventDefault: () => {
            prevented = true;
          },
        }),
        target,
      );
      return prevented;
    };
    const release = (code: string) => keyboard.up(event(code));
    return { page, keyboard, press, release };
  }

  const event = (code: string, more: Partial<KeyPress> = {}): KeyPress => ({
    type: 'keydown',
    code,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    isComposing: false,
    repeat: false,
    defaultPrevented: false,
    preventDefault: () => undefined,
    ...more,
  });

  test('leaves the browser its chords', () => {
    const { page, press } = setUp(['KeyA', 'KeyW']);
    for (const chord of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }])
      expect(press('KeyW', chord)).toBe(false);
    expect(held(page, 'key-w')).toEqual([]);
    expect(press('ControlLeft', { ctrlKey: true })).toBe(false);
    expect(held(page, 'control-left')).toEqual(['control-left']);
  });

  test('holds no key after Cmd and that key, of whose release macOS does not tell', () => {
    const { page, press, release } = setUp();
    press('MetaLeft', { metaKey: true });
    press('KeyA', { metaKey: true });
    release('MetaLeft');
    expect(held(page, 'key-a', 'meta-left')).toEqual([]);
  });

  test('lets go of what was held when Cmd goes, but for modifiers; what is still down goes on by its repeats', () => {
    const { page, press, release } = setUp();
    for (const code of ['KeyW', 'KeyD', 'ShiftLeft', 'MetaLeft'])
      press(code, { metaKey: code === 'MetaLeft' });
    release('MetaLeft');
    expect(held(page, 'key-w', 'key-d', 'shift-left')).toEqual(['shift-left']);
    press('KeyW', { repeat: true });
    expect(held(page, 'key-w', 'key-d')).toEqual(['key-w']);
  });

  test('holds on to what is held when the Windows key goes, where every release is told of', () => {
    const { page, press, release } = setUp([], false);
    for (const code of ['KeyW', 'KeyD', 'MetaLeft']) press(code, { metaKey: code === 'MetaLeft' });
    release('MetaLeft');
    expect(held(page, 'key-w', 'key-d', 'meta-left')).toEqual(['key-w', 'key-d']);
    release('KeyW');
    expect(held(page, 'key-w', 'key-d')).toEqual(['key-d']);
  });

  test('takes no repeat of a key that went down elsewhere', () => {
    const { page, press } = setUp();
    press('Space', { repeat: true });
    expect(held(page, 'space')).toEqual([]);
  });

  test('keeps what the game claims from the page, and nothing else', () => {
    const { press } = setUp(['Space', 'ArrowDown', 'Tab', 'Escape', 'F5']);
    expect(press('Space')).toBe(true);
    expect(press('Space', { repeat: true })).toBe(true);
    expect(press('ArrowDown', {}, 'button')).toBe(true);
    for (const code of ['KeyA', 'Tab', 'Escape', 'F5']) expect(press(code)).toBe(false);
  });

  test('leaves a focused button Space and Enter, and others all', () => {
    const { page, press } = setUp(['Space', 'Enter', 'KeyA']);
    expect([press('Space', {}, 'button'), press('Enter', {}, 'button')]).toEqual([false, false]);
    expect(press('KeyA', {}, 'other')).toBe(false);
    expect(held(page, 'space', 'enter', 'key-a')).toEqual([]);
    press('KeyA', {}, 'button');
    expect(held(page, 'key-a')).toEqual(['key-a']);
  });

  test('leaves compositions alone, and what the page has taken', () => {
    const { page, press } = setUp(['KeyA']);
    press('KeyA', { isComposing: true });
    press('KeyA', { defaultPrevented: true });
    expect(held(page, 'key-a')).toEqual([]);
  });

  test('that is lost lets go of keys, and of nothing else', () => {
    const { page, keyboard, press } = setUp();
    press('KeyA');
    page.setButton(0, true);
    keyboard.release();
    expect(held(page, 'key-a', 'mouse-left')).toEqual(['mouse-left']);
  });
});

describe('pointers', () => {
  const mouse = (button: number, buttons: number): PointerPress => ({
    pointerId: 1,
    pointerType: 'mouse',
    isPrimary: true,
    button,
    buttons,
  });
  const finger = (pointerId: number, buttons = 1): PointerPress => ({
    pointerId,
    pointerType: 'touch',
    isPrimary: pointerId === 10,
    button: 0,
    buttons,
  });
  const at = (x: number) => ({ x, y: 2 * x });
  function setUp() {
    const page = new InputPage();
    return { page, pointers: new Pointers(page) };
  }
  const BUTTONS = ['mouse-left', 'mouse-middle', 'mouse-right'];

  test('whose press somebody else uses is not seen until it is over', () => {
    const { page, pointers } = setUp();
    const memory = new WebAssembly.Memory({ initial: 32 });
    const x = (): number => {
      page.publish(memory);
      return page.pointerX;
    };
    pointers.take(mouse(0, 1));
    pointers.move(mouse(-1, 1), at(7));
    pointers.move(mouse(2, 3), at(8));
    expect([x(), ...held(page, ...BUTTONS)]).toEqual([0]);
    pointers.up(mouse(0, 0), at(9));
    pointers.down(mouse(0, 1), at(3));
    expect([x(), ...held(page, ...BUTTONS)]).toEqual([3, 'mouse-left']);
    pointers.up(mouse(0, 0), at(3));
    pointers.take(finger(10));
    pointers.move(finger(10), at(5));
    expect(x()).toBe(3);
    pointers.cancel(finger(10));
    pointers.down(finger(10), at(6));
    expect(x()).toBe(6);
  });

  test('hold each button from its press to its release, in any order', () => {
    const { page, pointers } = setUp();
    pointers.down(mouse(0, 1), at(1));
    pointers.move(mouse(2, 3), at(1));
    expect(held(page, ...BUTTONS)).toEqual(['mouse-left', 'mouse-right']);
    pointers.move(mouse(0, 2), at(1));
    expect(held(page, ...BUTTONS)).toEqual(['mouse-right']);
    expect(page.released('mouse-left')).toBe(true);
    pointers.up(mouse(2, 0), at(1));
    expect(held(page, ...BUTTONS)).toEqual([]);
    pointers.down(mouse(1, 4), at(1));
    expect(held(page, ...BUTTONS)).toEqual(['mouse-middle']);
  });

  test('do not press a button that went down outside', () => {
    const { page, pointers } = setUp();
    pointers.move(mouse(-1, 1), at(5));
    expect([held(page, ...BUTTONS), page.pointerX]).toEqual([[], 5]);
  });

  test('are moved by the first finger alone, whose press the second does not end', () => {
    const { page, pointers } = setUp();
    pointers.down(finger(10), at(1));
    pointers.down(finger(11), at(100));
    pointers.move(finger(11), at(101));
    expect([held(page, 'mouse-left'), page.pointerX, page.pointerY]).toEqual([['mouse-left'], 1, 2]);
    expect(page.touches.map(({ x }) => x)).toEqual([1, 101]);
    pointers.up(finger(11, 0), at(102));
    expect(held(page, 'mouse-left')).toEqual(['mouse-left']);
    pointers.move(finger(10), at(3));
    expect([held(page, 'mouse-left'), page.pointerX]).toEqual([['mouse-left'], 3]);
    pointers.up(finger(10, 0), at(4));
    expect([held(page, 'mouse-left'), page.pointerX]).toEqual([[], 4]);
  });

  test('are not moved by the mouse while a finger holds them', () => {
    const { page, pointers } = setUp();
    pointers.down(finger(10), at(1));
    pointers.move(mouse(-1, 0), at(50));
    expect([held(page, 'mouse-left'), page.pointerX]).toEqual([['mouse-left'], 1]);
  });

  test('give each touch an id of its own, also where the browser takes one again', () => {
    const { page, pointers } = setUp();
    for (const x of [1, 2]) {
      pointers.down(finger(10), at(x));
      pointers.up(finger(10, 0), at(x));
    }
    page.publish(memory);
    expect(page.touches.map(({ id, x }) => [id, x])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test('that are cancelled let go of what they held, and of no key or other finger', () => {
    const { page, pointers } = setUp();
    page.setKey('KeyA', true);
    pointers.down(finger(10), at(1));
    pointers.down(finger(11), at(9));
    pointers.cancel(finger(10));
    expect(held(page, 'mouse-left', 'key-a')).toEqual(['key-a']);
    page.publish(memory);
    expect(page.touches.map(({ x }) => x)).toEqual([9]);
  });

  test('lose the mouse with the page, and keep their fingers', () => {
    const { page, pointers } = setUp();
    pointers.down(finger(10), at(1));
    pointers.releaseMouse();
    expect(held(page, 'mouse-left')).toEqual(['mouse-left']);
    pointers.releaseAll();
    expect([held(page, 'mouse-left'), page.touches.map(({ released }) => released)]).toEqual([[], [true]]);
    pointers.down(mouse(0, 1), at(1));
    pointers.releaseMouse();
    expect(held(page, 'mouse-left')).toEqual([]);
  });
});

describe('gamepads', () => {
  const pad = (
    index: number,
    buttons: Readonly<Record<number, number>>,
    axes: readonly number[] = [0, 0, 0, 0],
  ): PadState => ({
    index,
    mapping: 'standard',
    connected: true,
    axes,
    buttons: Array.from({ length: 17 }, (_, i) => ({
      value: buttons[i] ?? 0,
      pressed: (buttons[i] ?? 0) > 0.5,
    })),
  });
  function setUp(deadZone?: number) {
    const page = new InputPage();
    return { page, pads: new Pads(page, deadZone) };
  }

  test('press their own controls and those of any', () => {
    const { page, pads } = setUp();
    pads.update([null, pad(1, { 0: 1 }), null, null]);
    expect(held(page, 'pad-south', 'pad-1-south', 'pad-2-south')).toEqual(['pad-south', 'pad-2-south']);
    expect(page.pressed('pad-south')).toBe(true);
    pads.update([pad(0, { 0: 1 }), pad(1, {})]);
    expect(held(page, 'pad-south', 'pad-1-south', 'pad-2-south')).toEqual(['pad-south', 'pad-1-south']);
    expect([page.pressed('pad-south'), page.pressed('pad-1-south')]).toEqual([false, true]);
  });

  test('let go of everything when they are gone', () => {
    const { page, pads } = setUp();
    pads.update([pad(0, { 0: 1, 7: 0.25 }, [1, 0, 0, 0])]);
    pads.update([]);
    expect(held(page, 'pad-south', 'pad-left-stick-right')).toEqual([]);
    expect(page.strength('pad-right-trigger')).toBe(0);
  });

  test('know how far triggers and sticks are pushed', () => {
    const { page, pads } = setUp(0.2);
    pads.update([pad(0, { 7: 0.25 }, [0.6, 0, 0, -1])]);
    page.publish(memory);
    expect(page.strength('pad-right-trigger')).toBeCloseTo(0.25);
    expect(page.held('pad-right-trigger')).toBe(false);
    expect(page.strength('pad-left-stick-right')).toBeCloseTo(0.5);
    expect(page.strength('pad-left-stick-left')).toBe(0);
    expect(page.strength('pad-right-stick-up')).toBe(1);
  });

  test('take a push within the dead zone for none, in every direction', () => {
    const { page, pads } = setUp();
    pads.update([pad(0, {}, [0.1, -0.1, 0, 0.14])]);
    page.publish(memory);
    for (const way of ['left', 'right', 'up', 'down']) expect(page.strength(`pad-left-stick-${way}`)).toBe(0);
  });

  test('hold a direction until the stick is clearly back', () => {
    const { page, pads } = setUp(0);
    const states = [0.45, 0.55, 0.45, 0.35].map((x) => {
      pads.update([pad(0, {}, [x, 0, 0, 0])]);
      return held(page, 'pad-left-stick-right').length;
    });
    expect(states).toEqual([0, 1, 1, 0]);
  });

  test('of another mapping are not guessed at', () => {
    const { page, pads } = setUp();
    pads.update([{ ...pad(0, { 0: 1 }), mapping: '' }]);
    expect(held(page, 'pad-south')).toEqual([]);
  });

  test('do not press for the game what was taken for a binding', async () => {
    const { page, pads } = setUp();
    const taken = page.nextControl();
    pads.update([pad(0, { 0: 1 })]);
    pads.update([pad(0, { 0: 1 })]);
    expect(await taken).toBe('pad-south');
    expect(held(page, 'pad-south', 'pad-1-south')).toEqual([]);
    pads.update([pad(0, {})]);
    pads.update([pad(0, { 0: 1 })]);
    expect(held(page, 'pad-south', 'pad-1-south')).toEqual(['pad-south', 'pad-1-south']);
  });
});
