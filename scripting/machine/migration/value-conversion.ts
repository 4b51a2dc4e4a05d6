/**
 * How values of a type of the version before become values of a type of the new one: as lists of components. Fields and variants are
 * matched by their names. What a field has not been before comes from what its declaration or `migrate` says; a number takes
 * another type where it stays the same number; what is `(Some x)` now may have been x.
 *
 * An address stays the same here: objects are converted by themselves (`object-conversion.ts`), but for variants of a sum that were
 * objects and are none any more, or the other way round. Variants have no identity.
 */
import type { KeptField, KeptForm, KeptType, KeptVariant, Stored } from '../../image/index.ts';
import type { Raw } from '../convert.ts';
import type { Types } from '../kept.ts';
import { convertNumber, isNumber, numberText } from './numbers.ts';

/** Why a value cannot be converted, in words. */
export class Unconvertible extends Error {
  override readonly name = 'Unconvertible';
}

/** Reads components from `from`, beginning `at`, and appends those that they become. */
export type Convert = (from: readonly Raw[], at: number, to: Raw[]) => void;

/** Whose fields: those of a type, or of one variant of it. */
export interface Owner {
  /** The type's key. */
  readonly type: string;
  readonly variant?: string;
  /** In messages. */
  readonly name: string;
}

/** What a new field begins with. */
export interface FieldRule {
  readonly by: 'migrate' | 'default';
  /** What it goes by of the old object: fields, with the keys of the types that they must have had. */
  readonly reads: readonly KeptField[];
  /** Computes its components. */
  readonly compute: (components: readonly Raw[]) => readonly Raw[];
}

/** What conversions need of the program and its heap. */
export interface World {
  /** What the new version says of a field; undefined where it says nothing. */
  rule(owner: Owner, field: string): FieldRule | undefined;
  /** Why it offers nothing for a field that has a default. */
  without(owner: Owner, field: string): string | undefined;
  /** The variant that an object of a boxed sum is, as its own version has it, which may be another than that of what holds it. */
  variantAt(address: number): {
    readonly variant: KeptVariant;
    readonly components: readonly Raw[];
    /** Conversions of that version's values. */
    readonly values: ValueConversions;
  };
  /** How values of a type lie that live; undefined where no version knows the type. */
  layoutOf(type: string): string | undefined;
  /** A new object for a variant of a boxed sum. */
  makeVariant(type: string, variant: string, components: readonly Raw[]): number;
}

type Sum = Extract<KeptForm, { kind: 'sum' }>;

export class ValueConversions {
  readonly #was: Types;
  readonly #is: Types;
  readonly #world: World;
  readonly #same = new Map<string, boolean>();
  readonly #known = new Map<string, Convert>();
  readonly #variants = new Map<KeptVariant, Convert>();

  constructor(was: Types, is: Types, world: World) {
    this.#was = was;
    this.#is = is;
    this.#world = world;
  }

  /** Whether values of a type lie as they did, and mean the same, wherever they lie flat. */
  isSame(key: string): boolean {
    const known = this.#same.get(key);
    if (known !== undefined) return known;
    const was = this.#was.get(key);
    const is = this.#is.get(key);
    const same = was !== undefined && is !== undefined && this.#compare(was, is);
    this.#same.set(key, same);
    return same;
  }

  #compare(was: KeptType, is: KeptType): boolean {
    if (was.components.join() !== is.components.join() || was.form.kind !== is.form.kind) return false;
    if (was.form.kind === 'flat') return this.#sameFields(was.form.fields, fieldsOf(is));
    if (was.form.kind === 'plain') return was.layout === is.layout;
    if (was.form.kind === 'struct') return isEntity(was) === isEntity(is);
    const { held, variants } = was.form;
    const next = is.form as Sum;
    if (held !== next.held) return false;
    if (held === 'boxed') return true;
    return (
      variants.length === next.variants.length &&
      variants.every((variant, i) => {
        const other = next.variants[i] as KeptVariant;
        return (
          variant.name === other.name &&
          variant.at.join() === other.at.join() &&
          this.#sameFields(variant.fields, other.fields)
        );
      })
    );
  }

  #sameFields(was: readonly KeptField[], is: readonly KeptField[]): boolean {
    return (
      was.length === is.length &&
      was.every(({ name, type }, i) => name === is[i]?.name && type === is[i]?.type && this.isSame(type))
    );
  }

  /** How a value of the one type becomes one of the other. `where` is what is converted, for messages. */
  between(from: string, to: string, where: string): Convert {
    const key = `${from}\n${to}\n${where}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = this.#make(from, to, where);
    this.#known.set(key, made);
    return made;
  }

  /** The components of a type of the version before. */
  componentsBefore(key: string): readonly Stored[] {
    return this.#was.get(key)?.components ?? [];
  }

  #make(from: string, to: string, where: string): Convert {
    const was = this.#was.get(from);
    const is = this.#is.get(to);
    if (was === undefined || is === undefined) return fails(`${where} has a type without end`);
    const count = was.components.length;
    if (from === to && this.isSame(from)) return (components, at, into) => copy(components, at, count, into);
    if (isNumber(from) && isNumber(to)) return numberConversion(from, to, where);
    const some = from === to ? undefined : wrapping(is, from);
    if (some !== undefined) return this.#wrap(is, some, where);
    if (from !== to) return fails(`${where} was ${was.name} and is ${is.name}`);
    const forms = [was.form.kind, is.form.kind].join(' ');
    if (forms === 'flat flat') {
      const convert = this.fields({ type: is.key, name: `\`${is.name}\`` }, fieldsOf(was), fieldsOf(is));
      return (components, at, into) => convert(components, at, into);
    }
    if (forms === 'sum sum') return this.#sum(was, is);
    if (forms === 'plain plain') return fails(`\`${is.name}\` is something else now`);
    return fails(`\`${is.name}\` was ${kindText(was)} and is ${kindText(is)}`);
  }

  /** How fields become those of the new version, the old ones' components standing together. */
  fields(owner: Owner, was: readonly KeptField[], is: readonly KeptField[]): Convert {
    const starts = this.#starts(was);
    const steps = is.map((field) => {
      const { reads, convert } = this.field(owner, was, field);
      const parts = reads.map(({ name, type: of }) => ({
        start: starts.get(name) as number,
        count: this.componentsBefore(of).length,
      }));
      return { parts, convert };
    });
    return (components, at, into) => {
      for (const { parts, convert } of steps) {
        const [only] = parts;
        if (parts.length === 1 && only !== undefined) {
          convert(components, at + only.start, into);
          continue;
        }
        const given: Raw[] = [];
        for (const { start, count } of parts) copy(components, at + start, count, given);
        convert(given, 0, into);
      }
    };
  }

  /** How one field comes to its new value: of which old ones, whose components stand in a row. */
  field(
    owner: Owner,
    was: readonly KeptField[],
    { name, type: to }: KeptField,
  ): { readonly reads: readonly KeptField[]; readonly convert: Convert } {
    const old = was.find((field) => field.name === name);
    const where = `field \`${name}\` of ${owner.name}`;
    // A field that keeps its name and type keeps its value, so that a rule may stay in the text after it has done its work.
    const rule = old?.type === to ? undefined : this.#world.rule(owner, name);
    if (rule !== undefined && (rule.by === 'migrate' || old === undefined))
      return this.#ruled(rule, was, where, owner.name);
    if (old === undefined) {
      const why = this.#world.without(owner, name);
      const lack = why === undefined ? 'has no default' : `its default does not do for live objects: ${why}`;
      return { reads: [], convert: fails(`${where} is new, and ${lack}`) };
    }
    return { reads: [old], convert: this.between(old.type, to, where) };
  }

  #ruled(
    rule: FieldRule,
    was: readonly KeptField[],
    where: string,
    owner: string,
  ): { readonly reads: readonly KeptField[]; readonly convert: Convert } {
    for (const { name, type } of rule.reads) {
      const found = was.find((field) => field.name === name);
      const asked = this.#is.get(type)?.name ?? type;
      const refuse = (reason: string) => ({ reads: [], convert: fails(reason) });
      if (found === undefined)
        return refuse(`\`migrate\` asks for field \`${name}\` of ${owner}, which had none`);
      if (found.type !== type)
        return refuse(
          `\`migrate\` takes field \`${name}\` of ${owner} for ${asked}, and it was ${this.#was.get(found.type)?.name}`,
        );
      if (!this.#isUntouched(type))
        return refuse(
          `\`migrate\` goes by field \`${name}\` for ${where}, and its type ${asked} changes too`,
        );
    }
    const count = rule.reads.reduce((sum, { type }) => sum + this.componentsBefore(type).length, 0);
    return {
      reads: rule.reads,
      convert: (components, at, into) => into.push(...rule.compute(components.slice(at, at + count))),
    };
  }

  /** Whether nothing that values of a type lead to has another layout. */
  #isUntouched(key: string): boolean {
    const seen = new Set([key]);
    for (const next of seen) {
      const was = this.#was.get(next);
      const is = this.#is.get(next)?.layout;
      // What holds an object may be of an earlier version than the object: an address stays the same.
      if (was === undefined || was.layout !== is || this.#world.layoutOf(next) !== is) return false;
      for (const held of was.holds) seen.add(held);
    }
    return true;
  }

  #starts(fields: readonly KeptField[]): ReadonlyMap<string, number> {
    const starts = new Map<string, number>();
    let start = 0;
    for (const { name, type } of fields) {
      starts.set(name, start);
      start += this.componentsBefore(type).length;
    }
    return starts;
  }

  #sum(was: KeptType, is: KeptType): Convert {
    const old = was.form as Sum;
    const next = is.form as Sum;
    if (old.held === 'boxed' && next.held === 'boxed')
      return (components, at, into) => into.push(components[at] as Raw);
    const empty = old.variants.find(({ fields }) => fields.length === 0);
    const full = old.variants.find(({ fields }) => fields.length > 0);
    const count = was.components.length;
    return (components, at, into) => {
      const first = components[at] as number;
      // Room that was never used, in a table of the library's: no object has the address 0.
      if (old.held === 'boxed' && first === 0) return pushZeros(is.components, into);
      const { variant, parts, values } = this.#takeApart(old, components, at, count, { empty, full });
      const fields: Raw[] = [];
      values.#variant(is, variant)(parts, 0, fields);
      this.#put(is, variant.name, fields, into);
    };
  }

  /** The variant that a value is, and its fields' components. */
  #takeApart(
    { held, variants }: Sum,
    components: readonly Raw[],
    at: number,
    count: number,
    { empty, full }: { readonly empty: KeptVariant | undefined; readonly full: KeptVariant | undefined },
  ): { readonly variant: KeptVariant; readonly parts: readonly Raw[]; readonly values: ValueConversions } {
    const first = components[at] as number;
    if (held === 'boxed') {
      const { variant, components: parts, values } = this.#world.variantAt(first);
      return { variant, parts, values };
    }
    if (held === 'nullable')
      return first === 0
        ? { variant: empty as KeptVariant, parts: [], values: this }
        : { variant: full as KeptVariant, parts: components.slice(at, at + count), values: this };
    const variant = variants[first] as KeptVariant;
    return { variant, parts: variant.at.map((place) => components[at + place] as Raw), values: this };
  }

  /** How the fields of an old variant become those that the variant has now. */
  #variant(is: KeptType, variant: KeptVariant): Convert {
    const known = this.#variants.get(variant);
    if (known !== undefined) return known;
    const made = this.#makeVariant(is, variant);
    this.#variants.set(variant, made);
    return made;
  }

  #makeVariant(is: KeptType, { name, fields }: KeptVariant): Convert {
    const found = (is.form as Sum).variants.find((variant) => variant.name === name);
    if (found === undefined) return fails(`\`${name}\` is no variant of \`${is.name}\` any more`);
    const owner = { type: is.key, variant: name, name: `\`${name}\` of \`${is.name}\`` };
    return this.fields(owner, fields, found.fields);
  }

  /** Appends a value of a sum of the new version, made of a variant's fields. */
  #put(is: KeptType, name: string, fields: readonly Raw[], into: Raw[]): void {
    const { held, variants } = is.form as Sum;
    const tag = variants.findIndex((variant) => variant.name === name);
    if (held === 'boxed') {
      into.push(this.#world.makeVariant(is.key, name, fields));
    } else if (held === 'nullable') {
      into.push(fields[0] ?? 0);
    } else {
      const start = into.length;
      pushZeros(is.components, into);
      into[start] = tag;
      (variants[tag] as KeptVariant).at.forEach((place, i) => {
        into[start + place] = fields[i] as Raw;
      });
    }
  }

  #wrap(is: KeptType, variant: KeptVariant, where: string): Convert {
    const [field] = variant.fields as readonly [KeptField];
    const convert = this.between(field.type, field.type, where);
    return (components, at, into) => {
      const fields: Raw[] = [];
      convert(components, at, fields);
      this.#put(is, variant.name, fields, into);
    };
  }
}

function numberConversion(from: string, to: string, where: string): Convert {
  return (components, at, into) => {
    const value = components[at] as Raw;
    const converted = convertNumber(value, from, to);
    if (converted === undefined)
      throw new Unconvertible(`${where} was ${from} and is ${to}, which has no ${numberText(value, from)}`);
    into.push(converted);
  };
}

/** The variant of an Option that holds a value of the type. */
function wrapping({ key, form }: KeptType, type: string): KeptVariant | undefined {
  if (form.kind !== 'sum' || key !== `(prelude.Option ${type})`) return undefined;
  return form.variants.find(({ fields }) => fields.length === 1);
}

const fails =
  (reason: string): Convert =>
  () => {
    throw new Unconvertible(reason);
  };

function copy(from: readonly Raw[], at: number, count: number, to: Raw[]): void {
  for (let i = at; i < at + count; i++) to.push(from[i] as Raw);
}

function pushZeros(components: readonly Stored[], into: Raw[]): void {
  for (const stored of components) into.push(stored === 'i64' ? 0n : 0);
}

export const fieldsOf = ({ form }: KeptType): readonly KeptField[] =>
  form.kind === 'flat' || form.kind === 'struct' ? form.fields : [];

const isEntity = ({ form }: KeptType): boolean => form.kind === 'struct' && form.entity;

function kindText({ form }: KeptType): string {
  switch (form.kind) {
    case 'struct':
      return form.entity ? 'an entity' : 'a struct';
    case 'flat':
      return 'a value';
    case 'sum':
      return 'a sum';
    case 'plain':
      return 'something else';
  }
}
