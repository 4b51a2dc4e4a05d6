/** A machine that is reset: what its program made is gone, on both sides, and the next one begins as on a new machine. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { STATS_LIVE_BYTES, SUPPRESSED } from '../../../scripting/heap/index.ts';
import {
  type Forgotten,
  type FrameFailure,
  Machine,
  type ScriptObject,
} from '../../../scripting/machine/index.ts';
import { imageOf, MODES, STRESS, start } from './script.ts';

const TEX = `(defstruct Tex (id : i64))
(instance (Drop Tex) (defn drop ((t : Tex)) : Unit (println (str "-" (.id t)))))
(defn make ((n : i64)) : (Owned Tex) (println (str "+" n)) (own (Tex n)))`;

const OWNERS = `(extern-type "game" Sound)
(extern "game" (defn make-sound ((name : String)) : Sound))
${TEX}
(defstruct Crate (tex : (Owned Tex)))
(instance (Drop Crate) (defn drop ((c : Crate)) : Unit (println (str "-crate" (.id (.tex c))))))
(defglobal mut *one* : (Option (Owned Tex)) None)
(defglobal mut *all* : (MutVec (Owned Crate)) (mut-vec))
(defglobal mut *later* : (Option (Fn [] i64)) None)
(defglobal mut *sounds* : (MutVec Sound) (mut-vec))
(defentity Ship (tex : (Owned Tex)))
(defstruct Body (mut x : i64))
(defglobal mut *body* : Body (Body 0))
(pub defn fill () : Unit
  (set! *one* (Some (make 1)))
  (push! *all* (own (Crate (make 2))))
  (push! *all* (own (Crate (make 3))))
  (add-entity! (Ship (make 4)))
  (let ((t (make 5))) (set! *later* (Some (fn () (.id t)))))
  (push! *sounds* (make-sound "waves")))
(pub defn bodies () : (MutVec Body) *kept*)
(pub defn adder () : (Fn [i64] i64) (fn (n) (do (set! (.x *body*) (+ (.x *body*) n)) (.x *body*))))
(pub defn count () : i64 (len *all*))
(pub defn grow ((n : i64)) : Unit (for (i 0 (< i n)) (push! *kept* (Body i))))
(defglobal mut *kept* : (MutVec Body) (mut-vec))
(pub defn roll () : i64 (random-int 0 1000000))
(println "begun")`;

const host = { game: { 'make-sound': (name: string) => ({ name }) } };
const OTHER = '(pub defn answer () : i64 42)';

async function owners(mode: (typeof MODES)[number], stress = 0) {
  const forgotten: Forgotten[] = [];
  const failures: FrameFailure[] = [];
  const image = await imageOf(OWNERS, { mode });
  const started = await start(image, {
    stress,
    host,
    seed: 7n,
    onForgotten: (one) => forgotten.push(one),
    onFailure: (failure) => failures.push(failure),
  });
  return { ...started, forgotten, failures };
}

describe.each(MODES)('a machine that is reset, %s', (mode) => {
  it.each([0, STRESS])(
    'drops all that is owned, the last first, and tells of none, stress %i',
    async (stress) => {
      const { machine, printed, forgotten } = await owners(mode, stress);
      machine.call('fill');
      expect(printed()).toBe('begun\n+1\n+2\n+3\n+4\n+5\n');
      await machine.reset();
      const after = printed().slice('begun\n+1\n+2\n+3\n+4\n+5\n'.length).split('\n');
      expect(after).toEqual(['-5', '-4', '-crate3', '-3', '-crate2', '-2', '-1', 'begun', '']);
      expect(forgotten).toEqual([]);
      expect(machine.hostObjects).toBe(0);
      expect(machine.call('count')).toBe(0);
      expect(machine.verify()).toBeUndefined();
    },
  );

  it('begins the next as a new machine does', async () => {
    const { machine } = await owners(mode);
    const roll = machine.call('roll');
    const [bytes, live] = [machine.memory.buffer.byteLength, machine.statistic(STATS_LIVE_BYTES)];
    machine.call('grow', 300_000);
    machine.suppress();
    machine.step(1 / 60);
    const before = machine.memory;
    await machine.reset();
    expect(machine.memory).not.toBe(before);
    expect(machine.memory.buffer.byteLength).toBe(bytes);
    expect(machine.statistic(STATS_LIVE_BYTES)).toBe(live);
    expect(machine.views.word(SUPPRESSED)).toBe(0);
    expect(machine.call('roll')).toBe(roll);
    machine.step(1 / 60);
    machine.resetFrame();
    expect(machine.verify()).toBeUndefined();
  });

  it('lets go of what JavaScript holds', async () => {
    const { machine } = await owners(mode);
    const bodies = machine.call('bodies') as ScriptObject;
    const add = machine.call('adder') as ((n: number) => number) & { release(): void };
    expect(add(3)).toBe(3);
    expect(bodies.address).toBeGreaterThan(0);
    const column = machine.column('*kept*');
    const { views } = machine;
    await machine.reset();
    expect(() => add(1)).toThrow('this is of a program that has ended: its machine was reset');
    expect(() => add.release()).not.toThrow();
    expect(() => bodies.address).toThrow('this (MutVec Body) went with its program, which has ended');
    bodies.release();
    expect(bodies.released).toBe(true);
    column.locate();
    expect(column.length).toBe(0);
    expect(views.u8.byteLength).toBe(0);
    const again = machine.call('adder') as typeof add;
    expect(again(4)).toBe(4);
  });

  it('keeps no memory, whatever JavaScript keeps', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { machine } = await owners(mode);
    const kept = [machine.call('bodies'), machine.call('adder'), machine.column('*kept*'), machine.views];
    const memory = new WeakRef(machine.memory);
    await machine.reset();
    for (let turn = 0; turn < 20 && memory.deref() !== undefined; turn += 1) {
      // What was weakly held in a turn of the event loop lives as long as that.
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    expect(memory.deref()).toBeUndefined();
    expect(kept).toHaveLength(4);
  });

  it('runs another program, and the one before once more', async () => {
    const { machine, printed } = await owners(mode);
    machine.call('fill');
    await machine.reset(await imageOf(OTHER, { mode }));
    expect(machine.call('answer')).toBe(42);
    expect(machine.exports('fill')).toBe(false);
    await machine.reset(await imageOf(OWNERS, { mode }));
    machine.call('fill');
    await machine.reset();
    expect(printed().match(/-crate/g)).toHaveLength(4);
  });

  it('waits for nothing, and says so to who waits', async () => {
    const { machine } = await owners(mode);
    machine.call('grow', 1_000_000);
    const forced = machine.force({ move: true, budget: 1 });
    const rejected = expect(forced).rejects.toThrow('has ended');
    await machine.reset();
    await rejected;
    expect(await machine.force()).toMatchObject({ kind: 'done' });
  });

  it('has no program where the other cannot begin, until another can', async () => {
    const { machine, printed } = await owners(mode);
    machine.call('fill');
    const broken = await imageOf('(defglobal *n* : i64 (/ 1 (string-length "")))', { mode });
    await expect(machine.reset(broken)).rejects.toThrow('division');
    expect(printed()).toContain('-1\n');
    expect(() => machine.call('fill')).toThrow('no program runs');
    await machine.reset(await imageOf(OTHER, { mode }));
    expect(machine.call('answer')).toBe(42);
  });

  it('drops what a program owned that could not begin', async () => {
    const text = `${TEX}
(defglobal *t* : (MutVec (Owned Tex)) (mut-vec (make 1) (make 2)))
(defglobal *n* : i64 (/ 1 (string-length "")))`;
    const image = await imageOf(text, { mode });
    let printed = '';
    const output = (line: string) => {
      printed += line;
    };
    await expect(Machine.create(image, { output })).rejects.toThrow('division');
    expect(printed).toBe('+1\n+2\n-2\n-1\n');
  });

  it('goes on as before where an image cannot be read', async () => {
    const { machine, printed } = await owners(mode);
    machine.call('fill');
    const image = await imageOf(OTHER, { mode });
    const old = { ...image, manifest: { ...image.manifest, format: 1 } };
    await expect(machine.reset(old)).rejects.toThrow('another version of Sluice');
    expect(machine.call('count')).toBe(2);
    expect(printed()).not.toContain('-');
  });
});

describe('drop code when a program ends', () => {
  const text = `(defstruct Tex (id : i64))
(defglobal mut *all* : (MutVec (Owned Tex)) (mut-vec))
(extern "game" (defn nested () : Unit))
(instance (Drop Tex) (defn drop ((t : Tex)) : Unit
  (println (str "-" (.id t)))
  (when (= (.id t) 2) (error "stuck"))
  (when (= (.id t) 3) (push! *all* (own (Tex 9))))
  (when (= (.id t) 4) (nested))))
(pub defn fill ((n : i64)) : Unit (for (i 1 (<= i n)) (push! *all* (own (Tex i)))))
(pub defn count () : i64 (len *all*))`;

  it('may fail, own more, and call the host, which may call the script', async () => {
    const failures: FrameFailure[] = [];
    const seen: unknown[] = [];
    const resets: Promise<unknown>[] = [];
    const { machine, printed } = await start(await imageOf(text), {
      onFailure: (failure) => failures.push(failure),
      host: {
        game: {
          nested: () => {
            seen.push(machine.call('count'));
            resets.push(machine.reset().catch((error) => error));
          },
        },
      },
    });
    machine.call('fill', 5);
    await machine.reset();
    await Promise.all(resets);
    expect(printed().trim().split('\n')).toEqual(['-5', '-4', '-3', '-2', '-1', '-9']);
    expect(seen).toEqual([5]);
    expect(failures.map(({ where, error }) => [where, error.message])).toEqual([
      ['drop', expect.stringContaining('stuck')],
    ]);
  });

  it('is let be where it owns more each time', async () => {
    const endless = text.replace('(= (.id t) 3)', '(> (.id t) 0)');
    const { machine } = await start(await imageOf(endless), { host: { game: { nested: () => undefined } } });
    machine.call('fill', 1);
    await machine.reset();
    expect(machine.call('count')).toBe(0);
  });

  it('runs for objects of an older version of the program', async () => {
    const { machine, printed } = await start(await imageOf(text), {
      host: { game: { nested: () => undefined } },
    });
    machine.call('fill', 1);
    const next = text.replace('(str "-" (.id t))', '(str "new-" (.id t))');
    expect(machine.replace(await machine.prepare(await imageOf(next))).kind).toBe('replaced');
    machine.call('fill', 1);
    await machine.reset();
    expect(printed().trim().split('\n')).toEqual(['new-1', 'new-1']);
    machine.call('fill', 1);
    await machine.reset();
    // It begins anew with what it began with.
    expect(printed().trim().split('\n').at(-1)).toBe('-1');
  });
});

describe('a reset while a script runs', () => {
  it('is refused', async () => {
    const text = '(extern "game" (defn stop () : Unit))\n(pub defn go () : i64 (stop) 7)';
    let refused: Promise<unknown> = Promise.resolve();
    const { machine } = await start(await imageOf(text), {
      host: {
        game: {
          stop: () => {
            refused = machine.reset();
          },
        },
      },
    });
    expect(machine.call('go')).toBe(7);
    // Asked for while it ran, it comes when it is over.
    await refused;
    expect(machine.call('go')).toBe(7);
  });
});
