/**
 * What is young: lines of blocks, by a second set of bits, and large objects; the blocks of both are in lists that young
 * collections go through (`nursery.ts`).
 */
import { YOUNG_BLOCKS, YOUNG_LARGE } from '../cells.ts';
import { BLOCK_YOUNG, BLOCK_YOUNG_LINES, BLOCK_YOUNG_NEXT } from './blocks.ts';
import { setBits } from './lines.ts';

/** Lines that are being handed out. */
export function noteYoung(block: usize, from: u32, to: u32): void {
  setBits(block + BLOCK_YOUNG_LINES, from, to);
  if (load<u32>(block, BLOCK_YOUNG) === 0) listYoung(block);
}

export function listYoung(block: usize): void {
  store<u32>(block, 1, BLOCK_YOUNG);
  store<usize>(block, load<usize>(YOUNG_BLOCKS), BLOCK_YOUNG_NEXT);
  store<usize>(YOUNG_BLOCKS, block);
}

/** A large object that is being handed out. */
export function noteYoungLarge(block: usize): void {
  store<usize>(block, load<usize>(YOUNG_LARGE), BLOCK_YOUNG_NEXT);
  store<usize>(YOUNG_LARGE, block);
}

export function isNurseryEmpty(): bool {
  return load<usize>(YOUNG_BLOCKS) === 0 && load<usize>(YOUNG_LARGE) === 0;
}

export function takeFirst(list: usize): usize {
  const block = load<usize>(list);
  if (block !== 0) store<usize>(list, load<usize>(block, BLOCK_YOUNG_NEXT));
  return block;
}
