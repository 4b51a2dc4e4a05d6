/** What the functions of the prelude that generated programs use do, in plain JavaScript. */
import {
  Cell,
  Closure,
  Discard,
  equal,
  type HostFunction,
  type Identity,
  order,
  Product,
  Table,
  type Value,
  Vec,
  WeakLink,
} from './value.ts';

/** What stops a call, as the machine says it. */
export class Failure extends Error {
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What primitives need of the interpreter. */
export interface Runtime {
  /** Counts an allocation and gives it a number. */
  born(): number;
  call(f: Value, args: readonly Value[]): Value;
  text(value: Value): string;
  /** As parts of other things show: with quotes. */
  show(value: Value): string;
  print(text: string): undefined;
  /** Evaluates what may have no effects, since nobody says how often it is evaluated. */
  pure<T>(body: () => T): T;
  upgrade(link: WeakLink): Value;
}

type Primitive = (rt: Runtime, args: readonly Value[]) => Value;

const whole = (value: Value): bigint => value as bigint;
const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const index = (value: Value): number => Number(whole(value));
const number = (value: number): number => {
  if (!(Math.abs(value) < 1e15)) throw new Discard('a float grows without end');
  return value;
};

/** What is made anew, counted. */
function allocated<T extends Value>(rt: Runtime, value: T): T {
  rt.born();
  return value;
}

const some = (rt: Runtime, value: Value) => new Product('Some', [value], rt.born());
const none = (rt: Runtime) => new Product('None', [], rt.born());
const maybe = (rt: Runtime, there: boolean, value: Value) => (there ? some(rt, value) : none(rt));
const frozen = (rt: Runtime, items: Value[]) => new Vec(items, false, rt.born());
const tuple = (rt: Runtime, ...fields: Value[]) => new Product('Tuple', fields, rt.born());

/** For a change in place: not while a copy may differ. */
export function changed<T extends Identity>(thing: T): T {
  if (thing.shared > 0) throw new Discard('a thing is changed beside its copy');
  return thing;
}

/** The elements of any collection, in order. */
export function elements(rt: Runtime, collection: Value): Value[] {
  if (collection instanceof Vec) return [...collection.items];
  if (collection instanceof Table)
    return [...collection.entries.values()].map(([k, v]) => (collection.isSet ? k : tuple(rt, k, v)));
  const items: Value[] = [];
  for (let at: Value = collection; at instanceof Product && at.name === 'Cons'; at = at.fields[1])
    items.push(at.fields[0]);
  return items;
}

/**
 * Goes over a collection, which must not grow or shrink meanwhile: what happens then is each loop's own affair. What is set
 * in it meanwhile is seen where the loop has not come to yet.
 */
export function visit(rt: Runtime, collection: Value, each: (item: Value) => void): void {
  const counted = collection instanceof Vec || collection instanceof Table ? collection : undefined;
  if (counted !== undefined) counted.visited += 1;
  try {
    // An array is read as its loop goes.
    for (const item of collection instanceof Vec ? collection.items : elements(rt, collection)) each(item);
  } finally {
    if (counted !== undefined) counted.visited -= 1;
  }
}

function resized<T extends Vec | Table>(collection: T): T {
  if (collection.visited > 0) throw new Discard('a collection changes while a loop goes over it');
  return changed(collection);
}

function checked(length: number, at: Value): number {
  const i = whole(at);
  if (i < 0n || i >= BigInt(length))
    throw new Failure('index', `index ${i} is out of range for length ${length}`);
  return Number(i);
}

const items = (value: Value): Value[] => (value as Vec).items;

/** Keys by what they show: keys of generated programs are numbers, texts, and flat things of these. */
const key = (rt: Runtime, value: Value): string => rt.show(value);

function table(
  rt: Runtime,
  pairs: Iterable<readonly [Value, Value]>,
  isSet: boolean,
  mutable: boolean,
): Table {
  const made = new Table(new Map<string, readonly [Value, Value]>(), isSet, mutable, rt.born());
  for (const [k, v] of pairs) put(rt, made, k, v);
  return made;
}

/** A key that is there stays the one it is. */
function put(rt: Runtime, into: Table, k: Value, v: Value): void {
  const name = key(rt, k);
  into.entries.set(name, [into.entries.get(name)?.[0] ?? k, v]);
}

function integer(f: (a: bigint, b: bigint) => bigint, g: (a: number, b: number) => number): Primitive {
  return (_, [a, b]) => (typeof a === 'bigint' ? wrap(f(a, whole(b))) : number(g(a as number, b as number)));
}

function divided(f: (a: bigint, b: bigint) => bigint): Primitive {
  return (_, [a, b]) => {
    if (b === 0n) throw new Failure('division', 'division by zero');
    return wrap(f(whole(a), whole(b)));
  };
}

const compared =
  (holds: (sign: number) => boolean): Primitive =>
  (_, [a, b]) =>
    holds(order(a, b));

const truth = (rt: Runtime, f: Value, ...args: Value[]): boolean => rt.call(f, args) === true;

const slice = (rt: Runtime, list: readonly Value[], from: number, to: number): Vec =>
  frozen(rt, list.slice(from, to));

/** An index between elements may be after the last too. */
function between(length: number, at: Value): void {
  if (whole(at) !== BigInt(length)) checked(length, at);
}

function bounds(length: number, from: Value, to: Value, what: string): [number, number] {
  between(length, from);
  between(length, to);
  if (whole(from) > whole(to))
    throw new Failure('error', `the ${what} from ${from} to ${to} ends before it begins`);
  return [index(from), index(to)];
}

export const PRIMITIVES: Readonly<Record<string, Primitive>> = {
  '+': integer(
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  '-': integer(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  '*': integer(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  '/': divided((a, b) => a / b),
  mod: divided((a, b) => ((a % b) + b) % b),
  // Of two zeros with different signs, the negative one is the smaller.
  min: (_, [a, b]) => (typeof a === 'number' ? Math.min(a, b as number) : order(b, a) < 0 ? b : a),
  max: (_, [a, b]) => (typeof a === 'number' ? Math.max(a, b as number) : order(b, a) > 0 ? b : a),
  f64: (_, [a]) => Number(whole(a)),
  i64: (_, [a]) => BigInt(Math.trunc(a as number)),
  '<': compared((s) => s < 0),
  '>': compared((s) => s > 0),
  '<=': compared((s) => s <= 0),
  '>=': compared((s) => s >= 0),
  '=': (_, [a, b]) => equal(a, b),
  '!=': (_, [a, b]) => !equal(a, b),
  not: (_, [a]) => a !== true,
  'same?': (_, [a, b]) => {
    for (const one of [a, b]) changed(one as Vec);
    return a === b;
  },

  str: (rt, args) => allocated(rt, args.map((arg) => rt.text(arg)).join('')),
  print: (rt, args) => rt.print(args.map((arg) => rt.text(arg)).join('')),
  println: (rt, args) => rt.print(`${args.map((arg) => rt.text(arg)).join('')}\n`),
  error: (_, [message]) => {
    throw new Failure('error', message as string);
  },
  'string-length': (_, [s]) => BigInt([...(s as string)].length),
  'string-upcase': (rt, [s]) => allocated(rt, (s as string).toUpperCase()),
  'string-contains': (_, [s, part]) => (s as string).includes(part as string),
  'string-replace': (rt, [s, part, by]) =>
    allocated(rt, (s as string).replaceAll(part as string, by as string)),
  'string-split': (rt, [s, by]) => frozen(rt, (s as string).split(by as string)),
  'string-join': (rt, [parts, by]) => allocated(rt, items(parts).join(by as string)),
  substring: (rt, [s, from, to]) => {
    const points = [...(s as string)];
    const [a, b] = bounds(points.length, from, to, 'substring');
    rt.born();
    return points.slice(a, b).join('');
  },
  'parse-int': (rt, [s]) =>
    maybe(
      rt,
      /^-?\d{1,18}$/.test(s as string),
      /^-?\d{1,18}$/.test(s as string) ? BigInt(s as string) : undefined,
    ),

  unwrap: (rt, [o]) => {
    const { name, fields } = o as Product;
    if (name === 'None') throw new Failure('error', 'unwrap of None');
    if (name === 'Err') throw new Failure('error', `unwrap of ${rt.show(o)}`);
    return fields[0];
  },
  'unwrap-or': (_, [o, other]) => {
    const { name, fields } = o as Product;
    return name === 'Some' || name === 'Ok' ? fields[0] : other;
  },

  len: (rt, [c]) => BigInt(elements(rt, c).length),
  'empty?': (rt, [c]) => elements(rt, c).length === 0,
  map: (rt, [f, c]) => {
    const made: Value[] = [];
    visit(rt, c, (item) => made.push(rt.call(f, [item])));
    return frozen(rt, made);
  },
  filter: (rt, [f, c]) => {
    const made: Value[] = [];
    visit(rt, c, (item) => {
      if (truth(rt, f, item)) made.push(item);
    });
    return frozen(rt, made);
  },
  fold: (rt, [f, start, c]) => {
    let at = start;
    visit(rt, c, (item) => {
      at = rt.call(f, [at, item]);
    });
    return at;
  },
  find: (rt, [f, c]) => {
    let found: Value;
    let there = false;
    visit(rt, c, (item) => {
      if (there || !truth(rt, f, item)) return;
      there = true;
      found = item;
    });
    return maybe(rt, there, found);
  },
  'count-if': (rt, [f, c]) => {
    let count = 0n;
    visit(rt, c, (item) => {
      if (truth(rt, f, item)) count += 1n;
    });
    return count;
  },
  'flat-map': (rt, [f, c]) => {
    const made: Value[] = [];
    visit(rt, c, (item) => visit(rt, rt.call(f, [item]), (inner) => made.push(inner)));
    return frozen(rt, made);
  },
  enumerate: (rt, [c]) =>
    frozen(
      rt,
      elements(rt, c).map((item, i) => tuple(rt, BigInt(i), item)),
    ),
  'contains?': (rt, [c, item]) => {
    if (c instanceof Table && c.isSet) return c.entries.has(key(rt, item));
    return elements(rt, c).some((one) => equal(one, item));
  },
  append: (rt, [c, item]) => frozen(rt, [...elements(rt, c), item]),
  concat: (rt, [a, b]) => frozen(rt, [...elements(rt, a), ...elements(rt, b)]),
  sort: (rt, [c]) => frozen(rt, elements(rt, c).sort(order)),
  'sort-by': (rt, [f, c]) => {
    const keyed: (readonly [Value, Value])[] = [];
    // Nobody says how often the keys are computed, only that one element needs none.
    const all = elements(rt, c);
    if (all.length < 2) return frozen(rt, all);
    rt.pure(() => visit(rt, c, (item) => keyed.push([rt.call(f, [item]), item])));
    return frozen(
      rt,
      keyed.sort(([a], [b]) => order(a, b)).map(([, item]) => item),
    );
  },
  range: (rt, [from, to]) => {
    const made: Value[] = [];
    if (whole(to) - whole(from) > 1000n) throw new Discard('a very long range');
    for (let i = whole(from); i < whole(to); i += 1n) made.push(i);
    return frozen(rt, made);
  },
  zip: (rt, [a, b]) => {
    const [xs, ys] = [elements(rt, a), elements(rt, b)];
    return frozen(
      rt,
      xs.slice(0, ys.length).map((x, i) => tuple(rt, x, ys[i])),
    );
  },
  reverse: (rt, [c]) => frozen(rt, elements(rt, c).reverse()),
  nth: (_, [c, i]) => items(c)[checked(items(c).length, i)],
  first: (_, [c]) => items(c)[checked(items(c).length, 0n)],
  last: (_, [c]) => items(c)[checked(items(c).length, BigInt(items(c).length - 1))],
  rest: (rt, [c]) => slice(rt, items(c), 1, items(c).length),
  take: (rt, [c, n]) => slice(rt, items(c), 0, Math.max(0, index(n))),
  'drop-first': (rt, [c, n]) => slice(rt, items(c), Math.max(0, index(n)), items(c).length),
  slice: (rt, [c, from, to]) => slice(rt, items(c), ...bounds(items(c).length, from, to, 'slice')),
  'set-nth': (rt, [c, i, item]) => {
    const made = elements(rt, c);
    made[checked(made.length, i)] = item;
    return frozen(rt, made);
  },
  freeze: (rt, [c]) => frozen(rt, [...items(c)]),

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
  'map-remove!': (rt, [m, k]) => {
    resized(m as Table).entries.delete(key(rt, k));
    return undefined;
  },
  set: (rt, args) =>
    table(
      rt,
      args.map((k) => [k, undefined] as const),
      true,
      false,
    ),
  'mut-set': (rt, args) =>
    table(
      rt,
      args.map((k) => [k, undefined] as const),
      true,
      true,
    ),
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
  'set-remove!': (rt, [s, k]) => {
    resized(s as Table).entries.delete(key(rt, k));
    return undefined;
  },

  list: (rt, args) =>
    args.reduceRight<Value>(
      (rest, item) => new Product('Cons', [item, rest], rt.born()),
      new Product('Nil', [], 0),
    ),
  cons: (rt, [item, rest]) => new Product('Cons', [item, rest], rt.born()),
  head: (_, [l]) => cons(l, 'head').fields[0],
  tail: (_, [l]) => cons(l, 'tail').fields[1],

  atom: (rt, [held]) => new Cell(held, rt.born()),
  deref: (_, [a]) => (a as Cell).held,
  'swap!': (rt, [a, f]) => {
    const made = rt.call(f, [(a as Cell).held]);
    changed(a as Cell).held = made;
    return made;
  },
  'reset!': (_, [a, held]) => {
    changed(a as Cell).held = held;
    return undefined;
  },

  upgrade: (rt, [link]) => {
    if (!(link instanceof WeakLink)) throw new Error('no weak reference');
    const found = rt.upgrade(link);
    return maybe(rt, found !== undefined, found);
  },
  weak: (rt, [subject]) => allocated(rt, new WeakLink(subject)),
  'collect!': () => undefined,
};

function pairs(args: readonly Value[]): (readonly [Value, Value])[] {
  const made: (readonly [Value, Value])[] = [];
  for (let i = 0; i < args.length; i += 2) made.push([args[i], args[i + 1]]);
  return made;
}

function cons(list: Value, what: string): Product {
  if (list instanceof Product && list.name === 'Cons') return list;
  throw new Failure('error', `an empty list has no ${what}`);
}

/** Whether a value can be called. */
export function isCallable(value: Value): value is Closure | HostFunction {
  return value instanceof Closure || (typeof value === 'object' && 'call' in value);
}
