/** A change of a flat type, wherever a value of it lies; and types of one name in two modules. */
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../scripting/machine/index.ts';
import { render, Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { imageOf, STRESS, start } from './script.ts';

/** What is changed of a type that is `T`, and makes its values; each change misreads a live value where it goes unseen. */
const CHANGES: Readonly<Record<string, readonly [before: string, after: string, value: string]>> = {
  'variants swapped': [
    '(deftype T (Label String) (Enemy Foe) Off)',
    '(deftype T (Enemy Foe) (Label String) Off)',
    '(Label (str "abcdefgh" 1))',
  ],
  'a variant inserted in front': [
    '(deftype T (Label String) (Enemy Foe))',
    '(deftype T (New i64) (Label String) (Enemy Foe))',
    '(Label (str "abcdefgh" 1))',
  ],
  'an enum in another order': ['(deftype T Walking Running)', '(deftype T Running Walking)', 'Running'],
  'an enum with one more in front': [
    '(deftype T Walking Running)',
    '(deftype T Idle Walking Running)',
    'Running',
  ],
  'fields with addresses swapped': [
    '(defvalue T (name : String) (foe : Foe))',
    '(defvalue T (foe : Foe) (name : String))',
    '(T :name (str "n" 1) :foe (Foe 3))',
  ],
  'fields of numbers swapped': [
    '(defvalue T (x : f64) (y : f64))',
    '(defvalue T (y : f64) (x : f64))',
    '(T :x 3.0 :y 4.0)',
  ],
};

/** Where the value lies: the global's type, its first value, and what fills it. */
const PLACES: Readonly<Record<string, readonly [type: string, first: string, filled: string]>> = {
  'a global': ['T', 'VALUE', 'VALUE'],
  'a field': ['(Option Holder)', 'None', '(Some (Holder VALUE))'],
  'a vector': ['(Vector T)', '[]', '[VALUE VALUE]'],
  'a mutable vector': ['(MutVec T)', '(mut-vec)', '(mut-vec VALUE VALUE)'],
  'an option': ['(Option T)', 'None', '(Some VALUE)'],
  'a tuple': ['(Tuple i64 T)', '(tuple 0 VALUE)', '(tuple 1 VALUE)'],
  'a key': ['(Map T i64)', '{}', '{VALUE 1}'],
  'a value of a map': ['(MutMap String T)', '(mut-map)', '(let ((m (mut-map))) (map-set! m "a" VALUE) m)'],
  'an atom': ['(Atom T)', '(atom VALUE)', '(atom VALUE)'],
  'a set': ['(MutSet T)', '(mut-set)', '(mut-set VALUE)'],
  'what a function takes': ['(Fn [T] String)', '(fn (t) (show t))', '(let ((n 1)) (fn (t) (str n t)))'],
};

const places = Object.keys(PLACES);

/** A program with a value in each place. */
function text(type: string, value: string): string {
  const globals = Object.values(PLACES).map((place, i) => {
    const [kept, first, filled] = place.map((part) => part.replaceAll('VALUE', value));
    const shown = (kept ?? '').startsWith('(Fn') ? `(*kept-${i}* ${value})` : `(show *kept-${i}*)`;
    return `(defglobal mut *kept-${i}* : ${kept} ${first})
(pub defn fill-${i} () : Unit (set! *kept-${i}* ${filled}))
(pub defn look-${i} () : String ${shown})`;
  });
  return ['(defstruct Foe (hp : i64))', type, '(defstruct Holder (mut held : T))', ...globals].join('\n');
}

describe('a type that lies flat', () => {
  it.each(Object.entries(CHANGES))('is migrated with %s, wherever it lies', async (_, change) => {
    const [before, after, value] = change;
    const { machine } = await start(await imageOf(text(before, value)), { stress: STRESS });
    const all = (name: 'fill' | 'look') =>
      Object.fromEntries(places.map((place, i) => [place, machine.call(`${name}-${i}`)]));
    all('fill');
    const same = await machine.prepare(await imageOf(`${text(before, value)} (defn f () : i64 1)`));
    expect(machine.replace(same)).toMatchObject({ kind: 'replaced' });
    const other = await machine.prepare(await imageOf(text(after, value)));
    const outcome = machine.replace(other);
    expect(machine.verify()).toBeUndefined();
    expect(outcome).toMatchObject({ kind: 'replaced' });
    const migrated = all('look');
    machine.collect();
    expect(all('look')).toEqual(migrated);
    // As the new code makes it.
    all('fill');
    expect(migrated).toEqual(all('look'));
    expect(machine.verify()).toBeUndefined();
  });

  it('is migrated where only a function has captured it', async () => {
    const [before, after, value] = CHANGES['variants swapped'] as readonly [string, string, string];
    const captured = (type: string): string => `(defstruct Foe (hp : i64)) ${type}
(defglobal mut *f* : (Fn [] String) (fn () ""))
(pub defn fill () : Unit (let ((t ${value})) (set! *f* (fn () (match t ((Label s) s) (_ "?"))))))
(pub defn look () : String (*f*))`;
    const { machine } = await start(await imageOf(captured(before)), { stress: STRESS });
    machine.call('fill');
    expect(machine.replace(await machine.prepare(await imageOf(captured(after))))).toMatchObject({
      kind: 'replaced',
    });
    expect(machine.call('look')).toBe('abcdefgh1');
  });
});

describe('types of one name in two modules', () => {
  const prepared = async (machine: Machine, a: string, b: string) => machine.prepare(await program(a, b));

  async function program(a: string, b: string) {
    const module = (name: string, fields: string): Source =>
      new Source(
        `${name}.slu`,
        `(pub defstruct Body ${fields})
(defglobal mut *all* : (MutVec Body) (mut-vec))
(pub defn add-${name} () : Unit (push! *all* (Body ${fields.replace(/\((\w+) : i64\)/g, '1').replace(/\((\w+) : String\)/g, '"s"')})))
(pub defn look-${name} () : String (str *all*))`,
      );
    const main = new Source(
      'game.slu',
      `(import a (add-a look-a)) (import b (add-b look-b))
(pub defn fill () : Unit (add-a) (add-b)) (pub defn look () : String (str (look-a) (look-b)))`,
    );
    const { image, diagnostics } = await compile([module('a', a), module('b', b), main], {
      mode: 'development',
    });
    if (image === undefined) throw new Error(diagnostics.map(render).join('\n'));
    return image;
  }

  it('are told apart', async () => {
    const { machine } = await start(await program('(x : i64)', '(name : String)'), { stress: STRESS });
    machine.call('fill');
    const shown = machine.call('look');
    for (let i = 0; i < 2; i += 1)
      expect(machine.replace(await prepared(machine, '(x : i64)', '(name : String)'))).toMatchObject({
        kind: 'replaced',
        computed: [],
      });
    for (const [a, b] of [
      ['(name : String)', '(name : String)'],
      ['(x : i64)', '(x : i64)'],
      ['(name : String)', '(x : i64)'],
      ['(x : i64) (y : i64)', '(name : String)'],
    ] as const)
      expect(machine.replace(await prepared(machine, a, b))).toMatchObject({ kind: 'restart' });
    expect(machine.call('look')).toBe(shown);
    expect(machine.verify()).toBeUndefined();
  });
});
