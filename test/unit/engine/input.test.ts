import { describe, expect, test } from 'vitest';
import { InputPage, KEYS, keyNumber } from '../../../engine/input/index.ts';
import { INPUT } from '../../../scripting/heap/index.ts';

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
      expect(words.getUint32(0, true)).toBe(grow === 0 ? 1 : 0);
      expect(words.getFloat32(12, true)).toBe(12.5);
      expect(words.getFloat32(16, true)).toBe(-3);
      expect(words.getFloat32(20, true)).toBe(4);
      expect(words.getUint32(32, true)).toBe(1 << (keyNumber('Enter') as number));
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

  test('has room for all its keys, each once', () => {
    expect(KEYS.length).toBeLessThanOrEqual(256);
    expect(new Set(KEYS).size).toBe(KEYS.length);
  });
});
