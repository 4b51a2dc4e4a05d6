// A tree of arrays, which are garbage at once.
import { Random } from './core.js';

class Storage {
  constructor() {
    this.count = 0;
    this.random = new Random();
  }

  buildTree(depth) {
    this.count += 1;
    if (depth === 1) return new Array((this.random.next() % 10) + 1);
    const children = new Array(4);
    for (let i = 0; i < 4; i++) children[i] = this.buildTree(depth - 1);
    return children;
  }
}

export function run(times) {
  let sum = 0;
  for (let i = 0; i < times; i++) {
    const storage = new Storage();
    storage.buildTree(7);
    sum += storage.count;
  }
  return sum;
}
