import { describe, expect, it } from 'vitest';
import {
  DEPTH,
  INDEX_LOW_BITS,
  SHADOW_TOP,
  STATS_HANDLES,
  STRESS_COLLECT,
  STRESS_POISON,
  UNWIND,
} from '../../../scripting/heap/index.ts';
import {
  ConversionError,
  LinkError,
  Machine,
  ScriptError,
  ScriptObject,
} from '../../../scripting/machine/index.ts';
import { BODY, BOOL, entry, F64, I32, I64, imageOf, STRING, UNIT, VEC2 } from './image.ts';

const STRESS = STRESS_COLLECT | STRESS_POISON;
const span = { file: 'test.slu', line: 3, column: 8 };

function thrown(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** The words that a failed call must leave as it found them. */
function openState({ views }: Machine): number[] {
  return [UNWIND, SHADOW_TOP, DEPTH].map((cell) => views.word(cell));
}

describe('arguments and results', () => {
  const image = imageOf(
    `(func (export "add") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
     (func (export "same") (param i64) (result i64) (local.get 0))
     (func (export "huge") (result i64) (i64.const 9007199254740993))
     (func (export "not") (param i32) (result i32) (i32.eqz (local.get 0)))
     (func (export "second") (param i32 i32) (result i32) (local.get 1))
     (func (export "turn") (param f64 f64) (result f64 f64) (f64.neg (local.get 1)) (local.get 0))
     (func (export "body") (result i32) (call $allocateArray (i32.const 0x480) (i64.const 3)))
     (func (export "nobody") (result i32) (i32.const 0))
     (func (export "weigh") (param i32) (result i32) (i32.load offset=4 (local.get 0)))`,
    {
      exports: [
        entry('add', [F64, F64], F64),
        entry('same', [I64], I64),
        entry('huge', [], I64),
        entry('not', [BOOL], BOOL),
        entry('second', [STRING, STRING], STRING),
        entry('turn', [VEC2], VEC2),
        entry('body', [], BODY),
        entry('nobody', [], BODY),
        entry('weigh', [BODY], I32),
      ],
    },
  );
  const start = () => Machine.create(image, { stress: STRESS });

  it('carries numbers, booleans and values', async () => {
    const machine = await start();
    expect(machine.call('add', 1.5, 2)).toBe(3.5);
    expect(machine.call('same', -(2 ** 53) + 1)).toBe(-(2 ** 53) + 1);
    expect(machine.call('not', false)).toBe(true);
    expect(machine.call('turn', { x: 1, y: 2 })).toEqual({ x: -2, y: 1 });
  });

  it('carries strings, whatever is in them, while every allocation collects', async () => {
    const machine = await start();
    for (const text of ['', 'plain', 'größer', '\u{1F600}', 'a\0b', 'x'.repeat(100_000)])
      expect(machine.call('second', 'first', text)).toBe(text);
    expect(machine.verify()).toBeUndefined();
  });

  it('refuses a 64-bit integer that a number cannot hold, either way', async () => {
    const machine = await start();
    expect(() => machine.call('huge')).toThrow('the result of huge is 9007199254740993');
    expect(() => machine.call('same', 2 ** 53)).toThrow(ConversionError);
  });

  it('says which argument does not fit, what it must be and what it was', async () => {
    const machine = await start();
    expect(() => machine.call('add', 1, '2')).toThrow('argument `b` of add must be a number, not "2"');
    expect(() => machine.call('not', 1)).toThrow('argument `a` of not must be a boolean, not 1');
    expect(() => machine.call('same', 0.5)).toThrow('must be an integer from');
    expect(() => machine.call('turn', { x: 1 })).toThrow(
      'field `y` of argument `a` of turn must be a number, not undefined',
    );
    expect(() => machine.call('weigh', {})).toThrow('must be a Body that a script gave, not an object');
    expect(() => machine.call('add', 1)).toThrow('add takes 2 arguments, not 1');
    expect(() => machine.call('sub', 1)).toThrow('the script exports no function sub');
    expect(openState(machine)).toEqual(openState(await start()));
  });

  it('keeps an object that JavaScript holds alive until it is released', async () => {
    const machine = await start();
    const body = machine.call('body') as ScriptObject;
    expect(body).toBeInstanceOf(ScriptObject);
    expect(machine.statistic(STATS_HANDLES)).toBe(1);
    machine.collect();
    expect(machine.call('weigh', body)).toBe(3);
    body.release();
    body.release();
    expect(machine.statistic(STATS_HANDLES)).toBe(0);
    expect(() => machine.call('weigh', body)).toThrow('this Body was released');
    expect(machine.call('nobody')).toBeNull();
  });

  it('does not take an object of another machine', async () => {
    const body = (await start()).call('body');
    const other = await start();
    expect(() => other.call('weigh', body)).toThrow(ConversionError);
  });
});

describe('externs', () => {
  const play = { module: 'stage', ...entry('play', [STRING, F64], BOOL), span };
  const name = { module: 'stage', ...entry('name', [], STRING), span };
  const image = imageOf(
    `(func (export "go") (param i32) (result i32) (call $play (local.get 0) (f64.const 0.5)))
     (func (export "ask") (result i32) (call $name))`,
    { exports: [entry('go', [STRING], BOOL), entry('ask', [], STRING)], externs: [play, name] },
    `(import "extern:stage" "play" (func $play (param i32 f64) (result i32)))
     (import "extern:stage" "name" (func $name (result i32)))`,
  );

  it('reports all functions the host lacks, by module, name, type and place', async () => {
    const error = await Machine.create(image, { host: { stage: {} } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LinkError);
    expect((error as LinkError).message).toBe(
      'test.slu:3:8: the host does not supply stage.play : (Fn [String f64] Bool)\n' +
        'test.slu:3:8: the host does not supply stage.name : (Fn [] String)',
    );
  });

  it('finds functions of a module’s class, but none that every object has', async () => {
    class Stage {
      static play = () => true;
      play() {
        return true;
      }
    }
    class Named extends Stage {
      name() {
        return 'class';
      }
    }
    const machine = await Machine.create(image, { host: { stage: new Named() } });
    expect(machine.call('ask')).toBe('class');
    const linking = (module: string, name: string, host: Record<string, object>) => {
      const externs = [{ module, ...entry(name, [], UNIT), span }];
      const text = `(import "extern:${module}" "${name}" (func $f))`;
      return Machine.create(imageOf('', { externs }, text), { host });
    };
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'])
      await expect(linking('stage', name, { stage: new Named() })).rejects.toThrow('does not supply');
    for (const name of ['call', 'bind', 'constructor'])
      await expect(linking('stage', name, { stage: Stage })).rejects.toThrow('does not supply');
    for (const module of ['constructor', '__proto__', 'toString'])
      await expect(linking(module, 'assign', {})).rejects.toThrow('does not supply');
    await expect(linking('stage', 'toString', { stage: { toString: () => '' } })).resolves.toBeDefined();
    await expect(linking('stage', 'play', { stage: Stage })).resolves.toBeDefined();
  });

  it('refuses an image that another version of the compiler made', async () => {
    await expect(Machine.create(imageOf('', { format: 99 }))).rejects.toThrow(
      /compiled by another version of Sluice: its image has format 99/,
    );
  });

  it('calls the host with converted arguments, as a method of its module', async () => {
    const heard: unknown[] = [];
    const stage = {
      volume: 7,
      play(this: { volume: number }, sound: string, loud: number) {
        heard.push(sound, loud, this.volume);
        return true;
      },
      name: () => 'Grüße',
    };
    const machine = await Machine.create(image, { host: { stage }, stress: STRESS });
    expect(machine.call('go', 'boing')).toBe(true);
    expect(heard).toEqual(['boing', 0.5, 7]);
    expect(machine.call('ask')).toBe('Grüße');
    expect(openState(machine)).toEqual([0, machine.views.word(SHADOW_TOP), 0]);
    expect(machine.verify()).toBeUndefined();
  });

  it('makes a script error of what a host function throws, and of a result that does not fit', async () => {
    const reason = new Error('no such sound');
    const stage = {
      play: () => {
        throw reason;
      },
      name: () => 3,
    };
    const machine = await Machine.create(image, { host: { stage } });
    const error = thrown(() => machine.call('go', 'boing')) as ScriptError;
    expect(error).toBeInstanceOf(ScriptError);
    expect([error.kind, error.message, error.cause]).toEqual([
      'host',
      'stage.play failed: no such sound',
      reason,
    ]);
    const misfit = thrown(() => machine.call('ask')) as ScriptError;
    expect([misfit.kind, misfit.message]).toEqual([
      'conversion',
      'the result of stage.name must be a string, not 3',
    ]);
  });

  it('lets a host function call the script again, and passes an inner failure on as it is', async () => {
    let machine: Machine;
    const stage = {
      play: (sound: string) => (sound === 'deep' ? machine.call('go', 'deeper') : machine.call('missing')),
      name: () => '',
    };
    machine = await Machine.create(image, { host: { stage } });
    const error = thrown(() => machine.call('go', 'deep')) as ScriptError;
    expect(error.message).toBe('stage.play failed: the script exports no function missing');
    expect(openState(machine)).toEqual([0, machine.views.word(SHADOW_TOP), 0]);
    expect(machine.verify()).toBeUndefined();
  });
});

describe('a circle through the host', () => {
  const image = imageOf(
    '(func (export "go") (call $again))',
    { exports: [entry('go', [], UNIT)], externs: [{ module: 'host', ...entry('again', [], UNIT), span }] },
    '(import "extern:host" "again" (func $again))',
  );

  it('ends like any recursion, and the machine works on', async () => {
    let machine: Machine;
    let rounds = 0;
    let again = (): unknown => {
      rounds += 1;
      return machine.call('go');
    };
    machine = await Machine.create(image, { host: { host: { again: () => again() } } });
    const before = openState(machine);
    for (let i = 0; i < 3; i++) {
      const error = thrown(() => machine.call('go')) as ScriptError;
      expect([error.kind, error.message]).toEqual(['depth', 'the recursion is too deep']);
      expect(openState(machine)).toEqual(before);
    }
    expect(rounds % 3).toBe(0);
    again = () => undefined;
    machine.call('go');
    expect(machine.verify()).toBeUndefined();
  });
});

describe('failures', () => {
  const image = imageOf(
    `(func $index (export "index") (call $fail (i32.const 1) (i32.const 0) (f64.const 0) (f64.const ${(3 << INDEX_LOW_BITS) | 99})))
     (func (export "in-arena")
       (drop (call $openArena (i32.const 0) (i32.const 0)))
       (drop (call $allocateArray (i32.const 0x480) (i64.const 1000)))
       (call $index))
     (func (export "trap") unreachable)
     (func $deep (export "deep") (call $deep) (call $fuel))
     (func (export "endless") (loop $again (call $fuel) (br $again)))
     (func (export "arena-string") (result i32)
       (drop (call $openArena (i32.const 0) (i32.const 0)))
       (call $allocateArray (i32.const 0x480) (i64.const 1)))`,
    {
      exports: [
        entry('index', [], UNIT),
        entry('in-arena', [], UNIT),
        entry('trap', [], UNIT),
        entry('deep', [], UNIT),
        entry('endless', [], UNIT),
        entry('arena-string', [], BODY),
      ],
      sites: [span],
    },
  );

  const failing: readonly [name: string, kind: string, message: string][] = [
    ['index', 'index', 'index 99 is out of range for length 3'],
    ['in-arena', 'index', 'index 99 is out of range for length 3'],
    ['trap', 'trap', 'the code trapped: unreachable'],
    ['deep', 'depth', 'the recursion is too deep'],
    ['endless', 'fuel', 'the call ran longer than 30 ms'],
  ];

  it.each(failing)(
    '%s stops the call with its message, and the machine works on',
    async (name, kind, message) => {
      const machine = await Machine.create(image, { timeLimit: 30 });
      const before = openState(machine);
      const limit = Error.stackTraceLimit;
      for (let i = 0; i < 3; i++) {
        const error = thrown(() => machine.call(name)) as ScriptError;
        expect([error.constructor, error.kind, error.message]).toEqual([ScriptError, kind, message]);
      }
      expect(openState(machine)).toEqual(before);
      expect(Error.stackTraceLimit).toBe(limit);
      expect(machine.verify()).toBeUndefined();
    },
  );

  it('tells the place that the compiler gave to what failed', async () => {
    const machine = await Machine.create(image);
    expect((thrown(() => machine.call('index')) as ScriptError).position).toEqual(span);
  });

  it('does not let the host keep what an arena holds', async () => {
    const machine = await Machine.create(image);
    expect(() => machine.call('arena-string')).toThrow('this Body lives in an arena');
    expect(machine.verify()).toBeUndefined();
  });
});
