/**
 * What the value of a function depends on besides its arguments. A reload computes the fields that objects of an earlier version
 * lack, and may do so at any time and more than once: that is right for code which gives the same whenever it runs.
 *
 * Code runs where the function, or what it calls or makes values of, leads; constants are computed before, from first values of their
 * own. A constant may be what the host said, or a random number: it is that from then on. But it may not have read a `mut` global,
 * whose value then is none that a reload could ask for again; and a function value that it makes may run later.
 */
import type { Extern, Func, Global, RuntimeName } from '../ir/index.ts';
import { isPool } from './entity.ts';
import { accessKey } from './global.ts';
import { type Use, usesOf } from './uses.ts';

/** What is compiled of a program. */
export interface CompiledProgram {
  readonly functions: ReadonlyMap<string, Func>;
  /** In the order in which they are computed. */
  readonly globals: readonly Global[];
  readonly table: readonly string[];
  readonly externs: readonly Extern[];
}

export interface Dependence {
  /** Keys of the constants that it reads, and that these are computed from, in the order in which they are computed. */
  readonly needs: readonly string[];
  /** Something that is not the same at all times, and how it leads there; undefined where there is nothing of the kind. */
  readonly changing: Changing | undefined;
}

export interface Changing {
  /** `reads the global \`*score*\``. */
  readonly what: string;
  /** Names of the functions and constants between, in the order in which one leads to the next. */
  readonly way: readonly string[];
}

/** What the heap says that is not the same at all times. */
const CHANGING: Partial<Record<RuntimeName, string>> = {
  random: 'draws a random number',
  randomInt: 'draws a random number',
  randomSeed: 'sets the seed of random numbers',
  inputBit: 'asks what the player does',
  inputStrength: 'asks what the player does',
  inputWord: 'asks what the player does',
  inputFloat: 'asks what the player does',
  timeMs: 'asks what time it is',
  arenaUsed: 'asks how full an arena is',
  arenaCapacity: 'asks how full an arena is',
  arenaPeak: 'asks how full an arena is',
  memoryLive: 'asks how full memory is',
  memoryYoung: 'asks how full memory is',
  memoryArenas: 'asks how full memory is',
  memoryCollections: 'asks how full memory is',
  memoryLongestSlice: 'asks how full memory is',
  memorySuppressed: 'asks how full memory is',
  requestCollection: 'asks for a collection',
  upgrade: 'asks whether something is alive still',
};

type Node = Func | Global;

/** What functions depend on, each by its key. */
export class Dependences {
  readonly #program: CompiledProgram;
  readonly #globals: ReadonlyMap<string, Global>;
  /** Globals of the frame by the functions that read them. */
  readonly #ofFrame: ReadonlyMap<string, Global>;
  readonly #known = new Map<string, Dependence>();

  constructor(program: CompiledProgram) {
    const { globals } = program;
    this.#program = program;
    this.#globals = new Map(globals.map((global) => [global.key, global]));
    this.#ofFrame = new Map(globals.filter((g) => g.initializer === undefined).map((g) => [accessKey(g), g]));
  }

  of(key: string): Dependence {
    const known = this.#known.get(key) ?? this.#find(key);
    this.#known.set(key, known);
    return known;
  }

  #find(key: string): Dependence {
    const { functions, globals } = this.#program;
    const walk = new Walk();
    let changing = this.#changing(walk, functions.get(key), undefined, true);
    // Those that are come by meanwhile are gone through too.
    for (const constant of walk.constants)
      changing ??= this.#changing(walk, functions.get(constant.initializer ?? ''), constant, false);
    const needs = globals.filter((global) => walk.constants.has(global)).map((global) => global.key);
    return { needs, changing };
  }

  /** Goes through what a function leads to; `runs` is false where that is computed before. */
  #changing(
    walk: Walk,
    first: Func | undefined,
    cause: Node | undefined,
    runs: boolean,
  ): Changing | undefined {
    const { functions, table } = this.#program;
    const pending: { readonly func: Func; readonly runs: boolean }[] = [];
    const enter = (func: Func | undefined, by: Node | undefined, isRun: boolean): void => {
      if (func !== undefined && walk.enter(func, by, isRun)) pending.push({ func, runs: isRun });
    };
    enter(first, cause, runs);
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      const { func } = next;
      for (const use of usesOf(func)) {
        const global = this.#globalOf(use);
        const what = global?.mutable === true ? readingOf(global) : next.runs ? this.#saying(use) : undefined;
        if (what !== undefined) return { what, way: walk.wayTo(func) };
        if (global !== undefined && walk.enter(global, func)) walk.constants.add(global);
        if (use.kind === 'call') enter(functions.get(use.key), func, next.runs);
        // A constant may hold it, for others to call.
        if (use.kind === 'value') enter(functions.get(table[use.slot] ?? ''), func, true);
      }
    }
    return undefined;
  }

  #globalOf(use: Use): Global | undefined {
    if (use.kind === 'call') return this.#ofFrame.get(use.key);
    return use.kind === 'global' ? this.#globals.get(use.key) : undefined;
  }

  /** What the host or the heap is asked that is not the same at all times. */
  #saying(use: Use): string | undefined {
    if (use.kind === 'runtime') return CHANGING[use.name];
    if (use.kind !== 'extern') return undefined;
    return `calls the host's \`${this.#program.externs[use.index]?.name ?? ''}\``;
  }
}

/** What was come by, and from where. */
class Walk {
  readonly constants = new Set<Global>();
  readonly #from = new Map<Node, Node | undefined>();
  /** Of that, what runs when the function is called. */
  readonly #running = new Set<Node>();

  /** False for what was come by before, and does not run only now. */
  enter(node: Node, by: Node | undefined, runs = false): boolean {
    const isNew = !this.#from.has(node) || (runs && !this.#running.has(node));
    if (!this.#from.has(node)) this.#from.set(node, by);
    if (runs) this.#running.add(node);
    return isNew;
  }

  /** Names of what leads to a function, without the one that it began with. */
  wayTo(func: Func): readonly string[] {
    const way: string[] = [];
    for (let at: Node | undefined = func; at !== undefined; at = this.#from.get(at))
      // A constant's own function is called like it.
      if (way[0] !== at.name) way.unshift(at.name);
    return way.slice(1);
  }
}

function readingOf({ key, name }: Global): string {
  return isPool(key) ? 'asks which entities there are' : `reads the global \`${name}\``;
}
