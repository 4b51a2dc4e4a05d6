/** All objects of the collected heap. Right after a full collection they are those that are alive, and state bytes tell where they begin. */
import {
  BLOCK_DATA,
  BLOCK_HEADER_SIZE,
  BLOCK_LARGE,
  BLOCK_OBJECTS,
  BLOCK_SIZE,
  BLOCK_TABLE,
  FIRST_BLOCK,
  GRANULE_SHIFT,
  STATE_OLD,
} from '../../heap/index.ts';
import type { Memory } from './memory.ts';

/** Calls `visit` with the address of each and that of its descriptor. It must not change the heap. */
export function visitObjects(memory: Memory, visit: (object: number, descriptor: number) => void): void {
  const { u8 } = memory;
  const end = Math.floor(u8.length / BLOCK_SIZE);
  for (let index = FIRST_BLOCK; index < end; index++) {
    const kind = u8[BLOCK_TABLE + index] as number;
    const block = index * BLOCK_SIZE;
    const last = kind === BLOCK_LARGE ? 1 : kind === BLOCK_OBJECTS ? BLOCK_DATA - BLOCK_HEADER_SIZE : 0;
    for (let granule = 0; granule < last; granule++) {
      if (((u8[block + BLOCK_HEADER_SIZE + granule] as number) & STATE_OLD) === 0) continue;
      const object = block + BLOCK_DATA + (granule << GRANULE_SHIFT);
      visit(object, memory.word(object));
    }
  }
}
