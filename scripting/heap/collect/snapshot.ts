/**
 * The roots that a cycle began with, of which there can be many: globals, and what waits for the host. Scripts and the host change
 * them without a word while the cycle marks, so that they are written down when it begins and shaded later, in slices.
 *
 *     globals   a copy of the addresses in them, in a run of work blocks of its own: [block header][object][object] ...
 *     queues    the next record or proxy to be shaded; the host takes them from the front, and what it takes before that is
 *               shaded then (`beforeTaking`)
 *
 * Handles are told of in `trace/handles.ts`.
 *
 * Invariant: an address in the copy leads to an old object: nothing was young when it was made, and
 * nothing old is freed before all of it has been shaded, since the cycle marks until then (a full collection gives both up).
 */
import { cells } from '../cells.ts';
import { FAULT, FAULT_GLOBALS_LATE, FAULT_PROXY_QUEUE, FAULT_QUEUE_TAKEN } from '../fault.ts';
import { BLOCK_SHIFT, BLOCK_SIZE, BLOCK_WORK, PHASE_MARK } from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { freeBlocks, takeBlocks } from '../spaces/blocks.ts';
import { RANGE_SIZE, RANGES_START, RangeTable, RootRange } from '../spaces/root-ranges.ts';
import { isCollected, shade, TRACE_CYCLE } from '../trace/mark.ts';
import { Reference } from '../trace/reference.ts';
import { shadeRanges } from './roots.ts';
import { isEager } from './schedule.ts';
import { giveUpQueues, giveUpTrace } from './young-trace.ts';

/** Room for the header that `takeBlocks` writes. */
const COPY_START: usize = 16;
const ADDRESS_SIZE: usize = 4;
/** So few globals are shaded at once: less work than a copy. */
const FEW: u32 = 256;

/** A cycle begins: writes its roots down. Where there is no memory for that the globals are shaded at once. */
export function takeSnapshot(): void {
  cells.snapshotDrop = cells.dropsReady;
  cells.snapshotProxy = FAULT === FAULT_PROXY_QUEUE ? 0 : cells.proxiesDead;
  const count = cells.rootCells;
  const blocks = (COPY_START + (count as usize) * ADDRESS_SIZE + (BLOCK_SIZE - 1)) >>> BLOCK_SHIFT;
  const copy = count > fewest() ? takeBlocks(blocks as u32, BLOCK_WORK, BLOCK_WORK) : 0;
  if (copy === 0) {
    shadeRanges();
    return;
  }
  cells.snapshotGlobals = copy;
  cells.snapshotNext = copy + COPY_START;
  cells.snapshotEnd = copyRanges(copy + COPY_START);
}

/** Goes on with shading them for about `work` units; returns those done. */
export function shadeSnapshotSome(work: u32): u32 {
  let done: u32 = 0;
  for (; done < work && cells.snapshotDrop !== 0; done += 2) shadeDrop();
  for (; done < work && cells.snapshotProxy !== 0; done++) shadeProxy();
  const copy = cells.snapshotGlobals;
  if (copy === 0) return done;
  if (FAULT === FAULT_GLOBALS_LATE && cells.snapshotNext === copy + COPY_START) copyRanges(copy + COPY_START);
  let entry = cells.snapshotNext;
  for (const end = cells.snapshotEnd; done < work && entry < end; done++) {
    shade(load<usize>(entry));
    entry += ADDRESS_SIZE;
  }
  cells.snapshotNext = entry;
  if (entry === cells.snapshotEnd) freeCopy();
  return done;
}

/** The cycle is given up. */
export function forgetSnapshot(): void {
  cells.snapshotDrop = 0;
  cells.snapshotProxy = 0;
  if (cells.snapshotGlobals !== 0) freeCopy();
}

/** The host is about to take the first of a queue: it is shaded, with what it leads to, if that is still to be done. */
export function beforeTaking(first: usize): void {
  giveUpQueues();
  if (FAULT === FAULT_QUEUE_TAKEN || first === 0 || statistics.phase !== PHASE_MARK) return;
  if (first !== cells.snapshotDrop && first !== cells.snapshotProxy) return;
  // The mark stack is the cycle's.
  giveUpTrace();
  cells.trace = TRACE_CYCLE;
  if (first === cells.snapshotDrop) shadeDrop();
  else shadeProxy();
}

function shadeDrop(): void {
  const record = cells.snapshotDrop;
  cells.snapshotDrop = Reference.at(record).next;
  shade(record);
  shade(Reference.at(record).subject);
}

function shadeProxy(): void {
  const proxy = cells.snapshotProxy;
  cells.snapshotProxy = Reference.at(proxy).next;
  shade(proxy);
}

/**
 * Copies what globals hold of what collections free, and returns where the copy ends. What lies in the frame's arena may be gone
 * before the copy is come to.
 */
function copyRanges(to: usize): usize {
  for (let table = cells.rootTables; table !== 0; table = RangeTable.at(table).next) {
    const end = table + RANGES_START + (RangeTable.at(table).used as usize) * RANGE_SIZE;
    for (let entry = table + RANGES_START; entry < end; entry += RANGE_SIZE) {
      const range = RootRange.at(entry);
      const stride = range.stride;
      let cell = range.address;
      for (let left = range.count; left > 0; left--) {
        const address = load<usize>(cell);
        store<usize>(to, address);
        to += address !== 0 && isCollected(address) ? ADDRESS_SIZE : 0;
        cell += stride;
      }
    }
  }
  return to;
}

function freeCopy(): void {
  const copy = cells.snapshotGlobals;
  freeBlocks(copy, BlockHeader.at(copy).run);
  cells.snapshotGlobals = 0;
}

/** Under STRESS_EAGER a test wishes for a copy of however few. */
function fewest(): u32 {
  return isEager() ? 0 : FEW;
}
