import { describe, expect, test } from 'vitest';
import { InputPage } from '../../../engine/input/index.ts';
import { controlNumber } from '../../../scripting/image/index.ts';

function setUp() {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const page = new InputPage();
  const jump = page.actions.declare('jump', numbers('space', 'pad-south'));
  const frame = () => {
    page.publish(memory);
    return [page.pressed('jump'), page.held('jump'), page.released('jump')];
  };
  return { page, jump, frame };
}

const numbers = (...names: string[]) => names.map((name) => controlNumber(name) as number);

describe('an action', () => {
  test('is pressed, held and released as its controls are', () => {
    const { page, frame } = setUp();
    page.setKey('Space', true);
    expect(frame()).toEqual([true, true, false]);
    expect(frame()).toEqual([false, true, false]);
    page.setKey('Space', false);
    expect(frame()).toEqual([false, false, true]);
    page.setKey('Space', true);
    page.setKey('Space', false);
    expect(frame()).toEqual([true, false, true]);
  });

  test('goes on while a second control of it is down', () => {
    const { page, frame } = setUp();
    page.setKey('Space', true);
    frame();
    page.setControl(controlNumber('pad-south') as number, true);
    expect(frame()).toEqual([false, true, false]);
    page.setKey('Space', false);
    expect(frame()).toEqual([false, true, false]);
    page.releaseAll();
    expect(frame()).toEqual([false, false, true]);
  });

  test('is bound to other controls while the game runs; what is down by then counts from its next press', () => {
    const { page, frame } = setUp();
    page.setKey('KeyK', true);
    page.bind('jump', ['key-k']);
    expect(page.bindings('jump')).toEqual(['key-k']);
    expect(frame()).toEqual([false, false, false]);
    page.setKey('KeyK', false);
    page.setKey('KeyK', true);
    expect(frame()).toEqual([true, true, false]);
    page.resetBindings('jump');
    expect(frame()).toEqual([false, false, true]);
    expect(page.bindings('jump')).toEqual(['space', 'pad-south']);
  });

  test('is saved as JSON, and restored also before it is declared', () => {
    const { page } = setUp();
    expect(page.saveBindings()).toEqual({});
    page.bind('jump', ['key-k', 'mouse-left']);
    const saved = JSON.parse(JSON.stringify(page.saveBindings()));
    expect(saved).toEqual({ jump: ['key-k', 'mouse-left'] });
    const later = new InputPage();
    later.restoreBindings({ ...saved, duck: ['no-such-key', 'key-d'], fly: 3 });
    later.actions.declare('jump', numbers('space'));
    later.actions.declare('duck', numbers('space'));
    expect([later.bindings('jump'), later.bindings('duck')]).toEqual([['key-k', 'mouse-left'], ['key-d']]);
    for (const broken of [undefined, null, 3, 'x']) later.restoreBindings(broken);
    expect(later.bindings('jump')).toEqual(['key-k', 'mouse-left']);
    later.restoreBindings({});
    expect(later.bindings('jump')).toEqual(['space']);
  });

  test('is the same when it is declared again, and keeps what the player has bound', () => {
    const { page, jump } = setUp();
    expect(page.actions.declare('jump', numbers('key-j'))).toBe(jump);
    expect(page.bindings('jump')).toEqual(['key-j']);
    page.bind('jump', ['key-k']);
    page.actions.declare('jump', numbers('key-l'));
    expect(page.bindings('jump')).toEqual(['key-k']);
  });

  test('is as strong as the strongest of its controls', () => {
    const { page, frame } = setUp();
    const trigger = controlNumber('pad-right-trigger') as number;
    page.bind('jump', ['pad-right-trigger', 'space']);
    page.setStrength(trigger, 0.25);
    frame();
    expect(page.strength('jump')).toBe(0.25);
    page.setKey('Space', true);
    frame();
    expect(page.strength('jump')).toBe(1);
  });

  test('that is not there is said, with those that are; so is a control', () => {
    const { page } = setUp();
    expect(() => page.bind('jmup', [])).toThrow('there is no action `jmup`; there are jump');
    expect(() => page.bind('jump', ['a'])).toThrow('there is no control `a`; names are like key-a');
    expect(() => new InputPage().bindings('jump')).toThrow('the script declares none');
  });

  test('is one of at most 128', () => {
    const { page } = setUp();
    for (let i = 1; i < 128; i += 1) page.actions.declare(`action ${i}`, []);
    expect(() => page.actions.declare('one more', [])).toThrow('at most 128 actions');
  });
});
