/** What is known of the objects of all versions, by their descriptors, and what becomes of them in a new one. */
import { GRANULE_SIZE } from '../../heap/index.ts';
import type { TypeEntry } from '../../image/index.ts';
import type { FunctionPlan } from '../function-values.ts';
import type { Types } from '../kept.ts';
import { type ObjectConversion, ObjectConversions } from './object-conversion.ts';
import type { Site } from './site.ts';
import { ValueConversions } from './value-conversion.ts';
import { type LinkedVersion, type Remembered, VersionTypes } from './version-types.ts';
import { worldOf } from './world.ts';

/** What is known of the objects of one descriptor. */
export interface Known {
  readonly version: VersionTypes;
  readonly entry: TypeEntry;
  readonly values: ValueConversions;
  readonly conversion: ObjectConversion;
}

/** A variant without data, in static memory, that becomes another. */
export interface Constant {
  readonly address: number;
  readonly conversion: ObjectConversion;
}

export class KnownObjects {
  readonly next: Remembered;
  readonly versions: readonly VersionTypes[];
  readonly #site: Site;
  readonly #byDescriptor = new Map<number, Known>();
  readonly #values = new Map<Types, ValueConversions>();

  /** `versions` are all whose objects may live; the running one is the last. */
  constructor(site: Site, versions: readonly LinkedVersion[], next: Remembered, functions: FunctionPlan) {
    this.next = next;
    this.#site = site;
    const objects = new ObjectConversions({ ...next, successor: () => undefined });
    this.versions = versions.map((version) => new VersionTypes(site.target.views, version, functions));
    for (const version of this.versions) {
      const values = this.valuesOf(version.kept);
      for (const [id, descriptor] of version.descriptors.entries()) {
        const entry = version.types[id];
        if (descriptor === 0 || entry === undefined) continue;
        const conversion = objects.find(version, entry, values);
        this.#byDescriptor.set(descriptor, { version, entry, values, conversion });
      }
    }
  }

  /** The conversions of values that lie as a version's. */
  valuesOf(types: Types): ValueConversions {
    const known = this.#values.get(types);
    if (known !== undefined) return known;
    const made = new ValueConversions(types, this.next.kept, worldOf(this, this.#site));
    this.#values.set(types, made);
    return made;
  }

  /** Undefined for what is of no version's type. */
  of(descriptor: number): Known | undefined {
    return this.#byDescriptor.get(descriptor);
  }

  /** How values of a type lie that live: all that did was converted for the last version that has it. */
  layoutOf(type: string): string | undefined {
    return this.versions.findLast(({ kept, failed }) => !failed && kept.has(type))?.kept.get(type)?.layout;
  }

  /** What the objects of a descriptor are; `next` are those of the new version, by type ids. */
  entryOf(descriptor: number, next: readonly number[]): TypeEntry | undefined {
    const known = this.of(descriptor);
    if (known !== undefined) return known.entry;
    const id = descriptor === 0 ? -1 : next.indexOf(descriptor);
    return id < 0 ? undefined : this.next.types[id];
  }

  /** Those of a version that do not stay what they are. */
  constantsOf(version: VersionTypes): readonly Constant[] {
    const found: Constant[] = [];
    for (let address = version.constants; ; address += GRANULE_SIZE) {
      const known = this.of(this.#site.from.word(address));
      if (known?.entry.of?.kind !== 'variant') return found;
      const { conversion } = known;
      if (conversion.kind !== 'none') found.push({ address, conversion });
    }
  }

  /** Why an object of a type of the new version cannot be where a constant lies; undefined where it can. */
  whyNoConstant(type: number): string | undefined {
    const { name, fields } = this.next.types[type] as TypeEntry;
    // Nothing looks into static memory for what is alive, or moves.
    if (fields.some(({ rep }) => rep === 'ref'))
      return `\`${name}\` was without data, and holds an object now`;
    const fits = fields.every(
      ({ offset, rep }) => offset + (rep === 'i64' || rep === 'f64' ? 8 : 4) <= GRANULE_SIZE,
    );
    return fits ? undefined : `\`${name}\` was without data, and has too much of it now`;
  }
}
