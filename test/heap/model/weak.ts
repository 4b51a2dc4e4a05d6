/** Weak references: they lead to what something else keeps alive, and to nothing once that is gone. */
import { GRANULE_SIZE } from '../../../scripting/heap/index.ts';
import { call, equal } from './expect.ts';
import type { Model } from './model.ts';
import { isInHeap, type Thing } from './things.ts';

/** A weak reference lies in the heap, wherever it is made. */
export function weaken(model: Model, local: number, subject: Thing | null, inFrame: boolean): void {
  if (subject === null || !isInHeap(subject)) return;
  const { target, regions, roots, weaks } = model;
  call(target, () => {
    if (inFrame) target.heap.enterFrame();
    const address = target.heap.newWeak(subject.address) >>> 0;
    if (inFrame) target.heap.leaveRegion();
    const weak: Thing = {
      shape: 'weak',
      address,
      region: regions.heap,
      mark: 0,
      links: [],
      bytes: GRANULE_SIZE,
      subject,
    };
    weaks.add(weak);
    roots.setLocal(local, weak);
  });
}

/** Gone for good is only what nothing else leads to; what comes back must be whole. */
export function upgrade(model: Model, local: number, weak: Thing | null): void {
  if (weak === null || weak.shape !== 'weak') return;
  const found = model.target.heap.upgrade(weak.address) >>> 0;
  const subject = weak.subject ?? null;
  if (found === 0) {
    if (subject !== null && !weak.uncertain && model.reached().has(subject))
      throw new Error('a living object was given up');
    weak.subject = null;
    model.weaks.delete(weak);
  } else {
    equal('a weak reference', found, subject?.address ?? 0);
    model.roots.setLocal(local, subject);
  }
}

/** Right after a collection: each leads to its subject exactly if scripts can get at that. */
export function compareWeaks({ target, weaks }: Model, reached: ReadonlySet<Thing>): void {
  for (const weak of [...weaks]) {
    if (!reached.has(weak)) {
      weaks.delete(weak);
    } else if (weak.subject) {
      const found = target.heap.upgrade(weak.address) >>> 0;
      if (found === 0 && weak.uncertain) continue;
      equal('a weak reference', found, reached.has(weak.subject) ? weak.subject.address : 0);
    }
  }
}
