/**
 * Moving to a smaller memory. A `WebAssembly.Memory` can grow but not shrink, so giving memory back means making a smaller
 * one, copying what is in use, and instantiating all modules on it anew.
 *
 * The copying is one step, at some gigabytes a second. The old memory is the browser's again as soon as nobody has a view
 * of it.
 */
import { adoptAll, type HasTable, instantiateAll, type Rebindable } from './rebind.ts';
import type { MemoryViews } from './views.ts';

const PAGE = 0x10000;

/**
 * Moves everything to a new memory of `pages` pages, if that is smaller; `maximum` are those it may grow to. All or nothing:
 * throws a `RangeError` or `WebAssembly.LinkError` where the memory or an instance cannot be had, and everything goes on
 * where it was. `modules` are all whose code may run, the heap's first. True where there is another memory now.
 */
export function moveToMemory(
  views: MemoryViews,
  target: HasTable,
  modules: readonly Rebindable[],
  pages: number,
  maximum: number,
): boolean {
  if (pages * PAGE >= views.u8.byteLength) return false;
  const memory = new WebAssembly.Memory({ initial: pages, maximum });
  const instances = instantiateAll(target, modules, memory);
  // After the instances: the heap's constants came with its instance, and the same bytes are written over them.
  new Uint8Array(memory.buffer).set(views.u8.subarray(0, pages * PAGE));
  views.replace(memory);
  adoptAll(modules, instances);
  return true;
}
