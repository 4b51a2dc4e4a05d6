/** What a reload leaves: nothing that nothing needs, however often code is replaced, in vain or not. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { STATS_BLOCKS, STATS_BLOCKS_FREE, STATS_HANDLES } from '../../../scripting/heap/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import type {
  Machine,
  PreparedImage,
  ScriptError,
  ScriptFunction,
  ScriptObject,
} from '../../../scripting/machine/index.ts';
import { remember, sharing } from '../../../scripting/machine/migration/index.ts';
import { imageOf, STRESS, start, thrown } from './script.ts';

const prepare = async (machine: Machine, text: string): Promise<PreparedImage> =>
  machine.prepare(await imageOf(text));

/** What a machine takes up. */
const size = (machine: Machine) => ({
  memory: machine.memory.buffer.byteLength,
  blocks: machine.statistic(STATS_BLOCKS) - machine.statistic(STATS_BLOCKS_FREE),
});

const most = 24;

/** Of objects that are held weakly: how many JavaScript's own collector leaves. */
async function countLeft(objects: readonly WeakRef<object>[]): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What was weakly held in a turn of the event loop lives as long as that.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  return objects.filter((object) => object.deref() !== undefined).length;
}

/** Of three reloads each. */
const ROUNDS = process.env.SLUICE_LONG === '1' ? 250 : 60;

/** A game with constants of all kinds, functions among them. */
const game = (step: number, more = ''): string => `(defstruct Body (mut x : i64) (name : String))
(defglobal mut *bodies* : (MutVec Body) (mut-vec))
(defglobal *step* : i64 ${step})
(defglobal *texts* : (Vector String) (map (fn (n) (str "text ${step} of " n)) (range 0 20)))
(defglobal *functions* : (Vector (Fn [i64] i64)) (let ((n (len *texts*))) [(fn (i) (+ i n)) (fn (i) (* i ${step}))]))
(defglobal frame *found* : (MutVec Body) (mut-vec))
(pub defn fill () : Unit (for (i 0 (< i 4)) (push! *bodies* (Body i (str "body " i)))))
(pub defn run () : i64 (with-arena frame (for-each (b *bodies*) (push! *found* b)))
  (for-each (b *bodies*) (set! (.x b) (+ (.x b) *step*)))
  (fold + 0 (map .x *bodies*)))
(pub defn fails () : i64 (nth [1 2] (+ 7 *step*)))
${more}`;

describe('earlier versions', () => {
  it('take up nothing once nothing needs them, over 1,000 reloads', async () => {
    const { machine } = await start(await imageOf(game(1)));
    machine.call('fill');
    const versions = [
      await prepare(machine, game(1)),
      await prepare(machine, game(2, '(pub defn more () : i64 7)')),
    ];
    let sum = 6;
    let before: ReturnType<typeof size> | undefined;
    for (let i = 0; i < 1000; i += 1) {
      expect(machine.replace(versions[i % 2] as PreparedImage).kind).toBe('replaced');
      sum += 4 * (1 + (i % 2));
      expect(machine.call('run')).toBe(sum);
      const { code, statics } = machine.earlierVersions;
      expect(Math.max(code, statics)).toBeLessThan(most);
      if (i === 100) before = size(machine);
    }
    expect(size(machine)).toEqual(before);
    // What runs is still known by its places.
    const error = thrown(() => machine.call('fails')) as ScriptError;
    expect(error.trace[0]).toMatchObject({ function: 'fails', position: { file: 'game.slu' } });
    expect(machine.verify()).toBeUndefined();
  });

  it('leave nothing in JavaScript, in vain or not', async () => {
    const { machine } = await start(await imageOf(game(1)));
    machine.call('fill');
    const images = await Promise.all([
      imageOf(game(1)),
      imageOf(game(2)),
      imageOf(game(3, '(defglobal *bad* : i64 (nth (range 0 1) 7))')),
    ]);
    const modules: WeakRef<object>[] = [];
    // In a function of its own, which holds nothing of it afterwards.
    const reload = async (image: Image): Promise<boolean> => {
      const prepared = await machine.prepare(image);
      modules.push(new WeakRef(prepared.module));
      try {
        return machine.replace(prepared).kind === 'replaced';
      } catch {
        return false;
      }
    };
    for (let i = 0; i < 60; i += 1)
      for (const [at, image] of images.entries()) expect(await reload(image)).toBe(at < 2);
    machine.tidy();
    expect(await countLeft(modules)).toBeLessThan(5);
    expect(machine.call('run')).toBe(6 + 8);
  });

  it('leave their images alone where an object of each lives on', async () => {
    const { machine } = await start(await imageOf(game(1)));
    const images = await Promise.all([imageOf(game(1)), imageOf(game(2))]);
    const held: WeakRef<object>[] = [];
    const reload = async (image: Image): Promise<void> => {
      const own = { ...image };
      held.push(new WeakRef(own));
      machine.replace(await machine.prepare(own));
      machine.call('fill');
    };
    for (let i = 0; i < 20; i += 1) for (const image of images) await reload(image);
    machine.tidy();
    expect(machine.earlierVersions).toEqual({ statics: 40, code: 0 });
    expect(await countLeft(held)).toBeLessThan(5);
    expect(machine.call('run')).toBe(40 * (6 + 8));
  });

  it('are remembered by what is other in them: types that are the same are one for all', async () => {
    const first = remember((await imageOf(game(1))).manifest);
    const next = sharing(remember((await imageOf(game(2))).manifest), first);
    expect(next.kept).toBe(first.kept);
    expect(next.types).toBe(first.types);
    expect(next.functions).not.toBe(first.functions);
    const more = '(defstruct More (n : i64)) (defglobal mut *more* : (MutVec More) (mut-vec))';
    const other = sharing(remember((await imageOf(game(2, more))).manifest), next);
    expect(other.kept).not.toBe(next.kept);
    expect(other.kept.get('game.Body')).toBe(first.kept.get('game.Body'));
  });

  it('stay where objects are of their types, but not their code', async () => {
    const { machine } = await start(await imageOf(game(1)), { stress: STRESS });
    for (let i = 0; i < 60; i += 1) {
      // A body of each version stays.
      machine.call('fill');
      machine.replace(await prepare(machine, game(i)));
    }
    expect(machine.earlierVersions.code).toBeLessThan(most);
    expect(machine.earlierVersions.statics).toBeGreaterThan(40);
    machine.call('run');
    machine.collect();
    expect(machine.verify()).toBeUndefined();
  });

  it('stay where functions live, with the constants that these read, and go with them', async () => {
    const text = (n: number): string => `(defglobal mut *f* : (MutVec (Fn [] i64)) (mut-vec))
(defglobal *numbers* : (Vector i64) (map (fn (i) (+ i ${n})) (range 0 30)))
(defglobal *further-${n}* : (Fn [] i64) (let ((k ${n})) (fn () (+ k (nth *numbers* 1)))))
(pub defn keep-${n} () : Unit (let ((m ${n})) (push! *f* (fn () (+ (len *numbers*) (*further-${n}*) m)))))
(pub defn clear () : Unit (clear! *f*))
(pub defn all () : String (str (map (fn (f) (f)) *f*)))`;
    const { machine } = await start(await imageOf(text(0)), { stress: STRESS });
    const expected: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      if (i % 10 === 3) {
        machine.call(`keep-${i}`);
        expected.push(30 + i + i + 1 + i);
      }
      machine.replace(await prepare(machine, text(i + 1)));
      expect(machine.call('all')).toBe(`[${expected.join(' ')}]`);
    }
    expect(expected.length).toBe(4);
    await machine.force({ move: true, shrink: true });
    expect(machine.call('all')).toBe(`[${expected.join(' ')}]`);
    machine.call('clear');
    machine.tidy();
    // The vector itself is the first version's, and its buffer that of the last one that made it larger.
    expect(machine.earlierVersions).toEqual({ statics: 2, code: 0 });
    expect(machine.verify()).toBeUndefined();
  });

  it('that are of the same image as what runs leave it its place in errors', async () => {
    const text = (n: number): string =>
      `(defn inner ((x : i64)) : i64 (/ ${n} x)) (pub defn run ((x : i64)) : i64 (+ 1 (inner x)))`;
    const { machine } = await start(await imageOf(text(1)));
    const image = await prepare(machine, text(2));
    machine.replace(image);
    machine.replace(image);
    machine.tidy();
    expect(machine.earlierVersions.code).toBe(0);
    expect((thrown(() => machine.call('run', 0)) as ScriptError).report()).toMatch(/at inner .*\n.*at run/);
  });

  it('stay where the host holds functions, until it lets them go', async () => {
    const text = (n: number): string => `(defstruct Pair (a : i64) (b : String))
(extern "host" (defn keep ((f : (Fn [Pair] Pair))) : Unit))
(pub defn give-${n} () : Unit (keep (fn (p) (Pair (+ (.a p) ${n}) (str (.b p) "!")))))`;
    const kept: { (pair: unknown): unknown; release(): void }[] = [];
    const host = { host: { keep: (f: (typeof kept)[number]) => void kept.push(f) } };
    const { machine } = await start(await imageOf(text(0)), { stress: STRESS, host });
    for (let i = 0; i < 20; i += 1) {
      machine.call(`give-${i}`);
      machine.replace(await prepare(machine, text(i + 1)));
    }
    machine.tidy();
    expect(machine.earlierVersions.code).toBe(20);
    await machine.force({ move: true, shrink: true });
    expect(kept.map((f) => f({ a: 1, b: 'b' }))).toEqual(kept.map((_, i) => ({ a: 1 + i, b: 'b!' })));
    for (const f of kept) f.release();
    machine.tidy();
    expect(machine.earlierVersions).toEqual({ statics: 0, code: 0 });
  });
});

describe('migrations', () => {
  /** Objects that grow and shrink, keys, flat values, functions and objects on both sides. */
  const text = (fields: string, bad = ''): string => `(defstruct Body ${fields})
(defvalue Key ${fields.replace('String ""', 'i64 7')})
(extern-type "host" Thing)
(extern "host" (defn thing () : Thing) (defn keep ((f : (Fn [Body] Body)) (all : (MutVec Body))) : Unit))
(defglobal mut *bodies* : (MutVec Body) (mut-vec))
(defglobal mut *keys* : (MutMap Key Body) (mut-map))
(defglobal mut *one* : (Option Key) None)
(defglobal mut *things* : (MutVec (Tuple Body Thing)) (mut-vec))
(defglobal mut *f* : (Fn [] i64) (fn () 0))
(defglobal *constants* : (Vector Body) [(Body :x 1) (Body :x 2)])
(pub defn fill () : Unit
  (for (i 0 (< i 50))
    (push! *bodies* (Body :x i))
    (map-set! *keys* (Key :x i) (Body :x i))
    (push! *things* (tuple (Body :x i) (thing))))
  (set! *one* (Some (Key :x 5)))
  (let ((b (Body :x 7))) (set! *f* (fn () (+ (.x b) (len *constants*)))) (keep (fn (c) (push! *bodies* b) c) *bodies*)))
(pub defn look () : String
  (str (len *bodies*) (map-get *keys* (Key :x 49)) *one* (.x (.0 (nth *things* 3))) (*f*)))
${bad}`;
  const SMALL = '(x : i64)';
  const LARGE = '(name : String "") (a : i64 1) (b : i64 2) (c : i64 3) (x : i64)';
  const BAD = '(defglobal *bad* : i64 (nth (range 0 1) 7))';

  it('take up nothing in the long run, in vain or not', async () => {
    const kept: [ScriptFunction, ScriptObject][] = [];
    const things = [{}, {}, {}];
    const host = {
      thing: () => things[0],
      keep: (...all: [ScriptFunction, ScriptObject]) => void kept.push(all),
    };
    const { machine } = await start(await imageOf(text(SMALL)), { host: { host } });
    machine.call('fill');
    const small = await prepare(machine, text(SMALL));
    const large = await prepare(machine, text(LARGE));
    const bad = await prepare(machine, text(LARGE, BAD));
    const shown = machine.call('look');
    const take = () => ({
      ...size(machine),
      handles: machine.statistic(STATS_HANDLES),
      things: machine.hostObjects,
    });
    let before: ReturnType<typeof take> | undefined;
    for (let i = 0; i < ROUNDS; i += 1) {
      expect(machine.replace(large).kind).toBe('replaced');
      expect(machine.replace(small).kind).toBe('replaced');
      expect(thrown(() => machine.replace(bad))).toMatchObject({ kind: 'index' });
      const { code, statics } = machine.earlierVersions;
      expect(Math.max(code, statics)).toBeLessThan(most);
      if (i === 20) {
        machine.tidy();
        before = take();
      }
    }
    machine.tidy();
    expect(take()).toEqual(before);
    expect(machine.call('look')).toBe(shown);
    kept[0]?.[0]({ x: 3 });
    expect(machine.call('look')).toBe(String(shown).replace('50', '51'));
    expect(machine.verify()).toBeUndefined();
  });
});

describe('code that could not be loaded', () => {
  it('takes up nothing once nothing needs it, over 1,000 reloads', async () => {
    const { machine } = await start(await imageOf(game(1)), { hardLimit: 4 << 20 });
    machine.call('fill');
    const broken = await prepare(
      machine,
      game(
        5,
        '(defglobal mut *log* : String (do (push! *bodies* (Body 9 "new")) "")) (defglobal *bad* : i64 (nth [1] 7))',
      ),
    );
    const lacking = await prepare(
      machine,
      game(5, '(extern "none" (defn f () : Unit)) (pub defn g () : Unit (f))'),
    );
    for (let i = 0; i < 1000; i += 1) {
      thrown(() => machine.replace(i % 4 === 1 ? lacking : broken));
      expect(machine.earlierVersions.code).toBeLessThan(most);
    }
    expect(machine.call('run')).toBe(6 + 4 + 750 * 10);
  });

  it('keeps its slots while function values name them', async () => {
    const text = (more: string): string => `(defglobal mut *f* : (Fn [] i64) (fn () 1))
(pub defn run () : i64 (*f*)) ${more}`;
    const { machine } = await start(await imageOf(text('')), { stress: STRESS });
    const broken = await prepare(
      machine,
      text('(defglobal *a* : i64 (let ((n 3)) (set! *f* (fn () n)) 1)) (defglobal *bad* : i64 (nth [1] 7))'),
    );
    for (let i = 0; i < 40; i += 1) {
      thrown(() => machine.replace(broken));
      expect(machine.replace(await prepare(machine, text(`(pub defn other () : i64 ${i})`))).kind).toBe(
        'replaced',
      );
      expect(thrown(() => machine.call('run'))).toMatchObject({
        kind: 'trap',
        message: 'this function value is of new code that could not be loaded',
      });
    }
    machine.tidy();
    expect(machine.earlierVersions).toEqual({ statics: 1, code: 1 });
  });
});
