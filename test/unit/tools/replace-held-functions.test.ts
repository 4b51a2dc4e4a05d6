/** Functions that JavaScript holds while the types that they take and give are laid out otherwise. */
import { describe, expect, it } from 'vitest';
import type { Machine, ReplaceOutcome, ScriptFunction } from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start, thrown } from './script.ts';

async function replace(machine: Machine, text: string): Promise<ReplaceOutcome> {
  return machine.replace(await machine.prepare(await imageOf(text)));
}

/** A program that gives a function to the host, which keeps it and may give it back. */
const game = (fields: string, more = ''): string => `(defstruct Pair ${fields})
(extern "host" (defn keep ((f : (Fn [Pair] Pair))) : Unit) (defn again () : (Fn [Pair] Pair)))
(defglobal mut *pairs* : (MutVec Pair) (mut-vec))
(pub defn give () : Unit (let ((n 10)) (keep (fn (p) (push! *pairs* p) (update p :a (+ (.a p) n))))))
(pub defn look () : String (show *pairs*))
${more}`;

const OLD = '(a : i64) (b : i64)';
const NEW = '(tags : (Vector String) ["new"]) (b : i64) (c : f64 0.5) (a : i64)';

async function holding(text = game(OLD)): Promise<{ machine: Machine; kept: ScriptFunction[] }> {
  const kept: ScriptFunction[] = [];
  const host = { host: { keep: (f: ScriptFunction) => void kept.push(f), again: () => kept[0] } };
  const { machine } = await start(await imageOf(text), { host, stress: STRESS });
  machine.call('give');
  return { machine, kept };
}

describe('a function that JavaScript holds', () => {
  it('takes and gives what its types are by now', async () => {
    const { machine, kept } = await holding();
    expect(kept[0]?.({ a: 1, b: 2 })).toEqual({ a: 11, b: 2 });
    expect(await replace(machine, game(NEW))).toMatchObject({ kind: 'replaced' });
    const given = { a: 3, b: 4, c: 1.5, tags: ['x', 'y'] };
    expect(kept[0]?.(given)).toEqual({ ...given, a: 13 });
    expect(machine.call('look')).toBe(
      '[(Pair :tags ["new"] :b 2 :c 0.5 :a 1) (Pair :tags ["x" "y"] :b 4 :c 1.5 :a 3)]',
    );
    expect(thrown(() => kept[0]?.({ a: 1, b: 2 }))).toMatchObject({ name: 'ConversionError' });
    expect(machine.verify()).toBeUndefined();
  });

  it('does so again with each version, after those between are gone, until it is released', async () => {
    const { machine, kept } = await holding();
    for (const fields of [NEW, OLD, NEW]) {
      expect(await replace(machine, game(fields))).toMatchObject({ kind: 'replaced' });
      machine.tidy();
      // The first version's, whose value it is; those between are gone.
      expect(machine.earlierVersions.code).toBe(1);
    }
    const given = { a: 3, b: 4, c: 1.5, tags: ['x', 'y'] };
    expect(kept[0]?.(given)).toEqual({ ...given, a: 13 });
    kept[0]?.release();
    expect(thrown(() => kept[0]?.(given))).toMatchObject({ name: 'TypeError' });
    expect(machine.verify()).toBeUndefined();
  });

  it('does so in first values of the new code too', async () => {
    const { machine } = await holding();
    const more = `(defglobal *first* : Pair ((again) (Pair :a 1 :b 2)))
(pub defn first () : String (show *first*))`;
    expect(await replace(machine, game(NEW, more))).toMatchObject({ kind: 'replaced' });
    expect(machine.call('first')).toBe('(Pair :tags ["new"] :b 2 :c 0.5 :a 11)');
  });

  it('stays as it was where new code cannot be loaded', async () => {
    const { machine, kept } = await holding();
    const bad = '(defglobal *bad* : i64 (nth (range 0 1) (len *pairs*)))';
    kept[0]?.({ a: 1, b: 2 });
    const prepared = await machine.prepare(await imageOf(game(NEW, bad)));
    expect(thrown(() => machine.replace(prepared))).toMatchObject({ kind: 'index' });
    expect(kept[0]?.({ a: 3, b: 4 })).toEqual({ a: 13, b: 4 });
    expect(machine.call('look')).toBe('[(Pair :a 1 :b 2) (Pair :a 3 :b 4)]');
    expect(machine.verify()).toBeUndefined();
  });

  it('hinders code that has no way out for functions of its type, and its types otherwise', async () => {
    const { machine, kept } = await holding();
    const without = (fields: string): string =>
      game(fields)
        .replace(/\(extern .*\n/, '')
        .replace('(keep (fn', '(set! *f* (fn')
        .concat('(defglobal mut *f* : (Fn [Pair] Pair) (fn (p) p))');
    expect(await replace(machine, without(NEW))).toMatchObject({
      kind: 'restart',
      reason:
        'JavaScript holds a function of the type `(Fn [Pair] Pair)`, and in the new code none of that type comes out to it (1 alive)',
    });
    expect(await replace(machine, without(OLD))).toMatchObject({ kind: 'replaced' });
    expect(kept[0]?.({ a: 3, b: 4 })).toEqual({ a: 13, b: 4 });
    expect(await replace(machine, without(NEW))).toMatchObject({ kind: 'restart' });
    kept[0]?.release();
    expect(await replace(machine, without(NEW))).toMatchObject({ kind: 'replaced' });
    expect(machine.verify()).toBeUndefined();
  });
});

describe('a function of JavaScript that a script holds', () => {
  it('takes and gives what its types are by now, and comes back as itself', async () => {
    const text = (fields: string): string => `(defstruct Pair ${fields})
(extern "host" (defn make () : (Fn [Pair] Pair)) (defn keep ((f : (Fn [Pair] Pair))) : Unit))
(defglobal mut *f* : (Option (Fn [Pair] Pair)) None)
(defglobal mut *pair* : (Option Pair) None)
(pub defn fill () : Unit (set! *f* (Some (make))))
(pub defn first () : Unit (set! *pair* (Some (Pair 1 2))))
(pub defn run () : String (match *pair* ((Some p) (match *f* ((Some f) (show (f p))) (None ""))) (None "")))
(pub defn back () : Unit (match *f* ((Some f) (keep f)) (None (do))))`;
    const seen: unknown[] = [];
    const kept: unknown[] = [];
    const own = (pair: object): object => {
      seen.push(pair);
      return { ...pair, b: 7 };
    };
    const host = { host: { make: () => own, keep: (f: unknown) => void kept.push(f) } };
    const { machine } = await start(await imageOf(text(OLD)), { host, stress: STRESS });
    machine.call('fill');
    machine.call('first');
    const next = text(NEW).replace('(Pair 1 2)', '(Pair :a 1 :b 2)');
    expect(await replace(machine, next)).toMatchObject({ kind: 'replaced' });
    expect(machine.call('run')).toBe('(Pair :tags ["new"] :b 7 :c 0.5 :a 1)');
    expect(seen).toEqual([{ tags: ['new'], b: 2, c: 0.5, a: 1 }]);
    machine.call('back');
    expect(kept[0]).toBe(own);
    expect(machine.verify()).toBeUndefined();
  });
});
