/** The checksum of a world: it is the same whenever and wherever the same has happened, and another where anything else has. */
import { describe, expect, it } from 'vitest';
import { STRESS_EAGER, STRESS_MOVE } from '../../../scripting/heap/index.ts';
import type { Image } from '../../../scripting/image/index.ts';
import { checksum } from '../../../scripting/machine/index.ts';
import { imageOf, MODES, STRESS, start } from './script.ts';

/** One of everything that a world can hold. */
const WORLD = `
(defstruct Box (mut n : i64) (mut next : (Option Box)))
(defvalue Pair (a : f64) (b : i8))
(deftype Light Off (On (level : i64)))
(defentity Orc (mut hp : i64) (mut wide : f32))
(defglobal mut *count* : i64 0)
(defglobal mut *ratio* : f64 0.5)
(defglobal mut *flag* : Bool false)
(defglobal mut *name* : String "Ann")
(defglobal mut *light* : Light Off)
(defglobal mut *pair* : Pair (Pair 1.0 2))
(defglobal mut *box* : Box (Box 1 None))
(defglobal mut *other* : Box (Box 1 None))
(defglobal mut *numbers* : (Vector i64) [1 2 3])
(defglobal *pushed* : (MutVec Pair) (mut-vec))
(defglobal *ages* : (MutMap String i64) (mut-map))
(defglobal *tags* : (MutSet String) (mut-set "red"))
(defglobal mut *map* : (Map String i64) {"a" 1})
(defglobal mut *seen* : (Option (Weak Orc)) None)
(defglobal mut *act* : (Fn [i64] i64) (fn (n) n))
(defn adder ((by : i64)) : (Fn [i64] i64) (fn (n) (+ n by)))
(defn twice ((n : i64)) : i64 (* 2 n))
(pub defn start () : Unit
  (set! *act* (adder 1))
  (add-entity! (Orc 3 1.5))
  (for (i 0 (< i 3000)) (map-set! *ages* (format "{}" i) i) (push! *pushed* (Pair (f64 i) 1))))
`;

const CHANGES: readonly (readonly [what: string, change: string])[] = [
  ['nothing', '()'],
  ['an integer', '(inc! *count*)'],
  ['the highest bit of one', '(set! *count* -9223372036854775807)'],
  ['the lowest bit of a float', '(set! *ratio* (+ 0.5 0.0000000000000001110223))'],
  ['a float that is no number', '(set! *ratio* (/ 0.0 0.0))'],
  ['the sign of zero', '(set! *ratio* -0.0)'],
  ['a truth', '(set! *flag* true)'],
  ['a text', '(set! *name* "Ben")'],
  ['a longer text', '(set! *name* "Anna")'],
  ['a variant', '(set! *light* (On 0))'],
  ['what it holds', '(set! *light* (On 1))'],
  ['a small part of a value', '(set! *pair* (Pair 1.0 -2))'],
  ['a field', '(set! (.n *box*) 2)'],
  ['what is reached over two objects', '(set! (.next *box*) (Some (Box 2 (Some (Box 3 None)))))'],
  ['the object itself', '(set! *box* *other*)'],
  ['a circle', '(set! (.next *box*) (Some *box*))'],
  ['a vector', '(set! *numbers* [1 2 4])'],
  ['its length', '(set! *numbers* [1 2 3 0])'],
  ['an element of a mutable vector', '(set! (nth *pushed* 2999) (Pair 2999.0 2))'],
  ['its length, ', '(push! *pushed* (Pair 0.0 0))'],
  ['a value of a mutable map', '(map-set! *ages* "2999" 0)'],
  ['a key', '(map-set! *ages* "3000" 0)'],
  ['the order of keys', '(do (map-remove! *ages* "1") (map-set! *ages* "1" 1))'],
  ['an element of a set', '(set-add! *tags* "blue")'],
  ['a map', '(set! *map* {"a" 2})'],
  ['an entity', '(for-entities (o Orc) (inc! (.hp o)))'],
  ['a narrow float of one', '(for-entities (o Orc) (set! (.wide o) 1.25))'],
  ['how many there are', '(add-entity! (Orc 3 1.5))'],
  ['a weak reference', '(for-entities (o Orc) (set! *seen* (Some (weak o))))'],
  ['a function', '(set! *act* twice)'],
  ['what a function has captured', '(set! *act* (adder 2))'],
  ['the random numbers', '(random)'],
];

/** Each changes the world in a way of its own; what comes last happens with other collections. */
const COLLECTED = `(do (for-entities (o Orc) (set! *seen* (Some (weak o))) (remove-entity! o))
  (for (i 0 (< i 100)) (set! *numbers* (append *numbers* i)) (set! (.next *box*) (Some (Box i None)))))`;
const SCRIPT = [...CHANGES.map(([, change]) => change), COLLECTED].reduce(
  (text, change, i) => `${text}(pub defn change-${i} () : Unit ${change})\n`,
  WORLD,
);

async function sumAfter(image: Image, change: number, stress = 0): Promise<string> {
  const { machine } = await start(image, { stress });
  machine.call('start');
  machine.call(`change-${change}`);
  return checksum(machine);
}

describe.each(MODES)('in %s, a checksum', (mode) => {
  const image = imageOf(SCRIPT, { mode });

  it('is another where anything is', async () => {
    const sums = new Map<string, string>();
    for (const [i, [what]] of CHANGES.entries()) {
      const sum = await sumAfter(await image, i);
      expect(sum).toMatch(/^[0-9a-f]{16}$/);
      expect([what, sums.get(sum)]).toEqual([what, undefined]);
      sums.set(sum, what);
    }
  });

  it('does not know when what was collected', async () => {
    const sum = await sumAfter(await image, CHANGES.length);
    for (const stress of [STRESS, STRESS_EAGER | STRESS_MOVE])
      expect(await sumAfter(await image, CHANGES.length, stress)).toBe(sum);
  });
});

describe('a checksum', () => {
  it('knows nothing of spare room, of what a frame computes, and of the bits of what is no number', async () => {
    const image = await imageOf(`
(defglobal *pushed* : (MutVec i64) (mut-vec))
(defglobal frame *busy* : i64 (len *pushed*))
(defglobal mut *ratio* : f64 0.0)
(pub defn spare () : Unit (for (i 0 (< i 100)) (push! *pushed* i)) (truncate! *pushed* 0))
(pub defn busy () : i64 *busy*)
(pub defn none! ((ratio : f64)) : Unit (set! *ratio* ratio))\n`);
    const { machine } = await start(image);
    const first = await checksum(machine);
    machine.call('spare');
    machine.call('busy');
    expect(await checksum(machine)).toBe(first);
    const numbers = new DataView(new ArrayBuffer(8));
    const sums: string[] = [];
    for (const bits of [0x7ff8000000000000n, 0xfff8000000000000n, 0x7ff8000000000001n]) {
      numbers.setBigUint64(0, bits);
      machine.call('none!', numbers.getFloat64(0));
      sums.push(await checksum(machine));
    }
    expect(new Set(sums).size).toBe(1);
    expect(sums).not.toContain(first);
  });

  it('knows an object of the host again, and not which place it has', async () => {
    const text = `
(extern-type "game" Sound)
(extern "game" (defn load ((name : String)) : Sound))
(defglobal *sounds* : (MutVec Sound) (mut-vec))
(pub defn keep! ((name : String)) : Unit (push! *sounds* (load name)))
(pub defn drop! ((name : String)) : Unit (load name) (load name))\n`;
    const image = await imageOf(text);
    const named = new Map<string, object>();
    const load = (name: string) => named.get(name) ?? named.set(name, { name }).get(name);
    const sumOf = async (before: readonly string[], kept: readonly string[]) => {
      const { machine } = await start(image, { host: { game: { load } } });
      for (const name of before) machine.call('drop!', name);
      for (const name of kept) machine.call('keep!', name);
      return checksum(machine);
    };
    const sum = await sumOf([], ['a', 'b', 'a']);
    expect(await sumOf(['x', 'y'], ['a', 'b', 'a'])).toBe(sum);
    expect(await sumOf([], ['b', 'a', 'b'])).toBe(sum);
    expect(await sumOf([], ['a', 'b', 'b'])).not.toBe(sum);
  });

  it('is not to be had while a script is running', async () => {
    const image = await imageOf('(extern "game" (defn ask () : Unit))\n(pub defn go () : Unit (ask))\n');
    const { machine } = await start(image, { host: { game: { ask: () => void checksum(machine) } } });
    expect(() => machine.call('go')).toThrow('a script is running: the world is read when its call is over');
  });
});
