/** What conversions ask: what `migrate` and defaults compute, and what the objects of boxed sums hold. */
import { GRANULE_SIZE, HEADER_SIZE } from '../../heap/index.ts';
import type { KeptType, TypeEntry } from '../../image/index.ts';
import { components, type Raw } from '../convert.ts';
import { read, write } from './memory.ts';
import type { Site } from './site.ts';
import type { FieldRule, Owner, ValueConversions, World } from './value-conversion.ts';
import type { Remembered } from './version-types.ts';

/** What is known of the objects of all versions. */
interface Objects {
  readonly next: Remembered;
  /** What the objects of a descriptor are; undefined for what is of no version's type. */
  of(descriptor: number):
    | {
        readonly version: Pick<Remembered, 'kept'>;
        readonly entry: TypeEntry;
        readonly values: ValueConversions;
      }
    | undefined;
  layoutOf(type: string): string | undefined;
}

export function worldOf(objects: Objects, site: Site): World {
  const { next } = objects;
  return {
    rule: (owner, field) => ruleOf(next, site, owner, field),
    without: (owner, field) => next.kept.get(owner.type)?.without?.find(isOf(owner, field))?.reason,
    variantAt: (address) => variantAt(objects, site, address),
    layoutOf: (type) => objects.layoutOf(type),
    makeVariant: (type, variant, parts) => makeVariant(next, site, type, variant, parts),
  };
}

const isOf =
  ({ variant }: Owner, field: string) =>
  (one: { readonly variant?: string; readonly field: string }): boolean =>
    one.field === field && one.variant === variant;

function ruleOf(next: Remembered, site: Site, owner: Owner, field: string): FieldRule | undefined {
  const type = next.kept.get(owner.type);
  const found = type?.fieldDefaults?.find(isOf(owner, field));
  if (type === undefined || found === undefined) return undefined;
  const reads = found.reads.map((read) => ({ name: read.field, type: read.type }));
  const zeros = zerosOf(type, owner, field, next);
  return {
    by: found.by,
    reads,
    compute: (given) => {
      const { program } = site;
      if (program === undefined) return zeros;
      const made = site.target.calls.guard(() => components(program.need(found.export)(...given)));
      site.into.refresh();
      return made;
    },
  };
}

function variantAt(objects: Objects, { from }: Site, address: number): ReturnType<World['variantAt']> {
  const known = objects.of(from.word(address));
  const of = known?.entry.of;
  if (known === undefined || of?.kind !== 'variant') throw new Error('this is no variant of a sum');
  const { kept } = known.version;
  const form = kept.get(of.type)?.form;
  const variant = form?.kind === 'sum' ? form.variants.find(({ name }) => name === of.variant) : undefined;
  if (variant === undefined) throw new Error(`${of.variant} is no variant in its own version`);
  const stored = variant.fields.flatMap(({ type }) => kept.get(type)?.components ?? []);
  // The first of its fields is the tag.
  const parts = stored.map((part, i) => read(from, part, address + (known.entry.fields[i + 1]?.offset ?? 0)));
  return { variant, components: parts, values: known.values };
}

function makeVariant(
  next: Remembered,
  site: Site,
  type: string,
  variant: string,
  parts: readonly Raw[],
): number {
  if (site.program === undefined) return GRANULE_SIZE;
  const id = next.types.findIndex(
    ({ of }) => of?.kind === 'variant' && of.type === type && of.variant === variant,
  );
  const form = next.kept.get(type)?.form;
  const variants = form?.kind === 'sum' ? form.variants : [];
  const tag = variants.findIndex(({ name }) => name === variant);
  const stored = (variants[tag]?.fields ?? []).flatMap(
    (field) => next.kept.get(field.type)?.components ?? [],
  );
  const object = site.make(site.descriptorOf(id), 0);
  const { fields } = next.types[id] as TypeEntry;
  site.into.setWord(object + HEADER_SIZE, tag);
  stored.forEach((part, i) => {
    write(site.into, part, object + (fields[i + 1]?.offset ?? 0), parts[i] as Raw);
  });
  return object;
}

/** What a field is while nothing has computed it. */
function zerosOf(
  { form }: KeptType,
  { variant }: Owner,
  field: string,
  { kept }: Remembered,
): readonly Raw[] {
  const fields =
    form.kind === 'sum'
      ? (form.variants.find(({ name }) => name === variant)?.fields ?? [])
      : form.kind === 'flat' || form.kind === 'struct'
        ? form.fields
        : [];
  const type = fields.find(({ name }) => name === field)?.type;
  const parts = type === undefined ? [] : (kept.get(type)?.components ?? []);
  return parts.map((stored) => (stored === 'i64' ? 0n : 0));
}
