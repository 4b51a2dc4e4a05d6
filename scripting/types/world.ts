/**
 * Modules on their way from forms to types: what they declare, and the types of bodies where no signature says them. A
 * program's world begins as that of the library's modules that it has (`library-world.ts`), with tables of its own.
 */

import { isLibraryFile } from '../image/index.ts';
import { children, type Diagnostics, type Form, type Source } from '../syntax/index.ts';
import {
  checkFunction,
  checkGlobal,
  checkSuperclasses,
  Declarations,
  declareAll,
  inferGroup,
  linkImports,
  readSignature,
  reportUnusedSignatures,
} from './declarations/index.ts';
import {
  BUILTIN_CLASSES,
  BUILTIN_TYPES,
  type Definition,
  type FunctionEntry,
  type GlobalEntry,
  Module,
  ORDERING,
  PRIMITIVES,
  variables,
} from './model/index.ts';
import { Inference, stronglyConnectedComponents } from './solving/index.ts';
import { rejectConflictingExterns, rejectRecursiveValues } from './whole-program/index.ts';

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

/** The expanded forms of a source. */
export interface SourceForms {
  readonly source: Source;
  readonly forms: readonly Form[];
}

export interface EnterOptions {
  /** Whether no module is the main script. */
  readonly imported: boolean;
  /** Names of the library modules that there are, for hints. */
  readonly library: readonly string[];
  /** Whether the library's functions with a signature are inferred when somebody asks for them, and not at once. */
  readonly onDemand: boolean;
}

export class World {
  readonly cx: Inference;
  /** All modules, by the names of their sources. */
  readonly modules: Map<string, Module>;
  /** What is around the next module: what is built in, or the prelude once there is one. */
  #outer: Module;

  constructor(diagnostics: Diagnostics, library?: World) {
    this.cx = new Inference(diagnostics, library?.cx);
    this.modules = new Map(library?.modules);
    this.#outer = library === undefined ? builtinModule(this.cx, this.modules) : library.#outer;
  }

  /** Enters modules, each after those that it imports: names first, then types and signatures, then bodies in the order of their dependencies. */
  enter(
    forms: readonly SourceForms[],
    { imported, library, onDemand }: EnterOptions,
  ): readonly Declarations[] {
    const { cx, modules } = this;
    const [functions, globals, instances] = [cx.functions, cx.globals, cx.instances.all].map((l) => l.length);
    const entered = forms.map(({ source, forms: own }) => this.#declare(source, own, imported));
    linkImports(cx, entered, modules, library);
    for (const declarations of entered) for (const work of declarations.later) work();
    for (const declarations of entered) for (const work of declarations.afterwards) work();
    for (const instance of cx.instances.all.slice(instances)) checkSuperclasses(cx, instance);
    rejectRecursiveValues(cx);
    rejectConflictingExterns(cx);
    const home = new Map(entered.map((declarations) => [declarations.module, declarations]));
    const own = { functions: cx.functions.slice(functions), globals: cx.globals.slice(globals) };
    for (const entry of own.functions) {
      const declarations = home.get(entry.module);
      if (declarations !== undefined) readSignature(cx, entry, declarations);
    }
    for (const declarations of entered) reportUnusedSignatures(cx, declarations);
    // What a handler is about, others may say: those come last (`whole-program/events.ts`).
    const handlers = new Set([...cx.events.values()].flatMap((event) => event.handlers));
    inferBodies(cx, own, (entry) => (onDemand && waits(entry)) || handlers.has(entry));
    return entered;
  }

  #declare(source: Source, forms: readonly Form[], imported: boolean): Declarations {
    const { cx, modules } = this;
    const name = isPrelude(source) ? 'prelude' : moduleName(source.name);
    const namesakes = [...modules.values()].filter((module) => module.name === name).length;
    const kind = isLibrary(source) ? 'library' : 'user';
    const module = new Module(name, this.#outer, modules, { kind, number: namesakes + 1 });
    modules.set(source.name, module);
    if (isPrelude(source)) {
      this.#outer = module;
      cx.prelude = module;
    } else if (module.isUsers) cx.main = imported ? undefined : module;
    const declarations = new Declarations(cx, module);
    declareAll(declarations, forms);
    return declarations;
  }
}

/** Whether a function can wait until somebody asks for its body: the library's bodies are right, a test holds that. */
export function waits(entry: FunctionEntry): boolean {
  return entry.declared && isLibrary(entry.span.source);
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

/** Infers the bodies of these functions and globals, but of those that wait. */
function inferBodies(
  cx: Inference,
  own: { readonly functions: readonly FunctionEntry[]; readonly globals: readonly GlobalEntry[] },
  waits: (entry: FunctionEntry) => boolean,
): void {
  const known = new Map<Node, readonly Node[]>();
  const uses = (node: Node): readonly Node[] => {
    const found = known.get(node) ?? usesOf(node);
    known.set(node, found);
    return found;
  };
  const isDeclared = (node: Node) => (isFunction(node) ? node.declared : node.annotated);
  const unknown = new Set([...own.functions, ...own.globals].filter((node) => !isDeclared(node)));
  for (const group of stronglyConnectedComponents([...unknown], (node) =>
    uses(node).filter((u) => unknown.has(u)),
  ))
    inferGroup(
      cx,
      group.filter(isFunction),
      group.filter((n): n is GlobalEntry => !isFunction(n)),
    );
  const isOpen = ({ definition }: GlobalEntry) => [...variables(definition.type)].some((v) => 'kind' in v);
  cx.opensGlobals = own.globals.some((entry) => !entry.annotated && isOpen(entry));
  for (const entry of own.functions) if (entry.declared && !waits(entry)) checkFunction(cx, entry);
  for (const entry of own.globals) if (entry.annotated) checkGlobal(cx, entry);
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
