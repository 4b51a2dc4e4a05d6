/**
 * The verifier's part for the cycle in progress: between the end of marking and the end of sweeping, whatever scripts can get
 * at must have been marked, or lie where this cycle frees nothing. A loss is so found before anything is freed.
 */
import { cells } from '../cells.ts';
import { BLOCK_MASK, BLOCK_SHIFT, PHASE_MARK, PHASE_SWEEP, STATE_MARKED, STATE_OLD } from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { BlockHeader } from '../spaces/block-header.ts';
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
