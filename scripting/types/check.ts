/**
 * Inference of a whole program: names first, then types and signatures, then bodies in the order of their dependencies,
 * so that a function is generalised before others use it.
 */

import type { Diagnostic, Diagnostics, Source } from '../syntax/index.ts';
import { checkMigrations, type Declarations } from './declarations/index.ts';
import { statement } from './forms/index.ts';
import { libraryOf } from './library-world.ts';
import {
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
  completeUsed,
  emission,
  Finisher,
  onDemand,
  orderBehaviours,
  orderGlobals,
  rejectArrayIndices,
  rejectEndlessUses,
  rejectLiteralUses,
  rejectMissingOperators,
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
  { imported = false, library = [], images }: CheckOptions = {},
): TypedProgram | undefined {
  // A text whose strings are the wrong way round is no program yet.
  if (diagnostics.all.some(({ code }) => code === 'unclosed-string')) return undefined;
  const isTheLibrarys = ({ source }: SourceForms): boolean => isLibrary(source);
  const own = forms.filter((one) => !isTheLibrarys(one));
  // By itself, the library is what is checked.
  const shared = own.length === 0 ? undefined : libraryOf(forms.filter(isTheLibrarys), library);
  const world = new World(diagnostics, shared?.world);
  const { cx } = world;
  cx.images = images;
  const onDemand = shared !== undefined;
  const entered = world.enter(onDemand ? own : forms, { imported, library, onDemand });
  const order = orderGlobals(cx);
  const expressions = entered.flatMap((declarations) => inferExpressions(cx, declarations));
  const migrations = checkMigrations(cx);
  checkHandlers(cx);
  settleLeftOver(cx);
  const finisher = new Finisher(cx);
  const functions = finishFunctions(cx, finisher, shared?.bodies);
  const globals = finishGlobals(order, finisher, shared?.bodies);
  return finish(
    cx,
    finisher,
    forms.map((f) => f.source),
    { functions, globals, expressions, migrations },
  );
}

/** All functions: those of the library, whose `bodies` are kept, and those of the program. */
function finishFunctions(cx: Inference, finisher: Finisher, bodies: Bodies | undefined): TypedFunction[] {
  return cx.functions.flatMap((f): readonly TypedFunction[] => {
    if (bodies?.has(f)) {
      const kept = bodies.function(f, finisher);
      return kept === undefined ? [] : [kept];
    }
    if (bodies !== undefined && waits(f) && f.scheme !== undefined && f.typed === undefined)
      return [onDemand(cx, finisher, f, f.scheme)];
    return f.typed === undefined ? [] : [finisher.function(f.typed)];
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
  finisher: Finisher,
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
  for (const expression of expressions) finisher.expression(expression);
  for (const event of cx.events.values()) functions.push(finisher.function(emission(event)));
  completeUsed(functions, finisher);
  rejectEndlessUses(cx, functions, finisher.uses);
  rejectLiteralUses(cx, functions, finisher.uses, finisher.literals);
  rejectMissingOperators(cx, functions, finisher.uses, finisher.operators, cx.lacking);
  const byKey = new Map(functions.map((f) => [f.key, f]));
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
  for (const { module, typed } of cx.functions) if (module.isUsers && typed !== undefined) warn(typed.body);
  for (const { module, typed } of cx.globals) if (module.isUsers && typed !== undefined) warn(typed);
  expressions.forEach(warn);
}

/** In the order of the text, which is not the order of inference. */
function sortDiagnostics(diagnostics: Diagnostics, sources: readonly Source[]): void {
  const place = new Map(sources.map((source, i) => [source, i]));
  const rank = ({ span }: Diagnostic) => place.get(span.source) ?? 0;
  diagnostics.all.sort((a, b) => rank(a) - rank(b) || a.span.start - b.span.start);
}
