/** Which changes of types new code may bring to living data, and which ask for a restart. */
import { describe, expect, it } from 'vitest';
import { imageOf, STRESS, start } from './script.ts';

/** Both versions fill and show `*kept*`; the second is to show what the first has filled in. */
const program = (types: string, kept: string, first: string, filled: string): string => `${types}
(defglobal mut *kept* : ${kept} ${first})
(pub defn fill () : Unit (set! *kept* ${filled}))
(pub defn look () : String (show *kept*))`;

interface Case {
  readonly before: string;
  readonly after: string;
  /** What is shown after the reload; undefined where it asks for a restart. */
  readonly shows?: string;
  readonly types?: readonly string[];
}

const restarts = (before: string, after: string, ...types: string[]): Case => ({ before, after, types });
const replaces = (before: string, after: string, shows: string): Case => ({ before, after, shows });
/** The same where something is migrated. */
const migrates = replaces;

const sums = (type: string, kept = '(MutVec Shade)') =>
  program(type, kept, '(mut-vec)', '(mut-vec Dark (Grey 3) (Named "n"))');

const option = (inner: string, filled: string) =>
  program(
    `(defstruct T (n : i64)) (defvalue V (n : i64)) (deftype-alias Held ${inner})`,
    '(Vector (Option Held))',
    '[]',
    filled,
  );

const bag = (array: string, filled: string, more = '') =>
  program(
    `(defvalue Slot (n : i64)${more}) (defstruct Bag (name : String) (mut slots : ${array}))`,
    '(MutVec Bag)',
    '(mut-vec)',
    `(mut-vec (Bag :name "b" :slots ${filled}))`,
  );

const CASES: Readonly<Record<string, Case>> = {
  'an array of another length': restarts(
    bag('(Array 2 i64)', '(array 1 2)'),
    bag('(Array 3 i64)', '(array 1 2 3)'),
    'Bag',
  ),
  'an array of another type': restarts(
    bag('(Array 2 i64)', '(array 1 2)'),
    bag('(Array 2 String)', '(array "a" "b")'),
    'Bag',
  ),
  'an array whose elements have a further field': migrates(
    bag('(Array 2 Slot)', '(array (Slot 1) (Slot 2))'),
    bag('(Array 2 Slot)', '(array (Slot 1) (Slot 2))', ' (more : i32 7)'),
    '[(Bag :name "b" :slots (array (Slot :n 1 :more 7) (Slot :n 2 :more 7)))]',
  ),
  'an array beside what is new': migrates(
    bag('(Array 2 i64)', '(array 1 2)'),
    bag('(Array 2 i64)', '(array 1 2)').replace('(name : String)', '(hp : i64 5) (name : String)'),
    '[(Bag :hp 5 :name "b" :slots (array 1 2))]',
  ),
  'an array of another length that `migrate` fills': migrates(
    bag('(Array 2 i64)', '(array 1 2)'),
    `${bag('(Array 3 i64)', '(array 1 2 3)')} (migrate ((old Bag)) :slots (make-array 3 9))`,
    '[(Bag :name "b" :slots (array 9 9 9))]',
  ),
  'variants in another order, flat': migrates(
    sums('(deftype Shade Dark (Grey i64) (Named String))'),
    sums('(deftype Shade Dark (Named String) (Grey i64))'),
    '[Dark (Grey 3) (Named "n")]',
  ),
  'variants in another order, only a tag': migrates(
    program('(deftype Dir Up Down Left)', 'Dir', 'Up', 'Left'),
    program('(deftype Dir Left Down Up)', 'Dir', 'Up', 'Left'),
    'Left',
  ),
  'variants in another order, boxed': migrates(
    program('(deftype Tree (Leaf i64) (Node Tree Tree))', 'Tree', '(Leaf 0)', '(Node (Leaf 1) (Leaf 2))'),
    program('(deftype Tree (Node Tree Tree) (Leaf i64))', 'Tree', '(Leaf 0)', '(Node (Leaf 1) (Leaf 2))'),
    '(Node (Leaf 1) (Leaf 2))',
  ),
  'a variant with further data': migrates(
    sums('(deftype Shade Dark (Grey i64) (Named String))'),
    sums('(deftype Shade Dark (Grey i64) (Named String) (Both String i64))'),
    '[Dark (Grey 3) (Named "n")]',
  ),
  'a variant that holds another type': restarts(
    program('(deftype Tree (Leaf i64) (Node Tree Tree))', 'Tree', '(Leaf 0)', '(Node (Leaf 1) (Leaf 2))'),
    program(
      '(deftype Tree (Leaf String) (Node Tree Tree))',
      'Tree',
      '(Leaf "")',
      '(Node (Leaf "a") (Leaf "b"))',
    ),
    'Tree',
  ),
  'fields that change their names': migrates(
    program('(defstruct P (x : i64) (y : i64))', '(Vector P)', '[]', '[(P 1 2)]'),
    program('(defstruct P (y : i64) (x : i64))', '(Vector P)', '[]', '[(P 1 2)]'),
    '[(P :y 2 :x 1)]',
  ),
  'fields that become mutable': replaces(
    program('(defstruct P (x : i64) (y : i64))', '(Vector P)', '[]', '[(P 1 2)]'),
    program('(defstruct P (mut x : i64) (y : i64))', '(Vector P)', '[]', '[(P 1 2)]'),
    '[(P :x 1 :y 2)]',
  ),
  'a value in a struct in a map': restarts(
    program('(defvalue V (a : i32)) (defstruct P (v : V))', '(Map String P)', '{}', '{"a" (P (V 1))}'),
    program(
      '(defvalue V (a : i32) (b : i32))(defstruct P (v : V))',
      '(Map String P)',
      '{}',
      '{"a" (P (V 1 2))}',
    ),
    'V',
  ),
  'a number of another size': migrates(
    program('(defvalue V (a : i32) (b : i32))', '(MutVec V)', '(mut-vec)', '(mut-vec (V 1 2))'),
    program('(defvalue V (a : i64) (b : i32))', '(MutVec V)', '(mut-vec)', '(mut-vec (V 1 2))'),
    '[(V :a 1 :b 2)]',
  ),
  'signed and unsigned': migrates(
    program('(defvalue V (a : i8))', '(MutVec V)', '(mut-vec)', '(mut-vec (V 1))'),
    program('(defvalue V (a : u8))', '(MutVec V)', '(mut-vec)', '(mut-vec (V 1))'),
    '[(V :a 1)]',
  ),
  'a struct that becomes a value': restarts(
    program('(defstruct P (x : i64))', '(Vector P)', '[]', '[(P 1)]'),
    program('(defvalue P (x : i64))', '(Vector P)', '[]', '[(P 1)]'),
    'P',
  ),
  'a struct that becomes an entity': restarts(
    program('(defstruct P (x : i64))', '(Option P)', 'None', '(Some (P 1))'),
    program('(defentity P (x : i64))', '(Option P)', 'None', '(Some (P 1))'),
    'P',
  ),
  'an alias of another type: the global begins anew': replaces(
    option('T', '[None (Some (T 4))]'),
    option('V', '[None (Some (V 4))]'),
    '[]',
  ),
  'an option whose value becomes nullable': restarts(
    program('(deftype A (One i64)) ', '(Vector (Option A))', '[]', '[None (Some (One 3))]'),
    program('(deftype A (One String)) ', '(Vector (Option A))', '[]', '[None (Some (One "3"))]'),
    'A',
  ),
  'an option of something that becomes an option': migrates(
    program('(defstruct B (o : (Option i64)))', '(Vector B)', '[]', '[(B None) (B (Some 3))]'),
    program(
      '(defstruct B (o : (Option (Option i64))))',
      '(Vector B)',
      '[]',
      '[(B None) (B (Some (Some 3)))]',
    ),
    '[(B :o (Some None)) (B :o (Some (Some 3)))]',
  ),
  'keys of another type: the global begins anew': replaces(
    program('', '(MutMap String i64)', '(mut-map)', '(let ((m (mut-map))) (map-set! m "a" 1) m)'),
    program('', '(MutMap i64 i64)', '(mut-map)', '(let ((m (mut-map))) (map-set! m 1 1) m)'),
    '{}',
  ),
  'keys whose fields change': restarts(
    program('(defvalue K (a : i64))', '(Map K i64)', '{}', '{(K 1) 2}'),
    program('(defvalue K (a : i64) (b : i64))', '(Map K i64)', '{}', '{(K 1 1) 2}'),
    'K',
  ),
  'a generic type at its arguments': migrates(
    program("(defstruct (Pair 'a) (x : 'a) (n : i64))", '(Vector (Pair String))', '[]', '[(Pair "a" 1)]'),
    program("(defstruct (Pair 'a) (x : 'a) (n : f64))", '(Vector (Pair String))', '[]', '[(Pair "a" 1.0)]'),
    '[(Pair :x "a" :n 1.0)]',
  ),
  'a phantom argument': replaces(
    program("(defstruct (Id 'a) (n : i64)) (defstruct A (x : i64))", '(Vector (Id A))', '[]', '[(Id 1)]'),
    program(
      "(defstruct (Id 'a) (n : i64)) (defstruct A (x : i64)) (defstruct B (x : i64))",
      '(Vector (Id A))',
      '[]',
      '[(Id 1)]',
    ),
    '[(Id :n 1)]',
  ),
  'what a weak reference leads to': restarts(
    `(defstruct P (x : i64)) (defglobal mut *kept* : (Vector (Weak P)) []) (defglobal mut *p* : (Option P) None)
(pub defn fill () : Unit (let ((p (P 1))) (set! *p* (Some p)) (set! *kept* [(weak p)])))
(pub defn look () : String (str (map (fn (w) (upgrade w)) *kept*)))`,
    `(defstruct P (x : String)) (defglobal mut *kept* : (Vector (Weak P)) [])
(pub defn fill () : Unit (let ((p (P ""))) (set! *kept* [(weak p)])))
(pub defn look () : String (str (map (fn (w) (upgrade w)) *kept*)))`,
    'P',
  ),
  'what a function returns': migrates(
    `(deftype Shade Dark (Grey i64) (Named String)) (defglobal mut *kept* : (Fn [] Shade) (fn () Dark))
(pub defn fill () : Unit (let ((n 7)) (set! *kept* (fn () (Grey n)))))
(pub defn look () : String (show (*kept*)))`,
    `(deftype Shade Dark (Named String) (Grey i64)) (defglobal mut *kept* : (Fn [] Shade) (fn () Dark))
(pub defn fill () : Unit (let ((n 7)) (set! *kept* (fn () (Grey n)))))
(pub defn look () : String (show (*kept*)))`,
    '(Grey 7)',
  ),
  'what a function only captures': replaces(
    `(deftype Shade Dark (Grey i64) (Named String)) (defglobal mut *kept* : (Fn [] String) (fn () ""))
(pub defn fill () : Unit (let ((n (Named "seven"))) (set! *kept* (fn () (show n)))))
(pub defn look () : String (*kept*))`,
    `(deftype Shade Dark (Named String) (Grey i64) None2) (defglobal mut *kept* : (Fn [] String) (fn () ""))
(pub defn fill () : Unit (let ((n (Grey 8))) (set! *kept* (fn () (show n)))))
(pub defn look () : String (*kept*))`,
    '(Named "seven")',
  ),
  'a type that nothing keeps': replaces(
    program(
      '(deftype Shade Dark (Grey i64)) (defn f () : Shade (Grey 1)) (defglobal *c* : Shade (f))',
      'i64',
      '0',
      '5',
    ),
    program(
      '(deftype Shade (Grey f64) Dark) (defn f () : Shade (Grey 1.0)) (defglobal *c* : Shade (f))',
      'i64',
      '0',
      '5',
    ),
    '5',
  ),
  'a type that is gone with its global': replaces(
    `(defstruct Gone (s : String)) (defglobal mut *gone* : (MutVec Gone) (mut-vec))
${program('', 'i64', '0', '(do (push! *gone* (Gone "x")) 5)')}`,
    program('', 'i64', '0', '5'),
    '5',
  ),
  'an entity with another field': restarts(
    `(defentity Ball (x : i64)) ${program('', 'i64', '0', '(do (add-entity! (Ball 1)) 1)')}`,
    `(defentity Ball (x : i64) (name : String)) ${program('', 'i64', '0', '(do (add-entity! (Ball 1 "")) 1)')}`,
    'Ball',
  ),
  'a struct in itself, unchanged': replaces(
    program(
      '(defstruct N (v : i64) (next : (Option N)))',
      '(Option N)',
      'None',
      '(Some (N 1 (Some (N 2 None))))',
    ),
    program(
      '(defn new () : i64 1) (defstruct N (v : i64) (next : (Option N)))',
      '(Option N)',
      'None',
      '(Some (N 1 None))',
    ),
    '(Some (N :v 1 :next (Some (N :v 2 :next None))))',
  ),
  'an object of the host, of another module': restarts(
    program(
      '(extern-type "host" Thing) (extern "host" (defn thing () : Thing))',
      '(Vector Thing)',
      '[]',
      '[(thing)]',
    ),
    program(
      '(extern-type "other" Thing) (extern "host" (defn thing () : Thing))',
      '(Vector Thing)',
      '[]',
      '[(thing)]',
    ),
    'Thing',
  ),
};

const HOST = { host: { thing: () => ({}) } };

describe.each(Object.entries(CASES))('%s', (_, { before, after, shows, types }) => {
  it(types === undefined ? `shows ${shows}` : 'asks for a restart', async () => {
    const { machine } = await start(await imageOf(before), { stress: STRESS, host: HOST });
    machine.call('fill');
    const shown = machine.call('look');
    const outcome = machine.replace(await machine.prepare(await imageOf(after)));
    if (types === undefined) expect(outcome).toMatchObject({ kind: 'replaced' });
    else expect(outcome).toMatchObject({ kind: 'restart', types });
    machine.collect();
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('look')).toBe(types === undefined ? shows : shown);
  });

  it('is no change when the text is the same', async () => {
    const { machine } = await start(await imageOf(before), { stress: STRESS, host: HOST });
    machine.call('fill');
    const shown = machine.call('look');
    for (let i = 0; i < 2; i += 1)
      expect(machine.replace(await machine.prepare(await imageOf(before)))).toMatchObject({
        kind: 'replaced',
      });
    machine.collect();
    expect(machine.verify()).toBeUndefined();
    expect(machine.call('look')).toBe(shown);
  });
});
