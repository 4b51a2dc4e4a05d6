/** New code whose first values fail after live objects were given its layouts: all is as it was, on both sides. */
import { describe, expect, it } from 'vitest';
import { STATS_HANDLES } from '../../../scripting/heap/index.ts';
import type {
  Machine,
  ReplaceOutcome,
  ScriptFunction,
  ScriptObject,
} from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start, thrown } from './script.ts';

async function replace(machine: Machine, text: string): Promise<ReplaceOutcome> {
  return machine.replace(await machine.prepare(await imageOf(text)));
}

const OLD = '(a : i64) (b : i64)';
const NEW = '(b : i64) (tags : (Vector String) ["new"]) (a : i64)';

/** A first value asks the host, and the next one fails. */
const game = (fields: string, more = ''): string => `(defstruct Pair ${fields})
(extern-type "host" Thing)
(extern "host" (defn tell ((pairs : (MutVec Pair)) (f : (Fn [] i64))) : Unit) (defn thing ((n : i64)) : Thing) (defn same ((t : Thing)) : i64))
(defglobal mut *pairs* : (MutVec Pair) (mut-vec))
(defglobal mut *things* : (MutVec Thing) (mut-vec))
(pub defn fill () : Unit (push! *pairs* (Pair :a 1 :b 2)) (push! *things* (thing 1)) (push! *things* (thing 2)))
(pub defn look () : String (str *pairs* (map same *things*)))
(pub defn give () : (MutVec Pair) *pairs*)
(pub defn other ((n : i64)) : (MutVec Pair) (mut-vec (Pair :a n :b n)))
(pub defn first-of ((pairs : (MutVec Pair))) : i64 (.a (nth pairs 0)))
(pub defn forget () : Unit (clear! *things*))
(defn held () : (Fn [] i64) (let ((n (len *pairs*))) (fn () (+ 40 n))))
(pub defn hold () : Unit (tell *pairs* (held)))
${more}`;

/** What fails is not known before it is computed. */
const BAD = '(defglobal *bad* : i64 (nth (range 0 1) (+ 3 (len *pairs*))))';
const failing = (first: string): string => game(NEW, `(defglobal *first* : i64 (do ${first} 1))\n${BAD}`);

interface Scene {
  readonly machine: Machine;
  readonly objects: ScriptObject[];
  readonly functions: ScriptFunction[];
  /** Is called with each telling. */
  meanwhile: () => void;
}

async function scene(stress = STRESS): Promise<Scene> {
  const things = [0, 1, 2, 3, 4, 5].map((n) => ({ n }));
  const found: Omit<Scene, 'machine'> = { objects: [], functions: [], meanwhile: () => undefined };
  const host = {
    tell: (object: ScriptObject, f: ScriptFunction) => {
      found.objects.push(object);
      found.functions.push(f);
      made.meanwhile();
    },
    thing: (n: number) => things[n],
    same: ({ n }: { n: number }) => n,
  };
  const { machine } = await start(await imageOf(game(OLD)), { host: { host }, stress });
  const made: Scene = { ...found, machine };
  machine.call('fill');
  return made;
}

const LOOK = '[(Pair :a 1 :b 2)][1 2]';

/** New code is tried in vain. */
async function tryInVain(machine: Machine, first: string): Promise<void> {
  const prepared = await machine.prepare(await imageOf(failing(first)));
  expect(thrown(() => machine.replace(prepared))).toMatchObject({ kind: 'index' });
  expect(machine.verify()).toBeUndefined();
  expect(machine.call('look')).toBe(LOOK);
}

/** It can be replaced by what lays all out otherwise, and all fits. */
async function goesOn(machine: Machine): Promise<void> {
  machine.collect();
  machine.tidy();
  expect(machine.earlierVersions.code).toBe(0);
  expect(await replace(machine, game(NEW))).toMatchObject({ kind: 'replaced' });
  expect(machine.call('look')).toBe('[(Pair :b 2 :tags ["new"] :a 1)][1 2]');
  expect(machine.verify()).toBeUndefined();
}

describe('what the host was given by new code that fails', () => {
  it('stands for nothing afterwards', async () => {
    const { machine, objects, functions } = await scene();
    await tryInVain(machine, '(tell (mut-vec (Pair :a 7 :b 7)) (fn () 5))');
    const [object] = objects as [ScriptObject];
    const [f] = functions as [ScriptFunction];
    // Takes what was free again.
    const others = [1, 2, 3].map((n) => machine.call('other', 10 * n) as ScriptObject);
    expect(thrown(() => object.address)).toMatchObject({
      name: 'TypeError',
      message: 'this (MutVec Pair) went with new code that could not be loaded',
    });
    expect(thrown(() => f())).toMatchObject({ name: 'TypeError' });
    expect(thrown(() => machine.call('first-of', object))).toMatchObject({ name: 'TypeError' });
    expect(object.released).toBe(true);
    object.release();
    f.release();
    expect(others.map((other) => machine.call('first-of', other))).toEqual([10, 20, 30]);
    for (const other of others) other.release();
    await goesOn(machine);
  });

  it('may have been released by then', async () => {
    const held = await scene();
    const { machine, objects, functions } = held;
    held.meanwhile = () => {
      objects[0]?.release();
      functions[0]?.release();
    };
    await tryInVain(machine, '(tell (mut-vec (Pair :a 7 :b 7)) (fn () 5))');
    const others = [1, 2, 3].map((n) => machine.call('other', 10 * n) as ScriptObject);
    expect(others.map((other) => machine.call('first-of', other))).toEqual([10, 20, 30]);
    await goesOn(machine);
  });
});

describe('what the host held before', () => {
  it('is what it was', async () => {
    const { machine, objects, functions } = await scene();
    machine.call('hold');
    await tryInVain(machine, '(tell *pairs* (held))');
    expect(machine.call('first-of', objects[0])).toBe(1);
    expect(functions[0]?.()).toBe(41);
    expect(thrown(() => functions[1]?.())).toMatchObject({ name: 'TypeError' });
    functions[0]?.release();
    await goesOn(machine);
    expect(machine.call('first-of', objects[0])).toBe(1);
  });

  it('stays released that it has released meanwhile, and takes up nothing', async () => {
    const held = await scene();
    const { machine } = held;
    const before = [1, 2, 3].map((n) => machine.call('other', n) as ScriptObject);
    machine.call('hold');
    const none = machine.statistic(STATS_HANDLES) - 5;
    held.meanwhile = () => {
      for (const object of [...before, ...held.objects]) object.release();
      for (const f of held.functions) f.release();
    };
    await tryInVain(machine, '(tell *pairs* (held))');
    for (const object of before) expect(object.released).toBe(true);
    // Their cells are free again, each once.
    expect(machine.statistic(STATS_HANDLES)).toBe(none);
    const again = [1, 2, 3, 4, 5, 6].map((n) => machine.call('other', n) as ScriptObject);
    expect(again.map((object) => machine.call('first-of', object))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(machine.statistic(STATS_HANDLES)).toBe(none + 6);
    for (const object of again) object.release();
    await goesOn(machine);
  });

  it('is looked at by later code with the layout that it has', async () => {
    // Only the host leads to it.
    const only = (fields: string, more = ''): string => `(defstruct Pair ${fields})
(pub defn make ((n : i64)) : (MutVec Pair) (mut-vec (Pair :a n :b 2)))
(pub defn show-it ((pairs : (MutVec Pair))) : String (show pairs))
${more}`;
    const { machine } = await start(await imageOf(only(OLD)), { stress: STRESS });
    const object = machine.call('make', 1) as ScriptObject;
    const bad = '(defglobal *bad* : i64 (nth (range 0 1) 3))';
    const prepared = await machine.prepare(await imageOf(only(NEW, bad)));
    expect(thrown(() => machine.replace(prepared))).toMatchObject({ kind: 'index' });
    expect(machine.call('show-it', object)).toBe('[(Pair :a 1 :b 2)]');
    expect(await replace(machine, only(NEW))).toMatchObject({ kind: 'replaced' });
    expect(machine.call('show-it', object)).toBe('[(Pair :b 2 :tags ["new"] :a 1)]');
    expect(machine.verify()).toBeUndefined();
  });
});

describe('objects of the host', () => {
  it('that new code was given are forgotten, those of before are what they were', async () => {
    const { machine } = await scene();
    for (let i = 0; i < 5; i += 1) {
      await tryInVain(
        machine,
        '(push! *things* (thing 3)) (push! *things* (thing 4)) (push! *things* (thing 1))',
      );
      expect(machine.hostObjects).toBe(2);
    }
    await goesOn(machine);
  });

  it('that new code has let go stand where they stood', async () => {
    const { machine } = await scene();
    for (let i = 0; i < 5; i += 1) {
      // Their deaths are heard of, and others stand in their places.
      await tryInVain(
        machine,
        `(clear! *things*)
 (for (i 0 (< i 40)) (do (same (thing 3)) (same (thing 4)))) (push! *things* (thing 5)) (push! *things* (thing 0))`,
      );
      expect(machine.hostObjects).toBe(2);
    }
    machine.call('forget');
    machine.collect();
    expect(machine.hostObjects).toBe(0);
  });
});
