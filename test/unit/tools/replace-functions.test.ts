/** Old functions beside new code: where one of them might break what was proved of the arenas, the scene starts anew. */
import { describe, expect, it } from 'vitest';
import type { Machine, ReplaceOutcome } from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start, thrown } from './script.ts';

async function replace(machine: Machine, text: string): Promise<ReplaceOutcome> {
  return machine.replace(await machine.prepare(await imageOf(text)));
}

/** What takes the place of no function of before. */
const elsewhere = (text: string): string => text.replace('(pub defn fill', '(pub defn refill');

/** A function that keeps what it is given, or does not, and a call of it, in an arena or not. */
const game = (keeps: boolean, inArena: boolean, more = ''): string => `(defstruct Item (mut v : i64))
(defglobal mut *last* : (Option Item) None)
(defglobal mut *f* : (Fn [Item] Unit) (fn (i) ()))
${more}
(pub defn fill () : Unit (let ((n 1)) (set! *f* (fn (i) (set! (.v i) n) ${keeps ? '(set! *last* (Some i))' : ''}))))
(pub defn run () : Unit ${inArena ? '(with-arena a (*f* (Item 42)))' : '(*f* (Item 42))'})
(pub defn look () : String (with-arena b (str (range 0 1000))) (match *last* ((Some i) (str "last " (.v i))) (None "none")))`;

describe('functions that live on', () => {
  it('are not called in arenas that they were not proved for', async () => {
    const { machine } = await start(await imageOf(game(true, false)), { stress: STRESS });
    machine.call('fill');
    machine.call('run');
    expect(await replace(machine, elsewhere(game(false, true)))).toEqual({
      kind: 'restart',
      reason:
        'functions of the type `(Fn [Item] Unit)` have changed, and those of before may live on where arenas are used',
      types: ['(Fn [Item] Unit)'],
    });
    machine.call('run');
    expect(machine.call('look')).toBe('last 1');
    expect(machine.verify()).toBeUndefined();
  });

  it('run the code that takes the place of their own', async () => {
    const { machine } = await start(await imageOf(game(true, false)), { stress: STRESS });
    machine.call('fill');
    expect(await replace(machine, game(false, true))).toMatchObject({ kind: 'replaced' });
    machine.call('run');
    expect(machine.call('look')).toBe('none');
    expect(machine.verify()).toBeUndefined();
  });

  it('do not call new ones in their own arenas', async () => {
    const text = (keeps: boolean): string => `(defglobal mut *go* : (Fn [] Unit) (fn () ()))
${game(keeps, false)}
(pub defn begin () : Unit (let ((n 2)) (set! *go* (fn () (with-arena a (*f* (Item n)))))))
(pub defn go () : Unit (*go*))`;
    const { machine } = await start(await imageOf(text(false)), { stress: STRESS });
    machine.call('begin');
    // By itself it would be refused, since its own arena is the same: so it has another function for that.
    const next = text(true)
      .replace('(with-arena a (*f* (Item n)))', '(*f* (Item n))')
      .replace('(pub defn begin', '(pub defn begin-again');
    expect(await replace(machine, next)).toMatchObject({ kind: 'restart' });
    machine.call('fill');
    machine.call('go');
    expect(machine.verify()).toBeUndefined();
  });

  it('may be called where no version has an arena, and no later one may open one', async () => {
    const bare = (keeps: boolean) => game(keeps, false).replace('(with-arena b (str (range 0 1000)))', '');
    const { machine } = await start(await imageOf(bare(true)), { stress: STRESS });
    machine.call('fill');
    expect(await replace(machine, elsewhere(bare(false)))).toMatchObject({ kind: 'replaced' });
    machine.call('run');
    expect(machine.call('look')).toBe('last 1');
    // This version and the last one agree; the function that is called is the first one's.
    expect(await replace(machine, elsewhere(game(false, true)))).toMatchObject({ kind: 'restart' });
    expect(await replace(machine, elsewhere(bare(false)))).toMatchObject({ kind: 'replaced' });
  });

  it('hinder no reload that leaves their code as it is, or changes only numbers and texts', async () => {
    const { machine } = await start(await imageOf(game(false, true)), { stress: STRESS });
    machine.call('fill');
    const others = `(defn other ((n : i64)) : i64 (fold + 0 (map (fn (x) (* x n)) [1 2])))
(pub defn further () : String (str (other 2) (sort-by (fn (x) (- x)) [1 2])))`;
    expect(await replace(machine, game(false, true, others))).toMatchObject({ kind: 'replaced' });
    const number = game(false, true, `(defn before () : i64 1) ${others}`).replace(
      '(let ((n 1))',
      '(let ((n 5))',
    );
    expect(await replace(machine, number)).toMatchObject({ kind: 'replaced' });
    machine.call('run');
    expect(machine.call('look')).toBe('none');
    expect(machine.verify()).toBeUndefined();
  });

  it('hinder no reload while there are none', async () => {
    const empty = `(defstruct Item (mut v : i64)) (defglobal mut *f* : (Option (Fn [Item] Unit)) None)
(pub defn run () : Unit (with-arena a (println (.v (Item 1)))))`;
    const { machine } = await start(await imageOf(empty));
    const filled = `${empty} (pub defn fill () : Unit (set! *f* (Some (fn (i) (set! (.v i) 3)))))`;
    expect(await replace(machine, filled)).toMatchObject({ kind: 'replaced' });
    expect(await replace(machine, empty)).toMatchObject({ kind: 'restart' });
  });

  it('count what they call: named functions, other function values, and globals of the frame', async () => {
    const text = (kept: string, called: string, frame: string): string => `(defstruct Item (mut v : i64))
(defglobal mut *last* : (MutVec Item) (mut-vec)) (defglobal frame *found* : (MutVec Item) (mut-vec))
(defglobal *take* : (Fn [Item i64] Unit) (let ((k 1)) (fn (i n) ${called} (set! (.v i) (+ k n)))))
(defn keep ((i : Item)) : Unit ${kept})
(defn hide ((i : Item)) : Unit (with-arena frame ${frame}))
(defglobal mut *f* : (Fn [Item] Unit) (fn (i) ()))
(defglobal mut *g* : (Fn [] Unit) (fn () ()))
(pub defn fill () : Unit
  (let ((n 1))
    (set! *f* (fn (i) (keep i) (*take* i n)))
    (set! *g* (fn () (with-arena frame (println n (map .v *found*)))))))
(pub defn frames () : Unit (with-arena frame (hide (Item 1))))`;
    const first = text('()', '()', '(println (.v i))');
    const outcome = async (...parts: [string, string, string]): Promise<string> => {
      const { machine } = await start(await imageOf(first));
      machine.call('fill');
      return (await replace(machine, elsewhere(text(...parts)))).kind;
    };
    expect(await outcome('()', '()', '(println (.v i))')).toBe('replaced');
    expect(await outcome('(push! *last* i)', '()', '(println (.v i))')).toBe('restart');
    expect(await outcome('()', '(push! *last* i)', '(println (.v i))')).toBe('restart');
    expect(await outcome('()', '()', '(push! *found* (Item 4))')).toBe('restart');
  });

  it('may be held by the host, which returns them to any later version', async () => {
    const text = (keeps: string, arena: boolean): string => `(defstruct Item (mut v : i64))
(defglobal mut *last* : i64 0) (defglobal *items* : (MutVec Item) (mut-vec))
(extern "host" (defn keep ((f : (Fn [i64] i64))) : Unit) (defn again () : (Fn [i64] i64)))
(pub defn give () : Unit (let ((n 1)) (keep (fn (k) ${keeps} (+ k n)))))
(pub defn take () : i64 ${arena ? '(with-arena a (set! *last* (.v (Item ((again) 41)))) *last*)' : '((again) 41)'})`;
    const kept: unknown[] = [];
    const host = { host: { keep: (f: unknown) => void kept.push(f), again: () => kept[0] } };
    const { machine } = await start(await imageOf(text('(push! *items* (Item k))', false)), { host });
    machine.call('give');
    const without = '(pub defn look () : i64 1)';
    expect(await replace(machine, without)).toMatchObject({ kind: 'replaced' });
    expect(await replace(machine, text('()', true))).toMatchObject({ kind: 'restart' });
    expect(await replace(machine, text('(push! *items* (Item k))', false))).toMatchObject({
      kind: 'replaced',
    });
    expect(machine.call('take')).toBe(42);
    expect(machine.verify()).toBeUndefined();
  });
});

describe('what the host holds', () => {
  it('fits every later version that takes it', async () => {
    const text = (fields: string, made: string): string => `(defstruct Item ${fields})
(pub defn make () : (MutVec Item) (mut-vec ${made}))
(pub defn show-all ((xs : (MutVec Item))) : String (str xs))`;
    const { machine } = await start(await imageOf(text('(a : i64)', '(Item 1)')), { stress: STRESS });
    const items = machine.call('make');
    expect(await replace(machine, text('(a : String)', '(Item "")'))).toMatchObject({
      kind: 'restart',
      types: ['Item'],
    });
    expect(await replace(machine, '(pub defn look () : i64 1)')).toMatchObject({ kind: 'replaced' });
    expect(await replace(machine, text('(a : String)', '(Item "")'))).toMatchObject({ kind: 'restart' });
    expect(await replace(machine, text('(a : i64)', '(Item 2)'))).toMatchObject({ kind: 'replaced' });
    expect(machine.call('show-all', items)).toBe('[(Item :a 1)]');
    expect(machine.verify()).toBeUndefined();
  });
});

describe('new code that cannot be loaded', () => {
  const text = (more: string): string => `(defglobal mut *f* : (Fn [] i64) (fn () 1))
(defglobal mut *names* : (MutVec String) (mut-vec "old"))
(pub defn run () : i64 (*f*))
(pub defn names () : String (str *names*))
${more}`;
  const broken = text(`(defglobal *early* : (Vector i64) (range 0 50))
(defglobal mut *count* : i64 (let ((n 3)) (push! *names* "new") (set! *f* (fn () (+ n (len *early*) (len *late*)))) 0))
(defglobal *late* : (Vector i64) (range 0 60))
(defglobal *bad* : (Vector i64) (map (fn (i) (nth [1] i)) (range 0 9)))`);

  it('leaves nothing after that can be called', async () => {
    const { machine } = await start(await imageOf(text('')), { stress: STRESS });
    const prepared = await machine.prepare(await imageOf(broken));
    for (let i = 0; i < 3; i += 1)
      expect(thrown(() => machine.replace(prepared))).toMatchObject({ kind: 'index' });
    const error = thrown(() => machine.call('run'));
    expect(error).toMatchObject({
      kind: 'trap',
      message: 'this function value is of new code that could not be loaded',
    });
    expect(machine.call('names')).toBe('["old" "new" "new" "new"]');
    // Cells of the failed code are used for others.
    const mended = text(
      '(defglobal *a* : String "a") (defglobal mut *b* : String "b") (pub defn all () : String (str *a* *b*))',
    );
    expect(await replace(machine, mended)).toMatchObject({ kind: 'replaced' });
    expect(machine.call('all')).toBe('ab');
    expect(thrown(() => machine.call('run'))).toMatchObject({ kind: 'trap' });
    machine.collect();
    expect(machine.verify()).toBeUndefined();
  });

  it('stays away when memory is another', async () => {
    const { machine } = await start(await imageOf(text('')));
    const prepared = await machine.prepare(await imageOf(broken));
    thrown(() => machine.replace(prepared));
    await machine.force({ move: true, shrink: true });
    expect(thrown(() => machine.call('run'))).toMatchObject({ kind: 'trap' });
    expect(machine.call('names')).toBe('["old" "new"]');
    expect(machine.verify()).toBeUndefined();
  });

  it('cannot be called by the host either', async () => {
    const more = `(extern "host" (defn keep ((f : (Fn [(Map Key i64)] i64))) : Unit))
(defstruct Key (n : i64))
(instance (Hash Key) (defn hash (k) (println "hashing" (len *bad*)) (.n k)))
(defglobal mut *count* : i64 (do (keep (fn (m) (len (keys m)))) 0))
(defglobal *late* : (Vector i64) (range 0 60))
(defglobal *bad* : (Vector i64) (map (fn (i) (nth [1] i)) (range 0 9)))`;
    const kept: ((map: unknown) => unknown)[] = [];
    const { machine, printed } = await start(await imageOf(text('')), {
      host: { host: { keep: (f: (map: unknown) => unknown) => void kept.push(f) } },
    });
    const prepared = await machine.prepare(await imageOf(text(more)));
    expect(thrown(() => machine.replace(prepared))).toMatchObject({ kind: 'index' });
    expect(thrown(() => kept[0]?.(new Map([[{ n: 1 }, 2]])))).toMatchObject({ kind: 'trap' });
    expect(printed()).toBe('');
  });
});
