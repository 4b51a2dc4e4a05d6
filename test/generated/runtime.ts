/** What the reference's functions of the prelude share: what they need of the interpreter, and what all collections have. */
import {
  Closure,
  Discard,
  type HostFunction,
  type Identity,
  Product,
  Table,
  type Value,
  Vec,
  type WeakLink,
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
  /** Counts an allocation and returns it a number. */
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

export type Primitive = (rt: Runtime, args: readonly Value[]) => Value;

export const whole = (value: Value): bigint => value as bigint;
export const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
export const index = (value: Value): number => Number(whole(value));
/** What is made anew, counted. */
export function allocated<T extends Value>(rt: Runtime, value: T): T {
  rt.born();
  return value;
}

export const some = (rt: Runtime, value: Value) => new Product('Some', [value], rt.born());
const none = (rt: Runtime) => new Product('None', [], rt.born());
export const maybe = (rt: Runtime, there: boolean, value: Value) => (there ? some(rt, value) : none(rt));
export const frozen = (rt: Runtime, items: Value[]) => new Vec(items, false, rt.born());
export const tuple = (rt: Runtime, ...fields: Value[]) => new Product('Tuple', fields, rt.born());

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

export function resized<T extends Vec | Table>(collection: T): T {
  if (collection.visited > 0) throw new Discard('a collection changes while a loop goes over it');
  return changed(collection);
}

export function checked(length: number, at: Value): number {
  const i = whole(at);
  if (i < 0n || i >= BigInt(length))
    throw new Failure('index', `index ${i} is out of range for length ${length}`);
  return Number(i);
}

export const items = (value: Value): Value[] => (value as Vec).items;

/** Keys by what they show: keys of generated programs are numbers, texts, and flat things of these. */
export const key = (rt: Runtime, value: Value): string => rt.show(value);

export function table(
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
export function put(rt: Runtime, into: Table, k: Value, v: Value): void {
  const name = key(rt, k);
  into.entries.set(name, [into.entries.get(name)?.[0] ?? k, v]);
}

export const truth = (rt: Runtime, f: Value, ...args: Value[]): boolean => rt.call(f, args) === true;

export const slice = (rt: Runtime, list: readonly Value[], from: number, to: number): Vec =>
  frozen(rt, list.slice(from, to));

/** An index between elements may be after the last too. */
export function between(length: number, at: Value): void {
  if (whole(at) !== BigInt(length)) checked(length, at);
}

export function bounds(length: number, from: Value, to: Value, what: string): [number, number] {
  between(length, from);
  between(length, to);
  if (whole(from) > whole(to))
    throw new Failure('error', `the ${what} from ${from} to ${to} ends before it begins`);
  return [index(from), index(to)];
}

/** Whether a value can be called. */
export function isCallable(value: Value): value is Closure | HostFunction {
  return value instanceof Closure || (typeof value === 'object' && 'call' in value);
}
