/** Functions that change a collection, given another kind of collection, or one that never changes: each has a counterpart. */

import { languageType, prune, type Type } from '../model/index.ts';

const INTO_DEQUE = '`(push-back! q x)` and `(push-front! q x)` put into a `Deque`';
const OUT_OF_DEQUE = '`(pop-front! q)` and `(pop-back! q)` take out of a `Deque`';
const COPY_OF_DEQUE = '`(to-mut-vec q)` is a `MutVec` of what is in a `Deque`';
const INTO_QUEUE = '`(enqueue! q item priority)` puts into a `PriorityQueue`';
const OUT_OF_QUEUE = '`(dequeue! q)` takes out of a `PriorityQueue`';
const INTO_SET = '`(set-add! s x)` puts into a `MutSet`';

const COUNTERPARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Vector: {
    'push!': '`(append xs x)` makes a longer `Vector`; `push!` changes a `MutVec`',
    'pop!':
      '`(last xs)` and `(slice xs 0 (- (len xs) 1))` leave a `Vector` as it is; `pop!` changes a `MutVec`',
    'insert!': '`(concat xs ys)` makes a new `Vector`; `insert!` changes a `MutVec`',
    'remove-at!': '`(filter f xs)` makes a shorter `Vector`; `remove-at!` changes a `MutVec`',
    'swap-remove!': '`(filter f xs)` makes a shorter `Vector`; `swap-remove!` changes a `MutVec`',
    'clear!': '`[]` is an empty `Vector`; `clear!` changes a `MutVec`',
    'reserve!': 'a `Vector` never grows; `reserve!` makes room in a `MutVec`',
    'truncate!': '`(take xs n)` makes a shorter `Vector`; `truncate!` changes a `MutVec`',
    'sort!': '`(sort xs)` makes a sorted `Vector`; `sort!` changes a `MutVec`',
    'retain!': '`(filter f xs)` makes a shorter `Vector`; `retain!` changes a `MutVec`',
    assoc: '`(set-nth xs i x)` makes a `Vector` in which one element is another',
    'map-set!': '`(set-nth xs i x)` makes a `Vector` in which one element is another',
  },
  MutVec: {
    'push-back!': '`(push! xs x)` puts an element after the last of a `MutVec`',
    'push-front!':
      '`(insert! xs 0 x)` puts an element before the first of a `MutVec`; a `Deque` does it faster',
    'pop-back!': '`(pop! xs)` takes the last out of a `MutVec`',
    'pop-front!': '`(remove-at! xs 0)` takes the first out of a `MutVec`; a `Deque` does it faster',
    'set-add!': '`(push! xs x)` puts an element after the last of a `MutVec`',
    'map-set!': '`(set! (nth xs i) x)` changes an element of a `MutVec`',
    assoc: '`(set! (nth xs i) x)` changes an element of a `MutVec`',
  },
  Deque: {
    'push!': INTO_DEQUE,
    'enqueue!': INTO_DEQUE,
    'pop!': OUT_OF_DEQUE,
    'dequeue!': OUT_OF_DEQUE,
    'insert!': COPY_OF_DEQUE,
    'remove-at!': COPY_OF_DEQUE,
    'retain!': COPY_OF_DEQUE,
    'sort!': COPY_OF_DEQUE,
    'sort-by!': COPY_OF_DEQUE,
    peek: '`(first q)` is the first element of a `Deque`',
    freeze: '`(to-vector q)` makes a `Vector` of it',
  },
  PriorityQueue: {
    'push!': INTO_QUEUE,
    'push-back!': INTO_QUEUE,
    'pop!': OUT_OF_QUEUE,
    'pop-front!': OUT_OF_QUEUE,
    'pop-back!': '`(dequeue! q)` takes the least out of a `PriorityQueue`',
    freeze: '`(to-vector q)` makes a `Vector` of it',
  },
  MutSet: {
    'push!': INTO_SET,
    'set-add': '`(set-add! s x)` changes a `MutSet`; `set-add` makes a larger `Set`',
    'set-remove': '`(set-remove! s x)` changes a `MutSet`; `set-remove` makes a smaller `Set`',
    freeze: '`(to-set s)` makes a `Set` of it',
  },
  Set: {
    'set-add!': '`(set-add s x)` makes a larger `Set`; `set-add!` changes a `MutSet`',
    'set-remove!': '`(set-remove s x)` makes a smaller `Set`; `set-remove!` changes a `MutSet`',
  },
  Map: {
    'map-set!': '`(assoc m key value)` makes a larger `Map`; `map-set!` changes a `MutMap`',
    'map-remove!': '`(dissoc m key)` makes a smaller `Map`; `map-remove!` changes a `MutMap`',
    'map-update!': '`(assoc m key value)` makes another `Map`; `map-update!` changes a `MutMap`',
  },
  MutMap: {
    assoc: '`(map-set! m key value)` changes a `MutMap`; `assoc` makes a larger `Map`',
    dissoc: '`(map-remove! m key)` changes a `MutMap`; `dissoc` makes a smaller `Map`',
    'push!': '`(map-set! m key value)` puts into a `MutMap`',
    freeze: '`(to-map m)` makes a `Map` of it',
  },
};

const CHANGED_FIELD = '`(update e :hp 3)` is a copy of `e` with another `hp`, `(set! (.hp e) 3)` changes it';

/** The same of structs and values, which are no maps. */
const OF_FIELDS: Readonly<Record<string, string>> = {
  assoc: CHANGED_FIELD,
  'map-set!': CHANGED_FIELD,
  'map-update!': CHANGED_FIELD,
};

/** What does to a collection of this type what `name` does to others. */
export function mutationHint(name: string | undefined, type: Type): string | undefined {
  const known = prune(type);
  if (name === 'deref' && known.kind === 'named' && languageType(known) !== 'Atom')
    return 'only an atom is asked so: the value of a name is the name by itself';
  const isOwn =
    known.kind === 'named' && known.definition.fields.length > 0 && languageType(known) === undefined;
  if (isOwn && name !== undefined && Object.hasOwn(OF_FIELDS, name)) return OF_FIELDS[name];
  const hints = COUNTERPARTS[languageType(prune(type)) ?? ''];
  return name === undefined || hints === undefined || !Object.hasOwn(hints, name) ? undefined : hints[name];
}
