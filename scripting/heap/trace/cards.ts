/**
 * Cards: large objects are remembered by pieces of 512 bytes, so that a store into a long vector costs the next young
 * collection a card's worth of addresses and not the vector's. The header of such an object stays CLEAN, so that each
 * store into it comes to the barrier's slow path, which looks at the card's bit.
 *
 * Of the first block's state bytes only the first one is used, as only one object begins in a run: a bit a card lies in the
 * place of the others. An object with more cards than there are bits (beyond 15 MiB) has larger cards.
 *
 *     block + 256   state of the object
 *     block + 264   30,656 bits: card i, bytes `i << shift` up to `(i + 1) << shift` of the object, was stored into
 *
 * Invariants: a clear card of an old object holds no address of a young one; `cards` is the number of bits that are
 * set; the object is in the remembered set, tagged BY_CARDS, exactly while that is not 0 (or the set has lost it:
 * `remembered-table.ts`).
 */
import { FAULT, FAULT_CARD } from '../fault.ts';
import { BLOCK_DATA, BLOCK_HEADER_SIZE, BLOCK_SHIFT } from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { blockOf } from '../spaces/blocks.ts';
import { addRemembered, BY_CARDS, countRemembered } from './remembered-table.ts';

export const CARDS_START: usize = BLOCK_HEADER_SIZE + 8;

/** Where they end, in the first block. */
export const CARDS_END: usize = BLOCK_DATA;
const CARDS_MOST: u32 = ((CARDS_END - CARDS_START) << 3) as u32;

/** Cards of 512 bytes, where that many do. */
const SMALLEST_SHIFT: u32 = 9;

/** Remembers cards of an object that a young collection has made old, as what these bytes hold stays young. */
export function rememberPromotedCards(object: usize, offset: u32, bytes: u32): void {
  const block = blockOf(object);
  const shift = cardShift(block);
  const last = (offset + bytes - 1) >>> shift;
  for (let card = offset >>> shift; card <= last; card++) {
    const word = cardWord(block, card);
    if (!(load<u64>(word) & cardBit(card))) addCard(block, word, cardBit(card));
  }
}

/** Makes all cards of the object in the run at `block` clean. */
export function cleanCards(block: usize): void {
  const cards = BlockHeader.at(block).cards;
  if (cards === 0) return;
  memory.fill(block + CARDS_START, 0, CARDS_END - CARDS_START);
  BlockHeader.at(block).cards = 0;
  statistics.cards -= cards;
}

/** Logarithm of the bytes of a card of the object in the run at `block`. */
export function cardShift(block: usize): u32 {
  const run = BlockHeader.at(block).run as u64;
  let shift = SMALLEST_SHIFT;
  while ((run << BLOCK_SHIFT) >>> shift > (CARDS_MOST as u64)) shift++;
  return shift;
}

export function addCard(block: usize, word: usize, bit: u64): void {
  if (FAULT === FAULT_CARD) return;
  const cards = BlockHeader.at(block).cards;
  if (cards === 0 && !addRemembered((block + BLOCK_DATA) | BY_CARDS)) return;
  store<u64>(word, load<u64>(word) | bit);
  BlockHeader.at(block).cards = cards + 1;
  statistics.cards++;
  countRemembered(1 << cardShift(block));
}

export function clearCard(block: usize, word: usize, bit: u64): void {
  store<u64>(word, load<u64>(word) & ~bit);
  BlockHeader.at(block).cards--;
  statistics.cards--;
}

export function cardWord(block: usize, card: u32): usize {
  return block + CARDS_START + ((card >>> 6) << 3);
}

export function cardBit(card: u32): u64 {
  return (1 as u64) << (card & 63);
}
