/** Everything that the model can reach lies in memory where it was put, with the contents it had. */
import {
  GRANULE_SIZE,
  MUT_VECTOR_LENGTH,
  STATS_LIVE_BYTES,
  STATS_YOUNG_BYTES,
} from '../../../scripting/heap/index.ts';
import { equal } from './expect.ts';
import type { Model } from './model.ts';
import { isGrowing, isInHeap, reachable, type Thing } from './things.ts';

export function compare(model: Model): void {
  const { roots, regions, drops, adrift } = model;
  roots.compare();
  const dropped = [...drops.values()].filter((thing) => !adrift.has(thing));
  for (const thing of reachable([...roots.things(), ...dropped])) compareThing(model, thing);
  regions.compare();
}

function compareThing({ target, memory }: Model, thing: Thing): void {
  const { shape, address, links, mark } = thing;
  equal(`descriptor of a ${shape}`, target.load(address), memory.descriptors[shape]);
  if (shape === 'weak') return;
  if (isGrowing(thing)) equal('length', target.load(address + MUT_VECTOR_LENGTH), links.length);
  else equal(`mark of a ${shape}`, target.load(memory.markCell(thing)), mark);
  // There are vectors of 50,000: what is wrong is only put into words where it is.
  for (let i = 0; i < links.length; i++) {
    const [found, wanted] = [target.load(memory.cellOf(thing, i)), links[i]?.address ?? 0];
    if (found !== wanted) equal(`link ${i} of a ${shape}`, found, wanted);
  }
}

/** Right after a collection: exactly what is reachable, or in an open arena reaches it, counts as alive. */
export function compareLiveBytes(model: Model): void {
  const { target, drops, proxies } = model;
  const kept = model.kept();
  let bytes = 0;
  for (const thing of kept) if (isInHeap(thing)) bytes += thing.bytes + (thing.buffer ?? 0);
  // Records live until they are taken, proxies until their death was heard of.
  bytes += drops.size * GRANULE_SIZE;
  for (const proxy of proxies.values()) if (!kept.has(proxy)) bytes += GRANULE_SIZE;
  equal('live bytes', target.load(STATS_LIVE_BYTES), bytes);
  equal('young bytes', target.load(STATS_YOUNG_BYTES), 0);
}
