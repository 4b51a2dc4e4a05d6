/** Objects have moved: their new addresses are read from whatever holds them. */
import { REFERENCE_SUBJECT } from '../../../scripting/heap/index.ts';
import type { Address } from '../heap-under-test.ts';
import { equal } from './expect.ts';
import type { Model } from './model.ts';
import type { Thing } from './things.ts';

export function followAll(model: Model): void {
  const { target, regions, roots, drops, adrift } = model;
  const seen = new Set<Thing>();
  // Nothing moves in arenas, but what they lead to does.
  for (const { things } of regions.arenas)
    for (const thing of things) follow(model, thing, thing.address, seen);
  for (const [thing, cell] of roots.cells()) follow(model, thing, target.load(cell), seen);
  adrift.clear();
  for (const thing of drops.values()) if (!seen.has(thing)) adrift.add(thing);
}

/** Takes note of an object's new address, and of those of all that it leads to; what was `seen` is where it was found. */
export function follow(
  { target, memory }: Model,
  root: Thing | null,
  found: Address,
  seen: Set<Thing>,
): void {
  const pending: [Thing | null, Address][] = [[root, found]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [thing, address] = next;
    if (thing === null) {
      equal('an empty cell', address, 0);
    } else if (seen.has(thing)) {
      equal(`another address of a ${thing.shape}`, address, thing.address);
    } else {
      seen.add(thing);
      thing.address = address;
      thing.links.forEach((link, i) => {
        pending.push([link, target.load(memory.cellOf(thing, i))]);
      });
      if (thing.subject) {
        const subject = target.load(address + REFERENCE_SUBJECT);
        if (subject !== 0) pending.push([thing.subject, subject]);
      }
    }
  }
}
