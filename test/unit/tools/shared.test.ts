/** Shared values as the machine sees them: cycles, what was forgotten, drops that fail, and new code over what is shared. */
import { describe, expect, it } from 'vitest';
import type { Forgotten } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, STRESS, start, thrown } from './script.ts';

const NODE = `(defstruct Node (id : i64) (mut next : (Option (Shared Node)) None))
(defglobal mut *dropped* : (MutVec i64) (mut-vec))
(instance (Drop Node) (defn drop ((n : Node)) : Unit (push! *dropped* (.id n))))
(defn make ((n : i64)) : (Shared Node) (share (Node n)))
(pub defn dropped () : String (let ((all (str *dropped*))) (clear! *dropped*) all))
(defglobal mut *seen* : (Option (Weak (Shared Node))) None)
(pub defn seen () : i64
  (match *seen*
    ((Some w) (match (upgrade w) ((Some n) (.id n)) (None 0)))
    (None -1)))
(defglobal mut *kept* : (Option (Shared Node)) None)
(pub defn keep-none () : Unit (set! *kept* None))
(pub defn kept () : i64 (match *kept* ((Some n) (.id n)) (None 0)))
`;

async function started(text: string, stress = 0) {
  const forgotten: Forgotten[] = [];
  const failures: string[] = [];
  const { machine } = await start(await imageOf(`${NODE}${text}`), {
    stress,
    onForgotten: (one) => forgotten.push(one),
    onFailure: ({ where, error }) => failures.push(`${where}: ${error.message}`),
  });
  const dropped = (): number[] =>
    ((machine.call('dropped') as string).match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b);
  return { machine, forgotten, failures, dropped };
}

describe('a cycle of shared values', () => {
  const text = `(pub defn two ((n : i64)) : Unit
  (let ((a (make n)) (b (make (+ n 1))))
    (set! (.next a) (Some b))
    (set! (.next b) (Some a))
    (set! *seen* (Some (weak a)))))
(pub defn itself ((n : i64)) : Unit
  (let ((a (make n)))
    (set! (.next a) (Some a))))
(pub defn with-a-tail ((n : i64)) : Unit
  (let ((a (make n)) (b (make (+ n 1))) (c (make (+ n 2))))
    (set! (.next c) (Some a))
    (set! (.next a) (Some b))
    (set! (.next b) (Some a))
    (set! *kept* (Some c))))
(pub defn broken ((n : i64)) : Unit
  (let ((a (make n)) (b (make (+ n 1))))
    (set! (.next a) (Some b))
    (set! (.next b) (Some a))
    (set! (.next b) None)))`;

  it.each([0, STRESS])('is dropped once by a collection, and reported, under stress %i', async (stress) => {
    const { machine, forgotten, dropped } = await started(text, stress);
    machine.call('two', 1);
    if (stress === 0) expect(machine.call('seen')).toBe(1);
    machine.collect();
    expect(dropped()).toEqual([1, 2]);
    expect(machine.call('seen')).toBe(0);
    expect(forgotten).toHaveLength(1);
    expect(forgotten[0]).toMatchObject({
      type: expect.stringContaining('Node'),
      place: expect.stringMatching(/:4:\d+$/),
    });
    machine.call('itself', 3);
    machine.collect();
    expect(dropped()).toEqual([3]);
    expect(forgotten).toHaveLength(2);
    machine.collect();
    expect(dropped()).toEqual([]);
    expect(machine.verify()).toBeUndefined();
  });

  it('stays while something leads to it', async () => {
    const { machine, forgotten, dropped } = await started(text);
    machine.call('with-a-tail', 1);
    machine.collect();
    expect(dropped()).toEqual([]);
    machine.call('keep-none');
    expect(dropped()).toEqual([3]);
    machine.collect();
    expect(dropped()).toEqual([1, 2]);
    expect(forgotten).toHaveLength(1);
    expect(machine.verify()).toBeUndefined();
  });

  it('that was broken before is dropped at once', async () => {
    const { machine, forgotten, dropped } = await started(text);
    machine.call('broken', 1);
    expect(dropped()).toEqual([1, 2]);
    machine.collect();
    expect(forgotten).toEqual([]);
  });

  it('is dropped once where drop code takes a share of what is dropped already', async () => {
    const { machine, forgotten, dropped } =
      await started(`(defstruct Sound (id : i64) (mut other : (Option (Shared Sound)) None))
(defglobal mut *sound* : (Option (Shared Sound)) None)
(instance (Drop Sound) (defn drop ((s : Sound)) : Unit
  (push! *dropped* (.id s))
  (match (.other s) ((Some o) (set! *sound* (Some o))) (None (do)))))
(pub defn two () : Unit
  (let ((a (share (Sound 1))) (b (share (Sound 2))))
    (set! (.other a) (Some b))
    (set! (.other b) (Some a))))
(pub defn let-go () : Unit (set! *sound* None))`);
    machine.call('two');
    machine.collect();
    machine.collect();
    machine.call('let-go');
    machine.collect();
    expect(dropped()).toEqual([1, 2]);
    expect(forgotten).toHaveLength(1);
    expect(machine.verify()).toBeUndefined();
  });
});

describe('a share that was forgotten', () => {
  const text = `(pub defn forget ((n : i64)) : Unit
  (let ((a (make n)) (all (mut-vec)))
    (push! all a)
    (set! *kept* (Some a))))`;

  it('is let go by a collection while others have theirs', async () => {
    const { machine, forgotten, dropped } = await started(text);
    machine.call('forget', 1);
    machine.collect();
    expect(machine.call('kept')).toBe(1);
    expect(forgotten).toEqual([]);
    expect(dropped()).toEqual([]);
    machine.call('keep-none');
    expect(dropped()).toEqual([1]);
    machine.collect();
    expect(forgotten).toEqual([]);
  });
});

describe('what fails', () => {
  const text = `(pub defn run ((n : i64)) : i64
  (let ((a (make 1)) (b a) (all (mut-vec)))
    (push! all a)
    (set! *kept* (Some b))
    (when (> n 5) (error "failed"))
    (clear! all)
    (.id a)))`;
  const within = `(extern "host" (defn again () : Unit))
(pub defn outer () : i64
  (let ((a (make 2)))
    (set! *kept* (Some a))
    (match *kept* ((Some k) (look k)) (None (do)))
    (.id a)))
(defn look ((n : Node)) : Unit (again) (push! *dropped* (* 10 (.id n))))
(pub defn inner () : Unit
  (let ((mine (match *kept* ((Some k) k) (None (make 99)))))
    (set! *kept* None)
    (error "failed")))`;

  it('lets go of its own shares, and of no others', async () => {
    const { machine, failures, dropped } = await started(text);
    expect(thrown(() => machine.call('run', 6))).toMatchObject({ message: 'failed' });
    expect(dropped()).toEqual([]);
    expect(machine.call('kept')).toBe(1);
    machine.call('keep-none');
    machine.collect();
    expect(dropped()).toEqual([1]);
    expect(failures).toEqual([]);
    expect(machine.call('run', 1)).toBe(1);
    machine.call('keep-none');
    expect(dropped()).toEqual([1]);
  });

  it('within a call that has lent a share leaves it to that one', async () => {
    const before: string[] = [];
    const { machine } = await start(await imageOf(`${NODE}${within}`), {
      host: {
        host: {
          again: () => {
            expect(thrown(() => machine.call('inner'))).toMatchObject({ message: 'failed' });
            before.push(machine.call('dropped') as string);
          },
        },
      },
    });
    expect(machine.call('outer')).toBe(2);
    expect(before).toEqual(['[]']);
    expect(machine.call('dropped')).toBe('[20 2]');
    machine.collect();
    expect(machine.call('dropped')).toBe('[]');
    expect(machine.verify()).toBeUndefined();
  });
});

describe('an entity that has left the world', () => {
  const text = `(import sluice.game :all)
${NODE}(defvalue Pair (first : (Shared Node)) (second : (Owned Node)) (n : i64))
(defentity Foe (node : (Shared Node)) (pair : Pair) (spare : (Option (Shared Node)) None))
(defglobal mut *foe* : (Option Foe) None)
(defn foe () : Foe (unwrap *foe*))
(pub defn begin () : Unit
  (let ((s (make 1)) (f (Foe s (Pair s (own (Node 2)) 3) (Some s))))
    (add-entity! f)
    (set! *foe* (Some f))))
(pub defn leave () : Unit (remove-entity! (foe)))
(pub defn spare () : i64 (match (.spare (foe)) ((Some n) (.id n)) (None 0)))
(pub defn lent () : i64 (.id (.node (foe))))
(pub defn bound () : i64 (let ((n (.node (foe)))) (.id n)))
(pub defn keep () : Unit (set! *kept* (Some (.node (foe)))))
(pub defn looked-at () : Unit (set! *seen* (Some (weak (.node (foe))))))
(pub defn shown () : Unit (println (.node (foe))))
(pub defn matched () : i64 (match (.pair (foe)) ((Pair a b _) (+ (.id a) (.id b)))))
(pub defn part () : i64 (let ((n (.first (.pair (foe))))) (.id n)))`;
  const ways = ['lent', 'bound', 'keep', 'looked-at', 'shown', 'matched', 'part'];

  it.each(MODES)('has nothing that could be read of what it shared, but options, %s', async (mode) => {
    const { machine } = await start(await imageOf(text, { mode }));
    machine.call('begin');
    for (const way of ways) machine.call(way);
    machine.call('keep-none');
    machine.call('leave');
    machine.step(1 / 60);
    machine.resetFrame();
    expect(machine.call('dropped')).toBe('[2 1]');
    expect(machine.call('spare')).toBe(0);
    for (const way of ways)
      expect(thrown(() => machine.call(way))).toMatchObject({
        message: 'what was owned here was dropped when its entity left the world',
      });
    expect(machine.verify()).toBeUndefined();
  });
});

describe('a reload', () => {
  it.each([0, STRESS])('keeps shares, and drops by the new drop code, under stress %i', async (stress) => {
    const script = (code: string) => `(defstruct Node (id : i64)${code === '' ? '' : ' (extra : i64 5)'})
(defglobal mut *dropped* : (MutVec i64) (mut-vec))
(instance (Drop Node) (defn drop ((n : Node)) : Unit (push! *dropped* (.id n))${code}))
(defglobal mut *one* : (Option (Shared Node)) None)
(defglobal mut *two* : (MutVec (Shared Node)) (mut-vec))
(defglobal mut *seen* : (Option (Weak (Shared Node))) None)
(pub defn begin () : Unit
  (let ((n (share (Node 3))))
    (set! *seen* (Some (weak n)))
    (push! *two* n)
    (set! *one* (Some n))))
(pub defn seen () : Bool (match *seen* ((Some w) (some? (upgrade w))) (None false)))
(pub defn first () : Unit (set! *one* None))
(pub defn second () : Unit (clear! *two*))
(pub defn dropped () : String (let ((all (str *dropped*))) (clear! *dropped*) all))`;
    const { machine } = await start(await imageOf(script('')), { stress });
    machine.call('begin');
    machine.replace(await machine.prepare(await imageOf(script(' (push! *dropped* (.extra n))'))));
    machine.collect();
    machine.call('first');
    expect(machine.call('dropped')).toBe('[]');
    expect(machine.call('seen')).toBe(true);
    machine.call('second');
    expect(machine.call('dropped')).toBe('[3 5]');
    expect(machine.call('seen')).toBe(false);
    machine.collect();
    expect(machine.verify()).toBeUndefined();
  });
});

describe('retaining', () => {
  const text = `(defglobal mut *eaten* : i64 0)
(defn eat ((n : (Shared Node))) : Unit (+= *eaten* (.id n)))
(defn young () : i64 (.young-bytes (memory-stats)))
(pub defn made ((rounds : i64)) : i64
  (let ((s (make 1)) (before (young)))
    (dotimes rounds (eat s) (eat s))
    (- (young) before)))`;

  it('in a loop makes nothing that the loop before has not made', async () => {
    const { machine, dropped } = await started(text);
    const few = machine.call('made', 10) as bigint;
    expect(machine.call('made', 1000)).toBe(few);
    expect(dropped()).toEqual([1, 1]);
  });
});

describe('the end of a program', () => {
  it.each([0, STRESS])('drops what is shared once, whoever has shares, under stress %i', async (stress) => {
    const forgotten: Forgotten[] = [];
    const script = NODE.replace('(push! *dropped* (.id n))', '(println (.id n))');
    const { machine, printed } = await start(
      await imageOf(`${script}(defglobal mut *all* : (MutVec (Shared Node)) (mut-vec))
(pub defn run () : Unit
  (let ((a (make 1)) (b (make 2)) (c (make 3)))
    (set! (.next a) (Some b))
    (set! (.next b) (Some a))
    (push! *all* a)
    (push! *all* c)
    (set! *kept* (Some c))))`),
      { stress, onForgotten: (one) => forgotten.push(one) },
    );
    machine.call('run');
    expect(printed()).toBe('');
    await machine.reset();
    expect(printed().trim().split('\n').sort()).toEqual(['1', '2', '3']);
    expect(forgotten).toEqual([]);
  });
});
