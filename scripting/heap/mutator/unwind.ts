/**
 * Unwinding: what has to be put right when a call does not end normally. Records (`spaces/records.ts`) form a stack in memory,
 * each pushed by what it stands for and popped when that ends; after a failure the machine pops them down to the one of the
 * call it made. WebAssembly needs to clean up nothing itself, so compiled code needs no exception handling.
 *
 * Invariant: the current region is the one that the innermost record made current, or one that a tail call inside switched to.
 * Suppression is counted, not restored: what the host suppressed inside a call stays suppressed when that call fails.
 */
import { cells } from '../cells.ts';
import { moveEverything } from '../collect/forced.ts';
import { giveUpTrace } from '../collect/young-trace.ts';
import { FAULT, FAULT_MOVE_ENTER, FAULT_TRACE_ENTER } from '../fault.ts';
import { fail } from '../host.ts';
import {
  BLOCK_ARENA,
  FAIL_DEPTH,
  REGION_FRAME,
  REGION_HEAP,
  SHADOW_STACK,
  STRESS_MOVE,
  UNWIND_STACK,
  UNWIND_STACK_SIZE,
} from '../layout.ts';
import { finishMove } from '../moving/move.ts';
import { shared, statistics } from '../shared-cells.ts';
import { emptyArena, initialiseArena } from '../spaces/arena-space.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { blockOf, kindOf } from '../spaces/blocks.ts';
import {
  RECORD_ARENA,
  RECORD_CALL,
  RECORD_SIZE,
  RECORD_SUPPRESS,
  RECORD_SWITCH,
  recordAbove,
  UnwindRecord,
} from '../spaces/records.ts';
import { updateStatistics } from '../spaces/statistics.ts';
import { forgetTextPlace } from '../spaces/text-place.ts';
import { closeWindow, openWindow, REGION_SIZE, switchRegion } from '../spaces/window.ts';

const UNWIND_END: usize = UNWIND_STACK + UNWIND_STACK_SIZE;

/**
 * Before the host calls script code: a move phase in progress is completed, and a young collection that traces gives up. The heap becomes the current region. Returns the record for `leave`
 * or `unwind`.
 */
export function enter(): usize {
  if (FAULT !== FAULT_MOVE_ENTER) finishMove();
  if (FAULT !== FAULT_TRACE_ENTER) giveUpTrace();
  if (shared.stress & STRESS_MOVE && shared.unwind === 0 && shared.shadowTop === SHADOW_STACK) {
    moveEverything();
  }
  forgetTextPlace();
  const record = push(RECORD_CALL);
  UnwindRecord.at(record).shadow = shared.shadowTop;
  UnwindRecord.at(record).depth = shared.depth;
  UnwindRecord.at(record).text = cells.textLength;
  switchRegion(REGION_HEAP);
  return record;
}

/** After such a call has ended normally. */
export function leave(record: usize): void {
  assert(shared.unwind === record, 'a call ended with something still open');
  pop();
  updateStatistics();
}

/** After such a call has failed: ends all that was open in it. */
export function unwind(record: usize): void {
  while (shared.unwind > record) pop();
  shared.shadowTop = UnwindRecord.at(record).shadow;
  shared.depth = UnwindRecord.at(record).depth;
  cells.textLength = UnwindRecord.at(record).text;
  pop();
  updateStatistics();
}

/** Opens an arena and makes it current. 0 stands for the default chunk and for no limit. Returns its region descriptor. */
export function openArena(chunkBytes: u32, limitBytes: u32): usize {
  const record = push(RECORD_ARENA);
  const region = record + RECORD_SIZE;
  initialiseArena(region, chunkBytes, limitBytes);
  statistics.arenaOpenings++;
  switchRegion(region);
  return region;
}

/** Ends the arena opened last: everything in it is gone, at a cost that does not depend on what that was. */
export function closeArena(): void {
  assert(UnwindRecord.at(shared.unwind).kind === RECORD_ARENA, 'no arena to close');
  pop();
}

/** Makes the frame's arena current until `leaveRegion`. Returns what stands for this entry to `enterOutside`. */
export function enterFrame(): usize {
  const record = push(RECORD_SWITCH);
  switchRegion(REGION_FRAME);
  return record + RECORD_SIZE;
}

/** Makes the region current, until `leaveRegion`, from which an arena was opened, or the frame's entered. */
export function enterOutside(arena: usize): void {
  const region = UnwindRecord.at(arena - RECORD_SIZE).region;
  push(RECORD_SWITCH);
  switchRegion(region);
}

/** Does this stand for an entry of the frame's arena, rather than for an arena of its own? */
export function isFrameEntry(arena: usize): bool {
  return UnwindRecord.at(arena - RECORD_SIZE).kind === RECORD_SWITCH;
}

/**
 * Whether the current region is the frame's arena, or an arena that was opened inside the frame. That is for the region alone to
 * say, not for what was entered since: the escape proof takes all that is copied out of the frame to one region to be copied
 * there, or none of it.
 */
export function isInsideFrame(): bool {
  const current = shared.region;
  if (current === REGION_FRAME || current === REGION_HEAP) return current === REGION_FRAME;
  let record = current - RECORD_SIZE;
  while (record !== 0) {
    if (UnwindRecord.at(record).region === REGION_FRAME) return true;
    record = UnwindRecord.at(record).previous;
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
  assert(UnwindRecord.at(shared.unwind).kind === RECORD_SWITCH, 'no region to leave');
  pop();
}

/** `without-collection` begins. */
export function enterSuppressed(): void {
  push(RECORD_SUPPRESS);
  suppress();
}

/** `without-collection` ends. */
export function leaveSuppressed(): void {
  assert(UnwindRecord.at(shared.unwind).kind === RECORD_SUPPRESS, 'nothing suppressed here');
  pop();
}

/** No collection of any kind runs until the matching `resume`. Nests. */
export function suppress(): void {
  giveUpTrace();
  shared.suppressed++;
}

export function resume(): void {
  const count = shared.suppressed;
  if (count > 0) shared.suppressed = count - 1;
}

/** Empties the frame's arena and keeps its blocks for the next frame. Nothing may use it as current region. */
export function resetFrame(): void {
  assert(shared.region !== REGION_FRAME, 'the frame is still in use');
  giveUpTrace();
  closeWindow();
  emptyArena(REGION_FRAME);
  openWindow();
  updateStatistics();
}

/** The region that owns an object: where it grows. Static objects grow in the heap. */
export function regionOf(object: usize): usize {
  return kindOf(object) === BLOCK_ARENA ? BlockHeader.at(blockOf(object)).owner : REGION_HEAP;
}

function push(kind: u32): usize {
  const previous = shared.unwind;
  const record = recordAbove(previous);
  const size = RECORD_SIZE + (kind === RECORD_ARENA ? REGION_SIZE : 0);
  if (record + size > UNWIND_END) fail(FAIL_DEPTH, -1, 0, 0);
  UnwindRecord.at(record).previous = previous;
  UnwindRecord.at(record).kind = kind;
  UnwindRecord.at(record).region = shared.region;
  shared.unwind = record;
  return record;
}

function pop(): void {
  const record = shared.unwind;
  const kind = UnwindRecord.at(record).kind;
  const region = UnwindRecord.at(record).region;
  if (kind === RECORD_ARENA) {
    closeWindow();
    emptyArena(record + RECORD_SIZE);
    shared.region = region;
    openWindow();
  } else {
    if (kind === RECORD_SUPPRESS) resume();
    switchRegion(region);
  }
  shared.unwind = UnwindRecord.at(record).previous;
}
