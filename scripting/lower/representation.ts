/**
 * How a concrete type is held: as which numbers and addresses in locals (its components), and where in an object.
 *
 * Values without identity are flat: a `defvalue`, tuple or array is the list of its fields' components, wherever it is held.
 * Everything with identity is one address.
 */

import {
  CLOSURE_CAPTURES,
  HEADER_SIZE,
  MUT_VECTOR_SIZE,
  OWNED_LOANS,
  OWNED_PLACE,
  OWNED_REGION,
  OWNED_SHARES,
  OWNED_SIZE,
  OWNED_SLOT,
  OWNED_SUBJECT,
  OWNED_TYPE,
  ROPE_HEIGHT,
  ROPE_LEFT,
  ROPE_LENGTH,
  ROPE_RIGHT,
  ROPE_SIZE,
  STRING_DATA,
  VECTOR_DATA,
  VECTOR_LENGTH,
} from '../heap/index.ts';
import { type Capture, KEPT_PLACEMENT, storedSize } from '../image/index.ts';
import type { Field, ObjectType, Rep, Stored } from '../ir/index.ts';
import {
  arrayLength,
  holdsSprite,
  isFlat as isFlatDefinition,
  isShared,
  placeField,
  type Type,
  type TypeDefinition,
} from '../types/index.ts';
import { bind, concrete, typeKey, typeName } from './substitution.ts';
import { sumOf } from './sum.ts';

/** One number or address of a value; `name` is its path (`x`, `pos.x`), '' where it is the whole value. */
export interface Component {
  readonly name: string;
  readonly rep: Rep;
  readonly stored: Stored;
  /** It is of an array: those of one kind lie one after the other, so that an index says where. */
  readonly indexed?: true;
}

const NUMBERS: Readonly<Record<string, { rep: Rep; stored: Stored }>> = {
  i8: { rep: 'i32', stored: 'i8s' },
  u8: { rep: 'i32', stored: 'i8u' },
  i16: { rep: 'i32', stored: 'i16s' },
  u16: { rep: 'i32', stored: 'i16u' },
  i32: { rep: 'i32', stored: 'i32' },
  u32: { rep: 'i32', stored: 'i32' },
  i64: { rep: 'i64', stored: 'i64' },
  u64: { rep: 'i64', stored: 'i64' },
  f32: { rep: 'f32', stored: 'f32' },
  f64: { rep: 'f64', stored: 'f64' },
  Bool: { rep: 'i32', stored: 'i8u' },
  Arena: { rep: 'i32', stored: 'i32' },
};

/** The local a stored component is loaded into. */
export function repOf(stored: Stored): Rep {
  return stored === 'i8s' || stored === 'i8u' || stored === 'i16s' || stored === 'i16u' ? 'i32' : stored;
}

/** True for products whose values are flat: copied, without identity, never on the heap. */
export function isFlat(type: Type): boolean {
  return type.kind === 'named' && isFlatDefinition(type.definition);
}

/** True for a fixed array, which is flat: its elements are its fields. */
export function isArray(type: Type): boolean {
  return arrayLength(type) !== undefined;
}

/** A struct's, value's, tuple's or array's fields at concrete types. */
export function fieldsOf(type: Type): { name: string; type: Type }[] {
  if (type.kind !== 'named') return [];
  if (type.definition.name === 'Tuple' && type.definition.kind === 'builtin') {
    return type.args.map((t, i) => ({ name: String(i), type: t }));
  }
  const length = arrayLength(type);
  if (length !== undefined)
    return Array.from({ length }, (_, i) => ({ name: String(i), type: elementOf(type) }));
  const substitution = bind(type.definition.parameters, type.args);
  return type.definition.fields.map((f) => ({ name: f.name, type: concrete(f.type, substitution) }));
}

/** The components of a concrete type, in order. Unit has none. */
export function components(type: Type): readonly Component[] {
  if (type.kind === 'function') return [ADDRESS];
  if (type.kind !== 'named') throw new Error(`${typeName(type)} is not concrete`);
  const number = NUMBERS[type.definition.name];
  if (type.definition.kind === 'builtin') {
    if (number !== undefined) return [{ name: '', ...number }];
    if (type.definition.name === 'Unit') return [];
  }
  if (isFlat(type)) {
    const parts = fieldsOf(type).flatMap((field) => inside(field.name, components(field.type)));
    return isArray(type) ? parts.map((part) => ({ ...part, indexed: true })) : parts;
  }
  return type.definition.kind === 'sum' ? sumOf(type).components : [ADDRESS];
}

export const ADDRESS: Component = { name: '', rep: 'ref', stored: 'ref' };

/** Components of a part, named by the path that leads to them. */
export function inside(name: string, parts: readonly Component[]): Component[] {
  return parts.map((c) => ({ ...c, name: c.name === '' ? name : `${name}.${c.name}` }));
}

/** Where the components of one field begin in its flat type, and how many there are. */
export function componentRange(type: Type, field: string): { start: number; end: number; type: Type } {
  let start = 0;
  for (const f of fieldsOf(type)) {
    const end = start + components(f.type).length;
    if (f.name === field) return { start, end, type: f.type };
    start = end;
  }
  throw new Error(`${typeName(type)} has no field ${field}`);
}

/** The element type of a `(Vector a)`, `(MutVec a)` or `(Array n a)`. */
export function elementOf(type: Type): Type {
  if (type.kind !== 'named' || type.args.length === 0) throw new Error(`${typeName(type)} has no elements`);
  return type.args[0] as Type;
}

/** True for an `extern-type`, whose values are proxies of the host's objects. */
export function isHostObject(type: Type): boolean {
  return type.kind === 'named' && type.definition.kind === 'extern';
}

export function isNamed(type: Type, name: string): boolean {
  return type.kind === 'named' && type.definition.kind === 'builtin' && type.definition.name === name;
}

export const NUMERIC: ReadonlySet<string> = new Set([
  'i8',
  'i16',
  'i32',
  'i64',
  'u8',
  'u16',
  'u32',
  'u64',
  'f32',
  'f64',
]);

/** Name of the hidden field that says where an entity stands in its pool: index + 1; 0 outside; negative when leaving. */
export const POOL_SLOT = 'pool slot';

/**
 * The hidden fields of an entity that has a place: what it is attached to, whether anything ever was attached to it, the first of what
 * is attached to it, and its neighbours in that list of its parent's. No field of a script has a name with a space in it.
 */
export const PARENT = 'attached to';
export const CHILDREN = 'has children';
export const FIRST_CHILD = 'first child';
export const NEXT_CHILD = 'next child';
export const CHILD_BEFORE = 'child before';

export const KEPT = KEPT_PLACEMENT;

const HIDDEN: ReadonlySet<string> = new Set([
  PARENT,
  CHILDREN,
  FIRST_CHILD,
  NEXT_CHILD,
  CHILD_BEFORE,
  KEPT,
  POOL_SLOT,
]);

/** Whether a type's entities are drawn, or what is attached to them may be. */
export const isInterpolated = (type: Type): boolean =>
  type.kind === 'named' && type.definition.entity && (placeField(type) !== undefined || holdsSprite(type));

/** The object types of a program: each concrete type with identity, closure and buffer is laid out once. */
export class ObjectTypes {
  readonly all: ObjectType[] = [
    { id: 0, name: 'String', kind: 'string', size: STRING_DATA, fields: [], stride: 1, element: [] },
  ];
  readonly #known = new Map<string, ObjectType>();
  /** Hears of the types of what objects hold; returns their keys. */
  readonly #describe: (type: Type) => string;

  constructor(describe: (type: Type) => string) {
    this.#describe = describe;
  }

  /** A struct's layout. */
  struct(type: Type): ObjectType {
    return this.#intern(typeKey(type), () => {
      const definition = (type as { definition: TypeDefinition }).definition;
      const parts = fieldsOf(type).flatMap((f) => inside(f.name, components(f.type)));
      const place = placeField(type);
      if (place !== undefined)
        parts.push(...[PARENT, FIRST_CHILD, NEXT_CHILD, CHILD_BEFORE].map((name) => ({ ...ADDRESS, name })), {
          name: CHILDREN,
          rep: 'i32',
          stored: 'i32',
        });
      if (isInterpolated(type)) parts.push({ name: KEPT, rep: 'i32', stored: 'i32' });
      if (definition.entity) parts.push({ name: POOL_SLOT, rep: 'i32', stored: 'i32' });
      // At the same offsets in every type that has a place.
      const isFirst = ({ name }: Component): boolean =>
        place !== undefined && (HIDDEN.has(name) || name.startsWith(`${place.name}.`));
      return {
        name: typeName(type),
        kind: 'struct',
        ...layOut(parts, HEADER_SIZE, isFirst),
        stride: 0,
        element: [],
        of: { kind: 'struct', type: this.#describe(type) },
      };
    });
  }

  /** `(Vector a)`, and the buffer of a `(MutVec a)`. Elements lie in declared order, so that a host can read them. */
  vector(element: Type): ObjectType {
    return this.#intern(`(Vector ${typeKey(element)})`, () => {
      const parts = components(element);
      let offset = 0;
      let alignment = 1;
      const fields: Field[] = [];
      for (const part of parts) {
        const size = storedSize(part.stored);
        offset = align(offset, size);
        fields.push(field(part, offset));
        offset += size;
        alignment = Math.max(alignment, size);
      }
      return {
        name: `(Vector ${typeName(element)})`,
        kind: 'vector',
        size: VECTOR_DATA,
        fields: [],
        stride: align(offset, alignment),
        element: fields,
        of: { kind: 'elements', type: this.#describe(element) },
      };
    });
  }

  /** A vector that is a tree, whatever its elements are: drawn in `heap/layout.ts`. */
  rope(): ObjectType {
    return this.#intern('(Rope)', () => ({
      name: 'Vector',
      kind: 'rope',
      size: ROPE_SIZE,
      fields: [
        { name: 'zero', offset: VECTOR_LENGTH, stored: 'i32' },
        { name: 'length', offset: ROPE_LENGTH, stored: 'i32' },
        { name: 'height', offset: ROPE_HEIGHT, stored: 'i32' },
        { name: 'left', offset: ROPE_LEFT, stored: 'ref' },
        { name: 'right', offset: ROPE_RIGHT, stored: 'ref' },
      ],
      stride: 0,
      element: [],
    }));
  }

  mutVector(element: Type): ObjectType {
    return this.#intern(`(MutVec ${typeKey(element)})`, () => ({
      name: `(MutVec ${typeName(element)})`,
      kind: 'mut-vector',
      size: MUT_VECTOR_SIZE,
      fields: [
        { name: 'length', offset: 4, stored: 'i32' },
        { name: 'buffer', offset: 8, stored: 'ref' },
      ],
      stride: 0,
      element: [],
      of: { kind: 'mut-vector', type: this.#describe(element) },
    }));
  }

  /** What owns a value, or has a share of it: drawn in `heap/layout.ts`. */
  owned(type: Type): ObjectType {
    return this.#intern(typeKey(type), () => ({
      name: typeName(type),
      kind: 'struct',
      size: OWNED_SIZE,
      fields: [
        { name: 'subject', offset: OWNED_SUBJECT, stored: 'ref' },
        { name: 'type', offset: OWNED_TYPE, stored: 'ref' },
        { name: 'place', offset: OWNED_PLACE, stored: 'ref' },
        { name: 'shares', offset: OWNED_SHARES, stored: isShared(type) ? 'ref' : 'i32' },
        { name: 'slot', offset: OWNED_SLOT, stored: 'i32' },
        { name: 'loans', offset: OWNED_LOANS, stored: 'i32' },
        { name: 'region', offset: OWNED_REGION, stored: 'i32' },
      ],
      stride: 0,
      element: [],
      of: { kind: 'struct', type: this.#describe(type) },
    }));
  }

  /** A sequence that grows by chunks; a chunk is a `(Vector a)`. Drawn in `heap/mutator/segments.ts`. */
  segments(element: Type): ObjectType {
    return this.#intern(`(Segments ${typeKey(element)})`, () => ({
      name: `(Segments ${typeName(element)})`,
      kind: 'segmented',
      size: MUT_VECTOR_SIZE,
      fields: [
        { name: 'length', offset: 4, stored: 'i32' },
        { name: 'directory', offset: 8, stored: 'ref' },
      ],
      stride: 0,
      element: [],
      of: { kind: 'segments', type: this.#describe(element) },
    }));
  }

  /** The chunks of a segmented sequence, whatever is in them. */
  directory(): ObjectType {
    return this.#intern('(Directory)', () => ({
      name: '(Directory)',
      kind: 'other',
      size: VECTOR_DATA,
      fields: [],
      stride: 4,
      element: [{ name: '', offset: 0, stored: 'ref' }],
    }));
  }

  /** A variant of a sum whose values are objects: [descriptor] [tag] [fields ...]. */
  variant(type: Type, variant: string, fields: readonly Component[]): ObjectType {
    return this.#intern(`${typeKey(type)} ${variant}`, () => ({
      name: `${typeName(type)} ${variant}`,
      kind: 'other',
      ...layOut([TAG, ...fields], HEADER_SIZE),
      stride: 0,
      element: [],
      of: { kind: 'variant', type: this.#describe(type), variant },
    }));
  }

  /** `captures` says of what the components are. */
  closure(
    key: string,
    name: () => string,
    parts: readonly Component[],
    captures: readonly { readonly name: string; readonly type?: Type; readonly count: number }[],
  ): ObjectType {
    return this.#intern(`closure ${key}`, () => {
      let first = 0;
      const described = captures.map((capture): Capture => {
        const own = parts.slice(first, first + capture.count);
        first += capture.count;
        const type = capture.type === undefined ? undefined : this.#describe(capture.type);
        return { name: capture.name, type, components: own.map((part) => part.stored) };
      });
      return {
        // It says where the function stands, which an edit elsewhere may move.
        get name() {
          return name();
        },
        kind: 'closure',
        ...layOut(parts, CLOSURE_CAPTURES),
        stride: 0,
        element: [],
        of: { kind: 'closure', captures: described },
      };
    });
  }

  /** The next closure of this key may capture something else. What is known of the one there is stays. */
  forgetClosure(key: string): void {
    this.#known.delete(`closure ${key}`);
  }

  #intern(key: string, make: () => Omit<ObjectType, 'id'>): ObjectType {
    let type = this.#known.get(key);
    if (type === undefined) {
      type = Object.assign(make(), { id: this.all.length });
      this.all.push(type);
      this.#known.set(key, type);
    }
    return type;
  }
}

/** A boxed variant's tag is its first field, so it lies at the same place in every variant. */
const TAG: Component = { name: 'tag', rep: 'i32', stored: 'i32' };

/**
 * Offsets without holes where that is possible: some fields first, and of each kind 8-byte ones before smaller ones, which fill up what is left.
 * What is of an array fills no hole: an element is found by adding.
 */
function layOut(
  parts: readonly Component[],
  start: number,
  isFirst: (part: Component) => boolean = () => false,
): { size: number; fields: Field[] } {
  const offsets = new Array<number>(parts.length);
  let end = start;
  for (const first of [true, false]) {
    const group = [...parts.keys()].filter((i) => isFirst(parts[i] as Component) === first);
    const ofSize = (size: number) => group.filter((i) => storedSize((parts[i] as Component).stored) === size);
    let front = end; // next free byte before the 8-byte fields
    if (ofSize(8).length > 0) end = align(end, 8);
    const frontEnd = end;
    for (const i of ofSize(8)) {
      offsets[i] = end;
      end += 8;
    }
    for (const size of [4, 2, 1]) {
      for (const i of ofSize(size)) {
        if (parts[i]?.indexed !== true && align(front, size) + size <= frontEnd) {
          offsets[i] = align(front, size);
          front = offsets[i] + size;
        } else {
          offsets[i] = align(end, size);
          end = offsets[i] + size;
        }
      }
    }
  }
  return { size: end, fields: parts.map((p, i) => field(p, offsets[i] as number)) };
}

function field({ name, stored }: Component, offset: number): Field {
  return { name, offset, stored };
}

const align = (offset: number, to: number): number => Math.ceil(offset / to) * to;
