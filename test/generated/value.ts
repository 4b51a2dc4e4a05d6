/** What programs work on, in the reference: plain JavaScript objects. How they show, and when they are equal. */
import type { Expression, World } from './program.ts';

export type Value =
  | bigint
  | number
  | boolean
  | string
  | undefined
  | Product
  | Vec
  | Table
  | Closure
  | HostFunction
  | WeakLink
  | Cell;

/**
 * What changes in place and has identity. While a copy made by `copy-out` and what it was copied from exist side by side,
 * they are one object here, and so are two copies of one thing for good: `shared` counts what exists beside it as another, and while
 * there is any, nobody may look closely.
 */
export interface Identity {
  /** Which allocation made it. */
  readonly born: number;
  shared: number;
}

/** A struct, a value, a variant, or a tuple. Values are never changed, but replaced. */
export class Product implements Identity {
  readonly name: string;
  readonly fields: Value[];
  readonly born: number;
  shared = 0;
  constructor(name: string, fields: Value[], born: number) {
    this.name = name;
    this.fields = fields;
    this.born = born;
  }
}

export class Vec implements Identity {
  items: Value[];
  readonly mutable: boolean;
  readonly born: number;
  shared = 0;
  /** How many loops go over it. */
  visited = 0;
  constructor(items: Value[], mutable: boolean, born: number) {
    this.items = items;
    this.mutable = mutable;
    this.born = born;
  }
}

/** A map, or a set, which holds each element as a key without a value. By how keys show. */
export class Table implements Identity {
  readonly entries: Map<string, readonly [Value, Value]>;
  readonly isSet: boolean;
  readonly mutable: boolean;
  readonly born: number;
  shared = 0;
  visited = 0;
  constructor(entries: Map<string, readonly [Value, Value]>, isSet: boolean, mutable: boolean, born: number) {
    this.entries = entries;
    this.isSet = isSet;
    this.mutable = mutable;
    this.born = born;
  }
}

export class Closure implements Identity {
  readonly made: Expression;
  readonly captured: Map<string, Value>;
  readonly born: number;
  shared = 0;
  constructor(made: Expression, captured: Map<string, Value>, born: number) {
    this.made = made;
    this.captured = captured;
    this.born = born;
  }
}

/** A function of the program or of the prelude, as a value. */
export class HostFunction {
  readonly name: string;
  readonly call: (args: readonly Value[]) => Value;
  constructor(name: string, call: (args: readonly Value[]) => Value) {
    this.name = name;
    this.call = call;
  }
}

export class WeakLink {
  readonly subject: Value;
  cleared = false;
  constructor(subject: Value) {
    this.subject = subject;
  }
}

/** An atom. */
export class Cell implements Identity {
  held: Value;
  readonly born: number;
  shared = 0;
  constructor(held: Value, born: number) {
    this.held = held;
    this.born = born;
  }
}

/** The program does what this reference has no answer to, or takes too long: it is not run. */
export class Discard extends Error {}

const DEEPEST = 40;
const LONGEST = 4000;

export class Shower {
  readonly #fields: ReadonlyMap<string, readonly string[]>;
  readonly #shown: ReadonlyMap<string, number>;
  constructor({ products }: World) {
    this.#fields = new Map(products.map((p) => [p.name, p.fields.map((f) => f.name)]));
    this.#shown = new Map(
      products
        .filter((p) => p.shown !== undefined)
        .map((p) => [p.name, p.fields.findIndex((f) => f.name === p.shown)]),
    );
  }

  /** As `str` does: a string without quotes. */
  text(value: Value): string {
    return typeof value === 'string' ? value : this.show(value, 0);
  }

  show(value: Value, depth = 0): string {
    if (depth > DEEPEST) throw new Discard('what is shown is nested too deep');
    const text = this.#show(value, depth);
    if (text.length > LONGEST) throw new Discard('what is shown is too long');
    return text;
  }

  #show(value: Value, depth: number): string {
    const inner = (v: Value) => this.show(v, depth + 1);
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'number') return showFloat(value);
    if (value === undefined) return '()';
    if (typeof value === 'bigint' || typeof value === 'boolean') return `${value}`;
    if (value instanceof Vec) return `[${value.items.map(inner).join(' ')}]`;
    if (value instanceof Table) {
      const { isSet, mutable, entries } = value;
      if (isSet)
        return `(${[mutable ? 'mut-set' : 'set', ...[...entries.values()].map(([k]) => inner(k))].join(' ')})`;
      return `{${[...entries.values()].map(([k, v]) => `${inner(k)} ${inner(v)}`).join(', ')}}`;
    }
    if (value instanceof WeakLink) {
      const { subject } = value;
      if (subject instanceof Product) return `(Weak ${subject.name})`;
      throw new Discard('a weak reference to something else is shown');
    }
    if (value instanceof Product) return this.#product(value, depth);
    throw new Discard('this does not show');
  }

  #product({ name, fields }: Product, depth: number): string {
    if (name === 'Nil') return '(list)';
    if (name === 'Cons') {
      const items: string[] = [];
      let at: Value = new Product(name, fields, 0);
      while (at instanceof Product && at.name === 'Cons') {
        items.push(this.show(at.fields[0], depth + 1));
        at = at.fields[1];
      }
      return `(${['list', ...items].join(' ')})`;
    }
    const shown = this.#shown.get(name);
    if (shown !== undefined) return `<${name} ${this.text(fields[shown])}>`;
    const names = this.#fields.get(name);
    if (fields.length === 0 && names === undefined) return name;
    return `(${[name, ...fields.map((f, i) => `${names === undefined ? '' : `:${names[i]} `}${this.show(f, depth + 1)}`)].join(' ')})`;
  }
}

/** Only what both sides write the same way without any doubt. */
function showFloat(value: number): string {
  const size = Math.abs(value);
  if (!(size < 1e15 && (size === 0 || size > 1e-5))) throw new Discard('an extreme float is shown');
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}

export function equal(a: Value, b: Value, depth = 0): boolean {
  if (depth > DEEPEST) throw new Discard('what is compared is nested too deep');
  const all = (xs: readonly Value[], ys: readonly Value[]) =>
    xs.length === ys.length && xs.every((x, i) => equal(x, ys[i], depth + 1));
  if (a instanceof Product && b instanceof Product) return a.name === b.name && all(a.fields, b.fields);
  if (a instanceof Vec && b instanceof Vec) return all(a.items, b.items);
  if (a instanceof Table && b instanceof Table) {
    if (a.entries.size !== b.entries.size) return false;
    return [...a.entries].every(([key, [, held]]) => {
      const other = b.entries.get(key);
      return other !== undefined && equal(held, other[1], depth + 1);
    });
  }
  if (typeof a === 'object' || typeof b === 'object') throw new Discard('this is not compared');
  return a === b;
}

/** -1, 0, or 1, as `compare`. */
export function order(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') {
    const [xs, ys] = [[...a], [...b]];
    for (const [i, x] of xs.entries()) {
      const [p, q] = [x.codePointAt(0) ?? 0, ys[i]?.codePointAt(0) ?? -1];
      if (p !== q) return p < q ? -1 : 1;
    }
    return xs.length === ys.length ? 0 : -1;
  }
  if ((typeof a === 'bigint' && typeof b === 'bigint') || (typeof a === 'number' && typeof b === 'number'))
    return a < b ? -1 : Number(a > b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  throw new Discard('this has no order');
}

/** What a thing holds. */
export function parts(value: Value): readonly Value[] {
  if (value instanceof Product) return value.fields;
  if (value instanceof Vec) return value.items;
  if (value instanceof Table) return [...value.entries.values()].flat();
  if (value instanceof Closure) return [...value.captured.values()];
  if (value instanceof Cell) return [value.held];
  return [];
}

export function isIdentity(value: Value): value is Product | Vec | Table | Closure | Cell {
  return (
    value instanceof Product ||
    value instanceof Vec ||
    value instanceof Table ||
    value instanceof Closure ||
    value instanceof Cell
  );
}

/** The things from which these were copied are gone. */
export function unshare(copied: Iterable<Value>): void {
  for (const thing of copied) if (isIdentity(thing)) thing.shared -= 1;
}

/** All that is reached from some values, each once. */
export function reachable(from: Iterable<Value>): Set<Value> {
  const seen = new Set<Value>();
  const waiting = [...from];
  for (let next = waiting.pop(); next !== undefined || waiting.length > 0; next = waiting.pop()) {
    if (!isIdentity(next) && !(next instanceof WeakLink)) continue;
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...parts(next));
  }
  return seen;
}
