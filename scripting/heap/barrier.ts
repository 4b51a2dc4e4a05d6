/**
 * The write barrier's slow path. A store of an address into a clean old object comes here once between two young collections,
 * before the store. One barrier serves two purposes (object logging: Azatchi, Levanoni, Paz and Petrank, CC 2003;
 * coalescing: Levanoni and Petrank, OOPSLA 2001):
 *
 * - the object is remembered (`remembered.ts`), as it may hold the address of a young one from now on;
 * - while a cycle marks, the addresses that it still holds are shaded, since they belong to the snapshot that the cycle
 *   began with (Yuasa, 1990) and may be overwritten next. An object that stays remembered behind a young collection
 *   passes the test from then on; its part of the snapshot has been shaded, since nothing is remembered when a cycle begins.
 *
 * Young, arena and already remembered objects pass the barrier's test and never come here.
 */
import { TRACE } from './cells.ts';
import { FAULT, FAULT_BULK, FAULT_REMEMBER, FAULT_SNAPSHOT } from './fault.ts';
import { PHASE_MARK, STATE_CLEAN, STATS_PHASE } from './layout.ts';
import { shadeWhole, TRACE_CYCLE } from './mark.ts';
import { stateOf } from './object.ts';
import { addRemembered } from './remembered.ts';

/** Before the first store of an address into a clean old object. */
export function remember(object: usize): void {
  const state = stateOf(object);
  store<u8>(state, load<u8>(state) & ~(STATE_CLEAN as u8));
  if (FAULT !== FAULT_SNAPSHOT && load<u32>(STATS_PHASE) === PHASE_MARK) {
    store<u32>(TRACE, TRACE_CYCLE);
    shadeWhole(object);
  }
  if (FAULT !== FAULT_REMEMBER) addRemembered(object);
}

/** The barrier as the heap's own functions use it, for an object of any kind. */
export function beforeStore(object: usize): void {
  if (FAULT !== FAULT_BULK && load<u8>(stateOf(object)) & STATE_CLEAN) remember(object);
}
