/**
 * Inference of a whole program: names first, then types and signatures, then bodies in the order of their dependencies,
 * so that a function is generalised before others use it.
 */

import type { Diagnostics, Source } from '../syntax/index.ts';
import { type Checked, CheckedProgram, rejectUses, sortDiagnostics, warnOf } from './checked-program.ts';
import { checkMigrations, type Declarations } from './declarations/index.ts';
import { statement } from './forms/index.ts';
import { libraryOf } from './library-world.ts';
import {
  type FunctionEntry,
  type GlobalEntry,
  Scope,
  type TypedExpression,
  type TypedFunction,
  type TypedGlobal,
  type TypedMigration,
  type TypedProgram,
  UNIT,
} from './model/index.ts';
import { generaliseGroup, type Inference, settleLeftOver } from './solving/index.ts';
import {
  type Bodies,
  checkHandlers,
  emission,
  type Finished,
  Finisher,
  onDemand,
  orderBehaviours,
  orderGlobals,
  rejectArrayIndices,
  tellOfJoinedForms,
  warnOfLostWork,
  warnOfSurprises,
} from './whole-program/index.ts';
import { isLibrary, type SourceForms, World, waits } from './world.ts';

export interface CheckOptions {
  readonly imported?: boolean;
  readonly library?: readonly string[];
  readonly images?: ReadonlySet<string> | undefined;
}

/**
 * The typed program, or undefined where there was an error. Everything that is wrong is in `diagnostics`. The
 * prelude, if it is there, comes first and is in scope in all others; modules of the library follow. By itself the library is checked
 * whole; beside a program, of its functions only those are inferred that are used. Where the program is `imported`, all its modules
 * are others' and it has no main script. `library` are the names of the library modules that there are, imported or not; `images` those
 * of the pictures that there are, which are not checked without it.
 */
export function check(
  forms: readonly SourceForms[],
  diagnostics: Diagnostics,
  options: CheckOptions = {},
): TypedProgram | undefined {
  return checkProgram(forms, diagnostics, options)?.program;
}

/** The same, as a program that can be checked again after an edit. */
export function checkProgram(
  forms: readonly SourceForms[],
  diagnostics: Diagnostics,
  { imported = false, library = [], images }: CheckOptions = {},
): CheckedProgram | undefined {
  // A text whose strings are the wrong way round is no program yet.
  if (diagnostics.all.some(({ code }) => code === 'unclosed-string')) return undefined;
  const said = new Set(diagnostics.all);
  const isTheLibrarys = ({ source }: SourceForms): boolean => isLibrary(source);
  const users = forms.filter((one) => !isTheLibrarys(one));
  // By itself, the library is what is checked.
  const shared = users.length === 0 ? undefined : libraryOf(forms.filter(isTheLibrarys), library);
  const world = new World(diagnostics, shared?.world);
  const { cx } = world;
  cx.images = images;
  const onDemand = shared !== undefined;
  const entered = world.enter(onDemand ? users : forms, { imported, library, onDemand });
  const order = orderGlobals(cx);
  const expressions = entered.flatMap((declarations) => inferExpressions(cx, declarations));
  const migrations = checkMigrations(cx);
  checkHandlers(cx);
  settleLeftOver(cx);
  const rest = new Finisher(cx);
  const own = new Map<FunctionEntry, Finished<TypedFunction>>();
  const functions = finishFunctions(cx, { rest, own, bodies: shared?.bodies });
  const globals = finishGlobals(order, rest, shared?.bodies);
  const program = finish(
    cx,
    { rest, own },
    forms.map((f) => f.source),
    { functions, globals, expressions, migrations },
  );
  if (program === undefined) return undefined;
  const warnings = diagnostics.all.filter((one) => !said.has(one));
  return new CheckedProgram({ cx, forms, program, functions, own, rest, order, warnings });
}

/** All functions: those of the library, whose `bodies` are kept, and those of the program, each with a finisher of its own. */
function finishFunctions(
  cx: Inference,
  { rest, own, bodies }: Pick<Checked, 'rest' | 'own'> & { readonly bodies: Bodies | undefined },
): TypedFunction[] {
  return cx.functions.flatMap((f): readonly TypedFunction[] => {
    if (bodies?.has(f)) {
      const kept = bodies.function(f, rest);
      return kept === undefined ? [] : [kept];
    }
    if (bodies !== undefined && waits(f) && f.scheme !== undefined && f.typed === undefined)
      return [onDemand(cx, rest, f, f.scheme)];
    if (f.typed === undefined) return [];
    const finisher = new Finisher(cx, rest);
    const whole = finisher.function(f.typed);
    own.set(f, { whole, finisher });
    return [whole];
  });
}

/** All globals, likewise. */
function finishGlobals(
  order: readonly GlobalEntry[],
  finisher: Finisher,
  bodies: Bodies | undefined,
): TypedGlobal[] {
  return order.flatMap((entry): readonly TypedGlobal[] => {
    const { definition, typed } = entry;
    if (bodies?.has(entry)) {
      const value = bodies.global(entry, finisher);
      return value === undefined ? [] : [{ definition, value }];
    }
    definition.type = finisher.type(definition.type);
    return typed === undefined ? [] : [{ definition, value: finisher.expression(typed) }];
  });
}

function inferExpressions(cx: Inference, declarations: Declarations): TypedExpression[] {
  const { module } = declarations;
  return declarations.expressions.map((form) => {
    const before = cx.errors;
    cx.level++;
    const scope = new Scope({
      module,
      typeVariables: new Map(),
      result: UNIT,
      drops: true,
      isFunction: false,
      span: form.span,
    });
    const node = statement(cx, scope, form);
    generaliseGroup(cx, { roots: [], module, bodies: [node], errorsBefore: before });
    cx.level--;
    return node;
  });
}

function finish(
  cx: Inference,
  { rest, own }: Pick<Checked, 'rest' | 'own'>,
  sources: readonly Source[],
  {
    functions,
    globals,
    expressions,
    migrations,
  }: {
    readonly functions: TypedFunction[];
    readonly globals: readonly TypedGlobal[];
    readonly expressions: readonly TypedExpression[];
    readonly migrations: readonly TypedMigration[];
  },
): TypedProgram | undefined {
  for (const expression of expressions) rest.expression(expression);
  for (const event of cx.events.values()) functions.push(rest.function(emission(event)));
  const byKey = new Map(functions.map((f) => [f.key, f]));
  rejectUses({ cx, functions, own, rest }, byKey);
  const inside = new Set([...cx.behaviours, ...cx.tests].map((b) => b.function.key));
  for (const { methods, functions: own } of cx.instanceFunctions)
    for (const [name, { key }] of own) {
      const typed = byKey.get(key);
      inside.add(key);
      if (typed !== undefined) methods.set(name, typed);
    }
  const program: TypedProgram = {
    sources,
    types: cx.types,
    functions: functions.filter((f) => !inside.has(f.key)),
    globals,
    lacking: cx.lacking,
    externs: cx.externs,
    instances: cx.instances.all,
    behaviours: orderBehaviours(cx).flatMap(({ entity, function: entry }) => {
      const typed = byKey.get(entry.key);
      return entity === undefined || typed === undefined ? [] : [{ entity, function: typed }];
    }),
    tests: cx.tests.flatMap(({ name, function: entry }) => {
      const typed = byKey.get(entry.key);
      return typed === undefined ? [] : [{ name, function: typed }];
    }),
    migrations,
    expressions,
    layers: cx.layers?.entries ?? [],
  };
  if (!cx.diagnostics.failed) warnOfAll(cx, expressions);
  else tellOfJoinedForms(cx.diagnostics);
  sortDiagnostics(cx.diagnostics, sources);
  return cx.diagnostics.failed ? undefined : program;
}

/** What people write is looked through; the library's own is as it is meant. */
function warnOfAll(cx: Inference, expressions: readonly TypedExpression[]): void {
  const warn = (expression: TypedExpression): void => {
    warnOfLostWork(cx, expression);
    warnOfSurprises(cx, expression);
    rejectArrayIndices(cx, expression);
  };
  for (const entry of cx.functions) warnOf(cx, entry);
  for (const { module, typed } of cx.globals) if (module.isUsers && typed !== undefined) warn(typed);
  expressions.forEach(warn);
}
