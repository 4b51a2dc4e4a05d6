/**
 * The large-object space: a collected object that does not fit a block has a run of blocks of its own, begins after the
 * first one's side table, and moves only when a shrink finds it a free run further down (`moving/move.ts`). The block table is
 * the space's only list: BLOCK_LARGE is a large object.
 *
 *     [header, states][object ......][............][.......      ]
 *      BLOCK_LARGE                    BLOCK_LARGE_REST ...
 */
import { cells } from '../cells.ts';
import {
  BLOCK_DATA,
  BLOCK_LARGE,
  BLOCK_LARGE_REST,
  BLOCK_SHIFT,
  BLOCK_SIZE,
  PHASE_SWEEP,
} from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BlockHeader } from './block-header.ts';
import { blocksFor, freeBlocks, takeBlocks } from './blocks.ts';
import { countBytes } from './statistics.ts';
import { noteYoungLarge } from './young-lists.ts';

/** Allocates more than SMALL_OBJECT_LIMIT bytes; 0 where no run of blocks can be had. */
export function allocateLarge(size: u32): usize {
  const count = blocksFor(size);
  const block = takeBlocks(count, BLOCK_LARGE, BLOCK_LARGE_REST);
  if (block === 0) return 0;
  countBytes(size);
  statistics.largeBytes += count << BLOCK_SHIFT;
  noteYoungLarge(block);
  if (statistics.phase === PHASE_SWEEP) BlockHeader.at(block).born = cells.cycle;
  return block + BLOCK_DATA;
}

/** Frees the large object whose run begins at `block`. */
export function freeLarge(block: usize): void {
  const count = BlockHeader.at(block).run;
  statistics.largeBytes -= count << BLOCK_SHIFT;
  freeBlocks(block, count);
}

/** Where the room of the large object in the run at `block` ends. */
export function endOfRun(block: usize): usize {
  return block + (BlockHeader.at(block).run as usize) * BLOCK_SIZE;
}
