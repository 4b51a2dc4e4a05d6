/** Objects with code to run when they die: each comes out of the queue once, whole, and only when nothing leads to it. */
import { DROP_CODE, REFERENCE_SUBJECT } from '../../../scripting/heap/index.ts';
import { call, equal } from './expect.ts';
import { follow } from './follow.ts';
import type { Model } from './model.ts';
import { isInHeap, type Thing } from './things.ts';

export function registerDrop(model: Model, thing: Thing | null): void {
  if (thing === null || !isInHeap(thing)) return;
  const { target, drops } = model;
  const code = model.newMark();
  call(target, () => {
    target.heap.registerDrop(thing.address, code);
    drops.set(code, thing);
  });
}

/** Takes all records; their code stores the objects in locals from `keptFrom` on, or forgets them. Returns how many. */
export function takeDrops(model: Model, keptFrom?: number): number {
  const { target, drops, adrift, weaks, roots } = model;
  const reached = model.reached();
  for (let count = 0; ; count++) {
    const record = target.heap.takeDrop() >>> 0;
    if (record === 0) return count;
    const code = target.load(record + DROP_CODE);
    const thing = drops.get(code);
    if (thing === undefined) throw new Error(`the drop ${code} came out twice or was never registered`);
    const address = target.load(record + REFERENCE_SUBJECT);
    if (adrift.delete(thing)) follow(model, thing, address, new Set(reached));
    equal('a drop', address, thing.address);
    if (reached.has(thing)) throw new Error('a living object is dropped');
    drops.delete(code);
    for (const weak of weaks) weak.uncertain ||= weak.subject != null && !reached.has(weak.subject);
    if (keptFrom !== undefined) roots.setLocal(keptFrom + count + 1, thing);
  }
}
