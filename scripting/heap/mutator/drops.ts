/**
 * Drops: objects for which code shall run when nothing leads to them any more. Each registration is a record in a list. A
 * collection that finds a registered object dead moves its record to a queue, and keeps the object with all that it
 * reaches; the host takes records from the queue between frames and runs their code. Afterwards the object is
 * ordinary garbage, unless the code stored it somewhere: it is not registered any more either way.
 *
 * Records wait in DROPS_FOUND until what they keep is marked, then in DROPS_READY, which is a root. What is registered later
 * is dropped first among those that one collection finds, as an owner is registered after what it owns.
 */
import { cells, DROP_YOUNG, DROPS_READY } from '../cells.ts';
import { beforeTaking } from '../collect/snapshot.ts';
import { DROP_DESCRIPTOR } from '../layout.ts';
import { finishMove } from '../moving/move.ts';
import { isCollected } from '../trace/mark.ts';
import { DropRecord, dequeue, listReference } from '../trace/reference.ts';
import { newReference } from './new-reference.ts';

/**
 * Registers a collected object: once nothing leads to it, its record comes out of `takeDrop`. `code` is for whoever takes
 * it, a slot of the function table. An object that is registered twice comes out twice.
 */
export function registerDrop(object: usize, code: u32): void {
  DropRecord.at(newDropRecord(object)).code = code;
}

/** The same without code: whoever takes the record knows what to do. Returns it. */
export function newDropRecord(object: usize): usize {
  assert(isCollected(object), 'only collected objects die unseen');
  const record = newReference(DROP_DESCRIPTOR, object);
  DropRecord.at(record).code = 0;
  listReference(DROP_YOUNG, record);
  return record;
}

/**
 * Takes the next record of a dead object out of the queue, or returns 0. The object and the code are to be read from it at
 * once: neither it nor the object is kept alive any more.
 */
export function takeDrop(): usize {
  finishMove();
  beforeTaking(cells.dropsReady);
  return dequeue(DROPS_READY);
}
