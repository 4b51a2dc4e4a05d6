// Programs that do little else than allocate and follow references, without frames: binary trees, GCBench, splay.

// ---------------------------------------------------------------------------------------------- binary trees

class Fork {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}

function grow(depth) {
  return depth === 0 ? new Fork(null, null) : new Fork(grow(depth - 1), grow(depth - 1));
}

function nodes(tree) {
  return tree === null ? 0 : 1 + nodes(tree.left) + nodes(tree.right);
}

export function binaryTrees(depth) {
  const longLived = grow(depth);
  let counted = nodes(grow(depth + 1));
  for (let d = 4; d <= depth; d += 2) {
    const rounds = 1 << (depth - d + 4);
    for (let i = 0; i < rounds; i++) counted += nodes(grow(d));
  }
  return counted + nodes(longLived);
}

// ---------------------------------------------------------------------------------------------- GCBench

class Node {
  constructor(left, right) {
    this.left = left;
    this.right = right;
    this.i = 0;
    this.j = 0;
  }
}

function bottomUp(depth) {
  return depth <= 0 ? new Node(null, null) : new Node(bottomUp(depth - 1), bottomUp(depth - 1));
}

function populate(depth, node) {
  if (depth <= 0) return;
  node.left = new Node(null, null);
  node.right = new Node(null, null);
  populate(depth - 1, node.left);
  populate(depth - 1, node.right);
}

function countNodes(node) {
  return node === null ? 0 : 1 + countNodes(node.left) + countNodes(node.right);
}

const treeSize = (depth) => 2 ** (depth + 1) - 1;

export function gcbench(deepest, arraySize) {
  const longLived = new Node(null, null);
  populate(deepest, longLived);
  const array = [];
  for (let i = 0; i < arraySize; i++) array.push(1 / (1 + i));
  let built = 0;
  for (let depth = 4; depth <= deepest; depth += 2) {
    const rounds = Math.floor((2 * treeSize(deepest)) / treeSize(depth));
    for (let i = 0; i < rounds; i++) {
      const root = new Node(null, null);
      populate(depth, root);
      built += countNodes(root);
    }
    for (let i = 0; i < rounds; i++) built += countNodes(bottomUp(depth));
  }
  return built + countNodes(longLived) + array.length;
}

// ---------------------------------------------------------------------------------------------- splay

// A splay tree (Sleator and Tarjan, JACM 1985) whose nodes carry payloads; each change puts a node in and takes one out.
class Leaves {
  constructor(numbers, tag) {
    this.numbers = numbers;
    this.tag = tag;
  }
}

class Branch {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}

class SplayNode {
  constructor(key, payload) {
    this.key = key;
    this.left = null;
    this.right = null;
    this.payload = payload;
  }
}

function payload(depth, tag) {
  return depth === 0
    ? new Leaves([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], tag)
    : new Branch(payload(depth - 1, tag), payload(depth - 1, tag));
}

// Top-down splaying: the node of this key, or the last one met on the way to it, becomes the root.
function splay(root, key) {
  const side = new SplayNode(0, null);
  let left = side;
  let right = side;
  let here = root;
  while (key !== here.key) {
    if (key < here.key) {
      if (here.left === null) break;
      if (key < here.left.key) {
        const child = here.left;
        here.left = child.right;
        child.right = here;
        here = child;
        if (here.left === null) break;
      }
      right.left = here;
      right = here;
      here = here.left;
    } else {
      if (here.right === null) break;
      if (key > here.right.key) {
        const child = here.right;
        here.right = child.left;
        child.left = here;
        here = child;
        if (here.right === null) break;
      }
      left.right = here;
      left = here;
      here = here.right;
    }
  }
  left.right = here.left;
  right.left = here.right;
  here.left = side.right;
  here.right = side.left;
  return here;
}

class SplayTree {
  root = null;
  seed = 42;

  // The low 31 bits of a product of two integers below 2^31, exactly.
  nextKey() {
    this.seed = (Math.imul(this.seed, 1103515245) + 12345) & 2147483647;
    return this.seed;
  }

  // False where the key is there already.
  insert(key) {
    if (this.root === null) {
      this.root = new SplayNode(key, payload(5, key));
      return true;
    }
    const root = splay(this.root, key);
    this.root = root;
    if (root.key === key) return false;
    const node = new SplayNode(key, payload(5, key));
    if (key > root.key) {
      node.left = root;
      node.right = root.right;
      root.right = null;
    } else {
      node.right = root;
      node.left = root.left;
      root.left = null;
    }
    this.root = node;
    return true;
  }

  insertNew() {
    let key = this.nextKey();
    while (!this.insert(key)) key = this.nextKey();
    return key;
  }

  // Takes the node with the nearest smaller key out, or the least.
  removeBefore(key) {
    if (this.root === null) return;
    const root = splay(this.root, key - 1);
    if (root.left === null) {
      this.root = root.right;
      return;
    }
    const joined = splay(root.left, root.key);
    joined.right = root.right;
    this.root = joined;
  }
}

export function splayTree(size, changes) {
  const tree = new SplayTree();
  for (let i = 0; i < size; i++) tree.insertNew();
  let sum = 0;
  for (let i = 0; i < changes; i++) {
    tree.removeBefore(tree.insertNew());
    if (tree.root !== null) sum = (sum + tree.root.key) & 1073741823;
  }
  return sum;
}
