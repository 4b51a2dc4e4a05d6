/**
 * Proxies: what scripts hold in place of an object of the host. A proxy is an index with a generation into a table that the
 * host keeps. When a collection finds it dead, it goes into a queue which the host empties between frames, and the
 * index is free again. Dead proxies are found last, after what drop code will need has been marked.
 */
import { cells, PROXIES_DEAD, PROXY_YOUNG } from '../cells.ts';
import { beforeTaking } from '../collect/snapshot.ts';
import { PROXY_DESCRIPTOR } from '../layout.ts';
import { finishMove } from '../moving/move.ts';
import { dequeue, HostProxy, listReference, Reference } from '../trace/reference.ts';
import { newReference } from './new-reference.ts';

/** A proxy of the host's object with this index. */
export function newProxy(index: u32, generation: u32): usize {
  const proxy = newReference(PROXY_DESCRIPTOR, 0);
  Reference.at(proxy).subject = index;
  HostProxy.at(proxy).generation = generation;
  listReference(PROXY_YOUNG, proxy);
  return proxy;
}

/** Takes the next dead proxy out of the queue, or returns 0. Its index is to be read at once. */
export function takeDeadProxy(): usize {
  finishMove();
  beforeTaking(cells.proxiesDead);
  return dequeue(PROXIES_DEAD);
}
