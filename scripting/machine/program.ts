/**
 * One image, instantiated on the machine's memory: its functions can be called, its globals' cells are known. Linking
 * touches nothing that other code uses: it appends to the function table and fills static memory of its own.
 */
import { STATIC_BASE } from '../heap/index.ts';
import type { ExportEntry, GlobalEntry, Image, Manifest } from '../image/index.ts';
import type { Calls } from './calls.ts';
import { CodeModule, freshModuleName, nameModule } from './code.ts';
import type { Converter } from './convert.ts';
import { externImports, type HostModules } from './extern.ts';
import { bindHeap, type Heap } from './heap.ts';
import { CELL_BYTES } from './statics.ts';
import { readUtf8 } from './text.ts';
import type { MemoryViews } from './views.ts';

/** An image whose WebAssembly the engine has compiled. */
export interface PreparedImage {
  readonly image: Image;
  readonly module: WebAssembly.Module;
  readonly code: CodeModule;
}

/** Compiles an image in the background. */
export async function prepareImage(image: Image): Promise<PreparedImage> {
  const name = freshModuleName('sluice');
  const module = await WebAssembly.compile(nameModule(image.wasm, name));
  return { image, module, code: new CodeModule(name, image.sourceMap) };
}

export interface ExportedFunction {
  readonly entry: ExportEntry;
  readonly call: (...raw: (number | bigint)[]) => unknown;
}

export interface LinkedProgram {
  readonly manifest: Manifest;
  readonly code: CodeModule;
  readonly exports: ReadonlyMap<string, ExportedFunction>;
  /** Addresses of each global's cells, in the order of its components. */
  readonly cells: ReadonlyMap<string, readonly number[]>;
  /** Computes a global's first value into its cells. */
  initialise(global: GlobalEntry): void;
  /** Runs the bare top-level expressions. */
  runTop(): void;
  /** One frame of the script, from the place kept in memory. */
  step(dt: number): void;
}

/** What programs are linked to. */
export interface LinkTarget {
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
  readonly views: MemoryViews;
  readonly heap: Heap;
  readonly calls: Calls;
  readonly converter: Converter;
  readonly host: HostModules;
  /** Where `print` goes. */
  readonly output: (text: string) => void;
  /** Milliseconds, as scripts see them. */
  readonly clock: () => number;
}

/** The module `host`. Numbered sites mean places of `manifest`; the heap's own code has none. */
export function hostServices(target: LinkTarget, manifest: Manifest | undefined): WebAssembly.ModuleImports {
  const { views, calls, output, clock } = target;
  return {
    fail: (kind: number, site: number, a: number, b: number) => calls.fail(kind, manifest?.sites[site], a, b),
    print: (pointer: number, bytes: number) => output(readUtf8(views, pointer >>> 0, bytes)),
    fuel: () => calls.refuel(),
    time: clock,
  };
}

/**
 * Links a development image: fresh static memory, fresh table slots, and the cells given. Throws a `LinkError` before
 * anything is touched where host functions lack.
 */
export function linkDevelopment(
  prepared: PreparedImage,
  target: LinkTarget,
  heapExports: WebAssembly.Exports,
  cells: ReadonlyMap<string, readonly number[]>,
): LinkedProgram {
  const { manifest } = prepared.image;
  const externs = externImports(manifest.externs, target.host, target.converter, target.calls);
  const cell: WebAssembly.ModuleImports = {};
  for (const [global, addresses] of cells)
    for (const [component, address] of addresses.entries())
      cell[`${global}#${component}`] = immutable(address);
  const statics = target.heap.allocateStatic(Math.max(manifest.staticBytes, 1)) >>> 0;
  const instance = new WebAssembly.Instance(prepared.module, {
    ...externs,
    env: { memory: target.memory, table: target.table },
    host: hostServices(target, manifest),
    heap: heapExports as WebAssembly.ModuleImports,
    link: { statics: immutable(statics), slots: immutable(growTable(target.table, manifest.tableSlots)) },
    cell,
  });
  return linked(prepared, instance, target, cells);
}

/**
 * Links a release image, which holds the heap: `start` is called between instantiation and the first use of static
 * memory. The memory must be new, because the image's data has fixed addresses in it.
 */
export function linkRelease(prepared: PreparedImage, target: LinkTarget, start: () => void): LinkedProgram {
  const { manifest } = prepared.image;
  const externs = externImports(manifest.externs, target.host, target.converter, target.calls);
  const instance = new WebAssembly.Instance(prepared.module, {
    ...externs,
    env: { memory: target.memory, table: target.table },
    host: hostServices(target, manifest),
    link: { slots: immutable(growTable(target.table, manifest.tableSlots)) },
  });
  bindHeap(target.heap, instance.exports, 'heap:');
  start();
  if (manifest.staticBytes > 0) {
    const statics = target.heap.allocateStatic(manifest.staticBytes) >>> 0;
    if (statics !== STATIC_BASE) throw new Error('a release image needs a memory of its own');
  }
  const cells = new Map(
    manifest.globals.map((global) => [global.name, global.cells.map((cell) => cell.address ?? 0)] as const),
  );
  for (const global of manifest.globals)
    for (const cell of global.cells)
      if (cell.rep === 'ref') target.heap.addRoots(cell.address ?? 0, 1, CELL_BYTES);
  return linked(prepared, instance, target, cells);
}

type Exported = (...raw: (number | bigint)[]) => unknown;

function linked(
  prepared: PreparedImage,
  instance: WebAssembly.Instance,
  target: LinkTarget,
  cells: ReadonlyMap<string, readonly number[]>,
): LinkedProgram {
  const { manifest } = prepared.image;
  const find = (name: string) => instance.exports[name] as Exported | undefined;
  const need = (name: string): Exported => {
    const found = find(name);
    if (found === undefined) throw new Error(`the image lacks its own export ${name}`);
    return found;
  };
  target.calls.modules.push(prepared.code);
  need('sluice:link')();
  return {
    manifest,
    code: prepared.code,
    cells,
    exports: new Map(manifest.exports.map((entry) => [entry.name, { entry, call: need(entry.name) }])),
    initialise: (global) => void need(`sluice:global:${global.name}`)(),
    runTop: () => void find('sluice:top')?.(),
    step: (find('sluice:step') as ((dt: number) => void) | undefined) ?? (() => undefined),
  };
}

function immutable(value: number): WebAssembly.Global {
  return new WebAssembly.Global({ value: 'i32', mutable: false }, value);
}

/** Appends slots; gives the first one's index. */
function growTable(table: WebAssembly.Table, slots: number): number {
  return table.grow(slots);
}
