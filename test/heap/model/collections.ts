/** Collections, whole and in slices, and what must hold after each. */
import {
  FORCE_ALL,
  FORCE_FULL,
  FORCE_LOW,
  FORCE_MOVE,
  PHASE_MOVE,
  STATS_PHASE,
} from '../../../scripting/heap/index.ts';
import { compare, compareLiveBytes } from './compare.ts';
import { takeDrops } from './drops.ts';
import { equal } from './expect.ts';
import { followAll } from './follow.ts';
import type { Model } from './model.ts';
import { takeProxies } from './proxies.ts';
import { compareWeaks } from './weak.ts';

/** What a forced collection may be: without a cycle, with one, and with all kinds of moving. */
const WISHES = [
  0,
  FORCE_FULL,
  FORCE_FULL | FORCE_MOVE,
  FORCE_FULL | FORCE_MOVE | FORCE_LOW,
  FORCE_FULL | FORCE_MOVE | FORCE_ALL,
];

/** A full collection; `exactly` takes what was queued before, so that the queues must hold just what it finds. */
export function collect(model: Model, exactly: boolean): void {
  const runs = !model.regions.isSuppressed;
  if (exactly && runs) {
    takeDrops(model);
    takeProxies(model);
  }
  model.target.heap.collect();
  if (runs) compareLiveBytes(model);
  compare(model);
  if (exactly && runs) compareReferences(model);
}

/** Right after a collection that began with empty queues: weak references, drops and proxies are as they must be. */
function compareReferences(model: Model): void {
  const reached = model.reached();
  compareWeaks(model, reached);
  const dead = [...model.drops.values()].filter((thing) => !reached.has(thing)).length;
  const kept = model.kept();
  const deadProxies = [...model.proxies.values()].filter((proxy) => !kept.has(proxy)).length;
  equal('dropped', takeDrops(model), dead);
  equal('dead proxies', takeProxies(model), deadProxies);
}

/** What the host asks for between frames: a collection that is then done in slices. */
export function force({ target }: Model, wish: number): void {
  target.heap.force(wishOf(wish));
}

/** A slice of the forced collection in progress. Where objects begin to move, some slices later a script is entered. */
export function forceSlice(model: Model, work: number, slices: number): void {
  const { heap } = model.target;
  heap.forceSlice(work);
  if (model.target.load(STATS_PHASE) !== PHASE_MOVE) return;
  for (let i = 0; i < slices; i++) heap.forceSlice(work);
  heap.leave(heap.enter());
  followAll(model);
  compare(model);
}

/** A forced collection from beginning to end. */
export function forceAll(model: Model, wish: number, work: number): void {
  const { target, regions } = model;
  // Nothing moves while anything is open: every other time all of it ends first.
  if (work % 2 === 0) regions.closeAll();
  target.heap.force(wishOf(wish));
  while (target.heap.forceSlice(work) !== 0);
  if (!regions.isAnythingOpen) followAll(model);
  compare(model);
  if (wishOf(wish) !== 0 && !regions.isSuppressed) compareLiveBytes(model);
}

function wishOf(i: number): number {
  return WISHES[i % WISHES.length]!; // there are some
}
