/**
 * A migration: all live objects of types that lie otherwise in a new version are given its layout, in one step between calls.
 *
 *     check    after a full collection: each object of a changed type is converted on trial, and whatever cannot be is counted.
 *              Nothing has changed yet
 *     run      memory is copied. From the copy each object is converted where it lies, or, if it no longer fits there, into a new one,
 *              and all who hold its address are told (`heap/moving/redirect.ts`). Then a full collection makes the heap whole
 *     undo     puts the copy back, as if nothing had been
 *
 * Why no object of an old layout is left: after the collection every object that can be reached is one of the heap's, or static. The
 * heap's are gone through one by one, whatever holds them; a static one is a text, a closure that holds nothing, or a variant
 * without data, which is rewritten where it lies. What lies in cells of globals is converted with them. Code of earlier versions,
 * which would take new objects for old ones, does not run again: each function value that lives has a successor, or the
 * check says so.
 */
import {
  CLOSURE_CODE,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
  GRANULE_SHIFT,
  GRANULE_SIZE,
  HEADER_SIZE,
  KIND_ARRAY,
  MUT_VECTOR_BUFFER,
  MUT_VECTOR_LENGTH,
  SMALL_OBJECT_LIMIT,
  STRESS,
  STRESS_MOVE,
  SUPPRESSED,
  VECTOR_DATA,
  VECTOR_LENGTH,
} from '../../heap/index.ts';
import type { KeptType, Manifest, Rep, Stored, TypeEntry } from '../../image/index.ts';
import { components, type Raw } from '../convert.ts';
import type { DevelopmentHeap } from '../development-heap.ts';
import type { FunctionPlan } from '../function-values.ts';
import type { LinkedProgram, LinkTarget } from '../program.ts';
import { visitObjects } from './live-objects.ts';
import { LiveMemory, type Memory, MemoryCopy, read, write } from './memory.ts';
import { type ObjectConversion, ObjectConversions } from './object-conversion.ts';
import {
  type Convert,
  type FieldRule,
  Unconvertible,
  ValueConversions,
  type World,
} from './value-conversion.ts';
import { type LinkedVersion, type Remembered, remember, VersionTypes } from './version-types.ts';

/** A global whose value stays; where that lies otherwise now, in other cells. */
export interface LivingGlobal {
  readonly key: string;
  readonly name: string;
  /** The key of its type. */
  readonly type: string;
  /** Its cells before. */
  readonly was: readonly number[];
}

export interface MigrationParts {
  readonly target: LinkTarget;
  readonly heap: DevelopmentHeap;
  /** All whose objects may live; the running one last. */
  readonly versions: readonly LinkedVersion[];
  readonly next: Manifest;
  readonly functions: FunctionPlan;
  readonly globals: readonly LivingGlobal[];
}

/** How many objects of a type were converted. */
export interface Migrated {
  readonly type: string;
  readonly count: number;
}

/** Why a migration is not made, and of how many objects that is true. */
export interface Problem {
  readonly reason: string;
  readonly count: number;
}

interface Constant {
  readonly address: number;
  readonly conversion: ObjectConversion;
}

/** What is known of the objects of one descriptor. */
interface Known {
  readonly version: VersionTypes;
  readonly entry: TypeEntry;
  readonly values: ValueConversions;
  readonly conversion: ObjectConversion;
}

export class Migration {
  readonly #parts: MigrationParts;
  readonly #versions: readonly VersionTypes[];
  readonly #values = new Map<VersionTypes, ValueConversions>();
  readonly #objects: ObjectConversions;
  readonly #next: Remembered;
  readonly #byDescriptor = new Map<number, Known>();
  /** What is converted is read from there, and written here. */
  #from: Memory;
  readonly #into: LiveMemory;
  /** Undefined while nothing is done yet. */
  #program: LinkedProgram | undefined;
  #copy: MemoryCopy | undefined;
  /** Of the new version, by type ids. */
  #descriptors: readonly number[] = [];
  /** New objects: what they hold may be redirected after they were made. */
  readonly #made: number[] = [];

  constructor(parts: MigrationParts) {
    const { target, versions, next, functions } = parts;
    this.#parts = parts;
    this.#into = new LiveMemory(target.views);
    this.#from = this.#into;
    this.#next = remember(next);
    this.#objects = new ObjectConversions({ ...this.#next, successor: () => undefined });
    this.#versions = versions.map(
      (version) => new VersionTypes(target.views, version, functions, this.#next.functions),
    );
    for (const version of this.#versions) {
      const values = new ValueConversions(version.kept, this.#next.kept, this.#worldOf(version));
      this.#values.set(version, values);
      for (const [id, descriptor] of version.descriptors.entries()) {
        const entry = version.types[id];
        if (descriptor === 0 || entry === undefined) continue;
        const conversion = this.#objects.find(version, entry, values);
        this.#byDescriptor.set(descriptor, { version, entry, values, conversion });
      }
    }
  }

  /** Whether values of a type lie as they did, and mean the same, in cells. */
  isSame(type: string): boolean {
    return this.#running?.isSame(type) ?? true;
  }

  /** Keys of the constants that new fields go by. */
  get needs(): ReadonlySet<string> {
    const rules = [...this.#next.kept.values()].flatMap(({ fieldDefaults }) => fieldDefaults ?? []);
    return new Set(rules.flatMap(({ needs }) => needs));
  }

  get #running(): ValueConversions | undefined {
    const last = this.#versions.at(-1);
    return last && this.#values.get(last);
  }

  // ------------------------------------------------------------------------------------------ check

  /** Looks whether everything can be converted: what cannot, the most frequent first. Takes as long as two collections. */
  check(): readonly Problem[] {
    this.#collect();
    this.#into.refresh();
    const found = new Map<string, number>();
    const note = (reason: string): void => {
      found.set(reason, (found.get(reason) ?? 0) + 1);
    };
    const attempt = (body: () => void): void => {
      try {
        body();
      } catch (error) {
        if (!(error instanceof Unconvertible)) throw error;
        note(error.message);
      }
    };
    const lengths = this.#lengths();
    visitObjects(this.#from, (object, descriptor) => {
      const known = this.#byDescriptor.get(descriptor);
      if (known === undefined) return;
      if (known.entry.kind === 'closure') this.#checkCode(known, object, note);
      attempt(() => this.#checkObject(known, object, lengths));
    });
    this.#checkStatics(note, attempt);
    for (const global of this.#parts.globals) attempt(() => this.#convertGlobal(global, () => undefined));
    return [...found].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
  }

  #checkObject({ conversion, entry }: Known, object: number, lengths: ReadonlyMap<number, number>): void {
    switch (conversion.kind) {
      case 'none':
        return;
      case 'impossible':
        throw new Unconvertible(conversion.reason);
      case 'fixed':
        conversion.record.check(this.#from, object);
        return;
      case 'elements': {
        const length = lengths.get(object) ?? this.#from.word(object + VECTOR_LENGTH);
        for (let i = 0; i < length; i++)
          conversion.record.check(this.#from, object + VECTOR_DATA + i * entry.stride);
        return;
      }
      case 'segments':
        for (const element of this.#segmentElements(object, conversion.shifts.was))
          conversion.record.check(this.#from, element);
    }
  }

  /** Code of an earlier version would take new objects for old ones. */
  #checkCode(known: Known, object: number, note: (reason: string) => void): void {
    const code = this.#from.word(object + CLOSURE_CODE);
    for (const version of this.#versions) {
      const slot = version.slot(code);
      if (slot === undefined) continue;
      if (!version.isSucceeded(slot))
        note(withoutSuccessor(version.functions[slot]?.name ?? known.entry.name));
      return;
    }
  }

  #checkStatics(note: (reason: string) => void, attempt: (body: () => void) => void): void {
    const { heap, target } = this.#parts;
    const flags = heap.findUsedStatics();
    this.#into.refresh();
    // Where the heap has no room to look, all count as used.
    const isUsed = (address: number): boolean =>
      flags === 0 || target.views.u8[flags + (address >>> GRANULE_SHIFT)] !== 0;
    for (const version of this.#versions) {
      for (const [slot, { name }] of version.functions.entries())
        if (isUsed(version.closure(slot)) && !version.isSucceeded(slot)) note(withoutSuccessor(name));
      for (const { address, conversion } of this.#constantsOf(version))
        if (isUsed(address)) attempt(() => this.#checkConstant(conversion, address));
    }
  }

  /** Variants without data, in static memory, that become others. */
  #constantsOf(version: VersionTypes): readonly Constant[] {
    const found: Constant[] = [];
    for (let address = version.constants; ; address += GRANULE_SIZE) {
      const known = this.#byDescriptor.get(this.#from.word(address));
      if (known?.entry.of?.kind !== 'variant') return found;
      const { conversion } = known;
      if (conversion.kind !== 'none') found.push({ address, conversion });
    }
  }

  #checkConstant(conversion: ObjectConversion, address: number): void {
    if (conversion.kind === 'impossible') throw new Unconvertible(conversion.reason);
    if (conversion.kind !== 'fixed') return;
    conversion.record.check(this.#from, address);
    const { name } = this.#next.types[conversion.type] as TypeEntry;
    if (!this.#fitsGranule(conversion.type))
      throw new Unconvertible(`\`${name}\` was without data, and has too much of it now`);
  }

  #fitsGranule(type: number): boolean {
    const { fields } = this.#next.types[type] as TypeEntry;
    return fields.every(
      ({ offset, rep }) => offset + (rep === 'i64' || rep === 'f64' ? 8 : 4) <= GRANULE_SIZE,
    );
  }

  // ------------------------------------------------------------------------------------------ run

  /** Copies memory, for `run` and `undo`. What is linked by then stays. */
  copy(): void {
    this.#copy = new MemoryCopy(this.#parts.target.views);
    this.#from = this.#copy;
  }

  /** Converts everything. `program` is linked, its globals have these cells, and those that defaults go by have their values. */
  run(program: LinkedProgram, cells: ReadonlyMap<string, readonly number[]>): readonly Migrated[] {
    const { target } = this.#parts;
    const { views } = target;
    this.#program = program;
    const linked = { ...this.#next, place: program.place, runs: true };
    this.#descriptors = new VersionTypes(views, linked, undefined, []).descriptors;
    const stress = views.word(STRESS);
    views.setWord(STRESS, stress & ~STRESS_MOVE);
    views.setWord(SUPPRESSED, views.word(SUPPRESSED) + 1);
    const counts = this.#convertObjects();
    for (const version of this.#versions) this.#convertConstants(version);
    for (const global of this.#parts.globals) this.#writeGlobal(global, cells.get(global.key) ?? []);
    for (const object of this.#made) this.#parts.heap.redirectIn(object);
    this.#parts.heap.redirectAll();
    views.setWord(SUPPRESSED, views.word(SUPPRESSED) - 1);
    views.setWord(STRESS, stress);
    this.#collect();
    return [...counts].map(([type, count]) => ({ type, count }));
  }

  /** As before `copy`. */
  undo(): void {
    this.#copy?.restore(this.#parts.target.views);
  }

  #convertObjects(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    const lengths = this.#lengths();
    visitObjects(this.#from, (object, descriptor) => {
      const known = this.#byDescriptor.get(descriptor);
      if (known === undefined || known.conversion.kind === 'none') return;
      this.#convertObject(known, object, lengths);
      const { name } = known.entry;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    });
    return counts;
  }

  #convertObject({ conversion, entry }: Known, object: number, lengths: ReadonlyMap<number, number>): void {
    if (conversion.kind === 'fixed') {
      const target = this.#room(object, this.#descriptorOf(conversion.type), 0);
      conversion.record.run(this.#from, object, this.#into, target);
      if (entry.kind === 'closure')
        this.#into.setWord(target + CLOSURE_CODE, this.#from.word(object + CLOSURE_CODE));
      if (conversion.tag !== undefined) this.#into.setWord(target + HEADER_SIZE, conversion.tag);
    } else if (conversion.kind === 'elements') {
      const room = this.#from.word(object + VECTOR_LENGTH);
      const descriptor = this.#descriptorOf(conversion.type);
      const target = this.#room(object, descriptor, room);
      this.#into.setWord(target + VECTOR_LENGTH, room);
      const stride = this.#into.word(descriptor + DESCRIPTOR_STRIDE_AT);
      const length = lengths.get(object) ?? room;
      for (let i = 0; i < length; i++)
        conversion.record.run(
          this.#from,
          object + VECTOR_DATA + i * entry.stride,
          this.#into,
          target + VECTOR_DATA + i * stride,
        );
    } else if (conversion.kind === 'segments') {
      this.#convertSegments(conversion, object);
    }
  }

  /** A zeroed object with the descriptor, which takes the place of one: there, if it fits. */
  #room(object: number, descriptor: number, length: number): number {
    const { heap } = this.#parts;
    const was = bytesOf(this.#from, object, this.#from.word(object));
    const is = granules(
      this.#into.word(descriptor + DESCRIPTOR_SIZE_AT) +
        length * this.#into.word(descriptor + DESCRIPTOR_STRIDE_AT),
    );
    if (is === was || (is < was && was <= SMALL_OBJECT_LIMIT)) {
      this.#into.u8.fill(0, object, object + was);
      this.#into.setWord(object, descriptor);
      return object;
    }
    const made = this.#make(descriptor, length);
    heap.redirect(object, made);
    return made;
  }

  /** New chunks, in a new directory; the old ones are garbage then. */
  #convertSegments(
    { record, chunk, shifts }: Extract<ObjectConversion, { kind: 'segments' }>,
    object: number,
  ): void {
    const directory = this.#from.word(object + MUT_VECTOR_BUFFER);
    if (directory === 0) return;
    const length = this.#from.word(object + MUT_VECTOR_LENGTH);
    const whole = 1 << shifts.is;
    const chunks = Math.ceil(length / whole);
    const list = this.#make(this.#from.word(directory), powerOfTwo(Math.max(chunks, 2)));
    const descriptor = this.#descriptorOf(chunk);
    const stride = this.#into.word(descriptor + DESCRIPTOR_STRIDE_AT);
    const made: number[] = [];
    for (let i = 0; i < chunks; i++) {
      const rest = length - i * whole;
      // As the heap makes them: the first one grows by doubling.
      const room = chunks === 1 ? Math.min(powerOfTwo(Math.max(rest, 4)), whole) : whole;
      made.push(this.#make(descriptor, room));
      this.#into.setWord(list + VECTOR_DATA + 4 * i, made[i] as number);
    }
    let index = 0;
    for (const element of this.#segmentElements(object, shifts.was)) {
      const at = (made[index >>> shifts.is] as number) + VECTOR_DATA + (index & (whole - 1)) * stride;
      record.run(this.#from, element, this.#into, at);
      index += 1;
    }
    this.#into.setWord(object + MUT_VECTOR_BUFFER, list);
  }

  *#segmentElements(object: number, shift: number): Iterable<number> {
    const directory = this.#from.word(object + MUT_VECTOR_BUFFER);
    const length = this.#from.word(object + MUT_VECTOR_LENGTH);
    for (let index = 0; index < length; index++) {
      const chunk = this.#from.word(directory + VECTOR_DATA + 4 * (index >>> shift));
      const { entry } = this.#byDescriptor.get(this.#from.word(chunk)) as Known;
      yield chunk + VECTOR_DATA + (index & ((1 << shift) - 1)) * entry.stride;
    }
  }

  #convertConstants(version: VersionTypes): void {
    for (const { address, conversion } of this.#constantsOf(version)) {
      // Others are of no use any more.
      if (conversion.kind !== 'fixed' || !this.#fitsGranule(conversion.type)) continue;
      this.#into.u8.fill(0, address, address + GRANULE_SIZE);
      this.#into.setWord(address, this.#descriptorOf(conversion.type));
      try {
        conversion.record.run(this.#from, address, this.#into, address);
      } catch (error) {
        // Neither is one whose new fields nothing is known of.
        if (!(error instanceof Unconvertible)) throw error;
      }
      this.#into.setWord(address + HEADER_SIZE, conversion.tag ?? 0);
    }
  }

  // ------------------------------------------------------------------------------------------ globals

  #writeGlobal(global: LivingGlobal, cells: readonly number[]): void {
    const parts = this.#next.kept.get(global.type)?.components ?? [];
    this.#convertGlobal(global, (value, i) =>
      write(this.#into, cellRep(parts[i] as Stored), cells[i] as number, value),
    );
  }

  #convertGlobal({ name, type, was }: LivingGlobal, put: (value: Raw, index: number) => void): void {
    const values = this.#running;
    if (values === undefined || values.isSame(type)) return;
    const old = values
      .componentsBefore(type)
      .map((stored, i) => read(this.#from, cellRep(stored), was[i] as number));
    const convert: Convert = values.between(type, type, `\`${name}\``);
    const made: Raw[] = [];
    convert(old, 0, made);
    made.forEach(put);
  }

  // ------------------------------------------------------------------------------------------ what conversions ask

  #worldOf(version: VersionTypes): World {
    return {
      rule: (type, field) => this.#rule(type, field),
      without: (type, field) =>
        this.#next.kept.get(type)?.without?.find((lack) => lack.field === field)?.reason,
      variantAt: (address) => this.#variantAt(version, address),
      makeVariant: (type, variant, parts) => this.#makeVariant(type, variant, parts),
    };
  }

  #rule(type: string, field: string): FieldRule | undefined {
    const owner = this.#next.kept.get(type);
    const found = owner?.fieldDefaults?.find((rule) => rule.field === field);
    if (owner === undefined || found === undefined) return undefined;
    const reads = found.reads.map((read) => ({ name: read.field, type: read.type }));
    const zeros = zerosOf(owner, field, this.#next);
    return {
      reads,
      compute: (given) => {
        const program = this.#program;
        if (program === undefined) return zeros;
        const made = this.#parts.target.calls.guard(() => components(program.need(found.export)(...given)));
        this.#into.refresh();
        return made;
      },
    };
  }

  #variantAt(version: VersionTypes, address: number): { name: string; components: readonly Raw[] } {
    const known = this.#byDescriptor.get(this.#from.word(address));
    const of = known?.entry.of;
    if (known === undefined || of?.kind !== 'variant') throw new Error('this is no variant of a sum');
    const form = known.version.kept.get(of.type)?.form;
    const fields = form?.kind === 'sum' ? form.variants.find(({ name }) => name === of.variant)?.fields : [];
    const stored = (fields ?? []).flatMap(({ type }) => version.kept.get(type)?.components ?? []);
    // The first of its fields is the tag.
    const parts = stored.map((part, i) =>
      read(this.#from, part, address + (known.entry.fields[i + 1]?.offset ?? 0)),
    );
    return { name: of.variant, components: parts };
  }

  #makeVariant(type: string, variant: string, parts: readonly Raw[]): number {
    if (this.#program === undefined) return GRANULE_SIZE;
    const id = this.#next.types.findIndex(
      ({ of }) => of?.kind === 'variant' && of.type === type && of.variant === variant,
    );
    const form = this.#next.kept.get(type)?.form;
    const variants = form?.kind === 'sum' ? form.variants : [];
    const tag = variants.findIndex(({ name }) => name === variant);
    const stored = (variants[tag]?.fields ?? []).flatMap(
      (field) => this.#next.kept.get(field.type)?.components ?? [],
    );
    const object = this.#make(this.#descriptorOf(id), 0);
    const { fields } = this.#next.types[id] as TypeEntry;
    this.#into.setWord(object + HEADER_SIZE, tag);
    stored.forEach((part, i) => {
      write(this.#into, part, object + (fields[i + 1]?.offset ?? 0), parts[i] as Raw);
    });
    return object;
  }

  // ------------------------------------------------------------------------------------------ the heap

  /** Of the buffers of mutable vectors: how many elements are in use. The others were never set, or are no more. */
  #lengths(): ReadonlyMap<number, number> {
    const lengths = new Map<number, number>();
    visitObjects(this.#from, (object, descriptor) => {
      const known = this.#byDescriptor.get(descriptor);
      const of = known?.entry.of;
      if (of?.kind !== 'mut-vector' || known?.values.isSame(of.type)) return;
      const buffer = this.#from.word(object + MUT_VECTOR_BUFFER);
      if (buffer !== 0) lengths.set(buffer, this.#from.word(object + MUT_VECTOR_LENGTH));
    });
    return lengths;
  }

  /** A full collection, also while collections are suppressed. */
  #collect(): void {
    const { heap, views } = this.#parts.target;
    const suppressed = views.word(SUPPRESSED);
    views.setWord(SUPPRESSED, 0);
    heap.collect();
    views.setWord(SUPPRESSED, suppressed);
  }

  /** A zeroed object, which is brought up to date at the end. */
  #make(descriptor: number, length: number): number {
    const object = this.#parts.heap.makeObject(descriptor, length);
    this.#into.refresh();
    this.#made.push(object);
    return object;
  }

  #descriptorOf(type: number): number {
    return this.#descriptors[type] as number;
  }
}

const withoutSuccessor = (name: string): string =>
  `a value of the function \`${name}\` lives on, and the new code has none in its place`;

/** A cell holds a component as a local does. */
const cellRep = (stored: Stored): Rep =>
  stored === 'i8s' || stored === 'i8u' || stored === 'i16s' || stored === 'i16u' ? 'i32' : stored;

const granules = (bytes: number): number => Math.ceil(bytes / GRANULE_SIZE) * GRANULE_SIZE;

/** Bytes that an object takes. */
function bytesOf(memory: Memory, object: number, descriptor: number): number {
  const isArray = (memory.word(descriptor) & 0xffff) === KIND_ARRAY;
  const length = isArray ? memory.word(object + VECTOR_LENGTH) : 0;
  return granules(
    memory.word(descriptor + DESCRIPTOR_SIZE_AT) + length * memory.word(descriptor + DESCRIPTOR_STRIDE_AT),
  );
}

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(least));

/** What a field is while nothing has computed it. */
function zerosOf({ form }: KeptType, field: string, { kept }: Remembered): readonly Raw[] {
  const variants = form.kind === 'sum' ? form.variants.flatMap(({ fields }) => fields) : [];
  const fields = form.kind === 'flat' || form.kind === 'struct' ? form.fields : variants;
  const type = fields.find(({ name }) => name === field)?.type;
  const parts = type === undefined ? [] : (kept.get(type)?.components ?? []);
  return parts.map((stored) => (stored === 'i64' ? 0n : 0));
}
