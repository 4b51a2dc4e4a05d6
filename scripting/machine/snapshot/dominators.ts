/**
 * Who alone keeps what alive. Object a **dominates** b where every way from the roots to b leads through a: were a gone, b would be. The nearest such
 * object is b's immediate dominator, and all that an object dominates, itself included, is what it _keeps_.
 *
 *     roots ──▶ a ──▶ b ──▶ d           b and c are dominated by a; d by a too, as there are two ways to it, and only a is on both.
 *               └───▶ c ──▶ d           a keeps all four, b and c themselves alone
 *
 * Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001): in reverse postorder each object's dominator is what the
 * chains of dominators of those who hold it meet at, again until nothing changes.
 */

/** Who holds whom, by numbers: `to[i]` of the `i` from `first[n]` on and before `first[n + 1]` are held by `n`. */
export interface Graph {
  readonly first: Uint32Array;
  readonly to: Uint32Array;
}

/** Steps between two readings of the clock. */
const PORTION = 2048;

/** Of edges in any order. Nodes from 0 to `count - 1`. */
export function* graphOf(count: number, from: Uint32Array, to: Uint32Array): Generator<void, Graph> {
  const first = new Uint32Array(count + 1);
  for (let i = 0; i < from.length; i += 1) {
    first[(from[i] as number) + 1] = (first[(from[i] as number) + 1] as number) + 1;
    if (i % PORTION === 0) yield;
  }
  for (let n = 0; n < count; n += 1) {
    first[n + 1] = (first[n + 1] as number) + (first[n] as number);
    if (n % PORTION === 0) yield;
  }
  const place = first.slice();
  yield;
  const sorted = new Uint32Array(to.length);
  for (let i = 0; i < from.length; i += 1) {
    const at = place[from[i] as number] as number;
    sorted[at] = to[i] as number;
    place[from[i] as number] = at + 1;
    if (i % PORTION === 0) yield;
  }
  return { first, to: sorted };
}

export interface Dominators {
  /** The immediate dominator of each node; the root's is itself. */
  readonly of: Uint32Array;
  /** All nodes such that each comes before its dominator. */
  readonly order: Uint32Array;
}

/** Of a graph all of whose nodes are reached from `root`; `backward` is who is held by whom. */
export function* dominators(forward: Graph, backward: Graph, root: number): Generator<void, Dominators> {
  const count = forward.first.length - 1;
  const order = yield* postorder(forward, root);
  const numbers = new Uint32Array(count);
  for (const [number, node] of order.entries()) {
    numbers[node] = number;
    if (number % PORTION === 0) yield;
  }
  const of = new Uint32Array(count).fill(UNKNOWN);
  of[root] = root;
  const meet = (a: number, b: number): number => {
    let [x, y] = [a, b];
    while (x !== y) {
      while ((numbers[x] as number) < (numbers[y] as number)) x = of[x] as number;
      while ((numbers[y] as number) < (numbers[x] as number)) y = of[y] as number;
    }
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = order.length - 2; i >= 0; i -= 1) {
      const node = order[i] as number;
      let found = UNKNOWN;
      for (let e = backward.first[node] as number; e < (backward.first[node + 1] as number); e += 1) {
        const holder = backward.to[e] as number;
        if (of[holder] === UNKNOWN) continue;
        found = found === UNKNOWN ? holder : meet(found, holder);
      }
      if (of[node] !== found) {
        of[node] = found;
        changed = true;
      }
      if (i % PORTION === 0) yield;
    }
  }
  return { of, order };
}

const UNKNOWN = 0xffffffff;

function* postorder({ first, to }: Graph, root: number): Generator<void, Uint32Array> {
  const count = first.length - 1;
  const next = first.slice(0, count);
  const seen = new Uint8Array(count);
  const stack = [root];
  const order = new Uint32Array(count);
  let done = 0;
  seen[root] = 1;
  for (let steps = 1; stack.length > 0; steps += 1) {
    if (steps % PORTION === 0) yield;
    const node = stack[stack.length - 1] as number;
    const at = next[node] as number;
    if (at === first[node + 1]) {
      stack.pop();
      order[done] = node;
      done += 1;
      continue;
    }
    next[node] = at + 1;
    const held = to[at] as number;
    if (seen[held] === 1) continue;
    seen[held] = 1;
    stack.push(held);
  }
  return order.subarray(0, done);
}
