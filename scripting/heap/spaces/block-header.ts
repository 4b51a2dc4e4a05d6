/**
 * The header of a block of objects, of a large object's run or of an arena: the first 256 bytes of its side table (see
 * `layout.ts`). Fields first, then, in blocks of objects, three sets of a bit a line.
 */
import { BLOCK_SIZE, LINE_SHIFT } from '../layout.ts';

@unmanaged
export class BlockHeader {
  /** The next block in the list that this one is in, or 0. */
  next: usize;
  /** How many blocks the run has that begins here. */
  run: u32;
  /** Arena: address of the region that owns it. */
  owner: usize;
  /** Arena: where its objects end, valid while it is not the region's current block. */
  fill: usize;
  /** Objects and large: the next block with young lines, or the next young large object's block. */
  youngNext: usize;
  /** Objects: 1 while in that list. */
  young: u32;
  /** Objects and large: the cycle during whose sweeping the block was taken. */
  born: u32;
  /** Objects: 1 when it was promoted as it stood by a young collection before the cycle in progress sweeps. */
  kept: u32;
  /** Objects: number of the list of holes that it is in, or was last; its complement: left aside (`recycling.ts`). */
  listed: u32;
  /** Large: how many of its cards were stored into (`trace/cards.ts`). */
  cards: u32;
  /** Objects: bytes of its holes, while it is in that list or left aside. */
  holes: u32;
  /** Objects: lines of its longest hole, while it is in that list or left aside. */
  longest: u32;
  spare2: u64;
  spare3: u32;
  /** Objects: 1 while the move phase empties it; large: 1 when that phase has put it here. */
  source: u32;

  static at(block: usize): BlockHeader {
    return changetype<BlockHeader>(block);
  }
}

/** Bytes of a set of a bit a line. */
const LINE_SET: usize = (BLOCK_SIZE >> LINE_SHIFT) >> 3;

/** Where the link to the next block is. */
export const BLOCK_NEXT: usize = offsetof<BlockHeader>('next');

/** Objects: lines in use, or given to an allocation window (`lines.ts`). */
export const BLOCK_LINES: usize = offsetof<BlockHeader>();
/** Objects: those of them that are young (`nursery.ts`). */
export const BLOCK_YOUNG_LINES: usize = BLOCK_LINES + LINE_SET;
/** Objects: those that stay young, while a young collection finds them; 0 otherwise. */
export const BLOCK_AGED_LINES: usize = BLOCK_YOUNG_LINES + LINE_SET;
/** Where the sets end, and state bytes begin. */
export const BLOCK_LINES_END: usize = BLOCK_AGED_LINES + LINE_SET;
