/**
 * A whole program as one WebAssembly module: imports, functions, static data, exports, and the manifest that tells the
 * machine what it got.
 */
import binaryen from 'binaryen';
import { CLOSURE_CODE, STATIC_BASE } from '../heap/index.ts';
import {
  type HostType,
  type Image,
  importNames,
  isLibraryFile,
  type Kept,
  type Manifest,
  type Rep,
  type SourcePosition,
} from '../image/index.ts';
import { type Func, type Program, RUNTIME, type Statement, visit } from '../ir/index.ts';
import type { Span } from '../syntax/index.ts';
import { CHECK_FUNCTIONS, checkTexts, testGlobal } from './checks.ts';
import { codeDigests } from './code-digest.ts';
import { hoistChecks } from './counted-loops.ts';
import { type Effects, findEffects } from './effects.ts';
import { versionLoops } from './flat-loops.ts';
import { emitFunction } from './function.ts';
import { importMemory } from './memory.ts';
import type { CodeReps } from './printed.ts';
import { exportHeap, findHeapFunctions, optimise } from './release.ts';
import { replaceScalars } from './scalars.ts';
import { layOutStatics, STATIC_CLOSURE, type Statics } from './statics.ts';
import { REP_TYPES, resultType } from './types.ts';

export interface EmitOptions {
  readonly mode: 'development' | 'release';
  /** Whether loops and recursion ask the host now and then if they may go on. */
  readonly watch: boolean;
  /** Whether the program tests what was proved of it. It then runs on the heap of checked builds only. */
  readonly checked?: boolean;
  /** heap.wasm, which a release image contains. */
  readonly heap?: Uint8Array;
}

/** Heap functions that compiled code calls by itself, besides those of `RUNTIME`. */
const HEAP_FUNCTIONS: Readonly<Record<string, { params: readonly Rep[]; result: Rep | 'none' }>> = {
  allocateSlow: { params: ['i32'], result: 'ref' },
  openArena: { params: ['i32', 'i32'], result: 'i32' },
  closeArena: { params: [], result: 'none' },
  enterFrame: { params: [], result: 'i32' },
  enterOutside: { params: ['i32'], result: 'none' },
  enterRegion: { params: ['i32'], result: 'none' },
  leaveRegion: { params: [], result: 'none' },
  switchTo: { params: ['i32'], result: 'none' },
  enterSuppressed: { params: [], result: 'none' },
  leaveSuppressed: { params: [], result: 'none' },
  remember: { params: ['ref', 'i32'], result: 'none' },
  ...CHECK_FUNCTIONS,
};

/** Prints the program. It must have passed every check: anything odd here is a mistake of the compiler's own. */
export function emit(program: Program, options: EmitOptions): Image {
  const context = contextOf(program, options);
  try {
    context.print();
    return context.finish();
  } finally {
    context.module.dispose();
  }
}

/** A module to print the program into, to be disposed of; `reps` is told what the values of the code are. */
export function contextOf(program: Program, options: EmitOptions, reps?: CodeReps): ModuleContext {
  const prepare = (f: Func): Func => {
    const scalar = replaceScalars(f);
    // Not worth its size where nothing is optimised.
    return options.mode === 'release' ? hoistChecks(versionLoops(scalar)) : scalar;
  };
  const functions = new Map([...program.functions].map(([key, f]) => [key, prepare(f)]));
  const prepared = { ...program, functions };
  const texts = options.checked === true ? checkTexts(prepared) : [];
  const literals = [...program.literals, ...texts];
  return new ModuleContext({ ...prepared, literals }, options, reps, program.literals.length);
}

export class ModuleContext {
  readonly module: binaryen.Module;
  readonly program: Program;
  readonly effects: Effects;
  readonly watched: boolean;
  readonly checked: boolean;
  readonly #options: EmitOptions;
  readonly #statics: Statics;
  readonly #release: boolean;
  readonly #sites: SourcePosition[] = [];
  readonly #siteIndex = new Map<string, number>();
  readonly #files = new Map<string, number>();
  readonly #names = new Map<string, string>();
  readonly #imported = new Set<string>();
  readonly #heapNames: ReadonlyMap<string, string>;
  readonly #texts = new Map<string, number>();
  readonly #reps: CodeReps | undefined;
  #segment = '';

  /** From `firstText` on, the program's literals are what tests have to say. */
  constructor(program: Program, options: EmitOptions, reps: CodeReps | undefined, firstText: number) {
    this.program = program;
    this.#options = options;
    this.watched = options.watch;
    this.checked = options.checked ?? false;
    this.#reps = reps;
    program.literals.slice(firstText).forEach((text, i) => {
      this.#texts.set(text, firstText + i);
    });
    this.#release = options.mode === 'release';
    this.effects = findEffects(program, !this.#release);
    this.#statics = layOutStatics(program, this.#release);
    if (this.#release) {
      if (options.heap === undefined) throw new Error('a release image needs heap.wasm');
      this.module = binaryen.readBinary(options.heap);
      this.#heapNames = findHeapFunctions(this.module);
    } else {
      this.module = new binaryen.Module();
      this.#heapNames = new Map();
    }
    this.module.setFeatures(FEATURES);
  }

  /** Everything but what `finish` does. */
  print(): void {
    this.#nameFunctions();
    this.#importEnvironment();
    for (const f of this.program.functions.values()) emitFunction(this, f);
    this.#fillTable();
    this.#emitLink();
    for (const global of this.program.globals) this.#emitInitializer(global.key);
    for (const e of this.program.exports) this.module.addFunctionExport(this.nameOf(e.key), e.name);
    if (this.#release) exportHeap(this.module, this.#heapNames);
    if (this.module.validate() === 0) throw new Error('the emitted module is not valid');
  }

  finish(): Image {
    binaryen.setDebugInfo(true);
    if (this.#release) optimise(this.module, this.#keptWhole());
    const { binary, sourceMap } = this.module.emitBinary('program.map');
    return { wasm: binary, sourceMap: sourceMap ?? '', manifest: this.#manifest() };
  }

  // ------------------------------------------------------------------------------------------ what functions ask for

  nameOf(key: string): string {
    const name = this.#names.get(key);
    if (name === undefined) throw new Error(`there is no function ${key}`);
    return name;
  }

  /** Where a heap function is called; it is imported the first time, where it is not in the module already. */
  heapFunction(name: string): string {
    const inside = this.#heapNames.get(name);
    if (inside !== undefined) return inside;
    const signature = RUNTIME[name] ?? HEAP_FUNCTIONS[name];
    if (signature === undefined || this.#release) throw new Error(`the heap has no function ${name}`);
    const results = signature.result === 'none' ? [] : [signature.result];
    this.#import(`heap.${name}`, 'heap', name, signature.params, results);
    return `heap.${name}`;
  }

  externFunction(index: number): string {
    return `extern ${index}`;
  }

  /** Notes what the values are that a piece of code leaves, for who inspects it, and gives it back. */
  leaving(code: binaryen.ExpressionRef, reps: readonly Rep[]): binaryen.ExpressionRef {
    this.#reps?.set(code, reps);
    return code;
  }

  descriptor(type: number): binaryen.ExpressionRef {
    const offset = this.#statics.descriptors[type];
    if (offset === undefined) throw new Error(`type ${type} has no descriptor of the program's`);
    return this.#static(offset);
  }

  literal(index: number): binaryen.ExpressionRef {
    return this.#static(this.#statics.literals[index] as number);
  }

  /** A string that a test gives to the host where it fails. */
  text(text: string): binaryen.ExpressionRef {
    const index = this.#texts.get(text);
    if (index === undefined) throw new Error(`no test says "${text}"`);
    return this.literal(index);
  }

  staticClosure(slot: number): binaryen.ExpressionRef {
    return this.#static(this.#statics.closures[slot] as number);
  }

  staticVariant(index: number): binaryen.ExpressionRef {
    return this.#static(this.#statics.constants[index] as number);
  }

  tableIndex(slot: number): binaryen.ExpressionRef {
    const m = this.module;
    return m.i32.add(m.global.get('link.slots', binaryen.i32), m.i32.const(slot));
  }

  /** Address of a global's component. */
  cell(global: string, component: number): binaryen.ExpressionRef {
    const m = this.module;
    if (this.#release) return m.i32.const(this.#cellAddress(global, component));
    const name = `${global}#${component}`;
    if (!this.#imported.has(`cell.${name}`)) {
      this.#imported.add(`cell.${name}`);
      m.addGlobalImport(`cell.${name}`, 'cell', name, binaryen.i32, false);
    }
    return m.global.get(`cell.${name}`, binaryen.i32);
  }

  reps(global: string, component: number): Rep {
    const rep = this.program.globals.find((g) => g.key === global)?.cells[component];
    if (rep === undefined) throw new Error(`${global} has no component ${component}`);
    return rep;
  }

  /** Number of a place that can fail. */
  site(span: Span): number {
    const { source, start } = span;
    const key = `${source.name}:${start}`;
    let index = this.#siteIndex.get(key);
    if (index === undefined) {
      index = this.#sites.length;
      this.#siteIndex.set(key, index);
      this.#sites.push({ file: source.name, ...source.position(start) });
    }
    return index;
  }

  locate(func: binaryen.FunctionRef, code: binaryen.ExpressionRef, span: Span): void {
    const name = span.source.name;
    let file = this.#files.get(name);
    if (file === undefined) {
      // Binaryen takes the beginning of file 0 for where it is anyway, and leaves it out of the map: no script is file 0.
      if (this.#files.size === 0) this.module.addDebugInfoFileName('');
      file = this.module.addDebugInfoFileName(name);
      this.#files.set(name, file);
    }
    const { line, column } = span.source.position(span.start);
    this.module.setDebugLocation(func, code, file, line, column - 1);
  }

  // ------------------------------------------------------------------------------------------ parts of the module

  #static(offset: number): binaryen.ExpressionRef {
    const m = this.module;
    if (this.#release) return m.i32.const(STATIC_BASE + offset);
    return m.i32.add(m.global.get('link.statics', binaryen.i32), m.i32.const(offset));
  }

  #cellAddress(global: string, component: number): number {
    return STATIC_BASE + (this.#statics.cells.get(global) as number) + 8 * component;
  }

  /** Functions are called in WebAssembly what stack traces shall call them, so far as that is unique. */
  #nameFunctions(): void {
    const taken = new Set(this.#heapNames.values());
    for (const [key, f] of this.program.functions) {
      let name = f.name;
      for (let i = 2; taken.has(name); i++) name = `${f.name}#${i}`;
      taken.add(name);
      this.#names.set(key, name);
    }
  }

  #import(
    internal: string,
    module: string,
    name: string,
    params: readonly Rep[],
    results: readonly Rep[],
  ): void {
    if (this.#imported.has(internal)) return;
    this.#imported.add(internal);
    const types = binaryen.createType(params.map((p) => REP_TYPES[p]));
    this.module.addFunctionImport(internal, module, name, types, resultType(results));
  }

  #importEnvironment(): void {
    const m = this.module;
    this.#segment = importMemory(m, this.#statics.data);
    m.addTableImport('table', 'env', 'table');
    m.addGlobalImport('link.slots', 'link', 'slots', binaryen.i32, false);
    if (!this.#release) m.addGlobalImport('link.statics', 'link', 'statics', binaryen.i32, false);
    this.#import('host.fail', 'host', 'fail', ['i32', 'i32', 'f64', 'f64'], []);
    this.#import('host.fuel', 'host', 'fuel', [], []);
    const names = importNames(this.program.externs);
    this.program.externs.forEach((extern, i) => {
      const params = extern.params.flatMap((p) => repsOf(p.type));
      const name = names[i] as string;
      this.#import(`extern ${i}`, `extern:${extern.module}`, name, params, repsOf(extern.result));
    });
  }

  #fillTable(): void {
    if (this.program.table.length === 0) return;
    const names = this.program.table.map((key) => this.nameOf(key));
    const slots = this.module.global.get('link.slots', binaryen.i32);
    this.module.addActiveElementSegment('table', 'functions', names, slots);
  }

  /** `sluice:link`: static data into memory, and the words in it that are addresses. */
  #emitLink(): void {
    const m = this.module;
    const { data, closures, closureDescriptor } = this.#statics;
    const code = [m.memory.init(this.#segment, this.#static(0), m.i32.const(0), m.i32.const(data.length))];
    closures.forEach((_, slot) => {
      code.push(m.i32.store(0, 4, this.staticClosure(slot), this.#static(closureDescriptor)));
      code.push(m.i32.store(CLOSURE_CODE, 4, this.staticClosure(slot), this.tableIndex(slot)));
    });
    this.program.constants.forEach(({ type }, i) => {
      code.push(m.i32.store(0, 4, this.staticVariant(i), this.descriptor(type)));
    });
    m.addFunction('sluice:link', binaryen.none, binaryen.none, [], m.block(null, code));
    m.addFunctionExport('sluice:link', 'sluice:link');
  }

  #emitInitializer(key: string): void {
    const m = this.module;
    const global = this.program.globals.find((g) => g.key === key);
    if (global?.initializer === undefined) return;
    const { cells, initializer } = global;
    const type = resultType(cells);
    const call = m.call(this.nameOf(initializer), [], type);
    const code: binaryen.ExpressionRef[] = [];
    const store = (rep: Rep, i: number, value: binaryen.ExpressionRef): binaryen.ExpressionRef =>
      rep === 'ref'
        ? m.i32.store(0, 4, this.cell(key, i), value)
        : m[rep].store(0, rep.endsWith('64') ? 8 : 4, this.cell(key, i), value);
    const held = (i: number): binaryen.ExpressionRef => {
      const all = m.local.get(0, type);
      return cells.length === 1 ? all : m.tuple.extract(all, i);
    };
    const tests = this.checked
      ? cells.flatMap((rep, i) => (rep === 'ref' ? [testGlobal(this, key, held(i))] : []))
      : [];
    if (cells.length === 0) code.push(call);
    // The value comes first: its address operand is constant, so the order of evaluation does not matter.
    else if (cells.length === 1 && tests.length === 0) code.push(store(cells[0] as Rep, 0, call));
    else code.push(m.local.set(0, call), ...tests, ...cells.map((rep, i) => store(rep, i, held(i))));
    const vars = cells.length > 1 || tests.length > 0 ? [type] : [];
    const ref = m.addFunction(
      `sluice:global:${key}`,
      binaryen.none,
      binaryen.none,
      vars,
      m.block(null, code),
    );
    const span = this.program.functions.get(initializer)?.span;
    if (span !== undefined) for (const test of tests) this.locate(ref, test, span);
    m.addFunctionExport(`sluice:global:${key}`, `sluice:global:${key}`);
  }

  // ------------------------------------------------------------------------------------------ manifest

  #keptWhole(): string[] {
    const fails = (body: readonly Statement[]): boolean => {
      let found = false;
      visit(
        body,
        (statement) => {
          found ||= statement.kind === 'fail';
        },
        () => undefined,
      );
      return found;
    };
    return [...this.program.functions.values()]
      .filter(
        (f) => this.program.slowPaths.has(f.key) || (isLibraryFile(f.span.source.name) && fails(f.body)),
      )
      .map((f) => this.nameOf(f.key))
      .concat(Object.keys(CHECK_FUNCTIONS).flatMap((name) => this.#heapNames.get(name) ?? []));
  }

  #kept(): Kept {
    const { opensArenas, kept } = this.program;
    if (this.#release) return { types: [], handles: [], opensArenas };
    const digests = codeDigests(this.program);
    const types = kept.types.map((type) => {
      const code = digests.get(type.key);
      return code === undefined ? type : { ...type, code };
    });
    return { types, handles: kept.handles, opensArenas };
  }

  #manifest(): Manifest {
    const { program } = this;
    const builtIn = (name: string): boolean => name.startsWith('sluice:');
    return {
      format: 1,
      mode: this.#options.mode,
      files: [...this.#files.keys()],
      exports: program.exports
        .filter((e) => !builtIn(e.name))
        .map(({ name, params, result }) => ({ name, params, result })),
      shapes: program.shapes,
      externs: program.externs.map(({ module, name, params, result, span }) => ({
        module,
        name,
        params,
        result,
        span: { file: span.source.name, ...span.source.position(span.start) },
      })),
      globals: program.globals.map((g) => ({
        key: g.key,
        name: g.name,
        type: g.type,
        mutable: g.mutable,
        frame: g.initializer === undefined,
        cells: g.cells.map((rep, i) =>
          this.#release ? { rep, address: this.#cellAddress(g.key, i) } : { rep },
        ),
      })),
      types: [...program.types, { ...STATIC_CLOSURE, id: program.types.length }].map((t) => ({
        name: t.name,
        kind: t.kind,
        fields: (t.stride > 0 ? t.element : t.fields).map(({ name, offset, stored }) => ({
          name,
          offset,
          rep:
            stored === 'i8s' || stored === 'i8u'
              ? 'i8'
              : stored === 'i16s' || stored === 'i16u'
                ? 'i16'
                : stored,
        })),
        stride: t.stride,
      })),
      kept: this.#kept(),
      pools: program.pools,
      behaviours: program.behaviours,
      sites: this.#sites,
      staticBytes: this.#statics.size,
      tableSlots: program.table.length,
      watched: this.watched,
    };
  }
}

const FEATURES: binaryen.Features =
  binaryen.Features.BulkMemory |
  binaryen.Features.BulkMemoryOpt |
  binaryen.Features.Multivalue |
  binaryen.Features.MutableGlobals |
  binaryen.Features.NontrappingFPToInt |
  binaryen.Features.ReferenceTypes |
  binaryen.Features.SignExt |
  binaryen.Features.TailCall;

/** The components in which a value of the type crosses to the host. */
function repsOf(type: HostType): Rep[] {
  switch (type.kind) {
    case 'unit':
      return [];
    case 'bool':
      return ['i32'];
    case 'number':
      if (type.type === 'i64' || type.type === 'u64') return ['i64'];
      return type.type === 'f32' || type.type === 'f64' ? [type.type] : ['i32'];
    case 'value':
    case 'tuple':
      return type.fields.flatMap((f) => repsOf(f.type));
    case 'shape':
      return [...type.reps];
    case 'string':
    case 'object':
    case 'opaque':
      return ['ref'];
  }
}
