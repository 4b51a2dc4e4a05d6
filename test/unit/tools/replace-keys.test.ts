/** Collections that live on while what tells their keys apart, or orders what is in them, changes. */
import { describe, expect, it } from 'vitest';
import { imageOf, STRESS, start, thrown } from './script.ts';

interface Parts {
  readonly before?: string;
  readonly hash?: string;
  readonly equal?: string;
  readonly compare?: string;
  readonly constant?: number;
}

const text = ({
  before = '',
  hash = '(mixed (.a k))',
  equal = '(= (.a x) (.a y))',
  compare = '(compare (.a x) (.a y))',
  constant = 7,
}: Parts = {}): string => `${before}(defstruct Key (a : i64) (b : i64))
(defglobal *factor* : i64 ${constant})
(defn mixed ((n : i64)) : i64 (+ n *factor*))
(instance (Hash Key) (defn hash (k) ${hash}))
(instance (Eq Key) (defn = (x y) ${equal}))
(instance (Ord Key) (defn compare (x y) ${compare}))
(defstruct Holder (key : Key) (n : i64))
(defglobal mut *map* : (Map Key String) {})
(defglobal mut *in-holder* : (MutMap Holder i64) (mut-map))
(defglobal mut *sets* : (MutVec (MutSet (Tuple Key i64))) (mut-vec))
(defglobal mut *queue* : (PriorityQueue String Key) (priority-queue))
(pub defn fill () : Unit
  (set! *map* {})
  (for (i 0 (< i 20)) (set! *map* (assoc *map* (Key i 1) (str i))))
  (for (i 0 (< i 20)) (map-set! *in-holder* (Holder (Key i 2) i) i))
  (push! *sets* (mut-set))
  (for (i 0 (< i 20)) (set-add! (nth *sets* 0) (tuple (Key i 3) i)))
  (for (i 0 (< i 20)) (enqueue! *queue* (str i) (Key (- 20 i) i))))
(pub defn look () : String
  (str (map-get *map* (Key 5 1)) " " (map-get *in-holder* (Holder (Key 6 2) 6)) " " (contains? (nth *sets* 0) (tuple (Key 7 3) 7))
       " " (peek *queue*)))`;

const FOUND = '5 6 true 19';

async function outcome(...versions: readonly string[]) {
  const [first = '', ...others] = versions;
  const { machine } = await start(await imageOf(first), { stress: STRESS });
  machine.call('fill');
  const kinds = [];
  for (const other of others) kinds.push(machine.replace(await machine.prepare(await imageOf(other))));
  expect(machine.verify()).toBeUndefined();
  return { last: kinds.at(-1), look: () => machine.call('look') };
}

describe('keys of what lives on', () => {
  it.each<[string, Parts, readonly string[]]>([
    [
      'a hash',
      { hash: '(+ (.a k) 100)' },
      ['(Map Key String)', '(MutSet (Tuple Key i64))', '(MutMap Holder i64)'],
    ],
    [
      'what a hash calls and reads',
      { constant: 8 },
      ['(Map Key String)', '(MutSet (Tuple Key i64))', '(MutMap Holder i64)'],
    ],
    [
      'an equality',
      { equal: '(= (.b x) (.b y))' },
      ['(Map Key String)', '(MutSet (Tuple Key i64))', '(MutMap Holder i64)'],
    ],
    ['an order', { compare: '(compare (.b x) (.b y))' }, ['(PriorityQueue String Key)']],
  ])('are put where they are found where %s has changed', async (_, parts, types) => {
    const { last, look } = await outcome(text(), text(parts));
    expect(last).toMatchObject({ kind: 'replaced', migrated: [] });
    expect(last?.kind === 'replaced' ? [...last.rearranged].sort() : last).toEqual([...types].sort());
    expect(look()).toBe(parts.compare === undefined ? FOUND : '5 6 true 0');
  });

  it('are put where they are found where what lies in them has changed', async () => {
    const wider = (whole: string): string =>
      whole
        .replace('(defstruct Key (a : i64) (b : i64))', '(defstruct Key (b : i64) (c : i64 9) (a : i32))')
        .replace('(mixed (.a k))', '(+ (mixed (i64 (.a k))) (.c k))')
        .replaceAll(/\(Key (\S+|\(- 20 i\)) (\S+?)\)/g, '(Key :a (i32 $1) :b $2)');
    const { last, look } = await outcome(text(), wider(text()));
    expect(last).toMatchObject({
      kind: 'replaced',
      migrated: expect.arrayContaining([{ type: 'Key', count: 80 }]),
    });
    expect(look()).toBe(FOUND);
  });

  it('that become one and the same are told, and nothing changes', async () => {
    const { last, look } = await outcome(text(), text({ hash: '1', equal: 'true' }));
    expect(last).toMatchObject({
      kind: 'restart',
      reason: expect.stringMatching(
        /^keys of a `.*` that were several are one and the same now \(1 alive\)$/,
      ),
    });
    expect(look()).toBe(FOUND);
  });

  it('whose hash fails are told, and nothing changes', async () => {
    const { machine } = await start(await imageOf(text()), { stress: STRESS });
    machine.call('fill');
    const failing = await machine.prepare(
      await imageOf(text({ hash: '(if (> (.a k) 15) (error "too large") (.a k))' })),
    );
    expect(thrown(() => machine.replace(failing))).toMatchObject({ kind: 'error', message: 'too large' });
    expect(machine.call('look')).toBe(FOUND);
    expect(machine.verify()).toBeUndefined();
  });

  it.each<[string, Parts]>([
    ['nothing', {}],
    [
      'what is not asked',
      { before: '(defstruct Before (x : f64)) (defn before () (str (Before 1.5) {"a" 1})) ' },
    ],
    ['a comment', { hash: '; the same\n (mixed (.a k))' }],
  ])('are found where %s has changed', async (_, parts) => {
    const { last, look } = await outcome(text(), text(parts), text());
    expect(last).toMatchObject({ kind: 'replaced' });
    expect(look()).toBe(FOUND);
  });

  it('are remembered by what arranged them, also where a version asks for none', async () => {
    const silent = text().replace(/\(pub defn fill.*$/s, '(pub defn count () : i64 1)');
    const { last, look } = await outcome(text(), silent, text({ hash: '(.a k)' }));
    expect(last).toMatchObject({
      kind: 'replaced',
      rearranged: expect.arrayContaining(['(Map Key String)', '(MutMap Holder i64)']),
    });
    expect(look()).toBe(FOUND);
  });

  it('of texts and numbers never change', async () => {
    const plain = (more: string): string => `${more}(defglobal mut *m* : (MutMap String (Set i64)) (mut-map))
(pub defn fill () : Unit (map-set! *m* "a" (set 1 2 3)))
(pub defn look () : String (str (contains? (map-get *m* "a") 2)))`;
    const { last, look } = await outcome(plain(''), plain('(defn f () (str 1)) '));
    expect(last).toMatchObject({ kind: 'replaced' });
    expect(look()).toBe('true');
  });
});
