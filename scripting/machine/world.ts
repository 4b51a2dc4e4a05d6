/** What reads all that a program has: what it finds there. */
import type { GlobalEntry } from '../image/index.ts';
import type { TypeNames } from './type-names.ts';
import type { MemoryViews } from './views.ts';

/** What is read of a machine, while nothing of the script is on the stack and nothing moves. */
export interface World {
  readonly views: MemoryViews;
  readonly globals: readonly GlobalEntry[];
  /** Addresses of each global's cells, by its key. */
  readonly cells: ReadonlyMap<string, readonly number[]>;
  readonly types: TypeNames;
  /** Whether all of these are known. */
  readonly isDescribed: boolean;
  /** The program's first slot of the function table. */
  readonly slots: number;
  /** Addresses of the cells by which JavaScript holds objects. */
  readonly handles: ReadonlySet<number>;
}

/** A machine, or what else has a world. */
export interface HasWorld {
  /** @internal */
  readonly world: World;
}

/** Throws before all is known of the types of what is there. */
export function describedWorld({ world }: HasWorld): World {
  if (!world.isDescribed)
    throw new Error(
      'what the objects of the world are is not known yet: wait for `machine.describe()` first',
    );
  return world;
}
