/** Functions that change a collection, given one that never changes, and the reverse: each has a counterpart. */

import { languageType, prune, type Type } from '../model/index.ts';

const COUNTERPARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Vector: {
    'push!': '`(append xs x)` makes a longer `Vector`; `push!` changes a `MutVec`',
    'pop!':
      '`(last xs)` and `(slice xs 0 (- (len xs) 1))` leave a `Vector` as it is; `pop!` changes a `MutVec`',
    'insert!': '`(concat xs ys)` makes a new `Vector`; `insert!` changes a `MutVec`',
    'remove-at!': '`(filter f xs)` makes a shorter `Vector`; `remove-at!` changes a `MutVec`',
    'swap-remove!': '`(filter f xs)` makes a shorter `Vector`; `swap-remove!` changes a `MutVec`',
    'clear!': '`[]` is an empty `Vector`; `clear!` changes a `MutVec`',
    'truncate!': '`(take xs n)` makes a shorter `Vector`; `truncate!` changes a `MutVec`',
    'sort!': '`(sort xs)` makes a sorted `Vector`; `sort!` changes a `MutVec`',
    'retain!': '`(filter f xs)` makes a shorter `Vector`; `retain!` changes a `MutVec`',
  },
  Map: {
    'map-set!': '`(assoc m key value)` makes a larger `Map`; `map-set!` changes a `MutMap`',
    'map-remove!': '`(dissoc m key)` makes a smaller `Map`; `map-remove!` changes a `MutMap`',
    'map-update!': '`(assoc m key value)` makes another `Map`; `map-update!` changes a `MutMap`',
  },
  MutMap: {
    assoc: '`(map-set! m key value)` changes a `MutMap`; `assoc` makes a larger `Map`',
    dissoc: '`(map-remove! m key)` changes a `MutMap`; `dissoc` makes a smaller `Map`',
  },
};

/** What does to a collection of this type what `name` does to others. */
export function mutationHint(name: string | undefined, type: Type): string | undefined {
  const hints = COUNTERPARTS[languageType(prune(type)) ?? ''];
  return name === undefined || hints === undefined || !Object.hasOwn(hints, name) ? undefined : hints[name];
}
