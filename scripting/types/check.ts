/**
 * Inference of a whole program: names first, then types and signatures, then bodies in the order of their dependencies,
 * so that a function is generalised before others use it.
 */

import { isLibraryFile } from '../image/index.ts';
import { children, type Diagnostic, type Diagnostics, type Form, type Source } from '../syntax/index.ts';
import {
  checkFunction,
  checkGlobal,
  checkMigrations,
  checkSuperclasses,
  Declarations,
  declareAll,
  inferGroup,
  linkImports,
  readSignature,
  reportUnusedSignatures,
} from './declarations/index.ts';
import { statement } from './forms/index.ts';
import {
  BUILTIN_CLASSES,
  BUILTIN_TYPES,
  type Definition,
  type FunctionEntry,
  type GlobalEntry,
  Module,
  ORDERING,
  PRIMITIVES,
  Scope,
  type TypedExpression,
  type TypedFunction,
  type TypedMigration,
  type TypedProgram,
  UNIT,
} from './model/index.ts';
import { generaliseGroup, Inference, settleLeftOver, stronglyConnectedComponents } from './solving/index.ts';
import {
  checkHandlers,
  completeUsed,
  emission,
  Finisher,
  onDemand,
  orderBehaviours,
  orderGlobals,
  rejectConflictingExterns,
  rejectEndlessUses,
  rejectLiteralUses,
  rejectMissingOperators,
  rejectRecursiveValues,
  tellOfJoinedForms,
  warnOfLostWork,
  warnOfSurprises,
} from './whole-program/index.ts';

/** The name of the prelude's first source, which its module is known by. */
const PRELUDE_NAME = 'sluice/prelude.slu';

/** Whether a source is one of the prelude's: its topics have files of their own. */
function isPrelude({ name }: Source): boolean {
  return name === PRELUDE_NAME || name.startsWith('sluice/prelude/');
}

/** Whether a source is the library's: the prelude's, or a module that programs import. */
export function isLibrary({ name }: Source): boolean {
  return isLibraryFile(name);
}

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
  forms: readonly { readonly source: Source; readonly forms: readonly Form[] }[],
  diagnostics: Diagnostics,
  { imported = false, library = [], images }: CheckOptions = {},
): TypedProgram | undefined {
  // A text whose strings are the wrong way round is no program yet.
  if (diagnostics.all.some(({ code }) => code === 'unclosed-string')) return undefined;
  const cx = new Inference(diagnostics);
  cx.images = images;
  const modules = new Map<string, Module>();
  const builtin = builtinModule(cx, modules);
  let outer = new Module('prelude', builtin, modules);
  const all: Declarations[] = [];
  for (const { source, forms: own } of forms) {
    const prelude = isPrelude(source);
    const name = prelude ? 'prelude' : moduleName(source.name);
    const namesakes = all.filter(({ module }) => module.name === name).length;
    const kind = isLibrary(source) ? 'library' : 'user';
    const module = new Module(name, prelude ? builtin : outer, modules, { kind, number: namesakes + 1 });
    modules.set(source.name, module);
    if (prelude) {
      outer = module;
      cx.prelude = module;
    } else if (module.isUsers) cx.main = imported ? undefined : module;
    const declarations = new Declarations(cx, module);
    declareAll(declarations, own);
    all.push(declarations);
  }
  linkImports(cx, all, modules, library);
  for (const declarations of all) for (const work of declarations.later) work();
  for (const declarations of all) for (const work of declarations.afterwards) work();
  for (const instance of cx.instances.all) checkSuperclasses(cx, instance);
  rejectRecursiveValues(cx);
  rejectConflictingExterns(cx);
  const home = new Map(all.map((declarations) => [declarations.module, declarations]));
  for (const entry of cx.functions) {
    const declarations = home.get(entry.module);
    if (declarations !== undefined) readSignature(cx, entry, declarations);
  }
  for (const declarations of all) reportUnusedSignatures(cx, declarations);
  const isAlone = forms.every((f) => isLibrary(f.source));
  const handlers = [...cx.events.values()].flatMap((event) => event.handlers);
  const waits = (entry: FunctionEntry) => entry.declared && !isAlone && isLibrary(entry.span.source);
  inferBodies(cx, (entry) => waits(entry) || handlers.includes(entry));
  const order = orderGlobals(cx);
  const expressions = all.flatMap((declarations) => inferExpressions(cx, declarations));
  const migrations = checkMigrations(cx);
  checkHandlers(cx);
  settleLeftOver(cx);
  return finish(
    cx,
    forms.map((f) => f.source),
    { order, expressions, migrations },
    waits,
  );
}

/** `levels/one.slu` is the module `levels.one`. */
function moduleName(source: string): string {
  return source
    .replace(/\.slu$/, '')
    .replace(/^(\.*\/)+/, '')
    .replaceAll('/', '.');
}

function builtinModule(cx: Inference, modules: ReadonlyMap<string, Module>): Module {
  const module = new Module('', undefined, modules);
  for (const [name, definition] of BUILTIN_TYPES) module.types.set(name, definition);
  for (const entry of BUILTIN_CLASSES.values()) {
    cx.classes.set(entry.key, entry);
    module.classes.set(entry.name, entry);
    for (const method of entry.methods.values())
      module.values.set(method.name, { kind: 'method', class: entry, method });
  }
  for (const [name, primitive] of PRIMITIVES) module.values.set(name, { kind: 'primitive', primitive });
  if (ORDERING.kind === 'named') {
    const { definition } = ORDERING;
    module.types.set(definition.name, definition);
    for (const variant of definition.variants)
      module.values.set(variant.name, { kind: 'constructor', makes: definition, variant: variant.name });
  }
  return module;
}

type Node = FunctionEntry | GlobalEntry;

const isFunction = (node: Node): node is FunctionEntry => 'params' in node;

/** Infers every body but those that wait. */
function inferBodies(cx: Inference, waits: (entry: FunctionEntry) => boolean): void {
  const known = new Map<Node, readonly Node[]>();
  const uses = (node: Node): readonly Node[] => {
    const found = known.get(node) ?? usesOf(node);
    known.set(node, found);
    return found;
  };
  const isKnown = (node: Node) => (isFunction(node) ? node.declared : node.annotated);
  const unknown = [...cx.functions, ...cx.globals].filter((node) => !isKnown(node));
  for (const group of stronglyConnectedComponents(unknown, (node) => uses(node).filter((u) => !isKnown(u))))
    inferGroup(
      cx,
      group.filter(isFunction),
      group.filter((n): n is GlobalEntry => !isFunction(n)),
    );
  for (const entry of cx.functions) if (entry.declared && !waits(entry)) checkFunction(cx, entry);
  for (const entry of cx.globals) if (entry.annotated) checkGlobal(cx, entry);
}

/** The functions and globals whose names stand in a body. Local names and arenas that hide them make no harm: the order stays good. */
function usesOf(node: Node): Node[] {
  const found = new Set<Node>();
  const visit = (form: Form): void => {
    if (form.kind === 'symbol') {
      const definition: Definition | undefined = node.module.value(form);
      if (definition?.kind === 'function') found.add(definition.function);
      if (definition?.kind === 'global') found.add(definition.global);
    }
    for (const child of children(form)) visit(child);
  };
  if (isFunction(node)) node.body.forEach(visit);
  else visit(node.value);
  return [...found];
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
  sources: readonly Source[],
  {
    order,
    expressions,
    migrations,
  }: {
    readonly order: readonly GlobalEntry[];
    readonly expressions: readonly TypedExpression[];
    readonly migrations: readonly TypedMigration[];
  },
  waits: (entry: FunctionEntry) => boolean,
): TypedProgram | undefined {
  const finisher = new Finisher(cx);
  const functions = cx.functions.flatMap((f): TypedFunction[] => {
    if (waits(f) && f.scheme !== undefined && f.typed === undefined)
      return [onDemand(cx, finisher, f, f.scheme)];
    return f.typed === undefined ? [] : [finisher.function(f.typed)];
  });
  const globals = order.flatMap(({ definition, typed }) => {
    definition.type = finisher.type(definition.type);
    return typed === undefined ? [] : [{ definition, value: finisher.expression(typed) }];
  });
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
