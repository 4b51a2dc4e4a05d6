/** What the model knows of objects, and how they hang together. */
import type { Address } from '../heap-under-test.ts';

/** What programs allocate by a descriptor. */
export type Made = 'node' | 'wide' | 'medium' | 'vector' | 'records' | 'bytes' | 'mut-vector' | 'segments';

export type Shape = Made | 'weak' | 'proxy';

/** What the model knows of an object. Where its mark and links lie in memory, `memory.ts` says. */
export interface Thing {
  readonly shape: Shape;
  /** Changes when the object moves. */
  address: Address;
  readonly region: Region;
  /** A number that tells this object from all others; the length of an array, the index of a proxy. */
  readonly mark: number;
  readonly links: (Thing | null)[];
  readonly bytes: number;
  /** Bytes of a mutable vector's buffer, or of segments' directory and chunks. */
  buffer?: number;
  /** What a weak reference leads to, until the heap has said that it is gone. */
  subject?: Thing | null;
  /** That may be cleared although the subject lives: it was brought back by drop code. */
  uncertain?: boolean;
}

/** The heap, the frame's arena, or one opened since. An object may lead to those of its own rank and of lower ones. */
export interface Region {
  readonly rank: number;
  /** Everything allocated in an arena: it is all kept until the end. */
  readonly things: Set<Thing>;
}

export const HEAP_RANK = 0;
export const FRAME_RANK = 1;

export function isInHeap({ region }: Thing): boolean {
  return region.rank === HEAP_RANK;
}

/** Whether one may be stored into the other: a region's end leaves nothing that leads into it. */
export function mayHold(holder: Thing, held: Thing | null): boolean {
  return held === null || held.region.rank <= holder.region.rank;
}

/** Whether an object's elements lie in others that are exchanged as it grows. */
export function isGrowing({ shape }: Thing): boolean {
  return shape === 'mut-vector' || shape === 'segments';
}

/** Things that lead from roots to one another. */
export function reachable(roots: Iterable<Thing | null>): Set<Thing> {
  const seen = new Set<Thing>();
  const queue: Thing[] = [];
  const reach = (thing: Thing | null) => {
    if (thing === null || seen.has(thing)) return;
    seen.add(thing);
    queue.push(thing);
  };
  for (const root of roots) reach(root);
  for (let thing = queue.pop(); thing !== undefined; thing = queue.pop())
    for (const link of thing.links) if (link !== null) reach(link);
  return seen;
}

/** How many elements with addresses an object has. */
export function elementsOf({ shape, links }: Thing): number {
  if (shape === 'records') return (links.length - 1) / 2;
  return shape === 'vector' || shape === 'mut-vector' ? links.length : 0;
}

/** A link of an object, by a number up to 1000: in long vectors too, any of them may be meant, first and last as well. */
export function linkOf({ links }: Thing, i: number): number {
  return i === 1000 ? links.length - 1 : (i * 61) % links.length;
}

/** Which link is the first of an array's element. */
export function linkAt({ shape }: Thing, element: number): number {
  return shape === 'records' ? 1 + 2 * element : element;
}
