/** The fixed point over the call graph: a function is walked again when one that it asked about has changed. */
import type { Expression, Program, Statement } from '../lower/index.ts';
import { FunctionAnalysis } from './analysis.ts';
import { type Solver, signature } from './calls.ts';

/** Every function of the program with what is finally known of it. */
export function solve(program: Program): ReadonlyMap<string, FunctionAnalysis> {
  const worklist = new Worklist(program);
  worklist.run();
  return worklist.analyses;
}

/** The functions that the host calls: all others are only ever called by script code. */
export function rootsOf(program: Program): Set<string> {
  return new Set([
    ...program.exports.map((e) => e.key),
    ...program.behaviours,
    ...program.globals.map((g) => g.initializer),
  ]);
}

class Worklist implements Solver {
  readonly analyses = new Map<string, FunctionAnalysis>();
  readonly #askers = new Map<string, Set<string>>();
  readonly #candidates = new Map<string, string[]>();
  readonly #roots: ReadonlySet<string>;
  readonly #waiting: Set<string>;

  constructor(program: Program) {
    this.#roots = rootsOf(program);
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
      analysis.run();
      if (analysis.graph.version === before) continue;
      // A set is iterated in the order of insertion, and what is added meanwhile comes last: a queue.
      for (const asker of this.#askers.get(key) ?? []) this.#waiting.add(asker);
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

function calleesOf(body: readonly Statement[]): Set<string> {
  const callees = new Set<string>();
  for (const node of nodes(body))
    if ('call' in node && node.call.to === 'function') callees.add(node.call.key);
  return callees;
}

type Node = Statement | Expression;

/** All statements and expressions in a body, in no particular order. */
function* nodes(body: readonly Statement[]): Generator<Node> {
  const pending: unknown[] = [...body];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const node = next as Node;
    yield node;
    for (const [name, part] of Object.entries(node)) {
      // Nodes are the only parts with a `kind`, apart from spans and locals, which hold no nodes.
      if (name === 'span' || name === 'local' || name === 'handle') continue;
      collect(part, pending);
    }
  }
}

function collect(part: unknown, into: unknown[]): void {
  if (Array.isArray(part)) for (const item of part) collect(item, into);
  else if (typeof part === 'object' && part !== null) {
    if ('kind' in part) into.push(part);
    else for (const [name, inner] of Object.entries(part)) if (name !== 'span') collect(inner, into);
  }
}
