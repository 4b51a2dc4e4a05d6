/**
 * Moving to a smaller memory. A `WebAssembly.Memory` can grow but not shrink, so giving memory back means making a smaller
 * one, copying what is in use, and instantiating all modules on it anew. That works because modules keep no state outside
 * of memory and table: no mutable globals, data in passive segments that only linking copies. The table stays: each
 * module's element segment puts its new functions into the slots it had, so closures go on meaning what they meant.
 *
 * The copying is one step, at some gigabytes a second. The old memory is the browser's again as soon as nobody has a view
 * of it.
 */
import type { MemoryViews } from './views.ts';

const PAGE = 0x10000;

/** A module that can be instantiated again, over another memory with the same content. */
export interface Rebindable {
  /** Makes a new instance. `heap` is what the first of the modules exports, undefined for that one itself. */
  instantiate(memory: WebAssembly.Memory, heap: WebAssembly.Exports | undefined): WebAssembly.Instance;
  /** From now on this instance is called. */
  adopt(instance: WebAssembly.Instance): void;
}

/**
 * Moves everything to a new memory of `pages` pages, if that is smaller; `maximum` are those it may grow to. All or nothing:
 * throws a `RangeError` or `WebAssembly.LinkError` where the memory or an instance cannot be had, and everything goes on
 * where it was. `modules` are all whose code may run, the heap's first. True where there is another memory now.
 */
export function moveToMemory(
  views: MemoryViews,
  table: WebAssembly.Table,
  modules: readonly Rebindable[],
  pages: number,
  maximum: number,
): boolean {
  if (pages * PAGE >= views.u8.byteLength) return false;
  const slots = Array.from({ length: table.length }, (_, slot) => table.get(slot) as unknown);
  const memory = new WebAssembly.Memory({ initial: pages, maximum });
  const instances: WebAssembly.Instance[] = [];
  try {
    for (const module of modules) instances.push(module.instantiate(memory, instances[0]?.exports));
  } catch (error) {
    for (const [slot, code] of slots.entries()) table.set(slot, code);
    throw error;
  }
  // After the instances: the heap's constants came with its instance, and the same bytes are written over them.
  new Uint8Array(memory.buffer).set(views.u8.subarray(0, pages * PAGE));
  views.replace(memory);
  for (const [i, module] of modules.entries()) module.adopt(instances[i] as WebAssembly.Instance);
  return true;
}
