/** What the heap does to stretches of an array, mutable vectors included. */
import type { Model } from './model.ts';
import { elementsOf, linkAt, mayHold, type Thing } from './things.ts';

export function clear({ target, memory }: Model, array: Thing | null, from: number, count: number): void {
  if (array === null) return;
  const length = elementsOf(array);
  if (length === 0) return;
  const first = from % length;
  const cleared = 1 + (count % (length - first));
  target.heap.arrayClear(memory.holderOf(array), first, cleared);
  array.links.fill(null, linkAt(array, first), linkAt(array, first + cleared));
}

/** Copies between two arrays of one stride, or within one, where stretches may overlap. */
export function copy({ target, memory }: Model, to: Thing | null, from: Thing | null, at: number): void {
  if (to === null || from === null || (to.shape === 'records') !== (from.shape === 'records')) return;
  const room = elementsOf(to);
  const given = elementsOf(from);
  if (room === 0 || given === 0) return;
  const first = at % room;
  const source = (at >> 1) % given;
  const count = Math.min(room - first, given - source);
  const links = from.links.slice(linkAt(from, source), linkAt(from, source + count));
  if (!links.every((link) => mayHold(to, link))) return;
  target.heap.arrayCopy(memory.holderOf(to), first, memory.holderOf(from), source, count);
  to.links.splice(linkAt(to, first), links.length, ...links);
}
