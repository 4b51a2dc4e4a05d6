/**
 * Release images: the program is added to heap.wasm's own module and both are optimised as one, so that the heap's fast
 * paths are inlined where they are used.
 */
import binaryen from 'binaryen';

/** The heap's functions keep their names as exports, with this prefix. */
const HEAP_EXPORT = 'heap:';

const OPTIMIZE_LEVEL = 3;

/** heap.wasm's exported functions: exported name to internal name. Its exports are taken away. */
export function findHeapFunctions(module: binaryen.Module): Map<string, string> {
  const names = new Map<string, string>();
  const exported: string[] = [];
  for (let i = 0; i < module.getNumExports(); i++) {
    const info = binaryen.getExportInfo(module.getExportByIndex(i));
    exported.push(info.name);
    if (info.kind === binaryen.ExternalFunction) names.set(info.name, info.value);
  }
  for (const name of exported) module.removeExport(name);
  return names;
}

export function exportHeap(module: binaryen.Module, names: ReadonlyMap<string, string>): void {
  for (const [name, internal] of names) module.addFunctionExport(internal, HEAP_EXPORT + name);
}

/**
 * Optimises the whole module; `keepWhole` are not inlined. Functions of the library that stop the call by themselves stay
 * functions, because a frame of their own is what tells whose call it was that went wrong; slow paths, because a loop
 * with a slow path's code in it runs at a third of the speed.
 */
export function optimise(module: binaryen.Module, keepWhole: readonly string[]): void {
  for (const name of keepWhole) {
    binaryen.setPassArgument('no-inline', name);
    module.runPasses(['no-inline']);
  }
  binaryen.clearPassArguments();
  binaryen.setOptimizeLevel(OPTIMIZE_LEVEL);
  binaryen.setShrinkLevel(0);
  module.optimize();
}
