/**
 * A whole program as one WebAssembly module: imports, functions, static data, exports, and the manifest that tells the
 * machine what it got.
 */
import binaryen from 'binaryen';
import { CLOSURE_CODE } from '../heap/index.ts';
import { type Image, importNames } from '../image/index.ts';
import type { Program, Rep } from '../ir/index.ts';
import { optimise } from '../optimise/index.ts';
import { checkTexts, testGlobal } from './checks.ts';
import { type CodeReps, type EmitOptions, ModuleContext } from './context.ts';
import { emitFunction } from './function.ts';
import { CHECK_FUNCTIONS } from './heap-functions.ts';
import { manifestOf } from './manifest.ts';
import { importMemory } from './memory.ts';
import { exportHeap, leaveOutInlined, leaveOutVerifier, optimiseModule } from './release.ts';
import { repsOf, resultType } from './types.ts';
import { leaveOutUnusedData } from './unused-data.ts';

/** The function that puts static data into memory, and the segment of the table that the functions that are values are in. */
export const LINK = 'sluice:link';
export const TABLE_SEGMENT = 'functions';

/** Prints the program. It must have passed every check: anything odd here is a mistake of the compiler's own. */
export function emit(program: Program, options: EmitOptions): Image {
  const context = contextOf(program, options);
  try {
    printInto(context);
    return finish(context);
  } finally {
    context.module.dispose();
  }
}

/** A module to print the program into, to be disposed of; `reps` is told what the values of the code are. */
export function contextOf(program: Program, options: EmitOptions, reps?: CodeReps): ModuleContext {
  const optimised = optimise(program, options.mode);
  const texts = options.checked === true ? checkTexts(optimised) : [];
  const literals = [...program.literals, ...texts];
  return new ModuleContext({ ...optimised, literals }, options, reps, program.literals.length);
}

/** Prints the whole program, as it is before anything is optimised. */
export function printInto(context: ModuleContext): void {
  const { program, module } = context;
  const segment = importEnvironment(context);
  for (const f of program.functions.values()) emitFunction(context, f);
  fillTable(context);
  emitLink(context, segment);
  for (const global of program.globals) emitInitializer(context, global.key);
  for (const { key, name, forReload } of program.exports)
    if (!(context.isRelease && forReload)) module.addFunctionExport(context.nameOf(key), name);
  if (context.isRelease) exportHeap(module, context.heap, context.heapCalls);
  if (module.validate() === 0) throw new Error('the emitted module is not valid');
}

/** Optimises what was printed where it is for release, and makes an image of it. */
export function finish(context: ModuleContext): Image {
  binaryen.setDebugInfo(true);
  if (context.isRelease) {
    if (context.options.verifier === false) leaveOutVerifier(context.module, context.heap);
    optimiseModule(context.module, context.heap, {
      keepWhole: keptWhole(context),
      called: context.heapCalls,
    });
    leaveOutInlined(context.module, context.heap, context.heapCalls);
  }
  const { binary, sourceMap } = context.module.emitBinary('program.map');
  const wasm = context.isRelease ? leaveOutUnusedData(binary) : binary;
  return { wasm, sourceMap: namedSources(context, sourceMap), manifest: manifestOf(context) };
}

/** A source map in which code that stands for a call has the name of the file that it is from. */
function namedSources({ sources, inlined }: ModuleContext, sourceMap: string | null): string {
  if (sourceMap === null || inlined.length === 0) return sourceMap ?? '';
  return JSON.stringify({ ...JSON.parse(sourceMap), sources: ['', ...sources] });
}

/** Imports what every program needs, and the functions of the host; returns the name of the segment with the static data. */
function importEnvironment(context: ModuleContext): string {
  const m = context.module;
  const heap = context.isRelease ? context.options.heap : undefined;
  const segment = importMemory(m, context.statics.data, heap);
  m.addTableImport('table', 'env', 'table');
  m.addGlobalImport('link.slots', 'link', 'slots', binaryen.i32, false);
  if (!context.isRelease) m.addGlobalImport('link.statics', 'link', 'statics', binaryen.i32, false);
  context.importFunction('host.fail', 'host', 'fail', ['i32', 'i32', 'f64', 'f64'], []);
  context.importFunction('host.fuel', 'host', 'fuel', [], []);
  importExterns(context);
  return segment;
}

/** Those that have been imported stay as they are. */
export function importExterns(context: ModuleContext): void {
  const names = importNames(context.program.externs);
  context.program.externs.forEach((extern, i) => {
    const params = extern.params.flatMap((p) => repsOf(p.type));
    const name = names[i] as string;
    context.importFunction(`extern ${i}`, `extern:${extern.module}`, name, params, repsOf(extern.result));
  });
}

export function fillTable(context: ModuleContext): void {
  if (context.program.table.length === 0) return;
  const names = context.program.table.map((key) => context.nameOf(key));
  const slots = context.module.global.get('link.slots', binaryen.i32);
  context.module.addActiveElementSegment('table', TABLE_SEGMENT, names, slots);
}

/** `sluice:link`: static data into memory, and the words in it that are addresses. */
export function emitLink(context: ModuleContext, segment: string): void {
  const m = context.module;
  const { data, closures, closureDescriptor } = context.statics;
  const code = [m.memory.init(segment, context.static(0), m.i32.const(0), m.i32.const(data.length))];
  closures.forEach((_, slot) => {
    code.push(m.i32.store(0, 4, context.staticClosure(slot), context.static(closureDescriptor)));
    code.push(m.i32.store(CLOSURE_CODE, 4, context.staticClosure(slot), context.tableIndex(slot)));
  });
  context.program.constants.forEach(({ type }, i) => {
    code.push(m.i32.store(0, 4, context.staticVariant(i), context.descriptor(type)));
  });
  m.addFunction(LINK, binaryen.none, binaryen.none, [], m.block(null, code));
  m.addFunctionExport(LINK, LINK);
}

export function emitInitializer(context: ModuleContext, key: string): void {
  const m = context.module;
  const global = context.program.globals.find((g) => g.key === key);
  if (global?.initializer === undefined) return;
  const { cells, initializer } = global;
  const type = resultType(cells);
  const call = m.call(context.nameOf(initializer), [], type);
  const code: binaryen.ExpressionRef[] = [];
  const store = (rep: Rep, i: number, value: binaryen.ExpressionRef): binaryen.ExpressionRef =>
    rep === 'ref'
      ? m.i32.store(0, 4, context.cell(key, i), value)
      : m[rep].store(0, rep.endsWith('64') ? 8 : 4, context.cell(key, i), value);
  const held = (i: number): binaryen.ExpressionRef => {
    const all = m.local.get(0, type);
    return cells.length === 1 ? all : m.tuple.extract(all, i);
  };
  const tests = context.checked
    ? cells.flatMap((rep, i) => (rep === 'ref' ? [testGlobal(context, key, held(i))] : []))
    : [];
  if (cells.length === 0) code.push(call);
  // The value comes first: its address operand is constant, so the order of evaluation does not matter.
  else if (cells.length === 1 && tests.length === 0) code.push(store(cells[0] as Rep, 0, call));
  else code.push(m.local.set(0, call), ...tests, ...cells.map((rep, i) => store(rep, i, held(i))));
  const vars = cells.length > 1 || tests.length > 0 ? [type] : [];
  const name = `sluice:global:${key}`;
  const ref = m.addFunction(name, binaryen.none, binaryen.none, vars, m.block(null, code));
  const span = context.program.functions.get(initializer)?.span;
  if (span !== undefined) for (const test of tests) context.locate(name, ref, test, span);
  m.addFunctionExport(name, name);
}

/** What Binaryen leaves as it is, by name: only the heap's functions are put where they are called, for they have no places in a script. */
function keptWhole(context: ModuleContext): string[] {
  const checks = Object.keys(CHECK_FUNCTIONS).flatMap((name) => context.heap.exported.get(name) ?? []);
  return [...context.program.functions.keys()].map((key) => context.nameOf(key)).concat(checks);
}
