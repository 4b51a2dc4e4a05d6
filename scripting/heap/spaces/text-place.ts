/**
 * Where a string that is not ASCII was read last: a code point's index, and the byte at which it begins. The next one is
 * found from there, so that a text is read in linear time in either direction (`scripting/library/native/strings.ts`).
 *
 * Invariant: while `text` is not 0, it is a string that has been where it is since it was read. It is therefore forgotten with
 * all that frees or moves what a script has read: when an arena ends, in each slice of a collection, and when the host
 * enters scripts, whatever it did before.
 */

import { TEXT_PLACE } from '../cells.ts';
import { FAULT, FAULT_TEXT_PLACE } from '../fault.ts';

@unmanaged
export class TextPlace {
  text: usize;
  index: u32;
  byte: u32;
}

export const textPlace = changetype<TextPlace>(TEXT_PLACE);

export function forgetTextPlace(): void {
  if (FAULT !== FAULT_TEXT_PLACE) textPlace.text = 0;
}
