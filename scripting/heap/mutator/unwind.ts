/**
 * Unwinding: what has to be put right when a call does not end normally. Records (`spaces/records.ts`) form a stack in memory,
 * each pushed by what it stands for and popped when that ends; after a failure the machine pops them down to the one of the
 * call it made. WebAssembly needs to clean up nothing itself, so compiled code needs no exception handling.
 *
 * Invariant: the current region is the one that the innermost record made current, or one that a tail call inside switched to.
 * Suppression is counted, not restored: what the host suppressed inside a call stays suppressed when that call fails.
 */
import { TEXT_LENGTH } from '../cells.ts';
import { moveEverything } from '../collect/forced.ts';
import { FAULT, FAULT_MOVE_ENTER } from '../fault.ts';
import { fail } from '../host.ts';
import {
  BLOCK_ARENA,
  BLOCK_OWNER,
  DEPTH,
  FAIL_DEPTH,
  REGION,
  REGION_FRAME,
  REGION_HEAP,
  SHADOW_STACK,
  SHADOW_TOP,
  STATS_ARENA_OPENINGS,
  STRESS,
  STRESS_MOVE,
  SUPPRESSED,
  UNWIND,
  UNWIND_STACK,
  UNWIND_STACK_SIZE,
} from '../layout.ts';
import { finishMove } from '../moving/move.ts';
import { emptyArena, initialiseArena } from '../spaces/arena-space.ts';
import { blockOf, kindOf } from '../spaces/blocks.ts';
import {
  RECORD_ARENA,
  RECORD_CALL,
  RECORD_DEPTH,
  RECORD_KIND,
  RECORD_PREVIOUS,
  RECORD_REGION,
  RECORD_SHADOW,
  RECORD_SIZE,
  RECORD_SUPPRESS,
  RECORD_SWITCH,
  RECORD_TEXT,
  recordAbove,
} from '../spaces/records.ts';
import { settleStatistics } from '../spaces/statistics.ts';
import { closeWindow, openWindow, REGION_SIZE, switchRegion } from '../spaces/window.ts';

const UNWIND_END: usize = UNWIND_STACK + UNWIND_STACK_SIZE;

/**
 * Before the host calls script code: a move phase in progress is completed. The heap becomes the current region. Gives the record for `leave`
 * or `unwind`.
 */
export function enter(): usize {
  if (FAULT !== FAULT_MOVE_ENTER) finishMove();
  if (
    load<u32>(STRESS) & STRESS_MOVE &&
    load<usize>(UNWIND) === 0 &&
    load<usize>(SHADOW_TOP) === SHADOW_STACK
  ) {
    moveEverything();
  }
  const record = push(RECORD_CALL);
  store<usize>(record, load<usize>(SHADOW_TOP), RECORD_SHADOW);
  store<u32>(record, load<u32>(DEPTH), RECORD_DEPTH);
  store<u32>(record, load<u32>(TEXT_LENGTH), RECORD_TEXT);
  switchRegion(REGION_HEAP);
  return record;
}

/** After such a call has ended normally. */
export function leave(record: usize): void {
  assert(load<usize>(UNWIND) === record, 'a call ended with something still open');
  pop();
  settleStatistics();
}

/** After such a call has failed: ends all that was open in it. */
export function unwind(record: usize): void {
  while (load<usize>(UNWIND) > record) pop();
  store<usize>(SHADOW_TOP, load<usize>(record, RECORD_SHADOW));
  store<u32>(DEPTH, load<u32>(record, RECORD_DEPTH));
  store<u32>(TEXT_LENGTH, load<u32>(record, RECORD_TEXT));
  pop();
  settleStatistics();
}

/** Opens an arena and makes it current. 0 stands for the default chunk and for no limit. Gives its region descriptor. */
export function openArena(chunkBytes: u32, limitBytes: u32): usize {
  const record = push(RECORD_ARENA);
  const region = record + RECORD_SIZE;
  initialiseArena(region, chunkBytes, limitBytes);
  store<u32>(STATS_ARENA_OPENINGS, load<u32>(STATS_ARENA_OPENINGS) + 1);
  switchRegion(region);
  return region;
}

/** Ends the arena opened last: everything in it is gone, at a cost that does not depend on what that was. */
export function closeArena(): void {
  assert(load<u32>(load<usize>(UNWIND), RECORD_KIND) === RECORD_ARENA, 'no arena to close');
  pop();
}

/** Makes the frame's arena current until `leaveRegion`. Gives what stands for this entry to `enterOutside`. */
export function enterFrame(): usize {
  const record = push(RECORD_SWITCH);
  switchRegion(REGION_FRAME);
  return record + RECORD_SIZE;
}

/** Makes the region current, until `leaveRegion`, from which an arena was opened, or the frame's entered. */
export function enterOutside(arena: usize): void {
  const region = load<usize>(arena - RECORD_SIZE, RECORD_REGION);
  push(RECORD_SWITCH);
  switchRegion(region);
}

/** Does this stand for an entry of the frame's arena, rather than for an arena of its own? */
export function isFrameEntry(arena: usize): bool {
  return load<u32>(arena - RECORD_SIZE, RECORD_KIND) === RECORD_SWITCH;
}

/**
 * Whether the current region is the frame's arena, or an arena that was opened inside the frame. That is for the region alone to
 * say, not for what was entered since: the escape proof takes all that is copied out of the frame to one region to be copied
 * there, or none of it.
 */
export function isInsideFrame(): bool {
  const current = load<usize>(REGION);
  if (current === REGION_FRAME || current === REGION_HEAP) return current === REGION_FRAME;
  let record = current - RECORD_SIZE;
  while (record !== 0) {
    if (load<usize>(record, RECORD_REGION) === REGION_FRAME) return true;
    record = load<usize>(record, RECORD_PREVIOUS);
  }
  return false;
}

/** Makes a region current until `leaveRegion`: the heap, the frame's, or that of an arena that is open. */
export function enterRegion(region: usize): void {
  push(RECORD_SWITCH);
  switchRegion(region);
}

/** Makes a region current for what a tail call makes: that is undone by whoever keeps the region that was current. */
export function switchTo(region: usize): void {
  switchRegion(region);
}

/** Makes the region that owns an object current until `leaveRegion`. */
export function enterRegionOf(object: usize): void {
  enterRegion(regionOf(object));
}

export function leaveRegion(): void {
  assert(load<u32>(load<usize>(UNWIND), RECORD_KIND) === RECORD_SWITCH, 'no region to leave');
  pop();
}

/** `without-collection` begins. */
export function enterSuppressed(): void {
  push(RECORD_SUPPRESS);
  suppress();
}

/** `without-collection` ends. */
export function leaveSuppressed(): void {
  assert(load<u32>(load<usize>(UNWIND), RECORD_KIND) === RECORD_SUPPRESS, 'nothing suppressed here');
  pop();
}

/** No collection of any kind runs until the matching `resume`. Nests. */
export function suppress(): void {
  store<u32>(SUPPRESSED, load<u32>(SUPPRESSED) + 1);
}

export function resume(): void {
  const count = load<u32>(SUPPRESSED);
  if (count > 0) store<u32>(SUPPRESSED, count - 1);
}

/** Empties the frame's arena and keeps its blocks for the next frame. Nothing may use it as current region. */
export function resetFrame(): void {
  assert(load<usize>(REGION) !== REGION_FRAME, 'the frame is still in use');
  closeWindow();
  emptyArena(REGION_FRAME);
  openWindow();
  settleStatistics();
}

/** The region that owns an object: where it grows. Static objects grow in the heap. */
export function regionOf(object: usize): usize {
  return kindOf(object) === BLOCK_ARENA ? load<usize>(blockOf(object), BLOCK_OWNER) : REGION_HEAP;
}

function push(kind: u32): usize {
  const previous = load<usize>(UNWIND);
  const record = recordAbove(previous);
  const size = RECORD_SIZE + (kind === RECORD_ARENA ? REGION_SIZE : 0);
  if (record + size > UNWIND_END) fail(FAIL_DEPTH, -1, 0, 0);
  store<usize>(record, previous, RECORD_PREVIOUS);
  store<u32>(record, kind, RECORD_KIND);
  store<usize>(record, load<usize>(REGION), RECORD_REGION);
  store<usize>(UNWIND, record);
  return record;
}

function pop(): void {
  const record = load<usize>(UNWIND);
  const kind = load<u32>(record, RECORD_KIND);
  const region = load<usize>(record, RECORD_REGION);
  if (kind === RECORD_ARENA) {
    closeWindow();
    emptyArena(record + RECORD_SIZE);
    store<usize>(REGION, region);
    openWindow();
  } else {
    if (kind === RECORD_SUPPRESS) resume();
    switchRegion(region);
  }
  store<usize>(UNWIND, load<usize>(record, RECORD_PREVIOUS));
}
