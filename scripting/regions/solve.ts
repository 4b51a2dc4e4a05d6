/** The fixed point over the call graph: a function is walked again when one that it asked about has changed. */
import { type Expression, type Program, type Statement, visit } from '../ir/index.ts';
import type { AbstractObject } from './abstract-object.ts';
import { FunctionAnalysis } from './analysis.ts';
import { type FrameContents, type Solver, signature } from './calls.ts';
import { Effort, Exhausted, TooTangled } from './effort.ts';
import { FrameStores, isOlder } from './frame-stores.ts';
import type { ProofOptions } from './rules.ts';

/** Every function of the program with what is finally known of it. Throws a TooTangled where that takes too much. */
export function solve(program: Program, options: ProofOptions = {}): ReadonlyMap<string, FunctionAnalysis> {
  const worklist = new Worklist(program, options);
  worklist.run();
  return worklist.analyses;
}

/** The functions that the host calls: all others are only ever called by script code. */
export function rootsOf(program: Program): Set<string> {
  return new Set([
    ...program.exports.map((e) => e.key),
    ...program.globals.flatMap(({ initializer }) => initializer ?? []),
  ]);
}

/** What functions are found to store in a global of the frame, and who reads it. */
interface FrameGlobal extends FrameContents {
  readonly types: Set<number | undefined>;
  older: boolean;
  readonly askers: Set<string>;
}

class Worklist implements Solver {
  readonly options: ProofOptions;
  readonly effort: Effort;
  readonly analyses = new Map<string, FunctionAnalysis>();
  readonly frameStores: FrameStores;
  readonly #askers = new Map<string, Set<string>>();
  readonly #candidates = new Map<string, string[]>();
  readonly #roots: ReadonlySet<string>;
  readonly #frameGlobals = new Map<string, FrameGlobal>();
  /** Functions that others call, or may call through the table. */
  readonly #called: Set<string>;
  readonly #waiting: Set<string>;

  constructor(program: Program, options: ProofOptions) {
    this.options = options;
    this.frameStores = new FrameStores(options);
    this.effort = new Effort(options.stores);
    this.#roots = rootsOf(program);
    this.#called = new Set(program.table);
    for (const { body } of program.functions.values())
      for (const key of calleesOf(body)) this.#called.add(key);
    for (const { key, initializer } of program.globals)
      if (initializer === undefined)
        this.#frameGlobals.set(key, { types: new Set(), older: false, askers: new Set() });
    this.#waiting = new Set(calleesFirst(program));
    for (const [key, func] of program.functions)
      this.analyses.set(key, new FunctionAnalysis(program, func, this));
    for (const key of program.table) {
      const func = program.functions.get(key);
      if (func === undefined) continue;
      // The last parameter is the closure itself.
      const params = func.params.slice(0, -1).map((p) => p.rep);
      const name = signature(params, func.results);
      const alike = this.#candidates.get(name);
      if (alike === undefined) this.#candidates.set(name, [key]);
      else if (!alike.includes(key)) alike.push(key);
    }
  }

  run(): void {
    for (const key of this.#waiting) {
      this.#waiting.delete(key);
      const analysis = this.analyses.get(key);
      if (analysis === undefined) continue;
      const before = analysis.graph.version;
      this.#walk(analysis);
      if (analysis.graph.version === before) continue;
      for (const [global, { fields }] of analysis.graph.frame.globals)
        for (const stored of fields.get(0)?.keys() ?? []) this.#noteFrameGlobal(global, stored, analysis);
      if (this.#frameGlobals.size > 0)
        for (const asker of this.frameStores.note(analysis.graph, this.#hasCallers(key)))
          this.#waiting.add(asker);
      // A set is iterated in the order of insertion, and what is added meanwhile comes last: a queue.
      for (const asker of this.#askers.get(key) ?? []) this.#waiting.add(asker);
    }
  }

  #walk(analysis: FunctionAnalysis): void {
    try {
      analysis.run();
    } catch (error) {
      throw error instanceof Exhausted ? new TooTangled(analysis.func) : error;
    }
  }

  analysis(key: string, asker: string): FunctionAnalysis | undefined {
    let askers = this.#askers.get(key);
    if (askers === undefined) {
      askers = new Set();
      this.#askers.set(key, askers);
    }
    askers.add(asker);
    return this.analyses.get(key);
  }

  frameContents(global: string, asker: string): FrameContents | undefined {
    const known = this.#frameGlobals.get(global);
    known?.askers.add(asker);
    return known;
  }

  #noteFrameGlobal(global: string, stored: AbstractObject, { func, graph }: FunctionAnalysis): void {
    const known = this.#frameGlobals.get(global);
    if (known === undefined) return;
    const { types, older } = known;
    const before = types.size;
    if (stored.region.kind === 'frame') types.add(graph.foundType(stored));
    else if (isOlder(stored, this.#hasCallers(func.key))) known.older = true;
    if (types.size === before && known.older === older) return;
    for (const asker of known.askers) this.#waiting.add(asker);
  }

  /** Whether script code calls the function, and only that. */
  #hasCallers(key: string): boolean {
    return this.#called.has(key) && !this.#roots.has(key);
  }

  candidates(name: string): readonly string[] {
    return this.#candidates.get(name) ?? [];
  }

  isRoot(key: string): boolean {
    return this.#roots.has(key);
  }
}

/** Function keys so that callees come before their callers wherever that is possible. */
function calleesFirst(program: Program): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  for (const root of program.functions.keys()) {
    // Depth first with a stack of its own: call chains may be longer than the host's stack is deep.
    const path: { key: string; callees: Iterator<string> }[] = [];
    const enter = (key: string): void => {
      if (seen.has(key)) return;
      seen.add(key);
      const func = program.functions.get(key);
      if (func !== undefined) path.push({ key, callees: calleesOf(func.body).values() });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.callees.next();
      if (next.done === true) {
        order.push(top.key);
        path.pop();
      } else enter(next.value);
    }
  }
  return order;
}

/** Bodies stay as they are, and most are the same in every round of the proof. */
const callees = new WeakMap<readonly Statement[], ReadonlySet<string>>();

function calleesOf(body: readonly Statement[]): ReadonlySet<string> {
  const known = callees.get(body);
  if (known !== undefined) return known;
  const found = new Set<string>();
  const note = (node: Statement | Expression): void => {
    if ('call' in node && node.call.to === 'function') found.add(node.call.key);
  };
  visit(body, note, note);
  callees.set(body, found);
  return found;
}
