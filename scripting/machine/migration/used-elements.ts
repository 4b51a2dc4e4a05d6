/**
 * Which elements of arrays are in use: the room of a mutable vector after its end, the free slots of the library's tables, and the entries
 * that were taken out of immutable maps hold nothing that could be converted. By arrays: whether an element of that number is in use; all are where nothing is said.
 */
import { MUT_VECTOR_BUFFER, MUT_VECTOR_LENGTH, VECTOR_DATA, VECTOR_LENGTH } from '../../heap/index.ts';
import type { TypeEntry } from '../../image/index.ts';
import type { KnownObjects } from './known-objects.ts';
import { visitObjects } from './live-objects.ts';
import type { Memory, WritableMemory } from './memory.ts';
import { ENTRY_LINKS, isMapEntry, shiftOf } from './object-conversion.ts';

export type IsUsed = (index: number) => boolean;

/** `prev` of a link of a slot that is free, as `library/prelude/mutable-maps.slu` has it. */
const FREE_SLOT = -2;

export function findUsedElements(memory: Memory, objects: KnownObjects): ReadonlyMap<number, IsUsed> {
  const found = new Map<number, IsUsed>();
  const note = (sequence: number, isUsed: IsUsed): void => {
    for (const { chunk, first } of chunksOf(memory, objects, sequence))
      found.set(chunk, (index) => isUsed(first + index));
  };
  const tables: (() => void)[] = [];
  visitObjects(memory, (object, descriptor) => {
    const entry = objects.of(descriptor)?.entry;
    const of = entry?.of;
    if (entry === undefined) return;
    if (of?.kind === 'mut-vector') {
      const buffer = memory.word(object + MUT_VECTOR_BUFFER);
      const length = memory.word(object + MUT_VECTOR_LENGTH);
      if (buffer !== 0) found.set(buffer, (index) => index < length);
    } else if (of?.kind === 'segments') {
      const length = memory.word(object + MUT_VECTOR_LENGTH);
      note(object, (index) => index < length);
    } else if (of?.kind === 'elements' && isMapEntry(of.type)) {
      const live = object + VECTOR_DATA + offsetOf(entry, 'live');
      found.set(object, (index) => memory.u8[live + index * entry.stride] !== 0);
    } else if (of?.kind === 'struct' && of.type.startsWith('(prelude.Deque ')) {
      tables.push(() => noteDeque(memory, object, entry, note));
    } else if (of?.kind === 'struct' && of.type.startsWith('(prelude.MutMap ')) {
      tables.push(() => noteMap(memory, objects, object, entry, note));
    }
  });
  // They know more of a sequence than its length.
  for (const table of tables) table();
  return found;
}

/** Empties entries that were taken out of immutable maps, but for what others are found by. The heap is right after a full collection. */
export function forgetUnused(memory: WritableMemory, objects: KnownObjects): void {
  visitObjects(memory, (object, descriptor) => {
    const entry = objects.of(descriptor)?.entry;
    if (entry?.of?.kind !== 'elements' || !isMapEntry(entry.of.type)) return;
    const held = entry.fields.slice(ENTRY_LINKS).filter(({ rep }) => rep === 'ref');
    const live = offsetOf(entry, 'live');
    const end = object + VECTOR_DATA + memory.word(object + VECTOR_LENGTH) * entry.stride;
    for (let at = object + VECTOR_DATA; at < end; at += entry.stride)
      if (memory.u8[at + live] === 0) for (const { offset } of held) memory.setWord(at + offset, 0);
  });
}

type Note = (sequence: number, isUsed: IsUsed) => void;

/** `library/prelude/deques.slu` */
function noteDeque(memory: Memory, deque: number, entry: TypeEntry, note: Note): void {
  const [slots, room, head, count] = ['%slots', '%room', '%head', '%count'].map((name) =>
    memory.word(deque + offsetOf(entry, name)),
  ) as [number, number, number, number];
  note(slots, (index) => index < room && ((index - head) & (room - 1)) < count);
}

function noteMap(memory: Memory, objects: KnownObjects, map: number, entry: TypeEntry, note: Note): void {
  const [links, keys, values] = ['%links', '%keys', '%values'].map((name) =>
    memory.word(map + offsetOf(entry, name)),
  ) as [number, number, number];
  const length = memory.word(links + MUT_VECTOR_LENGTH);
  const chunks = chunksOf(memory, objects, links);
  const [link] = chunks;
  if (link === undefined) return;
  const prev = offsetOf(link.entry, 'prev');
  const isUsed: IsUsed = (index) => {
    const { chunk, first } = chunks[index >>> link.shift] ?? link;
    const at = chunk + VECTOR_DATA + (index - first) * link.entry.stride + prev;
    return index < length && (memory.word(at) | 0) !== FREE_SLOT;
  };
  note(keys, isUsed);
  note(values, isUsed);
}

function offsetOf({ name, fields }: TypeEntry, field: string): number {
  const found = fields.find((other) => other.name === field);
  if (found === undefined) throw new Error(`${name} has no ${field}`);
  return found.offset;
}

/** A chunk of a segmented sequence, the number of its first element, and the type that it has. */
export interface Chunk {
  readonly chunk: number;
  readonly first: number;
  readonly entry: TypeEntry;
  readonly shift: number;
}

/** In their order. They may be of several versions, which lay out elements alike: a migration has converted all of them or none. */
export function chunksOf(memory: Memory, objects: KnownObjects, sequence: number): readonly Chunk[] {
  const directory = memory.word(sequence + MUT_VECTOR_BUFFER);
  const length = memory.word(sequence + MUT_VECTOR_LENGTH);
  const found: Chunk[] = [];
  for (let first = 0; directory !== 0 && first < length; ) {
    const chunk = memory.word(directory + VECTOR_DATA + 4 * found.length);
    const entry = objects.of(memory.word(chunk))?.entry;
    if (entry === undefined) throw new Error('a chunk is of no known type');
    const shift = shiftOf(entry.stride);
    found.push({ chunk, first, entry, shift });
    first += 1 << shift;
  }
  return found;
}
