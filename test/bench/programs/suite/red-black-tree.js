// A red-black tree (Cormen, Leiserson, Rivest and Stein, "Introduction to Algorithms"): a map in the order of its keys, for CD.

const RED = 0;
const BLACK = 1;

class Node {
  constructor(key, value) {
    this.key = key;
    this.value = value;
    this.left = null;
    this.right = null;
    this.parent = null;
    this.color = RED;
  }

  successor() {
    if (this.right !== null) return minimum(this.right);
    let node = this;
    let { parent } = node;
    while (parent !== null && node === parent.right) {
      node = parent;
      parent = parent.parent;
    }
    return parent;
  }
}

function minimum(tree) {
  let node = tree;
  while (node.left !== null) node = node.left;
  return node;
}

export class RedBlackTree {
  constructor() {
    this.root = null;
  }

  /** Returns what the key had before, or null. */
  put(key, value) {
    let parent = null;
    let here = this.root;
    let order = 0;
    while (here !== null) {
      parent = here;
      order = key.compareTo(here.key);
      if (order === 0) {
        const old = here.value;
        here.value = value;
        return old;
      }
      here = order < 0 ? here.left : here.right;
    }
    const node = new Node(key, value);
    node.parent = parent;
    if (parent === null) this.root = node;
    else if (order < 0) parent.left = node;
    else parent.right = node;
    this.mendInsertion(node);
    return null;
  }

  mendInsertion(inserted) {
    let x = inserted;
    while (x !== this.root && x.parent.color === RED) {
      const grandparent = x.parent.parent;
      if (x.parent === grandparent.left) {
        const uncle = grandparent.right;
        if (uncle !== null && uncle.color === RED) {
          x.parent.color = BLACK;
          uncle.color = BLACK;
          grandparent.color = RED;
          x = grandparent;
        } else {
          if (x === x.parent.right) {
            x = x.parent;
            this.rotateLeft(x);
          }
          x.parent.color = BLACK;
          x.parent.parent.color = RED;
          this.rotateRight(x.parent.parent);
        }
      } else {
        const uncle = grandparent.left;
        if (uncle !== null && uncle.color === RED) {
          x.parent.color = BLACK;
          uncle.color = BLACK;
          grandparent.color = RED;
          x = grandparent;
        } else {
          if (x === x.parent.left) {
            x = x.parent;
            this.rotateRight(x);
          }
          x.parent.color = BLACK;
          x.parent.parent.color = RED;
          this.rotateLeft(x.parent.parent);
        }
      }
    }
    this.root.color = BLACK;
  }

  get(key) {
    const node = this.find(key);
    return node === null ? null : node.value;
  }

  find(key) {
    let here = this.root;
    while (here !== null) {
      const order = key.compareTo(here.key);
      if (order === 0) return here;
      here = order < 0 ? here.left : here.right;
    }
    return null;
  }

  /** Returns what the key had, or null. */
  remove(key) {
    const z = this.find(key);
    if (z === null) return null;
    const y = z.left === null || z.right === null ? z : z.successor();
    const x = y.left !== null ? y.left : y.right;
    const parent = y.parent;
    if (x !== null) x.parent = parent;
    if (parent === null) this.root = x;
    else if (y === parent.left) parent.left = x;
    else parent.right = x;
    const { value } = z;
    if (y !== z) {
      z.key = y.key;
      z.value = y.value;
    }
    if (y.color === BLACK) this.mendRemoval(x, parent);
    return value;
  }

  mendRemoval(removed, parentOfRemoved) {
    let x = removed;
    let parent = parentOfRemoved;
    while (x !== this.root && (x === null || x.color === BLACK)) {
      if (x === parent.left) {
        let sibling = parent.right;
        if (sibling.color === RED) {
          sibling.color = BLACK;
          parent.color = RED;
          this.rotateLeft(parent);
          sibling = parent.right;
        }
        if (isBlack(sibling.left) && isBlack(sibling.right)) {
          sibling.color = RED;
          x = parent;
          parent = x.parent;
        } else {
          if (isBlack(sibling.right)) {
            sibling.left.color = BLACK;
            sibling.color = RED;
            this.rotateRight(sibling);
            sibling = parent.right;
          }
          sibling.color = parent.color;
          parent.color = BLACK;
          if (sibling.right !== null) sibling.right.color = BLACK;
          this.rotateLeft(parent);
          x = this.root;
        }
      } else {
        let sibling = parent.left;
        if (sibling.color === RED) {
          sibling.color = BLACK;
          parent.color = RED;
          this.rotateRight(parent);
          sibling = parent.left;
        }
        if (isBlack(sibling.left) && isBlack(sibling.right)) {
          sibling.color = RED;
          x = parent;
          parent = x.parent;
        } else {
          if (isBlack(sibling.left)) {
            sibling.right.color = BLACK;
            sibling.color = RED;
            this.rotateLeft(sibling);
            sibling = parent.left;
          }
          sibling.color = parent.color;
          parent.color = BLACK;
          if (sibling.left !== null) sibling.left.color = BLACK;
          this.rotateRight(parent);
          x = this.root;
        }
      }
    }
    if (x !== null) x.color = BLACK;
  }

  forEach(visit) {
    if (this.root === null) return;
    let node = minimum(this.root);
    while (node !== null) {
      visit(node);
      node = node.successor();
    }
  }

  rotateLeft(x) {
    const y = x.right;
    x.right = y.left;
    if (y.left !== null) y.left.parent = x;
    this.putInPlaceOf(x, y);
    y.left = x;
    x.parent = y;
  }

  rotateRight(y) {
    const x = y.left;
    y.left = x.right;
    if (x.right !== null) x.right.parent = y;
    this.putInPlaceOf(y, x);
    x.right = y;
    y.parent = x;
  }

  putInPlaceOf(old, node) {
    node.parent = old.parent;
    if (old.parent === null) this.root = node;
    else if (old === old.parent.left) old.parent.left = node;
    else old.parent.right = node;
  }
}

function isBlack(node) {
  return node === null || node.color === BLACK;
}
