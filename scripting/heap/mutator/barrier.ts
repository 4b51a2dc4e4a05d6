/**
 * The write barrier's slow path. The fast path is compiled code (`scripting/emit/barrier.ts`): it looks at the object's
 * CLEAN bit and, where that is set, comes here before it stores an address. An object comes here once until a young
 * collection makes it clean again; a large one, which stays CLEAN, with each store. One barrier serves two purposes (object
 * logging: Azatchi, Levanoni, Paz and Petrank, CC 2003; coalescing: Levanoni and Petrank, OOPSLA 2001):
 *
 * - the object, or of a large one the card (`cards.ts`), is remembered (`remembered.ts`), as it may hold the address of a
 *   young one from now on;
 * - while a cycle marks (PHASE_MARK; in the weak phase all of the snapshot is marked), the addresses that it still holds
 *   are shaded, since they belong to the snapshot that the cycle began with (Yuasa, 1990) and may be overwritten next. That
 *   is done once a cycle, which LOGGED remembers: whatever the object holds later was stored into it since, and came from
 *   the snapshot by another way, or was made since. For the objects that the last frame stored into, the collector does it
 *   in the gap (`logAhead`). Of a card it is done again at the first store after its bit was cleared.
 *
 * Young, arena and already remembered objects are not CLEAN, and never come here.
 */
import { FAULT, FAULT_BULK, FAULT_REMEMBER, FAULT_SNAPSHOT } from '../fault.ts';
import { BLOCK_LARGE, PHASE_MARK, STATE_CLEAN } from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { kindOf } from '../spaces/blocks.ts';
import { stateOf } from '../spaces/object.ts';
import { logWhole, rememberCards } from '../trace/remembered.ts';
import { addRemembered } from '../trace/remembered-table.ts';

/** Before the store of an address to `slot`, in a clean old object. */
export function remember(object: usize, slot: usize): void {
  if (kindOf(object) === BLOCK_LARGE) rememberCards(object, (slot - object) as u32, sizeof<usize>() as u32);
  else rememberWhole(object);
}

/** The barrier as the heap's own functions use it, before stores to `bytes` bytes from `start` on, in any object. */
export function beforeStore(object: usize, start: usize, bytes: u32): void {
  if (FAULT === FAULT_BULK || !(load<u8>(stateOf(object)) & STATE_CLEAN)) return;
  if (kindOf(object) === BLOCK_LARGE) rememberCards(object, (start - object) as u32, bytes);
  else rememberWhole(object);
}

function rememberWhole(object: usize): void {
  if (FAULT !== FAULT_SNAPSHOT && statistics.phase === PHASE_MARK) logWhole(object);
  if (FAULT !== FAULT_REMEMBER && !addRemembered(object)) return;
  const cell = stateOf(object);
  store<u8>(cell, load<u8>(cell) & ~(STATE_CLEAN as u8));
}
