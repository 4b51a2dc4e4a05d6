/**
 * What the value of a function depends on besides its arguments. A reload computes the fields that objects of an earlier version
 * lack, and may do so at any time and more than once: that is right for code which gives the same whenever it runs.
 *
 * Code runs where the function, or what it calls or makes values of, leads; constants are computed before, from first values of their
 * own. A constant may be what the host said, or a random number: it is that from then on. But it may not have read a `mut` global,
 * whose value then is none that a reload could ask for again.
 */
import type { Extern, Func, Global, RuntimeName } from '../ir/index.ts';
import { isPool } from './entity.ts';
import { accessKey } from './global.ts';
import { usesOf } from './uses.ts';

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

/** Of a function by its key. */
export function dependenceOf(key: string, program: CompiledProgram): Dependence {
  const { functions, table, externs } = program;
  const globals = new Map(program.globals.map((global) => [global.key, global]));
  // Reading a global of the frame is a call of its access function.
  const ofFrame = new Map(
    program.globals.filter((g) => g.initializer === undefined).map((g) => [accessKey(g), g]),
  );
  const root = functions.get(key);
  /** What led to a function or constant. */
  const from = new Map<Node, Node | undefined>();
  const constants = new Set<Global>();
  const walk = (
    first: Func | undefined,
    cause: Node | undefined,
    isComputed: boolean,
  ): Changing | undefined => {
    const pending: Func[] = [];
    const enter = (func: Func | undefined, by: Node | undefined): void => {
      if (func === undefined || from.has(func)) return;
      from.set(func, by);
      pending.push(func);
    };
    enter(first, cause);
    for (let func = pending.shift(); func !== undefined; func = pending.shift()) {
      const changing = (what: string): Changing => ({ what, way: wayTo(func as Func, from) });
      for (const use of usesOf(func)) {
        if (use.kind === 'runtime' && !isComputed) {
          const what = CHANGING[use.name];
          if (what !== undefined) return changing(what);
        }
        if (use.kind === 'extern' && !isComputed)
          return changing(`calls the host's \`${externs[use.index]?.name ?? ''}\``);
        const frame = use.kind === 'call' ? ofFrame.get(use.key) : undefined;
        const global = frame ?? (use.kind === 'global' ? globals.get(use.key) : undefined);
        if (global?.mutable === true) return changing(readingOf(global));
        if (global !== undefined && !constants.has(global)) {
          constants.add(global);
          from.set(global, func);
        }
        if (use.kind === 'call') enter(functions.get(use.key), func);
        if (use.kind === 'value') enter(functions.get(table[use.slot] ?? ''), func);
      }
    }
    return undefined;
  };
  let changing = walk(root, undefined, false);
  // Constants that are come by meanwhile are looked at too.
  for (const constant of constants)
    changing ??= walk(functions.get(constant.initializer ?? ''), constant, true);
  return { needs: program.globals.filter((g) => constants.has(g)).map((g) => g.key), changing };
}

function readingOf({ key, name }: Global): string {
  return isPool(key) ? 'asks which entities there are' : `reads the global \`${name}\``;
}

/** Without the function that it began with. */
function wayTo(func: Func, from: ReadonlyMap<Node, Node | undefined>): readonly string[] {
  const way: string[] = [];
  for (let at: Node | undefined = func; at !== undefined; at = from.get(at))
    // A constant's own function is called like it.
    if (way[0] !== at.name) way.unshift(at.name);
  return way.slice(1);
}
