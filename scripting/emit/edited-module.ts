/**
 * The module of a program that is edited: it is kept from one image to the next, and only those functions are printed anew that are others
 * now, or of which something is known otherwise that their code hangs on: whether they can recur, and whether what they call may
 * allocate. What code says by numbers (types, literals, slots of the table, places) keeps its number. For development images.
 */
import type { Image } from '../image/index.ts';
import type { Func, Program } from '../ir/index.ts';
import { optimise } from '../optimise/index.ts';
import type { EmitOptions, ModuleContext } from './context.ts';
import type { Effects } from './effects.ts';
import { emitFunction } from './function.ts';
import { importMemory } from './memory.ts';
import {
  contextOf,
  emitInitializer,
  emitLink,
  fillTable,
  finish,
  importExterns,
  LINK,
  printInto,
  TABLE_SEGMENT,
} from './module.ts';

export class EditedModule {
  readonly #context: ModuleContext;
  /** As they are printed. */
  readonly #functions: Map<string, Func>;

  /** The module of a program; `dispose` it. Only for development, and neither checked nor counted. */
  constructor(program: Program, options: EmitOptions) {
    if (options.mode === 'release' || options.checked || options.counted)
      throw new Error('only a plain development image is made again and again');
    this.#context = contextOf(program, options);
    this.#functions = new Map(this.#context.program.functions);
    printInto(this.#context);
  }

  /** The image of the program as it is now. */
  image(): Image {
    return finish(this.#context);
  }

  /** Goes on with what the program is after an edit: it has all that it had, in the same order, but for functions. */
  goOnWith(edited: Program): void {
    const context = this.#context;
    const { program: before, effects, statics } = context;
    const program = optimise(edited, 'development');
    context.goOnWith(program);
    importExterns(context);
    this.#printFunctions(program, effects);
    if (context.statics.data.length !== statics.data.length) this.#replaceData();
    if (program.table.some((key, slot) => key !== before.table[slot])) {
      if (before.table.length > 0) context.module.removeElementSegment(TABLE_SEGMENT);
      fillTable(context);
    }
    const known = new Set(before.globals.map(({ key }) => key));
    for (const { key } of program.globals) if (!known.has(key)) emitInitializer(context, key);
    this.#exportAnew(before, program);
  }

  dispose(): void {
    this.#context.module.dispose();
  }

  #replaceData(): void {
    const { module, statics } = this.#context;
    const segment = importMemory(module, statics.data);
    module.removeExport(LINK);
    module.removeFunction(LINK);
    emitLink(this.#context, segment);
  }

  #printFunctions(program: Program, before: Effects): void {
    const context = this.#context;
    const { effects } = context;
    const isOther = (key: string): boolean => effects.mayAllocate(key) !== before.mayAllocate(key);
    const others = new Set([...program.functions.keys()].filter(isOther));
    const hangsOn = (key: string): boolean =>
      effects.recursive.has(key) !== before.recursive.has(key) ||
      (others.size > 0 && [...effects.callees(key)].some((callee) => others.has(callee)));
    for (const key of this.#functions.keys()) {
      if (program.functions.has(key)) continue;
      this.#remove(key);
      this.#functions.delete(key);
    }
    for (const [key, func] of program.functions) {
      const printed = this.#functions.get(key);
      if (printed === func && !hangsOn(key)) continue;
      if (printed !== undefined) this.#remove(key);
      emitFunction(context, func);
      this.#functions.set(key, func);
    }
  }

  #remove(key: string): void {
    const name = this.#context.nameOf(key);
    this.#context.forgetPlaces(name);
    this.#context.module.removeFunction(name);
  }

  #exportAnew(before: Program, program: Program): void {
    const { module } = this.#context;
    const known = new Map(before.exports.map(({ name, key }) => [name, key]));
    for (const { name, key } of program.exports) {
      if (known.get(name) === key) continue;
      if (known.has(name)) module.removeExport(name);
      module.addFunctionExport(this.#context.nameOf(key), name);
    }
    const names = new Set(program.exports.map(({ name }) => name));
    for (const name of known.keys()) if (!names.has(name)) module.removeExport(name);
  }
}
