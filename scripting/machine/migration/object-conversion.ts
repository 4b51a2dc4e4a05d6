/** How the objects of a type of an earlier version become objects of the new one: by what they are objects of, and by names. */
import {
  KEPT_PLACEMENT,
  type KeptField,
  type KeptFunction,
  type KeptType,
  type KeptVariant,
  type ObjectOf,
  type TypeEntry,
} from '../../image/index.ts';
import type { Types } from '../kept.ts';
import { type Part, type Place, RecordConversion } from './record-conversion.ts';
import { fieldsOf, type Owner, type ValueConversions } from './value-conversion.ts';

/** What becomes of the objects of one type. */
export type ObjectConversion =
  /** They stay as they are. */
  | { readonly kind: 'none' }
  /** None can be: why. */
  | { readonly kind: 'impossible'; readonly reason: string }
  /** Each becomes one of the type with this number. */
  | {
      readonly kind: 'fixed';
      readonly type: number;
      readonly record: RecordConversion;
      readonly tag?: number;
      /** Of a closure: whose code it has then, by the slots of the new version. */
      readonly slot?: number;
    }
  | {
      readonly kind: 'elements';
      readonly type: number;
      readonly record: RecordConversion;
      /** What stays of an element that is out of use; nothing where that is not said. */
      readonly unused?: RecordConversion;
    }
  /** Its chunks are converted by themselves; they may have room for another number of elements then. */
  | { readonly kind: 'segments' };

/** What object types a version has. */
export interface Version {
  readonly types: readonly TypeEntry[];
  readonly kept: Types;
  readonly functions: readonly KeptFunction[];
  /** The slot, in the new version, of the function that takes the place of that of a type's closures. */
  successor(entry: TypeEntry): number | undefined;
}

const NONE: ObjectConversion = { kind: 'none' };

/** Bytes of a whole chunk of segments, at most, and its elements where they take no room: as `lower/segments.ts` has it. */
const CHUNK_BYTES = 8192;
const MOST_ELEMENTS = 4096;

/** Whether it is the type of an immutable map's entries, as `library/prelude/maps.slu` has it: of `hash`, `chain`, `live`, key and value. */
export const isMapEntry = (type: string): boolean => type.startsWith('(prelude.%Entry ');

/** Components of an entry before its key. */
export const ENTRY_LINKS = 3;

export const shiftOf = (stride: number): number =>
  Math.max(2, Math.floor(Math.log2(stride === 0 ? MOST_ELEMENTS : CHUNK_BYTES / stride)));

export class ObjectConversions {
  readonly #next: Version;
  readonly #byKey: ReadonlyMap<string, number>;

  constructor(next: Version) {
    this.#next = next;
    this.#byKey = new Map(
      next.types.flatMap(({ of }, id) => (of === undefined ? [] : [[objectKey(of), id] as const])),
    );
  }

  /** What becomes of the objects of a type of `version`, by whose values `values` goes. */
  find(version: Version, entry: TypeEntry, values: ValueConversions): ObjectConversion {
    const { of } = entry;
    if (of === undefined || of.kind === 'mut-vector') return NONE;
    if (of.kind === 'closure') return this.#closure(of, version, entry, values);
    const was = version.kept.get(of.type);
    const is = this.#next.kept.get(of.type);
    // A type that the new version does not have: nothing of it leads there.
    if (was === undefined || is === undefined) return NONE;
    // Chunks may be of other versions than the sequence, which stays the object that it is.
    if (of.kind === 'segments') return { kind: 'segments' };
    if (of.kind === 'elements')
      return values.isSame(of.type) ? NONE : this.#elements(of.type, entry, was, is, values);
    if (of.kind === 'struct') return this.#struct(of, entry, was, is, values);
    return this.#variant(of, entry, was, is, values);
  }

  #target(of: ObjectOf): { readonly id: number; readonly entry: TypeEntry } | undefined {
    const id = this.#byKey.get(objectKey(of));
    return id === undefined ? undefined : { id, entry: this.#next.types[id] as TypeEntry };
  }

  #elements(
    type: string,
    entry: TypeEntry,
    was: KeptType,
    is: KeptType,
    values: ValueConversions,
  ): ObjectConversion {
    const target = this.#target({ kind: 'elements', type });
    if (target === undefined) return NONE;
    const convert = values.between(type, type, `a \`${is.name}\``);
    const places = placesOf(target.entry, is.components);
    const from = placesOf(entry, was.components);
    const record = new RecordConversion([{ places, from, convert }]);
    if (!isMapEntry(type)) return { kind: 'elements', type: target.id, record };
    // Entries with the same hash are found one by the other, those that were taken out too.
    const [own, before] = [places, from].map((all) => all.slice(0, ENTRY_LINKS)) as [Place[], Place[]];
    const unused = new RecordConversion([{ places: own, from: before }]);
    return { kind: 'elements', type: target.id, record, unused };
  }

  #struct(
    of: Extract<ObjectOf, { kind: 'struct' }>,
    entry: TypeEntry,
    was: KeptType,
    is: KeptType,
    values: ValueConversions,
  ): ObjectConversion {
    const target = this.#target(of);
    if (was.form.kind !== 'struct' || target === undefined) return NONE;
    const name = `\`${is.name}\``;
    if (is.form.kind !== 'struct') return impossible(`${name} was a reference and is a value`);
    if (was.form.entity !== is.form.entity)
      return impossible(
        `${name} was ${was.form.entity ? 'an entity' : 'none'} and is ${is.form.entity ? 'one' : 'none'}`,
      );
    if (was.form.place !== is.form.place)
      return impossible(`${name} has its place elsewhere, if it has one: what is attached would be lost`);
    const owner = { type: is.key, name };
    const parts = this.#parts(owner, entry, target.entry, [fieldsOf(was), fieldsOf(is)], values);
    return converted(target.id, parts, entry, target.entry);
  }

  #variant(
    of: Extract<ObjectOf, { kind: 'variant' }>,
    entry: TypeEntry,
    was: KeptType,
    is: KeptType,
    values: ValueConversions,
  ): ObjectConversion {
    if (was.form.kind !== 'sum' || is.form.kind !== 'sum')
      return impossible(`\`${is.name}\` is no sum any more`);
    // What holds it takes it apart.
    if (is.form.held !== 'boxed') return NONE;
    const target = this.#target(of);
    const tag = is.form.variants.findIndex(({ name }) => name === of.variant);
    const old = was.form.variants.find(({ name }) => name === of.variant);
    if (target === undefined || tag < 0 || old === undefined)
      return impossible(`\`${of.variant}\` is no variant of \`${is.name}\` any more`);
    const owner = { type: is.key, variant: of.variant, name: `\`${of.variant}\` of \`${is.name}\`` };
    const fields = [old.fields, (is.form.variants[tag] as KeptVariant).fields] as const;
    const parts = this.#parts(owner, entry, target.entry, fields, values, 1);
    const oldTag = was.form.variants.indexOf(old);
    const found = converted(target.id, parts, entry, target.entry);
    if (found.kind === 'none' && oldTag === tag) return found;
    return { kind: 'fixed', type: target.id, record: parts.record, tag };
  }

  #closure(
    { captures }: Extract<ObjectOf, { kind: 'closure' }>,
    version: Version,
    entry: TypeEntry,
    values: ValueConversions,
  ): ObjectConversion {
    if (captures.every(({ type }) => type === undefined || values.isSame(type))) return NONE;
    const slot = version.successor(entry);
    const id = slot === undefined ? undefined : this.#next.functions[slot]?.object;
    const target = id === undefined ? undefined : this.#next.types[id];
    if (slot === undefined || id === undefined || target?.of?.kind !== 'closure') return NONE;
    const parts: Part[] = [];
    let at = 0;
    let next = 0;
    for (const [i, { name, type, components }] of captures.entries()) {
      const now = target.of.captures[i]?.components ?? [];
      const from = placesAt(entry, at, components);
      const places = placesAt(target, next, now);
      at += components.length;
      next += now.length;
      if (type === undefined || values.isSame(type)) parts.push({ places, from });
      else
        parts.push({
          places,
          from,
          convert: values.between(type, type, `\`${name}\`, which a function has taken along,`),
        });
    }
    return { kind: 'fixed', type: id, record: new RecordConversion(parts), slot };
  }

  /** The parts of a struct or a variant; `first` components before the fields are nobody's. */
  #parts(
    owner: Owner,
    entry: TypeEntry,
    target: TypeEntry,
    [was, now]: readonly [readonly KeptField[], readonly KeptField[]],
    values: ValueConversions,
    first = 0,
  ): { readonly record: RecordConversion } {
    const old = new Map<string, readonly Place[]>();
    let at = first;
    for (const { name, type } of was) {
      const components = values.componentsBefore(type);
      old.set(name, placesAt(entry, at, components));
      at += components.length;
    }
    const parts: Part[] = [];
    let next = first;
    for (const field of now) {
      const components = this.#next.kept.get(field.type)?.components ?? [];
      const places = placesAt(target, next, components);
      next += components.length;
      const before = was.find(({ name }) => name === field.name);
      if (before?.type === field.type && values.isSame(field.type)) {
        parts.push({ places, from: old.get(field.name) ?? [] });
      } else {
        const { reads, convert } = values.field(owner, was, field);
        parts.push({ places, from: reads.flatMap(({ name }) => old.get(name) ?? []), convert });
      }
    }
    // What the compiler keeps in an object besides stays what it is.
    for (const { name, offset, rep } of target.fields.slice(next)) {
      const hidden = entry.fields.slice(at).find((field) => field.name === name);
      if (hidden === undefined || name === KEPT_PLACEMENT || (rep !== 'ref' && rep !== 'i32')) continue;
      parts.push({ places: [{ stored: rep, offset }], from: [{ stored: rep, offset: hidden.offset }] });
    }
    return { record: new RecordConversion(parts) };
  }
}

const impossible = (reason: string): ObjectConversion => ({ kind: 'impossible', reason });

function converted(
  type: number,
  { record }: { readonly record: RecordConversion },
  was: TypeEntry,
  is: TypeEntry,
): ObjectConversion {
  return record.isNothing && was.fields.length === is.fields.length ? NONE : { kind: 'fixed', type, record };
}

const objectKey = (of: ObjectOf): string =>
  of.kind === 'closure' ? '' : `${of.kind} ${of.type} ${of.kind === 'variant' ? of.variant : ''}`;

const placesOf = (entry: TypeEntry, components: KeptType['components']): readonly Place[] =>
  placesAt(entry, 0, components);

/** Where components lie, the first of which is that field of the entry. */
function placesAt(
  { fields }: TypeEntry,
  first: number,
  components: KeptType['components'],
): readonly Place[] {
  return components.map((stored, i) => ({ stored, offset: fields[first + i]?.offset ?? 0 }));
}
