/** Values of globals that are gone, while types are laid out otherwise: they are given the layouts like all that lives. */
import { describe, expect, it } from 'vitest';
import type { Machine, ReplaceOutcome } from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start } from './script.ts';

async function replace(machine: Machine, text: string): Promise<ReplaceOutcome> {
  return machine.replace(await machine.prepare(await imageOf(text)));
}

const OLD = '(a : i64) (b : i64)';
const NEW = '(b : i64) (tags : (Vector String) ["new"]) (a : i64)';

/** `kind` is that of the type, and `more` what else there is of it. */
const game = (kind: string, fields: string, name: string, more = ''): string => `(def${kind} Pair ${fields})
(defglobal mut ${name} : (Tuple i64 (Option Pair)) (tuple 0 None))
(pub defn fill () : Unit (set! ${name} (tuple 7 (Some (Pair :a 1 :b 2)))))
(pub defn look () : String (show ${name}))
${more}`;
const other = '(defglobal mut *other* : (MutVec Pair) (mut-vec))';
const EMPTY = '(Tuple 0 None)';
const FIRST = '(Tuple 7 (Some (Pair :a 1 :b 2)))';
const NEXT = '(Tuple 7 (Some (Pair :b 2 :tags ["new"] :a 1)))';

describe.each(['struct', 'value'])('the value of a global that is gone, a def%s in it,', (kind) => {
  async function filled(more = other): Promise<Machine> {
    const { machine } = await start(await imageOf(game(kind, OLD, '*one*', more)), { stress: STRESS });
    machine.call('fill');
    return machine;
  }

  const isWell = (machine: Machine, shown: string): void => {
    machine.collect();
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('look')).toBe(shown);
  };

  it('may be given to one of another name that comes with the new layout', async () => {
    const machine = await filled();
    expect(await replace(machine, game(kind, NEW, '*two*', other))).toMatchObject({
      kind: 'replaced',
      parked: ['*one*'],
      forgotten: [],
      renames: [{ from: '*one*', to: '*two*' }],
    });
    isWell(machine, EMPTY);
    machine.rename({ from: '*one*', to: '*two*' });
    isWell(machine, NEXT);
    expect(machine.parked).toEqual([]);
  });

  it('comes back with the layout of then', async () => {
    const machine = await filled();
    for (const fields of [OLD, NEW, OLD, NEW])
      expect(await replace(machine, game(kind, fields, '*two*', other))).toMatchObject({
        kind: 'replaced',
        forgotten: [],
      });
    expect(machine.parked).toEqual(['*one*']);
    expect(await replace(machine, game(kind, NEW, '*one*', other))).toMatchObject({ restored: ['*one*'] });
    isWell(machine, NEXT);
  });

  it('comes back where it is given another layout at once', async () => {
    const machine = await filled();
    expect(await replace(machine, game(kind, OLD, '*two*', other))).toMatchObject({ parked: ['*one*'] });
    expect(await replace(machine, game(kind, NEW, '*one*', other))).toMatchObject({ restored: ['*one*'] });
    isWell(machine, NEXT);
  });

  it('comes back as it was after nothing else had the other layout', async () => {
    const machine = await filled();
    expect(await replace(machine, game(kind, NEW, '*two*', other))).toMatchObject({ kind: 'replaced' });
    // Nobody but what waits leads to such a pair.
    expect(await replace(machine, '(pub defn look () : String "")')).toMatchObject({ kind: 'replaced' });
    machine.tidy();
    expect(await replace(machine, game(kind, OLD, '*one*'))).toMatchObject({ restored: ['*one*'] });
    isWell(machine, FIRST);
    expect(await replace(machine, game(kind, NEW, '*one*'))).toMatchObject({ kind: 'replaced' });
    isWell(machine, NEXT);
  });

  it('is as it was where new code fails', async () => {
    const machine = await filled();
    expect(await replace(machine, game(kind, OLD, '*two*', other))).toMatchObject({ parked: ['*one*'] });
    const bad = '(defglobal *bad* : i64 (nth (range 0 1) 7))';
    for (const name of ['*one*', '*two*']) {
      const prepared = await machine.prepare(await imageOf(game(kind, NEW, name, `${other}${bad}`)));
      expect(() => machine.replace(prepared)).toThrow();
    }
    expect(machine.parked).toEqual(['*one*']);
    expect(await replace(machine, game(kind, OLD, '*one*', other))).toMatchObject({ restored: ['*one*'] });
    isWell(machine, FIRST);
  });

  it('may be given to one of another name also where nothing else is of the type', async () => {
    const machine = await filled('');
    expect(await replace(machine, game(kind, NEW, '*two*'))).toMatchObject({
      kind: 'replaced',
      parked: ['*one*'],
      renames: [{ from: '*one*', to: '*two*' }],
    });
    isWell(machine, EMPTY);
    machine.rename({ from: '*one*', to: '*two*' });
    isWell(machine, NEXT);
  });

  it('hinders what has no answer for it, until it is dropped', async () => {
    const machine = await filled();
    const without = game(kind, '(b : i64) (c : i64) (a : i64)', '*two*', other).replace(
      '(Pair :a',
      '(Pair :c 3 :a',
    );
    expect(await replace(machine, game(kind, OLD, '*two*', other))).toMatchObject({ parked: ['*one*'] });
    expect(await replace(machine, without)).toMatchObject({
      kind: 'restart',
      reason: 'field `c` of `Pair` is new, and has no default (1 alive)',
    });
    machine.dropParked();
    machine.tidy();
    expect(await replace(machine, without)).toMatchObject({ kind: 'replaced' });
  });

  it('is given up where nothing of the new code is of its type', async () => {
    const machine = await filled();
    expect(await replace(machine, game(kind, OLD, '*two*', other))).toMatchObject({ parked: ['*one*'] });
    const vector = game(kind, NEW, '*two*', other).replaceAll('(Tuple i64 (Option Pair))', '(Vector Pair)');
    expect(
      await replace(
        machine,
        vector
          .replace('(tuple 0 None)', '[]')
          .replace('(tuple 7 (Some (Pair :a 1 :b 2)))', '[(Pair :a 1 :b 2)]'),
      ),
    ).toMatchObject({ kind: 'replaced', forgotten: ['*one*', '*two*'] });
    isWell(machine, '[]');
  });
});

describe('a map that waits', () => {
  it('has its keys where the new layout hashes them', async () => {
    const map = (fields: string, name: string): string => `(defvalue K ${fields})
(defglobal mut ${name} : (MutMap K i64) (mut-map))
(defglobal mut *kept* : (Vector K) [])
(pub defn fill () : Unit
  (set! *kept* [(K :a 1 :b 2)])
  (for (i 0 (< i 20)) (map-set! ${name} (K :a i :b (* 3 i)) i)))
(pub defn look () : String (str (map (fn (i) (map-get ${name} (K :a i :b (* 3 i)))) (range 0 20))))`;
    const { machine } = await start(await imageOf(map('(a : i64) (b : i64)', '*one*')), { stress: STRESS });
    machine.call('fill');
    const before = machine.call('look');
    expect(before).toContain(' 18 19]');
    const swapped = '(b : i64) (a : i64)';
    expect(await replace(machine, map(swapped, '*two*'))).toMatchObject({ parked: ['*one*'] });
    expect(await replace(machine, map(swapped, '*one*'))).toMatchObject({ restored: ['*one*'] });
    expect(machine.call('look')).toBe(before);
    expect(machine.verify()).toBeUndefined();
  });
});
