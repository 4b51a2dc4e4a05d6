/** Forced collections of a machine: they move objects, report how far they are, and give memory back. */
import { describe, expect, it } from 'vitest';
import {
  PHASE_IDLE,
  STATS_COLLECTIONS,
  STATS_LIVE_BYTES,
  STATS_MOVED,
  STATS_PHASE,
} from '../../../scripting/heap/index.ts';
import type { ForceOutcome, Machine, ScriptObject } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, start } from './script.ts';

/** A world of which most is dropped, so that what stays lies far apart. */
const WORLD = `(defstruct Node (value : i64) (name : String) (mut next : (Option Node)))
(defglobal mut *nodes* : (MutVec Node) (mut-vec))
(defglobal mut *kept* : (MutVec Node) (mut-vec))
(defglobal mut *box* : (MutVec i64) (mut-vec))
(defglobal mut *numbers* : (MutVec i64) (mut-vec))
(defglobal *add* : (Fn [i64 i64] i64) (fn ((a : i64) (b : i64)) (+ a b)))
(defglobal mut *frames* : i64 0)
(pub defn build ((n : i64)) : Unit
  (for (i 0 (< i n))
    (let ((node (Node i (str "node " i) None)))
      (when (= i 75) (set! *box* (mut-vec 0)))
      (push! *nodes* node)
      (when (= (mod i 50) 0) (push! *kept* node) (push! *numbers* i)))))
(pub defn thin () : Unit (set! *nodes* (mut-vec)))
(pub defn sum () : i64
  (let ((mut sum 0)) (for-each (n *kept*) (set! sum (*add* sum (.value n)))) sum))
(pub defn name ((i : i64)) : String (.name (nth *kept* i)))
(pub defn head () : (MutVec i64) *box*)
(pub defn value ((box : (MutVec i64))) : i64 (nth box 0))
(pub defn frames () : i64 *frames*)
(defn frame ((dt : f64)) : Unit (set! *frames* (+ *frames* 1)) (push! *nodes* (Node 1 (str "frame " *frames*) None)))`;

const NODES = 100_000;
const SUM = (50 * (NODES / 50) * (NODES / 50 - 1)) / 2;

async function thinned(mode: (typeof MODES)[number], options = {}): Promise<Machine> {
  const { machine } = await start(await imageOf(WORLD, { mode }), options);
  machine.call('build', NODES);
  machine.collect();
  machine.call('thin');
  return machine;
}

function expectWhole(machine: Machine): void {
  expect(machine.verify()).toBeUndefined();
  expect(machine.call('sum')).toBe(SUM);
  expect(machine.call('name', 1999)).toBe(`node ${1999 * 50}`);
}

describe.each(MODES)('a forced collection, in %s', (mode) => {
  it('frees everything that is dead, and moves what is alive', async () => {
    const machine = await thinned(mode);
    const numbers = machine.column('*numbers*');
    using held = machine.call('head') as ScriptObject;
    const before = held.address;
    expect(await machine.force({ move: true })).toMatchObject({ kind: 'done' });
    const live = machine.statistic(STATS_LIVE_BYTES);
    expect(machine.statistic(STATS_MOVED)).toBeGreaterThan(live / 4);
    expect(held.address).not.toBe(before);
    expect(machine.call('value', held)).toBe(0);
    numbers.locate();
    expect(numbers.length).toBe(NODES / 50);
    expectWhole(machine);
    machine.collect();
    expect(machine.statistic(STATS_LIVE_BYTES)).toBe(live);
  });

  it('lets frames in between, and completes the moving before a call', async () => {
    const machine = await thinned(mode);
    const phases: string[] = [];
    const outcome = machine.force({ move: true, budget: 1, onProgress: (phase) => phases.push(phase) });
    let over = false;
    const done = outcome.finally(() => {
      over = true;
    });
    while (!over) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      machine.step(1 / 60);
      machine.resetFrame();
      machine.gapSlice(1000);
    }
    await done;
    expectWhole(machine);
    expect(phases.at(-1)).toBe('move');
  });

  it('says what it is at and how far it is, which never falls', async () => {
    const machine = await thinned(mode);
    const reports: (readonly [string, number])[] = [];
    await machine.force({
      shrink: true,
      budget: 1,
      onProgress: (phase, fraction) => reports.push([phase, fraction]),
    });
    const fractions = reports.map(([, fraction]) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
    expect(reports.at(-1)).toEqual(['shrink', 1]);
  });

  it('shrinks the memory, and the program goes on in the new one', async () => {
    const machine = await thinned(mode);
    const numbers = machine.column('*numbers*');
    using held = machine.call('head') as ScriptObject;
    const memory = machine.memory;
    const before = memory.buffer.byteLength;
    const outcome = await machine.force({ shrink: true });
    const after = machine.memory.buffer.byteLength;
    expect(outcome).toEqual({ kind: 'done', before, after });
    expect(machine.memory).not.toBe(memory);
    expect(after).toBeLessThan(before / 2);
    expectWhole(machine);
    expect(machine.call('value', held)).toBe(0);
    numbers.locate();
    expect(Number(machine.views.u32[numbers.address >>> 2])).toBe(0);
    expect(Number(machine.views.u32[(numbers.address + 8) >>> 2])).toBe(50);
    // It grows again, and shrinks again.
    for (let i = 0; i < 3; i++) {
      machine.call('build', NODES);
      expect(machine.memory.buffer.byteLength).toBeGreaterThan(after);
      machine.call('thin');
      const grown = machine.memory.buffer.byteLength;
      await machine.force({ shrink: true });
      expect(machine.memory.buffer.byteLength).toBeLessThan(grown / 2);
    }
    for (let i = 0; i < 10; i++) {
      machine.step(1 / 60);
      machine.resetFrame();
    }
    expect(machine.call('frames')).toBe(10);
    expect(machine.verify()).toBeUndefined();
  });

  it('is noted for later while collection is suppressed', async () => {
    const machine = await thinned(mode);
    const collections = machine.statistic(STATS_COLLECTIONS);
    machine.suppress();
    expect(await machine.force({ move: true })).toEqual({ kind: 'noted' });
    while (machine.gapSlice(1000));
    expect(machine.statistic(STATS_COLLECTIONS)).toBe(collections);
    machine.resume();
    while (machine.gapSlice(1000));
    expect(machine.statistic(STATS_COLLECTIONS)).toBe(collections + 1);
  });

  it('is young and the end of a cycle where it need not be full', async () => {
    const machine = await thinned(mode);
    machine.call('build', 100);
    expect(await machine.force({ full: false })).toMatchObject({ kind: 'done' });
    expectYoungEmpty(machine);
  });

  it('may be asked for by a function that the script calls, and more than once', async () => {
    const text = `(extern "host" (defn collect () : Unit))
(defglobal mut *names* : (MutVec String) (mut-vec))
(pub defn run () : i64
  (for (i 0 (< i 1000)) (push! *names* (str "name " i)) (when (= i 500) (collect)))
  (len *names*))
(pub defn last-name () : String (nth *names* 999))`;
    const asked: Promise<ForceOutcome>[] = [];
    const host = { host: { collect: () => void asked.push(machine.force({ move: true }), machine.force()) } };
    const { machine } = await start(await imageOf(text, { mode }), { host });
    expect(machine.call('run')).toBe(1000);
    asked.push(machine.force({ shrink: true, budget: 1 }));
    for (const outcome of await Promise.all(asked)) expect(outcome.kind).toBe('done');
    expect(machine.call('last-name')).toBe('name 999');
    expect(machine.verify()).toBeUndefined();
  });

  it('leaves a sound heap when its listener throws', async () => {
    const machine = await thinned(mode);
    const onProgress = (phase: string) => {
      if (phase === 'move') throw new Error('no more');
    };
    await expect(machine.force({ move: true, budget: 1, onProgress })).rejects.toThrow('no more');
    expect(machine.statistic(STATS_PHASE)).toBe(PHASE_IDLE);
    expectWhole(machine);
    expect(await machine.force({ move: true })).toMatchObject({ kind: 'done' });
    expectWhole(machine);
  });

  it('refuses options that it does not have, or that do not fit', async () => {
    const { machine } = await start(await imageOf(WORLD, { mode }));
    const refused = (options: object) => expect(machine.force(options)).rejects;
    await refused({ compact: true }).toThrow(
      'a collection has no option `compact`; it has full, move, shrink',
    );
    await refused({ move: 1 }).toThrow('the option `move` of a collection is true or false, not 1');
    await refused({ onProgress: 'bar' }).toThrow('the option `onProgress` of a collection is a function');
    await refused({ budget: 0 }).toThrow('the option `budget` is 1 to 1000 milliseconds, not 0');
    await refused({ full: false, move: true }).toThrow('moving and shrinking need a full collection');
    await refused({ move: false, shrink: true }).toThrow('shrinking needs objects to move');
  });
});

describe('a smaller memory', () => {
  it('is followed by code of all generations, and by code that comes later', async () => {
    const text = (step: number) => `(defglobal mut *fs* : (MutVec (Fn [i64] i64)) (mut-vec))
(defglobal mut *waste* : (MutVec String) (mut-vec))
(pub defn keep-${step} () : Unit (let ((step ${step})) (push! *fs* (fn (n) (+ n step)))))
(pub defn waste () : Unit (for (i 0 (< i 50000)) (push! *waste* (str "waste " i))))
(pub defn drop () : Unit (set! *waste* (mut-vec)))
(pub defn run () : i64 (let ((mut n 0)) (for-each (f *fs*) (set! n (f n))) n))`;
    const { machine } = await start(await imageOf(text(1)));
    let sum = 0;
    for (let step = 1; step <= 100; step *= 10) {
      if (step > 1) machine.replace(await machine.prepare(await imageOf(text(step))));
      machine.call(`keep-${step}`);
      machine.call('waste');
      machine.call('drop');
      const outcome = await machine.force({ shrink: true });
      expect(outcome.kind === 'done' && outcome.after < outcome.before).toBe(true);
      sum += step;
      expect(machine.call('run')).toBe(sum);
      expect(machine.verify()).toBeUndefined();
    }
  });
});

function expectYoungEmpty(machine: Machine): void {
  const live = machine.statistic(STATS_LIVE_BYTES);
  machine.collect();
  expect(machine.statistic(STATS_LIVE_BYTES)).toBeLessThanOrEqual(live);
}
