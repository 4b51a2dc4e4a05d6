/**
 * What is young: lines of blocks, by a second set of bits, and large objects; the blocks of both are in lists that young
 * collections go through (`nursery.ts`).
 */
import { cells } from '../cells.ts';
import { BLOCK_YOUNG_LINES, BlockHeader } from './block-header.ts';
import { setBits } from './lines.ts';

/** Lines that are being handed out. */
export function noteYoung(block: usize, from: u32, to: u32): void {
  setBits(block + BLOCK_YOUNG_LINES, from, to);
  if (BlockHeader.at(block).young === 0) listYoung(block);
}

export function listYoung(block: usize): void {
  BlockHeader.at(block).young = 1;
  BlockHeader.at(block).youngNext = cells.youngBlocks;
  cells.youngBlocks = block;
}

/** A large object that is being handed out. */
export function noteYoungLarge(block: usize): void {
  BlockHeader.at(block).youngNext = cells.youngLarge;
  cells.youngLarge = block;
}

export function isNurseryEmpty(): bool {
  return cells.youngBlocks === 0 && cells.youngLarge === 0;
}

export function takeFirst(list: usize): usize {
  const block = load<usize>(list);
  if (block !== 0) store<usize>(list, BlockHeader.at(block).youngNext);
  return block;
}
