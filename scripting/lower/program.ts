/**
 * Lowers a whole program: starts from what can be called from outside, and compiles what that reaches, each generic
 * function once per concrete type.
 */

import { REGION_FRAME } from '../heap/index.ts';
import { DROP_FRAME, DROP_LEFT, FORGET_ALL, FORGOTTEN } from '../image/index.ts';
import type { Export, Expression, Extern, Func, Global, ObjectType, Program, Rep } from '../ir/index.ts';
import { type Diagnostics, Source, type Span } from '../syntax/index.ts';
import type {
  GlobalDefinition,
  Type,
  TypeDefinition,
  TypedExpression,
  TypedExtern,
  TypedFunction,
  TypedGlobal,
  TypedProgram,
} from '../types/index.ts';
import { hostArguments, isLibrary, isTooLarge, ownedSubject } from '../types/index.ts';
import { Arrangements } from './arrangements.ts';
import { whereAsked } from './asks-collector.ts';
import { i32, UNIT } from './builder.ts';
import { rejectCircularDefaults } from './circular-defaults.ts';
import type { Known } from './closure.ts';
import { namedControls } from './controls.ts';
import {
  defineDrop,
  dropFoundBody,
  dropOfAnyBody,
  forgetAllBody,
  forgottenBody,
  keepValue,
} from './drops.ts';
import { FieldValues } from './field-values.ts';
import { FunctionLowering } from './function.ts';
import { GivenFunctions } from './given-functions.ts';
import { defineAccess, frameCells } from './global.ts';
import { HostBoundary } from './host-boundary.ts';
import { hostNames } from './host-names.ts';
import { initialOrder } from './initial-order.ts';
import { Instances } from './instances.ts';
import { KEEP } from './interpolation.ts';
import { KeptTypes, layOutObjects } from './kept-types.ts';
import type { MoveRule, RetainRule } from './move-rules.ts';
import { Moves } from './moves.ts';
import { isLookingDefault, looks } from './moving.ts';
import { owns } from './owning-types.ts';
import { GONE, reachedFrom, unusedOf } from './reached.ts';
import { components, ObjectTypes } from './representation.ts';
import { Retains } from './retains.ts';
import { showResult } from './shown-results.ts';
import type { Sight } from './sight.ts';
import { Slots } from './slots.ts';
import { DRAW, DRAW_BETWEEN, defineDrawing } from './sprites.ts';
import { defineStep, gameKey, STEP, stagesOf } from './step.ts';
import { bind, concrete, EMPTY, type Substitution, typeKey, typeName } from './substitution.ts';
import { usesOf } from './uses.ts';
import { rejectWideArray, rejectWideFunctions } from './width.ts';

/** Functions the host calls by name, whether `pub` or not. */
const ENTRY_POINTS = new Set(['main', 'start', 'frame']);

/** How deep the types may nest that a generic function is compiled at: deeper than anybody writes. */
const GENERIC_DEPTH_LIMIT = 40;

export interface LowerOptions {
  /** Whether the tests of the main script are compiled, and exported by the names of `testExport`. */
  readonly tests?: boolean;
  /** Whether the main script is a module of other programs: then its `frame` is like any other function. */
  readonly imported?: boolean;
  /** Whether other versions may replace the program while it runs: then what its values are made of is written down. */
  readonly replaceable?: boolean;
  /** Whether the script's own functions may be compiled anew for functions that they are given. */
  readonly specialised?: boolean;
  /** Names of exported functions that are exported a second time, by `shownExport`, so that their results are printed. */
  readonly shown?: readonly string[];
  /** For tests: a rule of moves that is not checked, and one by which nothing is retained. */
  readonly withoutMove?: MoveRule | undefined;
  readonly withoutRetain?: RetainRule | undefined;
}

/** Undefined where compiling would not come to an end, which is reported. */
export function lower(
  typed: TypedProgram,
  diagnostics: Diagnostics,
  options: LowerOptions = {},
): Program | undefined {
  return lowerProgram(typed, diagnostics, options)?.program;
}

/** A program that can be lowered again after some of its functions have got other bodies. */
export interface LoweredProgram {
  readonly program: Program;
  /**
   * Lowers the functions of these keys anew, and what was made of them; all other functions stay the same objects. What nothing uses
   * any more may stay in the program. Undefined where that is an error: then the program is to be lowered anew.
   */
  again(changed: readonly string[], diagnostics: Diagnostics, without?: LoweringRule): Program | undefined;
}

/** What makes that right; a test leaves one out. */
export type LoweringRule =
  /** What a function makes is made anew with it: functions in it, and what is compiled for those. */
  | 'made'
  /** A function may be compiled at several types. */
  | 'instance'
  /** Whether a frame has timers and scenes hangs on what the program uses. */
  | 'frame';

/** Undefined where compiling would not come to an end, which is reported. */
export function lowerProgram(
  typed: TypedProgram,
  diagnostics: Diagnostics,
  options: LowerOptions = {},
): LoweredProgram | undefined {
  const lowering = new ProgramLowering(typed, diagnostics, options);
  const program = lowering.run(options);
  if (diagnostics.failed) return undefined;
  // The script's own globals are there whether anything reads them or not.
  const idle = new Set([...unusedOf(program).globals, ...lowering.ownGlobals.map(({ key }) => key)]);
  return {
    program,
    again: (changed, to, without) => {
      // What drops anything hangs on all that is owned, and moves were found of the functions as they were.
      if (lowering.hasOwners) return undefined;
      lowering.forget(changed, to, without);
      const next = lowering.run(options);
      const unused = unusedOf(next);
      // The host would have to supply what nothing calls any more, and a reload would keep what nothing reads.
      const isLean = unused.externs.size === 0 && [...unused.globals].every((key) => idle.has(key));
      return to.failed || !isLean || !lowering.hasSlotsInOrder ? undefined : next;
    },
  };
}

/** What the host calls to run a test: no function has such a name. */
export function testExport(name: string): string {
  return `test: ${name}`;
}

interface HiddenGlobal {
  readonly key: string;
  readonly name: string;
  readonly type: Type | undefined;
  readonly cells: readonly Rep[];
}

/** What the compiler knows without a definition in the program. */
type Callee = Extract<TypedExpression, { kind: 'method' | 'primitive' | 'extern' }>;
type FunctionType = Extract<Type, { kind: 'function' }>;

export class ProgramLowering {
  readonly kept: KeptTypes;
  readonly types: ObjectTypes;
  readonly entityTypes: readonly TypeDefinition[];
  /** A span for what no line of a script says. */
  readonly nowhere: Span;
  /** A span for what the library does: an error there is its caller's. */
  readonly library: Span;
  /** Set by whoever lowers an arena's block. */
  opensArenas = false;
  /** Whether any type says what its release means: nothing can be owned otherwise. */
  readonly hasOwners: boolean;
  /** Arguments that calls only look at, and functions that they do not keep, though they may own or capture something. */
  readonly looked = new WeakSet<TypedExpression>();
  /** Which uses of what is shared make one more owner. */
  readonly retains: Retains;
  readonly moves: Moves | undefined;
  /** Which of the script's functions are compiled anew for what they are given; undefined where none is. */
  readonly given: GivenFunctions | undefined;
  /** Types of what the program owns, or shares, by the keys of what that is. */
  readonly #owned = new Map<string, Type>();
  /** The key of the function that drops what is owned, whatever it is. */
  readonly dropOfAny = 'drop anything';
  /** Keys of the functions that ask weak references to what is no entity. */
  readonly asking = new Set<string>();

  readonly #typed: TypedProgram;
  #imported = false;
  #diagnostics: Diagnostics;
  readonly #byKey = new Map<string, TypedFunction>();
  /** What people call types of entities. */
  readonly #entityNames: ReadonlyMap<TypeDefinition, string>;
  readonly #globalNames: ReadonlyMap<GlobalDefinition, string>;
  readonly #globalValues = new Map<string, TypedGlobal>();
  readonly instances: Instances;
  readonly #functions = new Map<string, Func>();
  /** Keys of the functions that compute defaults of fields, and of those of them that are compiled. */
  readonly #defaults: ReadonlySet<string>;
  readonly #compiledDefaults = new Set<string>();
  readonly #defined = new Set<string>();
  /** How to lower the functions anew that stand in the text, by what they are instances of and their keys. */
  readonly #lowered = new Map<string, Map<string, () => Func>>();
  readonly #queue: (() => void)[] = [];
  /** What is asked for from outside of functions; while one is built it is that which asks. */
  readonly #roots = new Set<string>();
  #isBuilding = false;
  #wasEdited = false;
  readonly #slowPaths = new Set<string>();
  readonly #literals = new Map<string, number>();
  readonly #literalTexts: string[] = [];
  readonly #slots = new Slots();
  readonly #globals = new Map<string, Global>();
  /** Not the library's: of those a program has what it reads. */
  readonly ownGlobals: readonly GlobalDefinition[];
  readonly #boundary = new HostBoundary(this);
  readonly #externs: Extern[] = [];
  readonly #externIndex = new Map<TypedExtern, number>();
  readonly #bodies = new Map<string, Map<TypedExpression, number>>();
  readonly #constants: { type: number; tag: number }[] = [];

  constructor(
    typed: TypedProgram,
    diagnostics: Diagnostics,
    { replaceable = false, specialised = false, withoutMove, withoutRetain }: LowerOptions,
  ) {
    this.kept = new KeptTypes(replaceable);
    this.types = new ObjectTypes((type) => this.kept.describe(type));
    this.#typed = typed;
    this.#diagnostics = diagnostics;
    this.nowhere = { source: typed.sources.at(-1) ?? new Source('', ''), start: 0, end: 0 };
    const own = typed.functions.find((f) => isLibrary(f.span.source))?.span.source;
    this.library = own === undefined ? this.nowhere : { source: own, start: 0, end: 0 };
    for (const f of typed.functions) this.#byKey.set(f.key, f);
    for (const b of typed.behaviours) this.#byKey.set(b.function.key, b.function);
    for (const i of typed.instances) for (const m of i.methods.values()) this.#byKey.set(m.key, m);
    this.instances = new Instances(typed.instances);
    this.hasOwners = this.instances.hasClass('Drop');
    this.retains = new Retains(withoutRetain);
    this.moves = this.hasOwners ? new Moves(this, diagnostics, withoutMove) : undefined;
    // What a function owns is moved into an object: those of a program with owners are as they are written.
    if (specialised && !this.hasOwners) this.given = new GivenFunctions((key) => this.typedFunction(key));
    for (const t of typed.tests) this.#byKey.set(t.function.key, t.function);
    for (const g of typed.globals) this.#globalValues.set(g.definition.key, g);
    this.#defaults = new Set(typed.types.flatMap(defaultsOf));
    this.entityTypes = typed.types.filter((t) => t.entity);
    this.#entityNames = hostNames(this.entityTypes, this.#main);
    this.ownGlobals = typed.globals
      .map((g) => g.definition)
      .filter(({ span }) => span === undefined || !isLibrary(span.source));
    this.#globalNames = hostNames(this.ownGlobals, this.#main);
  }

  get #main(): Source | undefined {
    return this.#typed.sources.at(-1);
  }

  /** Has the functions of these keys lowered anew when the program is, and what they define. */
  forget(changed: readonly string[], diagnostics: Diagnostics, without: LoweringRule | undefined): void {
    this.#diagnostics = diagnostics;
    const names = changed.map((key) => key.replace(/[^\w ]/g, '\\$&'));
    // What a function makes is named after it: `game.update fn 1`, and `prelude.map<i64> with 0: game.update fn 1 lifted`.
    const isOf = new RegExp(`(^|[ (])(${names.join('|')})( |<)`);
    // Where it was made for a function that is lowered anew, that one has it made.
    const isMadeFor = (key: string) => key.includes(' with ') && isOf.test(key.slice(key.indexOf(' with ')));
    const again = changed
      .flatMap((key) => [...(this.#lowered.get(key) ?? [])])
      .filter(([key]) => !isMadeFor(key) && (without !== 'instance' || changed.includes(key)));
    for (const key of [...this.#defined, ...this.#bodies.keys()]) {
      const isMade = without !== 'made' && isOf.test(key);
      const isFrame = without !== 'frame' && key === STEP;
      if (!isMade && !isFrame && !changed.includes(key)) continue;
      this.#bodies.delete(key);
      this.types.forgetClosure(key);
      this.asking.delete(key);
      this.#defined.delete(key);
    }
    for (const [key, build] of again) this.define(key, build);
    this.#roots.clear();
    this.#slots.beginEdit();
    this.#wasEdited = true;
  }

  run({ tests = false, imported = false, shown = [] }: LowerOptions): Program {
    this.#imported = imported;
    const exports = this.#exports(shown);
    if (tests) exports.push(...this.#tests());
    this.#ownFunctions();
    for (const global of this.ownGlobals) {
      if (global.frame) this.moves?.checkFrameGlobal(global);
      this.global(global);
    }
    const layers = defineDrawing(this);
    if (layers.length > 0)
      exports.push(
        { name: DRAW, key: DRAW, params: [], result: { kind: 'unit' } },
        { name: DRAW_BETWEEN, key: DRAW_BETWEEN, params: [], result: { kind: 'unit' } },
        { name: KEEP, key: KEEP, params: [], result: { kind: 'unit' } },
      );
    exports.push({ name: 'sluice:top', key: this.#topLevel(), params: [], result: { kind: 'unit' } });
    const { behaviours } = this.#typed;
    const frame = this.#entry('frame');
    for (const { key } of [frame ?? [], ...behaviours.map((b) => b.function)].flat()) this.instance(key, []);
    this.#drain();
    // Whether a frame has timers and scenes is known when all that could make some is.
    const used = this.#usedGlobals();
    const usesGame = ['*game-time*', '*new-timers*', '*next-scene*'].some((name) => used.has(gameKey(name)));
    const stages = stagesOf(this, frame, behaviours, usesGame);
    const span = frame?.span ?? behaviours[0]?.function.span ?? this.nowhere;
    const step = defineStep(this, stages, usesGame, span);
    exports.push({ name: 'sluice:step', key: step, params: [], result: { kind: 'unit' } });
    this.#drain();
    const arrangements = new Arrangements(this);
    arrangements.compileMethods();
    this.#drain();
    arrangements.compile((key) => this.#functions.has(key));
    const fieldValues = new FieldValues(this, this.#typed.migrations);
    do {
      this.#drain();
      for (const type of this.kept.described) layOutObjects(this.types, type);
    } while (fieldValues.compile());
    exports.push(...this.#boundary.exports, ...this.#defineDrops());
    const { functions, table } = this.#reached();
    rejectWideFunctions(functions.values(), this.#diagnostics);
    rejectCircularDefaults(functions, this.#compiledDefaults, this.#diagnostics);
    const { globals, before } = initialOrder(
      { functions, globals: this.#globals, table },
      this.#globalValues,
      this.#diagnostics,
    );
    const compiled = { functions, globals, table, externs: this.#externs };
    const offered = fieldValues.offer(compiled, this.#diagnostics);
    const arranging = arrangements.offer(compiled);
    const slots = this.#slots.all;
    return {
      functions,
      types: this.types.all,
      literals: [...this.#literals.keys()],
      globals,
      externs: this.#externs,
      exports: [...exports, ...offered.exports, ...arranging.exports],
      shapes: this.#boundary.shapes,
      table,
      kept: {
        types: offered.types,
        handles: this.kept.handles,
        arrangements: arranging.arrangements,
        tableTypes: slots.map(({ type }, i) => (table[i] === GONE ? '' : type)),
        tableObjects: slots.map(({ object }, i) => (table[i] === GONE ? undefined : object)),
        tableNeeds: before,
      },
      constants: this.#constants,
      layers,
      controls: namedControls(this.#typed),
      stages: stages.map(({ name }) => name),
      opensArenas: this.opensArenas,
      asked: whereAsked(functions, table, this.asking),
      slowPaths: this.#slowPaths,
    };
  }

  /** Whether a value of a concrete type is moved, not copied. */
  owns(type: Type): boolean {
    return this.hasOwners && owns(type);
  }

  /** Hears of a type that something is owned of. */
  noteOwned(type: Type): void {
    this.#owned.set(typeKey(ownedSubject(type) ?? type), type);
  }

  /** What the machine calls of a program that owns something: after failures, at the frame's end, and for what was forgotten. */
  #defineDrops(): Export[] {
    if (this.#owned.size === 0) return [];
    const unit = { kind: 'unit' } as const;
    const none = { params: [], result: unit };
    this.define(DROP_LEFT, () => dropFoundBody(this, DROP_LEFT, 'ownerLeft', UNIT));
    const frame = i32(REGION_FRAME);
    this.define(DROP_FRAME, () => dropFoundBody(this, DROP_FRAME, 'ownerInArena', [frame]));
    this.define(FORGOTTEN, () => forgottenBody(this, FORGOTTEN));
    this.define(FORGET_ALL, () => forgetAllBody(this, FORGET_ALL));
    // Drop code may own things of further types.
    for (const type of this.#owned.values()) {
      defineDrop(this, type);
      this.#drain();
    }
    this.define(this.dropOfAny, () => dropOfAnyBody(this, this.dropOfAny, [...this.#owned.values()]));
    this.#drain();
    return [
      { name: DROP_LEFT, key: DROP_LEFT, ...none },
      { name: DROP_FRAME, key: DROP_FRAME, ...none },
      { name: FORGOTTEN, key: FORGOTTEN, params: [], result: { kind: 'number', type: 'i32' } },
      { name: FORGET_ALL, key: FORGET_ALL, ...none },
    ];
  }

  /** Builds what is defined, and what that defines. */
  #drain(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#isBuilding = true;
      next();
      this.#isBuilding = false;
    }
  }

  /** Keys of the globals that the program has a use for so far; after an edit there may be others. */
  #usedGlobals(): ReadonlySet<string> {
    const all = new Set(this.#globals.keys());
    if (!this.#wasEdited) return all;
    const { functions } = this.#reached();
    return new Set(
      [...functions.values()].flatMap(usesOf).flatMap((use) => (use.kind === 'global' ? use.key : [])),
    );
  }

  /** The functions that the program has a use for; at first that is all there are. */
  #reached(): { readonly functions: ReadonlyMap<string, Func>; readonly table: readonly string[] } {
    const all = {
      functions: this.#functions,
      globals: this.#globals.values(),
      table: this.#slots.keys,
    };
    if (!this.#wasEdited) return { ...all, functions: new Map(this.#functions) };
    const roots = [...this.#roots, ...this.#boundary.exports.map(({ key }) => key)];
    return reachedFrom(roots, all, this.nowhere);
  }

  // ------------------------------------------------------------------------------------------ roots

  /** A function of the main script's that the host calls by name; one of a module's is like any other. */
  #entry(name: string): TypedFunction | undefined {
    if (this.#imported) return undefined;
    return this.#typed.functions.findLast(
      (f) => f.name === name && f.span.source === this.#main && hostArguments(f) !== undefined,
    );
  }

  /** What nothing calls is compiled too, so that the stages after this one find what is wrong with it. */
  #ownFunctions(): void {
    for (const f of this.#typed.functions)
      if (f.typeParameters.length === 0 && !isLibrary(f.span.source)) this.instance(f.key, []);
  }

  #exports(shown: readonly string[]): Export[] {
    const exports: Export[] = [];
    const exported = this.#typed.functions.filter(
      (f) =>
        !isLibrary(f.span.source) &&
        hostArguments(f) !== undefined &&
        (f.public || (ENTRY_POINTS.has(f.name) && f === this.#entry(f.name))),
    );
    const names = hostNames(exported, this.#main);
    for (const f of exported) {
      const isForeign = ENTRY_POINTS.has(f.name) && (this.#imported || f.span.source !== this.#main);
      const types = hostArguments(f) ?? [];
      const substitution = bind(f.typeParameters, types);
      this.moves?.checkExport(f, substitution);
      const name = isForeign ? f.key : (names.get(f) ?? f.key);
      const printing = shown.includes(name) ? showResult(this, name, f, types) : undefined;
      if (printing !== undefined) exports.push(printing);
      exports.push({
        name,
        key: this.instance(f.key, types),
        params: f.params.map((p, i) => ({
          name: p.name ?? `argument ${i + 1}`,
          type: this.#boundary.type(concrete(p.type, substitution), 'in'),
        })),
        result: this.#boundary.type(concrete(f.result, substitution), 'out'),
      });
    }
    return exports;
  }

  /** Those of the modules belong to test runs of their own. */
  #tests(): Export[] {
    return this.#typed.tests
      .filter((test) => test.function.span.source === this.#main)
      .map((test) => ({
        name: testExport(test.name),
        key: this.instance(test.function.key, []),
        params: [],
        result: { kind: 'unit' },
      }));
  }

  #topLevel(): string {
    const key = 'sluice:top';
    this.define(key, () => {
      const lowering = new FunctionLowering(this, EMPTY, { key, name: 'top level' });
      for (const e of this.#typed.expressions) {
        this.moves?.checkExpression(e, false);
        lowering.effect(e);
      }
      const span = this.#typed.expressions[0]?.span ?? this.nowhere;
      lowering.builder.emit({ kind: 'return', values: UNIT, span });
      return lowering.builder.finish({ key, name: 'top level', results: [], span });
    });
    return key;
  }

  // ------------------------------------------------------------------------------------------ functions

  /** Makes sure that the function of this key is compiled, once. Building is put off, so it may name itself. */
  define(key: string, build: () => Func): void {
    if (!this.#isBuilding) this.#roots.add(key);
    if (this.#defined.has(key)) return;
    this.#defined.add(key);
    this.#queue.push(() => this.#functions.set(key, build()));
  }

  /** The same of a function that stands in the text, and may be another there after an edit. */
  #define({ key: functionKey, span }: TypedFunction, key: string, build: () => Func): void {
    const isNew = !this.#defined.has(key);
    this.define(key, build);
    if (!isNew || isLibrary(span.source)) return;
    const instances = this.#lowered.get(functionKey) ?? new Map<string, () => Func>();
    this.#lowered.set(functionKey, instances.set(key, build));
  }

  typedFunction(key: string): TypedFunction {
    const f = this.#byKey.get(key);
    if (f === undefined) throw new Error(`there is no function ${key}`);
    return f;
  }

  /** The key of a named function at concrete type arguments. */
  instance(functionKey: string, typeArguments: readonly Type[]): string {
    const f = this.typedFunction(functionKey);
    const key =
      typeArguments.length === 0 ? functionKey : `${functionKey}<${typeArguments.map(typeKey).join(' ')}>`;
    if (this.#defaults.has(functionKey)) this.#compiledDefaults.add(key);
    if (!this.#isEndless(f, typeArguments))
      this.#define(f, key, () => this.#lowerFunction(f, key, bind(f.typeParameters, typeArguments)));
    return key;
  }

  /** The same of a function that is called only where the usual way does not do. */
  slowPath(functionKey: string, typeArguments: readonly Type[]): string {
    const key = this.instance(functionKey, typeArguments);
    this.#slowPaths.add(key);
    return key;
  }

  /**
   * A function that leads to itself at ever larger types. The checker finds those that name themselves; where an instance is
   * chosen for each type anew, only the types tell. A script's functions are stopped before the library's, so that it is one
   * of them that is named.
   */
  #isEndless(f: TypedFunction, typeArguments: readonly Type[]): boolean {
    const depth = isLibrary(f.span.source) ? 2 * GENERIC_DEPTH_LIMIT : GENERIC_DEPTH_LIMIT;
    if (!typeArguments.some((type) => isTooLarge(type, depth))) return false;
    if (!this.#diagnostics.all.some(({ code, span }) => code === 'endless-generic' && span === f.span))
      this.#diagnostics.error(
        'endless-generic',
        f.span,
        `\`${f.name}\` is used at ever larger types, and so would be compiled without end`,
        {
          hint: "a type that holds itself at a larger type, as `(Nest (Vector 'a))` in `(Nest 'a)`, leads there",
        },
      );
    return true;
  }

  /**
   * The key of a named function compiled for certain functions as some of its arguments. Undefined where none are known, or where
   * a function of the script has been compiled for many.
   */
  specialisation(
    functionKey: string,
    typeArguments: readonly Type[],
    knowns: ReadonlyMap<number, Known>,
    depth: number,
  ): string | undefined {
    if (knowns.size === 0) return undefined;
    const f = this.typedFunction(functionKey);
    if (this.#isEndless(f, typeArguments)) return functionKey;
    const types = typeArguments.map(typeKey).join(' ');
    const key = `${functionKey}<${types}> with ${[...knowns].map(([i, k]) => `${i}: ${k.key}`).join(', ')}`;
    if (!isLibrary(f.span.source) && this.given?.hasRoom(functionKey, key) !== true) return undefined;
    this.#define(f, key, () =>
      this.#lowerFunction(f, key, bind(f.typeParameters, typeArguments), knowns, depth),
    );
    return key;
  }

  #lowerFunction(
    f: TypedFunction,
    key: string,
    substitution: Substitution,
    knowns: ReadonlyMap<number, Known> = new Map(),
    depth = 0,
  ): Func {
    const result = concrete(f.result, substitution);
    const isLent = this.instances.looks(f.key) || isLookingDefault(f.key);
    if (!isLibrary(f.span.source)) this.moves?.check(f, substitution, isLent ? 'lent' : 'owner');
    const lowering = new FunctionLowering(this, substitution, { key, name: f.name }, result, depth);
    lowering.params(f.params, knowns, isLent);
    lowering.tail(f.body);
    const results = components(result).map((c) => c.rep);
    return lowering.builder.finish({ key, name: f.name, results, span: f.span });
  }

  /** A number for a body in a function, so that two lambdas have different keys. It depends on that function alone. */
  numberOf(home: string, body: TypedExpression): number {
    const bodies = this.#bodies.get(home) ?? new Map<TypedExpression, number>();
    this.#bodies.set(home, bodies);
    return numbered(bodies, body);
  }

  /**
   * Where the script defines a type, or what it is a type of: the place of what every type can do without being told.
   * `otherwise` where it does not.
   */
  spanOf(type: Type, otherwise: Span): Span {
    const pending = [type];
    for (const next of pending) {
      if (next.kind !== 'named') continue;
      const { span } = next.definition;
      if (span !== undefined && !isLibrary(span.source)) return span;
      pending.push(...next.args);
    }
    return otherwise;
  }

  /** Reports an array that comes to more numbers than fit; what its elements are of is known only here. */
  rejectWideArray(type: Type, span: Span): void {
    rejectWideArray(type, span, this.#diagnostics);
  }

  methodInstance(
    className: string,
    method: string,
    classArguments: readonly Type[],
    typeArguments: readonly Type[],
    sight: Sight = 'all',
  ): string {
    const found = this.instances.method(className, method, classArguments, typeArguments, sight);
    if (found === undefined) {
      throw new Error(
        `${classArguments.map(typeName).join(' ')} has no ${className} instance with ${method}`,
      );
    }
    return this.instance(found.key, found.typeArguments);
  }

  /**
   * Reports an operator that the instance of `Num` for a type leaves out, where it is used at that type. `user` uses it: a
   * method of a generic instance, since all other uses are found by `types`.
   */
  rejectLeftOut(className: string, method: string, types: readonly Type[], user: string, span: Span): void {
    const at = this.instances.find(className, types);
    const [type] = types;
    if (at === undefined || type === undefined || isLibrary(span.source)) return;
    if (this.#typed.lacking.get(at.instance)?.includes(method) !== true) return;
    const written = method === 'negate' ? '-' : method;
    this.#diagnostics.error(
      'missing-method',
      span,
      `the program uses \`${user}\` where this is the \`${written}\` of \`${typeName(type)}\`, which its instance of \`Num\` leaves out`,
    );
  }

  /** The function table's index for a function that is called with its closure as last argument. */
  slot(key: string, type: Type, { id, fields }: ObjectType): number {
    return this.#slots.add(key, this.kept.describe(type), fields.length === 0 ? undefined : id);
  }

  /** Whether functions in one function have their slots in the order of the text: a reload goes by it. */
  get hasSlotsInOrder(): boolean {
    return this.#slots.isInOrder;
  }

  /**
   * A method or primitive as a function of its own, for where it is used as a value. Its key says at which types, which
   * tell all there is to know of it.
   */
  calleeFunction(callee: Callee, type: FunctionType, substitution: Substitution): string {
    const [name, whose] =
      callee.kind === 'extern'
        ? [callee.extern.name, callee.extern.key]
        : callee.kind === 'method'
          ? [callee.method, `${callee.class} ${callee.method}`]
          : [callee.name, callee.name];
    const { span } = callee;
    const key = `${callee.kind} ${whose} ${typeKey(type)}`;
    this.define(key, () => {
      const lowering = new FunctionLowering(this, substitution, { key, name }, type.result);
      const args = type.params.map((t, i): TypedExpression => {
        const binding = { name: `argument ${i + 1}`, type: t, mutable: false, span };
        const locals = components(t).map((c) => lowering.builder.param(binding.name, c.rep));
        lowering.define(binding, { kind: 'locals', locals });
        // What only looks at an argument leaves it to this function, which took it.
        if (looks(callee) && this.owns(t)) {
          for (const local of locals) lowering.builder.markMutable(local);
          lowering.endWith(binding);
        }
        return { kind: 'local', binding, type: t, span };
      });
      lowering.tail({ kind: 'call', callee, args, type: type.result, span });
      return lowering.builder.finish({ key, name, results: components(type.result).map((c) => c.rep), span });
    });
    return key;
  }

  // ------------------------------------------------------------------------------------------ globals, literals, externs

  /** What the program keeps of a global. */
  global(definition: GlobalDefinition): Global {
    const known = this.#globals.get(definition.key);
    if (known !== undefined) return known;
    const value = this.#globalValues.get(definition.key);
    if (value === undefined) throw new Error(`there is no global ${definition.name}`);
    const type = concrete(definition.type, EMPTY);
    const values = components(type).map((c) => c.rep);
    const { key, mutable, frame } = definition;
    const name = this.#globalNames.get(definition) ?? key;
    const initializer = frame ? undefined : `initialise ${key}`;
    const cells = frame ? frameCells(values) : values;
    const lasting = !mutable && !frame && this.kept.leadsToHost(type);
    const global: Global = { key, name, type: typeKey(type), mutable, lasting, cells, initializer };
    if ((mutable && !frame) || lasting) this.kept.add(type);
    this.#globals.set(key, global);
    if (initializer === undefined) defineAccess(this, global, value.value);
    else
      this.define(initializer, () => {
        if (!isLibrary(value.value.span.source)) this.moves?.checkExpression(value.value, true);
        const lowering = new FunctionLowering(this, EMPTY, { key: initializer, name });
        if (this.owns(type)) this.#ownedGlobal(lowering, type, value.value);
        else lowering.tail(value.value);
        return lowering.builder.finish({ key: initializer, name, results: cells, span: value.value.span });
      });
    return global;
  }

  /** What a global holds from the first is no call's any more. */
  #ownedGlobal(lowering: FunctionLowering, type: Type, value: TypedExpression): void {
    const held = lowering.builder.stable(lowering.value(value), 'value');
    keepValue(lowering, type, held, undefined, value.span);
    lowering.return(held, value.span);
  }

  /** What people call a type of entities. */
  entityName(entity: TypeDefinition): string {
    return this.#entityNames.get(entity) ?? entity.key;
  }

  /** A global that no script names. One that has a type lives on through a reload. */
  defineHidden({ key, name, type, cells }: HiddenGlobal, initialise: () => Func): void {
    if (this.#globals.has(key)) return;
    const initializer = `initialise ${key}`;
    const kept = type === undefined ? '' : this.kept.add(type);
    const mutable = type !== undefined;
    this.#globals.set(key, { key, name, type: kept, mutable, cells, initializer });
    this.define(initializer, initialise);
  }

  /** A type of the program or its library by its key; undefined where that module is no part of it. */
  typeNamed(key: string): TypeDefinition | undefined {
    return this.#typed.types.find((type) => type.key === key);
  }

  /** What `deflayers` declares. */
  get layers(): TypedProgram['layers'] {
    return this.#typed.layers;
  }

  /** The one object of a boxed variant without data. */
  constant(type: number, tag: number): Expression {
    const known = this.#constants.findIndex((c) => c.type === type);
    const index = known >= 0 ? known : this.#constants.push({ type, tag }) - 1;
    return { kind: 'static-variant', rep: 'ref', index };
  }

  literal(text: string): Expression {
    const index = numbered(this.#literals, text);
    this.#literalTexts[index] = text;
    return { kind: 'literal', rep: 'ref', index };
  }

  literalText(index: number): string | undefined {
    return this.#literalTexts[index];
  }

  extern(extern: TypedExtern): number {
    let index = this.#externIndex.get(extern);
    if (index === undefined) {
      index = this.addExtern({
        module: extern.module,
        name: extern.name,
        params: extern.params.map(({ name, type, borrows }) => ({
          name,
          type: this.#boundary.type(concrete(type, EMPTY), 'out'),
          ...(borrows && { borrows }),
        })),
        // A function in it brings an extern of its own, so this one's number is not known before.
        result: this.#boundary.type(concrete(extern.result, EMPTY), 'in'),
        span: extern.span,
      });
      this.#externIndex.set(extern, index);
    }
    return index;
  }

  /** A further extern, which no script needs to have declared; returns its number. */
  addExtern(extern: Extern): number {
    return this.#externs.push(extern) - 1;
  }
}

/** Keys of the functions that compute the defaults of a type's fields. */
function defaultsOf({ fields, variants }: TypeDefinition): readonly string[] {
  return [...fields, ...variants.flatMap((v) => v.fields)].flatMap((field) => field.default ?? []);
}

/** The number of something among what was met so far. */
function numbered<T>(known: Map<T, number>, thing: T): number {
  const index = known.get(thing) ?? known.size;
  known.set(thing, index);
  return index;
}
