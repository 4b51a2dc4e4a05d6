/** Objects are made, and led from one to another. */
import { succeeds } from './expect.ts';
import { bytesOf, isArray, linksOf } from './memory.ts';
import type { Model } from './model.ts';
import { isGrowing, linkOf, type Made, mayHold, type Thing } from './things.ts';

/** A local then holds the new object; `length` is that of an array. */
export function allocate(model: Model, shape: Made, local: number, length = 0): void {
  const { target, memory, regions } = model;
  const descriptor = memory.descriptors[shape];
  const made = succeeds(() => {
    const address = isArray(shape) ? target.allocateArray(descriptor, length) : target.allocate(descriptor);
    const thing: Thing = {
      shape,
      address,
      region: regions.current,
      mark: isArray(shape) ? length : model.newMark(),
      links: new Array<Thing | null>(linksOf(shape, length)).fill(null),
      bytes: bytesOf(shape, length),
    };
    if (!isArray(shape) && !isGrowing(thing)) target.store(memory.markCell(thing), thing.mark);
    if (regions.current !== regions.heap) regions.current.things.add(thing);
    model.roots.setLocal(local, thing);
  });
  // A limited arena is full, or memory is: the command then did nothing, and the heap must be as it was.
  if (!made) target.check();
}

/** Objects of which only the last is held. */
export function allocateGarbage(model: Model, local: number, count: number): void {
  for (let i = 0; i < count; i++) allocate(model, i % 7 === 0 ? 'wide' : 'node', local);
}

/** A store through the barrier. */
export function link({ target, memory }: Model, from: Thing | null, i: number, to: Thing | null): void {
  if (from === null || from.links.length === 0 || !mayHold(from, to)) return;
  const index = linkOf(from, i);
  from.links[index] = to;
  target.storeAddress(memory.holderOf(from, index), memory.cellOf(from, index), to?.address ?? 0);
}

export function load({ roots }: Model, local: number, from: Thing | null, i: number): void {
  if (from === null || from.links.length === 0) return;
  roots.setLocal(local, from.links[linkOf(from, i)] ?? null);
}
