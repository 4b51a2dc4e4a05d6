// Finds the loops of a control flow graph (Havlak, "Nesting of reducible and irreducible loops", TOPLAS 1997).
import { IdentityDictionary, IdentitySet, Vector } from './core.js';

class BasicBlock {
  constructor(name) {
    this.name = name;
    this.inEdges = new Vector(2);
    this.outEdges = new Vector(2);
  }

  hashCode() {
    return this.name;
  }
}

class ControlFlowGraph {
  constructor() {
    this.start = null;
    this.blocks = new Vector();
  }

  /** The block of this name, made where it is not there yet. */
  createNode(name) {
    const known = this.blocks.at(name);
    if (known !== null && known !== undefined) return known;
    const block = new BasicBlock(name);
    this.blocks.append(block);
    if (this.blocks.size() === 1) this.start = block;
    return block;
  }

  connect(from, to) {
    const source = this.createNode(from);
    const target = this.createNode(to);
    source.outEdges.append(target);
    target.inEdges.append(source);
  }

  size() {
    return this.blocks.size();
  }
}

class SimpleLoop {
  constructor(header, isReducible) {
    this.header = header;
    this.isReducible = isReducible;
    this.parent = null;
    this.isRoot = false;
    this.nestingLevel = 0;
    this.depthLevel = 0;
    this.counter = 0;
    this.blocks = new IdentitySet();
    this.children = new IdentitySet();
    if (header !== null) this.blocks.add(header);
  }

  setParent(parent) {
    this.parent = parent;
    parent.children.add(this);
  }

  setNestingLevel(level) {
    this.nestingLevel = level;
    if (level === 0) this.isRoot = true;
  }
}

/** All loops, in a tree by nesting. */
class LoopStructure {
  constructor() {
    this.loopCounter = 0;
    this.loops = new Vector();
    this.root = this.createLoop(null, true);
    this.root.setNestingLevel(0);
  }

  createLoop(header, isReducible) {
    const loop = new SimpleLoop(header, isReducible);
    loop.counter = this.loopCounter;
    this.loopCounter += 1;
    this.loops.append(loop);
    return loop;
  }

  calculateNesting() {
    this.loops.forEach((loop) => {
      if (!loop.isRoot && loop.parent === null) loop.setParent(this.root);
    });
    this.calculateNestingOf(this.root, 0);
  }

  calculateNestingOf(loop, depth) {
    loop.depthLevel = depth;
    loop.children.forEach((child) => {
      this.calculateNestingOf(child, depth + 1);
      loop.setNestingLevel(Math.max(loop.nestingLevel, 1 + child.nestingLevel));
    });
  }

  size() {
    return this.loops.size();
  }
}

class UnionFindNode {
  constructor() {
    this.parent = null;
    this.block = null;
    this.loop = null;
    this.dfsNumber = 0;
  }

  init(block, dfsNumber) {
    this.parent = this;
    this.block = block;
    this.dfsNumber = dfsNumber;
    this.loop = null;
  }

  /** The representative of this node's set; what lies on the way points at it from now on. */
  findSet() {
    const path = new Vector();
    let node = this;
    while (node !== node.parent) {
      if (node.parent !== node.parent.parent) path.append(node);
      node = node.parent;
    }
    path.forEach((it) => {
      it.union(node.parent);
    });
    return node.parent;
  }

  union(node) {
    this.parent = node;
  }
}

const NON_HEADER = 0;
const REDUCIBLE = 1;
const SELF = 2;
const IRREDUCIBLE = 3;
const DEAD = 4;

const UNVISITED = 2147483647;
const MOST_PREDECESSORS = 32 * 1024;

class LoopFinder {
  constructor(graph, structure) {
    this.graph = graph;
    this.structure = structure;
    const size = graph.size();
    this.nonBackPredecessors = new Array(size);
    this.backPredecessors = new Array(size);
    this.nodes = new Array(size);
    this.numbers = new IdentityDictionary();
    this.header = new Array(size).fill(0);
    this.kind = new Array(size).fill(NON_HEADER);
    this.last = new Array(size).fill(0);
  }

  findLoops() {
    if (this.graph.start === null) return;
    const size = this.graph.size();
    for (let i = 0; i < size; i++) {
      this.nonBackPredecessors[i] = new IdentitySet();
      this.backPredecessors[i] = new Vector();
      this.nodes[i] = new UnionFindNode();
    }
    this.graph.blocks.forEach((block) => {
      this.numbers.atPut(block, UNVISITED);
    });
    this.search(this.graph.start, 0);
    this.identifyEdges(size);
    this.header[0] = 0;
    // From the innermost headers outwards: a header's number is less than those of what its loop contains.
    for (let w = size - 1; w >= 0; w--) if (!this.chainBody(w)) return;
  }

  /** Numbers the blocks depth first; returns the last number given. */
  search(block, number) {
    this.nodes[number].init(block, number);
    this.numbers.atPut(block, number);
    let last = number;
    const targets = block.outEdges;
    for (let i = 0; i < targets.size(); i++) {
      const target = targets.at(i);
      if (this.numbers.at(target) === UNVISITED) last = this.search(target, last + 1);
    }
    this.last[number] = last;
    return last;
  }

  isAncestor(w, v) {
    return w <= v && v <= this.last[w];
  }

  identifyEdges(size) {
    for (let w = 0; w < size; w++) {
      this.header[w] = 0;
      const { block } = this.nodes[w];
      if (block === null) {
        this.kind[w] = DEAD;
      } else {
        this.kind[w] = NON_HEADER;
        block.inEdges.forEach((source) => {
          const v = this.numbers.at(source);
          if (v === UNVISITED) return;
          if (this.isAncestor(w, v)) this.backPredecessors[w].append(v);
          else this.nonBackPredecessors[w].add(v);
        });
      }
    }
  }

  /** Finds the loop whose header is w, if there is one. False where there are too many edges. */
  chainBody(w) {
    const node = this.nodes[w];
    if (node.block === null) return true;
    const pool = new Vector();
    this.backPredecessors[w].forEach((v) => {
      if (v === w) this.kind[w] = SELF;
      else pool.append(this.nodes[v].findSet());
    });
    const todo = new Vector();
    pool.forEach((it) => {
      todo.append(it);
    });
    if (pool.size() > 0) this.kind[w] = REDUCIBLE;
    while (!todo.isEmpty()) {
      const x = todo.removeFirst();
      const predecessors = this.nonBackPredecessors[x.dfsNumber];
      if (predecessors.size() > MOST_PREDECESSORS) return false;
      this.followPredecessors(w, pool, todo, predecessors);
    }
    if (pool.size() > 0 || this.kind[w] === SELF) {
      const loop = this.structure.createLoop(node.block, this.kind[w] !== IRREDUCIBLE);
      this.setAttributes(w, pool, loop);
    }
    return true;
  }

  followPredecessors(w, pool, todo, predecessors) {
    predecessors.forEach((v) => {
      const y = this.nodes[v].findSet();
      if (!this.isAncestor(w, y.dfsNumber)) {
        this.kind[w] = IRREDUCIBLE;
        this.nonBackPredecessors[w].add(y.dfsNumber);
      } else if (y.dfsNumber !== w && !pool.hasSome((it) => it === y)) {
        todo.append(y);
        pool.append(y);
      }
    });
  }

  setAttributes(w, pool, loop) {
    this.nodes[w].loop = loop;
    pool.forEach((node) => {
      this.header[node.dfsNumber] = w;
      node.union(this.nodes[w]);
      if (node.loop !== null) node.loop.setParent(loop);
      else loop.blocks.add(node.block);
    });
  }
}

function findLoops(graph, structure) {
  new LoopFinder(graph, structure).findLoops();
}

function diamond(graph, start) {
  graph.connect(start, start + 1);
  graph.connect(start, start + 2);
  graph.connect(start + 1, start + 3);
  graph.connect(start + 2, start + 3);
  return start + 3;
}

function straight(graph, start, count) {
  for (let i = 0; i < count; i++) graph.connect(start + i, start + i + 1);
  return start + count;
}

function baseLoop(graph, from) {
  const header = straight(graph, from, 1);
  const first = diamond(graph, header);
  const between = straight(graph, first, 1);
  const second = diamond(graph, between);
  const footer = straight(graph, second, 1);
  graph.connect(second, between);
  graph.connect(first, header);
  graph.connect(footer, from);
  return straight(graph, footer, 1);
}

function simpleGraph() {
  const graph = new ControlFlowGraph();
  graph.createNode(0);
  baseLoop(graph, 0);
  graph.createNode(1);
  graph.connect(0, 2);
  return graph;
}

/** Loops in loops, in loops that stand side by side. */
function extend(graph, outermost, outer, inner) {
  let n = 2;
  for (let i = 0; i < outermost; i++) {
    graph.createNode(n + 1);
    graph.connect(2, n + 1);
    n += 1;
    for (let j = 0; j < outer; j++) {
      const top = n;
      n = straight(graph, n, 1);
      for (let k = 0; k < inner; k++) n = baseLoop(graph, n);
      const bottom = straight(graph, n, 1);
      graph.connect(n, top);
      n = bottom;
    }
    graph.connect(n, 1);
  }
}

/** The loops found, times 100,000, and the blocks, after so many rounds over a small graph and fifty over a large one. */
export function run(rounds) {
  const graph = simpleGraph();
  const structure = new LoopStructure();
  for (let i = 0; i < rounds; i++) findLoops(graph, structure);
  extend(graph, 10, 10, 5);
  findLoops(graph, structure);
  for (let i = 0; i < 50; i++) findLoops(graph, new LoopStructure());
  structure.calculateNesting();
  return 100_000 * structure.size() + graph.size();
}
