/** Snapshots of the heap: what there is, what holds it, what it keeps, and what has grown, also while the script goes on. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STATS_COLLECTIONS, SUPPRESSED } from '../../../scripting/heap/index.ts';
import type { Machine } from '../../../scripting/machine/index.ts';
import { dominators, graphOf } from '../../../scripting/machine/snapshot/dominators.ts';
import {
  difference,
  growth,
  type HeapSnapshot,
  takeSnapshot,
} from '../../../scripting/machine/snapshot/index.ts';
import { imageOf, MODES, start } from '../tools/script.ts';

/** Runs it to its end at once. */
function finished<T>(steps: Generator<void, T>): T {
  while (true) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const snapshotOf = (machine: Machine): HeapSnapshot => finished(takeSnapshot(machine));

const WORLD = `(defstruct Item (name : String))
(defstruct Orc (mut bag : (Option Item)) (mut friend : (Option Orc)))
(defvalue Slot (item : Item) (count : i64))
(defentity Tower (mut best : (Option Orc)))
(defglobal mut *orcs* : (MutVec Orc) (mut-vec))
(defglobal mut *log* : (MutVec Item) (mut-vec))
(defglobal mut *slots* : (MutVec Slot) (mut-vec))
(defglobal mut *by-name* : (MutMap String Item) (mut-map))
(defglobal mut *first* : (Option Orc) None)
(defglobal mut *spare* : (MutVec (Option Item)) (mut-vec))
(defglobal mut *taken* : (Option Item) None)

(pub defn add-orc! () : Unit (push! *orcs* (Orc (Some (Item (str "bag of " (len *orcs*)))) None)))
(pub defn log! ((n : i64)) : Unit
  (for (i 0 (< i n)) (push! *log* (Item (str "event " i)))))
(pub defn chain! ((n : i64)) : Unit
  (for (i 0 (< i n)) (set! *first* (Some (Orc None *first*)))))
(pub defn share! () : Unit
  (let ((item (Item (str "shared " 1))))
    (push! *slots* (Slot item 1))
    (map-set! *by-name* (str "it " 1) item)))
(pub defn tower! () : Unit (add-entity! (Tower (Some (Orc None None)))))
(pub defn waste! ((n : i64)) : Unit (for (i 0 (< i n)) (str "gone " i)))
(pub defn hide! () : Unit
  (push! *spare* None)
  (set! (nth *spare* 0) (Some (Item (str "hidden " 1)))))
(pub defn take! () : Unit
  (set! *taken* (nth *spare* 0))
  (set! (nth *spare* 0) None))
`;

describe.each(MODES)('a snapshot of a %s build', (mode) => {
  const image = imageOf(WORLD, { mode });
  const world = async (): Promise<Machine> => (await start(await image)).machine;
  const count = (snapshot: HeapSnapshot, type: string): number =>
    snapshot.types().find((total) => total.type === type)?.count ?? 0;

  test('has what is alive by its types, and nothing of what is dead', async () => {
    const machine = await world();
    machine.call('add-orc!');
    machine.call('add-orc!');
    machine.call('log!', 100);
    machine.call('waste!', 500);
    const snapshot = snapshotOf(machine);
    expect([count(snapshot, 'Orc'), count(snapshot, 'Item'), count(snapshot, 'String')]).toEqual([
      2, 102, 102,
    ]);
    expect(snapshot.types().reduce((sum, { bytes }) => sum + bytes, 0)).toBe(snapshot.bytes);
    expect(snapshot.types().reduce((sum, total) => sum + total.count, 0)).toBe(snapshot.count);
    // Collected, the heap has as much; the rest is what the machine itself has.
    machine.collect();
    expect(snapshotOf(machine).bytes).toBe(snapshot.bytes);
  });

  test('says by which fields an object is held, and what it keeps', async () => {
    const machine = await world();
    machine.call('add-orc!');
    machine.call('share!');
    machine.call('chain!', 3);
    machine.call('tower!');
    const snapshot = snapshotOf(machine);
    const paths = (type: string) => snapshot.find({ type }, 9).map(({ path }) => path);
    expect(paths('Tower')).toEqual(expect.arrayContaining(["the world's Tower entities[0]"]));
    expect(paths('Orc')).toEqual(
      expect.arrayContaining(['*orcs*[0]', '*first*', '*first*.friend', '*first*.friend.friend']),
    );
    expect(snapshot.find({ type: 'Orc' }, 9).find(({ path }) => path.includes('Tower'))?.path).toBe(
      "the world's Tower entities[0].best",
    );
    // One more is held by the vector and by the map, so that neither keeps it.
    const items = snapshot.find({ type: 'Item' }, 9);
    const [own, shared] = ['*orcs*[0].bag', '*slots*[0].item'].map((path) =>
      items.find((item) => item.path === path),
    );
    if (own === undefined || shared === undefined) throw new Error(`not in ${JSON.stringify(items)}`);
    expect(snapshot.keptBy(own.number)).toMatchObject({ type: 'Orc', path: '*orcs*[0]' });
    expect(snapshot.keptBy(shared.number)).toBeUndefined();
    expect(snapshot.holdersOf(shared.number, 9).length).toBe(2);
    const text = snapshot.find({ type: 'String' }, 9).find(({ path }) => path === '*orcs*[0].bag.name');
    expect(own.keeps).toBe(own.bytes + (text?.bytes ?? 0));
    const first = snapshot.find({ type: 'Orc' }, 9).find(({ path }) => path === '*first*');
    expect(first?.keeps).toBe(3 * (first?.bytes ?? 0));
  });

  test('is searched by type and field', async () => {
    const machine = await world();
    machine.call('add-orc!');
    machine.call('log!', 3);
    const snapshot = snapshotOf(machine);
    const found = (search: object) => snapshot.find(search, 99).map(({ type }) => type);
    expect(new Set(found({ field: 'bag' }))).toEqual(new Set(['Orc']));
    expect(found({ type: 'Item', field: 'name' }).length).toBe(4);
    expect(found({ type: 'Item', field: 'bag' })).toEqual([]);
    expect(snapshot.find({}, 2).length).toBe(2);
    expect(() => snapshot.object(snapshot.count)).toThrow(RangeError);
  });

  test('names the global into which more and more is put, and one list as one place', async () => {
    const machine = await world();
    const snapshots = [0, 1, 2].map(() => {
      machine.call('log!', 40);
      machine.call('chain!', 10);
      machine.call('waste!', 300);
      machine.call('share!');
      return snapshotOf(machine);
    });
    const grown = growth(snapshots);
    const of = (path: string, type: string) =>
      grown.find((one) => one.path === path && one.type === type)?.counts;
    expect(of('*log*[]', 'Item')).toEqual([40, 80, 120]);
    expect(of('*log*[].name', 'String')).toEqual([40, 80, 120]);
    expect(of('*first*.friend', 'Orc')).toEqual([9, 19, 29]);
    expect(grown.some(({ path }) => path.startsWith('*orcs*'))).toBe(false);
    const changes = difference(snapshots[0] as HeapSnapshot, snapshots[2] as HeapSnapshot);
    expect(changes.find(({ type }) => type === 'Orc')).toMatchObject({ count: 20 });
    expect(difference(snapshots[2] as HeapSnapshot, snapshots[2] as HeapSnapshot)).toEqual([]);
    expect(() => growth([])).toThrow(RangeError);
  });

  test('is read while the script goes on, collects nothing meanwhile, and finds what moves', async () => {
    const machine = await world();
    machine.call('add-orc!');
    machine.call('log!', 3000);
    machine.call('hide!');
    const collections = machine.statistic(STATS_COLLECTIONS);
    const steps = takeSnapshot(machine);
    let count = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) {
      count += 1;
      // Globals have been read by the first step, and what is in `*spare*` not before the log.
      if (count === 1) machine.call('take!');
      if (count < 30) machine.call('log!', 5);
      machine.requestCollection();
      machine.gapSlice(1000);
      if (machine.statistic(SUPPRESSED) > 0) expect(machine.statistic(STATS_COLLECTIONS)).toBe(collections);
    }
    expect(count).toBeGreaterThan(30);
    expect(machine.statistic(SUPPRESSED)).toBe(0);
    const items = step.value.find({ type: 'Item' }, 99_999).map(({ path }) => path);
    expect(items.filter((path) => !path.startsWith('*log*'))).toEqual(
      expect.arrayContaining(['*taken*', '*orcs*[0].bag']),
    );
    expect(machine.verify()).toBeUndefined();
  });

  test('that is given up lets collections go on', async () => {
    const machine = await world();
    machine.call('log!', 3000);
    const steps = takeSnapshot(machine);
    steps.next();
    expect(machine.statistic(SUPPRESSED)).toBe(1);
    steps.return(undefined as never);
    expect(machine.statistic(SUPPRESSED)).toBe(0);
  });
});

test('dominators are those without which a node is not reached, of any graph', () => {
  const graphs = fc.integer({ min: 1, max: 14 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 40 }),
      ways: fc.array(fc.nat(), { minLength: count, maxLength: count }),
    }),
  );
  fc.assert(
    fc.property(graphs, ({ count, edges, ways }) => {
      // Each node but the root is held by one with a lower number, so that all are reached.
      const all = [...edges, ...ways.slice(1).map((way, i): [number, number] => [way % (i + 1), i + 1])];
      const from = Uint32Array.from(all, ([a]) => a);
      const to = Uint32Array.from(all, ([, b]) => b);
      const forward = finished(graphOf(count, from, to));
      const backward = finished(graphOf(count, to, from));
      const { of, order } = finished(dominators(forward, backward, 0));
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      const reached = (without: number): Set<number> => {
        const seen = new Set(without === 0 ? [] : [0]);
        for (const node of seen) for (const [a, b] of all) if (a === node && b !== without) seen.add(b);
        return seen;
      };
      for (let node = 1; node < count; node += 1) {
        const chain = new Set<number>();
        for (let by = of[node] as number; ; by = of[by] as number) {
          chain.add(by);
          if (by === 0) break;
        }
        for (let without = 0; without < count; without += 1)
          if (without !== node) expect(!reached(without).has(node)).toBe(chain.has(without));
      }
    }),
  );
});
