/** Snapshots of the heap. They are no part of what a game loads first: whoever takes one imports this then. */
export { difference, type Growth, growth, leaks, type TypeChange } from './comparison.ts';
export {
  type FoundObject,
  HeapSnapshot,
  type HeldTotal,
  type Search,
  type TypeTotal,
  takeSnapshot,
} from './heap-snapshot.ts';
export type { Snapshottable } from './reading.ts';
