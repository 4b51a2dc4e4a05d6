/** Vectors that change, maps and sets of the prelude, in the reference. */
import {
  between,
  checked,
  Failure,
  frozen,
  index,
  items,
  key,
  maybe,
  type Primitive,
  put,
  resized,
  table,
} from './runtime.ts';
import { Table, type Value, Vec } from './value.ts';

const keysAlone = (keys: readonly Value[]) => keys.map((k) => [k, undefined] as const);

const removed: Primitive = (rt, [from, k]) => {
  resized(from as Table).entries.delete(key(rt, k));
  return undefined;
};

export const COLLECTIONS: Readonly<Record<string, Primitive>> = {
  'mut-vec': (rt, args) => new Vec([...args], true, rt.born()),
  'push!': (rt, [c, item]) => {
    rt.born();
    resized(c as Vec).items.push(item);
    return undefined;
  },
  'pop!': (_, [c]) => {
    if (items(c).length === 0) throw new Failure('empty', 'the collection is empty');
    return resized(c as Vec).items.pop();
  },
  'insert!': (rt, [c, i, item]) => {
    rt.born();
    const vec = resized(c as Vec);
    between(vec.items.length, i);
    vec.items.splice(index(i), 0, item);
    return undefined;
  },
  'remove-at!': (_, [c, i]) => {
    const vec = resized(c as Vec);
    return vec.items.splice(checked(vec.items.length, i), 1)[0];
  },
  'swap-remove!': (_, [c, i]) => {
    const { items: list } = resized(c as Vec);
    const at = checked(list.length, i);
    const removed = list[at];
    list[at] = list.at(-1);
    list.pop();
    return removed;
  },
  'truncate!': (_, [c, n]) => {
    const { items: list } = resized(c as Vec);
    list.length = Math.min(list.length, Math.max(0, index(n)));
    return undefined;
  },
  'clear!': (_, [c]) => {
    if (c instanceof Vec) resized(c).items = [];
    if (c instanceof Table) resized(c).entries.clear();
    return undefined;
  },

  'mut-map': (rt, args) => table(rt, pairs(args), false, true),
  'map-literal': (rt, args) => table(rt, pairs(args), false, false),
  'map-get': (rt, [m, k]) => {
    const found = (m as Table).entries.get(key(rt, k));
    if (found === undefined) throw new Failure('key', `there is no key ${rt.show(k)}`);
    return found[1];
  },
  'map-find': (rt, [m, k]) => {
    const found = (m as Table).entries.get(key(rt, k));
    return maybe(rt, found !== undefined, found?.[1]);
  },
  'has-key?': (rt, [m, k]) => (m as Table).entries.has(key(rt, k)),
  keys: (rt, [m]) =>
    frozen(
      rt,
      [...(m as Table).entries.values()].map(([k]) => k),
    ),
  vals: (rt, [m]) =>
    frozen(
      rt,
      [...(m as Table).entries.values()].map(([, v]) => v),
    ),
  assoc: (rt, [m, k, v]) => {
    const made = table(rt, (m as Table).entries.values(), false, false);
    put(rt, made, k, v);
    return made;
  },
  dissoc: (rt, [m, k]) => {
    const made = table(rt, (m as Table).entries.values(), false, false);
    made.entries.delete(key(rt, k));
    return made;
  },
  'map-set!': (rt, [m, k, v]) => {
    rt.born();
    put(rt, resized(m as Table), k, v);
    return undefined;
  },
  'map-remove!': removed,
  set: (rt, args) => table(rt, keysAlone(args), true, false),
  'mut-set': (rt, args) => table(rt, keysAlone(args), true, true),
  'set-add': (rt, [s, k]) => {
    const made = table(rt, (s as Table).entries.values(), true, false);
    put(rt, made, k, undefined);
    return made;
  },
  'set-add!': (rt, [s, k]) => {
    rt.born();
    put(rt, resized(s as Table), k, undefined);
    return undefined;
  },
  'set-remove!': removed,
};

function pairs(args: readonly Value[]): (readonly [Value, Value])[] {
  const made: (readonly [Value, Value])[] = [];
  for (let i = 0; i < args.length; i += 2) made.push([args[i], args[i + 1]]);
  return made;
}
