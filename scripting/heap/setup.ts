/**
 * Setting up: the first call on a new memory, and what the machine asks for before and beside running scripts.
 */
import { CHECKED } from './checked.ts';
import { initialiseCollector } from './collect/collect.ts';
import { initialiseCycle } from './collect/cycle.ts';
import { giveUpTrace } from './collect/young-trace.ts';
import { fail } from './host.ts';
import {
  BLOCK_SHIFT,
  BLOCK_SIZE,
  BLOCK_STATIC,
  CELLS_END,
  FAIL_MEMORY,
  PHASE_MARK,
  REGION_FRAME,
  REGION_HEAP,
  SHADOW_STACK,
  TOP,
} from './layout.ts';
import { checkOverlays } from './overlays.ts';
import { shared, statistics } from './shared-cells.ts';
import { initialiseArena, releasePool } from './spaces/arena-space.ts';
import { hardLimit, initialiseBlocks, takeBlocks } from './spaces/blocks.ts';
import { initialiseStringDescriptor } from './spaces/object.ts';
import { noteRange } from './spaces/root-ranges.ts';
import { initialiseStatistics } from './spaces/statistics.ts';
import { closeWindow, openWindow } from './spaces/window.ts';
import { initialiseHandles, returnHandle, takeHandle } from './trace/handles.ts';
import { initialiseReferences } from './trace/reference.ts';

/** Bytes of native stack that recursion may use unless the machine says otherwise: half of what browsers give. */
const DEFAULT_DEPTH_LIMIT = 384 << 10;

/**
 * Makes a heap of a new memory, whose first pages must cover STATIC_BASE. At most `hardLimitBytes` of memory are ever used,
 * the fixed areas included; 0 stands for as much as the memory can have.
 */
export function initialise(hardLimitBytes: u32): void {
  if (CHECKED) checkOverlays();
  memory.fill(TOP, 0, CELLS_END - TOP);
  initialiseStatistics();
  initialiseBlocks(hardLimitBytes);
  initialiseStringDescriptor();
  initialiseReferences();
  initialiseArena(REGION_HEAP, 0, 0);
  initialiseArena(REGION_FRAME, 0, 0);
  initialiseHandles();
  initialiseCollector();
  initialiseCycle();
  shared.region = REGION_HEAP;
  shared.shadowTop = SHADOW_STACK;
  shared.depthLimit = DEFAULT_DEPTH_LIMIT;
}

/**
 * Whole neighbouring blocks of zeroed static memory, never freed. The first call on a new memory returns STATIC_BASE, if it
 * comes before everything else that takes memory.
 */
export function allocateStatic(bytes: u32): usize {
  const count = (bytes + (BLOCK_SIZE - 1)) >>> BLOCK_SHIFT;
  let block = takeBlocks(count, BLOCK_STATIC, BLOCK_STATIC);
  if (block === 0 && releasePool()) block = takeBlocks(count, BLOCK_STATIC, BLOCK_STATIC);
  if (block === 0) fail(FAIL_MEMORY, -1, bytes as f64, hardLimit());
  memory.fill(block, 0, (count as usize) << BLOCK_SHIFT);
  return block;
}

/** Registers `count` cells of static memory, `stride` bytes apart, that hold addresses. */
export function addRoots(address: usize, count: u32, stride: u32): void {
  giveUpTrace();
  if (!noteRange(address, count, stride)) fail(FAIL_MEMORY, -1, BLOCK_SIZE, hardLimit());
}

/** A cell that holds an object's address and keeps it alive until `freeHandle`. */
export function newHandle(object: usize): usize {
  giveUpTrace();
  const cell = takeHandle(object);
  if (cell === 0) fail(FAIL_MEMORY, -1, BLOCK_SIZE, hardLimit());
  return cell;
}

/**
 * Gives a handle up. A second time does nothing, as long as nobody took the cell again. A young collection that traces goes on: one root
 * less hides nothing from it, and what it has reached by this one is kept once more. Only where a cycle marks beside it, for which
 * the handle's object is shaded, it gives up, since the mark stack is the young one's.
 */
export function freeHandle(cell: usize): void {
  if (statistics.phase === PHASE_MARK) giveUpTrace();
  returnHandle(cell);
}

/** Switches stress modes on and off: STRESS_ bits. */
export function setStress(modes: u32): void {
  closeWindow();
  shared.stress = modes;
  openWindow();
}
