/**
 * What a script can ask of an arena: `arena-used`, `arena-capacity`, `arena-peak`, in bytes. An arena is known by where it lies
 * among the records, so what has ended has nothing to say, and another may have taken its place.
 */
import { shared } from '../shared-cells.ts';
import { usedBytes } from '../spaces/arena-space.ts';
import { isOpen } from '../spaces/records.ts';
import { closeWindow, Region } from '../spaces/window.ts';

/** Bytes of the objects in the arena with this region descriptor. */
export function arenaUsed(region: usize): i64 {
  if (!isOpen(region)) return 0;
  if (shared.region === region) closeWindow();
  return usedBytes(region, Region.at(region).top) as i64;
}

/** Bytes that objects can have before the arena needs another block; with `:limit`, that at most. */
export function arenaCapacity(region: usize): i64 {
  if (!isOpen(region)) return 0;
  const capacity = Region.at(region).capacity;
  const limit = Region.at(region).byteLimit;
  return (limit === 0 ? capacity : min(capacity, limit)) as i64;
}

/** The most bytes that were used at once: for the frame's arena, in any frame so far. */
export function arenaPeak(region: usize): i64 {
  return isOpen(region) ? max(arenaUsed(region), Region.at(region).peak as i64) : 0;
}
