/** The heap's own verifier, for checked runs: what it finds broken ends a run like an error of the script. */
import type * as heap from '../heap/index.ts';
import {
  VERIFY_ADDRESS_KIND,
  VERIFY_ARENA,
  VERIFY_BLOCK_COUNT,
  VERIFY_BLOCK_KIND,
  VERIFY_BLOCK_LIST,
  VERIFY_DANGLING,
  VERIFY_DESCRIPTOR,
  VERIFY_ESCAPE,
  VERIFY_EXTENT,
  VERIFY_FREE_LINE,
  VERIFY_OVERLAP,
  VERIFY_REFERENCE,
  VERIFY_REMEMBERED,
  VERIFY_ROOM,
  VERIFY_SNAPSHOT,
  VERIFY_STATE,
  VERIFY_UNREMEMBERED,
  VERIFY_UNWIND,
  VERIFY_WINDOW,
  VERIFY_YOUNG,
} from '../heap/index.ts';
import { type Machine, ScriptError } from '../machine/index.ts';

type Heap = typeof heap;
type RuleName = Exclude<Extract<keyof Heap, `VERIFY_${string}`>, `VERIFY_${'CODE' | 'OBJECT' | 'ADDRESS'}`>;

/** Each rule of the verifier. */
const RULES: Readonly<Record<Heap[RuleName], string>> = {
  [VERIFY_WINDOW]: 'an allocation window lies outside of its region',
  [VERIFY_BLOCK_KIND]: 'the block table says what cannot be',
  [VERIFY_BLOCK_COUNT]: 'blocks were counted wrongly',
  [VERIFY_BLOCK_LIST]: 'a block is in the wrong list',
  [VERIFY_STATE]: 'an object is in a state that it cannot be in now',
  [VERIFY_ARENA]: 'an arena does not consist of objects',
  [VERIFY_ADDRESS_KIND]: 'an address leads to where no objects are',
  [VERIFY_DESCRIPTOR]: 'an address leads to what is no object',
  [VERIFY_EXTENT]: 'an object does not fit where it lies',
  [VERIFY_OVERLAP]: 'two objects overlap',
  [VERIFY_FREE_LINE]: 'an object lies in free memory',
  [VERIFY_ESCAPE]: 'an object is held by what lives longer',
  [VERIFY_DANGLING]: 'an address leads into an arena that has ended',
  [VERIFY_UNWIND]: 'the record of what is open is broken',
  [VERIFY_ROOM]: 'there is no memory left to verify it in',
  [VERIFY_UNREMEMBERED]: 'an old object holds a young one that no collection would find there',
  [VERIFY_REFERENCE]: 'a list of references is broken',
  [VERIFY_YOUNG]: 'what is young is not where it is said to be',
  [VERIFY_REMEMBERED]: 'the remembered objects are others than they should be',
  [VERIFY_SNAPSHOT]: 'the collector is about to free what is in use',
};

/** Verifies the whole heap. Throws a `ScriptError` that says what is broken. */
export function verify(machine: Machine): void {
  const broken = machine.verify();
  if (broken === undefined) return;
  const { code, object, address } = broken;
  const hex = (value: number): string => `0x${value.toString(16)}`;
  const message = `the heap is broken: ${RULES[code as Heap[RuleName]]} (${hex(object)}, ${hex(address)})`;
  throw new ScriptError('heap', message, { modules: [] });
}
