/**
 * What each function may do, found over the whole call graph: reach an allocation (then its callers keep addresses on
 * the shadow stack) or call itself again (then it counts its depth and burns fuel).
 *
 * What may allocate is decided here and nowhere else, by what the machine does:
 *
 * - an `allocate`, and the opening of an arena;
 * - a function of the heap where `RUNTIME` says so: those that reach the collector, and those that call the host, which may
 *   call the script again (a test compares that with heap.wasm itself);
 * - every call of the host: the machine makes the result's objects, and whatever the function does it may call any export of
 *   any generation of the program, whose arguments the machine makes;
 * - a call of a closure: in a release image, where one of its own functions in the table does; in a development image always,
 *   since the closure's code may be of another generation of the program;
 * - a call of a function that does any of this.
 *
 * Running out of fuel and failing are left out: the machine looks at its own clock, or throws, and calls nobody.
 */
import { type Call, type Func, type Program, RUNTIME, type Statement, visit } from '../ir/index.ts';

export interface Effects {
  allocates(call: Call): boolean;
  /** Whether a function may, by its key. */
  mayAllocate(key: string): boolean;
  /** Keys of the functions that a function calls. */
  callees(key: string): ReadonlySet<string>;
  /** Keys of the functions that can be on the stack more than once. */
  readonly recursive: ReadonlySet<string>;
}

interface Node {
  readonly callees: Set<string>;
  allocates: boolean;
}

/** Stands for whatever a closure's code may be. */
const CLOSURE = '\0closure';
/** Stands for whatever the host may do. */
const HOST = '\0host';

/** `others`: whether functions of other programs, earlier and later ones, may be in the table too. */
export function findEffects(program: Program, others: boolean): Effects {
  const nodes = new Map<string, Node>();
  for (const [key, f] of program.functions) nodes.set(key, { ...nodeOf(f) });
  const exported = program.exports.map((e) => e.key);
  // Code of another program calls what the host calls.
  const further = others ? [HOST] : [];
  nodes.set(CLOSURE, { callees: new Set([...program.table, ...further]), allocates: others });
  nodes.set(HOST, { callees: new Set([...exported, CLOSURE]), allocates: true });
  spreadAllocation(nodes);
  return {
    recursive: findCycles(nodes),
    mayAllocate: (key) => nodes.get(key)?.allocates ?? true,
    callees: (key) => nodes.get(key)?.callees ?? new Set(),
    allocates(call) {
      if (call.to === 'runtime') return RUNTIME[call.name].allocates;
      return nodes.get(calleeOf(call))?.allocates ?? true;
    },
  };
}

function calleeOf(call: Exclude<Call, { to: 'runtime' }>): string {
  if (call.to === 'function') return call.key;
  return call.to === 'closure' ? CLOSURE : HOST;
}

/** What functions do by themselves, as long as they are the same. */
const known = new WeakMap<Func, Readonly<Node>>();

function nodeOf(func: Func): Readonly<Node> {
  const node = known.get(func) ?? nodeOfBody(func.body);
  known.set(func, node);
  return node;
}

function nodeOfBody(body: readonly Statement[]): Node {
  const node: Node = { callees: new Set(), allocates: false };
  const call = (c: Call): void => {
    if (c.to !== 'runtime') node.callees.add(calleeOf(c));
    // A circle through what the heap calls of the host is ended by the machine, which counts how calls nest.
    else node.allocates ||= RUNTIME[c.name].allocates;
  };
  visit(
    body,
    (s) => {
      if (s.kind === 'set-call' || s.kind === 'tail-call') call(s.call);
      // Opening an arena may need a block, and so may find the heap full.
      if (s.kind === 'arena') node.allocates = true;
    },
    (e) => {
      if (e.kind === 'call') call(e.call);
      if (e.kind === 'allocate') node.allocates = true;
    },
  );
  return node;
}

function spreadAllocation(nodes: ReadonlyMap<string, Node>): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of nodes.values()) {
      if (node.allocates) continue;
      for (const callee of node.callees) {
        if (nodes.get(callee)?.allocates) {
          node.allocates = true;
          changed = true;
          break;
        }
      }
    }
  }
}

/** The members of every strongly connected component with a cycle (Tarjan 1972, with an explicit stack). */
function findCycles(nodes: ReadonlyMap<string, Node>): Set<string> {
  const cyclic = new Set<string>();
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  for (const start of nodes.keys()) {
    if (index.has(start)) continue;
    const work: { key: string; callees: string[]; next: number }[] = [];
    const enter = (key: string): void => {
      index.set(key, index.size);
      low.set(key, index.get(key) as number);
      open.push(key);
      isOpen.add(key);
      work.push({ key, callees: [...(nodes.get(key)?.callees ?? [])], next: 0 });
    };
    const lower = (key: string, to: number): void => {
      low.set(key, Math.min(low.get(key) as number, to));
    };
    enter(start);
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const callee = top.callees[top.next++];
      if (callee !== undefined) {
        if (callee === top.key) cyclic.add(callee);
        if (!nodes.has(callee)) continue;
        if (!index.has(callee)) enter(callee);
        else if (isOpen.has(callee)) lower(top.key, index.get(callee) as number);
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent !== undefined) lower(parent.key, low.get(top.key) as number);
      if (low.get(top.key) !== index.get(top.key)) continue;
      const component = open.splice(open.lastIndexOf(top.key));
      for (const key of component) isOpen.delete(key);
      if (component.length > 1) for (const key of component) cyclic.add(key);
    }
  }
  return cyclic;
}
