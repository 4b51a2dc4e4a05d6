/**
 * Weak references: they lead to an object for as long as something else keeps it alive. A collection that has found an
 * object dead clears those that lead to it before its memory is used again; in a cycle that is done in slices, and scripts
 * run in between, so:
 *
 * - while a cycle marks, `upgrade` shades what it returns. The path through a weak reference is not part of the snapshot
 *   that the cycle keeps, and no barrier would tell of it.
 * - between the end of marking and the end of clearing, `upgrade` returns nothing for what is doomed: what it leads to was
 *   not marked, and part of it may be swept before the rest.
 */
import { cells, WEAK_YOUNG } from '../cells.ts';
import { CHECKED } from '../checked.ts';
import { FAULT, FAULT_DOOMED, FAULT_UPGRADE } from '../fault.ts';
import { BLOCK_ARENA, PHASE_MARK, PHASE_WEAK, REGION_HEAP, WEAK_DESCRIPTOR } from '../layout.ts';
import { statistics } from '../shared-cells.ts';
import { kindOf } from '../spaces/blocks.ts';
import { isCollected, isReached, shade, TRACE_CYCLE } from '../trace/mark.ts';
import { listReference, Reference, WeakReference } from '../trace/reference.ts';
import { checkOutlives } from './checks.ts';
import { newReference } from './new-reference.ts';

/** A weak reference to an object that is no arena's. Literals, which never die, are led to for ever. */
export function newWeak(object: usize): usize {
  if (CHECKED) checkOutlives(object, REGION_HEAP, 0);
  assert(kindOf(object) !== BLOCK_ARENA, 'an arena ends without telling its weak references');
  const weak = newReference(WEAK_DESCRIPTOR, object);
  WeakReference.at(weak).cycle = cells.cycle;
  if (isCollected(object)) listReference(WEAK_YOUNG, weak);
  return weak;
}

/** The object that a weak reference leads to, or 0 when it is gone. */
export function upgrade(weak: usize): usize {
  const object = Reference.at(weak).subject;
  if (object === 0) return 0;
  const phase = statistics.phase;
  if (phase === PHASE_MARK && FAULT !== FAULT_UPGRADE) {
    cells.trace = TRACE_CYCLE;
    shade(object);
  } else if (phase === PHASE_WEAK && FAULT !== FAULT_DOOMED) {
    cells.trace = TRACE_CYCLE;
    // What it leads to was alive when it was made: one made since the cycle began leads to nothing doomed.
    if (WeakReference.at(weak).cycle !== cells.cycle && !isReached(object)) return 0;
  }
  return object;
}
