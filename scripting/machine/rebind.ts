/**
 * Instantiating all modules anew, on another memory or another table. That works because modules keep no state outside of these: no
 * mutable globals, data in passive segments that only linking copies. Each module's element segment puts its new functions into the slots
 * that it had, so closures go on meaning what they meant.
 */

/** A module that can be instantiated again, over another memory with the same content. */
export interface Rebindable {
  /** Makes a new instance. `heap` is what the first of the modules exports, undefined for that one itself. */
  instantiate(memory: WebAssembly.Memory, heap: WebAssembly.Exports | undefined): WebAssembly.Instance;
  /** From now on this instance is called. */
  adopt(instance: WebAssembly.Instance): void;
}

/** Where the function table is that modules import. */
export interface HasTable {
  table: WebAssembly.Table;
}

/**
 * New instances of `modules` on a memory and a new table; who has them adopts them. These are all whose code may run; `heap` is what the heap
 * exports, where that is a module of its own and not the first of them. All or nothing: throws a `RangeError` or `WebAssembly.LinkError`
 * where an instance cannot be had, and the table is what it was.
 */
export function instantiateAll(
  target: HasTable,
  modules: readonly Rebindable[],
  memory: WebAssembly.Memory,
  heap?: WebAssembly.Exports,
): readonly WebAssembly.Instance[] {
  const { table } = target;
  const instances: WebAssembly.Instance[] = [];
  target.table = new WebAssembly.Table({ element: 'anyfunc', initial: table.length });
  try {
    for (const module of modules) instances.push(module.instantiate(memory, heap ?? instances[0]?.exports));
  } catch (error) {
    target.table = table;
    throw error;
  }
  return instances;
}

export function adoptAll(modules: readonly Rebindable[], instances: readonly WebAssembly.Instance[]): void {
  for (const [i, module] of modules.entries()) module.adopt(instances[i] as WebAssembly.Instance);
}
