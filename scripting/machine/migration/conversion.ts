/** Converts all that lives, where it lies or into new objects. Whoever held an old object's address has the new one's in the end. */
import {
  CLOSURE_CODE,
  DESCRIPTOR_SIZE_AT,
  DESCRIPTOR_STRIDE_AT,
  GRANULE_SIZE,
  HEADER_SIZE,
  KIND_ARRAY,
  MUT_VECTOR_BUFFER,
  MUT_VECTOR_LENGTH,
  SMALL_OBJECT_LIMIT,
  VECTOR_DATA,
  VECTOR_LENGTH,
} from '../../heap/index.ts';
import { convertGlobal, type LivingGlobal, writeGlobal } from './globals.ts';
import type { Known, KnownObjects } from './known-objects.ts';
import { visitObjects } from './live-objects.ts';
import type { Memory } from './memory.ts';
import { isMapEntry, type ObjectConversion, shiftOf } from './object-conversion.ts';
import type { Site } from './site.ts';
import { type Chunk, chunksOf, findUsedElements, type IsUsed } from './used-elements.ts';
import { Unconvertible } from './value-conversion.ts';
import type { VersionTypes } from './version-types.ts';

/** How many objects of a type were converted, or values that lie flat in globals and collections; maps that hold some in their pairs. */
export interface Migrated {
  readonly type: string;
  readonly count: number;
}

type Elements = Extract<ObjectConversion, { kind: 'elements' }>;

export class Conversion {
  readonly #site: Site;
  readonly #objects: KnownObjects;
  readonly #slots: number;
  readonly #used: ReadonlyMap<number, IsUsed>;
  /** By the names of types. */
  readonly #counts = new Map<string, number>();
  /** Chunks whose elements are in others now. */
  readonly #left = new Set<number>();

  /** `slots` is where those of the new version begin. */
  constructor(site: Site, objects: KnownObjects, slots: number) {
    this.#site = site;
    this.#objects = objects;
    this.#slots = slots;
    this.#used = findUsedElements(site.from, objects);
  }

  run(
    globals: readonly LivingGlobal[],
    cells: ReadonlyMap<LivingGlobal, readonly number[]>,
  ): readonly Migrated[] {
    const { from, into, heap, made } = this.#site;
    visitObjects(from, (object, descriptor) => {
      if (this.#objects.of(descriptor)?.conversion.kind === 'segments') this.#segments(object);
    });
    visitObjects(from, (object, descriptor) => {
      const known = this.#objects.of(descriptor);
      if (known !== undefined && !this.#left.has(object)) this.#object(known, object);
    });
    for (const version of this.#objects.versions) this.#constants(version);
    for (const global of globals) {
      const value = convertGlobal(from, this.#objects, global);
      if (value === undefined) continue;
      writeGlobal(into, this.#objects, global, value, cells.get(global) ?? []);
      this.#count(global.types.get(global.type)?.name ?? global.type, 1);
    }
    for (const object of made) heap.redirectIn(object);
    heap.redirectAll();
    return [...this.#counts].map(([type, count]) => ({ type, count }));
  }

  #count(type: string, count: number): void {
    if (count > 0) this.#counts.set(type, (this.#counts.get(type) ?? 0) + count);
  }

  #object(known: Known, object: number): void {
    const { conversion, entry } = known;
    const { from, into } = this.#site;
    if (conversion.kind === 'fixed') {
      this.#count(objectName(known), 1);
      const target = this.#room(object, this.#site.descriptorOf(conversion.type), 0);
      conversion.record.run(from, object, into, target);
      // By its descriptor it is the new version's, and so must its code be: that of its own may go some day.
      if (conversion.slot !== undefined) into.setWord(target + CLOSURE_CODE, this.#slots + conversion.slot);
      if (conversion.tag !== undefined) into.setWord(target + HEADER_SIZE, conversion.tag);
    }
    if (conversion.kind !== 'elements') return;
    const room = from.word(object + VECTOR_LENGTH);
    const descriptor = this.#site.descriptorOf(conversion.type);
    const target = this.#room(object, descriptor, room);
    into.setWord(target + VECTOR_LENGTH, room);
    const stride = into.word(descriptor + DESCRIPTOR_STRIDE_AT);
    const isUsed = this.#used.get(object) ?? (() => true);
    let count = 0;
    for (let i = 0; i < room; i++) {
      const used = isUsed(i);
      if (used) count += 1;
      const record = used ? conversion.record : conversion.unused;
      record?.run(from, object + VECTOR_DATA + i * entry.stride, into, target + VECTOR_DATA + i * stride);
    }
    const isMap = entry.of?.kind === 'elements' && isMapEntry(entry.of.type);
    this.#count(elementName(known), isMap ? Math.min(count, 1) : count);
  }

  /** A zeroed object with the descriptor, which takes the place of one: there, if it fits. */
  #room(object: number, descriptor: number, length: number): number {
    const { from, into, heap } = this.#site;
    const was = bytesOf(from, object, from.word(object));
    const is = granules(
      into.word(descriptor + DESCRIPTOR_SIZE_AT) + length * into.word(descriptor + DESCRIPTOR_STRIDE_AT),
    );
    if (is === was || (is < was && was <= SMALL_OBJECT_LIMIT)) {
      into.u8.fill(0, object, object + was);
      into.setWord(object, descriptor);
      return object;
    }
    const made = this.#site.make(descriptor, length);
    heap.redirect(object, made);
    return made;
  }

  /** Where chunks have room for another number of elements: new chunks, in a new directory; the old ones are garbage then. */
  #segments(object: number): void {
    const { from, into } = this.#site;
    const chunks = chunksOf(from, this.#objects, object);
    const target = chunks.flatMap((chunk) => this.#elements(chunk) ?? [])[0];
    const [first] = chunks;
    if (first === undefined || target === undefined) return;
    const descriptor = this.#site.descriptorOf(target.type);
    const stride = into.word(descriptor + DESCRIPTOR_STRIDE_AT);
    const shift = shiftOf(stride);
    if (shift === first.shift) return;
    const length = from.word(object + MUT_VECTOR_LENGTH);
    const whole = 1 << shift;
    const count = Math.ceil(length / whole);
    const directory = from.word(object + MUT_VECTOR_BUFFER);
    const list = this.#site.make(from.word(directory), powerOfTwo(Math.max(count, 2)));
    const made: number[] = [];
    for (let i = 0; i < count; i++) {
      const rest = length - i * whole;
      // As the heap makes them: the first one grows by doubling.
      const room = count === 1 ? Math.min(powerOfTwo(Math.max(rest, 2)), whole) : whole;
      made.push(this.#site.make(descriptor, room));
      into.setWord(list + VECTOR_DATA + 4 * i, made[i] as number);
    }
    for (const chunk of chunks) {
      this.#left.add(chunk.chunk);
      const conversion = this.#elements(chunk);
      const isUsed = this.#used.get(chunk.chunk);
      const end = Math.min(length - chunk.first, 1 << chunk.shift);
      const known = this.#objects.of(from.word(chunk.chunk));
      for (let i = 0; i < end; i++) {
        if (isUsed?.(i) === false) continue;
        if (known !== undefined) this.#count(elementName(known), 1);
        const index = chunk.first + i;
        const at = (made[index >>> shift] as number) + VECTOR_DATA + (index & (whole - 1)) * stride;
        conversion?.record.run(from, chunk.chunk + VECTOR_DATA + i * chunk.entry.stride, into, at);
      }
    }
    into.setWord(object + MUT_VECTOR_BUFFER, list);
  }

  #elements({ chunk }: Chunk): Elements | undefined {
    const conversion = this.#objects.of(this.#site.from.word(chunk))?.conversion;
    return conversion?.kind === 'elements' ? conversion : undefined;
  }

  #constants(version: VersionTypes): void {
    const { from, into } = this.#site;
    for (const { address, conversion } of this.#objects.constantsOf(version)) {
      // Others are of no use any more.
      if (conversion.kind !== 'fixed' || this.#objects.whyNoConstant(conversion.type) !== undefined) continue;
      into.u8.fill(0, address, address + GRANULE_SIZE);
      into.setWord(address, this.#site.descriptorOf(conversion.type));
      try {
        conversion.record.run(from, address, into, address);
      } catch (error) {
        // Neither is one whose new fields nothing is known of.
        if (!(error instanceof Unconvertible)) throw error;
      }
      into.setWord(address + HEADER_SIZE, conversion.tag ?? 0);
    }
  }
}

/** What an object is, in reports. */
function objectName({ entry, version }: Known): string {
  if (entry.of?.kind !== 'closure') return entry.name;
  const id = version.types.indexOf(entry);
  return version.functions.find(({ object }) => object === id)?.name ?? entry.name;
}

/** What the elements of an array are, in reports: of the library's own type of the entries of maps, nobody knows. */
function elementName({ entry: { of, name }, version }: Known): string {
  if (of?.kind !== 'elements') return name;
  const element = version.kept.get(of.type)?.name ?? name;
  return isMapEntry(of.type) ? element.replace('(%Entry ', '(Map ') : element;
}

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
