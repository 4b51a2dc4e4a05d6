/**
 * What each function may do, found over the whole call graph: reach an allocation (then its callers keep addresses on
 * the shadow stack) or call itself again (then it counts its depth and burns fuel).
 *
 * A call of a closure may reach every function in the table; a call of the host may reach every exported one.
 */
import { type Call, type Program, RUNTIME, type Statement } from '../lower/index.ts';
import { visit } from './walk.ts';

export interface Effects {
  allocates(call: Call): boolean;
  /** Keys of the functions that can be on the stack more than once. */
  readonly recursive: ReadonlySet<string>;
}

interface Node {
  readonly callees: Set<string>;
  allocates: boolean;
}

/** Stands for whatever a closure's code or the host may call. */
const ANY = '\0any';

export function findEffects(program: Program): Effects {
  const nodes = new Map<string, Node>();
  for (const [key, f] of program.functions) nodes.set(key, nodeOf(f.body));
  const outside = [...program.table, ...program.exports.map((e) => e.key)];
  nodes.set(ANY, { callees: new Set(outside), allocates: false });
  spreadAllocation(nodes);
  return {
    recursive: findCycles(nodes),
    allocates(call) {
      switch (call.to) {
        case 'function':
          return nodes.get(call.key)?.allocates ?? true;
        case 'runtime':
          return RUNTIME[call.name]?.allocates ?? true;
        default:
          return nodes.get(ANY)?.allocates ?? true;
      }
    },
  };
}

function nodeOf(body: readonly Statement[]): Node {
  const node: Node = { callees: new Set(), allocates: false };
  const call = (c: Call): void => {
    if (c.to === 'function') node.callees.add(c.key);
    else if (c.to === 'runtime') node.allocates ||= RUNTIME[c.name]?.allocates ?? true;
    else node.callees.add(ANY);
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
