/**
 * The verifier's part for the cycle in progress: between the end of marking and the end of sweeping, whatever scripts can get
 * at must have been marked, or lie where this cycle frees nothing. A loss is so found before anything is freed.
 */
import { cells } from '../cells.ts';
import {
  BLOCK_MASK,
  BLOCK_SHIFT,
  BLOCK_TABLE,
  BLOCK_WORK,
  PHASE_MARK,
  PHASE_SWEEP,
  STATE_MARKED,
  STATE_OLD,
  VERIFY_SNAPSHOT,
} from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BlockHeader } from '../spaces/block-header.ts';
import { broken } from './verdict.ts';
import { isCollected, stateAt } from './verify-visiting.ts';

/** Whether the cycle in progress, which marks no more, is about to free an object. */
export function isDoomed(object: usize): bool {
  const phase = statistics.phase;
  if (phase <= (PHASE_MARK as u32) || phase > (PHASE_SWEEP as u32) || !isCollected(object)) return false;
  if ((load<u8>(stateAt(object)) & (STATE_MARKED | STATE_OLD)) !== STATE_OLD) return false;
  const block = object & ~BLOCK_MASK;
  if (BlockHeader.at(block).kept !== 0) return false;
  if (phase < (PHASE_SWEEP as u32)) return true;
  const index = (block >>> BLOCK_SHIFT) as u32;
  return index >= cells.sweepNext && BlockHeader.at(block).born !== cells.cycle;
}

/** The copy of globals that a cycle still has to shade leads to old objects, and is there only while one marks. */
export function verifySnapshot(): bool {
  const copy = cells.snapshotGlobals;
  if (copy === 0) return true;
  const inWork = load<u8>(BLOCK_TABLE + (copy >>> BLOCK_SHIFT)) === BLOCK_WORK;
  if (statistics.phase !== PHASE_MARK || !inWork) return broken(VERIFY_SNAPSHOT, copy, 0);
  for (let entry = cells.snapshotNext; entry < cells.snapshotEnd; entry += 4) {
    const object = load<usize>(entry);
    if (!isCollected(object) || !(load<u8>(stateAt(object)) & STATE_OLD))
      return broken(VERIFY_SNAPSHOT, entry, object);
  }
  return true;
}
