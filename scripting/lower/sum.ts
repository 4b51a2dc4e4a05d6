/**
 * How values of sum types are held. What costs least is taken first:
 *
 *     tag        no variant has data: one number
 *     nullable   one variant has no data, the other exactly one address that is never 0: that address, or 0
 *     flat       few components and not recursive: the tag, then components that the variants share by kind
 *     boxed      the address of [descriptor] [tag] [fields ...]; variants without data are objects in static memory
 *
 * Variants have no identity and no mutable fields, so a script cannot tell which it is.
 */
import type { Stored } from '../ir/index.ts';
import { isTooLarge, type Type, type TypeDefinition, type VariantDefinition } from '../types/index.ts';
import { ADDRESS, type Component, components, fieldsOf, inside, isFlat } from './representation.ts';
import { bind, concrete, typeKey } from './substitution.ts';

export interface Variant {
  readonly name: string;
  readonly tag: number;
  readonly fields: readonly { readonly name: string; readonly type: Type }[];
  /** Flat sums: where each of the fields' components stands among the sum's. */
  readonly at: readonly number[];
}

interface Sum {
  readonly kind: 'tag' | 'nullable' | 'flat' | 'boxed';
  readonly components: readonly Component[];
  readonly variants: readonly Variant[];
}

/** More than this and copying costs more than an object does. */
const MOST_FLAT_COMPONENTS = 6;

/**
 * What is known of types in which these definitions stand in this order. One leads to the next weakly: the library's definitions are those of all
 * programs, and nothing of a program that is gone is to stay because an `Option` was asked about with its types.
 */
interface Known {
  readonly next: WeakMap<TypeDefinition, Known>;
  /** By the text of the type. */
  readonly sums: Map<string, Sum>;
}

const nothingKnown = (): Known => ({ next: new WeakMap(), sums: new Map() });

const known = nothingKnown();

/** The representation of a concrete sum type: the same for equal types, whichever of them is asked about first. */
export function sumOf(type: Type): Sum {
  if (type.kind !== 'named') throw new Error('not a sum type');
  const { sums } = knownOf(type, known);
  const key = typeKey(type);
  const before = sums.get(key);
  if (before !== undefined) return before;
  const sum = containsItself(type) ? boxed(type) : represent(variantsOf(type));
  sums.set(key, sum);
  return sum;
}

/** By definitions, not by names: an `(Option Body)` of one program is not that of the next, in which `Body` is another. */
function knownOf(type: Type, outer: Known): Known {
  if (type.kind === 'function')
    return [...type.params, type.result].reduce((at, part) => knownOf(part, at), outer);
  if (type.kind !== 'named') return outer;
  const own = outer.next.get(type.definition) ?? nothingKnown();
  outer.next.set(type.definition, own);
  return type.args.reduce((at, arg) => knownOf(arg, at), own);
}

/** Deeper types than this, and more distinct ones, inside one can only come from a type that holds itself at ever larger arguments. */
const DEEPEST_INSIDE = 40;
const MOST_TYPES_INSIDE = 1000;

/** Would a value of this type, held flat, have one of its own type in it? Then only an address can stand for it. */
function containsItself(type: Type): boolean {
  const key = typeKey(type);
  const seen = new Set<string>();
  const pending = [...heldIn(type)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (isTooLarge(next, DEEPEST_INSIDE)) return true;
    const held = typeKey(next);
    if (held === key || seen.size > MOST_TYPES_INSIDE) return true;
    if (seen.has(held)) continue;
    seen.add(held);
    pending.push(...heldIn(next));
  }
  return false;
}

/** The types of what a value holds in place, if it is held flat. */
function heldIn(type: Type): readonly Type[] {
  if (isFlat(type)) return fieldsOf(type).map((f) => f.type);
  if (type.kind !== 'named' || type.definition.kind !== 'sum') return [];
  return fieldsOfVariants(type).flatMap((v) => v.fields.map((f) => f.type));
}

export function variantOf(type: Type, name: string): Variant {
  const variant = sumOf(type).variants.find((v) => v.name === name);
  if (variant === undefined) throw new Error(`there is no variant ${name}`);
  return variant;
}

type Fields = Omit<Variant, 'at'> & { readonly parts: readonly Component[] };

function fieldsOfVariants(type: Type): Omit<Variant, 'at'>[] {
  if (type.kind !== 'named' || type.definition.kind !== 'sum') throw new Error('not a sum type');
  const substitution = bind(type.definition.parameters, type.args);
  return type.definition.variants.map((variant: VariantDefinition, tag) => {
    const fields = variant.fields.map((f) => ({ name: f.name, type: concrete(f.type, substitution) }));
    return { name: variant.name, tag, fields };
  });
}

function variantsOf(type: Type): Fields[] {
  return fieldsOfVariants(type).map((variant) => ({
    ...variant,
    parts: variant.fields.flatMap((f) => inside(f.name, components(f.type))),
  }));
}

function boxed(type: Type): Sum {
  const variants = fieldsOfVariants(type).map((v) => ({ ...v, at: [] }));
  return { kind: 'boxed', components: [ADDRESS], variants };
}

function represent(variants: readonly Fields[]): Sum {
  const plain = (): Variant[] => variants.map(({ parts: _, ...v }) => ({ ...v, at: [] }));
  if (variants.every((v) => v.parts.length === 0)) {
    const stored: Stored = variants.length <= 256 ? 'i8u' : 'i32';
    return { kind: 'tag', components: [{ name: 'tag', rep: 'i32', stored }], variants: plain() };
  }
  const [only, ...others] = variants.filter((v) => v.fields.length > 0);
  if (variants.length === 2 && only !== undefined && others.length === 0 && isOneAddress(only)) {
    return { kind: 'nullable', components: [ADDRESS], variants: plain() };
  }
  const shared: Component[] = [{ name: 'tag', rep: 'i32', stored: 'i32' }];
  const placed = variants.map(({ parts, ...v }): Variant => ({ ...v, at: share(shared, parts) }));
  if (shared.length > MOST_FLAT_COMPONENTS)
    return { kind: 'boxed', components: [ADDRESS], variants: plain() };
  return { kind: 'flat', components: shared, variants: placed };
}

/** Finds each part a component of its kind that its variant does not use yet, or adds one. */
function share(shared: Component[], parts: readonly Component[]): number[] {
  const taken = new Set([0]);
  return parts.map((part) => {
    let at = shared.findIndex((c, i) => c.rep === part.rep && !taken.has(i));
    if (at < 0) at = shared.push({ name: `data${shared.length}`, rep: part.rep, stored: part.rep }) - 1;
    taken.add(at);
    return at;
  });
}

/** True for data that come to one address, and that is never 0. */
function isOneAddress({ fields, parts }: Fields): boolean {
  return parts.length === 1 && fields.some(({ type }) => isNeverZero(type));
}

/**
 * True for types that are held as one address which is never 0: of everything with identity, of texts and functions, with or without
 * captures, and of boxed sums, whose variants without data have objects too. A flat type of one component is what that component is.
 */
function isNeverZero(type: Type): boolean {
  const [only, ...others] = components(type);
  if (only?.rep !== 'ref' || others.length > 0) return false;
  if (isFlat(type)) return fieldsOf(type).some((field) => isNeverZero(field.type));
  return type.kind !== 'named' || type.definition.kind !== 'sum' || sumOf(type).kind === 'boxed';
}
