/**
 * One image, instantiated on the machine's memory: its functions can be called, its globals' cells are known. Linking
 * touches nothing that other code uses: it appends to the function table and fills static memory of its own.
 */
import { STATIC_BASE } from '../heap/index.ts';
import {
  type ExportEntry,
  type GlobalEntry,
  type HostShape,
  IMAGE_FORMAT,
  type Image,
  type Manifest,
} from '../image/index.ts';
import type { AllocationObserver } from './allocations.ts';
import { CodeModule } from './code.ts';
import { type ExternSupply, externImports } from './extern.ts';
import { FAILED_CODE } from './failure.ts';
import { bindHeap, type Heap } from './heap.ts';
import type { Rebindable } from './rebind.ts';
import { ScriptError } from './script-error.ts';
import type { FunctionShape, FunctionUse, HostAdapters } from './shapes.ts';
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
  const { format } = image.manifest;
  if (format !== IMAGE_FORMAT)
    throw new Error(
      `this script was compiled by another version of Sluice: its image has format ${format}, and this machine reads ${IMAGE_FORMAT}; compile it again`,
    );
  const { name, wasm } =
    image.codeName === undefined
      ? (await import('./naming.ts')).named('sluice', image.wasm)
      : { name: image.codeName, wasm: image.wasm as Uint8Array<ArrayBuffer> };
  const module = await WebAssembly.compile(wasm);
  const code = new CodeModule(name, image);
  // What is here already is told of its failures at once.
  if (image.debugInfo === undefined) await code.describe();
  return { image, module, code };
}

interface ExportedFunction {
  readonly entry: ExportEntry;
  readonly call: (...raw: (number | bigint)[]) => unknown;
}

/** A program that was linked. Its functions are those of the instance it was given last. */
export class LinkedProgram implements Rebindable, HostAdapters {
  readonly manifest: Manifest;
  readonly code: CodeModule;
  /** Addresses of each global's cells, by its key, in the order of its components. */
  readonly cells: ReadonlyMap<string, readonly number[]>;
  /** Its piece of static memory, and its first slot of the table. */
  readonly place: Place;
  readonly uses: Set<FunctionUse> = new Set();
  readonly #prepared: PreparedImage;
  readonly #imports: ImportsOn;
  readonly #bind: (exports: WebAssembly.Exports) => void;
  /** Undefined after its end. */
  #instance: WebAssembly.Instance | undefined;
  #hasFailed = false;
  #exports: ReadonlyMap<string, ExportedFunction>;
  #step: (dt: number) => void;

  /** @internal `bind` hears of the exports of each further instance. */
  constructor(
    prepared: PreparedImage,
    imports: ImportsOn,
    instance: WebAssembly.Instance,
    cells: ReadonlyMap<string, readonly number[]>,
    place: Place,
    bind: (exports: WebAssembly.Exports) => void = () => undefined,
  ) {
    this.manifest = prepared.image.manifest;
    this.code = prepared.code;
    this.cells = cells;
    this.place = place;
    this.#prepared = prepared;
    this.#imports = imports;
    this.#bind = bind;
    this.#instance = instance;
    this.#exports = this.#findExports();
    this.#step = this.#findStep();
  }

  get exports(): ReadonlyMap<string, ExportedFunction> {
    return this.#exports;
  }

  get shapes(): readonly HostShape[] {
    return this.manifest.shapes;
  }

  adapter(name: string): Exported {
    if (this.#hasFailed) throw new ScriptError('trap', FAILED_CODE, { modules: [this.code] });
    return this.need(name);
  }

  /** How functions of the type with that key come out to the host; undefined where none does. */
  functionShape(key: string): FunctionShape | undefined {
    return this.shapes.find(
      (shape): shape is FunctionShape => shape.kind === 'function' && shape.comesOut && shape.key === key,
    );
  }

  /** Its code is not to run again: what the host holds of it cannot be called. */
  fail(): void {
    this.#hasFailed = true;
  }

  /** Nothing of it is called again. It keeps no memory, whoever keeps it. */
  end(): void {
    this.fail();
    this.#instance = undefined;
    this.#exports = new Map();
    this.#step = () => undefined;
  }

  /** Computes a global's first value into its cells. */
  initialise(global: GlobalEntry): void {
    this.need(`sluice:global:${global.key}`)();
  }

  /** Runs the bare top-level expressions. */
  runTop(): void {
    this.#find('sluice:top')?.();
  }

  /** One frame of the script, from the place kept in memory. */
  step(dt: number): void {
    this.#step(dt);
  }

  /** Writes what is seen of the sprites; below 1, on their way from where they were kept to where they are. */
  draw(between: number): void {
    if (between < 1) this.need('sluice:draw-between')(between);
    else this.need('sluice:draw')();
  }

  /** Keeps where all that is drawn is. */
  keep(): void {
    this.need('sluice:keep')();
  }

  /** @internal A function that every image exports. */
  need(name: string): Exported {
    const found = this.#find(name);
    if (found === undefined) throw new Error(`the image lacks its own export ${name}`);
    return found;
  }

  /** @internal */
  instantiate(memory: WebAssembly.Memory, heap: WebAssembly.Exports | undefined): WebAssembly.Instance {
    return new WebAssembly.Instance(this.#prepared.module, this.#imports(memory, heap));
  }

  /** @internal */
  adopt(instance: WebAssembly.Instance): void {
    this.#instance = instance;
    this.#bind(instance.exports);
    this.#exports = this.#findExports();
    this.#step = this.#findStep();
  }

  #find(name: string): Exported | undefined {
    return this.#instance?.exports[name] as Exported | undefined;
  }

  #findExports(): ReadonlyMap<string, ExportedFunction> {
    return new Map(
      this.manifest.exports.map((entry) => [entry.name, { entry, call: this.need(entry.name) }]),
    );
  }

  #findStep(): (dt: number) => void {
    return (this.#find('sluice:step') as ((dt: number) => void) | undefined) ?? (() => undefined);
  }
}

/** The adapters of a program that is linked later than the host functions that need them. */
export class LateAdapters implements HostAdapters {
  readonly shapes: readonly HostShape[];
  program: LinkedProgram | undefined;

  constructor(shapes: readonly HostShape[]) {
    this.shapes = shapes;
  }

  adapter(name: string): Exported {
    if (this.program === undefined) throw new Error('the program is not linked yet');
    return this.program.adapter(name);
  }

  get uses(): Set<FunctionUse> {
    if (this.program === undefined) throw new Error('the program is not linked yet');
    return this.program.uses;
  }
}

type Exported = (...raw: (number | bigint)[]) => unknown;

/** What an image imports when it is instantiated on a memory; `heap` are the functions of a heap of its own module. */
export type ImportsOn = (
  memory: WebAssembly.Memory,
  heap: WebAssembly.Exports | undefined,
) => WebAssembly.Imports;

/** What programs are linked to. */
export interface LinkTarget extends ExternSupply {
  /** Another one after all modules were instantiated anew. */
  table: WebAssembly.Table;
  readonly views: MemoryViews;
  readonly heap: Heap;
  /** Where `print` goes. */
  readonly output: (text: string) => void;
  /** Milliseconds, as scripts see them. */
  readonly clock: () => number;
  /** Hears of what programs make that count it. */
  readonly allocations: AllocationObserver | undefined;
}

/** The module `host`. Numbered sites are those of `code`; the heap's own has none. */
export function hostServices(target: LinkTarget, code: CodeModule | undefined): WebAssembly.ModuleImports {
  const { views, calls, output, clock } = target;
  return {
    fail: (kind: number, number: number, a: number, b: number) =>
      calls.fail(kind, code === undefined ? undefined : { code, number }, a, b),
    print: (pointer: number, bytes: number) => output(readUtf8(views, pointer >>> 0, bytes)),
    fuel: () => calls.refuel(),
    time: clock,
    now: () => performance.now(),
  };
}

/** Where a program has been put. */
export interface Place {
  readonly statics: number;
  readonly slots: number;
}

/**
 * Links a release image, which holds the heap: `start` is called between instantiation and the first use of static
 * memory. The memory must be new, because the image's data has fixed addresses in it.
 */
export function linkRelease(prepared: PreparedImage, target: LinkTarget, start: () => void): LinkedProgram {
  const { manifest } = prepared.image;
  const late = new LateAdapters(manifest.shapes);
  const externs = externImports(manifest.externs, target, late);
  const slots = growTable(target.table, manifest.tableSlots);
  const link = { slots: immutable(slots) };
  const host = hostServices(target, prepared.code);
  const imports: ImportsOn = (memory) => ({ ...externs, env: { memory, table: target.table }, host, link });
  const instance = new WebAssembly.Instance(prepared.module, imports(target.views.memory, undefined));
  const bind = (exports: WebAssembly.Exports): void => bindHeap(target.heap, exports, 'heap:');
  bind(instance.exports);
  start();
  if (manifest.staticBytes > 0) {
    const statics = target.heap.allocateStatic(manifest.staticBytes) >>> 0;
    if (statics !== STATIC_BASE) throw new Error('a release image needs a memory of its own');
  }
  const cells = new Map(
    manifest.globals.map((global) => [global.key, global.cells.map((cell) => cell.address ?? 0)] as const),
  );
  for (const global of manifest.globals)
    for (const cell of global.cells)
      if (cell.rep === 'ref') target.heap.addRoots(cell.address ?? 0, 1, CELL_BYTES);
  const program = new LinkedProgram(
    prepared,
    imports,
    instance,
    cells,
    { statics: STATIC_BASE, slots },
    bind,
  );
  late.program = program;
  return linked(program, target);
}

/** Static data into memory: once, not again when the program is instantiated anew. */
export function linked(program: LinkedProgram, target: LinkTarget): LinkedProgram {
  target.calls.modules = [...target.calls.modules, program.code];
  target.calls.types.add(program.place.statics, program.manifest.staticBytes, program.code);
  program.need('sluice:link')();
  return program;
}

export function immutable(value: number): WebAssembly.Global {
  return new WebAssembly.Global({ value: 'i32', mutable: false }, value);
}

/** Appends slots; returns the first one's index. */
export function growTable(table: WebAssembly.Table, slots: number): number {
  return table.grow(slots);
}
