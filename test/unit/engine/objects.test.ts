import type { Container } from 'pixi.js';
import { describe, expect, test } from 'vitest';
import type { ScriptMachine } from '../../../engine/script.ts';
import { StageObjects } from '../../../engine/stage/objects.ts';
import type { StageObject } from '../../../engine/stage/stage-object.ts';
import { FakeMachine, ManualClock } from './fake-machine.ts';

/** Draws from whatever machine has what it needs. */
class Drawing implements StageObject {
  readonly view = { removeFromParent: () => void this.calls.push('leaves') } as unknown as Container;
  readonly calls: string[] = [];
  machine: ScriptMachine | undefined;
  lacking: ScriptMachine | undefined;

  attach(machine: ScriptMachine): void {
    if (machine === this.lacking) throw new TypeError('the script has no global *circles*');
    this.machine = machine;
  }

  update(): void {
    this.calls.push('update');
  }

  destroy(): void {
    this.calls.push('destroy');
  }
}

function setUp(count: number) {
  const [old, next] = [new FakeMachine(new ManualClock()), new FakeMachine(new ManualClock())];
  const objects = new StageObjects(old);
  const drawings = Array.from({ length: count }, () => new Drawing());
  for (const drawing of drawings) objects.add(drawing);
  return { old, next, objects, drawings };
}

const fail = (error: unknown): never => {
  throw error;
};

describe('what is on the stage', () => {
  test('draws from the machine that it is added to, and from the next', () => {
    const { old, next, objects, drawings } = setUp(2);
    expect(drawings.map(({ machine }) => machine)).toEqual([old, old]);
    objects.attach(next);
    expect(drawings.map(({ machine }) => machine === next)).toEqual([true, true]);
  });

  test.each([0, 1, 2])(
    'goes on with the old machine where object %i finds nothing in the new one',
    (which) => {
      const { old, next, objects, drawings } = setUp(3);
      const lacking = drawings[which] as Drawing;
      lacking.lacking = next;
      expect(() => objects.attach(next)).toThrow('no global *circles*');
      expect(drawings.map(({ machine }) => machine === old)).toEqual([true, true, true]);
      lacking.lacking = undefined;
      objects.attach(next);
      expect(drawings.map(({ machine }) => machine === next)).toEqual([true, true, true]);
    },
  );

  test('is not added where it finds nothing', () => {
    const { old, objects } = setUp(0);
    const drawing = new Drawing();
    drawing.lacking = old;
    expect(() => objects.add(drawing)).toThrow('no global');
    objects.update(fail);
    expect(drawing.calls).toEqual([]);
  });

  test('has its turn whatever another throws', () => {
    const { objects, drawings } = setUp(3);
    const broken = drawings[1] as Drawing;
    broken.update = () => fail(new Error('broken'));
    const heard: unknown[] = [];
    objects.update((error) => heard.push(error));
    expect(drawings.map(({ calls }) => calls.length)).toEqual([1, 0, 1]);
    expect(String(heard)).toBe('Error: broken');
  });

  test('is freed when it is removed, once, and with everything else at the end', () => {
    const { objects, drawings } = setUp(3);
    const [first, second, third] = drawings as [Drawing, Drawing, Drawing];
    expect(objects.remove(first)).toBe(true);
    expect(objects.remove(first)).toBe(false);
    second.destroy = () => fail(new Error('broken'));
    const heard: unknown[] = [];
    objects.destroy((error) => heard.push(error));
    expect([first.calls, third.calls]).toEqual([
      ['leaves', 'destroy'],
      ['leaves', 'destroy'],
    ]);
    expect(heard).toHaveLength(1);
    objects.update(fail);
    expect(third.calls).toHaveLength(2);
  });

  test('may be of any make, but has what the stage needs', () => {
    const { objects } = setUp(0);
    const add = (value: unknown) => () => objects.add(value as StageObject);
    expect(add(undefined)).toThrow('what is added to a game has `attach`; this undefined lacks it');
    expect(add({ attach: () => undefined })).toThrow('has `update`; this Object lacks it');
    expect(add({ attach: () => undefined, update: () => undefined })).toThrow('has a `view`');
    const twice = new Drawing();
    objects.add(twice);
    expect(add(twice)).toThrow('added to the game already');
  });
});
