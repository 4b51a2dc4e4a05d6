/**
 * The module that a program is printed into, and what the printers of its functions ask for: what things are called in it,
 * where they lie, and the places in the source that its instructions come from.
 */
import binaryen from 'binaryen';
import { STATIC_BASE } from '../heap/index.ts';
import type { AllocationSite, InlinedEntry, SourcePosition } from '../image/index.ts';
import { inliningOf, type Program, type Rep } from '../ir/index.ts';
import type { Source, Span } from '../syntax/index.ts';
import { type Effects, findEffects } from './effects.ts';
import { HEAP_FUNCTIONS, type HeapFunctionName } from './heap-functions.ts';
import { findHeapFunctions, type HeapInModule } from './release.ts';
import { layOutStatics, type Statics, StaticsLayout } from './statics.ts';
import { REP_TYPES, resultType } from './types.ts';

export interface EmitOptions {
  readonly mode: 'development' | 'release';
  /** Whether loops and recursion ask the host now and then if they may go on. */
  readonly watch: boolean;
  /** Whether the program tests what was proved of it. It then runs on the heap of checked builds only. */
  readonly checked?: boolean;
  /** Whether the program tells the machine of each object that it makes. Only in development. */
  readonly counted?: boolean;
  /** heap.wasm, which a release image contains. */
  readonly heap?: Uint8Array;
  /** Whether a release image can look its heap through, as development images can. Default: true. */
  readonly verifier?: boolean;
}

/** What the values are that a piece of code leaves. */
export type CodeReps = Map<binaryen.ExpressionRef, readonly Rep[]>;

/** A piece of code, and the place that it is from; `source` is what that was in when it was told. */
interface Located {
  readonly func: binaryen.FunctionRef;
  readonly code: binaryen.ExpressionRef;
  readonly span: Span;
  source: Source;
}

export class ModuleContext {
  readonly module: binaryen.Module;
  readonly options: EmitOptions;
  readonly watched: boolean;
  readonly checked: boolean;
  readonly counted: boolean;
  readonly isRelease: boolean;
  /** Places that can fail, by their numbers. */
  readonly #sites: Span[] = [];
  /** The heap, where it is in the module. */
  readonly heap: HeapInModule;
  /** What those of its functions are called there that the program calls. */
  readonly heapCalls = new Set<string>();
  readonly #siteIndex = new Map<string, number>();
  /** Where the code of functions was said to be from, by their names in the module. */
  readonly #located = new Map<string, Located[]>();
  readonly #layout = new StaticsLayout();
  #program: Program;
  #effects: Effects;
  #statics: Statics;
  /** Places that allocate, by their numbers, where the program counts; number 0 is none in the script. */
  readonly allocationSites: AllocationSite[] = [{ function: '', file: '', line: 0, column: 0 }];
  readonly #allocationIndex = new Map<string, number>();
  /** The files of the source map, by number from 1; `''` stands first. */
  readonly sources: string[] = [];
  /** What was put into other functions; each has a file of the source map to itself. */
  readonly inlined: InlinedEntry[] = [];
  readonly #files = new Map<string, number>();
  readonly #names = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #imported = new Set<string>();
  readonly #texts = new Map<string, number>();
  readonly #reps: CodeReps | undefined;

  /** From `firstText` on, the program's literals are what tests have to say. */
  constructor(program: Program, options: EmitOptions, reps: CodeReps | undefined, firstText: number) {
    this.#program = program;
    this.options = options;
    this.watched = options.watch;
    this.checked = options.checked ?? false;
    this.isRelease = options.mode === 'release';
    this.counted = options.counted ?? false;
    if (this.counted && this.isRelease) throw new Error('only a development image counts what it allocates');
    this.#reps = reps;
    program.literals.slice(firstText).forEach((text, i) => {
      this.#texts.set(text, firstText + i);
    });
    this.#effects = findEffects(program, !this.isRelease);
    this.#statics = this.isRelease ? layOutStatics(program, true) : this.#layout.add(program);
    if (this.isRelease) {
      if (options.heap === undefined) throw new Error('a release image needs heap.wasm');
      this.module = binaryen.readBinary(options.heap);
      this.heap = findHeapFunctions(this.module);
    } else {
      this.module = new binaryen.Module();
      this.heap = { exported: new Map(), all: new Set() };
    }
    this.module.setFeatures(FEATURES);
    this.#taken = new Set(this.heap.all);
    this.#nameFunctions();
  }

  get program(): Program {
    return this.#program;
  }

  get effects(): Effects {
    return this.#effects;
  }

  get statics(): Statics {
    return this.#statics;
  }

  /** Places that can fail, by their numbers, as they are now. */
  get sites(): readonly SourcePosition[] {
    return this.#sites.map(({ source, start }) => ({ file: source.name, ...source.position(start) }));
  }

  /**
   * Goes on with the program as it is after an edit, for a development image. What it had it must have still, in the same order, but for
   * functions.
   */
  goOnWith(program: Program): void {
    this.#program = program;
    this.#effects = findEffects(program, true);
    this.#statics = this.#layout.add(program);
    this.#siteIndex.clear();
    this.#nameFunctions();
    this.#relocate();
  }

  /** Forgets where the code of a function is from, which is printed anew. */
  forgetPlaces(name: string): void {
    this.#located.delete(name);
  }

  /** The sources that code comes from, in the order in which they were met. */
  get files(): readonly string[] {
    return [...new Set(this.sources)];
  }

  nameOf(key: string): string {
    const name = this.#names.get(key);
    if (name === undefined) throw new Error(`there is no function ${key}`);
    return name;
  }

  /** Where a heap function is called; it is imported the first time, where it is not in the module already. */
  heapFunction(name: HeapFunctionName): string {
    const inside = this.heap.exported.get(name);
    if (inside !== undefined) {
      this.heapCalls.add(inside);
      return inside;
    }
    if (this.isRelease) throw new Error(`the heap has no function ${name}`);
    const { params, result } = HEAP_FUNCTIONS[name];
    this.importFunction(`heap.${name}`, 'heap', name, params, result === 'none' ? [] : [result]);
    return `heap.${name}`;
  }

  externFunction(index: number): string {
    return `extern ${index}`;
  }

  /** Notes what the values are that a piece of code leaves, for who inspects it, and returns it. */
  leaving(code: binaryen.ExpressionRef, reps: readonly Rep[]): binaryen.ExpressionRef {
    this.#reps?.set(code, reps);
    return code;
  }

  descriptor(type: number): binaryen.ExpressionRef {
    const offset = this.statics.descriptors[type];
    if (offset === undefined) throw new Error(`type ${type} has no descriptor of the program's`);
    return this.static(offset);
  }

  literal(index: number): binaryen.ExpressionRef {
    return this.static(this.statics.literals[index] as number);
  }

  /** A string that a test gives to the host where it fails. */
  text(text: string): binaryen.ExpressionRef {
    const index = this.#texts.get(text);
    if (index === undefined) throw new Error(`no test says "${text}"`);
    return this.literal(index);
  }

  staticClosure(slot: number): binaryen.ExpressionRef {
    return this.static(this.statics.closures[slot] as number);
  }

  staticVariant(index: number): binaryen.ExpressionRef {
    return this.static(this.statics.constants[index] as number);
  }

  tableIndex(slot: number): binaryen.ExpressionRef {
    const m = this.module;
    return m.i32.add(m.global.get('link.slots', binaryen.i32), m.i32.const(slot));
  }

  /** Address of a global's component. */
  cell(global: string, component: number): binaryen.ExpressionRef {
    const m = this.module;
    if (this.isRelease) return m.i32.const(this.cellAddress(global, component));
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
    const { start } = span;
    // Copies of code do not share one, or Binaryen would take two for the same code.
    const key = `${this.#fileOf(span)}:${start}`;
    let index = this.#siteIndex.get(key);
    if (index === undefined) {
      index = this.#sites.push(span) - 1;
      this.#siteIndex.set(key, index);
    }
    return index;
  }

  /** Number of a place that allocates, in a function with that name. */
  allocationSite({ source, start }: Span, name: string): number {
    const key = `${source.name}:${start} ${name}`;
    const known = this.#allocationIndex.get(key);
    if (known !== undefined) return known;
    const number =
      this.allocationSites.push({ function: name, file: source.name, ...source.position(start) }) - 1;
    this.#allocationIndex.set(key, number);
    return number;
  }

  /** Says where the code of a function is from, which is called `name` in the module. */
  locate(name: string, func: binaryen.FunctionRef, code: binaryen.ExpressionRef, span: Span): void {
    const located = this.#located.get(name) ?? [];
    this.#located.set(name, located);
    located.push({ func, code, span, source: span.source });
    this.#place(func, code, span);
  }

  /** Says it again of what has moved. */
  #relocate(): void {
    for (const located of this.#located.values())
      for (const one of located) {
        if (one.source === one.span.source) continue;
        one.source = one.span.source;
        this.#place(one.func, one.code, one.span);
      }
  }

  #place(func: binaryen.FunctionRef, code: binaryen.ExpressionRef, span: Span): void {
    const { line, column } = span.source.position(span.start);
    this.module.setDebugLocation(func, code, this.#fileOf(span), line, column - 1);
  }

  /** The source map's number for the file of a place: code that stands for a call has one for that call alone. */
  #fileOf(span: Span): number {
    const inlining = inliningOf(span);
    const { name } = span.source;
    if (inlining === undefined) return this.#file(name, name);
    const { at } = inlining;
    const within = inliningOf(at) === undefined ? undefined : this.#fileOf(at);
    const key = `${name} ${inlining.function} ${at.source.name}:${at.start} ${within}`;
    return this.#file(key, name, (file) => {
      const call = { file: at.source.name, ...at.source.position(at.start) };
      const { function: callee } = inlining;
      this.inlined.push({
        source: file,
        function: callee,
        at: call,
        ...(within !== undefined && { within }),
      });
    });
  }

  #file(key: string, name: string, whenNew?: (file: number) => void): number {
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    // Binaryen takes the beginning of file 0 for where it is anyway, and leaves it out of the map: no script is file 0.
    if (this.#files.size === 0) this.module.addDebugInfoFileName('');
    const file = this.module.addDebugInfoFileName(key);
    this.#files.set(key, file);
    this.sources.push(name);
    whenNew?.(file);
    return file;
  }

  /** Imports a function, the first time it is asked for. */
  importFunction(
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

  /** Address of what lies so far into the program's static data. */
  static(offset: number): binaryen.ExpressionRef {
    const m = this.module;
    if (this.isRelease) return m.i32.const(STATIC_BASE + offset);
    return m.i32.add(m.global.get('link.statics', binaryen.i32), m.i32.const(offset));
  }

  /** Address of a global's component in a release image. */
  cellAddress(global: string, component: number): number {
    return STATIC_BASE + (this.statics.cells.get(global) as number) + 8 * component;
  }

  /** Functions are called in WebAssembly what stack traces shall call them, so far as that is unique. */
  #nameFunctions(): void {
    for (const [key, f] of this.program.functions) {
      if (this.#names.has(key)) continue;
      let name = f.name;
      for (let i = 2; this.#taken.has(name); i++) name = `${f.name}#${i}`;
      this.#taken.add(name);
      this.#names.set(key, name);
    }
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
