/** What the host sees of a script's memory. */
import { describe, expect, it } from 'vitest';
import {
  IN_FRAME,
  NURSERY_QUOTA,
  STATS_ARENA_BYTES,
  STATS_COLLECTIONS,
  STATS_LIVE_BYTES,
  STATS_TRACING,
  STATS_YOUNG_BYTES,
} from '../../../scripting/heap/index.ts';
import type { ScriptError } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, start, thrown } from './script.ts';

const POINTS = `(defvalue Point (x : f32) (y : f32) (id : i32))
(defglobal mut *points* : (MutVec Point) (mut-vec))
(defglobal *fixed* : (Vector f64) [1.5 2.5])
(pub defn add ((n : i64)) : Unit
  (for (i 0 (< i n)) (let ((at (len *points*))) (push! *points* (Point (f32 at) 0.5 (i32 at))))))
(pub defn drop () : Unit (clear! *points*))`;

describe.each(MODES)('a column, in %s', (mode) => {
  it('tells where a global vector lies, and follows it when it grows and memory with it', async () => {
    const { machine } = await start(await imageOf(POINTS, { mode }), { initialMemory: 0 });
    const column = machine.column('*points*');
    expect([column.address, column.length, column.capacity]).toEqual([0, 0, 0]);
    let size = machine.memory.buffer.byteLength;
    let grown = 0;
    for (let count = 1000; count <= 64_000; count *= 4) {
      machine.call('add', count);
      column.locate();
      expect(column.stride).toBe(12);
      expect(column.capacity).toBeGreaterThanOrEqual(column.length);
      for (const i of [0, column.length - 1]) {
        const at = (column.address + i * column.stride) >>> 2;
        expect([machine.views.f32[at], machine.views.f32[at + 1], machine.views.i32[at + 2]]).toEqual([
          i,
          0.5,
          i,
        ]);
      }
      if (machine.memory.buffer.byteLength > size) grown += 1;
      size = machine.memory.buffer.byteLength;
    }
    expect(grown).toBeGreaterThan(0);
    machine.call('drop');
    column.locate();
    expect(column.length).toBe(0);
  });

  it('reads an immutable vector, and refuses a name that no global has', async () => {
    const { machine } = await start(await imageOf(POINTS, { mode }));
    const { address, length, capacity, stride } = machine.column('*fixed*');
    expect([length, capacity, stride]).toEqual([2, 2, 8]);
    expect([...machine.views.f64.subarray(address >>> 3, (address >>> 3) + 2)]).toEqual([1.5, 2.5]);
    expect(() => machine.column('*none*')).toThrow('the script has no global *none*');
  });
});

const WORLD = `(defstruct Node (value : i64) (name : String))
(defglobal mut *nodes* : (MutVec Node) (mut-vec))
(pub defn replace ((n : i64)) : Unit
  (clear! *nodes*)
  (for (i 0 (< i n)) (push! *nodes* (Node i (str "node " i)))))
(pub defn sum () : i64 (fold + 0 (map .value *nodes*)))
(defn frame ((dt : f64)) : Unit
  (with-arena frame
    (let ((xs (range 0 10000))) (print (len xs) " ")))
  (replace 100))
(pub defn hoard () : Unit (while true (push! *nodes* (Node 1 "one more"))))`;

describe('memory', () => {
  it('holds after a collection what is in use, however long the script has run', async () => {
    const { machine } = await start(await imageOf(WORLD));
    machine.call('replace', 100);
    machine.collect();
    const live = machine.statistic(STATS_LIVE_BYTES);
    for (let i = 0; i < 50; i += 1) machine.call('replace', 100);
    machine.collect();
    expect(machine.statistic(STATS_LIVE_BYTES)).toBe(live);
    expect(machine.call('sum')).toBe(4950);
    expect(machine.verify()).toBeUndefined();
  });

  it('collects in gaps only when asked or due, and never while suppressed', async () => {
    const { machine } = await start(await imageOf(WORLD));
    const collections = () => machine.statistic(STATS_COLLECTIONS);
    const gap = () => {
      for (let slices = 0; machine.gapSlice(1000) && slices < 1000; slices += 1);
    };
    const before = collections();
    gap();
    expect(collections()).toBe(before);
    machine.requestCollection();
    machine.suppress();
    gap();
    expect(collections()).toBe(before);
    machine.resume();
    gap();
    expect(collections()).toBe(before + 1);
  });

  it("is the frame arena's from `step` to `resetFrame`, and given out again in the next frame", async () => {
    const { machine, printed } = await start(await imageOf(WORLD));
    machine.step(0);
    expect(machine.views.word(IN_FRAME)).toBe(1);
    machine.resetFrame();
    expect(machine.views.word(IN_FRAME)).toBe(0);
    const held = machine.statistic(STATS_ARENA_BYTES);
    expect(held).toBeGreaterThan(80_000);
    for (let i = 0; i < 20; i += 1) {
      machine.step(0);
      machine.resetFrame();
    }
    expect(machine.statistic(STATS_ARENA_BYTES)).toBe(held);
    expect(printed()).toBe('10000 '.repeat(21));
    expect(machine.verify()).toBeUndefined();
  });

  it('ends at the hard limit with an error, and goes on after it', async () => {
    const { machine } = await start(await imageOf(WORLD), {
      hardLimit: 8 << 20,
      timeLimit: Number.POSITIVE_INFINITY,
    });
    const error = thrown(() => machine.call('hoard')) as ScriptError;
    expect(error.message).toMatch(/^out of memory: \d+ bytes more would pass the limit of 8388608 bytes$/);
    expect(error.position).toMatchObject({ file: 'game.slu', line: 11 });
    expect(machine.memory.buffer.byteLength).toBeLessThanOrEqual(8 << 20);
    machine.call('replace', 10);
    expect(machine.call('sum')).toBe(45);
    // The verifier needs some room for tables of its own.
    machine.collect();
    expect(machine.verify()).toBeUndefined();
  });

  it('is not to be collected by hand while a script runs', async () => {
    let collect = (): void => undefined;
    const { machine } = await start(
      await imageOf('(extern "host" (defn tidy () : Unit)) (pub defn go () : Unit (tidy))'),
      { host: { host: { tidy: () => collect() } } },
    );
    collect = () => machine.collect();
    expect(() => machine.call('go')).toThrow('all is collected when its call is over');
  });
});

describe.each(MODES)('what a script knows of its memory, in %s', (mode) => {
  it('tells of a collection, of what it left, and of the time that it took', async () => {
    const { machine } = await start(
      await imageOf(
        `(defstruct Node (next : (Option Node)))
         (defglobal mut *list* : (Option Node) None)
         (pub defn grow ((n : i64)) : Unit (for (i 0 (< i n)) (set! *list* (Some (Node *list*)))))
         (pub defn drop () : Unit (set! *list* None))
         (pub defn live () : i64 (.live-bytes (memory-stats)))
         (pub defn collections () : i64 (.collections (memory-stats)))
         (pub defn longest () : f64 (.longest-slice (memory-stats)))`,
        { mode },
      ),
    );
    expect([machine.call('collections'), machine.call('longest')]).toEqual([0, 0]);
    machine.call('grow', 10_000);
    await machine.force({ full: true });
    expect(machine.call('live')).toBe(machine.statistic(STATS_LIVE_BYTES));
    expect(machine.call('live')).toBeGreaterThanOrEqual(10_000 * 16);
    expect(machine.call('collections')).toBe(machine.statistic(STATS_COLLECTIONS));
    expect(machine.call('collections')).toBeGreaterThan(0);
    expect(machine.call('longest')).toBeGreaterThan(0);
    machine.call('drop');
    machine.collect();
    expect(machine.call('live')).toBeLessThan(10_000);
  });
});

describe.each(MODES)('a clock of the host’s own, in %s', (mode) => {
  it('is for scripts: collections read another, whatever that one does', async () => {
    const text = `(defstruct Node (value : i64))
(pub defn churn () : i64
  (let ((mut last (Node 0))) (for (i 0 (< i 400000)) (set! last (Node (+ i (.value last))))) (.value last)))
(pub defn now () : f64 (time-ms))`;
    const clock = (): never => {
      throw new Error('the clock stands still');
    };
    const { machine } = await start(await imageOf(text, { mode }), { clock });
    expect(machine.call('churn')).toBe((400_000 * 399_999) / 2);
    machine.collect();
    machine.gapSlice(1000);
    expect((thrown(() => machine.call('now')) as Error).message).toBe('the clock stands still');
    expect(machine.call('churn')).toBe((400_000 * 399_999) / 2);
    expect(machine.verify()).toBeUndefined();
  });
});

describe.each(MODES)('young collections, in %s', (mode) => {
  it('begin where the host says, with a quota that is well above', async () => {
    const { machine } = await start(await imageOf(WORLD, { mode }), { nursery: 1 << 20 });
    const largest = (begin: number) => {
      machine.startYoungAt(begin);
      machine.collect();
      const seen = Array.from({ length: 80 }, () => {
        machine.call('replace', 500);
        const young = machine.statistic(STATS_YOUNG_BYTES);
        do machine.gapSlice(1000);
        while (machine.statistic(STATS_TRACING) !== 0);
        return machine.statistic(STATS_YOUNG_BYTES) < young ? young : 0;
      });
      return Math.max(...seen) / 1024;
    };
    expect(largest(0)).toBeGreaterThan(256);
    expect(largest(0)).toBeLessThan(600);
    expect(largest(1 << 20)).toBeGreaterThan(1024);
    expect(machine.statistic(NURSERY_QUOTA)).toBe(4 << 20);
    expect(largest(64 << 10)).toBeLessThan(256);
    expect(machine.statistic(NURSERY_QUOTA)).toBe(1 << 20);
  });
});
