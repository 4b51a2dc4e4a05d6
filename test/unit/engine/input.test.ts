import { describe, expect, test } from 'vitest';
import { InputPage, KEYS, keyNumber } from '../../../engine/input/index.ts';
import {
  INPUT,
  INPUT_HELD,
  INPUT_PLAIN_CONTROLS,
  INPUT_ROW,
  INPUT_SIZE,
  INPUT_STRENGTHS,
} from '../../../scripting/heap/index.ts';
import {
  CONTROL_NAMES,
  CONTROLS,
  controlName,
  controlNumber,
  FIRST_BUTTON,
  FIRST_PAD,
} from '../../../scripting/image/index.ts';

function setUp() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 });
  return { memory, page: new InputPage() };
}

describe('the input page', () => {
  test('shows a key as pressed for one frame, and as held until it is let go', () => {
    const { memory, page } = setUp();
    page.setKey('Space', true);
    expect(page.keyHeld('Space')).toBe(false);
    page.publish(memory);
    expect([page.keyPressed('Space'), page.keyHeld('Space')]).toEqual([true, true]);
    page.publish(memory);
    expect([page.keyPressed('Space'), page.keyHeld('Space')]).toEqual([false, true]);
    page.setKey('Space', false);
    page.publish(memory);
    expect(page.keyHeld('Space')).toBe(false);
  });

  test('does not lose a key that was pressed and let go within a frame', () => {
    const { memory, page } = setUp();
    page.setKey('KeyA', true);
    page.setKey('KeyA', false);
    page.publish(memory);
    expect([page.keyPressed('KeyA'), page.keyHeld('KeyA')]).toEqual([true, false]);
  });

  test('takes the repeats of a held key for nothing', () => {
    const { memory, page } = setUp();
    page.setKey('KeyA', true);
    page.publish(memory);
    page.setKey('KeyA', true);
    page.publish(memory);
    expect(page.keyPressed('KeyA')).toBe(false);
  });

  test('writes its words where scripts read them, also after memory has grown', () => {
    const { memory, page } = setUp();
    for (const grow of [0, 1]) {
      memory.grow(grow);
      page.movePointer(12.5, -3);
      page.setButton(0, grow === 0);
      page.turnWheel(2);
      page.turnWheel(2);
      page.setKey('Enter', true);
      page.publish(memory);
      const words = new DataView(memory.buffer, INPUT);
      expect(words.getFloat32(0, true)).toBe(12.5);
      expect(words.getFloat32(4, true)).toBe(-3);
      expect(words.getFloat32(12, true)).toBe(4);
      expect(words.getUint32(INPUT_HELD, true)).toBe(1 << (keyNumber('Enter') as number));
      expect(words.getUint32(INPUT_HELD + FIRST_BUTTON / 8, true)).toBe(grow === 0 ? 1 : 0);
    }
  });

  test('lets go of everything when the page loses the keyboard', () => {
    const { memory, page } = setUp();
    page.setKey('KeyW', true);
    page.setButton(2, true);
    page.publish(memory);
    page.releaseAll();
    page.publish(memory);
    expect([page.keyHeld('KeyW'), page.buttonHeld(2)]).toEqual([false, false]);
  });

  test('leaves keys alone that it does not know', () => {
    const { memory, page } = setUp();
    page.setKey('Unidentified', true);
    page.publish(memory);
    expect(page.keyHeld('Unidentified')).toBe(false);
  });

  test('shows what was pressed and let go between two frames as both, in one of them', () => {
    const { memory, page } = setUp();
    page.setKey('KeyA', true);
    page.setKey('KeyA', false);
    page.publish(memory);
    expect([page.pressed('key-a'), page.held('key-a'), page.released('key-a')]).toEqual([true, false, true]);
    page.publish(memory);
    expect([page.pressed('key-a'), page.released('key-a')]).toEqual([false, false]);
  });

  test('shows what was let go and pressed again between two frames as both', () => {
    const { memory, page } = setUp();
    page.setKey('KeyA', true);
    page.publish(memory);
    page.setKey('KeyA', false);
    page.setKey('KeyA', true);
    page.publish(memory);
    expect([page.pressed('key-a'), page.held('key-a'), page.released('key-a')]).toEqual([true, true, true]);
  });

  test('keeps what came for the next step, however many frames have none', () => {
    const { memory, page } = setUp();
    page.setKey('Space', true);
    page.turnWheel(3, 1);
    page.publish(memory);
    page.publish(memory);
    expect([page.pressed('space'), page.held('space'), page.wheel, page.wheelX]).toEqual([false, true, 0, 0]);
  });

  test('keeps each finger apart, in the order they came in, and shows one that has gone once more', () => {
    const { memory, page } = setUp();
    page.touch(1, 10, 20);
    page.touch(2, 30, 40);
    page.publish(memory);
    expect(page.touches).toEqual([
      { id: 1, x: 10, y: 20, pressed: true, released: false },
      { id: 2, x: 30, y: 40, pressed: true, released: false },
    ]);
    page.endTouch(1);
    page.touch(2, 31, 41);
    page.publish(memory);
    expect(page.touches).toEqual([
      { id: 1, x: 10, y: 20, pressed: false, released: true },
      { id: 2, x: 31, y: 41, pressed: false, released: false },
    ]);
    page.publish(memory);
    expect(page.touches.map(({ id }) => id)).toEqual([2]);
  });

  test('shows a tap between two frames', () => {
    const { memory, page } = setUp();
    page.touch(1, 10, 20);
    page.endTouch(1);
    page.publish(memory);
    expect(page.touches).toEqual([{ id: 1, x: 10, y: 20, pressed: true, released: true }]);
    page.publish(memory);
    expect(page.touches).toEqual([]);
  });

  test('has no room for an eleventh finger, and takes it for nothing', () => {
    const { memory, page } = setUp();
    for (let id = 1; id <= 11; id += 1) page.touch(id, id, id);
    page.endTouch(11);
    page.publish(memory);
    expect(page.touches).toHaveLength(10);
  });

  test('hands the next control to whoever asks for it, and not to the game', async () => {
    const { memory, page } = setUp();
    const first = page.nextControl();
    const second = page.nextControl();
    page.setKey('KeyK', true);
    page.publish(memory);
    expect(await first).toBeUndefined();
    expect(await second).toBe('key-k');
    expect(page.held('key-k')).toBe(false);
    page.setKey('KeyK', false);
    page.setKey('KeyK', true);
    page.publish(memory);
    expect(page.pressed('key-k')).toBe(true);
    const third = page.nextControl();
    page.setKey('Escape', true);
    expect(await third).toBeUndefined();
  });

  test('names what it does not know', () => {
    expect(() => setUp().page.held('spcae')).toThrow('there is no control or action `spcae`');
  });

  test('is laid out as the controls are numbered', () => {
    expect(8 * INPUT_ROW).toBe(CONTROLS);
    expect(INPUT_PLAIN_CONTROLS).toBe(FIRST_PAD);
    expect(INPUT_STRENGTHS).toBe(INPUT_HELD + 3 * INPUT_ROW);
    expect(INPUT_SIZE).toBe(INPUT_STRENGTHS + 4 * (CONTROLS - INPUT_PLAIN_CONTROLS));
  });

  test('has one name for each control', () => {
    expect(new Set(CONTROL_NAMES.map(controlNumber)).size).toBe(CONTROL_NAMES.length);
    expect(CONTROL_NAMES.map((name) => controlName(controlNumber(name) as number))).toEqual(CONTROL_NAMES);
    const some = [
      'ArrowLeft',
      'KeyA',
      'Digit1',
      'F1',
      'F12',
      'Numpad0',
      'NumpadAdd',
      'IntlBackslash',
      'Lang1',
    ];
    expect(some.map((code) => controlName(keyNumber(code) as number))).toEqual([
      'arrow-left',
      'key-a',
      'digit-1',
      'f1',
      'f12',
      'numpad-0',
      'numpad-add',
      'intl-backslash',
      'lang-1',
    ]);
  });

  test('has room for all its keys, each once', () => {
    expect(KEYS.length).toBeLessThanOrEqual(256);
    expect(new Set(KEYS).size).toBe(KEYS.length);
  });
});
