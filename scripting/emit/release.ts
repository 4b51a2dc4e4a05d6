/**
 * Release images: the program is added to heap.wasm's own module and both are optimised as one, so that the heap's fast
 * paths are inlined where they are used.
 */
import binaryen from 'binaryen';
import { CALLED_BY_HOST, NO_VERIFIER } from '../heap/index.ts';

/** The heap's functions keep their names as exports, with this prefix. */
const HEAP_EXPORT = 'heap:';

/** What the machine calls of them. */
const BY_HOST: ReadonlySet<string> = new Set(CALLED_BY_HOST);

/** The pass that leaves out what nobody uses. */
const UNUSED = ['remove-unused-module-elements'];

/** Binaryen's -O3. */
const LEVEL = 3;

/** Binaryen's own passes over functions, but `code-folding`: of two calls that it has made one, a trace could not tell which it was. */
const PASSES = [
  'dce',
  'remove-unused-names',
  'remove-unused-brs',
  'optimize-instructions',
  'pick-load-signs',
  'precompute',
  'code-pushing',
  'tuple-optimization',
  'simplify-locals-nostructure',
  'vacuum',
  'reorder-locals',
  'remove-unused-brs',
  'coalesce-locals',
  'local-cse',
  'simplify-locals',
  'vacuum',
  'reorder-locals',
  'coalesce-locals',
  'reorder-locals',
  'vacuum',
  'merge-blocks',
  'remove-unused-brs',
  'remove-unused-names',
  'merge-blocks',
  'precompute',
  'optimize-instructions',
  'rse',
  'vacuum',
];

/** heap.wasm in a program's module, by what its functions are called there. */
export interface HeapInModule {
  /** Those it exported, by the names they had as exports. */
  readonly exported: ReadonlyMap<string, string>;
  readonly all: ReadonlySet<string>;
}

/** Looks at a module that is heap.wasm so far, and takes its exports away. */
export function findHeapFunctions(module: binaryen.Module): HeapInModule {
  const exported = new Map<string, string>();
  const exports: string[] = [];
  for (let i = 0; i < module.getNumExports(); i++) {
    const info = binaryen.getExportInfo(module.getExportByIndex(i));
    exports.push(info.name);
    if (info.kind === binaryen.ExternalFunction) exported.set(info.name, info.value);
  }
  for (const name of exports) module.removeExport(name);
  return { exported, all: new Set(functionsIn(module)) };
}

/** The functions that have a body. */
function functionsIn(module: binaryen.Module): string[] {
  return Array.from({ length: module.getNumFunctions() }, (_, i) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(i)),
  )
    .filter(({ module: importedFrom }) => importedFrom === '')
    .map(({ name }) => name);
}

/**
 * Exports what the program and the machine call, and leaves out all the rest. What the program calls stays exported while it is
 * optimised: a function with one caller would otherwise be put into it, whatever it is.
 */
export function exportHeap(
  module: binaryen.Module,
  { exported }: HeapInModule,
  called: ReadonlySet<string>,
): void {
  for (const [name, internal] of exported)
    if (called.has(internal) || BY_HOST.has(name)) module.addFunctionExport(internal, HEAP_EXPORT + name);
}

/** Has the heap say that it does not look itself through, so that nothing is left of what would. */
export function leaveOutVerifier(module: binaryen.Module, { exported }: HeapInModule): void {
  const name = exported.get('verify');
  if (name === undefined) throw new Error('the heap has a function `verify`');
  module.removeFunction(name);
  module.addFunction(name, binaryen.none, binaryen.i32, [], module.i32.const(NO_VERIFIER));
}

/** Leaves out of the heap what nobody calls but the program, which has it in itself now. */
export function leaveOutInlined(
  module: binaryen.Module,
  { exported }: HeapInModule,
  called: ReadonlySet<string>,
): void {
  for (const [name, internal] of exported)
    if (called.has(internal) && !BY_HOST.has(name)) module.removeExport(HEAP_EXPORT + name);
  module.runPasses(UNUSED);
}

/**
 * Patterns in the form that Binaryen takes, `*` for any text, that match those of the names that are `kept` and no others. A pass over
 * the module for each of some 200 names took a fifth of a small program's time.
 */
export function patternsFor(kept: ReadonlySet<string>, names: readonly string[]): string[] {
  /** Of names that have their first `length` letters in common. */
  const cover = (alike: readonly string[], length: number): string[] => {
    const [first = ''] = alike;
    if (alike.every((name) => kept.has(name)))
      return [alike.length === 1 ? first : `${first.slice(0, length)}*`];
    if (!alike.some((name) => kept.has(name))) return [];
    const beginnings = new Set(alike.map((name) => name.slice(0, length + 1)));
    return [...beginnings].flatMap((begin) =>
      cover(
        alike.filter((name) => name.slice(0, length + 1) === begin),
        length + 1,
      ),
    );
  };
  return names.length === 0 ? [] : cover(names, 0);
}

/** Passes over the module as a whole: before functions are looked at, and after that. */
const BEFORE = ['once-reduction', 'inlining'];
const AFTER = ['duplicate-import-elimination', 'remove-unused-module-elements', 'directize'];

/**
 * Optimises the program, and the heap where the two meet. The heap by itself was optimised when it was built: to do it again took
 * four fifths of a small program's time, and found nothing. The passes are those of Binaryen's own optimiser, but each function is
 * optimised once, after the heap's functions were put into it: the code is 0.3% larger than with a second time.
 *
 * `keepWhole` are not inlined: that was done before (`optimise/inline.ts`), and what Binaryen moves loses its place in traces. Nor are
 * functions that do the same merged, where they are not copies of one. Of the heap only what the program itself calls, `called`, is inlined.
 *
 * Left out as well: `dae` and `simplify-globals`, which took a fifth of a small program's time and made code smaller by some ten bytes.
 */
export function optimiseModule(
  module: binaryen.Module,
  heap: HeapInModule,
  { keepWhole, called }: { keepWhole: readonly string[]; called: ReadonlySet<string> },
): void {
  module.runPasses(UNUSED);
  const heaps = new Set(functionsIn(module).filter((name) => heap.all.has(name)));
  const kept = new Set([...keepWhole, ...[...heaps].filter((name) => !called.has(name))]);
  for (const pattern of patternsFor(kept, functionsIn(module))) {
    binaryen.setPassArgument('no-inline', pattern);
    module.runPasses(['no-inline']);
  }
  binaryen.clearPassArguments();
  binaryen.setShrinkLevel(0);
  binaryen.setOptimizeLevel(LEVEL);
  module.runPasses(BEFORE);
  for (const name of functionsIn(module)) if (!heaps.has(name)) module.runPassesOnFunction(name, PASSES);
  module.runPasses(AFTER);
}
