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

/** State bytes are gone through four at a time: most say of no object that it is there. */
const OLD = STATE_OLD;
const OLD_IN_WORD = OLD * 0x01010101;
const STATE_BYTES = BLOCK_DATA - BLOCK_HEADER_SIZE;

/** Calls `visit` with the address of each and that of its descriptor. It must not change the heap. */
export function visitObjects(memory: Memory, visit: (object: number, descriptor: number) => void): void {
  const { u8 } = memory;
  const blocks = Math.floor(u8.length / BLOCK_SIZE);
  for (let index = FIRST_BLOCK; index < blocks; index++) {
    const kind = u8[BLOCK_TABLE + index] as number;
    if (kind !== BLOCK_LARGE && kind !== BLOCK_OBJECTS) continue;
    const block = index * BLOCK_SIZE;
    const states = block + BLOCK_HEADER_SIZE;
    const last = states + (kind === BLOCK_LARGE ? 1 : STATE_BYTES);
    for (let word = states; word < last; word += 4) {
      if ((memory.word(word) & OLD_IN_WORD) === 0) continue;
      for (let state = word; state < Math.min(word + 4, last); state++) {
        if (((u8[state] as number) & OLD) === 0) continue;
        const object = block + BLOCK_DATA + ((state - states) << GRANULE_SHIFT);
        visit(object, memory.word(object));
      }
    }
  }
}
