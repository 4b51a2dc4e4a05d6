/** What a reload makes of live values, case by case: each was found by the model (`replace-generated.test.ts`) or by reading. */
import { describe, expect, it } from 'vitest';
import type { Machine, ReplaceOutcome } from '../../../scripting/machine/index.ts';
import { imageOf, STRESS, start } from './script.ts';

async function replace(machine: Machine, text: string): Promise<ReplaceOutcome> {
  return machine.replace(await machine.prepare(await imageOf(text)));
}

/** Fills a program's global by the one version, and shows it by the next ones. */
async function through(first: string, ...next: readonly string[]): Promise<unknown> {
  const { machine } = await start(await imageOf(first), { stress: STRESS });
  machine.call('fill');
  for (const text of next) {
    expect(await replace(machine, text)).toMatchObject({ kind: 'replaced' });
    expect(machine.verify()).toBeUndefined();
  }
  machine.collect();
  expect(machine.verify()).toBeUndefined();
  return machine.call('look');
}

const kept = (types: string, type: string, first: string, fill: string): string => `${types}
(defglobal mut *kept* : ${type} ${first})
(pub defn fill () : Unit ${fill})
(pub defn look () : String (show *kept*))`;

describe('a new field of a variant', () => {
  const text = (type: string, fill: string): string => kept(type, '(MutVec T)', '(mut-vec)', fill);

  it('is what its default says', async () => {
    const first = text('(deftype T Off (Lamp (watts : i64)))', '(push! *kept* (Lamp 40)) (push! *kept* Off)');
    const next = text(
      '(deftype T (Fire (hot : Bool true)) (Lamp (hot : Bool) (watts : i64)) Off)',
      '(do)',
    ).replace('(Lamp (hot : Bool)', '(Lamp (hot : Bool (= 1 1))');
    expect(await through(first, next)).toBe('[(Lamp true 40) Off]');
  });

  it('is what its default says in an object', async () => {
    const first = text(
      '(deftype T Leaf (Node (left : T) (n : i64)))',
      '(push! *kept* (Node (Node Leaf 1) 2))',
    );
    const next = text('(deftype T (Node (tags : (Vector String) ["a"]) (n : i64) (left : T)) Leaf)', '(do)');
    expect(await through(first, next)).toBe('[(Node ["a"] 2 (Node ["a"] 1 Leaf))]');
  });
});

describe('a variant without data', () => {
  const text = (variants: string, fill = '(do)'): string =>
    kept(`(deftype T ${variants})`, '(MutVec T)', '(mut-vec)', fill);
  const fill = '(push! *kept* Off) (push! *kept* (Node (Node Off 1) 2))';
  const first = text('Off (Node (left : T) (n : i64))', fill);

  it('has numbers where it lies', async () => {
    const next = text('(Node (left : T) (n : i64)) (Off (k : i64 7))');
    expect(await through(first, next)).toBe('[(Off 7) (Node (Node (Off 7) 1) 2)]');
  });

  it.each([
    ['(k : String (str "a" 1))', 'holds an object now'],
    ['(k : i64 7) (l : i64 7)', 'has too much of it now'],
  ])('is refused with %s, for which there is no room there', async (fields, reason) => {
    const { machine } = await start(await imageOf(first), { stress: STRESS });
    machine.call('fill');
    expect(await replace(machine, text(`(Node (left : T) (n : i64)) (Off ${fields})`))).toMatchObject({
      kind: 'restart',
      reason: `\`T Off\` was without data, and ${reason} (1 alive)`,
    });
    expect(machine.call('look')).toBe('[Off (Node (Node Off 1) 2)]');
  });
});

describe('what `migrate` says of a field that had another type', () => {
  it('counts also where it goes by no field', async () => {
    const text = (type: string, more = ''): string =>
      kept(`(defstruct T (name : String) (hp : ${type})) ${more}`, '(MutVec T)', '(mut-vec)', '(do)');
    const first = text('String').replace('Unit (do)', 'Unit (push! *kept* (T "orc" "many"))');
    expect(await through(first, text('i64', '(migrate ((old T)) :hp 5)'))).toBe('[(T :name "orc" :hp 5)]');
  });

  it('does not count where it has the type by now', async () => {
    const text = (type: string, more = ''): string =>
      kept(`(defstruct T (hp : ${type})) ${more}`, '(MutVec T)', '(mut-vec)', '(do)');
    const first = text('i64').replace('Unit (do)', 'Unit (push! *kept* (T 7))');
    const migrate = '(migrate ((old T)) :hp (* 2.0 (f64 (ann i64 (.hp old)))))';
    expect(await through(first, text('f64', migrate), text('f64', migrate))).toBe('[(T :hp 14.0)]');
  });
});

describe('an object that holds a variant', () => {
  // An option of so many fields is an object of its own, of which a vector holds the address.
  const wide = (more: string): string =>
    `${more}${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `(f${n} : i64 ${n})`).join(' ')}`;
  const text = (fields: string, fill = '(do)'): string =>
    kept(`(defvalue T ${fields})`, '(MutVec (Option T))', '(mut-vec)', fill);

  it('may be of an earlier version than that', async () => {
    const first = text(wide(''), '(push! *kept* (Some (T))) (push! *kept* None)');
    const next = text(wide('(new : i64 70) '));
    const last = text('(f2 : i64 0) (new : i64 0)');
    expect(await through(first, next, last)).toBe('[(Some (T :f2 2 :new 70)) None]');
  });

  it('may be so where `migrate` goes by what lies as it did long ago, and otherwise since', async () => {
    const long = (leaf: string, fields: string, more = '', fill = '(do)'): string =>
      kept(`(defstruct Leaf ${leaf}) (defstruct T ${fields}) ${more}`, '(MutVec T)', '(mut-vec)', fill);
    const fields = '(leaf : Leaf) (n : i64)';
    const leaf = '(a : i64 1) (b : i64 2)';
    const { machine } = await start(
      await imageOf(long(leaf, fields, '', '(push! *kept* (T (Leaf :a 5 :b 6) 7))')),
      { stress: STRESS },
    );
    machine.call('fill');
    expect(await replace(machine, long('(b : i64 2) (a : i64 1)', fields))).toMatchObject({
      kind: 'replaced',
    });
    const rule = '(migrate ((old T)) :sum (+ (.a (ann Leaf (.leaf old))) (ann i64 (.n old))))';
    const migrating = long(leaf, '(leaf : Leaf) (n : i64) (sum : i64)', rule);
    expect(await replace(machine, migrating)).toMatchObject({
      kind: 'restart',
      reason:
        '`migrate` goes by field `leaf` for field `sum` of `T`, and its type Leaf changes too (1 alive)',
    });
    // Step by step there is no doubt.
    expect(await replace(machine, long(leaf, fields))).toMatchObject({ kind: 'replaced' });
    expect(await replace(machine, migrating)).toMatchObject({ kind: 'replaced' });
    expect(machine.call('look')).toBe('[(T :leaf (Leaf :a 5 :b 6) :n 7 :sum 12)]');
  });
});

describe('elements that are out of use', () => {
  it('of a mutable vector hinder nothing, whatever versions it was made in', async () => {
    const text = (variants: string, fill: string): string =>
      kept(`(deftype T ${variants}) (defstruct Owner (held : (MutVec T)))`, '(Vector Owner)', '[]', fill);
    const first = text(
      'Gone (Text String) Off',
      '(let ((v (mut-vec))) (push! v Off) (push! v Gone) (push! v (Text (str "a" 1))) (pop! v) (pop! v) (set! *kept* [(Owner v)]))',
    );
    const second = text('Gone (Text i64) Off', '(do)').replace(
      'Gone (Text i64) Off',
      'Off Gone (Text String)',
    );
    expect(await through(first, second, text('(Text String) Off', '(do)'))).toBe('[(Owner :held [Off])]');
  });

  it('of deques and maps hinder nothing, nor are given to `migrate`', async () => {
    const text = (fields: string, more: string): string =>
      kept(
        `(deftype Kind Gone Here) (defvalue T ${fields}) ${more}`,
        '(Tuple (Deque T) (MutMap String T))',
        '(tuple (deque) (mut-map))',
        '(do)',
      );
    const first = text('(title : String) (kind : Kind)', '').replace(
      'Unit (do)',
      `Unit (for (i 0 (< i 6))
  (push-back! (.0 *kept*) (T (str "d" i) Here))
  (map-set! (.1 *kept*) (str "k" i) (T (str "m" i) Here)))
  (for (i 0 (< i 5)) (pop-front! (.0 *kept*)) (map-remove! (.1 *kept*) (str "k" i)))`,
    );
    const next = text(
      '(kind : Kind) (name : String)',
      '(migrate ((old T)) :name (string-trim (.title old)))',
    ).replace('Gone Here', 'Here');
    const value = (name: string): string => `(T :kind Here :name "${name}")`;
    expect(await through(first, next)).toBe(`(Tuple (deque ${value('d5')}) {"k5" ${value('m5')}})`);
  });
});

describe('a function value', () => {
  /** It captures one value flat, so that it is made anew with it. */
  const game = (fields: string): string => `(defvalue T ${fields})
(defglobal mut *f* : (Fn [] String) (fn () ""))
(defglobal *word* : String (str "w" 1))
(pub defn fill () : Unit (let ((t (T 1 2))) (set! *f* (fn () (str *word* (show t))))))
(pub defn look () : String (*f*))`;

  it('is converted with what it captures, and outlives the version that made it', async () => {
    const { machine } = await start(await imageOf(game('(a : i64) (b : i64)')), { stress: STRESS });
    machine.call('fill');
    for (let i = 0; i < 3; i += 1) {
      expect(await replace(machine, game('(b : i64) (a : i64)'))).toMatchObject({ kind: 'replaced' });
      machine.tidy();
      expect(machine.call('look')).toBe('w1(T :b 2 :a 1)');
      expect(await replace(machine, game('(a : i64) (b : i64)'))).toMatchObject({ kind: 'replaced' });
      machine.tidy();
      expect(machine.call('look')).toBe('w1(T :a 1 :b 2)');
      expect(machine.verify()).toBeUndefined();
    }
    expect(machine.earlierVersions.code).toBeLessThan(2);
  });

  it('keeps what the code needs that it was given last', async () => {
    const text = (
      word: string,
      f: string,
    ): string => `(defglobal *word* : (Vector String) [(str "${word}" 1)])
(defglobal mut *f* : (Fn [] String) (fn () ""))
(pub defn ${f} () : Unit (let ((n 1)) (set! *f* (fn () (str n *word*)))))
(pub defn look () : String (*f*))`;
    const { machine } = await start(await imageOf(text('one', 'fill')), { stress: STRESS });
    machine.call('fill');
    expect(await replace(machine, text('two', 'fill'))).toMatchObject({ kind: 'replaced' });
    expect(await replace(machine, text('three', 'refill'))).toMatchObject({ kind: 'replaced' });
    machine.tidy();
    expect(await replace(machine, text('four', 'refill'))).toMatchObject({ kind: 'replaced' });
    machine.tidy();
    expect(machine.call('look')).toBe('1["two1"]');
    expect(machine.verify()).toBeUndefined();
  });

  it('has the code of its successor also in another memory', async () => {
    const text = (fields: string): string => `(defstruct T ${fields})
(defglobal mut *f* : (Fn [] String) (fn () ""))
(pub defn fill () : Unit (let ((t (T 1 2))) (set! *f* (fn () (show t)))))
(pub defn look () : String (*f*))`;
    const { machine } = await start(await imageOf(text('(a : i64) (b : i64)')));
    machine.call('fill');
    expect(await replace(machine, text('(b : i64) (a : i64)'))).toMatchObject({ kind: 'replaced' });
    const before = machine.memory;
    await machine.force({ move: true, shrink: true });
    expect(machine.memory).not.toBe(before);
    expect(machine.call('look')).toBe('(T :b 2 :a 1)');
  });
});

describe('a report', () => {
  it('names functions as people do, whatever the compiler has made of them', async () => {
    const text = (fields: string, lambda: string): string => `(defstruct V ${fields})
(defglobal mut *all* : (MutVec (Fn [] String)) (mut-vec))
(defn keep ((f : (Fn [] String))) : Unit (push! *all* f))
(pub defn fill () : Unit (let ((v (V 1)) (w (V 2))) (keep (fn () (show v))) ${lambda}))`;
    const { machine } = await start(await imageOf(text('(x : i64)', '(keep (fn () (str 7 (show w))))')));
    machine.call('fill');
    const next = await machine.prepare(await imageOf(text('(x : i64) (y : i64 5)', '(println w)')));
    expect(machine.replace(next, { ask: true })).toMatchObject({
      kind: 'refused',
      reason:
        'a value of the function `fn in fill` lives on, and the new code has none in its place (1 alive)',
    });
  });

  it('counts values by types that somebody has written, wherever they lie', async () => {
    const text = (fields: string): string => `(defvalue V ${fields})
(defglobal mut *map* : (Map String V) {})
(defglobal mut *table* : (MutMap String V) (mut-map))
(defglobal mut *set* : (MutSet V) (mut-set))
(defglobal mut *deque* : (Deque V) (deque))
(defglobal mut *grown* : (MutVec V) (mut-vec))
(defglobal mut *pairs* : (Vector (Tuple i64 V)) [])
(pub defn fill () : Unit
  (set! *map* {"a" (V 1) "b" (V 2)})
  (for (i 0 (< i 3)) (map-set! *table* (str i) (V i)) (set-add! *set* (V i)) (push-back! *deque* (V i)) (push! *grown* (V i)))
  (map-remove! *table* "1") (pop! *grown*)
  (set! *pairs* [(tuple 1 (V 1)) (tuple 2 (V 2))]))`;
    const { machine } = await start(await imageOf(text('(x : i64)')));
    machine.call('fill');
    const next = await machine.prepare(await imageOf(text('(x : i64) (name : String "none")')));
    expect(machine.replace(next)).toMatchObject({
      kind: 'replaced',
      migrated: expect.arrayContaining([
        { type: 'V', count: 2 + 3 + 3 + 2 },
        { type: '(Map String V)', count: 1 },
        { type: '(Tuple i64 V)', count: 2 },
      ]),
      rearranged: ['(MutSet V)'],
    });
  });
});
