/**
 * The host calls the script again from wherever it is called. What the script was holding then is kept, although nothing in
 * the program that runs makes an object: the machine does, for arguments and results, and so may code of before a reload.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Image } from '../../../scripting/image/index.ts';
import { Machine, type MachineOptions } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, STRESS, thrown } from './script.ts';

/** Nothing here makes an object. What a name holds, no global holds any more. */
const SCRIPT = `(extern "host" (defn back () : Unit))
(defglobal mut *held* : String "")
(pub defn hold ((s : String)) : Unit (set! *held* s))
(pub defn measure ((s : String)) : i64 (string-length s))
(defn take () : String (let ((s *held*)) (set! *held* "") s))
(pub defn printing () : String (let ((s (take))) (println 1) (println 2) s))
(pub defn timing () : String (let ((s (take))) (time-ms) (time-ms) s))
(pub defn calling () : String (let ((s (take))) (back) (back) s))
(pub defn live () : i64 (.live-bytes (memory-stats)))`;

describe.each(MODES)('in %s, a script keeps what it holds', (mode) => {
  let image: Image;
  beforeAll(async () => {
    image = await imageOf(SCRIPT, { mode });
  });

  /** A machine that calls itself with a text of its own wherever the host can; `name` is what the host is called for. */
  async function resultOf(name: string): Promise<unknown> {
    let machine: Machine | undefined;
    let again = 0;
    const back = (): void => {
      again += 1;
      expect(machine?.call('measure', 'another text of that length')).toBe(27);
    };
    const options: MachineOptions = {
      stress: STRESS,
      host: { host: { back } },
      output: back,
      clock: () => {
        if (machine !== undefined) back();
        return 0;
      },
    };
    machine = await Machine.create(image, options);
    machine.call('hold', 'a text that only one name holds');
    const result = machine.call(name);
    expect(again).toBe(2);
    expect(machine.verify()).toBeUndefined();
    return result;
  }

  it.each(['printing', 'timing', 'calling'])('when it is called again from %s', async (name) => {
    expect(await resultOf(name)).toBe('a text that only one name holds');
  });

  it('and its collector does not read the clock of scripts, which may fail', async () => {
    let fails = false;
    const clock = (): number => {
      if (fails) throw new Error('no clock');
      return 0;
    };
    const machine = await Machine.create(image, {
      clock,
      stress: STRESS,
      host: { host: { back: () => undefined } },
    });
    machine.call('hold', 'a text');
    fails = true;
    machine.call('hold', 'another');
    machine.collect();
    expect(() => machine.call('timing')).toThrow('no clock');
    expect(machine.verify()).toBeUndefined();
  });
});

it('a frame neither begins nor ends while a script is on the stack, and no gap is there', async () => {
  let machine: Machine | undefined;
  const said: unknown[] = [];
  const back = (): void => {
    for (const act of [() => machine?.step(1), () => machine?.resetFrame(), () => machine?.gapSlice(10)])
      said.push(thrown(act));
  };
  machine = await Machine.create(await imageOf(SCRIPT), { host: { host: { back } } });
  machine.call('calling');
  expect(said).toHaveLength(6);
  for (const error of said)
    expect(error).toMatchObject({ message: expect.stringMatching('a script is running') });
});

const BEFORE = `(defglobal mut *make* : (Fn [i64] i64) (fn (n) n))
(defglobal mut *held* : String "")
(pub defn start () : Unit (set! *make* (fn (n) (string-length (str "made of " n)))))
(pub defn hold ((s : String)) : Unit (set! *held* s))
(pub defn run () : String "")`;

const AFTER = `(defglobal mut *make* : (Fn [i64] i64) (fn (n) n))
(defglobal mut *held* : String "")
(pub defn hold ((s : String)) : Unit (set! *held* s))
(pub defn run () : String (let ((s *held*)) (set! *held* "") (*make* 1) (*make* 2) s))`;

it('new code that makes nothing keeps what it holds while it calls a closure of old code that does', async () => {
  const machine = await Machine.create(await imageOf(BEFORE), { stress: STRESS });
  machine.call('start');
  expect(machine.replace(await machine.prepare(await imageOf(AFTER)))).toMatchObject({ kind: 'replaced' });
  machine.call('hold', 'a text that only one name holds');
  expect(machine.call('run')).toBe('a text that only one name holds');
  expect(machine.verify()).toBeUndefined();
});

it('an argument is kept while the next one is made, even if making that lets the first go', async () => {
  const text = `(defstruct Box (text : String))
(defstruct Pair (text : String))
(pub defn make ((s : String)) : (Fn [Pair] String) (let ((box (Box (str s "!")))) (fn ((p : Pair)) : String (str (.text box) (.text p)))))`;
  for (const mode of MODES) {
    const machine = await Machine.create(await imageOf(text, { mode }), { stress: STRESS });
    const join = machine.call('make', 'kept') as { (pair: object): string; release(): void };
    const pair = {
      get text() {
        join.release();
        return ' and made';
      },
    };
    expect(join(pair)).toBe('kept! and made');
    expect(machine.verify()).toBeUndefined();
  }
});

it('limits that the shadow stack has no room for are refused', async () => {
  const image = await imageOf('(pub defn run () : i64 1)');
  const error = await Machine.create(image, { depthLimit: 1 << 20 }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    name: 'RangeError',
    message: 'depthLimit is 1048576, and has to be a number of bytes from 1024 to 524288',
  });
});
