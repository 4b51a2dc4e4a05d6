/** Mutable vectors, whose buffer is exchanged as they grow, and segments, which grow by a chunk at a time. */
import { ARRAY_LENGTH, MUT_VECTOR_BUFFER, MUT_VECTOR_LENGTH } from '../../../scripting/heap/index.ts';
import type { Address } from '../heap-under-test.ts';
import { equal, succeeds } from './expect.ts';
import { CHUNK, CHUNK_SHIFT } from './memory.ts';
import type { Model } from './model.ts';
import { mayHold, type Thing } from './things.ts';

/** A mutable vector makes room for each element itself, and its length is the program's to store. */
export function push(model: Model, vector: Thing | null, value: Thing | null, times: number): void {
  if (vector === null || vector.shape !== 'mut-vector' || !mayHold(vector, value)) return;
  const { target, memory } = model;
  const { buffer: descriptor } = memory.descriptors;
  for (let i = 0; i < times; i++) {
    const old = memory.holderOf(vector);
    if (!succeeds(() => target.call(() => target.heap.mutVectorGrow(vector.address, descriptor, 1)))) {
      equal('the buffer after a failure', target.load(vector.address + MUT_VECTOR_BUFFER), old);
      return;
    }
    vector.buffer = memory.bufferBytes(vector);
    if (old !== 0 && old !== memory.holderOf(vector)) leaveOld(model, vector, old);
    target.store(vector.address + MUT_VECTOR_LENGTH, vector.links.length + 1);
    append(model, vector, value);
  }
}

/** Segments make room and count by themselves. */
export function add(model: Model, segments: Thing | null, value: Thing | null, times: number): void {
  if (segments === null || segments.shape !== 'segments' || !mayHold(segments, value)) return;
  const { target, memory } = model;
  const { buffer } = memory.descriptors;
  for (let i = 0; i < times; i++) {
    const length = segments.links.length;
    const first = length === 0 ? 0 : memory.holderOf(segments);
    const added = succeeds(() => {
      target.call(() => target.heap.segmentsAdd(segments.address, buffer, buffer, CHUNK_SHIFT));
    });
    // A failure too may have left a longer directory.
    segments.buffer = memory.bufferBytes(segments);
    if (!added) {
      equal('the length after a failure', target.load(segments.address + MUT_VECTOR_LENGTH), length);
      return;
    }
    // The first chunk is exchanged until it is whole.
    if (first !== 0 && first !== memory.holderOf(segments)) leaveOld(model, segments, first);
    append(model, segments, value);
  }
}

export function forgetAll(model: Model, segments: Thing | null): void {
  if (segments === null || segments.shape !== 'segments') return;
  for (let i = 0; i < segments.links.length; i += CHUNK) {
    leaveOld(model, segments, model.memory.holderOf(segments, i), i, i + CHUNK);
  }
  model.target.heap.segmentsClear(segments.address);
  segments.links.length = 0;
  segments.buffer = 0;
}

/** What a removal from the end does: the cells after the new length are cleared, then the length is stored. */
export function shorten({ target, memory }: Model, vector: Thing | null, length: number): void {
  if (vector === null || vector.shape !== 'mut-vector' || vector.links.length === 0) return;
  const kept = length % vector.links.length;
  target.heap.arrayClear(memory.holderOf(vector), kept, vector.links.length - kept);
  target.store(vector.address + MUT_VECTOR_LENGTH, kept);
  vector.links.length = kept;
}

/** There is room: the element is stored through the barrier. */
function append({ target, memory }: Model, growing: Thing, value: Thing | null): void {
  const index = growing.links.push(value) - 1;
  const cell = memory.cellOf(growing, index);
  target.storeAddress(memory.holderOf(growing, index), cell, value?.address ?? 0);
}

/**
 * A buffer that was outgrown in an arena keeps what it held alive, as everything in an arena does; in a checked build it is
 * emptied.
 */
function leaveOld(
  { target, regions }: Model,
  { region, links }: Thing,
  address: Address,
  from = 0,
  to = links.length,
): void {
  if (target.isChecked || region === regions.heap) return;
  const mark = target.load(address + ARRAY_LENGTH);
  region.things.add({ shape: 'vector', address, region, mark, links: links.slice(from, to), bytes: 0 });
}
