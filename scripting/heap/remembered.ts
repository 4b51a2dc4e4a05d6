/**
 * The write barrier's slow path and the remembered set. A store of an address into a clean old object comes here once
 * between two young collections, before the store. One barrier serves two purposes (object logging: Azatchi, Levanoni,
 * Paz and Petrank, CC 2003; coalescing: Levanoni and Petrank, OOPSLA 2001):
 *
 * - the object is remembered, as it may hold the address of a young one from now on;
 * - while a cycle marks, the addresses that it still holds are shaded, since they belong to the snapshot that the cycle
 *   began with (Yuasa, 1990) and may be overwritten next.
 *
 * Young, arena and already remembered objects pass the barrier's test and never come here.
 *
 *     table: run of work blocks, [block header][object][object] ...; grows by moving to one twice as long
 *
 * Invariant: an old object that is not clean is in the table, or REMEMBERED_LOST is set.
 */
import { BLOCK_RUN, freeBlocks, takeBlocks } from './blocks.ts';
import { REMEMBERED_BASE, REMEMBERED_LIMIT, REMEMBERED_LOST, REMEMBERED_TOP, TRACE } from './cells.ts';
import { FAULT, FAULT_BULK, FAULT_CLEAN, FAULT_REMEMBER, FAULT_SNAPSHOT } from './fault.ts';
import { BLOCK_SHIFT, BLOCK_WORK, PHASE_MARK, STATE_CLEAN, STATS_PHASE, STATS_REMEMBERED } from './layout.ts';
import { shadeWhole, TRACE_CYCLE } from './mark.ts';
import { stateOf } from './object.ts';

/** Room for the header that `takeBlocks` writes. */
const TABLE_START: usize = 16;

/** Before the first store of an address into a clean old object. */
export function remember(object: usize): void {
  const state = stateOf(object);
  store<u8>(state, load<u8>(state) & ~(STATE_CLEAN as u8));
  if (FAULT !== FAULT_SNAPSHOT && load<u32>(STATS_PHASE) === PHASE_MARK) {
    store<u32>(TRACE, TRACE_CYCLE);
    shadeWhole(object);
  }
  if (FAULT === FAULT_REMEMBER) return;
  store<u32>(STATS_REMEMBERED, load<u32>(STATS_REMEMBERED) + 1);
  if (load<usize>(REMEMBERED_TOP) === load<usize>(REMEMBERED_LIMIT) && !enlarge()) {
    store<u32>(REMEMBERED_LOST, 1);
    return;
  }
  const top = load<usize>(REMEMBERED_TOP);
  store<usize>(top, object);
  store<usize>(REMEMBERED_TOP, top + 4);
}

/** The barrier as the heap's own functions use it, for an object of any kind. */
export function beforeStore(object: usize): void {
  if (FAULT !== FAULT_BULK && load<u8>(stateOf(object)) & STATE_CLEAN) remember(object);
}

/** First and last of the table's entries, for whoever goes through it. */
export function rememberedStart(): usize {
  const base = load<usize>(REMEMBERED_BASE);
  return base === 0 ? 0 : base + TABLE_START;
}

/** Makes every remembered object clean again and the set empty: nothing young is left. */
export function cleanRemembered(): void {
  if (FAULT === FAULT_CLEAN) {
    forgetRemembered();
    return;
  }
  for (let entry = rememberedStart(); entry < load<usize>(REMEMBERED_TOP); entry += 4) {
    const state = stateOf(load<usize>(entry));
    store<u8>(state, load<u8>(state) | (STATE_CLEAN as u8));
  }
  forgetRemembered();
}

/** Empties the set, when a full collection has made every survivor clean. */
export function forgetRemembered(): void {
  store<usize>(REMEMBERED_TOP, rememberedStart());
  store<u32>(REMEMBERED_LOST, 0);
  store<u32>(STATS_REMEMBERED, 0);
}

/** Gives the table's memory back; the set must be empty. */
export function releaseRemembered(): void {
  const base = load<usize>(REMEMBERED_BASE);
  if (base === 0) return;
  freeBlocks(base, load<u32>(base, BLOCK_RUN));
  store<usize>(REMEMBERED_BASE, 0);
  store<usize>(REMEMBERED_TOP, 0);
  store<usize>(REMEMBERED_LIMIT, 0);
}

function enlarge(): bool {
  const base = load<usize>(REMEMBERED_BASE);
  const blocks = base === 0 ? 0 : load<u32>(base, BLOCK_RUN);
  const run = takeBlocks(max(blocks << 1, 1), BLOCK_WORK, BLOCK_WORK);
  if (run === 0) return false;
  const bytes = base === 0 ? 0 : load<usize>(REMEMBERED_TOP) - (base + TABLE_START);
  if (base !== 0) {
    memory.copy(run + TABLE_START, base + TABLE_START, bytes);
    freeBlocks(base, blocks);
  }
  store<usize>(REMEMBERED_BASE, run);
  store<usize>(REMEMBERED_TOP, run + TABLE_START + bytes);
  store<usize>(REMEMBERED_LIMIT, run + ((load<u32>(run, BLOCK_RUN) as usize) << BLOCK_SHIFT));
  return true;
}
