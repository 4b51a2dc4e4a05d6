/** What only code of before leads to, its constants above all, goes with it: it hinders no reload. */
import { describe, expect, it } from 'vitest';
import type { Machine, ReplaceOutcome } from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start, thrown } from './script.ts';

async function replace(machine: Machine, text: string): Promise<ReplaceOutcome> {
  return machine.replace(await machine.prepare(await imageOf(text)));
}

const game = (fields: string, values: string, more = ''): string => `(defstruct Pair ${fields})
(defglobal *all* : (Vector Pair) [(Pair ${values}) (Pair ${values})])
(defglobal mut *one* : (Option Pair) None)
(pub defn fill () : Unit (set! *one* (Some (nth *all* 0))))
(pub defn clear () : Unit (set! *one* None))
(pub defn look () : String (str *all* *one*))
${more}`;
const OLD = game('(a : i64)', '1');
/** `b` has no default. */
const NEW = game('(a : i64) (b : i64)', '1 2');

const begun = async (text: string): Promise<Machine> =>
  (await start(await imageOf(text), { stress: STRESS })).machine;

describe('objects of constants', () => {
  it('are made anew, and need no answer for what they have not', async () => {
    const machine = await begun(OLD);
    expect(await replace(machine, NEW)).toMatchObject({ kind: 'replaced' });
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('look')).toBe('[(Pair :a 1 :b 2) (Pair :a 1 :b 2)]None');
    expect(await replace(machine, OLD)).toMatchObject({ kind: 'replaced' });
    expect(await replace(machine, NEW)).toMatchObject({ kind: 'replaced' });
    expect(machine.verify()).toBeUndefined();
  });

  it('count where something else holds them', async () => {
    const machine = await begun(OLD);
    machine.call('fill');
    expect(await replace(machine, NEW)).toMatchObject({
      kind: 'restart',
      reason: 'field `b` of `Pair` is new, and has no default (1 alive)',
    });
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('look')).toBe('[(Pair :a 1) (Pair :a 1)](Some (Pair :a 1))');
    machine.call('clear');
    expect(await replace(machine, NEW)).toMatchObject({ kind: 'replaced' });
  });

  it('are what they were where the new code fails', async () => {
    const machine = await begun(OLD);
    const bad = game('(a : i64) (b : i64)', '1 2', '(defglobal *bad* : i64 (nth (range 0 1) 7))');
    const prepared = await machine.prepare(await imageOf(bad));
    for (let i = 0; i < 3; i += 1) {
      expect(thrown(() => machine.replace(prepared))).toMatchObject({ kind: 'index' });
      expect(machine.call('look')).toBe('[(Pair :a 1) (Pair :a 1)]None');
      expect(machine.verify()).toBeUndefined();
    }
  });
});

describe('what a global held before its value lay otherwise', () => {
  it('counts no more', async () => {
    const flat = (
      fields: string,
      made: string,
    ): string => `(defstruct Leaf (n : i64)) (defvalue Pair ${fields})
(defglobal mut *one* : (Option Pair) None)
(pub defn fill () : Unit (set! *one* (Some (Pair ${made}))))
(pub defn clear () : Unit (set! *one* None))
(pub defn look () : String (show *one*))`;
    const machine = await begun(flat('(a : i64) (leaf : Leaf)', '1 (Leaf 5)'));
    machine.call('fill');
    expect(await replace(machine, flat('(leaf : Leaf) (a : i64)', '(Leaf 5) 1'))).toMatchObject({
      kind: 'replaced',
    });
    machine.call('clear');
    const other = flat('(leaf : Leaf) (a : i64)', '(Leaf 5 6) 1').replace('(n : i64)', '(n : i64) (m : i64)');
    expect(await replace(machine, other)).toMatchObject({ kind: 'replaced' });
    expect(machine.verify()).toBeUndefined();
  });
});

describe('entries that an immutable map has no more', () => {
  const map = (kind: string, fields: string, made: string): string => `(def${kind} P ${fields})
(defglobal mut *map* : (Map String P) {})
(pub defn fill () : Unit (for (i 0 (< i 50)) (set! *map* (assoc *map* (str "k" i) (P ${made})))))
(pub defn drop ((n : i64)) : Unit (for (i 0 (< i n)) (set! *map* (dissoc *map* (str "k" (* 2 i))))))
(pub defn look () : String (show *map*))
(pub defn found () : String (str (map (fn (i) (has-key? *map* (str "k" i))) (range 0 50))))
`;
  const NEXT = ['(a : i64) (b : i64)', 'i 7'] as const;

  it.each(['struct', 'value'])('do not count as alive: of a def%s', async (kind) => {
    const machine = await begun(map(kind, '(a : i64)', 'i'));
    machine.call('fill');
    machine.call('drop', 20);
    expect(await replace(machine, map(kind, ...NEXT))).toMatchObject({
      reason: expect.stringMatching(/^field `b` of `P` is new, and has no default/),
    });
    if (kind === 'struct')
      expect(await replace(machine, map(kind, ...NEXT))).toMatchObject({
        reason: 'field `b` of `P` is new, and has no default (30 alive)',
      });
    expect(machine.verify()).toBeUndefined();
  });

  it.each(['struct', 'value'])('leave the others where they are found: of a def%s', async (kind) => {
    const machine = await begun(map(kind, '(a : i64)', 'i'));
    machine.call('fill');
    machine.call('drop', 20);
    const found = machine.call('found');
    const shown = machine.call('look');
    const next = map(kind, '(b : i64 7) (a : i64)', ':a i');
    expect(await replace(machine, next)).toMatchObject({ kind: 'replaced' });
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('found')).toBe(found);
    expect(machine.call('look')).toBe(String(shown).replaceAll(':a', ':b 7 :a'));
    machine.call('drop', 25);
    expect(machine.call('look')).not.toContain('"k0"');
    machine.call('fill');
    expect(machine.call('found')).not.toContain('false');
  });

  it('need not be convertible', async () => {
    const sum = (variants: string): string => `(deftype P ${variants})
(defglobal mut *map* : (Map i64 P) {})
(pub defn fill () : Unit (for (i 0 (< i 20)) (set! *map* (assoc *map* i (if (= i 3) Gone (Here i))))))
(pub defn drop () : Unit (set! *map* (dissoc *map* 3)))
(pub defn look () : String (str (len *map*) (map-get *map* 4)))`;
    const machine = await begun(sum('Gone (Here i64)'));
    machine.call('fill');
    machine.call('drop');
    const next = sum('(Here i64) (There String)').replace('(if (= i 3) Gone (Here i))', '(Here i)');
    expect(await replace(machine, next)).toMatchObject({ kind: 'replaced' });
    expect(machine.call('look')).toBe('19(Here 4)');
    expect(machine.verify()).toBeUndefined();
  });
});
