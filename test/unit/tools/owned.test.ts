/** Owned values as the machine sees them: what was forgotten, drops that fail, and new code over what is owned. */
import { describe, expect, it } from 'vitest';
import type { Forgotten, FrameFailure, Machine, ReplaceOutcome } from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start, thrown } from './script.ts';

const TEX = `(defstruct Tex (id : i64))
(defglobal mut *dropped* : (MutVec i64) (mut-vec))
(instance (Drop Tex) (defn drop ((t : Tex)) : Unit (push! *dropped* (.id t))))
(defn make ((n : i64)) : (Owned Tex) (own (Tex n)))
(pub defn dropped () : String (let ((all (str *dropped*))) (clear! *dropped*) all))
`;

async function replace(machine: Machine, text: string): Promise<ReplaceOutcome> {
  return machine.replace(await machine.prepare(await imageOf(text)));
}

describe('what is forgotten', () => {
  const text = `${TEX}(defstruct Enemy (tex : (Owned Tex)) (mut next : (Option Enemy) None))
(defglobal mut *enemy* : (Option Enemy) None)
(pub defn forget ((n : i64)) : Unit
  (let ((a (Enemy (make n))) (b (Enemy (make (+ n 1)) (Some a))))
    (set! (.next a) (Some b))))
(pub defn in-a-function ((n : i64)) : Unit
  (let ((t (make n)) (f (fn () (.id t))) (fs (mut-vec f))) (f) (do)))
(pub defn keep ((n : i64)) : Unit (set! *enemy* (Some (Enemy (make n)))))
(pub defn id () : i64 (match *enemy* ((Some e) (.id (.tex e))) (None 0)))`;

  it.each([0, STRESS])('is dropped once by a collection, and reported, under stress %i', async (stress) => {
    const forgotten: Forgotten[] = [];
    const { machine } = await start(await imageOf(text), {
      stress,
      onForgotten: (one) => forgotten.push(one),
    });
    machine.call('forget', 1);
    machine.call('in-a-function', 3);
    machine.call('keep', 4);
    machine.collect();
    const dropped = machine.call('dropped') as string;
    expect(dropped.match(/\d+/g)?.sort()).toEqual(['1', '2', '3']);
    expect(forgotten).toHaveLength(3);
    expect(forgotten[0]).toMatchObject({
      type: expect.stringContaining('Tex'),
      place: expect.stringMatching(/:4:\d+$/),
    });
    machine.collect();
    expect(machine.call('dropped')).toBe('[]');
    expect(machine.call('id')).toBe(4);
    expect(machine.verify()).toBeUndefined();
  });

  it('is dropped once where an owner is older in the collector than what it owns', async () => {
    const older = `${TEX}(defstruct Crate (mut tex : (Owned Tex)))
(instance (Drop Crate) (defn drop ((_ : Crate)) : Unit (do)))
(defstruct Shelf (crate : (Owned Crate)))
(pub defn run () : Unit
  (let ((s (Shelf (own (Crate (make 1)))))) (set! (.tex (.crate s)) (make 2))))`;
    const { machine } = await start(await imageOf(older), { onForgotten: () => undefined });
    machine.call('run');
    machine.collect();
    expect((machine.call('dropped') as string).match(/\d+/g)?.sort()).toEqual(['1', '2']);
    expect(machine.verify()).toBeUndefined();
  });

  it('is dropped between frames, in steps', async () => {
    const forgotten: Forgotten[] = [];
    const { machine } = await start(await imageOf(`${text}\n(defn frame ((_ : f64)) : Unit (forget 7))`), {
      onForgotten: (one) => forgotten.push(one),
    });
    for (let frame = 0; frame < 20; frame += 1) {
      machine.step(1 / 60);
      machine.resetFrame();
      machine.requestCollection();
      while (machine.gapSlice(1000));
    }
    machine.collect();
    expect(forgotten).toHaveLength(40);
    expect((machine.call('dropped') as string).match(/\d+/g)).toHaveLength(40);
    expect(machine.verify()).toBeUndefined();
  });
});

describe('drop code that fails', () => {
  const text = `(defstruct Tex (id : i64))
(defglobal mut *dropped* : (MutVec i64) (mut-vec))
(instance (Drop Tex) (defn drop ((t : Tex)) : Unit
  (push! *dropped* (.id t))
  (when (= 0 (mod (.id t) 2)) (error (str "cannot drop " (.id t))))))
(pub defn dropped () : String (let ((all (str *dropped*))) (clear! *dropped*) all))
(pub defn run ((n : i64)) : i64
  (let ((a (own (Tex 1))) (b (own (Tex 2))) (c (own (Tex 3))) (d (own (Tex 4))))
    (+ (nth [0 1] n) (.id a) (.id b) (.id c) (.id d))))
(defn frame ((_ : f64)) : Unit (run 5) (do))`;

  it('is reported, and the others run', async () => {
    const failures: FrameFailure[] = [];
    const { machine } = await start(await imageOf(text), { onFailure: (one) => failures.push(one) });
    expect(thrown(() => machine.call('run', 5))).toMatchObject({
      message: expect.stringContaining('index 5'),
    });
    expect(machine.call('dropped')).toBe('[4 3 2 1]');
    expect(failures.map(({ where, error }) => `${where}: ${error.message}`)).toEqual(['drop: cannot drop 4']);
    expect(machine.failures).toMatchObject([{ where: 'drop', count: 2 }]);
  });

  it('ends the call where a scope drops, and what is left is dropped too', async () => {
    const { machine } = await start(await imageOf(text), { onFailure: () => undefined });
    expect(thrown(() => machine.call('run', 1))).toMatchObject({
      message: expect.stringContaining('cannot drop 4'),
    });
    expect(machine.call('dropped')).toBe('[4 3 2 1]');
  });

  it('has a time of its own, and runs before the frame goes on', async () => {
    const game = `(import sluice.game :all)
${TEX}(defentity Foe (n : i64))
(behave Foe (f dt)
  (let ((t (make (.n f))))
    (when (= 1 (.n f)) (while true (do)))
    (push! *dropped* (* 100 (.id t)))))
(defn start () : Unit (for (i 0 (< i 3)) (add-entity! (Foe i))))`;
    const failures: FrameFailure[] = [];
    const { machine } = await start(await imageOf(game), {
      timeLimit: 30,
      onFailure: (one) => failures.push(one),
    });
    machine.call('start');
    expect(machine.step(1 / 60)).toBe(1);
    machine.resetFrame();
    expect(failures.map(({ where }) => where)).toEqual(['behave Foe']);
    expect(machine.call('dropped')).toBe('[0 0 1 200 2]');
  });
});

describe('a call within a call', () => {
  const text = `${TEX}(extern "host" (defn again () : Unit))
(defglobal mut *kept* : (Option (Owned Tex)) None)
(defglobal mut *used* : i64 0)
(defn look ((t : Tex)) : Unit (again) (set! *used* (.id t)))
(pub defn run () : i64
  (set! *kept* (Some (make 1)))
  (match *kept* ((Some t) (look t)) (None (do)))
  *used*)
(pub defn take () : i64
  (let ((t (take! *kept*))) (error "taken")))`;

  it('that fails with what the outer one has lent leaves it to that one', async () => {
    const before: string[] = [];
    const { machine } = await start(await imageOf(text), {
      host: {
        host: {
          again: () => {
            expect(thrown(() => machine.call('take'))).toMatchObject({ message: 'taken' });
            before.push(machine.call('dropped') as string);
          },
        },
      },
    });
    expect(machine.call('run')).toBe(1);
    expect(before).toEqual(['[]']);
    expect(machine.call('dropped')).toBe('[1]');
    expect(machine.verify()).toBeUndefined();
  });
});

describe('new code over what is owned', () => {
  const text = (drop: string, extra = '') => `(defstruct Tex (id : i64)${extra})
(defstruct Enemy (mut tex : (Owned Tex)) (mut spare : (Option (Owned Tex)) None))
(defglobal mut *enemy* : (Option Enemy) None)
(defglobal mut *dropped* : (MutVec i64) (mut-vec))
(instance (Drop Tex) (defn drop ((t : Tex)) : Unit (push! *dropped* ${drop})))
(pub defn dropped () : String (let ((all (str *dropped*))) (clear! *dropped*) all))
(pub defn keep ((n : i64)) : Unit
  (set! *enemy* (Some (Enemy (own (Tex n)) (Some (own (Tex (+ n 1))))))))
(pub defn set ((n : i64)) : Unit
  (match *enemy* ((Some e) (set! (.tex e) (own (Tex n)))) (None (do))))
(pub defn forget () : Unit (set! *enemy* None))
(pub defn id () : i64 (match *enemy* ((Some e) (.id (.tex e))) (None 0)))`;

  it.each([0, STRESS])('keeps it, and drops it by the new drop code, under stress %i', async (stress) => {
    const { machine } = await start(await imageOf(text('(.id t)')), { stress, onForgotten: () => undefined });
    machine.call('keep', 1);
    expect((await replace(machine, text('(* 10 (.id t))'))).kind).toBe('replaced');
    expect(machine.call('id')).toBe(1);
    expect(machine.call('dropped')).toBe('[]');
    machine.call('set', 3);
    expect(machine.call('dropped')).toBe('[10]');
    machine.call('forget');
    machine.collect();
    expect((machine.call('dropped') as string).match(/\d+/g)?.sort()).toEqual(['20', '30']);
    expect(machine.verify()).toBeUndefined();
  });

  it('gives what is owned its new layout', async () => {
    const { machine } = await start(await imageOf(text('(.id t)')), { onForgotten: () => undefined });
    machine.call('keep', 1);
    const next = text('(+ (.size t) (.id t))', ' (size : i64 100)');
    expect((await replace(machine, next)).kind).toBe('replaced');
    expect(machine.call('id')).toBe(1);
    machine.call('set', 3);
    expect(machine.call('dropped')).toBe('[101]');
    machine.call('forget');
    machine.collect();
    expect((machine.call('dropped') as string).match(/\d+/g)?.sort()).toEqual(['102', '103']);
    expect(machine.verify()).toBeUndefined();
  });
});
