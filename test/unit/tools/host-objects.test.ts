/** Objects and functions of JavaScript in the hands of scripts: they are the very same when they come back, and are let go. */
import { describe, expect, it } from 'vitest';
import {
  IN_FRAME,
  STATS_MOVED,
  STRESS_EAGER,
  STRESS_MOVE,
  STRESS_POISON,
} from '../../../scripting/heap/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import type { Machine, ScriptError, ScriptFunction } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, STRESS, start, thrown } from './script.ts';

const SPRITES = `(extern-type "stage" Sprite)
(extern "stage" (defn sprite ((n : i64)) : Sprite))
(defstruct Enemy (hp : i64) (looks : Sprite))
(defglobal mut *held* : (MutVec Sprite) (mut-vec))
(defglobal mut *enemies* : (MutMap i64 Enemy) (mut-map))
(defglobal mut *last* : (Option (Fn [] Sprite)) None)
(pub defn hold ((s : Sprite)) : Unit (push! *held* s))
(pub defn get ((i : i64)) : Sprite (nth *held* i))
(pub defn count () : i64 (len *held*))
(pub defn forget () : Unit (clear! *held*))
(pub defn drop-last () : Sprite (pop! *held*))
(pub defn same ((a : Sprite) (b : Sprite)) : Bool (and (= a b) (= (hash a) (hash b))))
(pub defn passing ((s : (Option Sprite))) : (Option Sprite) s)
(pub defn capture ((s : Sprite)) : Unit (set! *last* (Some (fn () s))))
(pub defn captured () : (Option Sprite) (match *last* ((Some f) (Some (f))) (None None)))
(pub defn enlist ((hp : i64) (s : Sprite)) : Unit (map-set! *enemies* hp (Enemy hp s)))
(pub defn enemies () : (Map i64 Enemy) (fold (fn (m e) (assoc m (.0 e) (.1 e))) {} (map (fn (k) (tuple k (map-get *enemies* k))) (keys *enemies*))))
(pub defn churn ((n : i64)) : Unit (for (i 0 (< i n)) (sprite i)))
(pub defn litter ((n : i64)) : i64 (let ((mut at [])) (for (i 0 (< i n)) (set! at (append [i] i))) (len at)))
(defn frame ((dt : f64)) : Unit (sprite 1) (sprite 2) ())`;

interface Sprite {
  readonly n: number;
}

/** What there is to know of a script error. */
function failureOf(body: () => unknown) {
  const { kind, message, position, cause } = thrown(body) as ScriptError;
  return { kind, message, line: position?.line, cause };
}

const sprite = (n: number): Sprite => ({ n });
const host = { stage: { sprite } };

/** Several cycles in slices. Returns how many objects the slice let go that let the most of them go. */
function cycles(machine: Machine, work: number): number {
  let most = 0;
  machine.setStress(STRESS_EAGER);
  for (let slice = 0; slice < 300; slice += 1) {
    const before = machine.hostObjects;
    machine.gapSlice(work);
    most = Math.max(most, before - machine.hostObjects);
    expect(machine.verify()).toBeUndefined();
  }
  machine.setStress(0);
  return most;
}

describe.each(MODES)('an object that a script holds, in %s', (mode) => {
  let image: Promise<Image> | undefined;
  const started = async (options = {}) => {
    image ??= imageOf(SPRITES, { mode });
    return (await start(await image, { host, ...options })).machine;
  };

  it('comes back as the very same, out of whatever held it', async () => {
    const machine = await started({ stress: STRESS });
    const [a, b] = [sprite(1), sprite(2)];
    for (const each of [a, b, a]) machine.call('hold', each);
    expect(machine.call('get', 0)).toBe(a);
    expect(machine.call('get', 1)).toBe(b);
    expect(machine.call('get', 2)).toBe(a);
    expect([machine.call('same', a, a), machine.call('same', a, b)]).toEqual([true, false]);
    expect(machine.call('passing', b)).toBe(b);
    expect(machine.call('passing', undefined)).toBeUndefined();
    machine.call('capture', b);
    expect(machine.call('captured')).toBe(b);
    machine.call('enlist', 7, a);
    expect(machine.call('enemies')).toEqual(new Map([[7, { hp: 7, looks: a }]]));
    expect((machine.call('enemies') as Map<number, { looks: Sprite }>).get(7)?.looks).toBe(a);
    expect(machine.verify()).toBeUndefined();
  });

  it('may be a function, an array, a class: whatever has identity, and nothing else', async () => {
    const machine = await started();
    for (const value of [() => 1, [1], new Date(), class {}, Object.create(null)]) {
      machine.call('hold', value);
      expect(machine.call('drop-last')).toBe(value);
    }
    for (const value of [1, 'a', null, undefined, true, Symbol.iterator, 1n])
      expect(() => machine.call('hold', value)).toThrow(
        'argument `s` of hold must be a Sprite, which is an object, not ',
      );
  });

  it('is let go after the collection that finds nobody holds it, and not before', async () => {
    const machine = await started();
    const [a, b] = [sprite(1), sprite(2)];
    for (const each of [a, b, a]) machine.call('hold', each);
    expect(machine.hostObjects).toBe(2);
    machine.collect();
    expect(machine.hostObjects).toBe(2);
    expect(machine.call('drop-last')).toBe(a);
    machine.collect();
    // The first of its proxies is still there.
    expect(machine.hostObjects).toBe(2);
    expect(machine.call('get', 0)).toBe(a);
    machine.call('forget');
    expect(machine.hostObjects).toBe(2);
    machine.collect();
    expect(machine.hostObjects).toBe(0);
    expect(machine.verify()).toBeUndefined();
  });

  it('gives its place to another object, which is another one', async () => {
    const machine = await started();
    for (let round = 0; round < 5; round += 1) {
      const own = Array.from({ length: 20 }, (_, i) => sprite(i));
      for (const each of own) machine.call('hold', each);
      for (const [i, each] of own.entries()) expect(machine.call('get', i)).toBe(each);
      machine.call('forget');
      machine.collect();
      expect(machine.hostObjects).toBe(0);
    }
  });

  it('is let go in gaps, some at each slice, however many there are', async () => {
    const machine = await started();
    const all = Array.from({ length: 200 }, (_, i) => sprite(i));
    for (const each of all) machine.call('hold', each);
    machine.call('hold', all[0]);
    cycles(machine, 10);
    expect(machine.hostObjects).toBe(200);
    machine.call('forget');
    expect(cycles(machine, 10)).toBeLessThanOrEqual(10);
    expect(machine.hostObjects).toBe(0);
  });

  it('is kept through cycles in slices while it goes from hand to hand', async () => {
    const machine = await started();
    machine.setStress(STRESS_EAGER);
    const kept = sprite(0);
    machine.call('hold', kept);
    for (let round = 0; round < 300; round += 1) {
      machine.call('hold', machine.call('drop-last'));
      machine.call('litter', 200);
      machine.call('churn', 3);
      machine.gapSlice(1 + (round % 7));
      if (round % 10 === 0) expect(machine.verify()).toBeUndefined();
    }
    expect(machine.call('get', 0)).toBe(kept);
    machine.collect();
    expect(machine.hostObjects).toBe(1);
  });

  it('is let go while a program runs long without a gap', async () => {
    const machine = await started({ timeLimit: Number.POSITIVE_INFINITY });
    machine.call('churn', 300_000);
    expect(machine.hostObjects).toBeLessThan(200_000);
    machine.collect();
    expect(machine.hostObjects).toBe(0);
  });

  it('is let go after frames that pass it by', async () => {
    const machine = await started();
    machine.setStress(STRESS_EAGER);
    let most = 0;
    for (let frame = 0; frame < 3000; frame += 1) {
      expect(machine.step(1 / 60)).toBe(0);
      machine.call('litter', 100);
      machine.resetFrame();
      machine.gapSlice(500);
      most = Math.max(most, machine.hostObjects);
    }
    expect(machine.views.word(IN_FRAME)).toBe(0);
    expect(most).toBeLessThan(3000);
    machine.collect();
    expect(machine.hostObjects).toBe(0);
  });

  it('is the same when everything moves, and in another memory', async () => {
    const machine = await started({ initialMemory: 0 });
    const own = Array.from({ length: 2000 }, (_, i) => sprite(i));
    for (const each of own) {
      machine.call('hold', each);
      machine.call('litter', 300);
    }
    expect(await machine.force({ move: true })).toMatchObject({ kind: 'done' });
    machine.call('churn', 100);
    const before = machine.memory;
    expect(await machine.force({ shrink: true })).toMatchObject({ kind: 'done' });
    expect([machine.statistic(STATS_MOVED) > 0, machine.memory === before]).toEqual([true, false]);
    for (const [i, each] of own.entries()) expect(machine.call('get', i)).toBe(each);
    expect(machine.hostObjects).toBe(2000);
    machine.call('forget');
    await machine.force();
    expect(machine.hostObjects).toBe(0);
    expect(machine.verify()).toBeUndefined();
  });

  it('is held by no one where a call fails between its coming and its being kept', async () => {
    const machine = await started({ stress: STRESS_MOVE | STRESS_POISON });
    for (let i = 0; i < 10; i += 1) expect(() => machine.call('same', sprite(i), 1)).toThrow('argument `b`');
    machine.collect();
    expect(machine.hostObjects).toBe(0);
    expect(machine.verify()).toBeUndefined();
  });

  it('is not held where memory runs out for its proxy, and everything else stays', async () => {
    const machine = await started({ hardLimit: 2 << 20 });
    const all: Sprite[] = [];
    const error = thrown(() => {
      for (;;) machine.call('hold', all[all.push(sprite(all.length)) - 1]);
    });
    expect(error).toMatchObject({ kind: 'memory' });
    const count = Number(machine.call('count'));
    expect(machine.call('get', count - 1)).toBe(all[count - 1]);
    machine.call('forget');
    machine.collect();
    expect(machine.hostObjects).toBe(0);
    expect(machine.verify()).toBeUndefined();
  });
});

const HANDLERS = `(defstruct Button (label : String) (press : (Fn [i64] i64)))
(defglobal mut *handlers* : (MutVec (Fn [i64] i64)) (mut-vec))
(pub defn add ((f : (Fn [i64] i64))) : Unit (push! *handlers* f))
(pub defn button ((b : Button)) : Unit (push! *handlers* (.press b)))
(pub defn first-handler () : (Fn [i64] i64) (nth *handlers* 0))
(pub defn run ((n : i64)) : i64 (let ((mut at n)) (for-each (f *handlers*) (set! at (f at))) at))
(pub defn own () : (Fn [i64] i64) (let ((n 100)) (fn (x) (+ x n))))
(pub defn other () : (Fn [i32] i32) (fn (x) (* x 2)))
(pub defn same ((f : (Fn [i64] i64)) (g : (Fn [i64] i64))) : Bool (same? f g))
(pub defn forget () : Unit (clear! *handlers*))`;

describe.each(MODES)('a function that a script is given, in %s', (mode) => {
  let image: Promise<Image> | undefined;
  const started = async (options = {}) => {
    image ??= imageOf(HANDLERS, { mode });
    return (await start(await image, options)).machine;
  };

  it('is called like any other, from wherever it is held', async () => {
    const machine = await started({ stress: STRESS });
    machine.call('add', (n: number) => n + 1);
    machine.call('button', { label: 'double', press: (n: number) => n * 2 });
    expect(machine.call('run', 4)).toBe(10);
    expect(machine.verify()).toBeUndefined();
  });

  it('comes back as the very same, and is let go when the script forgets it', async () => {
    const machine = await started();
    const f = (n: number) => n;
    machine.call('add', f);
    expect(machine.call('first-handler')).toBe(f);
    expect(machine.hostObjects).toBe(1);
    machine.call('forget');
    machine.collect();
    expect(machine.hostObjects).toBe(0);
  });

  it('is the same function still when it is the script’s own that comes back', async () => {
    const machine = await started({ stress: STRESS });
    const own = machine.call('own') as ScriptFunction;
    expect(machine.call('same', own, own)).toBe(true);
    expect(machine.call('same', own, (n: number) => n)).toBe(false);
    machine.call('add', own);
    own.release();
    expect(machine.call('run', 1)).toBe(101);
    machine.collect();
    expect(machine.hostObjects).toBe(0);
    expect(() => machine.call('add', own)).toThrow('was released');
  });

  it('may be another type’s or another machine’s: then it is called through JavaScript', async () => {
    const [machine, another] = [await started(), await started()];
    machine.call('add', machine.call('other'));
    machine.call('add', another.call('own'));
    expect(machine.call('run', 4)).toBe(108);
  });

  it('is checked each time: what it gets, and what it returns', async () => {
    const machine = await started();
    expect(() => machine.call('add', 3)).toThrow('argument `f` of add must be a function, not 3');
    machine.call('add', () => 'seven');
    expect(failureOf(() => machine.call('run', 1))).toMatchObject({
      kind: 'conversion',
      message: `the result of the host's function must be an integer from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}, not "seven"`,
      line: 6,
    });
  });

  it('fails as a script error at the call, and what is open is closed', async () => {
    const machine = await started({ stress: STRESS });
    const reason = new Error('out of order');
    machine.call('add', function broken() {
      throw reason;
    });
    for (let i = 0; i < 3; i += 1)
      expect(failureOf(() => machine.call('run', 1))).toEqual({
        kind: 'host',
        message: "the host's function broken failed: out of order",
        cause: reason,
        line: 6,
      });
    expect(machine.verify()).toBeUndefined();
  });

  it('may call the script again', async () => {
    const machine = await started();
    let depth = 0;
    machine.call('add', (n: number) => (depth++ < 3 ? (machine.call('run', n + 1) as number) : n));
    expect(machine.call('run', 0)).toBe(3);
  });

  it('is the same when everything moves, and in another memory', async () => {
    const machine = await started();
    const f = (n: number) => n + 5;
    machine.call('add', f);
    await machine.force({ shrink: true });
    expect(machine.call('run', 1)).toBe(6);
    expect(machine.call('first-handler')).toBe(f);
  });
});

describe('a reload', () => {
  it('keeps the objects and functions that globals hold, and lets go what it forgets', async () => {
    const text = (more: string) =>
      `${SPRITES}\n${HANDLERS.replaceAll('forget', 'unhand').replace('same', 'alike')}\n${more}`;
    const { machine } = await start(await imageOf(text('')), { host, stress: STRESS });
    const [a, f] = [sprite(1), (n: number) => n + 1];
    machine.call('hold', a);
    machine.call('add', f);
    for (let round = 0; round < 3; round += 1) {
      const next = await machine.prepare(await imageOf(text(`(pub defn round () : i64 ${round})`)));
      expect(machine.replace(next)).toMatchObject({ kind: 'replaced' });
      expect(machine.call('round')).toBe(round);
      expect(machine.call('get', 0)).toBe(a);
      expect(machine.call('same', a, a)).toBe(true);
      expect(machine.call('run', 1)).toBe(2);
      // Its code is that of the program it was given to.
      expect(machine.call('first-handler')).toBe(f);
    }
    machine.call('forget');
    machine.call('unhand');
    machine.collect();
    expect(machine.hostObjects).toBe(0);
    expect(machine.verify()).toBeUndefined();
  });
});
