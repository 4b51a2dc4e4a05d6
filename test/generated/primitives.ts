/** What the functions of the prelude that generated programs use do, in plain JavaScript. */
import { COLLECTIONS } from './collections.ts';
import {
  allocated,
  bounds,
  changed,
  checked,
  elements,
  Failure,
  frozen,
  index,
  items,
  key,
  maybe,
  type Primitive,
  type Runtime,
  slice,
  truth,
  tuple,
  visit,
  whole,
  wrap,
} from './runtime.ts';
import { Cell, Discard, equal, order, Product, Table, type Value, type Vec, WeakLink } from './value.ts';

const number = (value: number): number => {
  if (!(Math.abs(value) < 1e15)) throw new Discard('a float grows without end');
  return value;
};

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

/** The elements that a function says yes to. */
function chosen(rt: Runtime, f: Value, c: Value): Value[] {
  const found: Value[] = [];
  visit(rt, c, (item) => {
    if (truth(rt, f, item)) found.push(item);
  });
  return found;
}

export const PRIMITIVES: Readonly<Record<string, Primitive>> = {
  ...COLLECTIONS,

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
  filter: (rt, [f, c]) => frozen(rt, chosen(rt, f, c)),
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
  'count-if': (rt, [f, c]) => BigInt(chosen(rt, f, c).length),
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

function cons(list: Value, what: string): Product {
  if (list instanceof Product && list.name === 'Cons') return list;
  throw new Failure('error', `an empty list has no ${what}`);
}
